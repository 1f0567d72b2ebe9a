"""Sample coverage: the published row, the law it follows, and where it is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.estimate.sample_coverage import sample_coverage

HEPATITIS = [0, 69, 55, 21, 63, 17, 18, 28]
SWAPPED = [0, 55, 69, 21, 63, 18, 17, 28]


def test_hepatitis_a_as_printed() -> None:
    """Chao and others (1997, 2001): 407 (364-471), 971 (378-4858), 508 (428-627)."""
    found = sample_coverage(3, HEPATITIS, replicates=4000)
    assert round(found.independent.estimate) == 407
    assert round(found.high_coverage.estimate) == 971
    assert round(found.one_step.estimate) == 508
    assert (found.independent.lower, found.independent.upper) == pytest.approx((364, 471), abs=5)
    assert (found.one_step.lower, found.one_step.upper) == pytest.approx((428, 627), abs=8)
    # The printed limits of 971 rest on a standard error from 200 replicates of a law that has no variance: twenty such
    # standard errors run from about 650 to 6,000. Ours are quantiles of 4,000 replicates instead.
    assert found.high_coverage.standard_error is None
    assert 500 < found.high_coverage.lower < 620
    assert 3000 < found.high_coverage.upper < 7000
    assert found.advised == "one_step"
    assert "51%" in found.warnings[-1]


def test_independent_lists_give_their_population_by_every_estimate() -> None:
    """5,000 people, lists that hold a half, two fifths and three tenths: expected counts, rounded."""
    chances = (0.5, 0.4, 0.3)
    counts = [0] + [
        round(5000 * math.prod(c if pattern >> each & 1 else 1 - c for each, c in enumerate(chances)))
        for pattern in range(1, 8)
    ]
    found = sample_coverage(3, counts)
    for each in (found.independent, found.high_coverage, found.one_step):
        assert each.estimate == pytest.approx(5000, rel=0.01)
        assert each.lower < 5000 < each.upper
    assert found.advised == "high_coverage"


def test_the_order_of_lists_changes_nothing_and_the_seed_settles_the_limits() -> None:
    assert sample_coverage(3, HEPATITIS) == sample_coverage(3, HEPATITIS)
    one, other = sample_coverage(3, HEPATITIS), sample_coverage(3, SWAPPED)
    assert one.one_step.estimate == pytest.approx(other.one_step.estimate, rel=1e-12)
    assert sample_coverage(3, HEPATITIS, seed=2).one_step.upper != one.one_step.upper


@given(st.integers(2, 6))
def test_so_many_times_the_people_are_so_many_times_the_estimate(times) -> None:
    more = sample_coverage(3, np.array(HEPATITIS) * times, replicates=20)
    assert more.independent.estimate == pytest.approx(407.0038 * times, rel=1e-6)
    assert more.high_coverage.estimate == pytest.approx(970.8048 * times, rel=1e-6)


def test_other_numbers_of_lists_and_thin_tables_are_refused() -> None:
    four = sample_coverage(4, [0] + [3] * 15)
    assert four.refused.reason.startswith("4 lists")
    assert four.one_step is None
    thin = sample_coverage(3, [0, 50, 50, 1, 50, 1, 1, 1])
    assert thin.refused.reason.startswith("4 people")
