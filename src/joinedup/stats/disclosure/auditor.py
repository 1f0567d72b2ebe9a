"""The smallest and largest value that each withheld cell can have, for somebody who has the release and nothing else.

Bounds are first narrowed balance by balance; what is left falls into parts that share no balance, and each part is
asked for the ends of its cells by linear programming (M. Fischetti and J. J. Salazar, Management Science 47 (2001),
1008-1027, call it the attacker's problem). Every point met on the way widens what is known of all other cells too.

Linear programming lets values be fractions, so its ends can lie outside those that whole numbers of people reach. Both
are kept apart: `lower` and `upper` hold whatever the truth is, and `reached_lower` and `reached_upper` are values of
whole-numbered tables that were found and held against every balance. Where whole numbers are in doubt, branch and bound
looks for them: for both ends in small parts, and in large ones for the values on which a verdict hangs.

A cell is judged safe by what was reached, never by what a solver merely said. A solver that ends in any way but optimal
leaves the reached values as they are, so that the cell counts as disclosed: it fails closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from joinedup.stats.disclosure.balances import Floats, System, Truths
from joinedup.stats.disclosure.bulk import table_towards
from joinedup.stats.disclosure.solver import CLOSE, Extremes, Nearby, NoPointError, fits, whole_end, whole_point

_EXACT_CELLS = 150
"""Up to so many cells that hang together, whole-numbered ends are sought by branch and bound where corners are fractions."""
_EVERY_END_CELLS = 1_500
"""In parts with more cells than this only those ends are asked for on which a verdict hangs; other bounds are wider."""
_BULK = 24
"""So many times many cells are asked for at once in large parts, before those that are left are asked one by one."""
_WORTH = 8
"""A program for many cells at once takes about as long as so many for one; twice fewer settled, and it is one by one."""
_SEARCHES = 300
"""So many searches for a whole-numbered table in large parts; cells left after that count as disclosed."""


@dataclass(frozen=True, slots=True)
class Enough:
    """What a verdict hangs on: for each cell of `cells`, being met at `low` or less, and at `high` or more.

    `apart` asks the high value also to lie so far above the cell's lower end; then any two values so far apart are enough
    where the lower of them is `small` or less, and a cell that is proved larger than `small` is no more in question.
    """

    cells: Truths
    low: float
    high: float
    apart: float = 0.0
    small: Floats | None = None

    def goals(self, lower: Floats, *, upwards: bool) -> Floats:
        """Where each cell is to be met, given its lower end."""
        return np.maximum(self.high, lower + self.apart) if upwards else np.maximum(self.low, lower)

    def settled(self, found: _Found, cells: npt.NDArray[np.int64]) -> Truths:
        """For each of the cells whether nothing hangs on it any more."""
        lower, upper = found.reached_lower[cells], found.reached_upper[cells]
        if self.apart and self.small is not None:
            met: Truths = ((upper - lower >= self.apart) & (lower <= self.small[cells])) | (
                found.lower[cells] > self.small[cells]
            )
        else:
            met = (lower <= self.low) & (upper >= self.goals(found.lower[cells], upwards=True))
        return met | ~self.cells[cells]


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


def ranges(
    system: System,
    wanted: Truths | None = None,
    enough: Enough | None = None,
    known: Sequence[Floats] = (),
    within: Ranges | None = None,
) -> Ranges:
    """The ranges of the `wanted` cells of the system (all without it).

    `known` are tables said to fit; each is held against the system before it counts. `within` are the ranges in a system
    that says all this one says and more: what is reached there is reached here. Raises NoPointError where no values fit
    at all.
    """
    narrow = system.propagated()
    free = narrow.lower < narrow.upper
    asked = free if wanted is None else free & wanted
    found = _Found(narrow, enough)
    if within is not None:
        found.reached_lower = np.minimum(found.reached_lower, within.reached_lower)
        found.reached_upper = np.maximum(found.reached_upper, within.reached_upper)
    columns = np.flatnonzero(free)
    inside = narrow.balances[:, columns].tocsr()
    due = -(narrow.balances @ np.where(free, 0.0, narrow.lower))
    live = np.flatnonzero(np.diff(inside.indptr))
    if np.any(due[np.flatnonzero(np.diff(inside.indptr) == 0)]):
        raise NoPointError("the statements contradict each other: a total is not the sum of its parts")
    inside, due = inside[live], due[live]
    for rows, cells in _parts(inside):
        _Part(inside[rows][:, cells], due[rows], columns[cells], found).ask(asked, known)
    return found.result()


def _parts(inside: sparse.csr_array) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Balances and cells that hang together, part by part: they do where a balance holds a cell."""
    table = inside.tocoo()
    rows, cells = table.coords[0], table.coords[1]
    size = inside.shape[1]
    joined = sparse.csr_array((np.ones(len(rows)), (cells, rows + size)), shape=(sum(inside.shape), sum(inside.shape)))
    count, part = connected_components(joined, directed=False)
    order = np.argsort(part, kind="stable")
    edges = np.searchsorted(part[order], np.arange(count + 1))
    members = [order[edges[number] : edges[number + 1]] for number in range(count)]
    return [(each[each >= size] - size, each[each < size]) for each in members]


