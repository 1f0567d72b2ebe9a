"""Who takes part, and what they share: the incidence of people on things, with the mentions that say so."""

from __future__ import annotations

import ibis

from joinedup.registry.hubs import Hubs

PEOPLE_SHARE = ("phone", "vehicle", "account")
"""Identifiers that make ties as they stand; homes and places are made from addresses and events."""


_BASES = ("fact", "allegation", "assessment")


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


def incidences(said: ibis.Table, involvements: ibis.Table, events: ibis.Table, mentions: ibis.Table) -> ibis.Table:
    """The table `incidences`: every thing a source record ties to a person, with its date, its basis and where it stands.

    `said` has person_id, kind, value, mention_id, probability and use. A place or a record that names people has the
    date and basis of the events there; a home, phone, vehicle or account those of the whole source record.
    """
    parts = involvements.filter(involvements.role.isin(["child", "suspect"])).join(events, "event_id")
    parts = parts.mutate(record=parts.agency + " " + parts.form + " " + parts.case_ref)
    whole = _when_and_how(parts, "mention_id")
    at = _when_and_how(parts, "mention_id", "place").select(
        "mention_id", "day", "basis", kind=ibis.literal("place"), value="place"
    )
    named = _when_and_how(parts, "mention_id", "record").select(
        "mention_id", "day", "basis", kind=ibis.literal("record"), value="record"
    )
    exact = at.union(named).select("mention_id", "kind", "value", at_day="day", at_basis="basis")
    joined = said.left_join(exact, ["mention_id", "kind", "value"], rname="{name}_at")
    joined = joined.left_join(whole, "mention_id", rname="{name}_whole").drop(
        "mention_id_at", "kind_at", "value_at", "mention_id_whole"
    )
    where = mentions.select("mention_id", "agency", "form", "file", "sheet", "row", "first_date")
    joined = joined.join(where, "mention_id")
    return joined.select(
        "person_id", "kind", "value", "mention_id", "use",
        "probability", "agency", "form", "file", "sheet", "row",
        date=ibis.coalesce(joined.at_day, joined.day, joined.first_date),
        basis=ibis.coalesce(joined.at_basis, joined.basis),
    )  # fmt: skip


def _when_and_how(parts: ibis.Table, *by: str) -> ibis.Table:
    """Of each of `by` the earliest day, and every basis there is, in words."""
    parts = parts.filter([parts[name].notnull() for name in by])
    found = parts.group_by(list(by)).aggregate(
        day=parts.start.date().min(), **{basis: (parts.basis == basis).fill_null(False).any() for basis in _BASES}
    )
    words = ibis.literal("")
    for basis in _BASES:
        words = words + ibis.ifelse(found[basis], ibis.literal(f", {basis}"), ibis.literal(""))
    return found.select(*by, "day", basis=words.substr(2).nullif(""))
