"""The smallest and largest value that each withheld cell can have, for somebody who has the release and nothing else.

Bounds are first narrowed balance by balance; what is left falls into parts that share no balance, and each part is
asked for the ends of its cells by linear programming (M. Fischetti and J. J. Salazar, Management Science 47 (2001),
1008-1027, call it the attacker's problem). Linear programming lets values be fractions, so its ends can lie outside
those that whole numbers of people reach. Both are kept apart: `lower` and `upper` hold whatever the truth is, and
`reached_lower` and `reached_upper` are values of whole-numbered tables that were found and held against every balance.

A cell is judged by what was reached, never by what a solver merely said. A solver that ends in any way but optimal
leaves the reached values as they are, so that the cell counts as disclosed: it fails closed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from joinedup.stats.disclosure.balances import Floats, System, Truths
from joinedup.stats.disclosure.simplex import Dictionary, EndlessError

_EXACT_CELLS = 150
"""Up to so many cells that hang together, whole-numbered ends are sought by branch and bound where corners are fractions."""
_EXACT_SECONDS = 5.0
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Ranges:
    """For every cell of a system: bounds that hold in any case, and the extreme values that whole-numbered tables reached.

    `lower <= reached_lower <= reached_upper <= upper`; where they agree the end is exact. `incomplete` counts the
    questions no solver answered to its end; their cells keep wide bounds and what was reached.
    """

    lower: Floats
    upper: Floats
    reached_lower: Floats
    reached_upper: Floats
    incomplete: int

    @property
    def exact(self) -> Truths:
        """For each cell whether both its ends are exact for whole numbers of people."""
        both: Truths = (self.lower == self.reached_lower) & (self.upper == self.reached_upper)
        return both


def ranges(system: System, wanted: Truths | None = None) -> Ranges:
    """The ranges of the `wanted` cells of the system (all without it). Raises NoPointError where no values fit at all."""
    narrow = system.propagated()
    free = narrow.lower < narrow.upper
    asked = free if wanted is None else free & wanted
    found = _Found(narrow)
    columns = np.flatnonzero(free)
    inside = narrow.balances[:, columns].tocsr()
    due = -(narrow.balances @ np.where(free, 0.0, narrow.lower))
    live = np.flatnonzero(np.diff(inside.indptr))
    if np.any(due[np.flatnonzero(np.diff(inside.indptr) == 0)]):
        raise ValueError("the statements contradict each other: a total is not the sum of its parts")
    inside, due = inside[live], due[live]
    count, part = connected_components(_joined(inside), directed=False)
    for number in range(count):
        cells = np.flatnonzero(part[: len(columns)] == number)
        rows = np.flatnonzero(part[len(columns) :] == number)
        _Part(inside[rows][:, cells], due[rows], columns[cells], narrow).ask(asked, found)
    return found.result()


def _joined(inside: sparse.csr_array) -> sparse.csr_array:
    """Cells and balances as one graph: they hang together where a balance holds a cell."""
    table = inside.tocoo()
    rows, cells = table.coords[0], table.coords[1]
    size = inside.shape[0] + inside.shape[1]
    return sparse.csr_array((np.ones(len(rows)), (cells, rows + inside.shape[1])), shape=(size, size))


class _Found:
    """What is known of each cell so far: outer bounds that narrow, reached values that widen."""

    def __init__(self, narrow: System) -> None:
        self.lower, self.upper = narrow.lower.copy(), narrow.upper.copy()
        fixed = narrow.lower == narrow.upper
        self.reached_lower = np.where(fixed, narrow.lower, np.inf)
        self.reached_upper = np.where(fixed, narrow.upper, -np.inf)
        self.incomplete = 0

    def reach(self, cells: npt.NDArray[np.int64], values: Floats) -> None:
        self.reached_lower[cells] = np.minimum(self.reached_lower[cells], values)
        self.reached_upper[cells] = np.maximum(self.reached_upper[cells], values)

    def result(self) -> Ranges:
        return Ranges(self.lower, self.upper, self.reached_lower, self.reached_upper, self.incomplete)


class _Part:
    """Cells that hang together, asked one after another from the point the last answer left."""

    def __init__(self, balances: sparse.csr_array, due: Floats, cells: npt.NDArray[np.int64], narrow: System) -> None:
        self.balances, self.due, self.cells = balances, due, cells
        self.lower, self.upper = narrow.lower[cells], narrow.upper[cells]
        self.least, self.most = np.full(len(cells), np.inf), np.full(len(cells), -np.inf)

    def ask(self, asked: Truths, found: _Found) -> None:
        """Both ends of every asked cell of this part."""
        if not np.any(asked[self.cells]):
            return
        dictionary = Dictionary(self.balances, self.due, self.lower, self.upper)
        self._witness(dictionary.point, found)
        for upwards in (True, False):
            for place in np.flatnonzero(asked[self.cells]):
                self._end(int(place), upwards, dictionary, found)

    def _end(self, place: int, upwards: bool, dictionary: Dictionary, found: _Found) -> None:
        cell = self.cells[place]
        outer, seen = (found.upper, self.most) if upwards else (found.lower, self.least)
        # A point met on the way to another cell's end may already be at this one's.
        if abs(seen[place] - outer[cell]) > _CLOSE:
            try:
                settled = dictionary.push(place, upwards)
            except EndlessError:
                found.reached_upper[cell] = np.inf
                return
            if not settled or not self._fits(dictionary.point):
                found.incomplete += 1
                return
            self._witness(dictionary.point, found)
            value = dictionary.point[place]
            outer[cell] = np.floor(value + _CLOSE) if upwards else np.ceil(value - _CLOSE)
        reached = found.reached_upper if upwards else found.reached_lower
        if reached[cell] != outer[cell] and len(self.cells) <= _EXACT_CELLS:
            self._exactly(place, upwards, found)

    def _fits(self, point: Floats) -> bool:
        return (
            bool(np.all(np.abs(self.balances @ point - self.due) < _CLOSE))
            and bool(np.all(point > self.lower - _CLOSE))
            and bool(np.all(point < self.upper + _CLOSE))
        )

    def _witness(self, point: Floats, found: _Found) -> None:
        """Keeps the point's values as met, and as reached where it is a whole-numbered table that fits exactly."""
        np.minimum(self.least, point, out=self.least)
        np.maximum(self.most, point, out=self.most)
        whole = np.rint(point)
        if np.any(np.abs(point - whole) > _CLOSE) or np.any(self.balances @ whole != self.due):
            return
        if np.all((self.lower <= whole) & (whole <= self.upper)):
            found.reach(self.cells, whole)

    def _exactly(self, place: int, upwards: bool, found: _Found) -> None:
        """The end among whole-numbered tables, by branch and bound; anything but optimal leaves it open."""
        cost = np.zeros(len(self.cells))
        cost[place] = -1.0 if upwards else 1.0
        answer = milp(
            cost,
            constraints=LinearConstraint(self.balances, self.due, self.due),
            bounds=Bounds(self.lower, self.upper),
            integrality=np.ones(len(self.cells), dtype=np.int64),
            options={"time_limit": _EXACT_SECONDS, "mip_rel_gap": 0.0},
        )
        if answer.status != 0 or answer.x is None:
            found.incomplete += 1
            return
        self._witness(answer.x, found)
        whole = float(np.rint(answer.x[place]))
        outer = found.upper if upwards else found.lower
        outer[self.cells[place]] = whole
