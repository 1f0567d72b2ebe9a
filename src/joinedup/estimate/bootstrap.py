"""Limits of an estimate by the bootstrap, the model chosen anew in every replicate."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from joinedup.estimate.select import Choice

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Limits:
    """A lower and an upper limit of a total with their nominal level; the upper is infinite where replicates have none."""

    level: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What re-drawing the people says of an estimate.

    `totals`: the estimate of every replicate, infinite where no model could be fitted. `places`: which model of the lattice
    each chose, -1 where it has none. `bias`, `acceleration`: the two corrections of BCa; none where they are undefined and
    the limits are plain percentiles.
    """

    limits: tuple[Limits, ...]
    totals: Floats
    places: NDArray[np.int64]
    bias: float | None
    acceleration: float | None

    @property
    def without_model(self) -> int:
        """Replicates in which no model could be fitted."""
        return int(np.isinf(self.totals).sum())


def draw_replicates(counts: Floats, replicates: int, seed: int) -> Floats:
    """Tables of as many people, each drawn from those of the table with replacement; one row a replicate."""
    seen = np.flatnonzero(counts)
    drawn = np.random.default_rng(seed).multinomial(int(counts.sum()), counts[seen] / counts.sum(), size=replicates)
    tables = np.zeros((replicates, counts.size))
    tables[:, seen] = drawn
    return tables


def bootstrap(
    counts: Floats,
    select: Callable[[Floats], Choice | None],
    estimate: float,
    tables: Floats,
    levels: Sequence[float] = (0.95, 0.8),
) -> Bootstrap:
    """Bias-corrected and accelerated limits of a total, from replicate tables on which the selection is repeated.

    The acceleration is from the jackknife over people, those of one pattern being alike. Quantiles are median-unbiased
    (type 8 of Hyndman and Fan, The American Statistician 50 (1996), 361-365).
    Assumes people drawn independently. Source: B. Efron, Journal of the American Statistical Association 82 (1987), 171-185;
    with selection repeated: B. W. Silverman, L. Chan and K. Vincent, Statistics and Computing 34 (2024), 44.
    """
    found = [(table, select(table)) for table in tables]
    totals = np.array([_total(table, choice) for table, choice in found])
    places = np.array([-1 if choice is None else choice.place for _, choice in found], dtype=np.int64)
    # Replicates equal to the estimate but for rounding are not below it.
    below = float(np.mean(totals < estimate * (1.0 - 1e-9)))
    acceleration = _acceleration(counts, select) if 0.0 < below < 1.0 else None
    bias = float(norm.ppf(below)) if acceleration is not None else None
    observed = float(counts.sum())
    limits = []
    for level in levels:
        lower, upper = (_adjusted(p, bias, acceleration) for p in (0.5 - level / 2, 0.5 + level / 2))
        low = max(observed, quantile(totals, lower))
        limits.append(Limits(level, low, max(low, quantile(totals, upper))))
    return Bootstrap(tuple(limits), totals, places, bias, acceleration)


def adjusted_limits(
    observed: float, estimate: float, totals: Floats, acceleration: float | None, level: float
) -> tuple[float | None, float | None]:
    """Bias-corrected limits of one total from its replicates, accelerated where that is known; infinite or missing ones are none."""
    if not totals.size:
        return None, None
    below = float(np.mean(totals < estimate * (1.0 - 1e-9)))
    bias = float(norm.ppf(below)) if 0.0 < below < 1.0 else None
    pull = (acceleration or 0.0) if bias is not None else None
    low, high = (quantile(totals, _adjusted(share, bias, pull)) for share in (0.5 - level / 2, 0.5 + level / 2))
    lower = max(observed, low)
    return (lower if math.isfinite(lower) else None), (max(lower, high) if math.isfinite(high) else None)


def quantile(values: Floats, share: float) -> float:
    """The median-unbiased quantile (type 8), also where the largest values are infinite.

    >>> quantile(np.array([1.0, 2.0, 3.0, 4.0]), 0.5)
    2.5
    """
    ordered = np.sort(values)
    place = share * (ordered.size + 1 / 3) + 1 / 3
    below = min(max(math.floor(place), 1), ordered.size)
    above = min(below + 1, ordered.size)
    part = min(max(place - below, 0.0), 1.0)
    low, high = float(ordered[below - 1]), float(ordered[above - 1])
    return low if part == 0.0 or low == high else low + part * (high - low)


def _total(table: Floats, choice: Choice | None) -> float:
    return math.inf if choice is None else float(table.sum()) + choice.unseen


def _acceleration(counts: Floats, select: Callable[[Floats], Choice | None]) -> float | None:
    """Sixth of the skewness of the estimate's influence values; none where the table less one person has no estimate."""
    seen = np.flatnonzero(counts)
    left_out = np.repeat(counts[None, :], seen.size, axis=0)
    left_out[np.arange(seen.size), seen] -= 1.0
    totals = np.array([_total(table, select(table)) for table in left_out])
    if not np.isfinite(totals).all():
        return None
    weights = counts[seen]
    away = float(weights @ totals) / float(weights.sum()) - totals
    spread = float(weights @ away**2)
    return float(weights @ away**3) / (6.0 * spread**1.5) if spread > 0.0 else None


def _adjusted(share: float, bias: float | None, acceleration: float | None) -> float:
    if bias is None or acceleration is None:
        return share
    moved = bias + float(norm.ppf(share))
    scale = 1.0 - acceleration * moved
    if scale <= 0.0:
        return 1.0 if moved > 0.0 else 0.0
    return float(norm.cdf(bias + moved / scale))
