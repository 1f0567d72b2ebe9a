"""Successive releases of nearly the same people as one system, with the corrections between them.

Every release is stated over the cells of all of them, so that what the first says of areas by sex, the second of areas by
age and the third of age by sex binds the same people. Between a cell and its next appearance, now = before + added - taken
away, and no more is added or taken away than entries were corrected in between.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from joinedup.stats.disclosure.audit import knowing_the_rule
from joinedup.stats.disclosure.balances import System
from joinedup.stats.disclosure.releases import STATED, Release, release
from joinedup.stats.disclosure.solver import CLOSE, NoPointError, least_cost, whole_end
from joinedup.stats.disclosure.statements import Statement
from joinedup.stats.disclosure.tables import Cell, PublishedTable

MOST_TOGETHER = 5_000
"""So many cells of all releases, each stated over the cells of all, are one system; longer histories are cut."""
_WHOLE_CELLS = 2_000
"""In systems of more cells the fewest corrections are those of linear programming, which can be fewer."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published at one time of one population: tables, and numbers in sentences."""

    name: str
    tables: tuple[PublishedTable, ...]
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """Releases as one system; `owner` says of each of its withheld and coarse cells in order which release it is of.

    `corrections` are those between each and the next, `in_all` their sum: where no corrections between pairs alone
    explain all releases together, it is more than the sum of the fewest of each step. `ends` are the places at which the
    cells of each release end.
    """

    release: Release
    owner: tuple[int, ...]
    corrections: tuple[int, ...]
    in_all: int
    ends: tuple[int, ...]

    def release_of(self, place: int) -> int:
        """Which release the cell at the place is of."""
        return int(np.searchsorted(self.ends, place, side="right"))


def stated_together(publications: Sequence[Publication]) -> list[Release] | None:
    """Each publication as a system over the cells of all; None where that is more than can be audited together.

    A table whose dimension has other categories here than there is left out where it was not published.
    """
    if len(publications) * sum(_size(table) for table in _kinds(publications)) > MOST_TOGETHER:
        return None
    found = [_beside(each, _kinds(publications)) for each in publications]
    return found if sum(len(each.cells) for each in found) <= MOST_TOGETHER else None


def _beside(publication: Publication, kinds: Sequence[PublishedTable]) -> Release:
    """The publication over its own cells and those of each other table that has the same categories."""
    own = {frozenset(table.dimensions) for table in publication.tables}
    found, taken = release(publication.tables, publication.statements), list[PublishedTable]()
    for table in kinds:
        if frozenset(table.dimensions) not in own:
            try:
                found = release(publication.tables, publication.statements, [*taken, table])
            except ValueError:
                # Other categories, or a circle over too many combinations: what the release says by itself stands.
                continue
            taken.append(table)
    return found


def _kinds(publications: Sequence[Publication]) -> list[PublishedTable]:
    kinds: dict[frozenset[str], PublishedTable] = {}
    for each in publications:
        for table in each.tables:
            kinds.setdefault(frozenset(table.dimensions), table)
    return list(kinds.values())


def _size(table: PublishedTable) -> int:
    return int(np.prod([len(each) + 1 for each in table.categories]))


def joined(stated: Sequence[Release], steps: Sequence[int | None]) -> Joined:
    """The releases and the corrections between them as one system.

    `steps` gives the corrections between each and the next. Where one is None the fewest are taken that can lie between
    the two for one who knows that a true nought is never withheld, and of all steps together the fewest that can
    explain all releases. Raises NoPointError where there are none.
    """
    fewest = [
        _least(_system(pair, [(0.0, np.inf)], None)) if step is None else step
        for step, pair in zip(steps, itertools.pairwise(stated), strict=True)
    ]
    open_steps = [step is None for step in steps]
    in_all = sum(fewest)
    if len(stated) > 2 and any(open_steps):
        ends = [
            (float(few), np.inf if is_open else float(few)) for few, is_open in zip(fewest, open_steps, strict=True)
        ]
        in_all = max(in_all, _least(_system(stated, ends, None)))
    spare = in_all - sum(fewest)
    ends = [(float(few), float(few + spare * is_open)) for few, is_open in zip(fewest, open_steps, strict=True)]
    whole, owner = _system(stated, ends, float(in_all))
    ends_of = np.cumsum([len(each.cells) for each in stated])
    return Joined(whole, owner, tuple(fewest), in_all, tuple(int(each) for each in ends_of))


def _least(made: tuple[Release, tuple[int, ...]]) -> int:
    """The fewest corrections in all: the value of the last cell at its least, over whole people where that is found."""
    system = knowing_the_rule(made[0])
    cost = np.zeros(len(made[0].cells))
    cost[-1] = 1.0
    found = least_cost(system.balances, system.lower, system.upper, cost)
    if found is None:
        raise NoPointError("it could not be worked out how few corrections lie between the publications")
    if len(cost) <= _WHOLE_CELLS and np.any(np.abs(found - np.rint(found)) > CLOSE):
        nothing = np.zeros(system.balances.shape[0])
        whole = whole_end(system.balances, nothing, system.lower, system.upper, cost)
        found = found if whole is None else whole
    return int(np.ceil(found[-1] - CLOSE))


