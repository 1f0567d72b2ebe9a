"""Crimes passed to another body, held against what that body's return holds of the child."""

from __future__ import annotations

import re
from collections.abc import Mapping

import ibis
import pyarrow as pa

from joinedup.audit.judged import both, closed_leads, judged, said, state_of
from joinedup.audit.records import Records
from joinedup.registry.breach_rules import NotReceived
from joinedup.registry.events import work_types

NAMES_CHILDREN = 0.8
"""A return of which this share of children's mentions gives a forename and a surname names its children."""


def not_received(test: NotReceived, records: Records) -> ibis.Table:
    """Crimes passed on, against the receiver's records of the child about that day; one whose time still runs is left out.

    The record cannot tell where the receiver is not named, is none of the inquiry's agencies, or returned nothing that
    would show the child: a return that names no children and does not know this one.
    """
    closed = closed_leads(records, ("crime",))
    closed = closed.filter(closed.ended_code.isin(test.codes))
    closed = closed.mutate(passed_to=closed.details.cast("json")["passed_to"].str)
    last = closed.closed_day + ibis.interval(days=test.within_days)
    closed = closed.filter(closed.closed_day.isnull() | (last <= ibis.literal(records.last)))
    closed = closed.left_join(_bodies(records, closed), "passed_to").drop("passed_to_right")
    people = records.told.people
    knows = people.select("person_id", receiver="agency").distinct().mutate(knows=True)
    naming = _naming(records).mutate(naming=True)
    joined = closed.left_join(knows, ["person_id", "receiver"]).drop("person_id_right", "receiver_right")
    joined = joined.left_join(naming, "receiver").drop("receiver_right")
    there = _there(test, records, joined)
    joined = joined.left_join(there, "pathway_id").drop("pathway_id_right")
    shows = (joined.knows.notnull() | joined.naming.notnull()) & joined.closed_day.notnull()
    return judged(
        joined, state=state_of(joined.there.isnull() & shows, joined.there.isnull()), day=said(joined.closed_day),
        others=joined.receiver_name, done=joined.closed, evidence=both(joined.event_id, joined.ending_id),
    )  # fmt: skip


def _bodies(records: Records, closed: ibis.Table) -> ibis.Table:
    """passed_to, receiver and receiver_name: which agency each name that a crime was passed to stands for."""
    written = closed.filter(closed.passed_to.notnull()).select("passed_to").distinct().order_by("passed_to")
    names = written.to_pyarrow()["passed_to"].to_pylist()
    held = records.told.people.select("agency").distinct().to_pyarrow()["agency"].to_pylist()
    known = {agency: records.names.get(agency, agency) for agency in sorted({*held, *records.names})}
    meant = [body_of(name, known) for name in names]
    return ibis.memtable(
        pa.table({
            "passed_to": pa.array(names, pa.string()),
            "receiver": pa.array(meant, pa.string()),
            "receiver_name": pa.array([known.get(one or "") for one in meant], pa.string()),
        })
    )  # fmt: skip


def body_of(written: str, agencies: Mapping[str, str]) -> str | None:
    """The agency meant by a name as a record writes it: its id or name, or the one agency whose name begins so.

    >>> body_of("NORTHMOOR COUNCIL", {"nc": "Northmoor Council Children's Services", "np": "Northmoor Police"})
    'nc'
    """
    folded = _fold(written)
    exact = [agency for agency, name in agencies.items() if folded in (_fold(agency), _fold(name))]
    begun = [agency for agency, name in agencies.items() if folded and _fold(name).startswith(folded + " ")]
    found = exact or begun
    return found[0] if len(found) == 1 else None


def _fold(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


def _naming(records: Records) -> ibis.Table:
    """The agencies (receiver) whose returns name their children."""
    children = records.told.mentions.filter(records.told.mentions.role == "child")
    full = children.forename_fold.notnull() & children.surname_fold.notnull()
    shares = children.group_by("agency").aggregate(named=full.cast("float64").mean())
    return shares.filter(shares.named >= NAMES_CHILDREN).select(receiver="agency")


def _there(test: NotReceived, records: Records, passed: ibis.Table) -> ibis.Table:
    """pathway_id of those whose receiver holds something of the child within the window, work that was open then included."""
    mine = passed.filter(passed.receiver.notnull()).select("pathway_id", "person_id", "receiver", "closed_day")
    events = records.told.events.select("event_id", "agency", "type", "start", "end")
    met = mine.join(records.pairs, "person_id").join(events, "event_id")
    met = met.filter(met.agency == met.receiver)
    ends = ibis.cases(
        (met.end.notnull(), met.end.date()),
        (met.type.isin(work_types()), met.closed_day + ibis.interval(days=test.within_days)),
        else_=met.start.date(),
    )
    first, last = (
        met.closed_day - ibis.interval(days=test.before_days),
        met.closed_day + ibis.interval(days=test.within_days),
    )
    return met.filter((met.start.date() <= last) & (ends >= first)).select("pathway_id").distinct().mutate(there=True)
