"""`joinedup report`: where the report of a run is, or a copy of it."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.errors import UnreadableError, UsageError
from joinedup.store.runs import Runs

_PAGE = Path("report") / "index.html"


def report(
    directory: Directory,
    *,
    run: Run = None,
    copy_to: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Copy the report to this file; an existing file is kept."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say where the report of a run is, or copy it: one HTML file that needs nothing else."""
    runs = Runs(directory)
    run_id = runs.find(run)
    page = runs.path(run_id) / _PAGE
    if not page.is_file():
        raise UnreadableError(
            f"run {run_id} holds no {_PAGE.as_posix()}", remedy=f"Make the run again: joinedup run {directory}"
        )
    where = page if copy_to is None else _copy(page, copy_to)
    digest = hashlib.sha256(page.read_bytes()).hexdigest()
    if as_json:
        print_json({"run": run_id, "report": str(where), "bytes": page.stat().st_size, "sha256": digest})
    else:
        out.print(str(where), markup=False, soft_wrap=True)
    next_command(f"joinedup trace {directory} NUMBER --run {run_id}")


def _copy(page: Path, wanted: Path) -> Path:
    """Copies the page to the file, or into the folder under the page's own name; never over a file that is there."""
    target = wanted / page.name if wanted.is_dir() else wanted
    if target.exists():
        raise UsageError(f"{target} is there already", remedy="Name another file, or move that one away.")
    if not target.parent.is_dir():
        raise UsageError(f"the folder {target.parent} is not there", remedy="Make it first, or name another.")
    shutil.copyfile(page, target)
    return target
