"""`joinedup run`: all stages, one immutable run."""

from __future__ import annotations

from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json, print_table, progress_bar
from joinedup.cli.options import Directory
from joinedup.link import stage as link
from joinedup.pipeline import NAMES, Made, run_inquiry
from joinedup.store.runs import Runs


def run(
    directory: Directory,
    *,
    stage: Annotated[
        str, typer.Option(help=f"Start here and take earlier stages from the latest run: {', '.join(NAMES)}.")
    ] = NAMES[0],
    seed: Annotated[int | None, typer.Option(help="Use this seed instead of the one in inquiry.toml.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Run every stage and write one immutable run.

    The same returns, settings, decisions, seed and version give the same tables, byte for byte.
    """
    with progress_bar("running") as progress:
        made = run_inquiry(directory, first_stage=stage, seed=seed, progress=progress)
    if as_json:
        print_json(as_document(made))
    else:
        show_made(made)
    next_command(f"joinedup report {directory}")


def as_document(made: Made) -> dict[str, object]:
    """The run as the JSON document others script against."""
    stages = [
        {
            "stage": stage["stage"],
            "seconds": stage["seconds"],
            "reused": stage["reused"],
            "tables": {name: table["rows"] for name, table in stage["tables"].items()},
        }
        for stage in made.stages
    ]
    return {
        "run": made.run,
        "directory": str(made.directory),
        "stages": stages,
        "linking": linking(made),
        "findings": made.findings,
    }


def linking(made: Made) -> str:
    """How much linking compared again, in a sentence; empty where it compared everything or was not run."""
    if any(stage["stage"] == link.NAME and stage["reused"] for stage in made.stages):
        return ""
    with Runs(made.directory.parent.parent).reading(made.run) as store:
        return link.compared_again(store)


def show_made(made: Made) -> None:
    """Prints what each stage did and what was found."""
    rows = [
        (
            stage["stage"],
            "taken from the latest run" if stage["reused"] else f"{stage['seconds']:.1f} s",
            ", ".join(f"{name} {table['rows']:,}" for name, table in stage["tables"].items()),
        )
        for stage in made.stages
    ]
    print_table(f"Run {made.run}", ("stage", "time", "tables and their rows"), rows)
    if said := linking(made):
        out.print(said, markup=False, soft_wrap=True)
    if made.findings:
        out.print(
            "Found (numbers rounded as published; all findings: joinedup show DIR findings; exact numbers: counts):"
        )
    for finding in made.findings:
        out.print(f"- {finding}", markup=False)
    out.print(f"Run folder: {made.directory}", markup=False, soft_wrap=True)
