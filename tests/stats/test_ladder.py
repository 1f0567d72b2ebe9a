from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.stats.intervals import wilson
from joinedup.stats.ladder import RATIOS, Group, imputed, ladder


def test_the_offenders_of_the_2011_assessment_rung_by_rung():
    """26% recorded as one ethnic group, 32.8% not recorded: the rungs printed in the reference note on honest profiles."""
    rungs = {rung.ratio: (rung.bounds.lower, rung.bounds.upper) for rung in ladder(2600, 6720, 3280)}
    printed = {1.0: (0.387, 0.387), 1.5: (0.357, 0.420), 2.0: (0.339, 0.443), 3.0: (0.317, 0.475), 10.0: (0.279, 0.543)}
    for ratio, ends in printed.items():
        assert rungs[ratio] == pytest.approx(ends, abs=0.001)
    assert rungs[math.inf] == pytest.approx((0.26, 0.588))


def test_the_victims_of_the_2011_assessment_nothing_assumed():
    first = ladder(1264, 1446, 637)[0]
    assert (round(first.bounds.lower, 3), round(first.bounds.upper, 3)) == (0.607, 0.913)


counts = st.tuples(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60)).map(
    lambda drawn: (min(drawn[0], drawn[1]), drawn[1], drawn[2])
)


@given(counts)
def test_assuming_more_never_widens_and_chance_never_narrows(drawn):
    rungs = ladder(*drawn)
    assert tuple(rung.ratio for rung in rungs) == RATIOS
    tiny = 1e-12
    for wide, narrow in itertools.pairwise(rungs):
        assert wide.bounds.lower <= narrow.bounds.lower + tiny
        assert wide.bounds.upper >= narrow.bounds.upper - tiny
        assert wide.limits.lower <= narrow.limits.lower + tiny
        assert wide.limits.upper >= narrow.limits.upper - tiny
    for rung in rungs:
        assert rung.limits.lower <= rung.bounds.lower <= rung.bounds.upper <= rung.limits.upper


@given(counts)
def test_just_like_those_known_is_the_share_of_those_known_with_its_own_limits(drawn):
    with_value, known, unknown = drawn
    last, chance = ladder(with_value, known, unknown)[-1], wilson(with_value, known)
    assert (last.bounds.lower, last.bounds.upper) == pytest.approx((with_value / known, with_value / known))
    assert (last.limits.lower, last.limits.upper) == pytest.approx((chance.lower, chance.upper))


def test_nobody_known_has_no_ladder():
    with pytest.raises(ValueError, match="known"):
        ladder(0, 0, 5)


def test_the_scenario_fills_in_each_group_from_its_own_and_is_reproducible():
    groups = [Group(90, 100, 0), Group(10, 100, 800)]
    found = imputed(groups, seed=3)
    assert found == imputed(groups, seed=3)
    # 90 + 10 + a tenth of the 800: a tenth of those known in their group, not half of all those known.
    assert found.share == pytest.approx(0.18, abs=0.03)
    assert found.limits.lower < 0.18 < found.limits.upper


def test_with_nobody_unknown_the_scenario_is_the_count():
    assert imputed([Group(3, 12, 0)], seed=1).share == pytest.approx(0.25)


def test_a_scenario_of_nobody_is_refused():
    with pytest.raises(ValueError, match="somebody"):
        imputed([], seed=1)
