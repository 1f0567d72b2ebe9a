"""Numbers in sentences: a count, a sum of counts, a difference or a percentage, each a linear statement on cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from joinedup.stats.disclosure.tables import Between, Cell, cell_of, count_of

STATEMENT_COLUMNS = ("of", "out_of", "says")


@dataclass(frozen=True, slots=True)
class Statement:
    """The sum of `factor * cell` over the terms is `least` or more and `most` or less; None where there is no such end."""

    said: str
    terms: tuple[tuple[Cell, int], ...]
    least: int | None
    most: int | None


def stated_share(said: str, part: Sequence[Cell], base: Sequence[Cell], shown: str) -> tuple[Statement, Statement]:
    """What a percentage says of the counts it is made of: it was rounded to the digits it is shown with.

    Raises ValueError where `shown` is no percentage.

    >>> low, high = stated_share("girls", [(("sex", "F"),)], [()], "61%")
    >>> low.terms, low.least
    ((((('sex', 'F'),), 200), ((), -121)), 0)
    """
    if (found := re.fullmatch(r"([0-9]+)(?:\.([0-9]+))?\s*%", shown.strip())) is None:
        raise ValueError(f"{said}: {shown!r} is no percentage")
    digits = found[2] or ""
    times, shifted = 10 ** len(digits), int(found[1] + digits)

    def terms(edge: int) -> tuple[tuple[Cell, int], ...]:
        return (*((cell, 200 * times) for cell in part), *((cell, -edge) for cell in base))

    # Halves may have gone either way, so both edges are taken in.
    return Statement(said, terms(2 * shifted - 1), 0, None), Statement(said, terms(2 * shifted + 1), None, 0)


def stated_count(said: str, cells: Sequence[Cell], shown: str) -> Statement:
    """What a number says of the sum of the cells: exactly, or within a range as 8-12. Raises ValueError."""
    count = count_of(shown.strip())
    if count is None:
        raise ValueError(f"{said}: a sentence that withholds its number says nothing; leave it out")
    ends = count if isinstance(count, Between) else Between(count, count)
    return Statement(said, tuple((cell, 1) for cell in cells), ends.least, ends.most)


def statements_of(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[Statement, ...]:
    """The statements in the rows of a file with the columns of, out_of and says.

    `of` and `out_of` are cells (area=north, age=12), several joined by +; `out_of` is empty but for percentages. Raises
    ValueError naming the row.

    >>> rows = [["sex=F", "", "1,264"], ["sex=F", "Total", "61%"]]
    >>> [each.said for each in statements_of("prose", ["of", "out_of", "says"], rows)]
    ['prose, row 2', 'prose, row 3', 'prose, row 3']
    """
    if tuple(each.strip() for each in header) != STATEMENT_COLUMNS:
        raise ValueError(f"{name}: expected the columns {', '.join(STATEMENT_COLUMNS)}")
    found: list[Statement] = []
    for number, row in enumerate(rows, start=2):
        if not any(value.strip() for value in row):
            continue
        said = f"{name}, row {number}"
        if len(row) != len(STATEMENT_COLUMNS):
            raise ValueError(f"{said}: expected {len(STATEMENT_COLUMNS)} values, as in the heading")
        try:
            cells = [cell_of(each) for each in row[0].split("+")]
            if row[1].strip():
                found += stated_share(said, cells, [cell_of(each) for each in row[1].split("+")], row[2])
            else:
                found.append(stated_count(said, cells, row[2]))
        except ValueError as error:
            raise ValueError(f"{said}: {str(error).removeprefix(f'{said}: ')}") from None
    return tuple(found)
