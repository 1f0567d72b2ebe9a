"""`joinedup protect`: a table of counts made safe to publish."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.audit_release import audit_json
from joinedup.cli.console import next_command, print_json, say
from joinedup.cli.release_files import LAYOUT, rows_of
from joinedup.errors import RefusedError, UnreadableError
from joinedup.stats.disclosure import (
    ProtectedTable,
    SmallCounts,
    TooSparseError,
    UnprotectedError,
    counts_of,
    withhold,
)


def protect(
    file: Annotated[Path, typer.Argument(metavar="TABLE.csv", help="One column for each dimension, then count.")],
    *,
    largest_small: Annotated[int, typer.Option(min=1, help="Counts from 1 to this are small.")] = 4,
    least_visible: Annotated[
        float, typer.Option(min=0, max=1, help="Refuse where a smaller share of people is in cells shown.")
    ] = 0.3,
    as_json: Annotated[bool, typer.Option("--json", help="Print the audit and the table as JSON.")] = False,
) -> None:
    """Withhold the small counts of a table, and as many others as it takes, and write it with its totals.

    Margins are computed, not given; combinations without a row are nought. Withheld cells are written c, whatever they are
    withheld for. The table is audited as an outsider would before it is written. Exit codes: 0 written, 3 the file could
    not be read, 4 refused: too sparse to publish, or not to be protected.
    """
    made = _made(file, SmallCounts(1, largest_small), least_visible)
    if as_json:
        rows = [dict(zip(made.table.columns, row, strict=True)) for row in made.table.as_text()]
        counted = {"primary": made.primary, "secondary": made.secondary, "share_visible": made.visible}
        print_json({**audit_json(made.audit), **counted, "table": rows})
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(made.table.columns)
        writer.writerows(made.table.as_text())
    say(
        f"{made.primary:,} small counts and {made.secondary:,} others withheld; {100 * made.visible:.0f}% of people are in cells shown"
    )
    next_command("joinedup audit-release FILE..., with every table already published of the same people")


def _made(file: Path, small: SmallCounts, least_visible: float) -> ProtectedTable:
    rows = rows_of(file)
    try:
        dimensions, counts = counts_of(file.name, rows[0] if rows else [], rows[1:])
    except ValueError as error:
        raise UnreadableError(str(error), remedy=LAYOUT) from error
    try:
        return withhold(dimensions, counts, small, least_visible)
    except TooSparseError as error:
        raise RefusedError(
            f"{file.name} is too sparse to publish: {error}",
            remedy="Put categories together, or leave a dimension out.",
        ) from error
    except UnprotectedError as error:
        raise RefusedError(
            f"{file.name}: {error}", remedy="Put categories together, or leave a dimension out."
        ) from error
