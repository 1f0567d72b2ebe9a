"""Published tables as they stand on the page: counts, ranges of counts, and the sign for what is withheld."""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

TOTAL = "Total"
WITHHELD = "c"
MOST_CELLS = 500_000
"""More cells than this are refused rather than begun."""

Cell = tuple[tuple[str, str], ...]
"""What a cell counts: (dimension, category) pairs in order of dimension; a dimension left out is added over."""


@dataclass(frozen=True, slots=True)
class Between:
    """A published number that stands for several counts: a rounded one, or a sign for a range. `most` None: no largest."""

    least: int
    most: int | None

    def __post_init__(self) -> None:
        if self.least < 0 or (self.most is not None and self.most < self.least):
            raise ValueError("a range of counts runs from nought or more to a count not below that")

    def __str__(self) -> str:
        return f"{self.least}-{'' if self.most is None else self.most}"


Count = int | Between | None
"""What a table says of one cell: its count, a range it is in, or nothing (withheld)."""


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One table as published: for each combination of labels its count, a range of counts, or None where it is withheld.

    Every combination of the smallest categories has a cell; combinations with `Total` may be left out. `parts` says, for
    a dimension whose categories lie within one another, which category each lies in (an area in its region).
    """

    name: str
    dimensions: tuple[str, ...]
    counts: Mapping[tuple[str, ...], Count]
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.dimensions or len(set(self.dimensions)) != len(self.dimensions):
            raise ValueError(f"{self.name}: a table has at least one dimension, and each has its own name")
        smallest = [self.smallest(place) for place in range(len(self.dimensions))]
        inner = math.prod(len(found) for found in smallest)
        if inner > MOST_CELLS:
            raise ValueError(
                f"{self.name}: {inner:,} combinations are more than the {MOST_CELLS:,} that can be audited"
            )
        for labels in itertools.product(*smallest):
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

    def smallest(self, place: int) -> tuple[str, ...]:
        """The categories of the dimension at `place` that no other of its categories lies in."""
        inside = self.parts.get(self.dimensions[place], {})
        here = self.categories[place]
        larger = {whole for category in here for whole in above(category, inside)}
        return tuple(category for category in here if category not in larger)

    def within(self, labels: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Every combination that people counted in this one are counted in: itself, the larger categories, the totals."""
        pairs = zip(self.dimensions, labels, strict=True)
        return itertools.product(*([label, *above(label, self.parts.get(name, {})), TOTAL] for name, label in pairs))

    def cell(self, labels: Sequence[str]) -> Cell:
        """What the labels count."""
        pairs = zip(self.dimensions, labels, strict=True)
        return tuple(sorted((name, label) for name, label in pairs if label != TOTAL))


