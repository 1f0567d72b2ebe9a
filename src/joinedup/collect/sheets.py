"""What a reader gives: the sheets of one file as text, and what could not be read.

A sheet is rows of raw text under headings; nothing in it has been interpreted. Every row the file holds is either in
the sheet's table or counted in `refused_rows`, with a problem of its own that says why: rows in = rows read + refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

Severity = Literal["refused_file", "refused_row", "lost_value", "changed_value", "note"]
FileKind = Literal["csv", "workbook", "xml", "json", "parquet"]


@dataclass(frozen=True, slots=True)
class ReadProblem:
    """One thing wrong in a file: where, what was expected, and how to mend it; never a value from the file.

    `row` is the row as a person counts it, None for the whole sheet or file; `column` is a heading or "".
    """

    sheet: str
    row: int | None
    column: str
    severity: Severity
    expected: str
    message: str


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as it stands in a file.

    `table` has one string column per heading, named "0", "1", ... by place: values without outer blanks, None where a
    cell is empty. `rows` (int64) holds each table row's number as a person counts it, header row included (for XML and
    Parquet the record's ordinal from 1, for JSON lines the line). Wholly blank rows are no rows: `blank_rows` counts
    them. `headings_sure` is False where no cell of the heading row is a known heading: it may then hold values and must
    not be shown. `passed_rows` were counted and not held: where no heading is known, no form can be recognised, and a
    large file is not kept for nothing. `form_id` and `sheet_id` are set where the file itself says what it is (XML): the headings are then the
    labels of that sheet's columns, all of them and in their order.
    """

    name: str
    headings: tuple[str, ...]
    table: pa.Table
    rows: pa.Array[Any]
    refused_rows: int = 0
    blank_rows: int = 0
    form_id: str | None = None
    sheet_id: str | None = None
    headings_sure: bool = True
    passed_rows: int = 0

    def __post_init__(self) -> None:
        if self.table.num_columns != len(self.headings) or self.table.num_rows != len(self.rows):
            raise ValueError("a raw sheet needs one column per heading and one row number per row")

    @property
    def rows_in(self) -> int:
        """The rows the file holds for this sheet: those read, those refused and those only counted."""
        return int(self.table.num_rows) + self.refused_rows + self.passed_rows


@dataclass(frozen=True, slots=True)
class ReadResult:
    """One file as read: its kind, its sheets and its problems.

    `complete` is False where only the head of the file was asked for and the file goes on. `details` says how the
    file was read (encoding, delimiter), for people.
    """

    kind: FileKind
    sheets: tuple[RawSheet, ...]
    problems: tuple[ReadProblem, ...] = ()
    complete: bool = True
    details: dict[str, str] = field(default_factory=dict)


def fold_heading(heading: str) -> str:
    """The heading as it is compared: letters and digits alone, without case and accents.

    >>> fold_heading("D.O.B."), fold_heading("source_ref "), fold_heading("Months (Y/N))")
    ('dob', 'sourceref', 'monthsyn')
    """
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def tidy(column: pa.Array[Any]) -> pa.Array[Any]:
    """The column without outer blanks, its empty cells None.

    >>> tidy(pa.array([" a ", "", None])).to_pylist()
    ['a', None, None]
    """
    trimmed = pc.utf8_trim_whitespace(column)
    tidied: pa.Array[Any] = pc.if_else(pc.equal(trimmed, pa.scalar("")), pa.scalar(None, pa.string()), trimmed)
    return tidied


def text_table(columns: Sequence[pa.Array[Any]]) -> pa.Table:
    """The columns as a table whose columns are named by place, tidied.

    >>> text_table([pa.array([" a ", ""])]).column("0").to_pylist()
    ['a', None]
    """
    return pa.Table.from_arrays([tidy(column) for column in columns], names=[str(i) for i in range(len(columns))])
