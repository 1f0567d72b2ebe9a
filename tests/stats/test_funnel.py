from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from joinedup.stats.funnel import binomial_limit, funnel, funnel_limits


@given(st.integers(1, 400), st.floats(0.02, 0.98), st.sampled_from([0.001, 0.025, 0.975, 0.999]))
def test_a_limit_lies_between_the_counts_at_which_the_chance_passes_the_tail(base, common, tail):
    limit = binomial_limit(base, common, tail) * base
    count = int(binom.ppf(tail, base, common))
    assert max(0, count - 1) - 1e-9 <= limit <= count + 1e-9


def test_limits_close_in_with_size_and_hold_the_common_share():
    widths = [upper - lower for lower, upper in (funnel_limits(base, 0.6, 0.95) for base in (10, 100, 1000))]
    assert widths == sorted(widths, reverse=True)
    lower, upper = funnel_limits(100, 0.6, 0.95)
    assert lower < 0.6 < upper


def test_bodies_that_differ_by_chance_alone_are_not_over_dispersed_and_seldom_stand_out():
    rng = np.random.default_rng(3)
    bases = rng.integers(20, 400, 200)
    found = funnel(rng.binomial(bases, 0.63), bases)
    assert found.dispersion == 1.0
    outside = (found.share < found.outer_lower) | (found.share > found.outer_upper)
    assert outside.sum() <= 3
    assert (found.adjusted < 0.05).sum() <= 1


def test_one_far_body_stands_out_and_does_not_widen_the_funnel():
    bases = np.full(12, 100)
    counts = np.array([63, 60, 66, 64, 61, 65, 62, 59, 67, 63, 64, 20])
    found = funnel(counts, bases)
    assert found.dispersion == 1.0
    assert np.flatnonzero(found.adjusted < 0.01).tolist() == [11]
    assert found.share[11] < found.outer_lower[11]


def test_bodies_that_all_differ_widen_the_funnel():
    bases = np.full(10, 400)
    counts = np.array([120, 160, 200, 240, 280, 130, 170, 210, 250, 290])
    found = funnel(counts, bases)
    assert found.dispersion > 5
    assert (found.adjusted > 0.05).all()
    lower, upper = funnel_limits(400, found.common, 0.95)
    assert found.inner_lower[0] < lower
    assert found.inner_upper[0] > upper


def test_all_met_or_none_met_has_no_funnel_to_leave():
    found = funnel(np.array([5, 9]), np.array([5, 9]))
    assert (found.common, found.chance.tolist()) == (1.0, [1.0, 1.0])


def test_a_body_without_cases_is_refused():
    with pytest.raises(ValueError, match="base of at least 1"):
        funnel(np.array([0]), np.array([0]))
