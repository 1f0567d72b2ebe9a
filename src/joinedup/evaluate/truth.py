"""The truth a simulated region planted: the files of its folder, read once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from joinedup.errors import UnreadableError

_COLUMNS = {
    "mentions": ("agency", "form", "role", "source_ref", "person_id"),
    "people": ("person_id", "kind", "household_id", "exploited"),
    "groups": ("group_id", "person_id"),
    "pathway_failures": ("rule", "agency", "form", "source_ref", "visible"),
    "concerns": ("person_id", "rule"),
    "unseen": ("person_id",),
}
"""The columns each file must have; all are read as text."""


def texts(table: pa.Table, column: str) -> list[str]:
    """A column of the truth as a list."""
    return [str(value) for value in table[column].to_pylist()]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of the region: one Arrow table a file, all columns text, and the population's numbers."""

    mentions: pa.Table
    people: pa.Table
    groups: pa.Table
    pathway_failures: pa.Table
    concerns: pa.Table
    unseen: pa.Table
    population: dict[str, Any]
    looking: pa.Table | None = None
    """Who has work open about whom at the period's end; None in a truth that does not say."""


def read_truth(directory: Path) -> Truth:
    """The truth in a folder.

    Raises UnreadableError naming the file that is missing or lacks a column.
    """
    tables = {name: _read(directory / f"{name}.csv", columns) for name, columns in _COLUMNS.items()}
    path = directory / "population.json"
    try:
        population: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        int(population["exploited_children"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableError(
            f"{path.name} of the truth cannot be read: {type(error).__name__}", remedy=_REMEDY
        ) from error
    said = directory / "looking.csv"
    looking = _read(said, ("person_id", "agency")) if said.exists() else None
    return Truth(**tables, population=population, looking=looking)


_REMEDY = "Give the truth folder that joinedup simulate wrote, for example: joinedup evaluate DIR --truth DIR/truth"


def _read(path: Path, columns: tuple[str, ...]) -> pa.Table:
    try:
        with path.open(encoding="utf-8-sig") as file:
            header = file.readline().strip().split(",")
        as_text = pa_csv.ConvertOptions(
            column_types={name.strip('"'): pa.string() for name in header}, strings_can_be_null=False
        )
        table: pa.Table = pa_csv.read_csv(path, convert_options=as_text)
    except (OSError, UnicodeDecodeError, pa.ArrowInvalid) as error:
        raise UnreadableError(
            f"{path.name} of the truth cannot be read: {type(error).__name__}", remedy=_REMEDY
        ) from error
    if missing := sorted(set(columns) - set(table.column_names)):
        raise UnreadableError(f"{path.name} of the truth lacks the columns {', '.join(missing)}", remedy=_REMEDY)
    return table
