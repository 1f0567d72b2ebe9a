"""Which further counts to withhold so that a cell can be taken for another value: the cheapest way to move it.

A deviation is what can be added to the true table while every total stays the sum of its parts. The cheapest one that
moves a cell so far is a linear program; what it moves is withheld, at no cost where it is withheld already (J. P. Kelly,
B. L. Golden and A. A. Assad, Networks 22 (1992), 397-417; D. A. Robertson, Statistics Canada's CONFID). Cells that wait
to be met at the same end are paid a little for going there too, so that one deviation serves many of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from joinedup.stats.disclosure.balances import Floats, Truths
from joinedup.stats.disclosure.bulk import move_towards
from joinedup.stats.disclosure.solver import CLOSE, model

_FAR = 1e5
_WITHHELD_ALREADY = 1e-3
_PAID = 0.01
_STILL = 1e-7
_AT_ONCE = 240
"""Cells that one program moves at once: with more of them it cares less for what each costs, with fewer it takes longer."""
_TURNS = 60
_FOR_EACH = 64.0
"""What a person moved towards a need is worth: more than it costs to withhold the cells that move with it."""


class UnprotectedError(ArithmeticError):
    """No way was found to withhold cells so that the audit is clean. Nothing may be published."""


@dataclass(slots=True)
class Table:
    """The cells of a table that can move, and which of them are withheld so far.

    `balances @ counts` is what the fixed cells leave. `silent` cells are of no table: never published, free to be nought.
    """

    balances: sparse.csr_array
    counts: Floats
    primary: Truths
    hidden: Truths
    silent: Truths
    lowest: Floats
    """The least that one who knows the rule can take each cell for were all withheld: nobody's count within it is nought."""


@dataclass(frozen=True, slots=True)
class Need:
    """A withheld cell is to be met at `goal` (or beyond), by an outsider or by one who knows the rule."""

    cell: int
    upwards: bool
    goal: float
    knowing: bool

    def met(self, value: float) -> bool:
        """Whether a cell at this value serves."""
        return value >= self.goal - CLOSE if self.upwards else value <= self.goal + CLOSE


@dataclass(slots=True)
class Met:
    """For each cell the least and most at which fitting tables met it, for an outsider and for one who knows the rule."""

    least: Floats
    most: Floats
    knowing_least: Floats
    knowing_most: Floats


