"""`joinedup audit-release`: whether published tables give a small count away."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.errors import EXIT_FINDINGS, UnreadableError
from joinedup.stats.disclosure import Audit, AuditedCell, PublishedTable, SmallCounts, audit, published_table

_SHOWN = 30


def audit_release(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="The tables, as CSV; several are one release.")
    ],
    *,
    largest_small: Annotated[int, typer.Option(min=1, help="Counts from 1 to this are small.")] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="Print every withheld cell as JSON.")] = False,
) -> None:
    """Say what an outsider can work out of the cells that published tables withhold.

    One column for each dimension and a last column count; totals are rows whose dimension says Total, and withheld
    cells are written c. Every file is taken to count the same people at the same time. Exit codes: 0 safe, 1 not safe,
    3 a file could not be read.
    """
    tables = [read_table(file) for file in files]
    try:
        found = audit(tables, SmallCounts(1, largest_small))
    except ValueError as error:
        raise UnreadableError(f"the tables are not one release: {error}", remedy="Mend the tables.") from error
    if as_json:
        print_json(audit_json(found))
    else:
        _on_screen(found, largest_small)
    next_command("joinedup protect TABLE.csv" if not found.safe else "publish the tables together, as audited")
    raise typer.Exit(0 if found.safe else EXIT_FINDINGS)


def read_table(file: Path) -> PublishedTable:
    """The table in the file. Raises UnreadableError where it is not one."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.reader(opened))
        return published_table(file.name, rows[0] if rows else [], rows[1:])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise UnreadableError(f"{file} could not be read: {reason}", remedy="Give a CSV file in UTF-8.") from error
    except ValueError as error:
        raise UnreadableError(str(error), remedy="See docs/explanation/disclosure.md for the layout.") from error


def audit_json(found: Audit) -> dict[str, object]:
    """The audit as others script against it."""
    return {
        "safe": found.safe,
        "cells": [cell_json(each) for each in found.cells],
        "unprotected": found.unprotected,
        "incomplete": found.incomplete,
    }


def cell_json(each: AuditedCell) -> dict[str, object]:
    """One withheld cell."""
    return {
        "cell": each.cell,
        "lower": each.lower,
        "upper": each.upper,
        "primary": each.primary,
        "protected": each.protected,
        "exact": each.exact,
        "lower_knowing_rule": each.lower_knowing_rule,
        "upper_knowing_rule": each.upper_knowing_rule,
    }


def _on_screen(found: Audit, largest_small: int) -> None:
    open_cells = [each for each in found.cells if not each.protected]
    rows = [(each.cell, each.lower, each.upper, each.upper_knowing_rule) for each in open_cells[:_SHOWN]]
    if rows:
        print_table("Not protected", ("cell", "at least", "at most", "at most, knowing the rule"), rows)
    if len(open_cells) > _SHOWN:
        out.print(f"and {len(open_cells) - _SHOWN:,} more; all of them: --json")
    out.print(f"{len(found.cells):,} cells withheld, {found.unprotected:,} of them not protected")
    if found.incomplete:
        out.print(f"{found.incomplete:,} questions were left open by the solver: not safe")
    out.print(_verdict(found, largest_small))


def _verdict(found: Audit, largest_small: int) -> str:
    if found.safe:
        return f"Safe: any withheld cell that could be 1 to {largest_small} could as well be none or more."
    return f"Not safe: the published numbers narrow down a cell that is, or could be, 1 to {largest_small}."
