"""Which numbers of a report are withheld beside the small ones: those that would, with others, give a small one away.

Every number is rounded by itself, and most rounded numbers leave all others open. Where the audit finds one that they do not,
a number that stands in a sum with it is withheld: the one that leaves least open after it, and of those no total, and the
smallest. It is a search one number at a time, so more may be withheld than the fewest; what it cannot mend blocks publishing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from joinedup.registry.disclosure import DisclosureRule
from joinedup.report.disclosed import judged_alone, open_cells
from joinedup.report.stated import Cell, Told, cells_of, publication_of, said_of
from joinedup.stats.disclosure import TOTAL, Publication, described
from joinedup.stats.disclosure.releases import release

_MOST = 60
"""So many numbers are withheld in one population at most, and so many are tried for each."""


def numbers_to_withhold(numbers: Mapping[str, Told], rule: DisclosureRule) -> frozenset[str]:
    """The ids of the numbers to withhold so that the audit of each population is clean, as far as one at a time goes."""
    told = dict(numbers)
    of_population: dict[str, dict[Cell, list[str]]] = {}
    for number_id, each in sorted(told.items()):
        for cell in cells_of(each.recipe):
            of_population.setdefault(cell.population, {}).setdefault(cell, []).append(number_id)
    chosen: set[str] = set()
    for population, cells in sorted(of_population.items()):
        work = _Population(population, cells, told, rule)
        try:
            work.mend()
        except ValueError:
            # Numbers that contradict each other are told where the report is checked.
            continue
        chosen |= work.chosen
    return frozenset(chosen)


class _Population:
    """The numbers of one population, and those of them chosen so far."""

    def __init__(
        self, name: str, cells: Mapping[Cell, Sequence[str]], told: dict[str, Told], rule: DisclosureRule
    ) -> None:
        self.name, self.cells, self.told, self.rule = name, cells, told, rule
        self.numbers = sorted({number_id for ids in cells.values() for number_id in ids})
        self.chosen: set[str] = set()

    def mend(self) -> None:
        """Withholds until nothing is open, or for a fixed number of rounds; then shows what turns out not to be needed."""
        order: list[Sequence[str]] = []
        left, open_places, made = self._left()
        while left and made is not None and len(order) < _MOST:
            ids = self._next(left, open_places, made)
            if ids is None:
                break
            order.append(ids)
            self._withhold(ids, withheld=True)
            left, open_places, made = self._left()
        for ids in order[:-1]:
            self._withhold(ids, withheld=False)
            if self._left()[0] > left:
                self._withhold(ids, withheld=True)

    def _next(self, left: int, open_places: Sequence[str], made: Publication) -> Sequence[str] | None:
        """The numbers of the next cell to withhold: one that stands near an open one and leaves least open after it."""
        met: list[tuple[int, bool, int, Sequence[str]]] = []
        asked: set[Cell] = set()
        for near in _nearer_first(made, open_places):
            able = [
                (cell.labels[-1:] in ((), (TOTAL,)), self.told[ids[0]].least, ids, cell)
                for cell, ids in self.cells.items()
                if cell not in asked and named(cell) in near and not cell.end and self._can_be(ids)
            ]
            for is_total, least, ids, cell in sorted(able, key=lambda each: each[:3])[: _MOST - len(asked)]:
                asked.add(cell)
                self._withhold(ids, withheld=True)
                after = self._left()[0]
                self._withhold(ids, withheld=False)
                met.append((after, is_total, least, ids))
                if not after:
                    return ids
            if met and min(met)[0] < left:
                break
        return min(met)[-1] if met and min(met)[0] <= left else None

    def _can_be(self, ids: Sequence[str]) -> bool:
        return not any(self.told[each].is_nought or self.told[each].withheld for each in ids)

    def _withhold(self, ids: Sequence[str], *, withheld: bool) -> None:
        for each in ids:
            self.told[each] = replace(self.told[each], withheld=withheld)
        self.chosen = (self.chosen | set(ids)) if withheld else (self.chosen - set(ids))

    def _left(self) -> tuple[int, list[str], Publication | None]:
        """How much the audit leaves open now, which cells those are, and what is published."""
        said = said_of(self.told[each] for each in self.numbers).get(self.name)
        if said is None:
            return 0, [], None
        made = publication_of("", self.name, said, [said])
        found = open_cells(judged_alone(self.name, made, self.rule))
        return len(found), found, made


def named(cell: Cell) -> frozenset[tuple[str, str]]:
    """What the cell counts: its labels by dimension, totals left out."""
    pairs = zip(cell.dimensions, cell.labels, strict=True)
    return frozenset((name, label) for name, label in pairs if label != TOTAL)


def _nearer_first(made: Publication, open_places: Sequence[str]) -> Iterator[set[frozenset[tuple[str, str]]]]:
    """The cells that stand in one sum with an open one; then those that stand in one with these as well."""
    stated = release(made.tables, made.statements)
    near = {place for place, cell in enumerate(stated.cells) if described(cell) in set(open_places)}
    table = stated.system.balances.tocsr()
    rows = [set(table.indices[table.indptr[row] : table.indptr[row + 1]].tolist()) for row in range(table.shape[0])]
    for _ in range(2):
        near = near.union(*(places for places in rows if places & near))
        yield {frozenset(stated.cells[place]) for place in near}
