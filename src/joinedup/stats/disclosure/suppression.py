"""A table of counts with its small cells, and as many others as it takes, withheld behind one sign.

Small counts are withheld, and then other counts, until for each withheld cell that could be small there are tables that
fit everything shown in which it is nought, and in which it is larger than small. Which others is decided by linear
programs in the deviations from the true table: the cheapest way to move one cell so far while every balance holds, at
no cost over cells that are withheld already (J. P. Kelly, B. L. Golden and A. A. Assad, Networks 22 (1992), 397-417). Every
table so found also serves all the other cells it moves. It is a heuristic: more cells may be withheld than the fewest.

The result is then audited from what is published alone, as an outsider would, and mended until the audit is clean.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from joinedup.stats.disclosure.audit import Audit, SmallCounts, audit
from joinedup.stats.disclosure.balances import Floats, Truths
from joinedup.stats.disclosure.released import _MADE_HERE, ReleasedNumber, ReleasedTable
from joinedup.stats.disclosure.releases import Release, release
from joinedup.stats.disclosure.tables import TOTAL, WITHHELD, Between, PublishedTable, described

LEAST_VISIBLE = 0.3
_ROUNDS = 12
_MOVED = 1e-7
_REWARD = 0.01
_WHOLE_CELLS = 400
_SECONDS = 20.0


class TooSparseError(ValueError):
    """Too few of the people of a table would be in cells that are shown; `visible` is their share."""

    def __init__(self, visible: float, least: float) -> None:
        super().__init__(
            f"{100 * visible:.0f}% of the people would be in cells that are shown; at least {100 * least:.0f}% is asked for"
        )
        self.visible = visible


class UnprotectedError(ArithmeticError):
    """No way was found to withhold cells so that the audit is clean. Nothing may be published."""


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table that may leave, the audit that says so, and what it cost: cells withheld, and the share of people shown."""

    table: ReleasedTable
    audit: Audit
    primary: int
    secondary: int
    visible: float


def withhold(
    dimensions: Sequence[str],
    counts: Mapping[tuple[str, ...], int],
    small: SmallCounts | None = None,
    least_visible: float = LEAST_VISIBLE,
) -> ProtectedTable:
    """The table of the counts with all its margins, protected. Combinations that are not in `counts` are nought.

    Raises TooSparseError where too few people would be in the cells shown, UnprotectedError where the audit cannot be made
    clean, and ValueError where the counts are no table.

    >>> counts = {("n", "F"): 3, ("n", "M"): 20, ("s", "F"): 18, ("s", "M"): 30, ("e", "F"): 40, ("e", "M"): 50}
    >>> made = withhold(["area", "sex"], counts)
    >>> made.primary, made.audit.safe
    (1, True)
    """
    limits = small or SmallCounts()
    whole = _with_margins(dimensions, counts)
    truth = release([whole])
    suppression = _Suppression(truth, limits)
    inner = np.array([len(cell) == len(dimensions) for cell in truth.cells])
    suppression.must_show(inner, least_visible)
    suppression.protect(np.flatnonzero(suppression.primary))
    found = suppression.audited(whole)
    for _ in range(_ROUNDS):
        if found.safe:
            break
        suppression.must_show(inner, least_visible)
        suppression.protect(suppression.open_cells(found), afresh=True)
        found = suppression.audited(whole)
    if not found.safe:
        raise UnprotectedError("no set of cells was found that protects every small count; nothing may be published")
    return ProtectedTable(
        _released(suppression.published(whole), limits),
        found,
        int(suppression.primary.sum()),
        int((suppression.hidden & ~suppression.primary).sum()),
        suppression.must_show(inner, least_visible),
    )


def _with_margins(dimensions: Sequence[str], counts: Mapping[tuple[str, ...], int]) -> PublishedTable:
    if not counts:
        raise ValueError("the table has no rows")
    if any(len(labels) != len(dimensions) or TOTAL in labels or "" in labels for labels in counts):
        raise ValueError(f"every row needs one category for each dimension; {TOTAL} is computed, not given")
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count of people cannot be below nought")
    categories = [sorted({labels[at] for labels in counts}) for at in range(len(dimensions))]
    filled = dict.fromkeys(itertools.product(*([*each, TOTAL] for each in categories)), 0)
    for labels, count in counts.items():
        for summed in itertools.product(*((label, TOTAL) for label in labels)):
            filled[summed] += count
    return PublishedTable("the table", tuple(dimensions), filled)


