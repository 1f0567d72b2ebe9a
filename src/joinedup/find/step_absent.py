"""The test `step_absent`: an event ended, and its own record shows that what should follow was not done."""

from __future__ import annotations

import ibis

from joinedup.find.fired import Fired
from joinedup.find.records import Records, everyone_unless, happenings, held, speaks_of
from joinedup.registry.rule_tests import StepAbsent
from joinedup.settings import Period


def step_absent(records: Records, test: StepAbsent, period: Period) -> Fired:
    """Children with an event that ended within the period without the step, by a record that speaks of the step.

    The step was done where any source of the same happening holds it in the same case, or another source holds it for
    the child between the event's end and the next such event. A record that says nothing of the step fires nothing.
    """
    triggers = happenings(records.events.filter(records.events.type == test.event))
    steps = records.events.filter(records.events.type == test.step)
    ended = triggers.filter(triggers.until.notnull() & triggers.until.between(period.start, period.end))
    told = _told(ended, triggers, steps, test)
    happening = ["person_id", "day", "nth"]
    told = held(told.select("person_id", "event_id", "agency", "day", "nth", "until", "done", "recorded"))
    # Ended events whose first day is not known have no day to share with another source: each is its own happening.
    told = told.mutate(
        day=ibis.coalesce(told.day, told.until), nth=ibis.ifelse(told.day.isnull(), -told.nth - 1, told.nth)
    )
    states = told.group_by(happening).aggregate(done=told.done.max(), recorded=told.recorded.max())
    absent = states.filter((states.done == 0) & (states.recorded == 1)).select(happening)
    silent = states.filter((states.done == 0) & (states.recorded == 0))
    gaps = silent.group_by("person_id").aggregate(gaps=silent.count())
    shown = told.join(absent, happening)
    # One happening may end on different days by different sources; the earliest is when the step fell due.
    returned = shown.group_by(happening).aggregate(until=shown.until.min())
    counted = returned.group_by("person_id").aggregate(
        count=returned.count(), first=returned.until.min(), last=returned.until.max()
    )
    concerns = counted.left_join(gaps, "person_id").select(
        "person_id", "count", "first", "last", gaps=gaps.gaps.fill_null(0)
    )
    evidence = shown.select("person_id", "event_id", "agency").distinct()
    return Fired(concerns, evidence, _untold(records, test, gaps, concerns))


def _told(ended: ibis.Table, triggers: ibis.Table, steps: ibis.Table, test: StepAbsent) -> ibis.Table:
    """`ended` with done and recorded (1 or 0): whether the step was done, and whether the record speaks of it."""
    cases = steps.filter(steps.case_ref.notnull()).select("agency", "form", "case_ref").distinct().mutate(in_case=1)
    days = triggers.filter(triggers.day.notnull()).select("person_id", "day").distinct()
    days = days.mutate(next_day=days.day.lead().over(group_by=days.person_id, order_by=days.day))
    elsewhere = ended.left_join(days, ["person_id", "day"]).drop("person_id_right", "day_right")
    others = steps.filter(steps.day.notnull()).select("person_id", step_day="day", step_agency="agency").distinct()
    met = elsewhere.join(others, "person_id")
    met = met.filter(
        (met.step_agency != met.agency)
        & (met.step_day >= met.until)
        & (met.next_day.isnull() | (met.step_day < met.next_day))
    )
    met = met.select("person_id", "event_id").distinct().mutate(met=1)
    with_case = ended.left_join(cases, ["agency", "form", "case_ref"]).drop(
        "agency_right", "form_right", "case_ref_right"
    )
    with_both = with_case.left_join(met, ["person_id", "event_id"]).drop("person_id_right", "event_id_right")
    return with_both.mutate(
        done=ibis.ifelse(with_both.in_case.notnull() | with_both.met.notnull(), 1, 0),
        recorded=ibis.ifelse(speaks_of(with_both.details, test.recorded_by), 1, 0),
    )


def _untold(records: Records, test: StepAbsent, gaps: ibis.Table, concerns: ibis.Table) -> ibis.Table:
    """Children with a silent record; all children, where no source of the run records such events."""
    events = records.events.filter(records.events.type == test.event)
    everyone = everyone_unless(records, events)
    return gaps.select("person_id").union(everyone, distinct=True).anti_join(concerns, "person_id")
