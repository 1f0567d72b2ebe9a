"""`joinedup unseen`: the children with concerns whom nobody is looking at, and why each stands on the list."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.cli.console import next_command, out, print_json
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.find.looking import open_on
from joinedup.find.unseen import ELSEWHERE
from joinedup.registry.events import event_types
from joinedup.registry.local_rules import local_packs
from joinedup.registry.rules import packs
from joinedup.store.contract import Store
from joinedup.store.runs import Runs

Row = dict[str, Any]
WRITTEN = {"minute": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


def unseen(
    directory: Directory,
    *,
    run: Run = None,
    limit: Annotated[int | None, typer.Option(min=0, help="At most this many children; 10 on the screen.")] = None,
    elsewhere: Annotated[
        bool,
        typer.Option("--open-elsewhere", help="Only children whose open work is where no concern is known."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the children with concerns and nothing open, or open only where no concern is known, with the reasons for each.

    The order is stated and weighs nothing: latest concern first, then more agencies, then more different rules, then the id.
    A place on the list is a reason for a person to look, not a finding. A child who is not on it is not thereby safe.
    """
    runs = Runs(directory)
    with runs.reading(run) as store:
        last = datetime.date.fromisoformat(runs.manifest(run)["settings"]["period"]["to"])
        found = [row for row in listed(store) if not elsewhere or row["state"] == ELSEWHERE]
        total, shown = len(found), found[: limit if limit is not None or as_json else 10]
        entries = with_reasons(store, shown, last)
    for entry in entries:
        entry["not_evaluable"] = _rules(entry["not_evaluable"], directory)
    if as_json:
        print_json({"run": runs.find(run), "children": total, "open_elsewhere": elsewhere, "entries": entries})
    else:
        _on_screen(entries, total, elsewhere=elsewhere)
    next_command(f"joinedup child {directory} ID")


def listed(store: Store) -> list[Row]:
    """The unseen list in its order: its columns, with those that hold several things as lists."""
    rows = store.read("unseen").order_by("rank").to_pyarrow().to_pylist()
    several = ("who_knows", "who_does_not", "open_at", "not_evaluable")
    kept = ("rank", "person_id", "latest", "sources", "kinds", "state", "open_since")
    return [{**{name: row[name] for name in kept}, **{name: _parts(row[name]) for name in several}} for row in rows]


def with_reasons(store: Store, entries: list[Row], last: datetime.date) -> list[Row]:
    """Each entry with its concerns and their rows, what is open since when, and the decisions about the child."""
    children = [entry["person_id"] for entry in entries]
    if not children:
        return []
    concerns, decided, looking = store.read("concerns"), store.read("decisions"), store.read("looking")
    told = concerns.filter(concerns.person_id.isin(children)).to_pyarrow().to_pylist()
    made = decided.filter(decided.subject.isin(children)).to_pyarrow().to_pylist()
    work = open_on(looking.filter(looking.person_id.isin(children)), last).to_pyarrow().to_pylist()
    rows = rows_behind(store, told)
    return [
        {
            **entry,
            "open": [_work(row) for row in work if row["person_id"] == entry["person_id"]],
            "concerns": [concern_of(row, rows) for row in told if row["person_id"] == entry["person_id"]],
            "decisions": [row for row in made if row["subject"] == entry["person_id"]],
        }
        for entry in entries
    ]


def rows_behind(store: Store, concerns: list[Row]) -> dict[str, Row]:
    """Every event behind the concerns by its id: which agency holds it, what it is, when it began, its reference there."""
    wanted = sorted({event for row in concerns for event in json.loads(row["evidence"] or "[]")})
    events = store.read("events")
    found = events.filter(events.event_id.isin(wanted)).to_pyarrow().to_pylist() if wanted else []
    return {
        row["event_id"]: {
            "event_id": row["event_id"], "agency": row["agency"], "type": row["type"], "start": written(row, "start"),
            "source_ref": row["source_ref"],
        }
        for row in found
    }  # fmt: skip


