"""Published tables of one population as one system of statements, however many tables there are.

A cell is what it counts: "north, girls" is one cell whether one table says it or three do, so what a table withholds and
another shows is shown. Every margin of a table is a cell too, published or not, because anybody can add up.

Tables over different dimensions bind each other through the margins they share. Where the tables hang together without
a circle, agreeing margins are all there is to it (N. N. Vorob'ev, Theory of Probability and its Applications 7 (1962),
147-163). Where they go round in a circle (A by B, B by C, C by A), cells of the full cross-classification are added:
tables can agree in their margins and still be of no population.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from joinedup.stats.disclosure.balances import System

TOTAL = "Total"
WITHHELD = "c"
MOST_CELLS = 500_000
"""More cells than this are refused rather than begun."""

Cell = tuple[tuple[str, str], ...]
"""What a cell counts: (dimension, category) pairs in order of dimension; a dimension left out is added over."""


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One table as published: for each combination of labels its count, None where it is withheld.

    Every combination of categories has a cell; combinations with `Total` may be left out.
    """

    name: str
    dimensions: tuple[str, ...]
    counts: Mapping[tuple[str, ...], int | None]

    def __post_init__(self) -> None:
        if not self.dimensions or len(set(self.dimensions)) != len(self.dimensions):
            raise ValueError(f"{self.name}: a table has at least one dimension, and each has its own name")
        inner = math.prod(len(found) for found in self.categories)
        if inner > MOST_CELLS:
            raise ValueError(
                f"{self.name}: {inner:,} combinations are more than the {MOST_CELLS:,} that can be audited"
            )
        for labels in itertools.product(*self.categories):
            if labels not in self.counts:
                raise ValueError(
                    f"{self.name}: there is no row for {described(self.cell(labels))};"
                    f" write 0 where there is nobody and {WITHHELD} where the count is withheld"
                )

    @property
    def categories(self) -> tuple[tuple[str, ...], ...]:
        """The categories of each dimension, without the total, in order of the alphabet."""
        columns = zip(*self.counts, strict=True) if self.counts else [()] * len(self.dimensions)
        return tuple(tuple(sorted(set(column) - {TOTAL})) for column in columns)

    def cell(self, labels: Sequence[str]) -> Cell:
        """What the labels count."""
        pairs = zip(self.dimensions, labels, strict=True)
        return tuple(sorted((name, label) for name, label in pairs if label != TOTAL))


def described(cell: Cell) -> str:
    """The cell in words.

    >>> described((("age", "12"), ("area", "north"))), described(())
    ('age=12, area=north', 'Total')
    """
    return ", ".join(f"{name}={label}" for name, label in cell) or TOTAL


