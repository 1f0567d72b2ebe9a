"""What covers each withheld count: fitting tables in which it is nought, or more than small; and what can be shown again.

Every withheld count has needs: tables that fit all that is shown, with that count at one end of the range to be
protected. One table can serve many. Withheld counts that are not small are shown again, one after another, where every
need can still be met without them: what was withheld early is often covered by what was withheld later.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from joinedup.stats.disclosure.balances import Floats
from joinedup.stats.disclosure.deviations import Need, Table
from joinedup.stats.disclosure.solver import CLOSE, Extremes, NoPointError

_FAR = 1e6
PROVED = -1
"""In place of a fitting table: the cell cannot be small, so it needs none."""


def needs_of(table: Table, most: int, behind: int) -> list[Need]:
    """What every withheld cell needs: 0 and more than small for an outsider, `behind` counts for one who knows the rule.

    A withheld cell that is not small needs nought, or else not to be taken for small.
    """
    found = []
    for cell in np.flatnonzero(table.hidden & ~table.silent):
        count = float(table.counts[cell])
        if table.primary[cell]:
            low = max(count - behind + 1, float(table.lowest[cell]))
            found += [
                Need(int(cell), False, low, True),
                Need(int(cell), True, low + behind - 1, True),
                Need(int(cell), True, most + 1.0, False),
            ]
        found.append(Need(int(cell), False, 0.0, False))
    return found


def primary_goals(table: Table, most: int, behind: int) -> list[Need]:
    """Needs that leave no small count open: met at nought, and so far up that one who knows the rule is left enough."""
    found = []
    for cell in np.flatnonzero(table.primary):
        high = max(most + 1.0, float(table.counts[cell]) + behind - 1.0)
        found += [Need(int(cell), False, 0.0, False), Need(int(cell), True, high, True)]
    return found


class Cover:
    """The withheld cells of a table by themselves, the tables met that fit, and which need each of them serves."""

    def __init__(self, table: Table, most: int, behind: int, points: Sequence[tuple[Floats, bool]] = ()) -> None:
        self.table, self.most = table, most
        self.cells = np.flatnonzero(table.hidden)
        self.place = {int(cell): place for place, cell in enumerate(self.cells)}
        balances = table.balances[:, self.cells].tocsr()
        self.balances = sparse.csr_array(balances[np.flatnonzero(np.diff(balances.indptr))])
        self.counts = table.counts[self.cells]
        due = self.balances @ self.counts
        far = np.full(len(self.cells), _FAR)
        least = np.where(table.silent[self.cells], 0.0, 1.0)
        self.extremes = {
            knowing: Extremes(self.balances, due, least if knowing else np.zeros(len(far)), far)
            for knowing in (True, False)
        }
        self._points = np.empty((64, len(self.cells)))
        self._knowing, self._valid = np.zeros(64, dtype=bool), np.zeros(64, dtype=bool)
        self._many = 0
        self._keep(self.counts, knowing=True)
        for whole, knowing in points:
            self._keep(whole[self.cells], knowing=knowing)
        self.served: dict[Need, int | None] = dict.fromkeys(needs_of(table, most, behind))

    @property
    def asked(self) -> int:
        """Linear programs solved so far."""
        return sum(each.asked for each in self.extremes.values())

    def unmet(self) -> list[Need]:
        """The needs that no fitting table serves, having looked for one for each."""
        for need in self.served:
            self.served[need] = self._seek(need)
        return [need for need, served in self.served.items() if served is None]

    def whole_points(self) -> list[tuple[Floats, bool]]:
        """The tables met, over all cells that can move; the second says whether they fit for one who knows the rule."""
        found = []
        for number in np.flatnonzero(self._valid[: self._many]):
            whole = self.table.counts.copy()
            whole[self.cells] = self._points[number]
            found.append((whole, bool(self._knowing[number])))
        return found

    def show_again(self, limit: int) -> None:
        """Shows withheld cells that are not small, smallest first, where every need is met without them.

        It stops after so many linear programs.
        """
        inside, lines = self.balances.tocsr(), sparse.csc_array(self.balances)
        held = np.diff(inside.indptr)
        table, start = self.table, self.asked
        able = [place for place, cell in enumerate(self.cells) if not (table.primary[cell] or table.silent[cell])]
        failed: dict[Need, int] = {}
        for place in sorted(able, key=lambda place: (self.counts[place], place)):
            if self.asked - start > limit:
                return
            rows = lines.indices[lines.indptr[place] : lines.indptr[place + 1]]
            # A line with one withheld cell left gives that one away.
            if np.any(held[rows] == 2):
                continue
            near = {
                int(self.cells[each])
                for row in rows
                for each in inside.indices[inside.indptr[row] : inside.indptr[row + 1]]
            }
            if self._without(place, near, failed):
                table.hidden[self.cells[place]] = False
                held[rows] -= 1

    def _without(self, place: int, near: set[int], failed: dict[Need, int]) -> bool:
        """Whether every need is met with the cell shown; it stays shown if so, and all is as before if not."""
        cell = int(self.cells[place])
        many = self._many
        used = np.flatnonzero(self._valid[:many] & (np.abs(self._points[:many, place] - self.counts[place]) > CLOSE))
        self._valid[used] = False
        for each in self.extremes.values():
            each.bound(place, self.counts[place], self.counts[place])
        lost = set(used.tolist())
        again = [need for need, served in self.served.items() if served in lost and need.cell != cell]
        # Needs that failed before and those of the same lines are the likeliest to fail: they are asked first.
        again.sort(key=lambda need: (-failed.get(need, 0), need.cell not in near))
        new: dict[Need, int] = {}
        for need in again:
            served = self._seek(need)
            if served is None:
                failed[need] = failed.get(need, 0) + 1
                self._withhold_again(place, used)
                return False
            new[need] = served
        self.served.update(new)
        self.served = {need: served for need, served in self.served.items() if need.cell != cell}
        return True

    def _withhold_again(self, place: int, used: npt.NDArray[np.int64]) -> None:
        silent = bool(self.table.silent[self.cells[place]])
        for knowing, each in self.extremes.items():
            each.bound(place, 1.0 if knowing and not silent else 0.0, _FAR)
        self._valid[used] = True

    def _seek(self, need: Need) -> int | None:
        place = self.place[need.cell]
        at = self._points[: self._many, place]
        serves = (at >= need.goal - CLOSE) if need.upwards else (at <= need.goal + CLOSE)
        serves &= self._valid[: self._many]
        if need.knowing:
            serves &= self._knowing[: self._many]
        if (found := np.flatnonzero(serves)).size:
            return int(found[-1])
        answer = self._end(place, need.upwards, need.knowing)
        if answer is not None and need.met(answer[place]):
            return self._keep(answer, knowing=need.knowing)
        if not need.upwards and not need.knowing and not self.table.primary[need.cell]:
            least = self._end(place, upwards=False, knowing=True)
            if least is not None and least[place] > self.most + CLOSE:
                return PROVED
        return None

    def _end(self, place: int, upwards: bool, knowing: bool) -> Floats | None:
        try:
            # The audit checks every table that is kept: what does not fit is not believed there.
            return self.extremes[knowing].unchecked(place, upwards=upwards)
        except NoPointError:
            return None

    def _keep(self, point: Floats, *, knowing: bool) -> int:
        if self._many == len(self._points):
            self._points = np.vstack([self._points, np.empty_like(self._points)])
            self._knowing = np.concatenate([self._knowing, np.zeros_like(self._knowing)])
            self._valid = np.concatenate([self._valid, np.zeros_like(self._valid)])
        number = self._many
        self._points[number], self._knowing[number], self._valid[number] = point, knowing, True
        self._many += 1
        return number