class _Found:
    """What is known of each cell so far: outer bounds that narrow, reached values that widen."""

    def __init__(self, narrow: System, enough: Enough | None) -> None:
        self.lower, self.upper, self.enough = narrow.lower.copy(), narrow.upper.copy(), enough
        fixed = narrow.lower == narrow.upper
        self.reached_lower = np.where(fixed, narrow.lower, np.inf)
        self.reached_upper = np.where(fixed, narrow.upper, -np.inf)
        self.incomplete, self.searches = 0, _SEARCHES
        # A cell without a largest value is asked about up to this, far above what any statement could add up to.
        finite = np.where(np.isfinite(narrow.upper), narrow.upper, 0.0)
        self.far = 4.0 * (float(finite.sum()) + len(finite) + 1.0)

    def reach(self, cells: npt.NDArray[np.int64], values: Floats) -> None:
        seen = np.where((values >= self.far / 2) & np.isinf(self.upper[cells]), np.inf, values)
        self.reached_lower[cells] = np.minimum(self.reached_lower[cells], values)
        self.reached_upper[cells] = np.maximum(self.reached_upper[cells], seen)

    def result(self) -> Ranges:
        return Ranges(self.lower, self.upper, self.reached_lower, self.reached_upper, self.incomplete)


class _Part:
    """Cells that hang together, asked one after another from the point the last answer left."""

    def __init__(self, balances: sparse.csr_array, due: Floats, cells: npt.NDArray[np.int64], found: _Found) -> None:
        self.balances, self.due, self.cells, self.found = balances, due, cells, found
        self.lower, self.upper = found.lower[cells], np.minimum(found.upper[cells], found.far)
        self.least, self.most = found.reached_lower[cells], found.reached_upper[cells]

    def ask(self, asked: Truths, known: Sequence[Floats]) -> None:
        """Both ends of every asked cell of this part."""
        places = np.flatnonzero(asked[self.cells])
        if not places.size:
            return
        for whole in known:
            if fits(self.balances, self.due, self.lower, self.upper, whole[self.cells]):
                self._witness(whole[self.cells])
        small, large, enough = len(self.cells) <= _EXACT_CELLS, len(self.cells) > _EVERY_END_CELLS, self.found.enough
        if enough is not None and large:
            self._in_bulk(places, enough)
            self._nearby(places[~enough.settled(self.found, self.cells[places])], enough)
        extremes = Extremes(self.balances, self.due, self.lower, self.upper)
        for upwards in (True, False):
            for place in places:
                self._end(int(place), upwards, extremes)
                if small:
                    self._exactly(int(place), upwards)
        if enough is not None and not small:
            self._search_all(places, enough, large=large)

    def _search_all(self, places: npt.NDArray[np.int64], enough: Enough, *, large: bool) -> None:
        """Looks for whole-numbered tables where a verdict still hangs on them."""
        if large and self._fails_anyway(enough):
            return
        if not large:
            self._in_bulk(places, enough)
        for place in places:
            if not enough.settled(self.found, self.cells[[place]])[0]:
                self._search(int(place), enough)

    def _fails_anyway(self, enough: Enough) -> bool:
        """Whether some cell is proved open: no search for whole numbers can make the release safe."""
        lower, upper = self.found.lower[self.cells], self.found.upper[self.cells]
        open_cells = upper < enough.goals(lower, upwards=True)
        if not enough.apart:
            open_cells |= lower > enough.low
        return bool(np.any(open_cells & ~enough.settled(self.found, self.cells)))

    def _in_bulk(self, places: npt.NDArray[np.int64], enough: Enough) -> None:
        """Looks for tables with as many as possible of the cells at once where a verdict needs them."""
        random = np.random.default_rng(0)
        system = (self.balances, self.due, self.lower, self.upper)
        idle = 0 if np.any(~enough.settled(self.found, self.cells[places])) else 2
        for turn in range(_BULK if idle < 2 else 0):
            upwards = turn % 2 == 0
            left = places[~enough.settled(self.found, self.cells[places])]
            cells = self.cells[left]
            goals = enough.goals(self.found.lower[cells], upwards=upwards)
            if upwards:
                able = (self.found.reached_upper[cells] < goals) & (goals <= self.upper[left])
            else:
                able = (self.found.reached_lower[cells] > goals) & (goals >= self.lower[left])
            if turn > 1:
                able &= random.random(len(able)) < 0.5
            if np.any(able):
                point = table_towards(system, left[able], goals[able], upwards=upwards)
                if point is not None:
                    self._witness(point)
            after = int(np.count_nonzero(~enough.settled(self.found, self.cells[places])))
            idle = 0 if after + _WORTH <= len(left) else idle + 1
            if not after or idle == 2:
                return

    def _nearby(self, places: npt.NDArray[np.int64], enough: Enough) -> None:
        """Looks near one whole-numbered table for those on which the verdicts hang; what it does not find is left open."""
        base = whole_point(self.balances, self.due, self.lower, self.upper) if len(places) else None
        if base is None:
            return
        self._witness(base)
        nearby = Nearby(self.balances, base, self.lower, self.upper)
        found = self.found
        for upwards, goal in ((False, enough.low), (True, enough.high)):
            pending = np.zeros(len(self.cells), dtype=bool)
            pending[places] = True
            for place in places:
                cell = self.cells[place]
                value = max(goal, self.lower[place] + enough.apart) if upwards else max(goal, self.lower[place])
                met = found.reached_upper[self.cells] >= goal if upwards else found.reached_lower[self.cells] <= goal
                pending &= ~met
                reached = found.reached_upper[cell] >= value if upwards else found.reached_lower[cell] <= value
                if reached or not self.lower[place] <= value <= self.upper[place]:
                    continue
                point = nearby.find(int(place), value, (pending, upwards, goal))
                if point is not None and fits(self.balances, self.due, self.lower, self.upper, point):
                    self._witness(point)
                pending[place] = False

    def _end(self, place: int, upwards: bool, extremes: Extremes) -> None:
        cell = self.cells[place]
        seen = self.most[place] if upwards else self.least[place]
        # A point met on the way to another cell's end may already be at this one's, or as far as the verdict needs.
        if abs(seen - (self.upper[place] if upwards else self.lower[place])) <= CLOSE or self._decided(place, upwards):
            return
        answer = extremes.end(place, upwards=upwards)
        if answer is None:
            self.found.incomplete += 1
            return
        point, bound = answer
        self._witness(point)
        if upwards and bound < self.found.far / 2:
            self.found.upper[cell] = min(self.found.upper[cell], np.floor(bound + CLOSE))
        elif not upwards:
            self.found.lower[cell] = max(self.found.lower[cell], np.ceil(bound - CLOSE))

    def _decided(self, place: int, upwards: bool) -> bool:
        """Whether, in a large part, no verdict hangs on this end any more."""
        enough, cell = self.found.enough, self.cells[place]
        if enough is None or len(self.cells) <= _EVERY_END_CELLS:
            return False
        if enough.settled(self.found, self.cells[[place]])[0]:
            return True
        high = max(enough.high, self.found.lower[cell] + enough.apart)
        return bool(self.most[place] >= high - CLOSE if upwards else self.least[place] <= enough.low + CLOSE)

    def _witness(self, point: Floats) -> None:
        """Keeps the point's values as met, and as reached where it is a whole-numbered table that fits exactly."""
        np.minimum(self.least, point, out=self.least)
        np.maximum(self.most, point, out=self.most)
        whole = np.rint(point)
        if np.any(np.abs(point - whole) > CLOSE) or np.any(self.balances @ whole != self.due):
            return
        if np.all((self.lower <= whole) & (whole <= self.upper)):
            self.found.reach(self.cells, whole)

    def _exactly(self, place: int, upwards: bool) -> None:
        """The end among whole-numbered tables, by branch and bound; anything but proved leaves it open."""
        found, cell = self.found, self.cells[place]
        reached, outer = (found.reached_upper, found.upper) if upwards else (found.reached_lower, found.lower)
        if reached[cell] == outer[cell]:
            return
        cost = np.zeros(len(self.cells))
        cost[place] = -1.0 if upwards else 1.0
        point = whole_end(self.balances, self.due, self.lower, self.upper, cost)
        if point is None:
            found.incomplete += 1
            return
        self._witness(point)
        if np.isfinite(outer[cell]):
            outer[cell] = point[place]

    def _search(self, place: int, enough: Enough) -> None:
        """Looks for whole-numbered tables with the cell at the values that a verdict hangs on, where none was met yet."""
        found, cell = self.found, self.cells[place]
        high = max(enough.high, found.lower[cell] + enough.apart)
        if found.reached_upper[cell] < high <= found.upper[cell]:
            self._meet(place, high, np.inf)
        if found.reached_lower[cell] > enough.low >= found.lower[cell]:
            self._meet(place, -np.inf, enough.low)

    def _meet(self, place: int, least: float, most: float) -> None:
        if not self.found.searches:
            self.found.incomplete += 1
            return
        self.found.searches -= 1
        lower, upper = self.lower.copy(), self.upper.copy()
        lower[place], upper[place] = max(lower[place], least), min(upper[place], most)
        point = whole_point(self.balances, self.due, lower, upper)
        if point is not None:
            self._witness(point)
