from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.stats.intervals import Interval, chapman, jeffreys, unseen_limits, wilson

shares = st.integers(1, 5000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))
two_lists = st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))


@given(shares, st.sampled_from([wilson, jeffreys]))
def test_limits_hold_the_share_and_mirror_it(share, method):
    count, base = share
    limits, mirrored = method(count, base), method(base - count, base)
    assert 0 <= limits.lower <= count / base <= limits.upper <= 1
    assert limits.lower == pytest.approx(1 - mirrored.upper, abs=1e-9)
    wider = method(count, base, 0.99)
    assert wider.lower <= limits.lower
    assert limits.upper <= wider.upper


@given(two_lists)
def test_an_estimate_is_never_below_those_seen(drawn):
    only_first, only_second, both = drawn
    first, second = only_first + both, only_second + both
    found = chapman(first, second, both)
    assert found == chapman(second, first, both)
    assert found.observed == only_first + only_second + both
    assert found.observed <= found.limits.lower <= found.estimate + 1e-9
    assert found.estimate <= found.limits.upper + 1e-9
    assert found.estimate == pytest.approx((first + 1) * (second + 1) / (both + 1) - 1)


@given(two_lists)
def test_a_larger_overlap_means_fewer_unseen(drawn):
    only_first, only_second, both = (each + 1 for each in drawn)
    first, second = only_first + both, only_second + both
    assert chapman(first, second, both).estimate <= chapman(first, second, both - 1).estimate


@pytest.mark.parametrize("count_and_base", [(-1, 5), (6, 5), (0, 0)])
@pytest.mark.parametrize("method", [wilson, jeffreys])
def test_a_share_that_cannot_be_is_refused(method, count_and_base):
    with pytest.raises(ValueError, match="a share needs"):
        method(*count_and_base)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="overlap"):
        chapman(5, 9, 6)
    with pytest.raises(ValueError, match="level"):
        unseen_limits(10, 5.0, 2.0, 1.0)
    with pytest.raises(ValueError, match="above"):
        Interval(2.0, 1.0, 0.95)
