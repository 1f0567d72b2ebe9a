"""Shares of several bodies beside the limits within which chance alone would leave them: the funnel plot.

Why: bodies of different sizes differ by chance, the small ones most. A ranking hides that; a funnel shows it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, false_discovery_control, norm

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
INNER, OUTER = 0.95, 0.998
"""The two levels of a funnel: about two and three standard deviations."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """Each body's share against one common share.

    `dispersion` is how much more the bodies differ than chance alone would have them (1 where not more); limits and
    chances allow for it. `chance`: of a share at least so far from the common one, both ways. `adjusted`: the same held
    to a false discovery rate over all bodies.
    """

    common: float
    dispersion: float
    share: Floats
    inner_lower: Floats
    inner_upper: Floats
    outer_lower: Floats
    outer_upper: Floats
    chance: Floats
    adjusted: Floats


def binomial_limit(base: int, common: float, tail: float) -> float:
    """The share below which a body of this size falls with chance `tail` when its true share is the common one.

    Exact binomial, interpolated between the two nearest counts so that the limits make a smooth line. Source: D. J.
    Spiegelhalter, Statistics in Medicine 24 (2005), 1185-1202, appendix A.1.1. Raises ValueError unless base >= 1 and
    common and tail lie between 0 and 1.

    >>> round(binomial_limit(100, 0.5, 0.025), 3), round(binomial_limit(100, 0.5, 0.975), 3)
    (0.397, 0.593)
    """
    if base < 1 or not 0 <= common <= 1 or not 0 < tail < 1:
        raise ValueError("a limit needs a base of at least 1, a share from 0 to 1 and a tail between them")
    if common in (0.0, 1.0):
        return common
    count = int(binom.ppf(tail, base, common))
    at, below = float(binom.cdf(count, base, common)), float(binom.cdf(count - 1, base, common))
    part = (at - tail) / (at - below)
    return min(1.0, max(0.0, (count - part) / base))


def funnel_limits(base: int, common: float, level: float, dispersion: float = 1.0) -> tuple[float, float]:
    """The lower and upper limit for a body of this size: exact binomial, or, where bodies differ by more than chance,
    normal with the variance multiplied by `dispersion` (Spiegelhalter 2005, section 4.1)."""
    tail = (1 - level) / 2
    if dispersion <= 1.0:
        return binomial_limit(base, common, tail), binomial_limit(base, common, 1 - tail)
    half = float(norm.ppf(1 - tail)) * math.sqrt(dispersion * common * (1 - common) / base)
    return max(0.0, common - half), min(1.0, common + half)


def over_dispersion(counts: Integers, bases: Integers, common: float, trim: float = 0.1) -> float:
    """How many times the variance between bodies is what chance alone gives; 1 where it is not plainly more.

    The mean square of the standardised differences, the outermost tenth at each end pulled in (winsorised) so that a few
    outlying bodies do not excuse themselves. Taken as 1 unless it passes what chance gives in one case of forty.
    Source: Spiegelhalter 2005, section 4.1.
    """
    if len(counts) < 2 or common in (0.0, 1.0):
        return 1.0
    scores = (counts / bases - common) / np.sqrt(common * (1 - common) / bases)
    low, high = np.quantile(scores, [trim, 1 - trim])
    found = float(np.mean(np.clip(scores, low, high) ** 2))
    return found if found > 1 + 2 * math.sqrt(2 / len(counts)) else 1.0


def funnel(counts: Integers, bases: Integers, common: float | None = None) -> Funnel:
    """Each body's share with funnel limits about the common share: the given one, or that of all bodies together.

    `counts` of `bases`, one a body. Assumes cases that do not depend on one another within a body. The chance is exact
    (mid-P, doubled) where bodies differ by no more than chance, else normal with the dispersion. The false discovery rate:
    Y. Benjamini and Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995), 289-300. Raises ValueError unless
    0 <= count <= base and base >= 1 for every body.

    >>> found = funnel(np.array([40, 45, 90]), np.array([50, 50, 100]))
    >>> round(found.common, 3), found.dispersion
    (0.875, 1.0)
    """
    counts, bases = np.asarray(counts, dtype=np.int64), np.asarray(bases, dtype=np.int64)
    if len(counts) == 0 or (bases < 1).any() or (counts < 0).any() or (counts > bases).any():
        raise ValueError("a funnel needs bodies, each with a base of at least 1 and a count from 0 to its base")
    middle = float(counts.sum() / bases.sum()) if common is None else common
    dispersion = over_dispersion(counts, bases, middle)
    limits = np.array([
        [*funnel_limits(base, middle, INNER, dispersion), *funnel_limits(base, middle, OUTER, dispersion)]
        for base in bases.tolist()
    ])  # fmt: skip
    chance = _chances(counts, bases, middle, dispersion)
    return Funnel(
        middle, dispersion, counts / bases, limits[:, 0], limits[:, 1], limits[:, 2], limits[:, 3],
        chance, false_discovery_control(chance),
    )  # fmt: skip


def _chances(counts: Integers, bases: Integers, common: float, dispersion: float) -> Floats:
    if common in (0.0, 1.0):
        return np.where(counts / bases == common, 1.0, 0.0)
    if dispersion > 1.0:
        error = np.sqrt(dispersion * common * (1 - common) / bases)
        return np.asarray(2 * norm.sf(np.abs(counts / bases - common) / error))
    half = binom.pmf(counts, bases, common) / 2
    tail = np.minimum(binom.cdf(counts - 1, bases, common), binom.sf(counts, bases, common)) + half
    return np.asarray(np.clip(2 * tail, 0.0, 1.0))
