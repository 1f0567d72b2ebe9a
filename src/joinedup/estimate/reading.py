"""Reads an overlap table from a CSV file: one row a pattern with its count, or one row a person.

Either way one column a list, holding 0 or 1. The last column is a count when it is named so, as in the layouts of the
R packages SparseMSE, MultipleSystemsEstimation, Rcapture and LCMCR, or when it holds other numbers than 0 and 1; a first
column without a name, as R writes row names, is passed over. Patterns not in the file have a count of nought.
TRUE and FALSE, and yes and no, stand for 1 and 0, as R writes them. Values stand between commas; where the heading has none, between semicolons or tabs.
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
_ON, _OFF = {"1", "true", "t", "yes", "y"}, {"0", "false", "f", "no", "n"}
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
    lines = _lines(path)
    if len(lines) < 2:
        raise _unreadable(path, "it has no rows under a heading" if lines else "it is empty", _HOW)
    heading = [name.strip() for name in lines[0][1]]
    if heading[-1] and all(name.replace(".", "").isdigit() for name in heading if name):
        raise _unreadable(path, "its first row holds numbers, not the names of lists", f"Give it a heading. {_HOW}")
    skipped = 1 if heading[0] == "" else 0
    rows = []
    for number, line in lines[1:]:
        if len(line) != len(heading):
            raise _unreadable(path, f"row {number} has {len(line)} values, the heading {len(heading)}", _HOW)
        rows.append((number, [value.strip() for value in line[skipped:]]))
    return heading[skipped:], rows


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, numbered; split at the commas, or at what splits a heading without one, as Excel has it elsewhere."""
    if path.is_dir():
        raise _unreadable(path, "it is a folder", "Name the CSV file in it.")
    try:
        held = path.read_bytes()
    except FileNotFoundError as error:
        raise _unreadable(path, "there is no such file", "Look for a slip in its name or folder.") from error
    except OSError as error:
        raise _unreadable(path, "it may not be read", "Ask for the right to read it, or copy it.") from error
    if held.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise _unreadable(path, "it is a workbook or an archive, not text", "Save the one sheet as CSV in UTF-8.")
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = held.count(b"\n", 0, error.start) + 1
        where = f"row {row} holds a byte that is no text in UTF-8"
        raise _unreadable(path, where, "Save it as CSV in UTF-8.") from error
    first = text.lstrip().partition("\n")[0]
    between = next((each for each in (",", ";", "\t") if each in first), ",")
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=between))
    except csv.Error as error:
        raise _unreadable(path, "it could not be read as CSV", "Save it as CSV in UTF-8.") from error
    return [(number, line) for number, line in enumerate(rows, start=1) if any(map(str.strip, line))]


def _is_counted(heading: Sequence[str], rows: Rows) -> bool:
    return heading[-1].lower() in _COUNT_NAMES or any(_on(values[-1]) is None for _, values in rows)


def _on(value: str) -> bool | None:
    """Whether a value says that somebody is on a list, as 1, TRUE or yes; none where it says neither."""
    known = value.lower()
    return True if known in _ON else False if known in _OFF else None


def _check_lists(path: Path, lists: Sequence[str]) -> None:
    if len(lists) < 2:
        raise _unreadable(path, f"it has {len(lists) or 'no'} list; an overlap needs two, an estimate three", _HOW)
    if len(lists) > MOST_LISTS_READ:
        remedy = "Merge lists of one kind into one column."
        raise _unreadable(path, f"it has {len(lists)} lists; at most {MOST_LISTS_READ} can be held together", remedy)
    twice = sorted({name for name in lists if lists.count(name) > 1})
    if twice or "" in lists:
        what = f"two columns are named {twice[0]}" if twice and twice[0] else "a column has no name"
        raise _unreadable(path, what, "Give each list a name of its own.")


def _pattern(path: Path, row: int, lists: Sequence[str], values: Sequence[str]) -> int:
    pattern = 0
    for place, name in enumerate(lists):
        if _on(values[place]) is None:
            what = "empty, where 0 or 1 is expected" if not values[place] else "neither 0 nor 1"
            remedy = f"{_HOW} A column that is no list, such as a name or number of each person, is left out."
            raise _unreadable(path, f"row {row}, column {name}: {what}", remedy)
        pattern |= int(bool(_on(values[place]))) << place
    return pattern


def _count(path: Path, row: int, column: str, value: str) -> int:
    where = f"row {row}, column {column}"
    try:
        number = float(value)
    except ValueError as error:
        what = "not a number" if value else "empty, where a number of people is expected"
        remedy = (
            "Give a whole number of people, in digits alone. A count that was withheld or rounded for being small cannot be used: ask for "
            "the exact one, or merge lists until none is withheld."
        )
        raise _unreadable(path, f"{where}: {what}", remedy) from error
    if number < 0:
        raise _unreadable(path, f"{where}: a count below nought", "Give a whole number of people, nought or more.")
    if not number.is_integer():
        raise _unreadable(path, f"{where}: not a whole number of people", "Give whole people, not shares or weights.")
    if number >= 1e15:
        raise _unreadable(path, f"{where}: more people than there can be", "Give a whole number of people.")
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