def fingerprint(tables: Sequence[PublishedTable], sentences: Sequence[str] = ()) -> str:
    """A hash of what the tables and sentences say, whatever the order of rows and tables: the name of one release.

    >>> one = published_table("t", ["a", "count"], [["x", "3"], ["y", "c"]])
    >>> fingerprint([one]) == fingerprint([published_table("t", ["a", "count"], [["y", "c"], ["x", "3"]])])
    True
    """
    said = sorted(
        f"{described(table.cell(labels))}: {WITHHELD if count is None else count}"
        for table in tables
        for labels, count in table.counts.items()
    )
    return hashlib.sha256("\n".join([*dict.fromkeys(said), *sorted(sentences)]).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Counted:
    """A table to protect: counts for combinations of categories, without totals; those left out are nought."""

    name: str
    dimensions: tuple[str, ...]
    counts: Mapping[tuple[str, ...], int]
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For a dimension whose categories lie within larger ones, which lies in which; the larger are added up."""

    def without(self, dimension: str) -> Counted:
        """The table added up over one dimension. Raises ValueError where it has no other."""
        at = self.dimensions.index(dimension)
        if len(self.dimensions) == 1:
            raise ValueError(f"{self.name}: {dimension} is its only dimension")
        counts: dict[tuple[str, ...], int] = {}
        for labels, count in self.counts.items():
            left = (*labels[:at], *labels[at + 1 :])
            counts[left] = counts.get(left, 0) + count
        parts = {name: inside for name, inside in self.parts.items() if name != dimension}
        return Counted(self.name, (*self.dimensions[:at], *self.dimensions[at + 1 :]), counts, parts)


def with_margins(table: Counted) -> PublishedTable:
    """The whole table: every combination of categories and totals. Raises ValueError where the counts are no table."""
    dimensions, counts = table.dimensions, table.counts
    if not counts:
        raise ValueError("the table has no rows")
    if any(len(labels) != len(dimensions) or TOTAL in labels or "" in labels for labels in counts):
        raise ValueError(f"every row needs one category for each dimension; {TOTAL} is computed, not given")
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count of people cannot be below nought")
    levels, wider = [], []
    for at, name in enumerate(dimensions):
        inside = table.parts.get(name, {})
        up = {label: [label, *above(label, inside), TOTAL] for label in {labels[at] for labels in counts}}
        larger = {whole for chain in up.values() for whole in chain[1:]}
        if clash := larger & set(up):
            raise ValueError(f"{name}={min(clash)} is counted beside its own parts; give the parts alone")
        levels.append([*sorted({*up, *larger} - {TOTAL}), TOTAL])
        wider.append(up)
    filled = dict.fromkeys(itertools.product(*levels), 0)
    for labels, count in counts.items():
        for summed in itertools.product(*(up[label] for up, label in zip(wider, labels, strict=True))):
            filled[summed] += count
    return PublishedTable(table.name, dimensions, filled, table.parts)


def above(category: str, inside: Mapping[str, str]) -> list[str]:
    """The categories that a category lies in, nearest first. Raises ValueError where they go round in a circle.

    >>> above("ward", {"ward": "town", "town": "county"})
    ['town', 'county']
    """
    found: list[str] = []
    while category in inside:
        category = inside[category]
        if category in found or len(found) > len(inside):
            raise ValueError(f"the category {category} lies within itself")
        found.append(category)
    return found


def described(cell: Cell) -> str:
    """The cell in words.

    >>> described((("age", "12"), ("area", "north"))), described(())
    ('age=12, area=north', 'Total')
    """
    return ", ".join(f"{name}={label}" for name, label in cell) or TOTAL


def cell_of(words: str) -> Cell:
    """The cell that the words describe; the other way round from `described`. Raises ValueError where they do not.

    >>> cell_of("area=north, age=12"), cell_of("Total")
    ((('age', '12'), ('area', 'north')), ())
    """
    if words.strip() == TOTAL:
        return ()
    pairs = [part.partition("=") for part in words.split(",")]
    if any(not sign or not name.strip() or not label.strip() for name, sign, label in pairs):
        raise ValueError(f"{words!r} is no cell; write dimension=category, dimension=category, or {TOTAL}")
    return tuple(sorted((name.strip(), label.strip()) for name, _, label in pairs))


def count_of(text: str) -> Count:
    """The count that a cell's text states: a whole number, a range as 8-12 or 8-, or the sign c. Raises ValueError.

    >>> count_of("1,264"), count_of("8-12"), count_of("c")
    (1264, Between(least=8, most=12), None)
    """
    if text == WITHHELD:
        return None
    digits = text.replace(",", "")
    if digits.isascii() and digits.isdecimal():
        return int(digits)
    if (found := re.fullmatch(r"([0-9]+)-([0-9]*)", digits)) is not None:
        return Between(int(found[1]), int(found[2]) if found[2] else None)
    raise ValueError(f"a count is a whole number, a range as 8-12, or {WITHHELD} where it is withheld")


def published_table(
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    parts: Mapping[str, Mapping[str, str]] | None = None,
) -> PublishedTable:
    """The table in the rows of a file: one column for each dimension, the count last; `Total` and `c` as agreed.

    Raises ValueError naming the row where a count is neither a whole number of people, a range nor the sign, or is
    given twice.

    >>> found = published_table("t", ["area", "count"], [["north", "c"], ["south", "12"], ["Total", "15"]])
    >>> found.counts[("north",)], found.counts[("Total",)]
    (None, 15)
    """
    dimensions, counts = _read_rows(name, header, rows)
    mine = {dimension: inside for dimension, inside in (parts or {}).items() if dimension in dimensions}
    return PublishedTable(name, dimensions, counts, mine)


def _read_rows(
    name: str, header: Sequence[str], rows: Iterable[Sequence[str]]
) -> tuple[tuple[str, ...], dict[tuple[str, ...], Count]]:
    if len(header) < 2 or header[-1].strip().lower() != "count":
        raise ValueError(f"{name}: expected one column for each dimension and a last column named count")
    dimensions = tuple(each.strip() for each in header[:-1])
    counts: dict[tuple[str, ...], Count] = {}
    for number, row in enumerate(rows, start=2):
        if not any(value.strip() for value in row):
            continue
        if len(row) != len(header):
            raise ValueError(f"{name}, row {number}: expected {len(header)} values, as in the heading")
        labels = tuple(value.strip() for value in row[:-1])
        if "" in labels:
            raise ValueError(f"{name}, row {number}: every dimension needs a category or {TOTAL}")
        if labels in counts:
            raise ValueError(
                f"{name}, row {number}: {', '.join(labels)} was given before; each combination has one row"
            )
        try:
            counts[labels] = count_of(row[-1].strip())
        except ValueError as error:
            raise ValueError(f"{name}, row {number}: {error}") from None
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
    whole = {labels: count for labels, count in counts.items() if isinstance(count, int)}
    if len(whole) < len(counts) or any(TOTAL in labels for labels in counts):
        raise ValueError(
            f"{name}: a table to protect has neither {TOTAL} rows nor withheld counts; totals are computed"
        )
    return dimensions, whole