class Deviations:
    """The deviations of one table, asked for one after another."""

    def __init__(self, table: Table) -> None:
        self.table, self.size = table, len(table.counts)
        both = sparse.csr_array(sparse.hstack([table.balances, -table.balances]))
        self._cost, self._least = np.zeros(2 * self.size), np.zeros(2 * self.size)
        self._most = np.concatenate([np.full(self.size, _FAR), table.counts])
        nothing = np.zeros(both.shape[0])
        self._highs = model(both, nothing, self._least, self._most, primal=False)
        # Small counts are the ones to be withheld first where it makes no other difference.
        self._price = 1.0 + 0.01 * np.log1p(table.counts)

    def move(self, cell: int, by: float, *, knowing: bool, met: Met, above: float) -> tuple[Floats, bool]:
        """Withholds what the cheapest move of the cell by so much takes; `met` learns of the table it leads to.

        Returns that table, and whether it fits for one who knows the rule too.

        For one who knows the rule no withheld count may sink to nought. `above` is the first count that is not small.
        Raises UnprotectedError where there is no such move, or the solver does not end at the optimum.
        """
        table, size, counts = self.table, self.size, self.table.counts
        price = np.where(table.hidden, _WITHHELD_ALREADY, self._price)
        floor = np.where(table.silent, 0.0, 1.0 if knowing else 0.0)
        rise, fall, least = np.full(size, _FAR), np.maximum(counts - floor, 0.0), np.zeros(2 * size)
        up, down = price.copy(), price.copy()
        if by > 0:
            waiting = table.primary & ((met.knowing_most if knowing else met.most) < above)
            up[waiting], down[waiting], rise[waiting] = -_PAID, 2 * _PAID, 2 * above
            least[cell], rise[cell], fall[cell] = by, _FAR, 0.0
        else:
            waiting = table.hidden & ~table.silent & (met.least > 0) & (counts <= above)
            up[waiting], down[waiting] = 2 * _PAID, -_PAID
            least[size + cell], rise[cell], fall[cell] = -by, 0.0, -by
        values = self._solved(np.concatenate([up, down]), least, np.concatenate([rise, fall]))
        moved = values[:size] - values[size:]
        moved[np.abs(moved) < _STILL] = 0.0
        table.hidden |= moved != 0
        at = counts + moved
        met.least, met.most = np.minimum(met.least, at), np.maximum(met.most, at)
        known = bool(np.all(at[table.hidden & ~table.silent] > 1 - CLOSE))
        if known:
            met.knowing_least, met.knowing_most = np.minimum(met.knowing_least, at), np.maximum(met.knowing_most, at)
        return at, known

    def _solved(self, cost: Floats, least: Floats, most: Floats) -> Floats:
        new = np.flatnonzero(cost != self._cost).astype(np.int32)
        if new.size:
            self._highs.changeColsCost(len(new), new, cost[new])
        new = np.flatnonzero((least != self._least) | (most != self._most)).astype(np.int32)
        if new.size:
            self._highs.changeColsBounds(len(new), new, least[new], most[new])
        self._cost, self._least, self._most = cost, least, most
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise UnprotectedError("a small count cannot be hidden: nothing else in the table can stand in for it")
        found: npt.NDArray[np.float64] = np.array(self._highs.getSolution().col_value)
        return found


def in_bulk(table: Table, needs: Sequence[Need]) -> list[tuple[Floats, bool]]:
    """Withholds what it takes for the needs, hundreds of them at once; the tables that meet them, as `Cover` takes them.

    A need that no program meets is left unmet: the audit finds it.
    """
    random = np.random.default_rng(0)
    price = 1.0 + np.log1p(table.counts)
    left = {upwards: [need for need in needs if need.upwards is upwards] for upwards in (True, False)}
    made: list[tuple[Floats, bool]] = []
    for turn in range(_TURNS):
        upwards = turn % 2 == 0
        if not left[upwards]:
            continue
        order = random.permutation(len(left[upwards]))[:_AT_ONCE]
        chosen = [left[upwards][at] for at in sorted(order)]
        at = _moved(table, chosen, price)
        if at is None:
            continue
        known = bool(np.all(at[table.hidden & ~table.silent] > 1 - CLOSE))
        made.append((at, known))
        for direction, waiting in left.items():
            left[direction] = [need for need in waiting if (need.knowing and not known) or not need.met(at[need.cell])]
    return made


def _moved(table: Table, chosen: Sequence[Need], price: Floats) -> Floats | None:
    """The table that the cheapest moves of these cells lead to; what they move is withheld."""
    counts, upwards = table.counts, chosen[0].upwards
    knowing = any(need.knowing for need in chosen)
    floor = np.where(table.silent, 0.0, 1.0 if knowing else 0.0)
    fall, rise = np.maximum(counts - floor, 0.0), np.full(len(counts), _FAR)
    cells = np.array(sorted({need.cell for need in chosen}), dtype=np.int64)
    for need in chosen:
        (rise if upwards else fall)[need.cell] = abs(need.goal - counts[need.cell])
    moved = move_towards(
        table.balances,
        (fall, rise),
        np.where(table.hidden, _WITHHELD_ALREADY, price),
        cells,
        upwards=upwards,
        paid=_FOR_EACH,
    )
    if moved is None:
        return None
    moved[np.abs(moved) < _STILL] = 0.0
    table.hidden |= moved != 0
    found: Floats = counts + moved
    return found
