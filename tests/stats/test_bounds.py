from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.stats.bounds import ShareBounds, verdict, within_odds_ratio, worst_case

counted = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)).filter(lambda drawn: sum(drawn) > 0)


@given(counted)
def test_worst_case_bounds_are_reached_and_never_passed(drawn):
    having, lacking, unknown = drawn
    bounds, base = worst_case(having, having + lacking, unknown), sum(drawn)
    reachable = [(having + more) / base for more in range(unknown + 1)]
    assert (bounds.lower, bounds.upper) == (pytest.approx(min(reachable)), pytest.approx(max(reachable)))


@given(counted, st.floats(1, 100), st.floats(1, 100))
def test_a_larger_odds_ratio_widens_the_bounds_up_to_the_worst_case(drawn, one, other):
    having, lacking, unknown = drawn
    narrow, wide = (within_odds_ratio(having, having + lacking, unknown, ratio) for ratio in sorted((one, other)))
    worst = worst_case(having, having + lacking, unknown)
    assert worst.lower - 1e-12 <= wide.lower <= narrow.lower + 1e-12
    assert narrow.upper - 1e-12 <= wide.upper <= worst.upper + 1e-12


@given(counted)
def test_an_odds_ratio_of_one_gives_the_share_of_those_known_and_infinity_the_worst_case(drawn):
    having, lacking, unknown = drawn
    known = having + lacking
    if known:
        alike = within_odds_ratio(having, known, unknown, 1)
        assert (alike.lower, alike.upper) == (pytest.approx(having / known), pytest.approx(having / known))
    assert within_odds_ratio(having, known, unknown, math.inf) == worst_case(having, known, unknown)


@given(counted, st.floats(1.01, 50))
def test_the_upper_bound_has_the_odds_it_says(drawn, ratio):
    having, lacking, unknown = (each + 1 for each in drawn)
    bounds = within_odds_ratio(having, having + lacking, unknown, ratio)
    share_of_unknown = (bounds.upper * (having + lacking + unknown) - having) / unknown
    assert share_of_unknown / (1 - share_of_unknown) == pytest.approx(ratio * having / lacking, rel=1e-6)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from([">=", ">", "<=", "<"]))
def test_a_verdict_is_what_every_share_within_the_bounds_says(one, other, against, comparison):
    lower, upper = sorted((one, other))
    holds = {">=": float.__ge__, ">": float.__gt__, "<=": float.__le__, "<": float.__lt__}[comparison]
    said = {holds(share, against) for share in (lower, upper)}
    expected = "cannot be told" if len(said) == 2 else "supported" if said == {True} else "contradicted"
    assert verdict(ShareBounds(lower, upper), comparison, against) == expected


@pytest.mark.parametrize("drawn", [(5, 4, 1), (-1, 4, 1), (1, 4, -1), (0, 0, 0)])
def test_counts_that_do_not_fit_are_refused(drawn):
    with pytest.raises(ValueError, match="needs 0"):
        worst_case(*drawn)


def test_an_odds_ratio_below_one_is_refused():
    with pytest.raises(ValueError, match="1 or more"):
        within_odds_ratio(1, 2, 3, 0.5)
