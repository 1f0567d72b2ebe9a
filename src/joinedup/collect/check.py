"""One file, checked as a run would read it: what form it is, how many rows it has, and which fail and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa

from joinedup.collect.emit.opening import Opened, SenderHabits, open_file
from joinedup.collect.emit.prepare import ParseContext
from joinedup.errors import UsageError
from joinedup.registry.code_sets import code_sets
from joinedup.registry.forms import forms

LATEST_YEAR = 2099


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one file is: `form` is its form's id, several joined by '|', "" when none; rows = used + refused.

    `problems` has the columns sheet, row, column, expected, severity and message. `readable` is False where nothing
    of the file could be read or told.
    """

    form: str
    rows: int
    used: int
    refused: int
    problems: pa.Table
    readable: bool

    @property
    def clean(self) -> bool:
        """Whether there is nothing to mend; notes alone are nothing to mend."""
        return self.readable and set(self.problems.column("severity").to_pylist()) <= {"note"}

    def to_json(self) -> dict[str, object]:
        """The result under the names people script against; what is empty is an empty text, a row that is none null."""
        names = ("sheet", "row", "column", "expected", "severity", "message")
        rows = self.problems.select(list(names)).to_pylist()
        listed = [{name: row[name] if name == "row" or row[name] is not None else "" for name in names} for row in rows]
        return {"form": self.form, "rows": self.rows, "used": self.used, "refused": self.refused, "problems": listed}


def check(
    path: Path, mapping: Mapping[str, str] | None = None, *, form: str | None = None, latest_year: int = LATEST_YEAR
) -> CheckResult:
    """The file as a run would read it, with the agency's `mapping` of headings to column ids.

    `form` takes the file as that form only; `latest_year` fixes the century of two-digit years. Raises UsageError when
    there is no such form or file.
    """
    known = forms()
    if form is not None and form not in known:
        raise UsageError(f"there is no form {form!r}", remedy="List them with: joinedup form --list")
    if not path.is_file():
        raise UsageError(f"{path} is not a file", remedy="Give the path of one file of a return.")
    wanted = known if form is None else {form: known[form]}
    habits = SenderHabits(mapping or {}, "", ParseContext(code_sets(), latest_year))
    return _result(open_file(path, wanted, habits))


def _result(opened: Opened) -> CheckResult:
    rows = sum(sheet.rows for sheet in opened.prepared) + sum(sheet.rows for sheet in opened.unknown)
    used = sum(sheet.used for sheet in opened.prepared)
    found = "|".join(sorted({sheet.form for sheet in opened.prepared}))
    order: list[tuple[str, Literal["ascending", "descending"]]] = [
        (name, "ascending") for name in ("sheet", "row", "column", "severity", "message")
    ]
    ordered = opened.problems.sort_by(order)
    return CheckResult(found, rows, used, rows - used, ordered, readable=bool(opened.prepared))
