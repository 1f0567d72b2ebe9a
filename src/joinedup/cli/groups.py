"""`joinedup groups` and `joinedup places`: the groups of a run, and the places that several children share."""

from __future__ import annotations

from dataclasses import asdict
from importlib import import_module
from typing import Annotated, Any

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.errors import UsageError
from joinedup.groups.cautions import CAUTIONS
from joinedup.groups.reading import Read, shared_places
from joinedup.store.runs import Runs

_ON_SCREEN = 20


def groups(
    directory: Directory,
    *,
    run: Run = None,
    beside: Annotated[
        str | None,
        typer.Option(
            metavar="METHOD", help="Say what another method makes of the same evidence: louvain or map-equation."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the groups of people whom small shared things tie, with how stable each is; in the order of their ids."""
    runs = Runs(directory)
    with runs.reading(run) as store:
        rows = store.read("groups").to_pyarrow().to_pylist()
        aside = store.read("hubs").to_pyarrow().to_pylist()
        other = _beside(store.read, beside) if beside else None
    if as_json:
        document = {"run": runs.find(run), "cautions": CAUTIONS, "groups": rows, "set_aside": aside}
        print_json(document | ({"beside": other} if other else {}))
    else:
        told = ("group_id", "people", "children", "suspects", "agencies", "stability", "cut_from", "shared")
        print_table(f"Groups, run {runs.find(run)}", told, [tuple(row[name] for name in told) for row in rows])
        hubs = [(row["kind"], row["value"], _what_was_done(row)) for row in aside]
        print_table("Set aside, and brought back", ("kind", "value", "what was done"), hubs)
        if other:
            _show_beside(other)
        say_cautions()
    next_command(f"joinedup group {directory} GROUP")


def _what_was_done(hub: dict[str, Any]) -> str:
    """How a thing stands and why, in words.

    >>> _what_was_done({"state": "set_aside", "people": 3, "cap": 25})
    'set aside for what its name says: shared by 3 people'
    """
    why = " for what its name says" if hub["state"] == "set_aside" and hub["people"] <= hub["cap"] else ""
    return f"{hub['state'].replace('_', ' ')}{why}: shared by {hub['people']:,} people"


def _beside(read: Read, method: str) -> dict[str, Any]:
    """What the other method makes of the run's evidence."""
    # Loaded when asked for: scikit-learn is slow to load and the other verbs here do without it.
    module = import_module("joinedup.groups.beside")
    if method not in module.METHODS:
        raise UsageError(f"there is no method {method!r}", remedy=f"Methods: {', '.join(module.METHODS)}.")
    return asdict(module.beside(read, method))


def _show_beside(other: dict[str, Any]) -> None:
    out.print(
        f"{other['method']} makes {other['communities']:,} groups of {other['people']:,} people. Agreement (adjusted mutual"
        f" information): {other['agreement']:.3f}. They differ on {len(other['differ']):,} people.",
        style="bold",
        markup=False,
    )
    out.print("The method cannot say why two people stand together; the run's groups are those of the rule.")
    names = ("person_id", "group_id", "community", "together", "only_here", "only_there")
    rows = [tuple(row[name] for name in names) for row in other["differ"][:_ON_SCREEN]]
    title = "On whom they differ"
    if len(other["differ"]) > _ON_SCREEN:
        title += f" ({_ON_SCREEN} of {len(other['differ']):,}; all: --json)"
    headings = ("person", "group", "people in the other's", "with them in both", "only here", "only there")
    print_table(title, headings, rows)


def places(
    directory: Directory,
    *,
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """List the places where records put several children, police stations, hospitals and the like left out."""
    runs = Runs(directory)
    with runs.reading(run) as store:
        rows = shared_places(store.read)
    if as_json:
        print_json({"run": runs.find(run), "cautions": CAUTIONS, "places": rows})
    else:
        told = ("place", "children", "suspects", "agencies", "records", "first", "last", "set_aside")
        print_table(
            f"Places several children share, run {runs.find(run)}",
            told,
            [tuple(row[name] for name in told) for row in rows],
        )
        out.print("Set aside: so many people were recorded there that it ties nobody.")
        say_cautions()
    next_command(f"joinedup groups {directory}")


def say_cautions() -> None:
    """The warnings that stand beside every group, on stdout with it."""
    out.print("Read with care:", style="bold")
    for caution in CAUTIONS:
        out.print(f"- {caution}", markup=False)
