"""Published tables of one population as one system of statements, however many tables there are.

A cell is what it counts: "north, girls" is one cell whether one table says it or three do, so what a table withholds and
another shows is shown. Every margin of a table is a cell too, published or not, because anybody can add up. Where
categories lie within one another (areas in regions), the larger is the sum of those within it.

Tables over different dimensions bind each other through the margins they share. Where the tables hang together without
a circle, agreeing margins are all there is to it (N. N. Vorob'ev, Theory of Probability and its Applications 7 (1962),
147-163). Where they go round in a circle (A by B, B by C, C by A), cells of the full cross-classification are added:
tables can agree in their margins and still be of no population.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from joinedup.stats.disclosure.balances import System
from joinedup.stats.disclosure.solver import NoPointError
from joinedup.stats.disclosure.statements import Statement
from joinedup.stats.disclosure.tables import (
    MOST_CELLS,
    TOTAL,
    Between,
    Cell,
    PublishedTable,
    above,
    described,
)

Parts = Mapping[str, Mapping[str, str]]
_Balances = dict[tuple[int, str], list[int]]
STATED = ""
"""The dimension of the cells that hold a statement's own value."""


@dataclass(frozen=True, slots=True)
class Release:
    """Tables of one population as a system: `cells` names its columns.

    `withheld` lists those that a table withholds, `coarse` those that are only published as a range of counts.
    """

    cells: tuple[Cell, ...]
    system: System
    withheld: tuple[int, ...]
    coarse: tuple[int, ...] = ()


def release(
    tables: Sequence[PublishedTable],
    statements: Sequence[Statement] = (),
    beside: Sequence[PublishedTable] = (),
) -> Release:
    """The system that the tables state together.

    `beside` are tables of the same people that are not part of the release: their cells are part of the system, and
    nothing is said of them.

    Raises ValueError where two tables give one cell different counts, have different categories for one dimension, or
    hang together in a circle over more cells than can be audited, or where a statement speaks of no table's cell.
    """
    every = [*tables, *beside]
    parts = _parts(every)
    levels = [_levels(table, parts) for table in every]
    _must_agree(every, levels, parts)
    number: dict[Cell, int] = {}
    balances: _Balances = {}
    for table, level in zip(every, levels, strict=True):
        _add_margins(table, level, parts, number, balances)
    _add_circles(every, levels, parts, number, balances)
    lower, upper, withheld, coarse = _values(tables, number)
    factors = {row: [1.0] * len(each) + [-1.0] for row, each in balances.items()}
    columns = {row: [*each, row[0]] for row, each in balances.items()}
    for place, statement in enumerate(statements):
        unknown = [described(cell) for cell, _ in statement.terms if cell not in number]
        if unknown:
            raise ValueError(f"{statement.said}: no table has the cell {unknown[0]}")
        value = number.setdefault(((STATED, f"{place} {statement.said}"),), len(number))
        columns[value, STATED] = [*(number[cell] for cell, _ in statement.terms), value]
        factors[value, STATED] = [*(float(factor) for _, factor in statement.terms), -1.0]
        lower.append(-np.inf if statement.least is None else float(statement.least))
        upper.append(np.inf if statement.most is None else float(statement.most))
    matrix = _matrix(list(columns.values()), list(factors.values()), len(number))
    system = System(matrix, np.array(lower), np.array(upper))
    if statements:
        narrow = system.propagated()
        if not np.all(np.isfinite(narrow.upper) & np.isfinite(narrow.lower)):
            raise ValueError("statements can be audited only beside tables whose total is shown, or given as a range")
    return Release(tuple(number), system, withheld, coarse)


