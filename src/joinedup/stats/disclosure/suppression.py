"""Tables of counts with their small cells, and as many others as it takes, withheld behind one sign.

Small counts are withheld; then others, by Gaussian elimination (`elimination`), so that none of the small ones can be
worked out exactly; then as many more, by linear programs (`deviations`), as it takes for each of them to be taken for
nought and for more than small; then those that turn out not to be needed are shown again (`cover`). It is a heuristic:
more cells may be withheld than the fewest. Tables published together are protected together.

The result is audited from what is published alone, as an outsider would, and mended until the audit is clean.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from joinedup.stats.disclosure.audit import Audit, SmallCounts, audit_release
from joinedup.stats.disclosure.balances import Floats, System, Truths
from joinedup.stats.disclosure.cover import Cover, needs_of, primary_goals
from joinedup.stats.disclosure.deviations import Deviations, Met, Need, Table, UnprotectedError, in_bulk
from joinedup.stats.disclosure.elimination import sums_of, withheld_beside
from joinedup.stats.disclosure.exact import cheapest
from joinedup.stats.disclosure.hypercubes import corners_beside, grid_of
from joinedup.stats.disclosure.released import _MADE_HERE, ReleasedNumber, ReleasedTable
from joinedup.stats.disclosure.releases import Release, release
from joinedup.stats.disclosure.solver import whole_point
from joinedup.stats.disclosure.tables import WITHHELD, Between, Counted, PublishedTable, described, with_margins

LEAST_VISIBLE = 0.3
_ROUNDS = 12
_LARGE = 2_000
"""Tables with more cells that can move than this are protected by programs that move many of them at once."""
_PROGRAMS = 2_150
"""Linear programs spent on showing withheld cells again."""


class TooSparseError(ValueError):
    """Too few of the people of a table would be in cells that are shown; `visible` is their share."""

    def __init__(self, visible: float, least: float, table: str = "") -> None:
        super().__init__(
            f"{100 * visible:.0f}% of the people would be in cells that are shown; at least {100 * least:.0f}% is asked for"
        )
        self.visible, self.table = visible, table


@dataclass(frozen=True, slots=True)
class ProtectedTables:
    """Tables that may leave together, the audit that says so, and what it cost: cells withheld, and people shown."""

    tables: tuple[ReleasedTable, ...]
    audit: Audit
    primary: int
    secondary: int
    visible: float
    """The share of people in innermost cells that are shown, in the table where it is lowest."""


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
    made = withhold_together([Counted("the table", tuple(dimensions), counts)], small, least_visible)
    return ProtectedTable(made.tables[0], made.audit, made.primary, made.secondary, made.visible)


def withhold_together(
    tables: Sequence[Counted], small: SmallCounts | None = None, least_visible: float = LEAST_VISIBLE
) -> ProtectedTables:
    """Tables of the same people with all their margins, protected as one release.

    What one withholds none of the others shows, and they are audited together. Raises as `withhold` does, and ValueError
    where the tables are not of the same people.
    """
    limits = small or SmallCounts()
    work = _Suppression([with_margins(each) for each in tables], limits, least_visible)
    found = work.protected()
    if not found.safe:
        raise UnprotectedError("no set of cells was found that protects every small count; nothing may be published")
    found = work.made_cheapest(found)
    released = tuple(_released(work.published(whole), limits) for whole in work.wholes)
    return ProtectedTables(released, found, int(work.table.primary.sum()), work.secondary, work.must_show())


def visible_without(table: Counted, small: SmallCounts | None = None) -> dict[str, float]:
    """For each dimension the share of people who would be in innermost counts that are not small, were it left out.

    >>> table = Counted("t", ("a", "b"), {("x", "u"): 3, ("x", "v"): 3, ("y", "u"): 9})
    >>> visible_without(table)
    {'a': 0.8, 'b': 1.0}
    """
    limits = small or SmallCounts()
    found = {}
    for name in table.dimensions if len(table.dimensions) > 1 else ():
        counts = table.without(name).counts.values()
        large = sum(count for count in counts if not limits.least <= count <= limits.most)
        found[name] = large / sum(counts) if any(counts) else 1.0
    return found


class _Suppression:
    """The tables as one system, and the cells withheld so far."""

    def __init__(self, wholes: Sequence[PublishedTable], small: SmallCounts, least_visible: float) -> None:
        self.wholes, self.small, self.least_visible = wholes, small, least_visible
        self.truth = release(wholes)
        system = self.truth.system
        known = system.lower == system.upper
        counts = system.lower.copy()
        if not np.all(known):
            # Cells of no table, which only bind the tables: any whole numbers that fit will do to start from.
            narrow = system.propagated()
            found = whole_point(system.balances, np.zeros(system.balances.shape[0]), narrow.lower, narrow.upper)
            if found is None:
                raise ValueError("the tables are not of the same people: no numbers fit them all")
            counts = found
        self.counts = counts
        # A true nought is always shown, so it can neither be withheld nor move.
        self.movable = np.flatnonzero(~known | (counts > 0))
        balances = system.balances[:, self.movable].tocsr()
        balances = sparse.csr_array(balances[np.flatnonzero(np.diff(balances.indptr))])
        mine, silent = counts[self.movable], ~known[self.movable]
        primary = ~silent & (mine >= small.least) & (mine <= small.most)
        floor, far = np.where(silent, 0.0, 1.0), np.full(len(mine), np.inf)
        lowest = System(balances, floor, far).propagated().lower
        self.table = Table(balances, mine, primary, primary | silent, silent, lowest)
        self._deviations: Deviations | None = None

    @property
    def hidden(self) -> Truths:
        """Over all cells of the release, which are withheld."""
        found = np.zeros(len(self.counts), dtype=bool)
        found[self.movable[self.table.hidden & ~self.table.silent]] = True
        return found

    @property
    def secondary(self) -> int:
        """How many cells are withheld for the sake of others."""
        table = self.table
        return int((table.hidden & ~table.primary & ~table.silent).sum())

    def must_show(self) -> float:
        """The share of people in innermost cells that are shown; raises TooSparseError where it is too low."""
        hidden, number = self.hidden, {cell: place for place, cell in enumerate(self.truth.cells)}
        shares = []
        for whole in self.wholes:
            smallest = itertools.product(*(whole.smallest(at) for at in range(len(whole.dimensions))))
            inner = np.array([number[whole.cell(labels)] for labels in smallest])
            everybody = float(self.counts[inner].sum())
            shares.append(float(self.counts[inner[~hidden[inner]]].sum()) / everybody if everybody else 1.0)
        if min(shares) < self.least_visible:
            at = shares.index(min(shares))
            raise TooSparseError(min(shares), self.least_visible, self.wholes[at].name)
        return min(shares)

    def protected(self) -> Audit:
        """Withholds until the audit is clean, or for a fixed number of rounds; the last audit."""
        large = len(self.table.counts) > _LARGE
        points: list[tuple[Floats, bool]] = []
        if large:
            points = [(self.table.counts, True), *self.withhold_corners()]
        else:
            self.eliminate()
        for _ in range(_ROUNDS):
            self.must_show()
            if not large:
                cover = self.covered(points)
                cover.show_again(_PROGRAMS)
                points = cover.whole_points()
            found = self.audited(points)
            if found.safe:
                break
            points = self.open_up(found, points if large else [])
        return found

    def made_cheapest(self, found: Audit) -> Audit:
        """Withholds the cheapest set of cells instead, in small tables of two dimensions; its audit.

        In more dimensions the program takes minutes for tables that people would call small.
        """
        if len(self.wholes) > 1 or len(self.wholes[0].dimensions) > 2 or self.wholes[0].parts:
            return found
        table, had = self.table, self.table.hidden.copy()
        table.hidden = table.primary | table.silent
        needs = needs_of(table, self.small.most, self.small.behind)
        nought: set[int] = set()
        for _ in range(_ROUNDS):
            cost = self.price @ had
            hidden = cheapest(table, needs, self.price, float(cost), nought)
            if hidden is None:
                break
            table.hidden = hidden
            audit = self.audited([])
            if audit.safe:
                return audit
            names = {each.cell for each in audit.cells if not each.protected}
            open_cells = {
                int(place)
                for place in np.flatnonzero(hidden & ~table.primary)
                if described(self.truth.cells[self.movable[place]]) in names
            }
            if not open_cells - nought:
                break
            nought |= open_cells
        table.hidden = had
        return found

    @property
    def price(self) -> Floats:
        """What withholding each cell costs: one, and a little more for larger counts."""
        found: Floats = 1.0 + 0.01 * np.log1p(self.table.counts)
        return found

    def eliminate(self) -> None:
        """Withholds what keeps every small count from being worked out exactly."""
        self.must_show()
        table = self.table
        parts = {name: inside for whole in self.wholes for name, inside in whole.parts.items()}
        spoken = np.flatnonzero(~table.silent)
        cells = [self.truth.cells[self.movable[place]] for place in spoken]
        moves = np.isin(np.arange(len(self.counts)), self.movable)
        noughts = [cell for cell, moving in zip(self.truth.cells, moves, strict=True) if not moving]
        counts = np.concatenate([table.counts[spoken], np.zeros(len(noughts))])
        sums = sums_of([*cells, *noughts], counts, parts)
        if sums is None:
            return
        small = np.flatnonzero(table.primary[spoken])
        others = np.flatnonzero(~table.primary[spoken])
        others = others[np.argsort(-counts[others], kind="stable")]
        table.hidden[spoken[withheld_beside(sums, small, others)]] = True

    def withhold_corners(self) -> list[tuple[Floats, bool]]:
        """Withholds what moves the small counts by hypercubes in one table, and by programs in several.

        Returns the tables that are known to fit by then, beside the true one.
        """
        self.must_show()
        table, small = self.table, self.small
        cells = [self.truth.cells[place] for place in self.movable]
        taken = None
        if len(self.wholes) == 1:
            # The people of an innermost cell that is withheld are shown nowhere else; the total of all is not given up.
            inner = np.array([len(cell) == len(self.wholes[0].dimensions) for cell in cells])
            price = np.where(inner, 2.0 + np.sqrt(table.counts), 1.0 + np.log1p(table.counts))
            price[[not cell for cell in cells]] = np.inf
            order = np.flatnonzero(table.primary)
            order = order[np.argsort(table.counts[order], kind="stable")]
            grid = grid_of(self.wholes[0], {cell: at for at, cell in enumerate(cells)})
            taken = corners_beside(grid, table.counts, order, price, max(small.most, small.behind) + 1.0)
        if taken is None:
            return in_bulk(table, primary_goals(table, small.most, small.behind))
        table.hidden[taken] = True
        return []

    def covered(self, points: Sequence[tuple[Floats, bool]]) -> Cover:
        """Withholds until every need of every withheld cell is met by some table that fits."""
        for _ in range(_ROUNDS):
            cover = Cover(self.table, self.small.most, self.small.behind, points)
            unmet = cover.unmet()
            if not unmet:
                return cover
            points = [*cover.whole_points(), *self._deviate(unmet, cover)]
            self.must_show()
        raise UnprotectedError("no set of cells was found that protects every small count; nothing may be published")

    def _deviate(self, unmet: Sequence[Need], cover: Cover | None) -> list[tuple[Floats, bool]]:
        """Withholds more until the needs are met; the tables that meet them, as `Cover` takes them."""
        table, made = self.table, []
        if self._deviations is None:
            self._deviations = Deviations(table)
        met = Met(*(table.counts.copy() for _ in range(4)))
        for point, knowing in cover.whole_points() if cover is not None else ():
            met.least, met.most = np.minimum(met.least, point), np.maximum(met.most, point)
            if knowing:
                met.knowing_least = np.minimum(met.knowing_least, point)
                met.knowing_most = np.maximum(met.knowing_most, point)
        for need in sorted(unmet, key=lambda need: (-table.counts[need.cell], need.cell, need.upwards, need.knowing)):
            ends = (met.knowing_least, met.knowing_most) if need.knowing else (met.least, met.most)
            if cover is None or not need.met(float(ends[need.upwards][need.cell])):
                by = need.goal - float(table.counts[need.cell])
                if by:
                    above = self.small.most + 1.0
                    made.append(self._deviations.move(need.cell, by, knowing=need.knowing, met=met, above=above))
        return made

    def open_up(self, found: Audit, points: list[tuple[Floats, bool]]) -> list[tuple[Floats, bool]]:
        """Withholds more for the cells that the audit found open: whole numbers need more room than fractions do.

        Returns the tables that are known to fit in large tables, and none in others, which are looked at anew.
        """
        names = {each.cell for each in found.cells if not each.protected}
        needs = []
        for place in np.flatnonzero(self.table.hidden & ~self.table.silent):
            if described(self.truth.cells[self.movable[place]]) in names:
                count, cell, most = float(self.table.counts[place]), int(place), self.small.most
                needs += [
                    Need(cell, False, 0.0, False),
                    Need(cell, False, max(count - self.small.behind, float(self.table.lowest[cell])), True),
                ]
                needs += [Need(cell, True, max(count, most) + 1.0, knowing) for knowing in (True, False)]
        if points:
            return [*points, *in_bulk(self.table, needs)]
        self._deviate(needs, None)
        return []

    def published(self, whole: PublishedTable) -> PublishedTable:
        """The table as it would be published now."""
        hidden = {self.truth.cells[place] for place in np.flatnonzero(self.hidden)}
        shown = {labels: None if whole.cell(labels) in hidden else count for labels, count in whole.counts.items()}
        return PublishedTable(whole.name, whole.dimensions, shown, whole.parts)

    def audited(self, points: Sequence[tuple[Floats, bool]]) -> Audit:
        """The audit of what is published, without the truth; then each cell marked with whether it is small."""
        stated: Release = release([self.published(whole) for whole in self.wholes])
        known = []
        for point, _ in points:
            whole = self.counts.copy()
            whole[self.movable] = point
            known.append(whole)
        found = audit_release(stated, self.small, None, known)
        small = {self.truth.cells[self.movable[place]] for place in np.flatnonzero(self.table.primary)}
        marked = tuple(
            replace(each, primary=stated.cells[place] in small)
            for each, place in zip(found.cells, stated.withheld, strict=True)
        )
        return replace(found, cells=marked)


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
