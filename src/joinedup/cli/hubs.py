"""`joinedup bring-back` and `joinedup set-aside`: a person decides whether a thing that people share may tie them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json
from joinedup.cli.decide import append
from joinedup.domain.nouns import Decision
from joinedup.errors import UsageError
from joinedup.registry.hubs import hubs
from joinedup.settings import load_inquiry
from joinedup.store.runs import Runs

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="The inquiry folder.")]
Kind = Annotated[str, typer.Argument(metavar="KIND", help="phone, vehicle, account, address, place or record.")]
Value = Annotated[str, typer.Argument(metavar="VALUE", help="The thing, written as in the run.")]
By = Annotated[str, typer.Option(help="Who decides: a person's name.")]
Why = Annotated[str, typer.Option("--why", help="Why, in a sentence.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


def bring_back(directory: Directory, kind: Kind, value: Value, *, by: By, why: Why, as_json: AsJson = False) -> None:
    """Decide that a thing set aside as shared by many may tie people again; the next run applies it."""
    _known(directory, kind, value, "hubs", f"What is set aside: joinedup groups {directory}")
    _decided(
        directory, Decision(0, "entity_is_not_a_hub", f"{kind}:{value}", "", "may tie", why, by, "", None), as_json
    )


def set_aside(directory: Directory, kind: Kind, value: Value, *, by: By, why: Why, as_json: AsJson = False) -> None:
    """Decide that a thing ties nobody, however few share it, or no longer; the next run applies it."""
    remedy = f"Things are in: joinedup show {directory} incidences"
    _known(directory, kind, value, "incidences", remedy)
    _decided(
        directory, Decision(0, "entity_is_a_hub", f"{kind}:{value}", "", "ties nobody", why, by, "", None), as_json
    )


def _known(directory: Path, kind: str, value: str, table: str, remedy: str) -> None:
    """Refuses what the latest run does not have: a slip of the pen would be a decision about nothing."""
    load_inquiry(directory)
    if kind not in hubs().caps:
        raise UsageError("there is no such kind of thing", remedy=f"Kinds: {', '.join(sorted(hubs().caps))}.")
    store = Runs(directory).open()
    try:
        rows = store.read(table)
        found = rows.filter((rows.kind == kind) & (rows.value == value)).count().to_pyarrow().as_py()
    finally:
        store.close()
    if not found:
        raise UsageError(f"the latest run has no such {kind} in its table {table}", remedy=remedy)


def _decided(directory: Path, decision: Decision, as_json: bool) -> None:
    recorded = append(directory, decision)
    if as_json:
        print_json(asdict(recorded))
    else:
        out.print(f"Decision {recorded.sequence} recorded: {recorded.kind}.", markup=False)
    next_command(f"joinedup run {directory} --stage groups")
