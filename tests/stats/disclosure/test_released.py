from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.registry.disclosure import DisclosureRule, disclosure_rules
from joinedup.stats.disclosure import (
    NOT_AVAILABLE,
    ReleasedNumber,
    ReleasedTable,
    protect,
    protect_estimate,
    protect_share,
    protect_table,
)

RULES = sorted(disclosure_rules().values(), key=lambda rule: rule.id)
any_rule = st.sampled_from(RULES)
counts = st.integers(min_value=0, max_value=5_000_000)


def test_every_rule_has_a_source_and_says_what_its_source_was_not_seen_to_say():
    assert "nhs_round_5" in disclosure_rules()
    assert all(rule.source for rule in RULES)


def test_nhs_rule_to_the_digit():
    rule = disclosure_rules()["nhs_round_5"]
    shown = {count: protect(count, **rule.for_counts()).shown for count in (0, 1, 3, 5, 7, 8, 12, 13, 182, 1264, 2083)}
    assert shown == {
        0: "0", 1: "5", 3: "5", 5: "5", 7: "5", 8: "10", 12: "10", 13: "15", 182: "180", 1264: "1,265", 2083: "2,085",
    }  # fmt: skip


@given(any_rule, st.data())
def test_every_small_count_looks_like_every_other(rule: DisclosureRule, data):
    small = st.integers(rule.small_from, rule.small_to)
    one, other = data.draw(small), data.draw(small)
    assert protect(one, **rule.for_counts()) == protect(other, **rule.for_counts())


@given(any_rule, counts)
def test_what_is_shown_is_never_a_small_count_let_through(rule: DisclosureRule, count: int):
    released = protect(count, **rule.for_counts())
    hidden = rule.small_from <= count <= rule.small_to
    assert (released.shown == rule.small_shown) == hidden
    if not hidden and count:
        assert released.value is not None
        assert released.value > rule.small_to
        assert released.value % rule.round_to == 0
        assert abs(released.value - count) < rule.round_to


@given(any_rule, counts, counts)
def test_rounding_keeps_order_and_is_the_same_every_time(rule: DisclosureRule, one: int, other: int):
    lower, upper = (protect(count, **rule.for_counts()) for count in sorted((one, other)))
    if lower.value is not None and upper.value is not None:
        assert lower.value <= upper.value
    assert protect(one, **rule.for_counts()) == protect(one, **rule.for_counts())


@given(st.integers(8, 10_000))
def test_no_released_number_holds_the_exact_count(count: int):
    released = protect(count, small_from=1, small_to=7, round_to=5)
    held = [getattr(released, name.name) for name in dataclasses.fields(released)]
    assert count % 5 == 0 or count not in held


def test_a_released_number_is_made_only_by_a_rule():
    with pytest.raises(TypeError, match="made only by"):
        ReleasedNumber("3", "none", 3.0)
    with pytest.raises(TypeError, match="made only by"):
        ReleasedTable(("a",), (("b",),), "none")
    made = protect(100, small_from=1, small_to=7, round_to=5)
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(made, shown="3")
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.shown = "3"  # type: ignore[misc]


def test_a_released_number_may_be_copied_as_it_is():
    made = protect(100, small_from=1, small_to=7, round_to=5)
    assert copy.deepcopy(made) == made
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301


def test_an_absent_count_is_not_shown_as_nought():
    assert protect(None, small_from=1, small_to=7, round_to=5).shown == NOT_AVAILABLE
    assert protect_estimate(None, round_to=10).shown == NOT_AVAILABLE


@pytest.mark.parametrize(
    "make", [lambda: protect(-1, small_from=1, small_to=7, round_to=5), lambda: protect_estimate(-1.0, round_to=10)]
)
def test_a_number_of_people_below_nought_is_refused(make):
    with pytest.raises(ValueError, match="below nought"):
        make()


@given(counts, st.integers(0, 5_000_000))
def test_a_share_uses_only_what_is_published(part: int, rest: int):
    rule = {"small_from": 1, "small_to": 7, "round_to": 5}
    released = protect_share(protect(part, **rule), protect(part + rest, **rule))
    again = protect_share(protect(int(protect(part, **rule).value or 0) or 0, **rule), protect(part + rest, **rule))
    assert released.shown == again.shown
    assert released.value is None or 0 <= released.value <= 1


def test_a_share_of_nobody_is_not_available():
    rule = {"small_from": 1, "small_to": 7, "round_to": 5}
    assert protect_share(protect(0, **rule), protect(0, **rule)).shown == NOT_AVAILABLE


def test_a_number_cannot_pass_as_a_label():
    rule = {"small_from": 1, "small_to": 7, "round_to": 5}
    with pytest.raises(ValueError, match="no rule was applied"):
        protect_table(["area", "children"], [[3, 3]], counts=["children"], protection=rule)
    with pytest.raises(ValueError, match="whole number"):
        protect_table(["area", "children"], [["ZX", 3.5]], counts=["children"], protection=rule)
    with pytest.raises(ValueError, match="no columns"):
        protect_table(["area"], [["ZX"]], counts=["children"], protection=rule)
