"""The design of people who differ in how easily every list finds them, and the compiled fit of any small design.

Lists are independent among people alike, and people differ by a number on the logit scale that is the same for all lists.
What the mixing of such people does to the table depends on how many lists a person is on, and on nothing else: one further
column of the design. Which column it is depends on how the number is spread over those seen, which nobody can see.
Source: L.-P. Rivest and S. Baillargeon, Biometrics 63 (2007), 999-1006.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit  # type: ignore[import-untyped,unused-ignore]
from numpy.typing import NDArray

from joinedup.estimate.loglinear.kernels import CERTIFIED, SINGULAR, UNDECIDED, Array

_MOST_STEPS = 60
_HALVINGS = 12
_SMALLEST_PIVOT = 1e-10
_CERTIFICATE = 1e-3
_EXACT = 1e-8


def column(spread: str, lists: int) -> NDArray[np.float64]:
    """What a spread of that number, `normal` or `gamma`, does to each of the 2**lists patterns: it turns on how many lists they hold.

    The gamma spread puts more people out of reach than the normal; its scale is 3.5 as in Rivest and Baillargeon.
    """
    on = np.bitwise_count(np.arange(1 << lists)).astype(np.float64)
    return np.asarray({"normal": on**2 / 2.0, "gamma": np.log(3.5 / (3.5 + on))}[spread])


def design(lists: int, turning: NDArray[np.float64]) -> NDArray[np.float64]:
    """The design of 2**lists rows: one, whether each list holds the pattern, and a further column."""
    cells = np.arange(1 << lists)
    each = [(cells >> place & 1).astype(np.float64) for place in range(lists)]
    return np.column_stack([np.ones(cells.size), *each, turning])


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def fit_design(counts: Array, cells: NDArray[np.bool_], rows: Array, coefficients: Array) -> tuple[int, float]:
    """Fits a Poisson log-linear model of any design to the marked cells; writes its coefficients; gives verdict and deviance.

    CERTIFIED is a proof as in `kernels.fit`; otherwise nothing is known of the maximum (UNDECIDED) or the columns cannot be
    told apart (SINGULAR).
    """
    inside = cells.astype(np.float64)
    step = np.zeros(rows.shape[1])
    weights = (counts + 0.5) * inside
    if not _solve(rows, weights, weights * np.log(counts + 0.5), step):
        return SINGULAR, math.inf
    coefficients[:] = step
    means = _means(rows, coefficients, inside)
    deviance, change = _deviance(counts, means, inside), math.inf
    for _ in range(_MOST_STEPS):
        if not _solve(rows, means, (counts - means) * inside, step):
            return UNDECIDED, deviance
        before, change = change, np.max(np.abs(rows @ step) * inside)
        # Steps shrink as their square, until rounding holds them up.
        if change <= _EXACT or (change <= _CERTIFICATE and change > 0.5 * before):
            return CERTIFIED, deviance
        tried = deviance
        for halving in range(_HALVINGS):
            trial = coefficients + step * 0.5**halving
            means = _means(rows, trial, inside)
            tried = _deviance(counts, means, inside)
            if tried <= deviance + 1e-9 * (1.0 + abs(deviance)):
                break
        coefficients[:] = trial
        deviance = tried
    return UNDECIDED, deviance


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _means(rows: Array, coefficients: Array, inside: Array) -> Array:
    """The mean of every cell the model gives people to; nought elsewhere."""
    return np.exp(np.minimum(rows @ coefficients, 700.0)) * inside


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _deviance(counts: Array, means: Array, inside: Array) -> float:
    ratios = np.log(np.maximum(counts, 1.0) / np.maximum(means, 1e-300))
    return 2.0 * float(np.sum(inside * (means - counts + counts * ratios)))


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def _solve(rows: Array, weights: Array, gradient: Array, step: Array) -> bool:
    """Newton's step for any design by Cholesky, written to `step`; false where it is singular."""
    size = rows.shape[1]
    factor = rows.T @ (weights.reshape(-1, 1) * rows)
    for column in range(size):
        scale = factor[column, column]
        for inner in range(column):
            factor[column:, column] -= factor[column:, inner] * factor[column, inner]
        if factor[column, column] <= _SMALLEST_PIVOT * scale or not factor[column, column] > 0.0:
            return False
        factor[column:, column] /= math.sqrt(factor[column, column])
    step[:] = rows.T @ gradient
    for row in range(size):
        step[row] = (step[row] - np.sum(factor[row, :row] * step[:row])) / factor[row, row]
    for row in range(size - 1, -1, -1):
        step[row] = (step[row] - np.sum(factor[row + 1 :, row] * step[row + 1 :])) / factor[row, row]
    return True
