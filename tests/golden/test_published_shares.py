"""Shares fought over in public, and the limits of shares as their papers print them."""

from __future__ import annotations

import math

import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from joinedup.stats.bounds import verdict, within_odds_ratio, worst_case
from joinedup.stats.intervals import jeffreys, wilson


def test_ceop_2011_victims_by_sex():
    """Thematic assessment, June 2011: 2,083 victims, 1,264 recorded female, 182 male. 87.4% of those known; 60.7 to 91.3% of all."""
    bounds = worst_case(1264, 1264 + 182, 2083 - 1264 - 182)
    assert round(100 * 1264 / (1264 + 182), 1) == 87.4
    assert (round(100 * bounds.lower, 1), round(100 * bounds.upper, 1)) == (60.7, 91.3)
    assert verdict(bounds, ">=", 0.6) == "supported"
    assert verdict(bounds, ">=", 0.9) == "cannot be told"
    assert verdict(bounds, ">=", 0.92) == "contradicted"


def test_ceop_2011_a_third_of_offenders_unrecorded_bound_no_majority():
    """2,379 offenders, 26% and 38% of two groups, 32% not recorded, as printed: 26 to 58% and 38 to 70%."""
    smaller, larger = worst_case(26, 68, 32), worst_case(38, 68, 32)
    assert (smaller.lower, smaller.upper) == (0.26, 0.58)
    assert (larger.lower, larger.upper) == (0.38, 0.70)
    assert verdict(smaller, ">=", 0.5) == verdict(larger, ">", 0.5) == "cannot be told"
    assert verdict(smaller, ">=", 0.2) == "supported"


def test_ceop_2011_groups():
    """230 groups: 41 and 36 of two kinds, 137 unknown, 16 of neither."""
    bounds = worst_case(41, 93, 137)
    assert (round(bounds.lower, 3), round(bounds.upper, 3)) == (0.178, 0.774)
    assert verdict(bounds, ">", 0.5) == "cannot be told"


def test_ceop_2011_base_of_940_fully_identified():
    """If 26%, 38% and 32% unknown were of the 940 of 2,379 fully identified: 10.3 to 83.4% and 15.0 to 88.1% of all."""
    for share, expected in ((0.26, (10.3, 83.4)), (0.38, (15.0, 88.1))):
        bounds = worst_case(share * 940, 0.68 * 940, 2379 - 0.68 * 940)
        assert (round(100 * bounds.lower, 1), round(100 * bounds.upper, 1)) == expected


def test_hydrant_2023():
    """83% of the 34% of suspects whose ethnicity was recorded: 28.2 to 94.2% of all; 7% of them: 2.4 to 68.4%."""
    for share, expected in ((83, (28.2, 94.2)), (7, (2.4, 68.4))):
        bounds = worst_case(0.34 * share, 34, 66)
        assert (round(100 * bounds.lower, 1), round(100 * bounds.upper, 1)) == expected


@pytest.mark.parametrize(
    ("ratio", "lower", "upper"),
    [(1, 38.7, 38.7), (1.5, 35.7, 42.0), (2, 33.9, 44.3), (3, 31.7, 47.5), (10, 27.9, 54.3), (math.inf, 26.0, 58.8)],
)
def test_selection_odds_ratio_ladder_of_the_26_per_cent(ratio, lower, upper):
    """26% of all recorded as one group, 67.2% known: the ladder worked out for the design of this project."""
    bounds = within_odds_ratio(0.26, 0.672, 0.328, ratio)
    assert 100 * bounds.lower == pytest.approx(lower, abs=0.0501)
    assert 100 * bounds.upper == pytest.approx(upper, abs=0.0501)


@pytest.mark.parametrize(
    ("count", "base", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_limits_as_printed(count, base, lower, upper):
    """R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, Table I, method 3."""
    limits = wilson(count, base)
    assert (round(limits.lower, 4), round(limits.upper, 4)) == (lower, upper)


@pytest.mark.parametrize(("count", "base"), [(1, 10), (5, 10), (9, 10), (30, 900), (182, 1446)])
def test_wilson_limits_solve_the_score_equation(count, base):
    """The limits are where the score test just rejects, found here by root finding and not by the closed form."""
    z, share = norm.ppf(0.975), count / base

    def score(value: float) -> float:
        return (share - value) ** 2 - z * z * value * (1 - value) / base

    limits = wilson(count, base)
    assert limits.lower == pytest.approx(brentq(score, 1e-12, share, xtol=1e-15), abs=1e-12)
    assert limits.upper == pytest.approx(brentq(score, share, 1 - 1e-12, xtol=1e-15), abs=1e-12)


def test_jeffreys_limits_hold_the_level_of_the_posterior():
    """Each tail of beta(count + 1/2, base - count + 1/2) outside the limits holds half of what the level leaves."""
    from scipy.integrate import quad

    limits = jeffreys(3, 12, 0.9)
    constant = math.gamma(13) / (math.gamma(3.5) * math.gamma(9.5))
    below = quad(lambda p: constant * p**2.5 * (1 - p) ** 8.5, 0, limits.lower)[0]
    above = quad(lambda p: constant * p**2.5 * (1 - p) ** 8.5, limits.upper, 1)[0]
    assert (below, above) == (pytest.approx(0.05, abs=1e-9), pytest.approx(0.05, abs=1e-9))