def _parts(tables: Sequence[PublishedTable]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table in tables:
        for name, inside in table.parts.items():
            for part, whole in inside.items():
                if found.setdefault(name, {}).setdefault(part, whole) != whole:
                    raise ValueError(f"{table.name}: {name}={part} lies in another category than in a table before it")
    return found


def _levels(table: PublishedTable, parts: Parts) -> dict[str, tuple[str, ...]]:
    """For each dimension the categories of the table with all those they lie in."""
    found = {}
    for name, categories in zip(table.dimensions, table.categories, strict=True):
        if not categories:
            raise ValueError(f"{table.name}: the dimension {name} has no category besides {TOTAL}; leave it out")
        inside = parts.get(name, {})
        found[name] = tuple(sorted({*categories, *(whole for each in categories for whole in above(each, inside))}))
    size = math.prod(len(each) + 1 for each in found.values())
    if size > MOST_CELLS:
        raise ValueError(
            f"{table.name}: {size:,} cells with margins are more than the {MOST_CELLS:,} that can be audited"
        )
    return found


def _within(whole: str | None, categories: Iterable[str], inside: Mapping[str, str]) -> tuple[str, ...]:
    """The categories directly within another, or within none for None."""
    return tuple(each for each in categories if inside.get(each) == whole)


def _must_agree(
    tables: Sequence[PublishedTable], levels: Sequence[Mapping[str, tuple[str, ...]]], parts: Parts
) -> None:
    """Every category, and the total, is split in the same way wherever it is split."""
    split: dict[tuple[str, str | None], tuple[str, ...]] = {}
    for table, level in zip(tables, levels, strict=True):
        for name, categories in level.items():
            inside = parts.get(name, {})
            for whole in (None, *categories):
                found = _within(whole, categories, inside)
                if found and split.setdefault((name, whole), found) != found:
                    raise ValueError(
                        f"{table.name}: the dimension {name} has other categories than in a table before it;"
                        " give the dimension another name, or bring both to the same categories"
                    )


def _add_margins(
    table: PublishedTable,
    level: Mapping[str, tuple[str, ...]],
    parts: Parts,
    number: dict[Cell, int],
    balances: _Balances,
) -> None:
    """The cells of a table with all its margins, and a balance for each line: a total is the sum of its parts."""
    names = sorted(table.dimensions)
    places = {}
    for labels in itertools.product(*([*level[name], TOTAL] for name in names)):
        cell = tuple((name, label) for name, label in zip(names, labels, strict=True) if label != TOTAL)
        places[labels] = number.setdefault(cell, len(number))
    within = {
        (name, whole): found
        for name in names
        for whole in (TOTAL, *level[name])
        if (found := _within(None if whole == TOTAL else whole, level[name], parts.get(name, {})))
    }
    for labels, place in places.items():
        for at, name in enumerate(names):
            if (name, labels[at]) in within and (place, name) not in balances:
                split = within[name, labels[at]]
                balances[place, name] = [places[(*labels[:at], each, *labels[at + 1 :])] for each in split]


def _in_circles(scopes: Iterable[Sequence[str]]) -> list[frozenset[str]]:
    """The tables' dimensions that hang together in a circle; none without one."""
    left = {frozenset(scope) for scope in scopes}
    while True:
        # M. H. Graham's reduction: what only one table has, and tables inside others, close no circle.
        shared = {name for name in frozenset[str]().union(*left) if sum(name in scope for scope in left) > 1}
        smaller = {scope & shared for scope in left}
        kept = {scope for scope in smaller if not any(scope < other for other in smaller)}
        if kept == left:
            return sorted(left, key=sorted) if len(left) > 1 else []
        left = kept


def _add_circles(
    tables: Sequence[PublishedTable],
    levels: Sequence[Mapping[str, tuple[str, ...]]],
    parts: Parts,
    number: dict[Cell, int],
    balances: _Balances,
) -> None:
    """The cells of the full crossing of tables in a circle, and each cell of those tables as the sum of them."""
    scopes = _in_circles(table.dimensions for table in tables)
    if not scopes:
        return
    names = sorted(frozenset[str]().union(*scopes))
    smallest = {name: _smallest(name, levels, parts) for name in names}
    size = math.prod(len(each) for each in smallest.values())
    if size > MOST_CELLS:
        raise ValueError(
            f"the tables go round in a circle over {', '.join(names)}: {size:,} combinations are more than the"
            f" {MOST_CELLS:,} that can be audited"
        )
    for labels in itertools.product(*(smallest[name] for name in names)):
        pairs = tuple(zip(names, labels, strict=True))
        place = number.setdefault(pairs, len(number))
        for at, scope in enumerate(scopes):
            choices = [[label, *above(label, parts.get(name, {}))] for name, label in pairs if name in scope]
            of = [name for name, _ in pairs if name in scope]
            for wider in itertools.product(*choices):
                whole = number.get(tuple(zip(of, wider, strict=True)))
                if whole is not None and whole != place:
                    balances.setdefault((whole, f"crossing {at}"), []).append(place)


def _smallest(name: str, levels: Sequence[Mapping[str, tuple[str, ...]]], parts: Parts) -> tuple[str, ...]:
    every = sorted({category for level in levels for category in level.get(name, ())})
    larger = {whole for each in every for whole in above(each, parts.get(name, {}))}
    return tuple(each for each in every if each not in larger)


def _values(
    tables: Sequence[PublishedTable], number: Mapping[Cell, int]
) -> tuple[list[float], list[float], tuple[int, ...], tuple[int, ...]]:
    """What is said of each cell: its ends, which are withheld, and which are published as a range alone."""
    lower, upper = [0.0] * len(number), [np.inf] * len(number)
    withheld: dict[int, None] = {}
    coarse: dict[int, None] = {}
    for table in tables:
        for labels, count in table.counts.items():
            place = number[table.cell(labels)]
            if count is None:
                withheld[place] = None
                continue
            ends = count if isinstance(count, Between) else Between(count, count)
            most = np.inf if ends.most is None else float(ends.most)
            lower[place], upper[place] = max(lower[place], float(ends.least)), min(upper[place], most)
            if isinstance(count, Between):
                coarse[place] = None
            if lower[place] > upper[place]:
                raise NoPointError(
                    f"{table.name}: {described(table.cell(labels))} has another count than in a table before it;"
                    " tables audited together are of the same people at the same time"
                )
    return lower, upper, tuple(withheld), tuple(place for place in coarse if place not in withheld)


def _matrix(columns: Sequence[Sequence[int]], factors: Sequence[Sequence[float]], size: int) -> sparse.csr_array:
    rows = np.repeat(np.arange(len(columns)), [len(each) for each in columns])
    flat = np.fromiter(itertools.chain.from_iterable(columns), dtype=np.int64, count=len(rows))
    values = np.fromiter(itertools.chain.from_iterable(factors), dtype=np.float64, count=len(rows))
    return sparse.csr_array((values, (rows, flat)), shape=(len(columns), size))