class _Rows:
    """Balances written down one after another."""

    def __init__(self) -> None:
        self.columns: list[list[int]] = []
        self.factors: list[list[float]] = []

    def add(self, plus: Sequence[int], minus: Sequence[int]) -> None:
        """The sum of some columns is the sum of others."""
        self.columns.append([*plus, *minus])
        self.factors.append([1.0] * len(plus) + [-1.0] * len(minus))

    def matrix(self, width: int) -> sparse.csr_array:
        rows = np.repeat(np.arange(len(self.columns)), [len(each) for each in self.columns])
        columns = np.array([place for each in self.columns for place in each], dtype=np.int64)
        factors = np.array([factor for each in self.factors for factor in each])
        return sparse.csr_array((factors, (rows, columns)), shape=(len(self.columns), width))


def _system(
    stated: Sequence[Release], ends: Sequence[tuple[float, float]], in_all: float | None
) -> tuple[Release, tuple[int, ...]]:
    """All releases, what was added and taken away between them, and how many corrections that takes: the last cell.

    `ends` are the fewest and most corrections of each step, `in_all` how many there are in all.

    In every set of dimensions a person stands in one smallest cell, so that so many corrections add at most so many
    people to those cells and take at most so many away.
    """
    starts = np.concatenate([[0], np.cumsum([len(each.cells) for each in stated])])
    step_at, size = int(starts[-1]), int(starts[-1]) + len(ends)
    rows = _Rows()
    for earlier, later, scopes in _links(stated):
        budget = [step_at + step for step in range(earlier, later)]
        for pairs in scopes:
            added = list(range(size, size + len(pairs)))
            taken = list(range(size + len(pairs), size + 2 * len(pairs)))
            size += 2 * len(pairs) + 2
            for number, (one, other) in enumerate(pairs):
                rows.add([int(starts[earlier]) + one, added[number]], [int(starts[later]) + other, taken[number]])
            rows.add([*added, size - 2], budget)
            rows.add([*taken, size - 1], budget)
    rows.add([step_at + step for step in range(len(ends))], [size])
    width = size + 1
    apart = sparse.block_diag([each.system.balances for each in stated])
    apart = sparse.hstack([apart, sparse.coo_array((apart.shape[0], width - step_at))])
    extra = width - step_at
    lower = np.concatenate([*(each.system.lower for each in stated), np.zeros(extra)])
    upper = np.concatenate([*(each.system.upper for each in stated), np.full(extra, np.inf)])
    for step, (least, most) in enumerate(ends):
        lower[step_at + step], upper[step_at + step] = least, most
    if in_all is not None:
        lower[-1] = upper[-1] = in_all
    names = tuple(((STATED, f"correction {number}"),) for number in range(extra))
    places = [[int(starts[at]) + place for place in each.withheld] for at, each in enumerate(stated)]
    ranged = [[int(starts[at]) + place for place in each.coarse] for at, each in enumerate(stated)]
    whole = Release(
        (*(cell for each in stated for cell in each.cells), *names),
        System(sparse.csr_array(sparse.vstack([apart, rows.matrix(width)])), lower, upper),
        tuple(place for each in places for place in each),
        tuple(place for each in ranged for place in each),
    )
    return whole, tuple(at for kind in (places, ranged) for at, each in enumerate(kind) for _ in each)


def _links(stated: Sequence[Release]) -> list[tuple[int, int, list[list[tuple[int, int]]]]]:
    """For each two releases the cells that appear in both and in none between them, as places in both, by dimensions."""
    last: dict[Cell, int] = {}
    met: dict[tuple[int, int], list[Cell]] = {}
    for at, each in enumerate(stated):
        for cell in each.cells:
            if cell and cell[0][0] == STATED:
                continue
            if cell in last:
                met.setdefault((last[cell], at), []).append(cell)
            last[cell] = at
    places = [{cell: place for place, cell in enumerate(each.cells)} for each in stated]
    splits = [_splits(each) for each in stated]
    found = []
    for (earlier, later), cells in sorted(met.items()):
        scopes: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for cell in _finest(cells, splits[earlier], splits[later]):
            scopes.setdefault(tuple(name for name, _ in cell), []).append((places[earlier][cell], places[later][cell]))
        found.append((earlier, later, list(scopes.values())))
    return found


_Splits = dict[Cell, set[frozenset[Cell]]]


def _finest(cells: Sequence[Cell], before: _Splits, now: _Splits) -> list[Cell]:
    """Those that are not the sum of others of them in both: what moves those moves them."""
    here = set(cells)
    return [
        cell for cell in cells if not any(parts <= here for parts in before.get(cell, set()) & now.get(cell, set()))
    ]


def _splits(stated: Release) -> _Splits:
    """For each total the ways in which it is the sum of its parts."""
    found: _Splits = {}
    balances = stated.system.balances.tocsr()
    for row in range(balances.shape[0]):
        places = balances.indices[balances.indptr[row] : balances.indptr[row + 1]]
        factors = balances.data[balances.indptr[row] : balances.indptr[row + 1]]
        if np.all(np.abs(factors) == 1.0) and np.count_nonzero(factors < 0) == 1:
            whole = stated.cells[int(places[factors < 0][0])]
            found.setdefault(whole, set()).add(frozenset(stated.cells[int(each)] for each in places[factors > 0]))
    return found
