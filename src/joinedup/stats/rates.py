"""Rates against a population, standardised rates and ratios, and how far chance alone moves a count.

Limits as the public health observatories recommend: exact below ten events, Byar's approximation from ten on, Dobson's
for a directly standardised rate, which is not given below ten events. They say how far chance moves a complete count of
rare and independent events; they say nothing of events that were not recorded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import chi2

from joinedup.stats.intervals import Interval, two_sided

FEWEST_FOR_APPROXIMATION = 10


@dataclass(frozen=True, slots=True)
class Rate:
    """Events over a population or over those expected, with limits, in events for each unit of `per`."""

    events: int
    rate: float
    limits: Interval
    per: float


def exact_count_limits(events: int, level: float = 0.95) -> Interval:
    """Exact limits of the mean of a Poisson count, from the chi-squared distribution.

    Source: F. Garwood, Biometrika 28 (1936), 437-442. Raises ValueError for a count below nought.

    >>> limits = exact_count_limits(5)
    >>> round(limits.lower, 4), round(limits.upper, 4)
    (1.6235, 11.6683)
    """
    if events < 0:
        raise ValueError("a count is nought or more")
    two_sided(level)
    tail = (1 - level) / 2
    lower = 0.0 if events == 0 else float(chi2.ppf(tail, 2 * events)) / 2
    return Interval(lower, float(chi2.ppf(1 - tail, 2 * events + 2)) / 2, level)


def byar_count_limits(events: int, level: float = 0.95) -> Interval:
    """Byar's limits of the mean of a Poisson count: within 0.2% of the exact at 95% from ten events on.

    Source: N. E. Breslow and N. E. Day, Statistical Methods in Cancer Research II, 1987, as recommended in Public Health
    England's technical guide on confidence intervals. Raises ValueError for a count below one.

    >>> limits = byar_count_limits(10)
    >>> round(limits.lower, 4), round(limits.upper, 4)
    (4.7874, 18.3915)
    """
    if events < 1:
        raise ValueError("Byar's limits need a count of one or more")
    z, more = two_sided(level), events + 1
    lower = events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3
    upper = more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
    return Interval(max(lower, 0.0), upper, level)


def count_limits(events: int, level: float = 0.95) -> Interval:
    """Limits of the mean of a count: exact below ten events, Byar's from ten on."""
    return (byar_count_limits if events >= FEWEST_FOR_APPROXIMATION else exact_count_limits)(events, level)


def crude_rate(events: int, population: float, per: float = 100_000, level: float = 0.95) -> Rate:
    """Events for each `per` of the population, with limits.

    Assumes rare events, independent of each other, in a population that is known. Raises ValueError for an empty
    population.

    >>> found = crude_rate(48, 10_000, per=1_000)
    >>> round(found.rate, 2), round(found.limits.lower, 2), round(found.limits.upper, 2)
    (4.8, 3.54, 6.36)
    """
    if population <= 0:
        raise ValueError("a rate needs a population above nought")
    limits, scale = count_limits(events, level), per / population
    return Rate(events, events * scale, Interval(limits.lower * scale, limits.upper * scale, level), per)


def standardised_ratio(observed: int, expected: float, level: float = 0.95) -> Rate:
    """Events over those expected at the standard population's rates (indirect standardisation), with limits.

    1 says as many as expected. Raises ValueError where none are expected.

    >>> found = standardised_ratio(20, 10.0)
    >>> round(found.rate, 2), round(found.limits.lower, 2), round(found.limits.upper, 2)
    (2.0, 1.22, 3.09)
    """
    return crude_rate(observed, expected, per=1.0, level=level)


@dataclass(frozen=True, slots=True)
class Stratum:
    """One age band, say: its events, its population, and the standard population's weight."""

    events: int
    population: float
    weight: float

    def __post_init__(self) -> None:
        if self.events < 0 or self.population <= 0 or self.weight < 0:
            raise ValueError("a stratum needs events and a weight of nought or more and a population above nought")


def standardised_rate(strata: Sequence[Stratum], per: float = 100_000, level: float = 0.95) -> Rate | None:
    """The rate there would be in the standard population at these strata's rates (direct standardisation); None below ten
    events, where the limits do not hold.

    Limits: A. J. Dobson, K. Kuulasmaa, E. Eberle and J. Scherer, Statistics in Medicine 10 (1991), 457-462. Raises
    ValueError where no stratum has weight.

    >>> found = standardised_rate([Stratum(30, 1_000, 1.0), Stratum(70, 2_000, 1.0)], per=1_000)
    >>> round(found.rate, 2), round(found.limits.lower, 2), round(found.limits.upper, 2)
    (32.5, 26.08, 39.95)
    """
    weights = sum(each.weight for each in strata)
    if weights <= 0:
        raise ValueError("a standard population needs somebody in it")
    events = sum(each.events for each in strata)
    if events < FEWEST_FOR_APPROXIMATION:
        return None
    rate = sum(each.weight * each.events / each.population for each in strata) / weights
    variance = sum(each.weight**2 * each.events / each.population**2 for each in strata) / weights**2
    limits, spread = count_limits(events, level), math.sqrt(variance / events)
    lower, upper = rate + spread * (limits.lower - events), rate + spread * (limits.upper - events)
    return Rate(events, rate * per, Interval(max(lower, 0.0) * per, upper * per, level), per)
