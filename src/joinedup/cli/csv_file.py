"""Reads a CSV file that a user gives to a verb, also as a table of a population."""

from __future__ import annotations

import csv
from pathlib import Path

from joinedup.errors import UnreadableError
from joinedup.profile.base_tables import BaseTable, base_table


def rows_of(file: Path) -> list[list[str]]:
    """The rows of a CSV file. Raises UnreadableError where it is none."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return list(csv.reader(opened))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError(
            f"{file.name} cannot be read: {_why(error)}", remedy="Give a CSV file in UTF-8."
        ) from error


def read_base_table(file: Path, kind: str) -> BaseTable:
    """The table of a population that a CSV file holds; ages fall into the bands of `kind`, children or suspects."""
    rows = rows_of(file)
    if not rows:
        raise UnreadableError(f"{file.name} is empty", remedy="The first row names the columns.")
    return base_table(file.name, rows[0], rows[1:], kind)


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return (error.strerror or type(error).__name__).lower() if isinstance(error, OSError) else str(error)
