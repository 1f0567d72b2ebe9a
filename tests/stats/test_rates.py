"""Limits of counts and rates against their formulae at fifty digits, and against what is published of them."""

from __future__ import annotations

from decimal import Decimal, getcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, poisson

from joinedup.stats.intervals import wilson
from joinedup.stats.rates import (
    Stratum,
    byar_count_limits,
    count_limits,
    crude_rate,
    exact_count_limits,
    standardised_rate,
    standardised_ratio,
)

getcontext().prec = 50
Z = Decimal(repr(float(norm.ppf(0.975))))
THIRD = Decimal(1) / 3

# Counts and populations of the example in the documentation of the national indicator methods (phe_rate).
COUNTS = (8, 9, 48, 82, 750, 900, 6500, 8200, 10000)


def cubed(value):
    return value * value * value


@pytest.mark.parametrize("events", COUNTS)
def test_byar_is_its_published_formula_to_twelve_digits(events):
    count, more = Decimal(events), Decimal(events + 1)
    lower = count * cubed(1 - 1 / (9 * count) - Z / (3 * count.sqrt()))
    upper = more * cubed(1 - 1 / (9 * more) + Z / (3 * more.sqrt()))
    limits = byar_count_limits(events)
    assert limits.lower == pytest.approx(float(lower), rel=1e-12)
    assert limits.upper == pytest.approx(float(upper), rel=1e-12)


@pytest.mark.parametrize(("count", "base"), [(0, 10), (65, 100), (82, 100), (7, 7), (1264, 1446), (900, 10000)])
def test_wilson_is_its_published_formula_to_twelve_digits(count, base):
    o, n = Decimal(count), Decimal(base)
    half = Z * (Z * Z + 4 * o * (1 - o / n)).sqrt()
    limits = wilson(count, base)
    assert limits.lower == pytest.approx(float((2 * o + Z * Z - half) / (2 * (n + Z * Z))), abs=1e-12)
    assert limits.upper == pytest.approx(float((2 * o + Z * Z + half) / (2 * (n + Z * Z))), abs=1e-12)


@pytest.mark.parametrize("events", range(10, 400, 7))
def test_byar_lies_within_a_fifth_of_a_percent_of_the_exact_from_ten_events_on(events):
    """As Public Health England's technical guide on confidence intervals says of 95% limits (2018)."""
    byar, exact = byar_count_limits(events), exact_count_limits(events)
    assert byar.lower == pytest.approx(exact.lower, rel=0.002)
    assert byar.upper == pytest.approx(exact.upper, rel=0.002)


@given(st.integers(0, 60), st.sampled_from([0.8, 0.95, 0.998]))
def test_the_exact_limits_are_the_means_at_which_the_count_is_just_that_rare(events, level):
    limits, tail = exact_count_limits(events, level), (1 - level) / 2
    assert poisson.cdf(events, limits.upper) == pytest.approx(tail, rel=1e-6)
    if events:
        assert poisson.sf(events - 1, limits.lower) == pytest.approx(tail, rel=1e-6)


def test_below_ten_events_the_limits_are_exact():
    assert count_limits(9) == exact_count_limits(9)
    assert count_limits(10) == byar_count_limits(10)


def test_a_rate_scales_with_its_unit_and_needs_a_population():
    assert crude_rate(48, 10_000, per=1).limits.upper * 1000 == pytest.approx(
        crude_rate(48, 10_000, per=1000).limits.upper
    )
    with pytest.raises(ValueError, match="population"):
        crude_rate(1, 0)


def test_as_many_as_expected_is_one():
    assert standardised_ratio(12, 12.0).rate == 1.0


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(100, 5000), st.integers(1, 9)), min_size=1, max_size=5),
    st.integers(2, 7),
)
def test_a_standardised_rate_does_not_change_when_the_standard_population_is_counted_in_another_unit(strata, unit):
    plain = standardised_rate([Stratum(*each) for each in strata])
    scaled = standardised_rate([Stratum(events, people, unit * weight) for events, people, weight in strata])
    assert (plain is None) == (scaled is None) == (sum(events for events, *_ in strata) < 10)
    if plain and scaled:
        assert (plain.rate, plain.limits.lower, plain.limits.upper) == pytest.approx(
            (scaled.rate, scaled.limits.lower, scaled.limits.upper)
        )


def test_a_standardised_rate_of_one_stratum_is_its_crude_rate_with_the_same_limits():
    rate, crude = standardised_rate([Stratum(30, 1000, 5.0)]), crude_rate(30, 1000)
    assert rate is not None
    assert (rate.rate, rate.limits.lower, rate.limits.upper) == pytest.approx(
        (crude.rate, crude.limits.lower, crude.limits.upper)
    )
