"""Every standard and breach rule of the registry on its own examples: one that fires, one that just misses, one that lacks."""

from __future__ import annotations

import pytest

from joinedup.audit.examples import try_rule, try_standard
from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.standards import standards


@pytest.mark.parametrize("rule", list(breach_rules().values()), ids=lambda rule: rule.id)
def test_every_breach_rule_makes_of_its_examples_what_it_says(rule):
    tried = try_rule(rule)
    assert {one.expect for one in tried} == {"fires", "just_misses", "lacks"}
    assert [one for one in tried if not one.right] == []


@pytest.mark.parametrize("standard", list(standards().values()), ids=lambda standard: standard.id)
def test_every_standard_makes_of_its_examples_what_it_says(standard):
    tried = try_standard(standard)
    assert {one.expect for one in tried} == {"fires", "just_misses", "lacks"}
    assert [one for one in tried if not one.right] == []