def published_table(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> PublishedTable:
    """The table in the rows of a file: one column for each dimension, the count last; `Total` and `c` as agreed.

    Raises ValueError naming the row where a count is neither a whole number of people nor the sign, or is given twice.

    >>> found = published_table("t", ["area", "count"], [["north", "c"], ["south", "12"], ["Total", "15"]])
    >>> found.counts[("north",)], found.counts[("Total",)]
    (None, 15)
    """
    return PublishedTable(name, *_read_rows(name, header, rows))


def _read_rows(
    name: str, header: Sequence[str], rows: Iterable[Sequence[str]]
) -> tuple[tuple[str, ...], dict[tuple[str, ...], int | None]]:
    if len(header) < 2 or header[-1].strip().lower() != "count":
        raise ValueError(f"{name}: expected one column for each dimension and a last column named count")
    dimensions = tuple(each.strip() for each in header[:-1])
    counts: dict[tuple[str, ...], int | None] = {}
    for number, row in enumerate(rows, start=2):
        if not any(value.strip() for value in row):
            continue
        if len(row) != len(header):
            raise ValueError(f"{name}, row {number}: expected {len(header)} values, as in the heading")
        labels, text = tuple(value.strip() for value in row[:-1]), row[-1].strip()
        if "" in labels:
            raise ValueError(f"{name}, row {number}: every dimension needs a category or {TOTAL}")
        if labels in counts:
            raise ValueError(
                f"{name}, row {number}: {', '.join(labels)} was given before; each combination has one row"
            )
        digits = text.replace(",", "")
        if text != WITHHELD and not (digits.isascii() and digits.isdecimal()):
            raise ValueError(f"{name}, row {number}: a count is a whole number, or {WITHHELD} where it is withheld")
        counts[labels] = None if text == WITHHELD else int(digits)
    if not counts:
        raise ValueError(f"{name}: the table has no rows")
    return dimensions, counts


def counts_of(
    name: str, header: Sequence[str], rows: Iterable[Sequence[str]]
) -> tuple[tuple[str, ...], dict[tuple[str, ...], int]]:
    """The dimensions and the counts in the rows of a file without totals, each combination once; those left out are nought.

    Raises ValueError naming the row where it is not such a table.

    >>> counts_of("t", ["area", "count"], [["north", "3"], ["south", "12"]])
    (('area',), {('north',): 3, ('south',): 12})
    """
    dimensions, counts = _read_rows(name, header, rows)
    whole = {labels: count for labels, count in counts.items() if count is not None}
    if len(whole) < len(counts) or any(TOTAL in labels for labels in counts):
        raise ValueError(
            f"{name}: a table to protect has neither {TOTAL} rows nor withheld counts; totals are computed"
        )
    return dimensions, whole


@dataclass(frozen=True, slots=True)
class Release:
    """Tables of one population as a system: `cells` names its columns, `withheld` lists those that a table withholds."""

    cells: tuple[Cell, ...]
    system: System
    withheld: tuple[int, ...]


def release(tables: Sequence[PublishedTable]) -> Release:
    """The system that the tables state together.

    Raises ValueError where two tables give one cell different counts, have different categories for one dimension, or
    hang together in a circle over more cells than can be audited.
    """
    categories = _categories(tables)
    _count_cells(tables, categories)
    number: dict[Cell, int] = {}
    balances: dict[tuple[int, str], list[int]] = {}
    for table in tables:
        _add_margins(table.dimensions, categories, number, balances)
    for scopes, atoms in _full_crossings([table.dimensions for table in tables], categories):
        _add_atoms(scopes, atoms, categories, number, balances)
    values, withheld = _values(tables, number)
    lower = np.zeros(len(number))
    upper = np.full(len(number), np.inf)
    for place, value in values.items():
        lower[place] = upper[place] = value
    return Release(tuple(number), System(_matrix(balances, len(number)), lower, upper), withheld)


def _categories(tables: Sequence[PublishedTable]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for table in tables:
        for name, categories in zip(table.dimensions, table.categories, strict=True):
            if not categories:
                raise ValueError(f"{table.name}: the dimension {name} has no category besides {TOTAL}; leave it out")
            if found.setdefault(name, categories) != categories:
                raise ValueError(
                    f"{table.name}: the dimension {name} has other categories than in a table before it;"
                    " give the dimension another name, or bring both to the same categories"
                )
    return found


def _count_cells(tables: Sequence[PublishedTable], categories: Mapping[str, tuple[str, ...]]) -> None:
    for table in tables:
        size = math.prod(len(categories[name]) + 1 for name in table.dimensions)
        if size > MOST_CELLS:
            raise ValueError(
                f"{table.name}: {size:,} cells with margins are more than the {MOST_CELLS:,} that can be audited"
            )


def _add_margins(
    dimensions: Sequence[str],
    categories: Mapping[str, tuple[str, ...]],
    number: dict[Cell, int],
    balances: dict[tuple[int, str], list[int]],
) -> None:
    """The cells of a table with all its margins, and a balance for each line: a total is the sum of its parts."""
    names = sorted(dimensions)
    places = {}
    for labels in itertools.product(*([*categories[name], TOTAL] for name in names)):
        cell = tuple((name, label) for name, label in zip(names, labels, strict=True) if label != TOTAL)
        places[labels] = number.setdefault(cell, len(number))
    for labels, place in places.items():
        for at, name in enumerate(names):
            if labels[at] == TOTAL and (place, name) not in balances:
                balances[place, name] = [
                    places[(*labels[:at], category, *labels[at + 1 :])] for category in categories[name]
                ]


def _full_crossings(
    scopes: Sequence[Sequence[str]], categories: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[list[frozenset[str]], tuple[str, ...]]]:
    """The tables that hang together in a circle, with the dimensions whose full crossing they need; none without one."""
    left = {frozenset(scope) for scope in scopes}
    while True:
        # M. H. Graham's reduction: what only one table has, and tables inside others, close no circle.
        shared = {name for name in categories if sum(name in scope for scope in left) > 1}
        smaller = {scope & shared for scope in left}
        kept = {scope for scope in smaller if not any(scope < other for other in smaller)}
        if kept == left:
            break
        left = kept
    if len(left) > 1:
        atoms = tuple(sorted(frozenset.union(*left)))
        size = math.prod(len(categories[name]) for name in atoms)
        if size > MOST_CELLS:
            raise ValueError(
                f"the tables go round in a circle over {', '.join(atoms)}: {size:,} combinations are more than the"
                f" {MOST_CELLS:,} that can be audited"
            )
        yield sorted(left, key=sorted), atoms


def _add_atoms(
    scopes: Sequence[frozenset[str]],
    atoms: Sequence[str],
    categories: Mapping[str, tuple[str, ...]],
    number: dict[Cell, int],
    balances: dict[tuple[int, str], list[int]],
) -> None:
    """The cells of the full crossing, and each cell of the tables in the circle as the sum of them."""
    for labels in itertools.product(*(categories[name] for name in atoms)):
        pairs = tuple(zip(atoms, labels, strict=True))
        place = number.setdefault(pairs, len(number))
        for at, scope in enumerate(scopes):
            whole = number[tuple(pair for pair in pairs if pair[0] in scope)]
            if whole != place:
                balances.setdefault((whole, f"crossing {at}"), []).append(place)


def _values(tables: Sequence[PublishedTable], number: Mapping[Cell, int]) -> tuple[dict[int, int], tuple[int, ...]]:
    values: dict[int, int] = {}
    withheld: dict[int, None] = {}
    for table in tables:
        for labels, count in table.counts.items():
            place = number[table.cell(labels)]
            if count is None:
                withheld[place] = None
            elif values.setdefault(place, count) != count:
                raise ValueError(
                    f"{table.name}: {described(table.cell(labels))} has another count than in a table before it;"
                    " tables audited together are of the same people at the same time"
                )
    return values, tuple(withheld)


def _matrix(balances: Mapping[tuple[int, str], Sequence[int]], size: int) -> sparse.csr_array:
    rows, columns, factors = [], [], []
    for row, ((whole, _), parts) in enumerate(balances.items()):
        rows += [row] * (len(parts) + 1)
        columns += [*parts, whole]
        factors += [1.0] * len(parts) + [-1.0]
    return sparse.csr_array((factors, (rows, columns)), shape=(len(balances), size))
