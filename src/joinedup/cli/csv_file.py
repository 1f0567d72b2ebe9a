"""Reads a CSV file that a user gives to a verb."""

from __future__ import annotations

import csv
from pathlib import Path

from joinedup.errors import UnreadableError


def rows_of(file: Path) -> list[list[str]]:
    """The rows of a CSV file. Raises UnreadableError where it is none."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return list(csv.reader(opened))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError(
            f"{file.name} cannot be read: {_why(error)}", remedy="Give a CSV file in UTF-8."
        ) from error


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return (error.strerror or type(error).__name__).lower() if isinstance(error, OSError) else str(error)
