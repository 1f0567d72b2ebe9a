"""Smallest and largest values of many cells over one set of balances, by HiGHS, each answer the start of the next.

Every question differs from the last in its objective alone, so the basis of the last answer is feasible for the next and
the primal simplex goes on from it (G. B. Dantzig, Linear Programming and Extensions, Princeton 1963; Q. Huangfu and
J. A. J. Hall, Mathematical Programming Computation 10 (2018), 119-142).

It fails closed. An answer is a point only where HiGHS says optimal and the point fits every balance and bound when it is
put in; every other ending, of whatever name, is no answer. `threads` is left as it is: HiGHS keeps one scheduler for the
whole process, and an instance that asks for another number of threads ends without a solution.
"""

from __future__ import annotations

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

CLOSE = 1e-6
_TINY = 1e-9
_PAID = 0.01
_PRIMAL = 4
_DUAL = 1
"""HiGHS's numbers for the two."""
_NODES = 20_000
"""Branch and bound stops here: a limit in nodes, not seconds, so that every machine gives the same answer."""
_SECONDS = 120.0
"""Only a guard: what takes this long is left open."""


class NoPointError(ValueError):
    """No values fit the statements: they contradict each other."""


def fits(balances: sparse.csr_array, due: Floats, lower: Floats, upper: Floats, point: Floats) -> bool:
    """Whether the point keeps to every balance and bound, but for rounding errors."""
    return (
        bool(np.all(np.abs(balances @ point - due) < CLOSE))
        and bool(np.all(point > lower - CLOSE))
        and bool(np.all(point < upper + CLOSE))
    )


class Extremes:
    """The ends of each cell's range over `balances @ x = due` and `lower <= x <= upper`, all of them finite."""

    def __init__(self, balances: sparse.csr_array, due: Floats, lower: Floats, upper: Floats) -> None:
        self.balances, self.due, self.lower, self.upper = balances, due, lower.copy(), upper.copy()
        self.asked = 0
        self._last = -1
        self._turned = balances.T.tocsr()
        self._highs = model(balances, due, lower, upper, primal=True)

    def bound(self, place: int, lower: float, upper: float) -> None:
        """Gives a cell other bounds."""
        self.lower[place], self.upper[place] = lower, upper
        self._highs.changeColBounds(place, lower, upper)

    def end(self, place: int, *, upwards: bool) -> tuple[Floats, float] | None:
        """A point where the cell is largest (smallest) and the bound on the cell that its dual prices prove; None: no answer.

        The bound is worked out here from the prices and holds whatever else the solver did (weak duality). Raises
        NoPointError where nothing fits at all.
        """
        if (answer := self._answer(place, upwards=upwards)) is None:
            return None
        point: Floats = np.array(answer.col_value)
        prices: Floats = np.array(answer.row_dual)
        if len(point) != len(self.lower) or not fits(self.balances, self.due, self.lower, self.upper, point):
            return None
        sign = -1.0 if upwards else 1.0
        left = -(self._turned @ prices)
        left[place] += sign
        left[np.abs(left) < _TINY] = 0.0
        least = float(prices @ self.due) + float(np.where(left > 0, left * self.lower, left * self.upper).sum())
        return point, sign * least

    def unchecked(self, place: int, *, upwards: bool) -> Floats | None:
        """A point where the cell is largest (smallest) as the solver has it, for whoever checks what comes of it later."""
        answer = self._answer(place, upwards=upwards)
        return None if answer is None else np.array(answer.col_value)

    def _answer(self, place: int, *, upwards: bool) -> highspy.HighsSolution | None:
        if self._last not in (-1, place):
            self._highs.changeColCost(self._last, 0.0)
        self._highs.changeColCost(place, -1.0 if upwards else 1.0)
        self._last = place
        self.asked += 1
        if self._highs.run() != highspy.HighsStatus.kOk:
            return None
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise NoPointError("no values fit the statements: they contradict each other")
        return self._highs.getSolution() if status == highspy.HighsModelStatus.kOptimal else None


