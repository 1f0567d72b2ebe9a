"""Breach rules that another record of the child decides: another agency's, another system's, or a later one's."""

from __future__ import annotations

import ibis

from joinedup.audit.judged import both, closed_leads, evidence_with, judged, others_of, said, state_of
from joinedup.audit.records import Records
from joinedup.registry.breach_rules import (
    ClosedContradicted,
    ClosedWhileMissing,
    OnNoCaseList,
    ReferredAgain,
    SuspectNamedElsewhere,
)


def closed_contradicted(test: ClosedContradicted, records: Records) -> ibis.Table:
    """Leads closed so, against other agencies' records of the year before that hold the child under a status, or a suspect."""
    closed = closed_leads(records, test.pathways)
    closed = closed.filter(closed.form.isin(test.forms) & closed.ended.isin(test.outcomes))
    events = records.children
    holding = records.statuses.filter(records.statuses.status.isin(test.statuses)).select("person_id", "event_id")
    naming = records.pairs.semi_join(records.named, "event_id").select("person_id", "event_id")
    against = events.semi_join(holding.union(naming, distinct=True), ["person_id", "event_id"])
    met = _beside(closed, against)
    met = met.filter(met.agency != met.holder)
    near = met.closed_day - ibis.interval(days=test.within_days)
    dated = met.filter((met.day >= near) & (met.day <= met.closed_day))
    return _against(records, closed, dated, met.filter(met.day.isnull() | met.closed_day.isnull()))


def suspect_named_elsewhere(test: SuspectNamedElsewhere, records: Records) -> ibis.Table:
    """Crimes closed under the outcome types, against other records that had named a suspect with the child by that day."""
    closed = closed_leads(records, ("crime",))
    closed = closed.filter(closed.ended_code.isin(test.codes))
    naming = records.children.semi_join(records.named, "event_id")
    met = _beside(closed, naming)
    met = met.filter((met.agency != met.holder) | (met.form != met.holder_form))
    dated = met.filter(met.day <= met.closed_day)
    return _against(records, closed, dated, met.filter(met.day.isnull() | met.closed_day.isnull()))


def closed_while_missing(test: ClosedWhileMissing, records: Records) -> ibis.Table:
    """Closed leads, against the child's missing episodes of any agency; on the edge of one the record cannot tell."""
    closed = closed_leads(records, test.pathways)
    gone = records.children.filter(records.children.type == "missing_episode")
    met = _beside(closed, gone)
    longest = met.day + ibis.interval(days=test.open_days)
    returned = ibis.ifelse(met.end.isnull(), longest, met.until)
    within = (met.day < met.closed_day) & (met.closed_day < returned)
    edge = (met.day == met.closed_day) | ((met.day < met.closed_day) & (met.closed_day == returned))
    # An end known to the month alone may lie on either side of the closing.
    vague = (met.day < met.closed_day) & met.end.notnull() & met.until.isnull() & (met.end.date() >= met.closed_day)
    inside = met.filter(within)
    first = inside.group_by("pathway_id").aggregate(
        gone_since=inside.day.min(), gone=inside.event_id.argmin(inside.event_id)
    )
    unsure = met.filter(edge | vague).select("pathway_id").distinct().mutate(unsure=True)
    joined = _left(_left(closed, first), unsure)
    unknown = joined.unsure.notnull() | joined.closed_day.isnull()
    return judged(
        joined, state=state_of(joined.gone.notnull(), unknown), day=said(joined.closed_day),
        second=said(joined.gone_since), done=joined.closed,
        evidence=evidence_with(joined.event_id, joined.ending_id, joined.gone),
    )  # fmt: skip


