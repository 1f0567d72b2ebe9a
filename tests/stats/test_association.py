"""Ratio, difference, their limits and bounds: worked by hand, against published examples, and by trying every filling."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.stats.association import NOBODY_TOLD, NONE_SHOWN, Counted, association


def test_newcombes_own_examples_of_a_difference():
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10: 56/70 - 48/80 and 9/10 - 3/10."""
    one = association(Counted(56, 14), Counted(48, 32))
    two = association(Counted(9, 1), Counted(3, 7))
    assert one.difference == pytest.approx(0.2)
    assert (one.difference_limits.lower, one.difference_limits.upper) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert (two.difference_limits.lower, two.difference_limits.upper) == pytest.approx((0.1705, 0.8090), abs=5e-5)


def test_the_ratio_by_hand():
    found = association(Counted(30, 70), Counted(10, 90))
    spread = 1.959964 * math.sqrt(1 / 30 - 1 / 100 + 1 / 10 - 1 / 100)
    assert (found.risk, found.risk_of_others, found.ratio) == pytest.approx((0.3, 0.1, 3.0))
    limits = (found.ratio_limits.lower, found.ratio_limits.upper)
    assert limits == pytest.approx((3 * math.exp(-spread), 3 * math.exp(spread)), rel=1e-6)


def test_with_nothing_unknown_the_bounds_are_the_figures():
    found = association(Counted(30, 70), Counted(10, 90))
    assert found.ratio_bounds == pytest.approx((3.0, 3.0))
    assert found.difference_bounds == pytest.approx((0.2, 0.2))


def test_no_ratio_where_none_is_shown_or_nobody_told():
    assert association(Counted(0, 10), Counted(3, 7)).refused == NONE_SHOWN
    assert association(Counted(0, 10), Counted(3, 7)).difference == pytest.approx(-0.3)
    assert association(Counted(0, 0, 5), Counted(3, 7)).refused == NOBODY_TOLD
    assert association(Counted(0, 0, 5), Counted(3, 7)).difference_bounds == pytest.approx((-0.3, 0.7))
    assert association(Counted(0, 0), Counted(0, 0)).ratio_bounds is None


def fillings(group, others, unsure):
    """Every way in which the unknowns could be: who of them shows it, and to which side the unsure belong."""
    for mine, theirs in itertools.product(range(group.unknown + 1), range(others.unknown + 1)):
        for yes, no in itertools.product(range(unsure.yes + 1), range(unsure.no + 1)):
            for side, with_mine in itertools.product(range(unsure.unknown + 1), repeat=2):
                for with_theirs in range(unsure.unknown - side + 1):
                    if with_mine <= side:
                        one = (group.yes + mine + yes + with_mine, group.all + yes + no + side)
                        left = unsure.all - yes - no - side
                        other = (others.yes + theirs + unsure.yes - yes + with_theirs, others.all + left)
                        yield one[0] / one[1], other[0] / other[1]


small = st.builds(Counted, st.integers(1, 3), st.integers(1, 3), st.integers(0, 2))
few = st.builds(Counted, st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))


@settings(max_examples=60)
@given(small, small, few)
def test_the_bounds_are_the_least_and_most_of_every_filling(group, others, unsure):
    found = association(group, others, unsure)
    ratios = [one / other for one, other in fillings(group, others, unsure)]
    differences = [one - other for one, other in fillings(group, others, unsure)]
    assert found.ratio_bounds == pytest.approx((min(ratios), max(ratios)))
    assert found.difference_bounds == pytest.approx((min(differences), max(differences)))


@settings(max_examples=60)
@given(small, small)
def test_limits_hold_the_figure_between_them(group, others):
    found = association(group, others)
    assert found.ratio_limits.lower <= found.ratio <= found.ratio_limits.upper
    assert found.difference_limits.lower <= found.difference <= found.difference_limits.upper


def test_counts_are_not_negative():
    with pytest.raises(ValueError, match="negative"):
        Counted(-1, 0)