class Nearby:
    """Tables near a whole-numbered one in which a cell has another value: the fewest people moved, by linear programming.

    The nearest tables move few cells in small circles, and those mostly by whole numbers, even where the corners that
    `Extremes` goes to are fractions. Whoever takes one holds it against the balances and looks whether it is whole.
    """

    def __init__(self, balances: sparse.csr_array, base: Floats, lower: Floats, upper: Floats) -> None:
        self.base, self.size = base, len(base)
        both = sparse.csr_array(sparse.hstack([balances, -balances]))
        self._room = np.concatenate([upper - base, base - lower])
        self._highs = model(both, np.zeros(both.shape[0]), np.zeros(2 * self.size), self._room, primal=False)
        self._cost = np.zeros(2 * self.size)

    def find(self, place: int, value: float, wanted: tuple[Truths, bool, float]) -> Floats | None:
        """A table with the cell at the value or beyond it; None where there is none, or the solver does not say.

        `wanted` are other cells to be met at a value above (True) or below: they are paid a little for going there, but
        for no more than that distance.
        """
        pending, upwards, goal = wanted
        by = value - self.base[place]
        column = place if by > 0 else self.size + place
        cost, room = np.ones(2 * self.size), self._room.copy()
        ahead = np.concatenate([pending, np.zeros_like(pending)] if upwards else [np.zeros_like(pending), pending])
        back = np.roll(ahead, self.size)
        cost[ahead], cost[back] = -_PAID, 2 * _PAID
        distance = np.abs(goal - np.concatenate([self.base, self.base]))
        room[ahead] = np.minimum(room[ahead], distance[ahead])
        room[column] = self._room[column]
        if abs(by) > self._room[column]:
            return None
        self._ask(cost, room, column, abs(by))
        if self._highs.run() != highspy.HighsStatus.kOk:
            return None
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        found: Floats = np.array(self._highs.getSolution().col_value)
        return self.base + found[: self.size] - found[self.size :]

    def _ask(self, cost: Floats, room: Floats, column: int, least: float) -> None:
        new = np.flatnonzero(cost != self._cost).astype(np.int32)
        self._highs.changeColsCost(len(new), new, cost[new])
        self._cost = cost
        every = np.arange(2 * self.size, dtype=np.int32)
        lower = np.zeros(2 * self.size)
        lower[column] = least
        self._highs.changeColsBounds(len(every), every, lower, room)


def model(balances: sparse.csr_array, due: Floats, lower: Floats, upper: Floats, *, primal: bool) -> highspy.Highs:
    """A linear program without a cost yet. The primal simplex goes on best after a new cost, the dual after new bounds."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("presolve", "off"),
        ("solver", "simplex"),
        ("simplex_strategy", _PRIMAL if primal else _DUAL),
    ):
        highs.setOptionValue(name, value)
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = balances.shape
    program.col_cost_ = np.zeros(len(lower))
    program.col_lower_, program.col_upper_ = lower, upper
    program.row_lower_ = program.row_upper_ = due
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = balances.indptr
    program.a_matrix_.index_ = balances.indices
    program.a_matrix_.value_ = balances.data
    highs.passModel(program)
    return highs


def least_cost(balances: sparse.csr_array, lower: Floats, upper: Floats, cost: Floats) -> Floats | None:
    """A point of least cost over `balances @ x = 0` and the bounds, fractions allowed; None on any ending but optimal."""
    answer = milp(cost, constraints=LinearConstraint(balances, 0, 0), bounds=Bounds(lower, upper))
    if answer.status != 0 or answer.x is None:
        return None
    point: Floats = answer.x
    return point if fits(balances, np.zeros(balances.shape[0]), lower, upper, point) else None


def whole_end(balances: sparse.csr_array, due: Floats, lower: Floats, upper: Floats, cost: Floats) -> Floats | None:
    """The whole-numbered point of least cost by branch and bound; None where none was proved best."""
    found, proved = _whole(balances, due, lower, upper, cost)
    return found if proved else None


def whole_point(balances: sparse.csr_array, due: Floats, lower: Floats, upper: Floats) -> Floats | None:
    """Some whole-numbered point, held against every balance and bound; None where none was met."""
    return _whole(balances, due, lower, upper, np.zeros(len(lower)))[0]


def _whole(
    balances: sparse.csr_array, due: Floats, lower: Floats, upper: Floats, cost: Floats
) -> tuple[Floats | None, bool]:
    answer = milp(
        cost,
        constraints=LinearConstraint(balances, due, due),
        bounds=Bounds(lower, upper),
        integrality=np.ones(len(lower), dtype=np.int64),
        options={"node_limit": _NODES, "time_limit": _SECONDS, "mip_rel_gap": 0.0},
    )
    if answer.x is None:
        return None, False
    point: Floats = np.rint(answer.x)
    if np.any(balances @ point != due) or np.any(point < lower) or np.any(point > upper):
        return None, False
    return point, answer.status == 0
