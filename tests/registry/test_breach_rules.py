from __future__ import annotations

import pytest
from pydantic import ValidationError

from joinedup.registry.breach_rules import BreachRule, breach_rules
from joinedup.registry.code_sets import code_sets
from joinedup.registry.events import event_types, outcomes
from joinedup.registry.forms import forms
from joinedup.registry.rules import details_of

EVERY = list(breach_rules().values())


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_a_rule_names_registered_forms_events_outcomes_and_codes(rule):
    test = rule.test
    assert {*getattr(test, "events", ()), *getattr(test, "contacts", ())} <= set(event_types())
    assert set(getattr(test, "outcomes", ())) <= set(outcomes())
    assert set(getattr(test, "forms", ())) <= set(forms())
    known = set(code_sets()["police_outcome"].codes)
    assert {*getattr(test, "codes", ()), *getattr(test, "excused_codes", ())} <= known
    offences = set(code_sets()["police_offence"].codes)
    assert {*getattr(test, "offences", ()), *getattr(test, "vague", ())} <= offences
    for flag in getattr(test, "flags", ()):
        assert flag.detail in details_of(flag.event)
    assert {event.type for example in rule.examples for event in example.events} <= set(event_types())


def test_every_rule_has_a_sentence_and_a_source_of_its_own():
    assert len({rule.reason for rule in EVERY}) == len(EVERY)
    assert all(rule.source and rule.needs and rule.caveat for rule in EVERY)


def test_every_outcome_that_the_issue_of_closing_turns_on_has_a_rule():
    codes = {code for rule in EVERY for code in getattr(rule.test, "codes", ())}
    assert codes == {"14", "15", "16", "18", "20", "21"}


def test_a_reason_that_speaks_of_something_else_is_a_fault():
    with pytest.raises(ValidationError, match="reason speaks of"):
        BreachRule.model_validate(EVERY[0].model_dump() | {"reason": "By {whom}."})


def test_a_rule_without_an_example_that_lacks_is_a_fault():
    shown = [example.model_dump() for example in EVERY[0].examples if example.expect != "lacks"]
    with pytest.raises(ValidationError, match="no example that lacks"):
        BreachRule.model_validate(EVERY[0].model_dump() | {"examples": shown})
