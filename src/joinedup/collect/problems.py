"""The rows of the table `problems`: one thing wrong in what was sent, where, and what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from joinedup.collect.sheets import ReadProblem

_FIELDS: list[tuple[str, pa.DataType]] = [
    ("sheet", pa.string()),
    ("row", pa.int64()),
    ("column", pa.string()),
    ("severity", pa.string()),
    ("expected", pa.string()),
    ("message", pa.string()),
]
SCHEMA = pa.schema(_FIELDS)
"""Problems of one file, before it is known which agency and return they are put to."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing wrong with a file or folder as such, known before anything in it was read."""

    agency: str
    return_id: str
    file: str
    severity: str
    expected: str
    message: str


def none() -> pa.Table:
    """No problems."""
    return SCHEMA.empty_table()


def one(severity: str, expected: str, message: str, *, sheet: str = "", column: str = "") -> pa.Table:
    """One problem of a whole sheet or file."""
    return from_reader([ReadProblem(sheet, None, column, severity, expected, message)])  # type: ignore[arg-type]


def as_sentences(*clauses: str) -> str:
    """The clauses as sentences: each begins with a capital and ends with a stop.

    >>> as_sentences("the file is empty", "Ask for it again.", "")
    'The file is empty. Ask for it again.'
    """
    return " ".join(f"{clause[0].upper()}{clause[1:].rstrip('.')}." for clause in clauses if clause)


def from_reader(problems: Iterable[ReadProblem]) -> pa.Table:
    """The problems a reader reports, as rows; an empty text is an empty cell."""
    found = list(problems)
    return pa.table(
        {
            "sheet": pa.array([problem.sheet or None for problem in found], pa.string()),
            "row": pa.array([problem.row for problem in found], pa.int64()),
            "column": pa.array([problem.column or None for problem in found], pa.string()),
            "severity": pa.array([problem.severity for problem in found], pa.string()),
            "expected": pa.array([problem.expected for problem in found], pa.string()),
            "message": pa.array([as_sentences(problem.message) for problem in found], pa.string()),
        },
        SCHEMA,
    )


def of_rows(
    where: tuple[str, str], rows: pa.Array[Any], severity: str, expected: pa.Array[Any], message: pa.Array[Any]
) -> pa.Table:
    """One problem for each of the rows; `where` is the sheet and the column's heading."""
    count = len(rows)
    return pa.Table.from_arrays(
        [
            pa.repeat(pa.scalar(where[0] or None, pa.string()), count),
            rows,
            pa.repeat(pa.scalar(where[1] or None, pa.string()), count),
            pa.repeat(pa.scalar(severity, pa.string()), count),
            expected,
            message,
        ],
        schema=SCHEMA,
    )


def together(tables: Sequence[pa.Table]) -> pa.Table:
    """The problems of several sheets in one table."""
    return pa.concat_tables(tables) if tables else none()


def placed(problems: pa.Table, return_id: str, agency: str, file: str) -> pa.Table:
    """The problems of one file as rows of the table `problems`."""
    count = problems.num_rows
    constants = {"return_id": return_id, "agency": agency, "file": file}
    columns = {name: pa.repeat(pa.scalar(value, pa.string()), count) for name, value in constants.items()}
    return pa.table({**columns, **{name: problems.column(name) for name in SCHEMA.names}})


def of_files(problems: Iterable[FileProblem]) -> list[pa.Table]:
    """The problems of files as such, as rows of the table `problems`."""
    return [
        placed(
            one(problem.severity, problem.expected, problem.message), problem.return_id, problem.agency, problem.file
        )
        for problem in problems
    ]
