from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from joinedup.errors import UsageError
from joinedup.registry.events import event_types, outcomes
from joinedup.registry.forms import forms
from joinedup.registry.rules import Pack, Repeated, Rule, chosen_packs, packs
from joinedup.settings import Inquiry

RULES = [rule for pack in packs().values() for rule in pack.rules]
TESTS = Path(__file__).resolve().parents[1] / "find"


def test_a_rule_stands_in_one_pack_and_a_pack_in_a_file_of_its_name():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {"missing", "history"} <= set(packs())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_all_that_a_person_needs(rule):
    for sentence in (rule.title, rule.reason, rule.needs, rule.not_recorded, rule.clears, rule.source, rule.caveat):
        assert len(sentence.split()) >= 3
    assert [other.reason for other in RULES].count(rule.reason) == 1
    assert "{count}" in rule.reason
    assert "{first}" in rule.reason
    assert "{last}" in rule.reason


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_registered_events_outcomes_and_details(rule):
    test = rule.test
    if isinstance(test, Repeated):
        assert set(test.events) <= set(event_types())
        assert set(test.outcomes) <= set(outcomes())
        return
    assert {test.event, test.step} <= set(event_types())
    told = {
        detail
        for form in forms().values()
        for sheet in form.sheets
        for event in sheet.events
        if event.type == test.event
        for detail in event.details
    }
    assert set(test.recorded_by) <= told


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_tested_firing_just_missing_and_not_recorded(rule):
    """Every rule is named in a test module of find that holds a test of each kind; see RULE and the rule ids there."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(TESTS.glob("test_*.py"))]
    functions = [
        (node.name, ast.unparse(node), text)
        for text in texts
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    named = [
        name
        for name, body, text in functions
        if f"'{rule.id}'" in body or (f'RULE = "{rule.id}"' in text and "RULE" in text)
    ]
    for kind in (r"_fire", r"just_miss|clears|does_not_fire", r"evaluated|without_a_full_date|told_apart"):
        assert any(re.search(kind, name) for name in named), f"{rule.id}: no test named like {kind}"


def test_the_packs_an_inquiry_has_by_default_are_there():
    default = Inquiry.model_fields["rule_packs"].default
    assert [pack.id for pack in chosen_packs(default)] == list(default)


def test_an_unknown_pack_is_refused():
    with pytest.raises(UsageError, match="'nothing'"):
        chosen_packs(["nothing"])


def test_a_sentence_that_cannot_be_filled_is_a_fault():
    rule = RULES[0].model_dump()
    with pytest.raises(ValidationError, match="reason speaks of"):
        Rule.model_validate(rule | {"reason": "{who} was missing"})


def test_an_unknown_key_of_a_pack_is_a_fault():
    text = (Path(__file__).resolve().parents[2] / "src/joinedup/registry/rules/missing.yaml").read_text(
        encoding="utf-8"
    )
    with pytest.raises(ValidationError, match="weight"):
        Pack.model_validate(yaml.safe_load(text) | {"weight": 5})
