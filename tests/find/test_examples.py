from __future__ import annotations

import pytest

from joinedup.find.examples import try_example, try_pack
from joinedup.registry.rules import packs

PACKS = list(packs().values())


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_every_rule_of_the_registry_comes_out_of_its_own_examples_as_it_says(pack):
    tried = try_pack(pack)
    assert [one for one in tried if not one.right] == []
    assert {(one.rule, one.expect) for one in tried} == {
        (rule.id, kind) for rule in pack.rules for kind in ("fires", "just_misses", "lacks")
    }


def test_an_example_that_comes_out_another_way_is_told_as_wrong():
    pack = packs()["missing"]
    rule = pack.rules[0]
    fires = next(example for example in rule.examples if example.expect == "fires")
    looser = rule.model_copy(update={"test": rule.test.model_copy(update={"within_days": 89})})
    tried = try_example(pack, looser, fires)
    assert (tried.came, tried.reason, tried.right) == ("just_misses", None, False)


def test_a_reason_in_other_words_is_told_as_wrong():
    pack = packs()["missing"]
    rule = pack.rules[0]
    fires = next(example for example in rule.examples if example.expect == "fires")
    tried = try_example(pack, rule, fires.model_copy(update={"reason": "Missing three times."}))
    assert (tried.came, tried.right) == ("fires", False)
