"""Chapman's estimate against textbooks, exact fractions, published tables, and a population of known size."""

from __future__ import annotations

import csv
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from joinedup.stats.intervals import chapman


def test_krebs_box_2_1():
    """C. J. Krebs, Ecological Methodology (1989), Box 2.1: 948 marked, 421 caught, 167 of them marked. Chapman: 2,383."""
    found = chapman(948, 421, 167)
    assert round(found.estimate) == 2383
    assert found.limits.lower > found.observed == 1202


def test_a_small_example_by_hand():
    """10 and 15 on two lists, 5 on both: 11 x 16 / 6 - 1 = 28 1/3; variance 11 x 16 x 5 x 10 / (36 x 7)."""
    found = chapman(10, 15, 5)
    assert found.estimate == pytest.approx(float(Fraction(11 * 16, 6) - 1), rel=1e-14)
    assert found.variance == pytest.approx(float(Fraction(11 * 16 * 5 * 10, 36 * 7)), rel=1e-14)


def test_lists_that_hold_the_same_people_leave_nobody_unseen():
    found = chapman(30, 30, 30)
    assert (found.estimate, found.variance, found.limits.lower, found.limits.upper) == (30, 0, 30, 30)


@pytest.mark.external
def test_pairs_of_the_hepatitis_table(shared_data):
    """Chao and others 1997, 271 people on three lists: each pair by exact fractions from the sums of the file."""
    with (shared_data / "mse" / "hepatitis_a_3list.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["count"]) for row in rows) == 271
    sums = {}
    for one, other in combinations(("P", "Q", "E"), 2):
        first = sum(int(row["count"]) for row in rows if row[one] == "1")
        second = sum(int(row["count"]) for row in rows if row[other] == "1")
        both = sum(int(row["count"]) for row in rows if row[one] == row[other] == "1")
        sums[one + other] = (first, second, both)
        exact = Fraction((first + 1) * (second + 1), both + 1) - 1
        assert chapman(first, second, both).estimate == pytest.approx(float(exact), rel=1e-13)
    assert sums == {"PQ": (135, 122, 49), "PE": (135, 126, 45), "QE": (122, 126, 46)}
    assert [round(chapman(*sums[pair]).estimate, 1) for pair in sums] == [333.6, 374.5, 331.4]


def test_limits_hold_a_known_population_about_as_often_as_they_say():
    """500 people, two independent lists with chances 0.4 and 0.3: of 2,000 draws, 93 to 98% of the limits hold 500."""
    draw = np.random.default_rng(1951)
    first, second = draw.random((2000, 500)) < 0.4, draw.random((2000, 500)) < 0.3
    held, estimates = 0, []
    for one, other in zip(first, second, strict=True):
        found = chapman(int(one.sum()), int(other.sum()), int((one & other).sum()))
        held += found.limits.lower <= 500 <= found.limits.upper
        estimates.append(found.estimate)
    assert 0.93 <= held / 2000 <= 0.98
    assert np.mean(estimates) == pytest.approx(500, rel=0.01)
    assert np.std(estimates) == pytest.approx(np.sqrt(np.mean([chapman(200, 150, 60).variance])), rel=0.15)
