"""The ladder of what a share can be, from nothing assumed to much assumed; always climbed in this order.

1. Counts, with those not known. 2. Worst case: nothing assumed of those not known (Manski). 3. The odds of the value among
those not known differ from the odds among those known by at most a factor. 4. Each with the limits of chance among those
known. 5. As a scenario only: those not known are like those known of the same kind (multiple imputation).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from joinedup.stats.bounds import ShareBounds, within_odds_ratio
from joinedup.stats.intervals import Interval, two_sided, wilson

RATIOS = (math.inf, 10.0, 3.0, 2.0, 1.5, 1.0)
"""The factors of the ladder, from nothing assumed (infinity) to "just like those known" (1)."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One assumption (`ratio`), what the share can be under it, and the same with the limits of chance at each end.

    The bounds lie within the limits; a smaller ratio never widens either.
    """

    ratio: float
    bounds: ShareBounds
    limits: ShareBounds


def ladder(with_value: int, known: int, unknown: int, level: float = 0.95) -> tuple[Rung, ...]:
    """The rungs for a value that `with_value` of `known` people have, `unknown` more not being known.

    Chance enters by Wilson's limits of the share among those known, each end carried to the bound on its side, so that
    the limits hold at least as often as `level`. Raises ValueError where counts do not fit or nobody is known.

    >>> [(rung.ratio, round(rung.bounds.lower, 3), round(rung.bounds.upper, 3)) for rung in ladder(260, 680, 320)][:2]
    [(inf, 0.26, 0.58), (10.0, 0.279, 0.535)]
    """
    if known < 1:
        raise ValueError("a ladder needs somebody whose value is known")
    chance = wilson(with_value, known, level)
    rungs = []
    for ratio in RATIOS:
        bounds = within_odds_ratio(with_value, known, unknown, ratio)
        lowest = within_odds_ratio(chance.lower * known, known, unknown, ratio).lower
        highest = within_odds_ratio(chance.upper * known, known, unknown, ratio).upper
        rungs.append(Rung(ratio, bounds, ShareBounds(min(lowest, bounds.lower), max(highest, bounds.upper))))
    return tuple(rungs)


@dataclass(frozen=True, slots=True)
class Group:
    """People alike in what is recorded of all: how many have the value, are known at all, and are not known."""

    with_value: int
    known: int
    unknown: int

    def __post_init__(self) -> None:
        if not 0 <= self.with_value <= self.known or self.unknown < 0:
            raise ValueError("needs 0 <= with_value <= known and unknown >= 0")


@dataclass(frozen=True, slots=True)
class Scenario:
    """The share were those not known like those known of their group, with limits; never a finding by itself."""

    share: float
    limits: Interval


IMPUTATIONS = 50


def imputed(groups: Sequence[Group], seed: int, level: float = 0.95) -> Scenario:
    """The share of all with the value, the unknown filled in fifty times from those known of the same group.

    Each time the group's chance is drawn from its beta distribution (Jeffreys' prior) and the unknown by it; the fillings
    are put together by Rubin's rules. Assumes that within a group those not known differ from those known by chance
    alone, which the data cannot show. Source: D. B. Rubin, Multiple Imputation for Nonresponse in Surveys, 1987. The
    same seed gives the same figures. Raises ValueError where there is nobody.

    >>> found = imputed([Group(10, 20, 20), Group(90, 100, 0)], seed=1)
    >>> 0.75 < found.share < 0.82 and found.limits.lower < found.share < found.limits.upper
    True
    """
    base = sum(each.known + each.unknown for each in groups)
    if base < 1:
        raise ValueError("a scenario needs somebody in it")
    generator = np.random.default_rng(seed)
    counted, known, unknown = (
        np.array([getattr(each, name) for each in groups], dtype=np.int64)
        for name in ("with_value", "known", "unknown")
    )
    chances = generator.beta(counted + 0.5, known - counted + 0.5, size=(IMPUTATIONS, len(groups)))
    shares = (counted.sum() + generator.binomial(unknown, chances).sum(axis=1)) / base
    share = float(shares.mean())
    within = float((shares * (1 - shares)).mean()) / base
    spread = math.sqrt(within + (1 + 1 / IMPUTATIONS) * float(shares.var(ddof=1)))
    z = two_sided(level)
    return Scenario(share, Interval(max(0.0, share - z * spread), min(1.0, share + z * spread), level))
