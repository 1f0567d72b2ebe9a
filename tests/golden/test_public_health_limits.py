"""Wilson, Byar, exact and Dobson limits against what the government's own package of these methods gives.

Its package PHStatsMethods follows Public Health England's technical guidance (Fingertips, Public health technical
guidance: proportions, rates, directly standardised rates, indirectly standardised ratios). It is not installed here, and
its code was not read: the numbers are its output, kept with the version.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from joinedup.stats.intervals import wilson
from joinedup.stats.rates import Stratum, crude_rate, standardised_rate, standardised_ratio

GIVEN = json.loads(Path(__file__).with_name("public_health_limits.json").read_text(encoding="utf-8"))


def near(value: float):
    return pytest.approx(value, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("count", "base", "level", "share", "lower", "upper"), GIVEN["proportions"])
def test_wilson_limits_of_a_share(count, base, level, share, lower, upper):
    found = wilson(count, base, level)
    assert count / base == near(share)
    assert (found.lower, found.upper) == (near(lower), near(upper))


@pytest.mark.parametrize(("events", "population", "level", "rate", "lower", "upper"), GIVEN["rates"])
def test_byar_limits_of_a_rate_and_exact_ones_below_ten_events(events, population, level, rate, lower, upper):
    found = crude_rate(events, population, level=level)
    assert (found.rate, found.limits.lower, found.limits.upper) == (near(rate), near(lower), near(upper))


@pytest.mark.parametrize("row", GIVEN["dsr"]["rows"])
def test_dobson_limits_of_a_directly_standardised_rate(row):
    level, events, _, rate, lower, upper = row
    found = standardised_rate([Stratum(*stratum) for stratum in GIVEN["dsr"]["strata"]], level=level)
    assert found is not None
    assert found.events == events
    assert (found.rate, found.limits.lower, found.limits.upper) == (near(rate), near(lower), near(upper))


@pytest.mark.parametrize("row", GIVEN["isr"]["rows"])
def test_limits_of_an_indirectly_standardised_ratio(row):
    level, observed, expected, ratio, lower, upper = row
    at_standard_rates = sum(people * events / base for _, people, events, base in GIVEN["isr"]["strata"])
    assert at_standard_rates == near(expected)
    found = standardised_ratio(int(observed), at_standard_rates, level)
    assert (found.rate, found.limits.lower, found.limits.upper) == (near(ratio), near(lower), near(upper))
