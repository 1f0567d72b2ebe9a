from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from joinedup.errors import UsageError
from joinedup.registry.rules import Pack, Rule, chosen_packs, packs, unknown_names
from joinedup.settings import Inquiry

RULES = [rule for pack in packs().values() for rule in pack.rules]


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


@pytest.mark.parametrize("pack", packs().values(), ids=lambda pack: pack.id)
def test_a_pack_names_registered_events_outcomes_and_details(pack):
    assert unknown_names(pack) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_examples_that_fire_it_just_miss_and_lack_what_it_needs(rule):
    """That they come out as they say is tried by tests/find/test_examples.py, on the rules as find fires them."""
    assert {example.expect for example in rule.examples} == {"fires", "just_misses", "lacks"}
    assert len({example.about for example in rule.examples}) == len(rule.examples)


def test_a_rule_without_an_example_of_a_kind_is_a_fault():
    rule = RULES[0].model_dump()
    fires = [example for example in rule["examples"] if example["expect"] == "fires"]
    with pytest.raises(ValidationError, match="no example that just_misses or lacks"):
        Rule.model_validate(rule | {"examples": fires})


def test_an_example_that_fires_says_its_reason():
    rule = RULES[0].model_dump()
    with pytest.raises(ValidationError, match="says the reason"):
        Rule.model_validate(rule | {"examples": [{**rule["examples"][0], "reason": None}]})


def test_names_that_are_not_registered_are_found_where_they_stand():
    pack = packs()["missing"].model_dump()
    pack["rules"][0]["test"]["events"] = ["mising_episode"]
    pack["rules"][1]["test"]["recorded_by"] = ["rhi"]
    pack["rules"][1]["examples"][0]["events"][0]["type"] = "interview"
    pack["rules"][1]["reason"] = pack["rules"][0]["reason"]
    places = [where for where, _ in unknown_names(Pack.model_validate(pack))]
    assert places == [
        ("rules", 0, "reason"),
        ("rules", 0, "test"),
        ("rules", 1, "reason"),
        ("rules", 1, "examples", 0, "events", 0),
        ("rules", 1, "test", "recorded_by"),
    ]


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
