"""Smallest and largest values of many variables over one set of balances, by a primal simplex that stays warm.

Every question differs from the last in its objective alone, so the basis of the last answer is a start for the next
(G. B. Dantzig, Linear Programming and Extensions, Princeton 1963, chapter 18: variables with bounds). The balances of a
table hold only 1 and -1, so the rows of its dictionary stay sparse, and an exchange touches only the rows and columns
that meet it.

Nothing here is believed unchecked: `settled` says whether a run of exchanges ended as it should, and whoever takes the
point holds it against the balances anew.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

_TINY = 1e-9
_PIVOT = 1e-6
"""Entries nearer to nought than this are rounding errors: real ones are ratios of small whole numbers."""
_DRIFT = 1e-8
"""Rounding error above which the rows are worked out from the balances again."""
_STALL = 40
"""Exchanges that do not move the point before the rule that cannot circle (R. G. Bland, 1977) takes over."""


class NoPointError(ValueError):
    """No point was found that fits the statements; the sentence says what the solver answered."""


class EndlessError(ArithmeticError):
    """A variable has no largest value."""


def starting_point(balances: sparse.csr_array, due: Floats, lower: Floats, upper: Floats) -> Floats:
    """A corner of the set `balances @ x = due`, `lower <= x <= upper`. Raises NoPointError on any answer but optimal."""
    found = milp(np.zeros(len(lower)), constraints=LinearConstraint(balances, due, due), bounds=Bounds(lower, upper))
    if found.status != 0 or found.x is None:
        raise NoPointError(f"no values fit the statements: {found.message}")
    point: Floats = np.clip(found.x, lower, upper)
    return point


class Dictionary:
    """The balances solved for a basis: `basic` variables as combinations of the `others`, and the point they are at.

    The point always keeps to the bounds; `push` moves it to where one variable is smallest or largest.
    """

    def __init__(self, balances: sparse.csr_array, due: Floats, lower: Floats, upper: Floats) -> None:
        point = starting_point(balances, due, lower, upper)
        self.point, self.lower, self.upper = point.copy(), lower, upper
        slack = np.minimum(point - lower, upper - point)
        order = np.argsort(-slack, kind="stable")
        self.basic, self.others, self.rows, chosen, _ = _solved(balances, due, order)
        self._balances, self._due = balances[chosen].tocsr(), due[chosen]
        self._index()
        self.exchanges = 0
        self._probe = np.cos(np.arange(len(self.others)))

    def push(self, variable: int, upwards: bool, stop_at: float = np.inf, limit: int = 5000) -> bool:
        """Moves to where the variable is largest (smallest); True when no move improves it, or it has reached `stop_at`.

        Raises EndlessError where nothing bounds it. False where more than `limit` moves were needed: the point is then a corner, but not known to be the last one.
        """
        sign, still = (1.0 if upwards else -1.0), 0
        if self._drift() > _DRIFT:
            self._solve_afresh()
        for _ in range(limit):
            if sign * self.point[variable] >= stop_at - _TINY:
                return True
            gains = self._gains(variable, sign)
            others = self.others
            room_up = self.upper[others] - self.point[others]
            room_down = self.point[others] - self.lower[others]
            worth = np.where(gains > _TINY, np.where(room_up > _TINY, gains, 0.0), 0.0)
            worth = np.where(gains < -_TINY, np.where(room_down > _TINY, -gains, 0.0), worth)
            best = int(np.argmax(worth)) if still < _STALL else self._first(worth)
            if worth[best] <= 0:
                if self._drift() <= _DRIFT:
                    return True
                self._solve_afresh()
                continue
            moved = self._move(best, 1.0 if gains[best] > 0 else -1.0, still >= _STALL)
            still = 0 if moved > _TINY else still + 1
        return False

    def _solve_afresh(self) -> None:
        """The rows and the point from the balances anew."""
        order = np.concatenate([self.basic, self.others])
        self.basic, self.others, self.rows, chosen, solved = _solved(self._balances, self._due, order)
        self._balances, self._due = self._balances[chosen], self._due[chosen]
        self._index()
        self.point = np.clip(self.point, self.lower, self.upper)
        self.point[self.basic] = solved - self.rows @ self.point[self.others]

    def _index(self) -> None:
        self.place = np.empty(len(self.point), dtype=np.int64)
        self.place[self.basic] = np.arange(len(self.basic))
        self.place[self.others] = -1 - np.arange(len(self.others))

    def _drift(self) -> float:
        """How far the rows and the point are from the balances: exchanges carry rounding errors forward, and they grow."""
        along = np.zeros(len(self.point))
        along[self.others], along[self.basic] = self._probe, -(self.rows @ self._probe)
        of_rows, of_point = self._balances @ along, self._balances @ self.point - self._due
        return float(max(np.abs(of_rows).max(initial=0.0), np.abs(of_point).max(initial=0.0)))

    def _first(self, worth: Floats) -> int:
        able = np.flatnonzero(worth > 0)
        return int(able[np.argmin(self.others[able])]) if able.size else 0

    def _gains(self, variable: int, sign: float) -> Floats:
        place = self.place[variable]
        if place >= 0:
            row: Floats = -sign * self.rows[place]
            return row
        gains = np.zeros(len(self.others))
        gains[-1 - place] = sign
        return gains

    def _move(self, column: int, direction: float, careful: bool) -> float:
        entering = self.others[column]
        touched = np.flatnonzero(np.abs(self.rows[:, column]) > _PIVOT)
        rates = -direction * self.rows[touched, column]
        held = self.basic[touched]
        room = np.where(rates > 0, self.upper[held] - self.point[held], self.point[held] - self.lower[held])
        steps = np.maximum(room, 0.0) / np.abs(rates)
        own = (
            self.upper[entering] - self.point[entering]
            if direction > 0
            else self.point[entering] - self.lower[entering]
        )
        step = float(steps.min()) if steps.size else np.inf
        if not np.isfinite(min(own, step)):
            raise EndlessError("the statements leave this value without a largest")
        if own <= step:
            self.point[held] += rates * own
            self.point[entering] = self.upper[entering] if direction > 0 else self.lower[entering]
            return float(own)
        near = np.flatnonzero(steps <= step + _TINY)
        chosen = near[np.argmin(held[near])] if careful else near[np.argmax(np.abs(rates[near]))]
        step = float(steps[chosen])
        self.point[held] = np.clip(self.point[held] + rates * step, self.lower[held], self.upper[held])
        self.point[entering] += direction * step
        leaving = held[chosen]
        self.point[leaving] = self.upper[leaving] if rates[chosen] > 0 else self.lower[leaving]
        self._exchange(int(touched[chosen]), column, np.flatnonzero(self.rows[:, column]))
        return step

    def _exchange(self, row: int, column: int, touched: Places) -> None:
        rows = self.rows
        pivot = rows[row, column]
        along = np.flatnonzero(rows[row])
        values = rows[row, along] / pivot
        rest = touched[touched != row]
        factors = rows[rest, column].copy()
        block = rows[np.ix_(rest, along)] - np.outer(factors, values)
        block[np.abs(block) < _TINY] = 0.0
        rows[np.ix_(rest, along)] = block
        rows[rest, column] = -factors / pivot
        rows[row, along] = values
        rows[row, column] = 1.0 / pivot
        leaving, entering = self.basic[row], self.others[column]
        self.basic[row], self.others[column] = entering, leaving
        self.place[entering], self.place[leaving] = row, -1 - column
        self.exchanges += 1


def _solved(balances: sparse.csr_array, due: Floats, order: Places) -> tuple[Places, Places, Floats, Places, Floats]:
    """The balances solved for the variables first in `order`, as far as they can be: those variables, the others, the
    rows, which balances they are (the rest follow from them), and what is due in each row."""
    whole = np.hstack([balances.toarray(), due[:, None]])
    free = np.ones(whole.shape[0], dtype=bool)
    row_of: dict[int, int] = {}
    for variable in order:
        touched = np.flatnonzero(whole[:, variable])
        able = touched[free[touched] & (np.abs(whole[touched, variable]) > 1e-7)]
        if not able.size:
            continue
        # The sparsest row fills the others in least.
        row = able[np.argmin(np.count_nonzero(whole[able], axis=1))] if able.size > 1 else able[0]
        along = np.flatnonzero(whole[row])
        values = whole[row, along] / whole[row, variable]
        whole[row, along] = values
        rest = touched[touched != row]
        if rest.size:
            block = whole[np.ix_(rest, along)] - np.outer(whole[rest, variable], values)
            block[np.abs(block) < _TINY] = 0.0
            whole[np.ix_(rest, along)] = block
        free[row] = False
        row_of[int(variable)] = int(row)
        if not free.any():
            break
    basic = np.fromiter(row_of, dtype=np.int64, count=len(row_of))
    others = np.setdiff1d(np.arange(whole.shape[1] - 1), basic)
    chosen = np.fromiter(row_of.values(), dtype=np.int64, count=len(row_of))
    return basic, others, np.ascontiguousarray(whole[np.ix_(chosen, others)]), chosen, whole[chosen, -1]
