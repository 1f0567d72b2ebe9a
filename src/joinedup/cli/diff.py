"""`joinedup diff`: which published numbers changed between two runs, and why."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.store.difference import causes, changes
from joinedup.store.runs import Runs


def diff(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The inquiry folder.")],
    before: Annotated[str, typer.Argument(metavar="RUN", help="The earlier run: its id or number.")],
    after: Annotated[str, typer.Argument(metavar="RUN", help="The later run: its id or number.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show which published numbers changed between two runs, and why."""
    runs = Runs(directory)
    before, after = runs.find(before), runs.find(after)
    known = causes(runs.manifest(before), runs.manifest(after))
    old, new = runs.open(before), runs.open(after)
    try:
        found = changes(old, new, known)
    finally:
        old.close()
        new.close()
    if as_json:
        print_json(
            {
                "before": before,
                "after": after,
                "causes": [asdict(cause) for cause in known],
                "changes": [asdict(change) for change in found],
            }
        )
    else:
        out.print(f"From run {before} to run {after}", style="bold")
        for cause in known:
            out.print(f"- {cause.kind}: {cause.what}", markup=False)
        if not known:
            out.print("- nothing the results follow from differs")
        rows = [
            (change.number_id, change.before, change.after, "; ".join(f"{c.kind}: {c.what}" for c in change.why))
            for change in found
        ]
        print_table(f"{len(rows)} numbers changed", ("number", "before", "after", "why"), rows)
        if found and not known:
            out.print("A number changed although nothing it follows from did: report this as a fault.", style="red")
    next_command(f"joinedup trace {directory} NUMBER --run {after}")
