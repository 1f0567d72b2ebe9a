"""`joinedup groups` and `joinedup places`: the groups of a run, and the places that several children share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.groups.cautions import CAUTIONS
from joinedup.groups.reading import shared_places
from joinedup.store.runs import Runs


def groups(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The inquiry folder.")],
    *,
    run: Annotated[str | None, typer.Option(help="Which run; the latest without it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """List the groups of people whom small shared things tie, with how stable each is; in the order of their ids."""
    runs = Runs(directory)
    store = runs.open(run)
    try:
        rows = store.read("groups").to_pyarrow().to_pylist()
        aside = store.read("hubs").to_pyarrow().to_pylist()
    finally:
        store.close()
    if as_json:
        print_json({"run": runs.find(run), "cautions": CAUTIONS, "groups": rows, "set_aside": aside})
    else:
        told = ("group_id", "people", "children", "suspects", "agencies", "stability", "cut_from", "shared")
        print_table(f"Groups, run {runs.find(run)}", told, [tuple(row[name] for name in told) for row in rows])
        hubs = [
            (row["kind"], row["value"], f"{row['state'].replace('_', ' ')}: shared by {row['people']:,} people")
            for row in aside
        ]
        print_table("Shared by too many to tie anybody", ("kind", "value", "what was done"), hubs)
        say_cautions()
    next_command(f"joinedup group {directory} GROUP")


def places(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The inquiry folder.")],
    *,
    run: Annotated[str | None, typer.Option(help="Which run; the latest without it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """List the places where records put several children, police stations, hospitals and the like left out."""
    runs = Runs(directory)
    store = runs.open(run)
    try:
        rows = shared_places(store.read)
    finally:
        store.close()
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