def written(row: Row, which: str) -> str | None:
    """A moment no more exactly than it is known."""
    moment: datetime.datetime | None = row[which]
    return moment.strftime(WRITTEN[row[f"{which}_precision"] or "day"]) if moment else None


def concern_of(row: Row, rows: dict[str, Row]) -> Row:
    """A row of the table `concerns` as the verbs print it: its agencies a list, with the rows behind it, the id left out."""
    kept = ("rule", "pack", "reason", "window_start", "window_end", "not_recorded", "clears")
    held = [rows[event] for event in json.loads(row["evidence"] or "[]") if event in rows]
    held.sort(key=lambda event: (event["agency"], str(event["start"]), event["event_id"]))
    return {**{name: row[name] for name in kept}, "agencies": _parts(row["agencies"]), "evidence": held}


def print_concern(concern: Row) -> None:
    """One concern on the screen: the reason, who holds which part, what is not recorded, what would clear it."""
    out.print(f"  - {concern['reason']}", markup=False, soft_wrap=True)
    parts: dict[str, list[str]] = defaultdict(list)
    for row in concern["evidence"]:
        parts[row["agency"]].append(f"{title_of(row['type']).lower()} {(row['start'] or 'without a day')[:10]}")
    for agency, held in sorted(parts.items()):
        more = f" and {len(held) - 4} more" if len(held) > 4 else ""
        out.print(f"    {agency} holds: {', '.join(held[:4])}{more}.", markup=False, soft_wrap=True)
    out.print(f"    Rule {concern['rule']}, pack {concern['pack']}.", markup=False, soft_wrap=True)
    if concern["not_recorded"]:
        out.print(f"    Not recorded: {concern['not_recorded']}", markup=False, soft_wrap=True)
    out.print(f"    Cleared by: {' '.join(concern['clears'].split())}", markup=False, soft_wrap=True)


def title_of(kind: str) -> str:
    """The registered title of an event type."""
    registered = event_types().get(kind)
    return registered.title if registered else kind


def _work(row: Row) -> Row:
    return {name: row[name] for name in ("agency", "type", "since")}


def _rules(ids: list[str], directory: Path) -> list[Row]:
    """Rules that could not be evaluated, each with what it needs."""
    known = {rule.id: rule for pack in {**packs(), **local_packs(directory)}.values() for rule in pack.rules}
    return [{"rule": rule, "needs": known[rule].needs if rule in known else ""} for rule in ids]


def _on_screen(entries: list[Row], total: int, *, elsewhere: bool) -> None:
    for entry in entries:
        out.print(f"{entry['rank']}. {entry['person_id']}", style="bold", markup=False)
        for concern in entry["concerns"]:
            print_concern(concern)
        for row in entry["open"]:
            said = (
                f"    Open at {row['agency']}, which holds none of this: {title_of(row['type'])}, since {row['since']}."
            )
            out.print(said, markup=False, soft_wrap=True)
        others = ", ".join(entry["who_does_not"]) or "no other agency"
        out.print(f"    Knows the child and none of this: {others}.", markup=False, soft_wrap=True)
        if entry["not_evaluable"]:
            names = ", ".join(row["rule"] for row in entry["not_evaluable"])
            out.print(f"    Not recorded, so that these rules cannot tell: {names}.", markup=False, soft_wrap=True)
        for row in entry["decisions"]:
            out.print(f"    Decided: {row['judgement']}, {row['decided_by']}, {row['decided_at']}.", markup=False)
        if not entry["decisions"]:
            out.print("    Decided before: nothing.")
    what = (
        "with work open only where no concern is known"
        if elsewhere
        else "with concerns and nothing open that knows them"
    )
    out.print(f"{len(entries):,} of {total:,} children {what}.", markup=False)


def _parts(joined: str | None) -> list[str]:
    return joined.split("|") if joined else []
