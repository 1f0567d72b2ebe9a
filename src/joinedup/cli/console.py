"""How every verb speaks: data on stdout, talk on stderr, one next command at the end, colours only where wanted."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from joinedup.domain.progress import Progress as Report
from joinedup.domain.progress import no_progress
from joinedup.errors import UsageError

# Rich honours NO_COLOR and drops colour where the stream is no terminal; there, in logs and files, lines may be long.
_WIDTH = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 140
out = Console(highlight=False, width=_WIDTH)
err = Console(stderr=True, highlight=False, width=_WIDTH)


def print_json(data: object) -> None:
    """Writes data as JSON to stdout; dates and the like as ISO text."""
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False, default=str) + "\n")


def print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Writes a table to stdout; numbers stand right-aligned."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for position, heading in enumerate(headings):
        numeric = bool(rows) and all(isinstance(row[position], int | float) or row[position] is None for row in rows)
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else _shown(cell) for cell in row))
    out.print(table)


def _shown(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.3f}" if abs(cell) < 100 else f"{cell:,.0f}"
    return str(cell)


def say(text: str) -> None:
    """A line of talk, on stderr."""
    err.print(text, markup=False)


def asked(given: str, option: str, question: str) -> str:
    """What was given with an option, or what the person at the terminal answers; raises UsageError where there is nobody."""
    if given.strip():
        return given
    if not sys.stdin.isatty():
        raise UsageError(
            f"{option} is missing", remedy=f"Give {option}, or run it in a terminal, where it is asked for."
        )
    return str(typer.prompt(question)).strip()


def next_command(command: str) -> None:
    """The line every verb ends with."""
    err.print(f"Next: [bold]{command}[/bold]", soft_wrap=True)


@contextmanager
def progress_bar(title: str) -> Iterator[Report]:
    """A progress bar on stderr when it is a terminal, silence otherwise; bars show once a second has passed."""
    if not err.is_terminal:
        yield no_progress
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=True) as bar:
        task = bar.add_task(title, total=1, visible=False)

        def report(what: str, done: int, of: int) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            bar.update(task, description=what, completed=done, total=of, visible=elapsed > 1.0)

        yield report


@contextmanager
def busy(title: str) -> Iterator[None]:
    """A turning sign on stderr when it is a terminal, for work that cannot say how far it is."""
    if not err.is_terminal:
        yield
        return
    with err.status(title):
        yield
