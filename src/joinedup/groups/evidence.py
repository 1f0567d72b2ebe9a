"""Who takes part, and what they share: the incidence of people on things, with the mentions that say so."""

from __future__ import annotations

import ibis

from joinedup.registry.hubs import Hubs

PEOPLE_SHARE = ("phone", "vehicle", "account")
"""Identifiers that make ties as they stand; homes and places are made from addresses and events."""


def taking_part(people: ibis.Table, involvements: ibis.Table, events: ibis.Table, hubs: Hubs) -> ibis.Table:
    """person_id, is_child, is_suspect of those whose records bring them into the evidence.

    A child or suspect comes in by an event of a registered type or by an involvement that carries a status of
    exploitation. A school roll or a placement alone brings nobody in. The roles are those of such involvements.
    """
    kinds = events.select("event_id", "type")
    parts = involvements.filter(involvements.role.isin(["child", "suspect"])).join(kinds, "event_id")
    parts = parts.filter((parts.status.fill_null("") != "") | parts.type.isin(hubs.takes_part))
    roles = parts.join(people.select("mention_id", "person_id"), "mention_id").select("person_id", "role").distinct()
    return roles.group_by("person_id").aggregate(
        is_child=(roles.role == "child").any(), is_suspect=(roles.role == "suspect").any()
    )


def shared_things(
    members: ibis.Table, people: ibis.Table, identifiers: ibis.Table, mentions: ibis.Table, seen: ibis.Table
) -> ibis.Table:
    """person_id, kind, value, mention_id of every phone, vehicle, account, address, place and record of the `members`.

    `seen` is what `recorded` gives. A home is an address with the outward half of its postcode, so that one home is one
    thing however much of its postcode a record holds.
    """
    who = people.semi_join(members, "person_id").select("mention_id", "person_id")
    carried = identifiers.filter(identifiers.kind.isin(PEOPLE_SHARE) & identifiers.valid).select(
        "mention_id", "kind", "value"
    )
    lived = mentions.filter(mentions.address_fold.fill_null("") != "")
    homes = lived.select(
        "mention_id",
        kind=ibis.literal("address"),
        value=lived.address_fold + ibis.ifelse(lived.outcode.isnull(), ibis.literal(""), ", " + lived.outcode),
    )
    placed = seen.select("mention_id", kind=ibis.literal("place"), value=seen.place)
    named = seen.select("mention_id", kind=ibis.literal("record"), value=seen.record)
    things = ibis.union(carried, homes, placed, named)
    things = things.filter(things.value.fill_null("") != "")
    return things.join(who, "mention_id").select("person_id", "kind", "value", "mention_id").distinct()


def recorded(involvements: ibis.Table, events: ibis.Table, hubs: Hubs) -> ibis.Table:
    """mention_id, record and place of children and suspects in events: where they were, and in which record.

    The place is empty where an event's place does not say where a person was; the record where it names people one by one.
    """
    chosen = events.filter(events.type.isin([*hubs.places_of, *hubs.records_of]))
    name = chosen.agency + " " + chosen.form + " " + chosen.case_ref
    named = chosen.select(
        "event_id",
        record=ibis.ifelse(chosen.type.isin(hubs.records_of), name, ibis.null("string")),
        place=ibis.ifelse(chosen.type.isin(hubs.places_of), chosen.place, ibis.null("string")),
    )
    parts = involvements.filter(involvements.role.isin(["child", "suspect"])).select("mention_id", "event_id")
    return parts.join(named, "event_id").select("mention_id", "record", "place").distinct()


def placed_records(members: ibis.Table, people: ibis.Table, seen: ibis.Table) -> ibis.Table:
    """person_id, mention_id, record and place of the `members` in records that hold a place."""
    who = people.semi_join(members, "person_id").select("mention_id", "person_id")
    whole = seen.filter((seen.record.fill_null("") != "") & (seen.place.fill_null("") != ""))
    return whole.join(who, "mention_id").select("person_id", "mention_id", "record", "place").distinct()


def households(members: ibis.Table, people: ibis.Table, mentions: ibis.Table) -> ibis.Table:
    """person_id and household of the `members`: every full postcode and every address they are recorded at.

    Wider than the homes that make ties, because this table takes ties away: a record that holds only the postcode still
    shows two people as neighbours at the least.
    """
    who = people.semi_join(members, "person_id").select("mention_id", "person_id")
    at = mentions.select("mention_id", "postcode", "address_fold", "outcode").join(who, "mention_id")
    by_postcode = at.select("person_id", household=at.postcode)
    by_address = at.select(
        "person_id",
        household=at.address_fold + ibis.ifelse(at.outcode.isnull(), ibis.literal(""), ", " + at.outcode),
    )
    both = by_postcode.union(by_address)
    return both.filter(both.household.fill_null("") != "").distinct()
