"""How the total moves with a tie between lists that the chosen model leaves out, and that no list can show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from joinedup.estimate.loglinear.kernels import reduce_model
from joinedup.estimate.loglinear.lattice import Model, by_size
from joinedup.estimate.loglinear.searching import margins_of
from joinedup.estimate.overlap_table import OverlapTable

LOG_ODDS = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""Odds ratios from 0.37 to 2.7."""
_MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Assumed:
    """The total were the lists of `term` tied by a log odds ratio of `log_odds`, which the chosen model takes to be nought."""

    term: str
    log_odds: float
    estimate: float | None


def omitted(table: OverlapTable, model: Model, log_odds: Sequence[float] = LOG_ODDS) -> list[Assumed]:
    """The total with each pair of lists that the model leaves out, and with all lists together, tied as strongly as assumed.

    The model is fitted anew with the tie given and everything else free. The term of all lists is in no model, and no list bears on it: what is
    seen stays as fitted, and those unseen are multiplied by the odds ratio of the highest term where the lists are even in number, and
    divided by it where they are odd. Source: S. Aleshin-Guendel, M. Sadinle and J. Wakefield, arXiv:2101.09304.

    >>> table = OverlapTable(("a", "b"), {1: 30, 2: 20, 3: 10})
    >>> [round(each.estimate, 1) for each in omitted(table, (0, 1, 2), (0.0, np.log(2.0)))]
    [120.0, 180.0]
    """
    lists = len(table.lists)
    pairs = [1 << one | 1 << other for one, other in combinations(range(lists), 2)]
    every = (1 << lists) - 1
    terms = by_size([term for term in {*pairs, every} if term not in model and table.possible()[term]])
    found = []
    for term in terms:
        name = "all lists" if term == every and lists > 2 else " and ".join(_names(table, term))
        if term == every:
            unseen = _unseen(table, model, 0, 0.0)
            sign = 1.0 if lists % 2 == 0 else -1.0
            totals = [None if unseen is None else unseen * math.exp(sign * each) for each in log_odds]
        else:
            totals = [_unseen(table, model, term, each) for each in log_odds]
        found += [
            Assumed(name, odds, None if total is None else table.observed + total)
            for odds, total in zip(log_odds, totals, strict=True)
        ]
    return found


def _names(table: OverlapTable, term: int) -> list[str]:
    return [name for place, name in enumerate(table.lists) if term >> place & 1]


def _unseen(table: OverlapTable, model: Model, term: int, log_odds: float) -> float | None:
    """Those on no list, the lists of the term tied so; of no term, by the model as it is."""
    counts, cells = table.dense(), table.possible()
    kept = np.empty(len(model), dtype=np.int64)
    size = reduce_model(np.array(model, dtype=np.int64), margins_of(counts), cells, kept)
    inside = np.flatnonzero(cells)
    design = ((inside[:, None] & kept[None, :size]) == kept[None, :size]).astype(np.float64)
    offset = np.where(inside & term == term, log_odds, 0.0)
    return _fitted(design, counts[inside], offset)


def _fitted(design: NDArray[np.float64], counts: NDArray[np.float64], offset: NDArray[np.float64]) -> float | None:
    """The mean of the empty cell by Newton's method with a given offset, or none where it does not settle."""
    start = np.log(counts + 0.5) - offset
    weights = counts + 0.5
    try:
        coefficients = np.linalg.solve(design.T * weights @ design, design.T @ (weights * start))
        for _ in range(_MOST_STEPS):
            means = np.exp(np.minimum(design @ coefficients + offset, 700.0))
            step = np.linalg.solve(design.T * means @ design, design.T @ (counts - means))
            # No step moves a cell by more than a factor of about eight, which keeps the first ones from running off.
            coefficients = coefficients + step * min(1.0, 2.0 / max(float(np.abs(design @ step).max()), 1e-300))
            if np.abs(step).max() < 1e-9:
                return float(np.exp(min(coefficients[0], 700.0)))
    except np.linalg.LinAlgError:
        return None
    return None
