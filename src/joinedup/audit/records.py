"""What the standards and breach rules read: leads with their cases and endings, and every child's records across agencies."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import ibis
import pyarrow as pa

from joinedup.audit.pathways import case_events, endings, first_events
from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.standards import Standard, standards


@dataclass(frozen=True)
class Told:
    """The tables of a run that the audit reads."""

    people: ibis.Table
    involvements: ibis.Table
    events: ibis.Table
    mentions: ibis.Table


@dataclass(frozen=True)
class Records:
    """The records in the shapes rules share; each table is worked out once.

    `first`, `cases`, `endings`: as in pathways.py. `children`: every event that a rule reads, with the child (person_id) it
    concerns, `day` where its start is known to the day and `until` where its end is. `statuses`: person_id, event_id, status
    of the child in it. `named`: event_id and suspect, a person. `births`: person_id and born. `pairs`: event_id, person_id
    of every event and child, whatever its type. `agencies`: agency, name, shown. `bodies`: names agencies go by, folded.
    """

    told: Told
    last: datetime.date
    first: ibis.Table
    cases: ibis.Table
    endings: ibis.Table
    children: ibis.Table
    statuses: ibis.Table
    named: ibis.Table
    births: ibis.Table
    pairs: ibis.Table
    names: Mapping[str, str] = field(default_factory=dict)
    """What agencies are called."""
    nations: Mapping[str, str] = field(default_factory=dict)
    """The nation of each agency that is not England's."""


def gather(
    told: Told,
    last: datetime.date,
    names: Mapping[str, str] | None = None,
    nations: Mapping[str, str] | None = None,
    by: Iterable[Standard] | None = None,
) -> Records:
    """The records of a run, up to the period's `last` day. `names` and `nations` are of agencies, by id.

    `by` are the standards that leads are held against; those of the registry without it.
    """
    child_people = told.people.filter(told.people.kind == "child").select("mention_id", "person_id")
    child_parts = told.involvements.filter(told.involvements.role == "child").select("mention_id", "event_id", "status")
    of_child = held(child_parts.join(child_people, "mention_id").select("event_id", "person_id", "status").distinct())
    pairs = held(of_child.select("event_id", "person_id").distinct())
    wanted = _wanted(standards().values() if by is None else by)
    events = told.events.filter(told.events.type.isin(wanted))
    kept = events.select(
        "event_id", "agency", "form", "source_ref", "case_ref", "type", "start", "start_precision", "end", "end_precision",
        "code", "outcome", "details",
    )  # fmt: skip
    first = held(first_events(pairs, kept))
    cases = held(case_events(first, kept))
    children = pairs.join(kept.drop("source_ref", "case_ref", "code"), "event_id").mutate(
        day=ibis.ifelse(kept.start_precision.isin(["minute", "day"]), kept.start.date(), ibis.null("date")),
        until=ibis.ifelse(kept.end_precision.isin(["minute", "day"]), kept.end.date(), ibis.null("date")),
    )
    suspects = told.involvements.filter(told.involvements.role == "suspect").select("mention_id", "event_id")
    who = told.people.select("mention_id", suspect="person_id")
    return Records(
        told=told,
        last=last,
        first=first,
        cases=cases,
        endings=held(endings(first, cases)),
        children=held(children),
        statuses=of_child.filter(of_child.status.notnull()),
        named=held(suspects.join(who, "mention_id").select("event_id", "suspect").distinct()),
        births=held(_births(told, child_people)),
        pairs=pairs,
        names=dict(names or {}),
        nations=dict(nations or {}),
    )


def held(table: ibis.Table) -> ibis.Table:
    """The table worked out once and held, where several rules read it again."""
    return ibis.memtable(table.to_pyarrow())


_ALWAYS = (
    "missing_episode", "return_interview", "referral", "crime", "outcome", "closure", "exploitation_meeting",
    "intelligence", "first_contact", "charity_case", "online_report", "youth_offence", "health_contact", "recorded",
)  # fmt: skip
"""Events that start or end a lead, and those that name suspects or say how a child stands."""


def _wanted(by: Iterable[Standard]) -> list[str]:
    """The event types that some of the standards or some rule reads."""
    found = set(_ALWAYS)
    for standard in by:
        found |= {standard.step.event, standard.first_step, standard.makes_due}
    for rule in breach_rules().values():
        test = rule.test
        found |= set(getattr(test, "events", ())) | set(getattr(test, "contacts", ()))
        found |= {flag.event for flag in getattr(test, "flags", ())}
        found |= {"suspect_interview"} if test.kind == "never_interviewed" else set()
    return sorted(found)


def _births(told: Told, child_people: ibis.Table) -> ibis.Table:
    """person_id and born: the date of birth, known to the day, that most of the child's records give; of as many, the earliest."""
    known = told.mentions.filter(told.mentions.dob_precision == "day").select("mention_id", "dob")
    counted = known.join(child_people, "mention_id").group_by(["person_id", "dob"]).aggregate(number=ibis._.count())
    order = ibis.window(group_by=counted.person_id, order_by=[counted.number.desc(), counted.dob])
    ranked = counted.mutate(nth=ibis.row_number().over(order))
    return ranked.filter(ranked.nth == 0).select("person_id", born="dob")


def named_agencies(records: Records) -> ibis.Table:
    """Agency and name, of every agency of the inquiry, to be joined from the left: an agency without a name goes by its id."""
    ids = sorted(records.names)
    return ibis.memtable(
        pa.table({"agency": pa.array(ids, pa.string()), "name": pa.array([records.names[one] for one in ids], pa.string())})
    )  # fmt: skip
