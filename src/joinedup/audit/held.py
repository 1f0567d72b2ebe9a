"""A standard held against the pathways it binds: met, late, not done, or the record cannot tell."""

from __future__ import annotations

import datetime

import ibis

from joinedup.audit.clocks import with_due
from joinedup.audit.moments import earliest, latest
from joinedup.registry.standards import Standard


def hold(
    standard: Standard, first: ibis.Table, cases: ibis.Table, children: ibis.Table, last: datetime.date
) -> ibis.Table:
    """pathway_id, person_id, agency, event_id, state, due, done, step_id of every pathway whose step fell due by `last`.

    `first` and `cases` as pathways.first_events and case_events give them; `children` the steps of any agency by child
    (person_id, event_id, agency, start, start_precision, end, end_precision) for standards to which they count. state:
    met, late, not_done or not_recorded. A date without a time is late only where every minute of the day would be, and met
    only where every minute would be; a step recorded before its clock began cannot be told.
    """
    bound = with_due(_bound(standard, first), standard)
    end_of_data = ibis.timestamp(datetime.datetime.combine(last, datetime.time(23, 59)))
    due = bound.filter(bound.due_latest.notnull() & (bound.due_latest <= end_of_data))
    done = _first_step(due, _own_steps(standard, due, cases).union(_other_steps(standard, due, first, children)))
    joined = due.left_join(done, "pathway_id").drop("pathway_id_right")
    sources = _sources_with_steps(standard, first, cases)
    joined = joined.left_join(sources, ["agency", "form"]).drop("agency_right", "form_right")
    return joined.select(
        "pathway_id",
        "person_id",
        "agency",
        "event_id",
        "step_id",
        state=_state(standard, joined),
        due=joined.due_latest,
        done=joined.done_at,
    )


def _bound(standard: Standard, first: ibis.Table) -> ibis.Table:
    """The pathways the standard binds, with the earliest and latest its clock can have begun."""
    bound = first.filter((first.type == standard.pathway) & first.form.isin(standard.forms))
    if standard.excused_outcomes:
        bound = bound.filter(~bound.outcome.fill_null("").isin(standard.excused_outcomes))
    at = standard.clock.starts_at
    moment, precision = bound[at], bound[f"{at}_precision"]
    return bound.select(
        "pathway_id", "person_id", "agency", "form", "event_id", "details",
        from_earliest=earliest(moment, precision), from_latest=latest(moment, precision), began=bound.start,
    )  # fmt: skip


def _own_steps(standard: Standard, due: ibis.Table, cases: ibis.Table) -> ibis.Table:
    """pathway_id, step_id, moment and precision of every dated step in the pathway's own case."""
    at = standard.step.at
    own = cases.filter(cases.type == standard.step.event).semi_join(due, "pathway_id")
    steps = own.select("pathway_id", step_id="event_id", moment=own[at], precision=own[f"{at}_precision"])
    return steps.filter(steps.moment.notnull())


def _other_steps(standard: Standard, due: ibis.Table, first: ibis.Table, children: ibis.Table) -> ibis.Table:
    """The same of other agencies' steps for the child, from the day the clock began until the child's next such event."""
    at = standard.step.at
    began = first.filter(first.type == standard.pathway)
    days = began.select("person_id", day=began.start.date()).distinct()
    days = days.mutate(next_day=days.day.lead().over(group_by=days.person_id, order_by=days.day))
    spans = due.mutate(day=due.began.date()).left_join(days, ["person_id", "day"])
    spans = spans.select("pathway_id", "person_id", "from_earliest", "next_day", holder="agency")
    others = children.select(
        "person_id", "agency", step_id="event_id", moment=children[at], precision=children[f"{at}_precision"]
    )
    if not standard.step.any_agency:
        others = others.limit(0)
    met = spans.join(others.filter(others.moment.notnull()), "person_id")
    met = met.filter(
        (met.agency != met.holder)
        & (met.moment >= met.from_earliest.truncate("D"))
        & (met.next_day.isnull() | (met.moment.date() < met.next_day))
    )
    return met.select("pathway_id", "step_id", "moment", "precision")


def _first_step(due: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Each pathway's first step on or after its clock began, else its first: pathway_id, step_id, done_at, and limits."""
    dated = steps.mutate(
        done_earliest=earliest(steps.moment, steps.precision), done_latest=latest(steps.moment, steps.precision)
    )
    dated = dated.filter(dated.done_earliest.notnull())
    joined = dated.join(due.select("pathway_id", "from_earliest"), "pathway_id")
    too_early = joined.done_latest < joined.from_earliest
    order = ibis.window(group_by=joined.pathway_id, order_by=[too_early, joined.done_earliest, joined.step_id])
    ranked = joined.mutate(too_early=too_early, nth=ibis.row_number().over(order))
    return ranked.filter(ranked.nth == 0).select(
        "pathway_id", "step_id", "done_earliest", "done_latest", "too_early", done_at="moment"
    )


def _sources_with_steps(standard: Standard, first: ibis.Table, cases: ibis.Table) -> ibis.Table:
    """Agency and form of the sources that record the standard's step at all."""
    steps = cases.filter(cases.type == standard.step.event)
    return first.semi_join(steps, "pathway_id").select("agency", "form").distinct().mutate(records_steps=1)


def _state(standard: Standard, joined: ibis.Table) -> ibis.Value:
    absent = joined.step_id.isnull()
    if standard.step.recorded_by:
        parsed = joined.details.cast("json")
        tells = ibis.or_(*(parsed[name].str.fill_null("") != "" for name in standard.step.recorded_by)).fill_null(False)
    else:
        tells = joined.records_steps.notnull()
    return ibis.cases(
        (absent & tells, "not_done"),
        (absent, "not_recorded"),
        (joined.too_early, "not_recorded"),
        (joined.done_earliest > joined.due_latest, "late"),
        (joined.done_latest <= joined.due_earliest, "met"),
        else_="not_recorded",
    )
