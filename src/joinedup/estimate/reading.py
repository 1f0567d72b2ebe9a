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
    return _table(path, heading, rows, every_list_held=True)


def read_strata(path: Path, column: str) -> dict[str, OverlapTable]:
    """One overlap table a value of the named column, in the order of the values; numbers in the order of numbers.

    The other columns are as in `read_overlap_table`, which says what is refused; a list may be empty in a stratum, not in all.
    """
    heading, rows = _rows(path)
    if column not in heading:
        raise _unreadable(path, f"it has no column {column}", f"Name one of its columns: {', '.join(heading)}.")
    at = heading.index(column)
    left = [name for name in heading if name != column]
    parts: dict[str, list[tuple[int, list[str]]]] = {}
    for row, values in rows:
        parts.setdefault(values[at] or "not known", []).append((row, values[:at] + values[at + 1 :]))
    counted = _is_counted(left, [each for part in parts.values() for each in part])
    tables = {name: _table(path, left, parts[name], counted=counted) for name in sorted(parts, key=_in_order)}
    empty = [each for each in _lists_of(left, counted) if not any(table.on_any([each]) for table in tables.values())]
    if empty:
        raise _unreadable(path, f"nobody is on the list {', '.join(empty)}", "Leave its column out.")
    return tables


def _in_order(name: str) -> tuple[bool, float, str]:
    try:
        return False, float(name), name
    except ValueError:
        return True, 0.0, name


def _lists_of(heading: Sequence[str], counted: bool) -> tuple[str, ...]:
    return tuple(heading[:-1] if counted else heading)


def _table(
    path: Path, heading: list[str], rows: Rows, *, counted: bool | None = None, every_list_held: bool = False
) -> OverlapTable:
    counted = _is_counted(heading, rows) if counted is None else counted
    lists = _lists_of(heading, counted)
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
    if empty and every_list_held:
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


def read_people(path: Path, covariates: Sequence[str]) -> tuple[dict[str, list[int]], dict[str, list[str]]]:
    """The lists and covariates of a CSV file of one row a person: for each list its 0s and 1s, for each covariate its categories.

    Every column that is no covariate is a list. An empty cell of a covariate is the category 'not known'. Raises UnreadableError
    for a covariate that is no column, and as `read_overlap_table` does.
    """
    heading, rows = _rows(path)
    missing = [name for name in covariates if name not in heading]
    if missing:
        what = f"it has no column {', '.join(missing)}"
        raise _unreadable(path, what, f"Name covariates by their headings: {', '.join(heading)}.")
    lists = tuple(name for name in heading if name not in covariates)
    _check_lists(path, lists)
    places = {name: at for at, name in enumerate(heading)}
    held: dict[str, list[int]] = {name: [] for name in lists}
    for row, values in rows:
        pattern = _pattern(path, row, lists, [values[places[name]] for name in lists])
        if not pattern:
            what = f"row {row} holds a person who is on no list"
            raise _unreadable(path, what, "Leave them out: how many are on no list is what is estimated.")
        for at, name in enumerate(lists):
            held[name].append(pattern >> at & 1)
    empty = [name for name, values in held.items() if not any(values)]
    if empty:
        raise _unreadable(path, f"nobody is on the list {', '.join(empty)}", "Leave its column out.")
    known = {name: [values[places[name]] or "not known" for _, values in rows] for name in covariates}
    return held, known
