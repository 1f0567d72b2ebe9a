"""What a release says, as one system: a value for every cell, balances between cells, and what is known of each value.

A balance says that a total is the sum of its parts. Everything published is then a bound on one cell: a shown number a
point, a withheld number nothing but "not below nought", a rounded number a range.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from joinedup.stats.disclosure.solver import NoPointError

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

_SWEEPS = 200


@dataclass(frozen=True, slots=True)
class System:
    """Whole, non-negative values `x` with `balances @ x = 0` and `lower <= x <= upper`."""

    balances: sparse.csr_array
    lower: Floats
    upper: Floats

    def __post_init__(self) -> None:
        if not self.balances.shape[1] == len(self.lower) == len(self.upper):
            raise ValueError("every cell needs its bounds")

    def holds(self, point: Floats) -> bool:
        """Whether the whole-numbered point fits every balance and bound exactly."""
        return (
            bool(np.all(point == np.rint(point)))
            and not np.any(self.balances @ point)
            and bool(np.all((self.lower <= point) & (point <= self.upper)))
        )

    def propagated(self) -> System:
        """The same values with narrower bounds: what each balance leaves for one cell when the others are at their ends.

        Raises NoPointError where nothing is left for some cell: the statements contradict each other.
        """
        lower, upper = np.ceil(self.lower - 1e-9), np.floor(self.upper + 1e-9)
        table = self.balances.tocoo()
        row, cell = (each.astype(np.int64) for each in table.coords)
        factor = table.data
        for _ in range(_SWEEPS):
            # Each term at its least and most; a balance without one of its terms is nought less that term.
            least = np.where(factor > 0, factor * lower[cell], factor * upper[cell])
            most = np.where(factor > 0, factor * upper[cell], factor * lower[cell])
            rest_most = _without(row, most, self.balances.shape[0])
            rest_least = _without(row, least, self.balances.shape[0])
            one, other = -rest_most / factor, -rest_least / factor
            tighter_lower, tighter_upper = lower.copy(), upper.copy()
            np.maximum.at(tighter_lower, cell, np.ceil(np.minimum(one, other) - 1e-9))
            np.minimum.at(tighter_upper, cell, np.floor(np.maximum(one, other) + 1e-9))
            if np.any(tighter_lower > tighter_upper):
                raise NoPointError("the statements contradict each other: some cell is left no value")
            if np.array_equal(tighter_lower, lower) and np.array_equal(tighter_upper, upper):
                break
            lower, upper = tighter_lower, tighter_upper
        return replace(self, lower=lower, upper=upper)


def _without(row: npt.NDArray[np.int64], values: Floats, rows: int) -> Floats:
    """For each term the sum of the others in its row, kept right where some are endless."""
    endless = np.isinf(values)
    finite = np.where(endless, 0.0, values)
    sums = np.bincount(row, weights=finite, minlength=rows)
    many = np.bincount(row, weights=endless, minlength=rows)
    sign = np.zeros(rows)
    np.add.at(sign, row[endless], np.sign(values[endless]))
    rest = sums[row] - finite
    others_endless = many[row] - endless > 0
    return np.where(others_endless, np.copysign(np.inf, sign[row]), rest)
