"""What children and suspects are recorded with: phones, vehicles, accounts, addresses and places, hubs left out."""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from joinedup.registry.hubs import Hubs

FULL_DATES = ("minute", "day")
"""Precisions that name the day; a month or a year cannot be held against a window of days."""

_CARRIED = ("phone", "vehicle", "account", "address")
WHERE = "where"
"""A place and an address are one sort of thing: a place can be somebody's address."""

_CARRIED_COLUMNS = ("person_id", "role", "kind", "value", "event_id", "agency", "form", "case_ref", "day")


def things_of(tables: Mapping[str, ibis.Table], registered: Hubs) -> ibis.Table:
    """Every use of a thing that at least one suspect is recorded with and that is no hub, one row a record.

    Columns: person_id, role (child or suspect), kind, sort (the kind, or WHERE), value, event_id, agency, form, case_ref,
    day (empty unless the record names it), type. A thing of a mention stands with the mention's first event. More people
    than the registry's cap, a place that people are brought to, and what the run's table `hubs` has set aside, tie nobody.
    """
    parts = parts_of(tables)
    used = carried(tables, parts).union(placed(parts, registered))
    used = used.mutate(sort=ibis.ifelse(used.kind.isin(["place", "address"]), WHERE, used.kind))
    thing = ["sort", "value"]
    of_suspects = used.filter(used.role == "suspect").select(*thing).distinct()
    used = used.semi_join(of_suspects, thing)
    caps = {str(kind): cap.cap for kind, cap in registered.caps.items()} | {WHERE: registered.caps["place"].cap}
    users = used.group_by(thing).aggregate(people=used.person_id.nunique())
    cap = ibis.cases(*((users["sort"] == kind, number) for kind, number in caps.items()), else_=0)
    hubs = tables["hubs"]
    hubs = hubs.mutate(sort=ibis.ifelse(hubs.kind.isin(["place", "address"]), WHERE, hubs.kind))
    back = hubs.filter(hubs.state == "brought_back").select(*thing).distinct().mutate(back=True)
    aside = hubs.filter(hubs.state == "set_aside").select(*thing).distinct()
    users = users.mutate(within=users.people <= cap).left_join(back, thing).drop("sort_right", "value_right")
    natural = ibis.or_(*(users.value.contains(place.words) for place in registered.places_by_nature))
    kept = users.filter((users.within & ~((users["sort"] == WHERE) & natural)) | users.back.fill_null(False))
    return used.semi_join(kept.anti_join(aside, thing), thing)


def parts_of(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """The part of every child and suspect in every event, with the person and the event."""
    people, events = tables["people"], tables["events"]
    involvements = tables["involvements"].select("mention_id", "event_id", "role", "status")
    who = people.select("mention_id", "person_id", is_child=people.kind == "child")
    parts = involvements.filter(involvements.role.isin(["child", "suspect"])).join(who, "mention_id")
    parts = parts.filter((parts.role == "suspect") | parts.is_child)
    what = events.select(
        "event_id", "type", "agency", "form", "case_ref", "place",
        day=ibis.ifelse(events.start_precision.isin(FULL_DATES), events.start.date(), ibis.null("date")),
    )  # fmt: skip
    return parts.join(what, "event_id")


def carried(tables: Mapping[str, ibis.Table], parts: ibis.Table) -> ibis.Table:
    """What mentions carry, each with the first event of the mention in the role."""
    identifiers = tables["identifiers"]
    # A vehicle of another country, or a private mark, has no pattern to pass and is a vehicle all the same.
    mine = identifiers.filter(
        identifiers.kind.isin(_CARRIED) & (identifiers.valid.fill_null(False) | (identifiers.kind == "vehicle"))
    )
    mine = mine.filter(mine.value.fill_null("") != "").select("mention_id", "kind", "value").distinct()
    bearing = parts.semi_join(mine, "mention_id")
    first = ibis.row_number().over(
        group_by=[bearing.mention_id, bearing.role], order_by=[bearing.day.asc(nulls_first=False), bearing.event_id]
    )
    bearing = bearing.mutate(nth=first).filter(ibis._.nth == 0)
    return bearing.join(mine, "mention_id").select(*_CARRIED_COLUMNS, "type")


def placed(parts: ibis.Table, registered: Hubs) -> ibis.Table:
    """Where children and suspects were, by events whose place says where a person was."""
    there = parts.filter(parts.type.isin(registered.places_of) & (parts.place.fill_null("") != ""))
    return there.mutate(kind=ibis.literal("place"), value=there.place).select(*_CARRIED_COLUMNS, "type")


def carried_by_children(tables: Mapping[str, ibis.Table], registered: Hubs) -> ibis.Table:
    """person_id, kind and type of event of everything any child is recorded with, hubs and all."""
    parts = parts_of(tables)
    parts = parts.filter(parts.role == "child")
    identifiers = tables["identifiers"]
    mine = identifiers.filter(identifiers.kind.isin(_CARRIED)).select("mention_id", "kind").distinct()
    by_mention = parts.join(mine, "mention_id").select("person_id", "kind", "type")
    there = placed(parts, registered).select("person_id", "kind", "type")
    return by_mention.union(there, distinct=True)


def homes_of(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """person_id and home of everybody whose record holds an address: the address with the outward half of its postcode."""
    identifiers = tables["identifiers"]
    address = identifiers.filter((identifiers.kind == "address") & (identifiers.value.fill_null("") != ""))
    postcode = identifiers.filter(identifiers.kind == "postcode").select("mention_id", postcode="value")
    both = address.select("mention_id", address="value").left_join(postcode, "mention_id").drop("mention_id_right")
    home = both.address + ", " + both.postcode.fill_null("").split(" ")[0]
    who = tables["people"].select("mention_id", "person_id")
    return both.mutate(home=home).join(who, "mention_id").select("person_id", "home").distinct()


def statuses_of(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """person_id, status, event_id, agency and day of every record that gives a child a status of exploitation."""
    parts = parts_of(tables)
    told = parts.filter((parts.role == "child") & parts.status.isin(["known", "suspected", "at_risk"]))
    return told.select("person_id", "status", "event_id", "agency", "day").distinct()
