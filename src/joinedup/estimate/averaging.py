"""Limits that carry the choice of the model: all models of a lattice together, each by its weight of BIC."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit  # type: ignore[import-untyped,unused-ignore]
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

from joinedup.estimate.loglinear.kernels import (
    CERTIFIED,
    Array,
    Integers,
    lists_of,
    reduce_model,
    solve_newton,
    sum_over_supersets,
)
from joinedup.estimate.loglinear.lattice import Lattice, Model
from joinedup.estimate.loglinear.searching import fit_all, fit_terms, margins_of
from joinedup.estimate.select import Cells, Counts

METHOD = "averaged"
FARTHEST = 12.0
"""Models whose BIC is further than this above the lowest have less than a four-hundredth of its weight and are left out."""
_FAR = 12.0


@dataclass(frozen=True, slots=True)
class Average:
    """The median of the total over models, with its limits; the best model, its weight, and how many models have any."""

    estimate: float
    lower: float
    upper: float
    best: Model
    weight: float
    models: int


def average(lattice: Lattice, possible: Cells, counts: Counts, level: float) -> Average | None:
    """The total over all models of a lattice that certainly exist, or none where none does.

    A model weighs exp(-BIC / 2), as approximates its posterior chance when all are alike likely beforehand. Given a model, the
    number of people on no list is taken as log-normal about its estimate, with the variance of the fitted logarithm and that of
    a Poisson number. The estimate and its limits are quantiles of the mixture. No replicates are drawn.
    Sources: A. E. Raftery, Sociological Methodology 25 (1995), 111-163; S. T. Buckland, K. P. Burnham and N. H. Augustin,
    Biometrics 53 (1997), 603-618.
    """
    observed = float(counts.sum())
    verdicts, deviances, unseen = fit_all(counts, possible, lattice.arrays)
    sizes = lattice.arrays.sizes
    criteria = np.where(verdicts == CERTIFIED, deviances + sizes * math.log(max(observed, 1.0)), math.inf)
    if not np.isfinite(criteria).any():
        return None
    above = criteria - criteria.min()
    places = np.flatnonzero(above <= FARTHEST)
    variances = spreads(counts, possible, lattice.arrays.terms[places], sizes[places])
    kept = np.isfinite(variances) & (unseen[places] > 0.0)
    places, variances = places[kept], variances[kept]
    if not places.size:
        return None
    weights = np.exp(-0.5 * above[places])
    weights /= weights.sum()
    middle, spread = np.log(unseen[places]), np.sqrt(variances + 1.0 / unseen[places])
    ends = float((middle - _FAR * spread).min()), float((middle + _FAR * spread).max())

    def quantile(share: float) -> float:
        place = brentq(lambda each: float(weights @ ndtr((each - middle) / spread)) - share, *ends)
        return observed + math.exp(min(float(place), 700.0))

    lower, estimate, upper = (quantile(share) for share in (0.5 - level / 2, 0.5, 0.5 + level / 2))
    best = lattice.model(int(places[np.argmax(weights)]))
    return Average(estimate, lower, upper, best, float(weights.max()), int(places.size))


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def spreads(counts: Array, possible: NDArray[np.bool_], terms: NDArray[np.int64], sizes: Integers) -> Array:
    """The variance of the logarithm of the mean of the empty cell, one a model; infinite where it cannot be had.

    `terms`: one row a model. The variance is the first entry of the inverse of the information.
    """
    lists, margins = lists_of(counts.size), margins_of(counts)
    means, gradient = np.empty(counts.size), np.zeros(counts.size)
    gradient[0] = 1.0
    found = np.full(sizes.size, math.inf)
    for model in range(sizes.size):
        wanted = terms[model, : sizes[model]]
        fit_terms(counts, margins, possible, wanted, means)
        cells, kept = possible.copy(), np.empty(sizes[model], np.int64)
        size = reduce_model(wanted, margins, cells, kept)
        weights, step = means.copy(), np.zeros(size)
        sum_over_supersets(weights, lists)
        if solve_newton(weights, gradient, kept, size, step):
            found[model] = step[0]
    return found
