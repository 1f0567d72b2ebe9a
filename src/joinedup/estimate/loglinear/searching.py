"""Compiled search for the best model of a table among all of a lattice, by branch and bound: the answer is that of trying all."""

from __future__ import annotations

import math

import numpy as np
from numba import njit  # type: ignore[import-untyped,unused-ignore]
from numpy.typing import NDArray

from joinedup.estimate.loglinear.kernels import (
    CERTIFIED,
    SINGULAR,
    Array,
    Integers,
    fit,
    lists_of,
    reduce_model,
    sum_over_supersets,
)
from joinedup.estimate.loglinear.lattice import Arrays

UNTRIED = 4
"""No fit was needed: the model cannot be the best."""

_SLACK = 1e-5


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def margins_of(counts: Array) -> Array:
    """How many people are on all lists of each term, whatever else they are on."""
    margins = counts.copy()
    sum_over_supersets(margins, lists_of(counts.size))
    return margins


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def fit_terms(
    counts: Array, margins: Array, possible: NDArray[np.bool_], terms: Integers, means: Array
) -> tuple[int, float, float]:
    """Fits one model in the extended sense: terms nobody's lists contain go to minus infinity with the cells they empty.

    Gives the verdict, the deviance and the mean of the empty cell; writes the fitted means to `means`.
    `possible`: false for cells that cannot hold people.
    """
    cells = possible.copy()
    kept = np.empty(terms.size, np.int64)
    size = reduce_model(terms, margins, cells, kept)
    return fit(counts, cells, kept, size, means)


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def fit_all(counts: Array, possible: NDArray[np.bool_], arrays: Arrays) -> tuple[Integers, Array, Array]:
    """Fits every model: verdicts, deviances and means of the empty cell, in the order of the lattice."""
    models = arrays.sizes.size
    verdicts, deviances, unseen = np.empty(models, np.int64), np.empty(models), np.empty(models)
    margins, means = margins_of(counts), np.empty(counts.size)
    for model in range(models):
        verdicts[model], deviances[model], unseen[model] = fit_terms(
            counts, margins, possible, arrays.terms[model, : arrays.sizes[model]], means
        )
    return verdicts, deviances, unseen


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def best_model(
    counts: Array, possible: NDArray[np.bool_], arrays: Arrays, first_tried: Integers
) -> tuple[int, float, float, Integers, Array, int]:
    """The certified model of the lowest BIC, its BIC and its mean of the empty cell; the verdicts and BIC of those fitted.

    Larger models come first. A model fits no better than any that contains it, so its deviance is bounded below by theirs,
    and it is left untried where that bound and its penalty already exceed the best found. `first_tried` only decides
    how soon a good bound is found; `anchors` are large models whose fit bounds many. The last value: how many were fitted.
    """
    terms, sizes, children_from, children, anchors = arrays
    models = sizes.size
    bounds, criteria = np.zeros(models), np.full(models, math.inf)
    unseen = np.full(models, math.nan)
    verdicts = np.full(models, UNTRIED, np.int64)
    margins, means = margins_of(counts), np.empty(counts.size)
    weight = math.log(max(margins[0], 1.0))
    best, lowest, fits = -1, math.inf, 0
    for stage in range(3):
        count = first_tried.size if stage == 0 else anchors.size if stage == 1 else models
        for place in range(count):
            model = first_tried[place] if stage == 0 else anchors[place] if stage == 1 else place
            penalty = weight * sizes[model]
            worth = stage < 2 or bounds[model] + penalty <= lowest
            if verdicts[model] == UNTRIED and worth:
                verdicts[model], deviance, unseen[model] = fit_terms(
                    counts, margins, possible, terms[model, : sizes[model]], means
                )
                fits += 1
                if verdicts[model] != SINGULAR:
                    criteria[model] = deviance + penalty
                    bounds[model] = max(bounds[model], deviance - _SLACK)
                better = criteria[model] < lowest or (criteria[model] == lowest and model < best)
                if verdicts[model] == CERTIFIED and better:
                    best, lowest = model, criteria[model]
            if stage == 2 and bounds[model] > 0.0:
                for at in range(children_from[model], children_from[model + 1]):
                    bounds[children[at]] = max(bounds[children[at]], bounds[model])
    return best, lowest, unseen[best] if best >= 0 else math.nan, verdicts, criteria, fits
