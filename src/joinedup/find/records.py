"""What a rule sees: the dated facts of each child's joined records, and which of them tell of one happening twice."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import ibis

FULL_DATES = ("minute", "day")
"""Precisions that name the day; a month or a year cannot be held against a window of days."""


@dataclass(frozen=True)
class Records:
    """`children`: person_id of every child; `events`: what child_events gives."""

    children: ibis.Table
    events: ibis.Table


def records_of(people: ibis.Table, involvements: ibis.Table, events: ibis.Table) -> Records:
    """What the rules see, from the run's tables."""
    return Records(children(people), child_events(people, involvements, events))


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


def speaks_of(details: ibis.Value, names: tuple[str, ...]) -> ibis.Value:
    """Whether the JSON details hold a value under any of the names."""
    parsed = details.cast("json")
    said = [parsed[name].str.fill_null("") != "" for name in names]
    return ibis.or_(*said).fill_null(False)


def holds_one_of(details: ibis.Value, name: str, values: tuple[str, ...]) -> ibis.Value:
    """Whether the JSON details hold one of the values under the name, alone or among others separated by ';'."""
    said = ibis.literal(";") + details.cast("json")[name].str.fill_null("") + ibis.literal(";")
    return ibis.or_(*(said.contains(f";{value};") for value in values)).fill_null(False)
