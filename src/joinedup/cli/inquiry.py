"""`joinedup init` and `joinedup status`: the inquiry folder, and who answered."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.errors import RefusedError, UsageError
from joinedup.store.runs import Runs


def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was made as JSON.")] = False,
) -> None:
    """Make an inquiry folder: a commented inquiry.toml, and returns/ with a folder for each agency it names."""
    if (directory / "inquiry.toml").exists():
        raise RefusedError(
            f"{directory} already holds an inquiry", remedy="Choose another folder; nothing was changed."
        )
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory} is a file", remedy="Give the name of a folder.")
    text = files("joinedup.cli").joinpath("inquiry.toml").read_text(encoding="utf-8")
    made = [directory / "inquiry.toml", directory / "returns" / "northmoor-police"]
    made[1].mkdir(parents=True, exist_ok=True)
    made[0].write_text(text, encoding="utf-8")
    if as_json:
        print_json({"made": [str(path) for path in made]})
    else:
        out.print(f"Made {directory}: inquiry.toml to edit, returns/AGENCY/ to fill.", markup=False)
    next_command(f"joinedup form --list, then put files into {directory}/returns and: joinedup run {directory}")


_STATES = {
    "data": "data",
    "holds_nothing": "holds nothing (said so)",
    "no_answer": "no answer",
    "unreadable": "sent, not readable",
}


def status(
    directory: Directory,
    *,
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """Show who was asked, who answered (data, holds nothing, no answer), how late, and how many rows failed."""
    runs = Runs(directory)
    with runs.reading(run) as store:
        rows = store.read("responses").drop("number_id", "recipe").to_pyarrow().to_pylist()
    agencies: dict[str, set[str]] = {}
    for row in rows:
        agencies.setdefault(row["agency"], set()).add(row["state"])
    totals = {state: sum(state in held for held in agencies.values()) for state in _STATES}
    if as_json:
        print_json({"run": runs.find(run), "agencies": len(agencies), "states": totals, "responses": rows})
    else:
        shown = [
            (
                row["agency"], row["form"], _STATES.get(row["state"], row["state"]), row["received"], row["days_late"],
                row["files"], row["rows"], row["refused"],
            )
            for row in rows
        ]  # fmt: skip
        headings = ("agency", "form", "answer", "received", "days late", "files", "rows", "rows refused")
        print_table(f"Responses, run {runs.find(run)}", headings, shown)
        said = ", ".join(f"{_STATES[state]}: {number}" for state, number in totals.items())
        out.print(f"Agencies: {len(agencies)}. {said}. An agency can stand under two answers, one for each form.")
    next_command(f"joinedup show {directory} problems")
