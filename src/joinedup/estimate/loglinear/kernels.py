"""Compiled arithmetic of one fit: sums over subsets and supersets, Newton's method, and the certificate of existence."""

from __future__ import annotations

import math

import numpy as np
from numba import njit  # type: ignore[import-untyped,unused-ignore]
from numpy.typing import NDArray

CERTIFIED = 0
"""The fit is one step from reproducing its margins with every mean above nought: the maximum exists."""
UNDECIDED = 1
"""Newton's method ran out of the interior: whether the maximum exists is for the linear programme to say."""
SINGULAR = 2
"""The cells cannot tell the terms apart: the model is not identified."""
NO_MAXIMUM = 3
"""A direction in whole numbers along which the likelihood rises without end: the maximum does not exist."""

_MOST_STEPS = 60
_HALVINGS = 12
_SMALLEST_PIVOT = 1e-11
_CERTIFICATE = 1e-3
_EXACT = 1e-8
_SETTLED = 1e-9
_VANISHED = 1e-9

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def sum_over_supersets(values: Array, lists: int) -> None:
    """Turns each cell into the sum over all cells that contain it, in place (Yates' algorithm)."""
    for place in range(lists):
        bit = 1 << place
        for cell in range(values.size):
            if not cell & bit:
                values[cell] += values[cell | bit]


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def sum_over_subsets(values: Array, lists: int) -> None:
    """Turns each cell into the sum over all cells contained in it, in place."""
    for place in range(lists):
        bit = 1 << place
        for cell in range(values.size):
            if cell & bit:
                values[cell] += values[cell ^ bit]


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def solve_newton(weights: Array, gradient: Array, terms: Integers, size: int, step: Array) -> bool:
    """Solves the Newton equations by Cholesky; false where they are singular.

    The entry of the matrix for two terms is the sum of weights over supersets of their union.
    """
    factor = np.empty((size, size))
    for row in range(size):
        for column in range(row + 1):
            total = weights[terms[row] | terms[column]]
            for inner in range(column):
                total -= factor[row, inner] * factor[column, inner]
            if row == column:
                if total <= _SMALLEST_PIVOT * weights[terms[row]] or not total > 0.0:
                    return False
                factor[row, row] = math.sqrt(total)
            else:
                factor[row, column] = total / factor[column, column]
    for row in range(size):
        total = gradient[terms[row]]
        for inner in range(row):
            total -= factor[row, inner] * step[inner]
        step[row] = total / factor[row, row]
    for row in range(size - 1, -1, -1):
        total = step[row]
        for inner in range(row + 1, size):
            total -= factor[inner, row] * step[inner]
        step[row] = total / factor[row, row]
    return True


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _means(coefficients: Array, cells: NDArray[np.bool_], lists: int, means: Array) -> None:
    """The mean of every cell the model gives people to; nought elsewhere."""
    for cell in range(means.size):
        means[cell] = coefficients[cell]
    sum_over_subsets(means, lists)
    for cell in range(means.size):
        means[cell] = math.exp(min(means[cell], 700.0)) if cells[cell] else 0.0


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _deviance(counts: Array, means: Array, cells: NDArray[np.bool_]) -> float:
    total = 0.0
    for cell in range(counts.size):
        if cells[cell]:
            total += means[cell] - counts[cell]
            if counts[cell] > 0.0:
                total += counts[cell] * math.log(counts[cell] / max(means[cell], 1e-300))
    return 2.0 * total


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def lists_of(places: int) -> int:
    """How many lists a table of that many cells has."""
    lists = 0
    while 1 << lists < places:
        lists += 1
    return lists


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _start(counts: Array, cells: NDArray[np.bool_], terms: Integers, size: int, coefficients: Array) -> bool:
    """Sets the coefficients by weighted least squares on the logarithms; false where the terms cannot be told apart."""
    lists = lists_of(counts.size)
    weights, gradient, step = np.zeros(counts.size), np.zeros(counts.size), np.empty(size)
    for cell in range(counts.size):
        if cells[cell]:
            weights[cell] = counts[cell] + 0.5
            gradient[cell] = weights[cell] * math.log(weights[cell])
    sum_over_supersets(weights, lists)
    sum_over_supersets(gradient, lists)
    if not solve_newton(weights, gradient, terms, size, step):
        return False
    for place in range(size):
        coefficients[terms[place]] = step[place]
    return True


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _search_line(  # noqa: PLR0913, PLR0917  (compiled: no object to hold them)
    counts: Array,
    cells: NDArray[np.bool_],
    terms: Integers,
    step: Array,
    coefficients: Array,
    means: Array,
    deviance: float,
) -> float:
    """Takes the step, halved until the deviance no longer rises; gives the new deviance."""
    lists = lists_of(counts.size)
    trial = np.empty(counts.size)
    tried, scale = deviance, 1.0
    for _halving in range(_HALVINGS):
        for cell in range(counts.size):
            trial[cell] = coefficients[cell]
        for place in range(step.size):
            trial[terms[place]] += scale * step[place]
        _means(trial, cells, lists, means)
        tried = _deviance(counts, means, cells)
        if tried <= deviance + 1e-9 * (1.0 + abs(deviance)):
            break
        scale *= 0.5
    for cell in range(counts.size):
        coefficients[cell] = trial[cell]
    return tried


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def fit(counts: Array, cells: NDArray[np.bool_], terms: Integers, size: int, means: Array) -> tuple[int, float, float]:
    """Fits the model of the first `size` terms to the counts of the marked cells; writes their fitted means to `means`.

    Gives the verdict (CERTIFIED, NO_MAXIMUM, UNDECIDED or SINGULAR), the deviance, and the mean of the cell of those on no
    list. `counts`: one each of 2**lists cells. `cells`: true where the model gives people; the empty cell false.

    Both verdicts on the maximum are proofs. The means m and Newton's step d (as it moves each cell's logarithm) give the
    table m (1 + d), which has the margins of the counts whatever m is: where no entry of d is near -1 it is above nought
    everywhere, and the maximum exists. Where it does not, some cells' logarithms fall by about one in every step; the step
    rounded to whole numbers is then such a direction, and whether it is one is arithmetic on whole numbers.
    """
    lists = lists_of(counts.size)
    coefficients = np.zeros(counts.size)
    weights, gradient, step = np.empty(counts.size), np.empty(counts.size), np.zeros(size)
    if not _start(counts, cells, terms, size, coefficients):
        return SINGULAR, math.inf, math.nan
    _means(coefficients, cells, lists, means)
    deviance, change = _deviance(counts, means, cells), math.inf
    for _ in range(_MOST_STEPS):
        smallest, residual = math.inf, 0.0
        for cell in range(counts.size):
            weights[cell] = means[cell]
            gradient[cell] = counts[cell] - means[cell] if cells[cell] else 0.0
            if cells[cell]:
                smallest = min(smallest, means[cell])
        sum_over_supersets(weights, lists)
        sum_over_supersets(gradient, lists)
        for place in range(size):
            residual = max(residual, abs(gradient[terms[place]]))
        if not solve_newton(weights, gradient, terms, size, step):
            break
        settled = residual <= _SETTLED * max(1.0, weights[0])
        change, before = (_largest_change(step, cells, terms, lists) if settled else math.inf), change
        # Steps shrink as their square, until rounding holds them up.
        if change <= _EXACT or (change <= _CERTIFICATE and change > 0.5 * before):
            return CERTIFIED, deviance, math.exp(min(coefficients[0], 700.0))
        if settled and smallest < _VANISHED and _rises_without_end(step, counts, cells, terms):
            return NO_MAXIMUM, deviance, math.exp(min(coefficients[0], 700.0))
        deviance = _search_line(counts, cells, terms, step, coefficients, means, deviance)
    state = NO_MAXIMUM if _rises_without_end(step, counts, cells, terms) else UNDECIDED
    return state, deviance, math.exp(min(coefficients[0], 700.0))


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _largest_change(step: Array, cells: NDArray[np.bool_], terms: Integers, lists: int) -> float:
    """By how much a step moves the logarithm of a cell's mean at the most."""
    moved = np.zeros(cells.size)
    for place in range(step.size):
        moved[terms[place]] = step[place]
    sum_over_subsets(moved, lists)
    largest = 0.0
    for cell in range(cells.size):
        if cells[cell]:
            largest = max(largest, abs(moved[cell]))
    return largest


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _rises_without_end(step: Array, counts: Array, cells: NDArray[np.bool_], terms: Integers) -> bool:
    """Whether the step, in whole numbers, lowers the mean of an empty cell, raises none, and moves no cell with people."""
    moved = np.zeros(cells.size)
    for place in range(step.size):
        moved[terms[place]] = np.rint(step[place])
    sum_over_subsets(moved, lists_of(cells.size))
    falls = False
    for cell in range(cells.size):
        if cells[cell]:
            if moved[cell] > 0.0 or (moved[cell] < 0.0 and counts[cell] > 0.0):
                return False
            falls = falls or moved[cell] < 0.0
    return falls


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def reduce_model(terms: Integers, margins: Array, cells: NDArray[np.bool_], kept: Integers) -> int:
    """Leaves out the terms nobody's lists contain, whose maximum is at minus infinity, and the cells they empty.

    Writes the terms that stay to `kept`, clears the emptied cells, gives how many terms stay.
    Source: L. Chan, B. W. Silverman and K. Vincent, Journal of the American Statistical Association 116 (2021), 1297-1306.
    """
    size = 0
    for term in terms:
        if margins[term] > 0.0:
            kept[size] = term
            size += 1
        else:
            for cell in range(cells.size):
                if cell & term == term:
                    cells[cell] = False
    return size
