"""`joinedup demo`: simulate, run, evaluate, in one command."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json, progress_bar, say
from joinedup.cli.evaluate import as_document as evaluation_document
from joinedup.cli.evaluate import show_evaluation
from joinedup.cli.run import as_document as run_document
from joinedup.cli.run import show_made
from joinedup.errors import RefusedError
from joinedup.evaluate import evaluate_run
from joinedup.pipeline import run_inquiry
from joinedup.simulate import DEFAULT_CHILDREN
from joinedup.simulate import simulate as simulate_region


def demo(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder to make.")] = Path("demo"),
    *,
    children: Annotated[int, typer.Option(min=50, help="Children in the fictional region.")] = DEFAULT_CHILDREN,
    seed: Annotated[int, typer.Option(min=0, help="The region's seed.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print run and evaluation as JSON.")] = False,
) -> None:
    """Make a fictional region's inquiry with known truth, run every stage, and hold the findings against the truth.

    A folder that an earlier demo made is made again; any other folder that holds something is left alone.
    """
    _clear(directory)
    with progress_bar("simulating") as progress:
        simulated = simulate_region(directory, children=children, seed=seed)
        say(f"Simulated {simulated.mentions:,} mentions of people in the returns of {simulated.agencies} agencies.")
        made = run_inquiry(directory, progress=progress)
    evaluation = evaluate_run(directory, directory / "truth", made.run)
    if as_json:
        print_json({"run": run_document(made), "evaluation": evaluation_document(evaluation)})
    else:
        show_made(made)
        show_evaluation(evaluation)
        out.print(f"The report: {made.directory / 'report' / 'index.html'}", markup=False, soft_wrap=True)
    next_command(f"joinedup status {directory}")


def _clear(directory: Path) -> None:
    if not directory.exists() or not any(directory.iterdir()):
        return
    if not (directory / "truth" / "population.json").exists():
        raise RefusedError(
            f"{directory} holds something that no demo made", remedy="Give an empty or new folder: joinedup demo FOLDER"
        )
    shutil.rmtree(directory)
