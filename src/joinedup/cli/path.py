"""`joinedup path` and `joinedup around`: how two people are tied, and who stands around a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.groups import say_cautions
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.errors import UsageError
from joinedup.groups.cautions import CAUTIONS
from joinedup.groups.paths import around as around_of
from joinedup.groups.paths import shortest_path
from joinedup.groups.told import HOW
from joinedup.store.runs import Runs

_HEADINGS = ("person", "person", "how", "shared", "probability", "because of")


def path(
    directory: Directory,
    one: Annotated[str, typer.Argument(metavar="A", help="A person id of the run.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    *,
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """Show the shortest chain of ties from one person to another, each with its reasons; no chain leads through a hub."""
    if one == other:
        raise UsageError("a path leads from one person to another, and both ids are the same", remedy="Give two ids.")
    edges, groups_of = _read(directory, run, one, other)
    found = shortest_path(edges, one, other)
    if as_json:
        ties = None if found is None else [_told(row) for row in found]
        print_json({"from": one, "to": other, "cautions": CAUTIONS, "ties": ties})
    elif found is None:
        out.print(
            "No chain of pairs joins them. A single shared thing ties nobody outside a group, and a thing shared by many nobody at all."
        )
    else:
        print_table(
            f"{len(found)} {'pair' if len(found) == 1 else 'pairs'} from one to the other",
            _HEADINGS,
            [_row(row) for row in found],
        )
        _say_how(found)
        say_cautions()
    next_command(f"joinedup group {directory} {groups_of.get(one, 'GROUP')}")


def around(
    directory: Directory,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A person id of the run.")],
    *,
    hops: Annotated[int, typer.Option(min=1, max=6, help="How many ties away at most.")] = 2,
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """Show everybody within so many ties of a person, and the ties among them with their reasons."""
    edges, groups_of = _read(directory, run, person)
    distance, ties = around_of(edges, person, hops)
    people = sorted(distance.items(), key=lambda item: (item[1], item[0]))
    if as_json:
        met = [{"person_id": one, "hops": step, "group_id": groups_of.get(one)} for one, step in people]
        print_json({"person": person, "cautions": CAUTIONS, "people": met, "ties": [_told(row) for row in ties]})
    else:
        rows = [(one, step, groups_of.get(one)) for one, step in people]
        print_table("People", ("person", "pairs away", "group"), rows)
        print_table("Pairs among them", _HEADINGS, [_row(row) for row in ties])
        _say_how(ties)
        say_cautions()
    next_command(f"joinedup path {directory} A B")


def _read(directory: Path, run: str | None, *wanted: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The ties of the run and each member's group; refuses a person the run does not know."""
    with Runs(directory).reading(run) as store:
        people, members = store.read("people"), store.read("group_members")
        known = set(people.filter(people.person_id.isin(list(wanted))).person_id.to_pyarrow().to_pylist())
        edges = store.read("edges").to_pyarrow().to_pylist()
        groups_of = {row["person_id"]: row["group_id"] for row in members.to_pyarrow().to_pylist()}
    if missing := len(set(wanted) - known):
        raise UsageError(
            f"the run has no person of {'that id' if missing == 1 else 'those ids'}",
            remedy=f"Person ids stand in: joinedup show {directory} group_members",
        )
    return edges, groups_of


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "reasons": json.loads(row["reasons"])}


def _say_how(rows: Iterable[Mapping[str, Any]]) -> None:
    met = {row["how"] for row in rows}
    for name, told in HOW.items():
        if name in met:
            out.print(f"{name}: {told}", markup=False)


def _row(row: Mapping[str, Any]) -> tuple[object, ...]:
    why = "; ".join(f"{reason['kind']} {reason['value']}" for reason in json.loads(row["reasons"]))
    return (row["person_l"], row["person_r"], row["how"], row["shared"], row["probability"], why)
