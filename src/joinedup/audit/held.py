"""A standard held against the pathways it binds: met, late, not done, or the record cannot tell."""

from __future__ import annotations

import datetime

import ibis

from joinedup.audit.clocks import with_due
from joinedup.audit.moments import earliest, latest
from joinedup.audit.records import Records, held
from joinedup.registry.standards import Standard

NOT_DUE = "not_due"


def hold(standard: Standard, records: Records) -> ibis.Table:
    """pathway_id, person_id, agency, event_id, state, due, done, step_id, began of every pathway the standard binds.

    state: met, late, not_done or not_recorded, of steps that fell due by the last day of the data; not_due of others, done
    or not. A date without a time is late only where every minute of the day would be, and met only where every minute would
    be; a step recorded before its clock began cannot be told.
    """
    bound = held(with_due(_bound(standard, records), standard))
    end_of_data = ibis.timestamp(datetime.datetime.combine(records.last, datetime.time(23, 59)))
    bound = bound.filter(bound.due_latest.notnull())
    done = _first_step(bound, _own_steps(standard, bound, records).union(_other_steps(standard, bound, records)))
    joined = bound.left_join(done, "pathway_id").drop("pathway_id_right")
    sources = _sources_with_steps(standard, records)
    joined = joined.left_join(sources, ["agency", "form"]).drop("agency_right", "form_right")
    state = ibis.cases((joined.due_latest > end_of_data, NOT_DUE), else_=_state(standard, joined))
    return joined.select(
        "pathway_id",
        "person_id",
        "agency",
        "event_id",
        "step_id",
        "too_early",
        state=state,
        due=joined.due_latest,
        done=joined.done_at,
        began=joined.from_latest,
        told=_tells(standard, joined),
    )


def _bound(standard: Standard, records: Records) -> ibis.Table:
    """The pathways the standard binds, with the earliest and latest its clock can have begun."""
    first, clock = records.first, standard.clock
    bound = first.filter((first.type == standard.pathway) & first.form.isin(standard.forms))
    others = sorted(records.nations)
    ours = [agency for agency in others if records.nations[agency] == standard.nation]
    bound = bound.filter(~bound.agency.isin(others) if standard.nation == "england" else bound.agency.isin(ours))
    if standard.excused_outcomes:
        bound = bound.filter(~bound.outcome.fill_null("").isin(standard.excused_outcomes))
    bound = bound.mutate(root_details=bound.details, clock_details=bound.details, began=bound.start)
    moment, precision = bound[clock.starts_at], bound[f"{clock.starts_at}_precision"]
    if clock.event is not None:
        bound = _at_the_first(clock.event, clock.starts_at, records, bound)
        moment, precision = bound.first_moment, bound.first_precision
    elif standard.after is not None:
        # The clock started before: of the event that makes the step due only the details count.
        bound = _at_the_first(standard.after, "start", records, bound)
        moment, precision = bound[clock.starts_at], bound[f"{clock.starts_at}_precision"]
    parsed = bound.clock_details.cast("json")
    for name, values in standard.excused_details.items():
        bound = bound.filter(~parsed[name].str.fill_null("").isin(values))
    if not standard.also_before:
        bound = bound.filter(moment.date() >= ibis.literal(standard.since))
    if standard.until is not None:
        bound = bound.filter(moment.date() <= ibis.literal(standard.until))
    return bound.select(
        "pathway_id", "person_id", "agency", "form", "event_id", "outcome", "began", details="root_details",
        from_earliest=earliest(moment, precision), from_latest=latest(moment, precision),
    )  # fmt: skip


def _at_the_first(event: str, at: str, records: Records, bound: ibis.Table) -> ibis.Table:
    """The pathways whose case holds the event, with the first of them as first_moment, first_precision and clock_details."""
    begins = records.cases.filter(records.cases.type == event)
    begins = begins.filter(begins[at].notnull())
    order = ibis.window(group_by=begins.pathway_id, order_by=[begins[at], begins.event_id])
    ranked = begins.mutate(nth=ibis.row_number().over(order))
    first = ranked.filter(ranked.nth == 0).select(
        "pathway_id", first_moment=at, first_precision=f"{at}_precision", clock_details="details"
    )
    return bound.drop("clock_details").join(first, "pathway_id")


def _own_steps(standard: Standard, due: ibis.Table, records: Records) -> ibis.Table:
    """pathway_id, step_id, moment and precision of every dated step in the pathway's own case."""
    at, cases = standard.step.at, records.cases
    own = cases.filter(cases.type == standard.step.event).semi_join(due, "pathway_id")
    steps = own.select("pathway_id", step_id="event_id", moment=own[at], precision=own[f"{at}_precision"])
    return steps.filter(steps.moment.notnull())


def _other_steps(standard: Standard, due: ibis.Table, records: Records) -> ibis.Table:
    """The same of other agencies' steps for the child, from the day the clock began until the child's next such event."""
    at, first = standard.step.at, records.first
    children = records.children.filter(records.children.type == standard.step.event)
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


def _sources_with_steps(standard: Standard, records: Records) -> ibis.Table:
    """Agency and form of the sources that record the standard's step at all."""
    steps = records.cases.filter(records.cases.type == standard.step.event)
    return records.first.semi_join(steps, "pathway_id").select("agency", "form").distinct().mutate(records_steps=1)


def _tells(standard: Standard, joined: ibis.Table) -> ibis.Value:
    """Whether the record would show the step, had it been taken."""
    if standard.step.recorded_by:
        parsed = joined.details.cast("json")
        tells = ibis.or_(*(parsed[name].str.fill_null("") != "" for name in standard.step.recorded_by)).fill_null(False)
    else:
        tells = joined.records_steps.notnull()
    return tells | joined.outcome.fill_null("").isin(list(standard.step.not_taken))


def _state(standard: Standard, joined: ibis.Table) -> ibis.Value:
    absent = joined.step_id.isnull()
    return ibis.cases(
        (absent & _tells(standard, joined), "not_done"),
        (absent, "not_recorded"),
        (joined.too_early, "not_recorded"),
        (joined.done_earliest > joined.due_latest, "late"),
        (joined.done_latest <= joined.due_earliest, "met"),
        else_="not_recorded",
    )
