"""Whether a model can be fitted to a table at all: the likelihood has a maximum, and the cells tell the terms apart."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from joinedup.estimate.loglinear.kernels import reduce_model
from joinedup.estimate.loglinear.searching import margins_of

_SMALLEST_MARGIN = 1e-7


class Verdict(StrEnum):
    """What can be said of a model and a table before any estimate."""

    EXISTS = "the maximum exists and is identified"
    NO_MAXIMUM = "the likelihood has no maximum"
    NOT_IDENTIFIED = "the cells cannot tell the terms apart"


def verdict(counts: NDArray[np.float64], possible: NDArray[np.bool_], model: Sequence[int]) -> Verdict:
    """The verdict on one model of one table, by rank and linear programme.

    Terms nobody's lists contain are left out with the cells they empty. The maximum then exists when some table with no
    empty cell has the same margins; that depends on the counts only by which of them are positive.
    Sources: S. E. Fienberg and A. Rinaldo, Annals of Statistics 40 (2012), 996-1023; L. Chan, B. W. Silverman and K. Vincent,
    Journal of the American Statistical Association 116 (2021), 1297-1306.
    """
    support = np.flatnonzero(counts > 0.0)
    return _verdict(counts.size, tuple(support.tolist()), tuple(np.flatnonzero(possible).tolist()), tuple(model))


@lru_cache(maxsize=100_000)
def _verdict(places: int, support: tuple[int, ...], possible: tuple[int, ...], model: tuple[int, ...]) -> Verdict:
    counts, cells = np.zeros(places), np.zeros(places, dtype=np.bool_)
    counts[list(support)] = 1.0
    cells[list(possible)] = True
    kept = np.empty(len(model), dtype=np.int64)
    size = reduce_model(np.array(model, dtype=np.int64), margins_of(counts), cells, kept)
    inside = np.flatnonzero(cells)
    design = ((inside[None, :] & kept[:size, None]) == kept[:size, None]).astype(np.float64)
    if np.linalg.matrix_rank(design) < size:
        return Verdict.NOT_IDENTIFIED
    return Verdict.EXISTS if _has_inner_table(design, counts[inside]) else Verdict.NO_MAXIMUM


def _has_inner_table(design: NDArray[np.float64], counts: NDArray[np.float64]) -> bool:
    """Whether a table with every cell positive has the margins of `counts`: maximise the smallest cell."""
    cells = counts.size
    objective = np.concatenate([np.zeros(cells), [-1.0]])
    # Each cell is the smallest cell and something on top, so that every variable is nought or more.
    equalities = np.column_stack([design, design.sum(axis=1)])
    found = linprog(
        objective, A_eq=equalities, b_eq=design @ counts, bounds=[(0, None)] * cells + [(0, 1)], method="highs"
    )
    return bool(found.status == 0 and found.fun is not None and found.fun < -_SMALLEST_MARGIN)
