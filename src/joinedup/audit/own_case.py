"""Breach rules that a lead's own case decides: reasons, interviews, contact, and outcomes that do not fit."""

from __future__ import annotations

import ibis

from joinedup.audit.judged import both, closed_leads, judged, said, state_of
from joinedup.audit.records import Records
from joinedup.registry.breach_rules import (
    ClosedWithoutReason,
    NeverInterviewed,
    NoContact,
    OutcomeOfChild,
    OutcomeOfOffence,
)


def closed_without_reason(test: ClosedWithoutReason, records: Records) -> ibis.Table:
    """Cases closed by an event of their own: without a reason is a breach where the source gives any, else unknown."""
    closed = closed_leads(records, test.pathways)
    closed = closed.filter(closed.separate)
    sources = closed.group_by(["agency", "form"]).aggregate(gives=closed.reasoned.any())
    joined = closed.join(sources, ["agency", "form"])
    return _own(joined, state_of(~joined.reasoned & joined.gives, ~joined.reasoned))


def never_interviewed(test: NeverInterviewed, records: Records) -> ibis.Table:
    """Closed crimes whose named suspects, or nobody at all, were interviewed; unknown where the source holds no interviews."""
    closed = closed_leads(records, ("crime",))
    if test.codes:
        closed = closed.filter(closed.ended_code.isin(test.codes))
    if test.excused_codes:
        closed = closed.filter(~closed.ended_code.fill_null("").isin(test.excused_codes))
    suspects = closed.select("pathway_id", "event_id").join(records.named, "event_id").select("pathway_id", "suspect")
    interviews = records.cases.filter(records.cases.type == "suspect_interview").select("pathway_id", "event_id")
    spoken = interviews.join(records.named, "event_id").select("pathway_id", "suspect").distinct()
    unspoken = suspects.distinct().anti_join(spoken, ["pathway_id", "suspect"])
    left_out = unspoken.group_by("pathway_id").aggregate(count=unspoken.count())
    any_held = interviews.select("pathway_id").distinct().mutate(held=True)
    recording = (
        records.first.semi_join(interviews, "pathway_id").select("agency", "form").distinct().mutate(records=True)
    )
    joined = closed.left_join(left_out, "pathway_id").drop("pathway_id_right")
    joined = joined.left_join(any_held, "pathway_id").drop("pathway_id_right")
    joined = joined.left_join(recording, ["agency", "form"]).drop("agency_right", "form_right")
    if test.whom == "nobody":
        missing = joined.held.isnull()
    else:
        joined = joined.semi_join(suspects, "pathway_id")
        missing = joined["count"].notnull()
    records_them = joined.records.notnull()
    return _own(joined, state_of(missing & records_them, ~records_them))


def no_contact(test: NoContact, records: Records) -> ibis.Table:
    """Leads closed so whose case holds no contact with the child; unknown where the source holds no contacts."""
    closed = closed_leads(records, test.pathways)
    closed = closed.filter(closed.ended.isin(test.outcomes))
    contacts = records.cases.filter(records.cases.type.isin(test.contacts)).select("pathway_id", "event_id")
    mine = contacts.join(records.pairs, "event_id").select("pathway_id", "person_id").distinct().mutate(seen=True)
    recording = records.first.semi_join(contacts, "pathway_id").select("agency", "form").distinct().mutate(records=True)
    joined = closed.left_join(mine, ["pathway_id", "person_id"]).drop("pathway_id_right", "person_id_right")
    joined = joined.left_join(recording, ["agency", "form"]).drop("agency_right", "form_right")
    records_them = joined.records.notnull()
    return _own(joined, state_of(joined.seen.isnull() & records_them, joined.seen.isnull()))


def outcome_of_child(test: OutcomeOfChild, records: Records) -> ibis.Table:
    """Crimes closed under the outcome types: a breach where the victim was under 18 that day, unknown without the days."""
    closed = closed_leads(records, ("crime",))
    closed = closed.filter(closed.ended_code.isin(test.codes))
    joined = closed.left_join(records.births, "person_id").drop("person_id_right")
    grown = (joined.born.cast("timestamp") + ibis.interval(years=18)).date()
    return _own(joined, state_of(joined.closed_day < grown, joined.born.isnull() | joined.closed_day.isnull()))


def outcome_of_offence(test: OutcomeOfOffence, records: Records) -> ibis.Table:
    """Crimes closed under the outcome types: a breach for these offences, unknown where the code does not say which it was."""
    closed = closed_leads(records, ("crime",))
    closed = closed.filter(closed.ended_code.isin(test.codes))
    unclear = closed.code.isnull() | closed.code.isin(list(test.vague)) | closed.closed_day.isnull()
    return _own(closed, state_of(closed.code.isin(test.offences) & closed.closed_day.notnull(), unclear))


def _own(closed: ibis.Table, state: ibis.Value) -> ibis.Table:
    return judged(
        closed, state=state, day=said(closed.closed_day), done=closed.closed,
        evidence=both(closed.event_id, closed.ending_id),
    )  # fmt: skip
