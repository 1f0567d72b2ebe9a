"""`joinedup show`: any table of a run."""

from __future__ import annotations

import sys
from typing import Annotated

import pyarrow as pa
import pyarrow.csv as pa_csv
import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.options import Directory, Run
from joinedup.domain.tables import SHAPES
from joinedup.errors import UsageError
from joinedup.store.runs import Runs

_SCREEN_ROWS = 20


def show(
    directory: Directory,
    table: Annotated[
        str | None, typer.Argument(metavar="TABLE", help="The table; without it, the tables are listed.")
    ] = None,
    *,
    run: Run = None,
    limit: Annotated[int | None, typer.Option(min=0, help="At most this many rows.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write CSV with a header row.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write a JSON list of objects.")] = False,
) -> None:
    """Print any table of a run. Without --csv or --json the first rows are shown on the screen."""
    if as_csv and as_json:
        raise UsageError("--csv and --json were both given", remedy="Give one of them.")
    runs = Runs(directory)
    with runs.reading(run) as store:
        if table is None:
            rows = [(name, count, SHAPES[name].row) for name, count in store.tables().items()]
            if as_json:
                print_json([{"table": name, "rows": count, "row": means} for name, count, means in rows])
            else:
                print_table(f"Tables of run {runs.find(run)}", ("table", "rows", "one row is"), rows)
            next_command(f"joinedup show {directory} counts")
            return
        found = store.read(table)
        total = store.tables()[table]
        if limit is None and not (as_csv or as_json):
            limit = _SCREEN_ROWS
        data = found.to_pyarrow() if limit is None else found.limit(limit).to_pyarrow()
    if as_csv:
        pa_csv.write_csv(_plain(data), sys.stdout.buffer)
        sys.stdout.flush()
    elif as_json:
        print_json(data.to_pylist())
    else:
        _on_screen(table, data, total)
    next_command(
        f"joinedup trace {directory} NUMBER" if "number_id" in data.column_names else f"joinedup show {directory}"
    )


def _plain(data: pa.Table) -> pa.Table:
    """The table with dates and times in one fixed way of writing, so that equal tables give equal bytes."""
    columns = [column.cast(pa.string()) if pa.types.is_temporal(column.type) else column for column in data.columns]
    return pa.table(dict(zip(data.column_names, columns, strict=True)))


def _on_screen(table: str, data: pa.Table, total: int) -> None:
    shape = SHAPES[table]
    print_table(f"{table}: {shape.row}", data.column_names, [tuple(row.values()) for row in data.to_pylist()])
    out.print(f"{data.num_rows:,} of {total:,} rows; all of them: --csv or --json")
