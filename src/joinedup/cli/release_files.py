"""The files of a release: tables of counts, numbers in sentences, and which categories lie within which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from joinedup.cli.csv_file import rows_of
from joinedup.errors import UnreadableError, UsageError
from joinedup.registry.disclosure import DisclosureRule, disclosure_rules
from joinedup.stats.disclosure import (
    Between,
    Publication,
    PublishedTable,
    Statement,
    count_of,
    published_table,
    statements_of,
)
from joinedup.stats.disclosure.statements import STATEMENT_COLUMNS

Parts = Mapping[str, Mapping[str, str]]
LAYOUT = "See docs/explanation/disclosure.md for the layout."


def rule_named(name: str) -> DisclosureRule:
    """The disclosure rule of that id. Raises UsageError, with those there are, where there is none."""
    known = disclosure_rules()
    if name not in known:
        raise UsageError(f"there is no disclosure rule {name!r}", remedy=f"Rules: {', '.join(sorted(known))}.")
    return known[name]


def parts_of(given: Sequence[str]) -> Parts:
    """For each DIMENSION=FILE which category lies in which, from the file's columns part and whole."""
    found: dict[str, dict[str, str]] = {}
    for each in given:
        dimension, sign, path = each.partition("=")
        if not sign or not dimension.strip():
            raise UsageError(f"{each!r} does not say of which dimension it is", remedy="Write --parts area=areas.csv.")
        rows = rows_of(Path(path))
        if not rows or [word.strip() for word in rows[0]] != ["part", "whole"]:
            raise UnreadableError(f"{path}: expected the columns part and whole", remedy=LAYOUT)
        for number, row in enumerate(rows[1:], start=2):
            if len(row) != 2 or not all(word.strip() for word in row):
                raise UnreadableError(f"{path}, row {number}: expected a part and its whole", remedy=LAYOUT)
            found.setdefault(dimension.strip(), {})[row[0].strip()] = row[1].strip()
    return found


def publication(
    name: str, paths: Iterable[Path], parts: Parts, rule: DisclosureRule | None = None, within: int = 0
) -> Publication:
    """What the files say together; a folder stands for the CSV files in it. Raises UnreadableError where one cannot be read.

    Counts are read as `rule` shows them, or as at most `within` away from what is shown; as exact without either.
    """
    tables: list[PublishedTable] = []
    statements: list[Statement] = []
    for path in paths:
        inside = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        if not inside:
            raise UnreadableError(f"{path} holds no CSV files", remedy="Give the files, or the folder they are in.")
        for file in inside:
            rows = rows_of(file)
            try:
                if rows and tuple(word.strip() for word in rows[0]) == STATEMENT_COLUMNS:
                    statements += statements_of(file.name, rows[0], rows[1:])
                else:
                    tables.append(_table(file.name, rows, parts, (rule, within)))
            except ValueError as error:
                raise UnreadableError(str(error), remedy=LAYOUT) from error
    if not tables:
        raise UnreadableError(
            "numbers in sentences alone cannot be audited", remedy="Give the tables they speak of too."
        )
    return Publication(name, tuple(tables), tuple(statements))


def _table(
    name: str, rows: list[list[str]], parts: Parts, reading: tuple[DisclosureRule | None, int]
) -> PublishedTable:
    header, body = (rows[0], rows[1:]) if rows else ([], [])
    return published_table(name, header, [[*row[:-1], _as_read(row[-1], *reading)] for row in body if row], parts)


def _as_read(text: str, rule: DisclosureRule | None, within: int) -> str:
    """What a count shown so says: the counts that are shown so."""
    if rule is not None and text.strip() == rule.small_shown:
        return str(Between(rule.small_from, rule.small_to))
    try:
        count = count_of(text.strip())
    except ValueError:
        return text
    if not isinstance(count, int):
        return text
    if within:
        # Neither rounding up to a base nor noise makes somebody of nobody.
        return str(Between(max(min(count, 1), count - within), count + within))
    behind = rule.behind(count) if rule is not None else None
    return text if behind is None else f"{behind[0]}-{behind[1]}"
