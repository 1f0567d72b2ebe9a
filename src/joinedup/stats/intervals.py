"""Limits of a share, and the two-list estimate of a population with its limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import beta, norm


@dataclass(frozen=True, slots=True)
class Interval:
    """A lower and an upper limit with their nominal level; lower <= upper."""

    lower: float
    upper: float
    level: float

    def __post_init__(self) -> None:
        if not self.lower <= self.upper:
            raise ValueError("the lower limit lies above the upper")


def two_sided(level: float) -> float:
    """How many standard deviations of the normal distribution lie either side at this level.

    >>> round(two_sided(0.95), 2)
    1.96
    """
    if not 0 < level < 1:
        raise ValueError("a level lies between 0 and 1")
    return float(norm.ppf(0.5 + level / 2))


def _check_share(count: int, base: int) -> None:
    if base < 1 or not 0 <= count <= base:
        raise ValueError("a share needs a base of at least 1 and a count between 0 and the base")


def wilson(count: int, base: int, level: float = 0.95) -> Interval:
    """Limits of a share by Wilson's score method, for a count out of a base drawn at random.

    Assumes independent draws with one chance. Source: E. B. Wilson, Journal of the American Statistical Association 22
    (1927), 209-212. Raises ValueError unless 0 <= count <= base and base >= 1.

    >>> limits = wilson(81, 263)
    >>> round(limits.lower, 4), round(limits.upper, 4)
    (0.2553, 0.3662)
    """
    _check_share(count, base)
    z = two_sided(level)
    middle = count + z * z / 2
    half = z * math.sqrt(count * (base - count) / base + z * z / 4)
    scale = base + z * z
    lower = 0.0 if count == 0 else max(0.0, (middle - half) / scale)
    upper = 1.0 if count == base else min(1.0, (middle + half) / scale)
    return Interval(lower, upper, level)


def jeffreys(count: int, base: int, level: float = 0.95) -> Interval:
    """Limits of a share by the equal-tailed interval of Jeffreys' prior, beta(1/2, 1/2).

    The lower limit is 0 at a count of 0 and the upper 1 at a count of the base. Source: L. D. Brown, T. T. Cai and
    A. DasGupta, Statistical Science 16 (2001), 101-133. Raises ValueError unless 0 <= count <= base and base >= 1.

    >>> limits = jeffreys(0, 20)
    >>> round(limits.lower, 4), round(limits.upper, 4)
    (0.0, 0.1166)
    """
    _check_share(count, base)
    two_sided(level)
    tail = (1 - level) / 2
    lower = 0.0 if count == 0 else float(beta.ppf(tail, count + 0.5, base - count + 0.5))
    upper = 1.0 if count == base else float(beta.ppf(1 - tail, count + 0.5, base - count + 0.5))
    return Interval(lower, upper, level)


@dataclass(frozen=True, slots=True)
class TwoListEstimate:
    """An estimate of a population from two lists: the total, those seen, the variance and the limits."""

    estimate: float
    observed: int
    variance: float
    limits: Interval


def chapman(first: int, second: int, both: int, level: float = 0.95) -> TwoListEstimate:
    """How many there are in all, from two lists: `first` and `second` people on them, `both` of them on both.

    Assumes a closed population, lists independent of each other, one chance of being listed for all, and no missed or
    false match. Estimate: D. G. Chapman, University of California Publications in Statistics 1 (1951), 131-160.
    Variance: G. A. F. Seber, Biometrika 57 (1970), 313-318. Limits: the logarithm of the unseen number taken as normal,
    so that the lower limit never falls below those seen (A. Chao, Biometrics 43 (1987), 783-791).
    Raises ValueError unless 0 <= both <= first, second.

    >>> found = chapman(10, 15, 5)
    >>> round(found.estimate, 1), found.observed, round(found.variance, 2)
    (28.3, 20, 34.92)
    """
    if not 0 <= both <= min(first, second):
        raise ValueError("the overlap lies between 0 and the shorter list")
    observed = first + second - both
    unseen = (first - both) * (second - both) / (both + 1)
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    return TwoListEstimate(observed + unseen, observed, variance, unseen_limits(observed, unseen, variance, level))


def unseen_limits(observed: int, unseen: float, variance: float, level: float = 0.95) -> Interval:
    """Limits of a total whose unseen part is taken as log-normal: never below those seen.

    Source: A. Chao, Biometrics 43 (1987), 783-791. With nobody unseen both limits are the number seen.

    >>> limits = unseen_limits(20, 25 / 3, 34.92)
    >>> round(limits.lower, 1), round(limits.upper, 1)
    (22.4, 49.1)
    """
    z = two_sided(level)
    if unseen <= 0:
        return Interval(float(observed), float(observed), level)
    spread = math.exp(z * math.sqrt(math.log1p(variance / unseen**2)))
    return Interval(observed + unseen / spread, observed + unseen * spread, level)
