from __future__ import annotations

import pytest
from pydantic import ValidationError

from joinedup.registry.events import event_types, outcomes
from joinedup.registry.forms import forms
from joinedup.registry.standards import Standard, standards

EVERY = list(standards().values())


@pytest.mark.parametrize("standard", EVERY, ids=lambda standard: standard.id)
def test_a_standard_names_registered_forms_events_outcomes_and_details(standard):
    assert {standard.pathway, standard.step.event} <= set(event_types())
    assert set(standard.excused_outcomes) <= set(outcomes())
    for name in standard.forms:
        events = [event for sheet in forms()[name].sheets for event in sheet.events]
        first = [event for event in events if event.type == standard.pathway]
        steps = [event for event in events if event.type == standard.step.event]
        # The form must hold what is measured: when the clock starts, when the step was taken, and which belong together.
        assert all(getattr(event, standard.clock.starts_at) for event in first)
        assert all(getattr(event, standard.step.at) for event in steps)
        assert first
        assert {event.case_ref for event in steps} == {event.case_ref for event in first}
        assert all(set(standard.step.recorded_by) <= set(event.details) for event in first)


@pytest.mark.parametrize("standard", EVERY, ids=lambda standard: standard.id)
def test_a_standard_says_its_nation_its_day_and_its_source(standard):
    assert standard.source in standard.label
    assert str(standard.since) in standard.label
    assert standard.nation in standard.label


def test_ids_differ():
    assert set(standards()) == {"return_interview_72h", "assessment_45_working_days"}


def test_a_late_sentence_without_its_day_is_a_fault():
    with pytest.raises(ValidationError, match="'late' must say"):
        Standard.model_validate(EVERY[0].model_dump() | {"late": "It was late."})
