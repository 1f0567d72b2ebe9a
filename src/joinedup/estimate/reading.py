"""Reads an overlap table from a CSV file: one row a pattern with its count, or one row a person.

Either way one column a list, holding 0 or 1. The last column is a count when it is named so, as in the layouts of the
R packages SparseMSE, MultipleSystemsEstimation, Rcapture and LCMCR, or when it holds other numbers than 0 and 1; a first
column without a name, as R writes row names, is passed over. Patterns not in the file have a count of nought.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from joinedup.errors import UnreadableError
from joinedup.estimate.overlap_table import OverlapTable

MOST_LISTS_READ = 16
"""More lists than this make more patterns than a model can use."""

_COUNT_NAMES = {"count", "counts", "n", "freq", "frequency", "number"}
_HOW = "One column a list holding 0 or 1, and a last column count; or one row a person with only the lists."

Rows = Sequence[tuple[int, list[str]]]


def read_overlap_table(path: Path) -> OverlapTable:
    """The overlap table of a CSV file.

    Raises UnreadableError, saying which row and column, for a file that is none: a list nobody is on, fewer than two lists
    or more than 16, a pattern twice, a count that is no whole number or below nought, people on no list, other values.
    """
    heading, rows = _rows(path)
    counted = _is_counted(heading, rows)
    lists = tuple(heading[:-1] if counted else heading)
    _check_lists(path, lists)
    counts: dict[int, int] = {}
    first_row: dict[int, int] = {}
    for row, values in rows:
        pattern = _pattern(path, row, lists, values)
        count = _count(path, row, heading[-1], values[-1]) if counted else 1
        if counted and pattern in first_row:
            raise _unreadable(
                path, f"rows {first_row[pattern]} and {row} hold the same pattern of lists", "Give each once."
            )
        first_row.setdefault(pattern, row)
        if not pattern and count:
            what = f"row {row} holds people who are on no list"
            raise _unreadable(path, what, "Leave them out: how many are on no list is what is estimated.")
        if count:
            counts[pattern] = counts.get(pattern, 0) + count
    table = OverlapTable(lists, counts)
    empty = [name for name, size in zip(lists, table.sizes, strict=True) if not size]
    if empty:
        remedy = "Leave its column out, or give the people it holds."
        raise _unreadable(path, f"nobody is on the list {', '.join(empty)}", remedy)
    return table


def _rows(path: Path) -> tuple[list[str], Rows]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = [
                (number, line) for number, line in enumerate(csv.reader(file), start=1) if any(map(str.strip, line))
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, "it could not be read as text", "Save it as CSV in UTF-8.") from error
    if len(lines) < 2:
        raise _unreadable(path, "it has no rows under a heading", _HOW)
    heading = [name.strip() for name in lines[0][1]]
    skipped = 1 if heading[0] == "" else 0
    rows = []
    for number, line in lines[1:]:
        if len(line) != len(heading):
            raise _unreadable(path, f"row {number} has {len(line)} values, the heading {len(heading)}", _HOW)
        rows.append((number, [value.strip() for value in line[skipped:]]))
    return heading[skipped:], rows


def _is_counted(heading: Sequence[str], rows: Rows) -> bool:
    return heading[-1].lower() in _COUNT_NAMES or any(values[-1] not in ("0", "1") for _, values in rows)


def _check_lists(path: Path, lists: Sequence[str]) -> None:
    if len(lists) < 2:
        raise _unreadable(path, f"it has {len(lists)} list; an overlap needs two, an estimate three", _HOW)
    if len(lists) > MOST_LISTS_READ:
        remedy = "Merge lists of one kind into one column."
        raise _unreadable(path, f"it has {len(lists)} lists; at most {MOST_LISTS_READ} can be held together", remedy)
    twice = sorted({name for name in lists if lists.count(name) > 1})
    if twice or "" in lists:
        raise _unreadable(path, "two lists have the same name, or one has none", "Give each list a name of its own.")


def _pattern(path: Path, row: int, lists: Sequence[str], values: Sequence[str]) -> int:
    pattern = 0
    for place, name in enumerate(lists):
        if values[place] not in ("0", "1"):
            raise _unreadable(path, f"row {row}, column {name}: neither 0 nor 1", _HOW)
        pattern |= int(values[place]) << place
    return pattern


def _count(path: Path, row: int, column: str, value: str) -> int:
    where = f"row {row}, column {column}"
    try:
        number = float(value)
    except ValueError as error:
        raise _unreadable(path, f"{where}: not a number", "Give a whole number of people.") from error
    if number < 0:
        raise _unreadable(path, f"{where}: a count below nought", "Give a whole number of people, nought or more.")
    if number != int(number) if number < 1e15 else True:
        raise _unreadable(path, f"{where}: not a whole number of people", "Give whole people, not shares or weights.")
    return int(number)


def _unreadable(path: Path, what: str, remedy: str) -> UnreadableError:
    return UnreadableError(f"{path.name} is no overlap table: {what}.", remedy=remedy)
