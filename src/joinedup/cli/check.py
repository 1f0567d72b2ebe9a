"""The verb `check`: one file, held against the registered forms, without an inquiry and without an account."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from joinedup.cli.console import busy, next_command, out, print_json, print_table
from joinedup.collect.check import CheckResult
from joinedup.collect.check import check as check_file
from joinedup.errors import EXIT_DONE, EXIT_FINDINGS, EXIT_UNREADABLE

_SHOWN = 30


def check(
    file: Annotated[Path, typer.Argument(help="The file to check.", show_default=False)],
    form: Annotated[str | None, typer.Option("--form", help="Take the file as this form only.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Say what form a file is, how many rows it has, and which fail and why.

    Nothing is sent or stored. Exit codes: 0 clean, 1 problems found, 3 the file could not be read.
    """
    with busy("reading"):
        result = check_file(file, form=form, latest_year=datetime.datetime.now(datetime.UTC).year)
    if json:
        print_json(result.to_json())
    else:
        _on_screen(file, result)
    raise typer.Exit(_exit_code(result))


def _exit_code(result: CheckResult) -> int:
    if not result.readable:
        return EXIT_UNREADABLE
    return EXIT_DONE if result.clean else EXIT_FINDINGS


def _on_screen(file: Path, result: CheckResult) -> None:
    out.print(f"{file.name}: {result.form or 'no registered form'}", markup=False)
    out.print(f"{result.rows:,} rows: {result.used:,} can be used, {result.refused:,} refused")
    groups = _grouped(result.problems)
    if groups:
        headings = ("severity", "where", "rows", "first", "what is wrong and how to mend it")
        print_table("Problems", headings, groups[:_SHOWN])
    if len(groups) > _SHOWN:
        out.print(f"and {len(groups) - _SHOWN:,} more kinds of problem; all of them: --json")
    if result.clean:
        out.print("Nothing to mend." if not groups else "Nothing to mend; the notes above are for you to know.")
        next_command("copy the file to returns/AGENCY/ and run: joinedup run DIR")
    elif result.readable:
        next_command(f"mend the rows, then: joinedup check {file}")
    else:
        next_command("joinedup form --list")


def _grouped(problems: pa.Table) -> list[tuple[object, ...]]:
    """One line for each kind of problem: how many rows have it, and the first of them; the gravest kinds first."""
    gravest = ("refused_file", "refused_row", "lost_value", "changed_value", "note")
    grouped = problems.group_by(["severity", "sheet", "column", "message"], use_threads=False).aggregate(
        [("row", "count"), ("row", "min")]
    )
    rows = sorted(
        grouped.to_pylist(),
        key=lambda row: (gravest.index(row["severity"]), row["sheet"] or "", row["column"] or "", row["message"]),
    )
    return [
        (row["severity"], _where(row["sheet"], row["column"]), row["row_count"] or None, row["row_min"], row["message"])
        for row in rows
    ]


def _where(sheet: str | None, column: str | None) -> str:
    return ": ".join(part for part in (sheet, column) if part) or "the file"
