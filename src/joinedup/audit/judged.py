"""The one shape in which a rule says what it made of each pathway, and the helpers rules share."""

from __future__ import annotations

import ibis

from joinedup.audit.records import Records, named_agencies

DAY = "%-d %B %Y"
MET, BREACHED, NOT_RECORDED = "met", "breached", "not_recorded"

_COLUMNS: dict[str, str] = {
    "pathway_id": "string",
    "person_id": "string",
    "agency": "string",
    "state": "string",
    "day": "string",
    "second": "string",
    "others": "string",
    "count": "int64",
    "expected": "int64",
    "done": "timestamp",
    "evidence": "string",
}
"""Pathway, child, who answers for it, met, breached or not_recorded; then what the reason sentence needs; then the day of the
ending and the JSON list of event ids behind it."""


def judged(table: ibis.Table, **columns: ibis.Value) -> ibis.Table:
    """The table in the shape above; what a rule does not give is empty."""
    shaped = {}
    for name, kind in _COLUMNS.items():
        value = columns.get(name, table[name] if name in table.columns else None)
        shaped[name] = ibis.null(kind) if value is None else value.cast(kind)
    return table.select(**shaped)


def closed_leads(records: Records, kinds: tuple[str, ...]) -> ibis.Table:
    """Every lead of these kinds that ended: its first event's columns beside those of its ending (ended_ before its names)."""
    ends = records.endings.select(
        "pathway_id", "ending_id", "closed", "reasoned", "separate", closed_day="day", ended_code="code", ended="outcome"
    )  # fmt: skip
    leads = records.first.filter(records.first.type.isin(kinds))
    return leads.join(ends, "pathway_id")


def both(first: ibis.Value, second: ibis.Value) -> ibis.Value:
    """Two event ids as a JSON list; one where they are the same."""
    one = ibis.literal('["') + first + ibis.literal('"]')
    two = ibis.literal('["') + first + ibis.literal('","') + second + ibis.literal('"]')
    return ibis.ifelse(second.isnull() | (first == second), one, two)


def said(day: ibis.Value) -> ibis.Value:
    """A date in words."""
    return day.cast("timestamp").strftime(DAY)


def others_of(records: Records, rows: ibis.Table) -> ibis.Table:
    """For each pathway the other agencies in words, the last day, and their events: pathway_id, others, last_day, also.

    `rows` have pathway_id, agency, day and event_id of what other agencies held.
    """
    by_agency = rows.group_by(["pathway_id", "agency"]).aggregate(last_day=rows.day.max())
    called = by_agency.left_join(named_agencies(records), "agency").drop("agency_right")
    called = called.mutate(name=ibis.coalesce(called.name, called.agency))
    agencies = called.group_by("pathway_id").aggregate(
        others=called.name.group_concat(" and ", order_by=called.name), last_day=called.last_day.max()
    )
    distinct = rows.select("pathway_id", "event_id").distinct()
    listed = distinct.group_by("pathway_id").aggregate(
        also=distinct.event_id.group_concat('","', order_by=distinct.event_id)
    )
    return agencies.join(listed, "pathway_id")


def evidence_with(first: ibis.Value, second: ibis.Value, also: ibis.Value) -> ibis.Value:
    """A lead's first event, its ending and other agencies' events as a JSON list; the ending left out where it is the first."""
    ending = ibis.ifelse(first == second, ibis.literal(""), ibis.literal('","') + second)
    return ibis.literal('["') + first + ending + ibis.literal('","') + also + ibis.literal('"]')


def state_of(breached: ibis.Value, unknown: ibis.Value) -> ibis.Value:
    """Breached where it is, not_recorded where the record cannot tell, else met."""
    return ibis.cases((breached.fill_null(False), BREACHED), (unknown.fill_null(False), NOT_RECORDED), else_=MET)
