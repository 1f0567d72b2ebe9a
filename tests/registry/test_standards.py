from __future__ import annotations

import pytest
from pydantic import ValidationError

from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.events import event_types, outcomes
from joinedup.registry.forms import forms
from joinedup.registry.local_standards import unknown_names
from joinedup.registry.standards import Standard, standards

EVERY = list(standards().values())


@pytest.mark.parametrize("standard", EVERY, ids=lambda standard: standard.id)
def test_a_standard_names_registered_forms_events_outcomes_and_details(standard):
    assert {standard.pathway, standard.first_step, standard.makes_due, standard.step.event} <= set(event_types())
    assert {*standard.excused_outcomes, *standard.step.not_taken} <= set(outcomes())
    assert unknown_names(standard) == []
    for name in standard.forms:
        events = [event for sheet in forms()[name].sheets for event in sheet.events]
        first, begins, dues, steps = (
            [event for event in events if event.type == kind]
            for kind in (standard.pathway, standard.first_step, standard.makes_due, standard.step.event)
        )
        # The form must hold what is measured: when the clock starts, when the step was taken, and which belong together.
        assert all(getattr(event, standard.clock.starts_at) for event in begins)
        assert all(getattr(event, standard.step.at) for event in steps)
        assert first
        assert dues
        assert {event.case_ref for event in (*steps, *begins, *dues)} == {event.case_ref for event in first}
        assert all(set(standard.step.recorded_by) <= set(event.details) for event in first)
        assert all(set(standard.excused_details) <= set(event.details) for event in dues)


@pytest.mark.parametrize("standard", EVERY, ids=lambda standard: standard.id)
def test_a_standard_says_its_nation_its_day_and_its_source(standard):
    assert standard.source in standard.label
    assert f"from {standard.since.day} {standard.since:%B %Y})" in standard.label
    assert f"({standard.nation.replace('_', ' ').title()}, from" in standard.label


def test_ids_differ_from_one_another_and_from_breach_rules():
    assert len({standard.id for standard in EVERY}) == len(EVERY)
    assert not set(standards()) & set(breach_rules())


def test_a_version_that_ended_before_it_began_is_a_fault():
    with pytest.raises(ValidationError, match="before 'since'"):
        Standard.model_validate(EVERY[0].model_dump() | {"until": "2000-01-01"})


def test_a_standard_without_an_example_of_each_kind_is_a_fault():
    fires = [example.model_dump() for example in EVERY[0].examples if example.expect == "fires"]
    with pytest.raises(ValidationError, match="just_misses or lacks"):
        Standard.model_validate(EVERY[0].model_dump() | {"examples": fires})


def test_a_late_sentence_without_its_day_is_a_fault():
    with pytest.raises(ValidationError, match="'late' must say"):
        Standard.model_validate(EVERY[0].model_dump() | {"late": "It was late."})
