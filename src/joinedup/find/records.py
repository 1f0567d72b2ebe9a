"""What a rule sees: the dated facts of each child's joined records, and which of them tell of one happening twice."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import ibis

from joinedup.find.things import FULL_DATES, carried_by_children, homes_of, statuses_of, things_of
from joinedup.registry.hubs import hubs
from joinedup.registry.rule_tests import Matching


@dataclass(frozen=True)
class Records:
    """What the rules see. Each table is worked out at most once, when a rule first asks for it.

    `children`: person_id of every child; `events`: what child_events gives; the others are made of the run's tables.
    """

    children: ibis.Table
    events: ibis.Table
    tables: Mapping[str, ibis.Table]
    last: datetime.date

    @cached_property
    def things(self) -> ibis.Table:
        """What things.things_of gives: what children and suspects are recorded with, hubs left out."""
        return held(things_of(self.tables, hubs()))

    @cached_property
    def carried(self) -> ibis.Table:
        """person_id and kind of everything any child is recorded with, whoever else is."""
        return held(carried_by_children(self.tables, hubs()))

    @cached_property
    def homes(self) -> ibis.Table:
        """person_id and home, an address with the outward half of its postcode."""
        return held(homes_of(self.tables))

    @cached_property
    def standing(self) -> ibis.Table:
        """person_id, status, event_id, agency and day of every record that gives a child a status of exploitation."""
        return held(statuses_of(self.tables))


def held(table: ibis.Table) -> ibis.Table:
    """The table worked out once and held, where it is read again."""
    return ibis.memtable(table.to_pyarrow())


def records_of(tables: Mapping[str, ibis.Table], types: Sequence[str], last: datetime.date) -> Records:
    """What the rules see, from the run's tables; `types` are the types of event that some rule reads."""
    people, events = tables["people"], tables["events"]
    wanted = events.filter(events.type.isin(list(types))) if types else events.limit(0)
    mine = child_events(people, tables["involvements"], wanted)
    return Records(held(children(people)), held(mine), tables, last)


def children(people: ibis.Table) -> ibis.Table:
    """The children, one row each: person_id."""
    return people.filter(people.kind == "child").select("person_id").distinct()


def child_events(people: ibis.Table, involvements: ibis.Table, events: ibis.Table) -> ibis.Table:
    """The events in which a child stands in the child role, one row per child and event.

    Columns: person_id, event_id, agency, form, case_ref, type, start, start_precision, end, end_precision, day (first day;
    empty unless the record names the day), until (last day; empty while open), outcome, details.
    """
    known = people.filter(people.kind == "child").select("mention_id", "person_id")
    parts = involvements.filter(involvements.role == "child").select("mention_id", "event_id")
    pairs = parts.join(known, "mention_id").select("person_id", "event_id").distinct()
    joined = pairs.join(events, "event_id")
    return joined.select(
        "person_id",
        "event_id",
        "agency",
        "form",
        "case_ref",
        "type",
        "start",
        "start_precision",
        "end",
        "end_precision",
        day=ibis.ifelse(joined.start_precision.isin(FULL_DATES), joined.start.date(), ibis.null("date")),
        until=joined.end.date(),
        outcome=joined.outcome,
        details=joined.details,
    )


def happenings(events: ibis.Table) -> ibis.Table:
    """The events with `nth`: which of the child's that day an event is, counted within its own source.

    Two agencies that report one episode each hold a first of that day; one agency that reports two holds a first and a
    second. So a child, a day and an nth are one happening, however many sources report it.
    """
    source_day = ibis.window(
        group_by=[events.person_id, events.agency, events.form, events.day], order_by=[events.start, events.event_id]
    )
    return events.mutate(nth=ibis.row_number().over(source_day))


def up_to(events: ibis.Table, last: datetime.date) -> ibis.Table:
    """The events that began on or before `last`, and those whose day is not known."""
    return events.filter(events.start.isnull() | (events.start.date() <= last))


def said(details: ibis.Value, name: str) -> ibis.Value:
    """What the JSON details hold under the name, as text; empty where they hold nothing."""
    value = details.cast("json")[name]
    return ibis.coalesce(value.str, value.cast("string"))


def speaks_of(details: ibis.Value, names: tuple[str, ...]) -> ibis.Value:
    """Whether the JSON details hold a value under any of the names."""
    return ibis.or_(*(said(details, name).fill_null("") != "" for name in names)).fill_null(False)


def holds_one_of(details: ibis.Value, name: str, values: tuple[str, ...]) -> ibis.Value:
    """Whether the JSON details hold one of the values under the name, alone or among others separated by ';'."""
    listed = ibis.literal(";") + said(details, name).fill_null("") + ibis.literal(";")
    return ibis.or_(*(listed.contains(f";{value};") for value in values)).fill_null(False)


def matching(events: ibis.Table, matching: Matching) -> tuple[ibis.Value, ibis.Value]:
    """Of each event, whether it is of the kind or may be, and whether its record tells which (day apart).

    A record silent on the detail may be of the kind or not: like one without a day, it is not recorded.
    """
    may_be = of_the_types(events, matching)
    if matching.outcomes:
        may_be = may_be & events.outcome.isin(matching.outcomes).fill_null(False)
    if not matching.detail:
        return may_be, ibis.literal(value=True)
    told = speaks_of(events.details, (matching.detail,))
    return may_be & (~told | holds_one_of(events.details, matching.detail, matching.values)), told


def of_the_types(events: ibis.Table, matching: Matching) -> ibis.Value:
    """Whether each event is of the types and forms, whatever came of it."""
    found = events.type.isin(matching.events)
    return found & events.form.isin(matching.forms).fill_null(False) if matching.forms else found


def told_somewhere(events: ibis.Table, matching: Matching) -> ibis.Value:
    """Whether each event shows that some source records events of the kind: by type, form, an outcome and the detail."""
    found = of_the_types(events, matching)
    if matching.outcomes:
        found = found & events.outcome.notnull()
    return found & speaks_of(events.details, (matching.detail,)) if matching.detail else found


def everyone_unless(records: Records, somewhere: ibis.Table) -> ibis.Table:
    """person_id of every child where the table has no row, of nobody where it has one.

    Nobody sent such records: that no child has any says nothing of any child.
    """
    nowhere = somewhere.aggregate(nowhere=somewhere.count() == 0)
    everyone = records.children.cross_join(nowhere)
    return everyone.filter(everyone.nowhere).select("person_id")
