"""`joinedup pathway`: one lead followed across agencies, and what of it was late, left undone or contradicted."""

from __future__ import annotations

import json
from typing import Annotated, Any

import ibis
import typer

from joinedup.audit.following import followed
from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.errors import UsageError
from joinedup.registry.events import event_types, outcomes
from joinedup.store.contract import Store
from joinedup.store.runs import Runs

Row = dict[str, Any]


def pathway(
    directory: Directory,
    name: Annotated[str, typer.Argument(metavar="ID", help="A pathway_id, or a child's person_id for all of theirs.")],
    *,
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """Show a lead from its start to its end: each step, which agency recorded it and when, and what nobody recorded."""
    runs = Runs(directory)
    with runs.reading(run) as store:
        found = traced(store, name)
    if as_json:
        print_json({"run": runs.find(run), "pathways": found})
    else:
        for one in found:
            _on_screen(one)
    next_command(f"joinedup child {directory} {found[0]['person_id'] or 'ID'}")


def traced(store: Store, name: str) -> list[Row]:
    """The pathways of that id, or of that child, each with its steps and breaches.

    Raises UsageError when the run has neither.
    """
    pathways, breaches = store.read("pathways"), store.read("breaches")
    rows = pathways.filter((pathways.pathway_id == name) | (pathways.person_id == name)).to_pyarrow().to_pylist()
    if not rows:
        raise UsageError(
            "this run has no pathway or child of that id", remedy="joinedup breaches DIR prints ids; a run has its own."
        )
    events = {person: _events_of(store, person) for person in {row["person_id"] for row in rows} - {None}}
    wanted = [row["pathway_id"] for row in rows]
    broken = breaches.filter(breaches.pathway_id.isin(wanted)).to_pyarrow().to_pylist()
    kept = ("rule", "reason", "outcome", "due", "done", "evidence")
    return [
        {
            **{name: row[name] for name in ("pathway_id", "kind", "person_id", "agency", "started", "ended")},
            "steps": followed(row, events.get(row["person_id"], [])),
            "breaches": [
                {name: one[name] for name in kept} for one in broken if one["pathway_id"] == row["pathway_id"]
            ],
        }
        for row in sorted(rows, key=lambda row: (str(row["started"]), row["pathway_id"]))
    ]


def _events_of(store: Store, person: str) -> list[Row]:
    people, parts, events = store.read("people"), store.read("involvements"), store.read("events")
    mine = parts.filter(parts.role == "child").join(
        people.filter(people.person_id == person).select("mention_id"), "mention_id"
    )
    rows: list[Row] = events.semi_join(mine, "event_id").order_by(ibis._.event_id).to_pyarrow().to_pylist()
    return rows


def _on_screen(found: Row) -> None:
    out.print(f"{found['pathway_id']}: {_words(found['kind'])}, {found['agency']}", style="bold", markup=False)
    ended = found["ended"].date().isoformat() if found["ended"] else "open"
    began = found["started"].date().isoformat() if found["started"] else "a day not known"
    out.print(f"From {began} to {ended}.", markup=False)
    rows: list[tuple[object, ...]] = []
    for step, events in found["steps"].items():
        if not events:
            rows.append((step, "recorded by no agency", None, None, None))
        for event in events:
            day = event["start"].date().isoformat() if event["start"] else None
            end = event["end"].date().isoformat() if event["end"] else None
            registered = outcomes().get(event["outcome"] or "")
            where = event["agency"] if event["own_case"] else f"{event['agency']} (its own record)"
            rows.append((step, where, day, end, registered.title if registered else event["outcome"]))
    print_table("Steps", ("step", "recorded by", "on", "until", "outcome"), rows)
    for breach in found["breaches"]:
        out.print(f"  - {breach['reason']}", markup=False, soft_wrap=True)
        out.print(
            f"    Rule {breach['rule']}; rows: {', '.join(_listed(breach['evidence']))}.", markup=False, soft_wrap=True
        )
    if not found["breaches"]:
        out.print("  No standard and no rule was broken, as far as the records tell.", markup=False)


def _words(kind: str) -> str:
    registered = event_types().get(kind)
    return registered.title if registered else kind


def _listed(evidence: str) -> list[str]:
    found: list[str] = json.loads(evidence)
    return found