class _Suppression:
    """The cells withheld so far, and the tables met that fit what the others show."""

    def __init__(self, truth: Release, small: SmallCounts) -> None:
        self.truth, self.small = truth, small
        self.counts: Floats = truth.system.lower
        self.primary: Truths = (self.counts >= small.least) & (self.counts <= small.most)
        self.hidden: Truths = self.primary.copy()
        self.least, self.most = self.counts.copy(), self.counts.copy()
        # A true nought is always shown, so it can neither be withheld nor move.
        self.cells = np.flatnonzero(self.counts > 0)
        balances = truth.system.balances[:, self.cells].tocsr()
        self.balances = balances[np.flatnonzero(np.diff(balances.indptr))]
        self.both = sparse.hstack([self.balances, -self.balances]).tocsr()
        self.place = {int(cell): place for place, cell in enumerate(self.cells)}

    def must_show(self, inner: Truths, least_visible: float) -> float:
        """The share of people in innermost cells that are shown; raises TooSparseError where it is too low."""
        everybody = float(self.counts[inner].sum())
        visible = float(self.counts[inner & ~self.hidden].sum()) / everybody if everybody else 1.0
        if visible < least_visible:
            raise TooSparseError(visible, least_visible)
        return visible

    def protect(self, wanted: Iterable[int], *, afresh: bool = False) -> None:
        """Withholds until each wanted cell has been met at nought and above small, in tables that fit."""
        above = self.small.most + 1
        for cell in sorted(wanted, key=lambda each: (-self.counts[each], each)):
            short = above - float(self.counts[cell])
            if short > 0 and (afresh or self.most[cell] < above):
                self._move(cell, short, 1.0, whole=afresh)
            if afresh or self.least[cell] > 0:
                self._move(cell, -float(self.counts[cell]), 0.0, whole=afresh)

    def _move(self, cell: int, by: float, floor: float, *, whole: bool) -> None:
        """Withholds what the cheapest move of the cell takes; every cell that is not nought stays at `floor` or above."""
        size, counts = len(self.cells), self.counts[self.cells]
        price = np.where(self.hidden[self.cells], 1e-4, 1 + np.log1p(counts))
        rise, fall = np.full(size, np.inf), np.maximum(counts - floor, 0.0)
        least, above = np.zeros(2 * size), self.small.most + 1
        # Cells still to be met at an end are paid a little to go there too: one table then serves many of them.
        up, down = price.copy(), price.copy()
        if by > 0:
            waiting = self.hidden[self.cells] & (self.most[self.cells] < above)
            up[waiting], down[waiting] = -_REWARD, 2 * _REWARD
            rise[waiting] = 2 * above
        else:
            waiting = self.hidden[self.cells] & (self.least[self.cells] > 0) & (counts <= above)
            up[waiting], down[waiting] = 2 * _REWARD, -_REWARD
        place = self.place[cell]
        if by > 0:
            least[place], rise[place], fall[place] = by, np.inf, 0.0
        else:
            least[size + place], rise[place] = -by, 0.0
            fall[place] = -by
        answer = milp(
            np.concatenate([up, down]),
            constraints=LinearConstraint(self.both, 0, 0),
            bounds=Bounds(least, np.concatenate([rise, fall])),
            # What fractions could cover and whole people cannot is found out by the audit of small tables.
            integrality=np.full(2 * size, int(whole and size <= _WHOLE_CELLS)),
            options={"time_limit": _SECONDS},
        )
        if answer.status != 0 or answer.x is None:
            raise UnprotectedError("a small count cannot be hidden: nothing else in the table can stand in for it")
        moved = answer.x[:size] - answer.x[size:]
        self.hidden[self.cells[np.abs(moved) > _MOVED]] = True
        values = counts + moved
        self.least[self.cells] = np.minimum(self.least[self.cells], values)
        # Only tables without a withheld nought count as seen from above: one who knows the rule can rule out the others.
        if np.all(values[self.hidden[self.cells]] > 1 - _MOVED):
            self.most[self.cells] = np.maximum(self.most[self.cells], values)

    def published(self, whole: PublishedTable) -> PublishedTable:
        """The table as it would be published now."""
        hidden = {self.truth.cells[place] for place in np.flatnonzero(self.hidden)}
        shown = {labels: None if whole.cell(labels) in hidden else count for labels, count in whole.counts.items()}
        return PublishedTable(whole.name, whole.dimensions, shown)

    def audited(self, whole: PublishedTable) -> Audit:
        """The audit of what is published, without the truth; then each cell marked with whether it is small."""
        found = audit([self.published(whole)], self.small)
        marked = tuple(
            replace(each, primary=bool(self.primary[place]))
            for each, place in zip(found.cells, self._order(whole), strict=True)
        )
        return replace(found, cells=marked)

    def open_cells(self, found: Audit) -> list[int]:
        """The withheld cells that the audit found open."""
        names = {each.cell for each in found.cells if not each.protected}
        return [int(place) for place in np.flatnonzero(self.hidden) if described(self.truth.cells[place]) in names]

    def _order(self, whole: PublishedTable) -> list[int]:
        number = {cell: place for place, cell in enumerate(self.truth.cells)}
        places = [number[whole.cell(labels)] for labels in whole.counts]
        return [place for place in places if self.hidden[place]]


def _released(shown: PublishedTable, small: SmallCounts) -> ReleasedTable:
    rule = f"{small.least}-{small.most}-withheld"
    rows: list[tuple[str | ReleasedNumber, ...]] = []
    for labels, count in shown.counts.items():
        if isinstance(count, int):
            number = ReleasedNumber(str(count), rule, float(count), Between(count, count), _MADE_HERE)
        else:
            number = ReleasedNumber(WITHHELD, rule, None, None, _MADE_HERE)
        rows.append((*labels, number))
    return ReleasedTable((*shown.dimensions, "count"), tuple(rows), rule, _MADE_HERE)