def referred_again(test: ReferredAgain, records: Records) -> ibis.Table:
    """Referrals closed so, against the child's next referral to the same agency; one whose time still runs is left out."""
    closed = closed_leads(records, ("referral",))
    closed = closed.filter(closed.form.isin(test.forms) & closed.outcome.isin(test.outcomes))
    referred = records.first.filter((records.first.type == "referral") & records.first.form.isin(test.forms))
    again = referred.select(
        "person_id", "agency", again_id="event_id", again="start", again_precision="start_precision"
    )  # fmt: skip
    met = closed.select("pathway_id", "person_id", "agency", "event_id", "closed_day").join(
        again, ["person_id", "agency"]
    )
    met = met.filter(met.again_id != met.event_id)
    exact = met.again_precision.isin(["minute", "day"])
    last = met.closed_day + ibis.interval(days=test.within_days)
    later = met.filter(exact & (met.again.date() > met.closed_day) & (met.again.date() <= last))
    next_one = later.group_by("pathway_id").aggregate(
        again_on=later.again.date().min(), again_id=later.again_id.argmin(later.again)
    )
    unsure = met.filter(~exact.fill_null(False)).select("pathway_id").distinct().mutate(unsure=True)
    joined = _left(_left(closed, next_one), unsure)
    unknown = joined.unsure.notnull() | joined.closed_day.isnull()
    ran_out = joined.closed_day + ibis.interval(days=test.within_days) <= ibis.literal(records.last)
    joined = joined.filter(joined.again_id.notnull() | unknown | ran_out)
    return judged(
        joined, state=state_of(joined.again_id.notnull(), joined.unsure.notnull() | joined.closed_day.isnull()),
        day=said(joined.closed_day), second=said(joined.again_on), done=joined.again_on.cast("timestamp"),
        evidence=both(joined.event_id, joined.again_id),
    )  # fmt: skip


def on_no_case_list(test: OnNoCaseList, records: Records) -> ibis.Table:
    """The first time each child stood on an agency's meeting list, against the case lists of any agency."""
    meetings = records.first.filter(records.first.type == "exploitation_meeting")
    order = ibis.window(group_by=[meetings.person_id, meetings.agency], order_by=[meetings.start, meetings.pathway_id])
    ranked = meetings.mutate(nth=ibis.row_number().over(order))
    first = ranked.filter(ranked.nth == 0).drop("nth")
    cases = records.children.filter(records.children.type.isin(test.events))
    on_list = cases.select("person_id").distinct().mutate(on_list=True)
    returned = cases.select("agency").distinct().mutate(returned=True)
    joined = first.left_join(on_list, "person_id").drop("person_id_right")
    joined = joined.left_join(returned, "agency").drop("agency_right")
    absent = joined.on_list.isnull()
    return judged(
        joined, state=state_of(absent & joined.returned.notnull(), absent), day=said(joined.start.date()),
        evidence=both(joined.event_id, joined.event_id),
    )  # fmt: skip


def _beside(closed: ibis.Table, events: ibis.Table) -> ibis.Table:
    """Every closed lead beside each of the child's other events: its pathway_id, closed_day, holder and holder_form."""
    leads = closed.select("pathway_id", "person_id", "closed_day", root="event_id", holder="agency", holder_form="form")
    met = leads.join(events, "person_id")
    return met.filter(met.event_id != met.root)


def _left(left: ibis.Table, right: ibis.Table) -> ibis.Table:
    return left.left_join(right, "pathway_id").drop("pathway_id_right")


def _against(records: Records, closed: ibis.Table, dated: ibis.Table, unsure: ibis.Table) -> ibis.Table:
    """Closed leads, breached where some dated record stands against them, unknown where only one of no known day may."""
    told = others_of(records, dated)
    joined = _left(_left(closed, told), unsure.select("pathway_id").distinct().mutate(unsure=True))
    return judged(
        joined, state=state_of(joined.others.notnull(), joined.unsure.notnull()), day=said(joined.closed_day),
        second=said(joined.last_day), done=joined.closed,
        evidence=evidence_with(joined.event_id, joined.ending_id, joined.also),
    )  # fmt: skip
