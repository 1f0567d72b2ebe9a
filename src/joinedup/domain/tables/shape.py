"""What the shape of a table is, and the columns that several tables share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number", "truth", "date", "moment"]
"""text | integer (64 bit) | number (double) | truth (boolean) | date | moment (timestamp, no zone, local time)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name, type and meaning."""

    name: str
    kind: Kind
    means: str


@dataclass(frozen=True, slots=True)
class TableShape:
    """One table: what a row is, its columns in order, and the columns that fix the order of rows."""

    name: str
    row: str
    columns: tuple[Column, ...]
    order: tuple[str, ...]

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        missing = [name for name in self.order if name not in names]
        if missing or len(set(names)) != len(names):
            raise ValueError(f"table {self.name}: order names unknown columns {missing} or a column stands twice")

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)


def shape(name: str, row: str, order: str, *columns: tuple[str, Kind, str]) -> TableShape:
    """The shape of a table, its order given as column names with spaces between."""
    return TableShape(name, row, tuple(Column(*column) for column in columns), tuple(order.split()))


PLACE_IN_FILE: tuple[tuple[str, Kind, str], ...] = (
    ("return_id", "text", "The return it came in: AGENCY@DATE-RECEIVED, or AGENCY@undated."),
    ("agency", "text", "The agency that sent it."),
    ("agency_kind", "text", "police, social_care, charity, school, health, youth_justice or other."),
    ("form", "text", "The registered form of the file."),
    ("file", "text", "Path of the file below returns/AGENCY/."),
    ("sheet", "text", "The form's sheet the row belongs to."),
    (
        "row",
        "integer",
        "Row number in the file as a person counts it, header row included; for XML the record's ordinal.",
    ),
)

EDITIONS: tuple[tuple[str, Kind, str], ...] = (
    (
        "since",
        "integer",
        "The edition of the person ids the mention was first seen in: 1 is the first run's, and each run with something new makes one more.",
    ),
    ("person_since", "integer", "The edition in which the person id was first given."),
)

BEARER: tuple[tuple[str, Kind, str], ...] = (
    ("mention_id", "text", "The mention."),
    ("person_id", "text", "The person id it bears or bore."),
    *EDITIONS,
    (
        "held_until",
        "integer",
        "Empty while the mention bears the id; else the edition in which a merge ended what these mentions alone held, or in which they were gone.",
    ),
)

NUMBER: tuple[tuple[str, Kind, str], ...] = (
    ("number_id", "text", "The number's trace id: `joinedup trace DIR NUMBER_ID` opens it."),
    ("recipe", "text", "How to recompute the number: JSON {table, where, distinct, total}; see domain.numbers.Recipe."),
)
