"""`joinedup unseen`: the children with concerns whom nobody is looking at, and why each stands on the list."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Any

import ibis
import typer

from joinedup.cli.console import next_command, out, print_json
from joinedup.find.looking import looked_at
from joinedup.find.records import child_events
from joinedup.registry.events import work_types
from joinedup.store.contract import Store
from joinedup.store.runs import Runs

Row = dict[str, Any]


def unseen(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The inquiry folder.")],
    *,
    run: Annotated[str | None, typer.Option(help="Which run; the latest without it.")] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="At most this many children; 10 on the screen.")] = None,
    elsewhere: Annotated[
        bool,
        typer.Option("--open-elsewhere", help="Instead: children whose only open work is where no concern is known."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """List the children with concerns and nothing open, most recent concern first, with the reasons for each.

    A place on the list is a reason for a person to look, not a finding. A child who is not on it is not thereby safe.
    """
    runs = Runs(directory)
    store = runs.open(run)
    try:
        last = datetime.date.fromisoformat(runs.manifest(run)["settings"]["period"]["to"])
        found = open_elsewhere(store, last) if elsewhere else listed(store)
        total, shown = len(found), found[: limit if limit is not None or as_json else 10]
        entries = with_reasons(store, shown)
    finally:
        store.close()
    if as_json:
        print_json({"run": runs.find(run), "children": total, "open_elsewhere": elsewhere, "entries": entries})
    else:
        _on_screen(entries, total, elsewhere=elsewhere)
    next_command(f"joinedup child {directory} ID")


def listed(store: Store) -> list[Row]:
    """The unseen list in its order: rank, person_id, who_knows, who_does_not (lists), open_at (empty), latest."""
    rows = store.read("unseen").order_by("rank").to_pyarrow().to_pylist()
    return [
        {
            "rank": row["rank"], "person_id": row["person_id"], "latest": row["latest"],
            "who_knows": _parts(row["who_knows"]), "who_does_not": _parts(row["who_does_not"]), "open_at": [],
        }
        for row in rows
    ]  # fmt: skip


def open_elsewhere(store: Store, last: datetime.date) -> list[Row]:
    """Children with concerns about whom something is open, but only at agencies that hold no part of any concern.

    The shape and order of `listed`: latest concern first, then more agencies, then more rules, then the id.
    """
    concerns, people = store.read("concerns"), store.read("people")
    concerned = people.semi_join(concerns, "person_id")
    work = work_types()
    events = store.read("events").filter(ibis._.type.isin(list(work)))
    begun = child_events(concerned, store.read("involvements"), events)
    holders: dict[str, set[str]] = {}
    kinds: dict[str, set[str]] = {}
    latest: dict[str, datetime.date] = {}
    for row in concerns.select("person_id", "rule", "agencies", "window_end").to_pyarrow().to_pylist():
        child = row["person_id"]
        holders.setdefault(child, set()).update(_parts(row["agencies"]))
        kinds.setdefault(child, set()).add(row["rule"])
        latest[child] = max(latest.get(child, row["window_end"]), row["window_end"])
    known_to, at = (
        _agencies(table.select("person_id", "agency").distinct().to_pyarrow().to_pylist())
        for table in (concerned, looked_at(begun, work, last))
    )
    blind = [child for child, agencies in at.items() if child in holders and not agencies & holders[child]]
    blind.sort(key=lambda child: (-latest[child].toordinal(), -len(holders[child]), -len(kinds[child]), child))
    return [
        {
            "rank": place + 1, "person_id": child, "latest": latest[child], "who_knows": sorted(holders[child]),
            "who_does_not": sorted(known_to[child] - holders[child]), "open_at": sorted(at[child]),
        }
        for place, child in enumerate(blind)
    ]  # fmt: skip


def with_reasons(store: Store, entries: list[Row]) -> list[Row]:
    """Each entry with its concerns, what is not recorded, and the decisions about the child."""
    children = [entry["person_id"] for entry in entries]
    concerns, decided = store.read("concerns"), store.read("decisions")
    told = concerns.filter(concerns.person_id.isin(children)).to_pyarrow().to_pylist() if children else []
    made = decided.filter(decided.subject.isin(children)).to_pyarrow().to_pylist() if children else []
    return [
        {
            **entry,
            "concerns": [concern_of(row) for row in told if row["person_id"] == entry["person_id"]],
            "decisions": [row for row in made if row["subject"] == entry["person_id"]],
        }
        for entry in entries
    ]


def concern_of(row: Row) -> Row:
    """A row of the table `concerns` as the verbs print it: its agencies a list, the child's id left out."""
    kept = ("rule", "pack", "reason", "window_start", "window_end", "not_recorded", "clears")
    return {**{name: row[name] for name in kept}, "agencies": _parts(row["agencies"])}


def print_concern(concern: Row) -> None:
    """One concern on the screen: the reason, who holds it, what is not recorded, what would clear it."""
    out.print(f"  - {concern['reason']}", markup=False, soft_wrap=True)
    out.print(f"    Held by {', '.join(concern['agencies'])}. Rule {concern['rule']}.", markup=False, soft_wrap=True)
    if concern["not_recorded"]:
        out.print(f"    Not recorded: {concern['not_recorded']}", markup=False, soft_wrap=True)
    out.print(f"    Cleared by: {' '.join(concern['clears'].split())}", markup=False, soft_wrap=True)


def _on_screen(entries: list[Row], total: int, *, elsewhere: bool) -> None:
    for entry in entries:
        out.print(f"{entry['rank']}. {entry['person_id']}", style="bold", markup=False)
        for concern in entry["concerns"]:
            print_concern(concern)
        if entry["open_at"]:
            out.print(f"    Work is open at {', '.join(entry['open_at'])}, which holds none of this.", markup=False)
        others = ", ".join(entry["who_does_not"]) or "no other agency"
        out.print(f"    Knows the child and none of this: {others}.", markup=False, soft_wrap=True)
        for row in entry["decisions"]:
            out.print(f"    Decided: {row['judgement']}, {row['decided_by']}, {row['decided_at']}.", markup=False)
    what = "with work open only where no concern is known" if elsewhere else "with concerns and nothing open"
    out.print(f"{len(entries):,} of {total:,} children {what}.", markup=False)


def _agencies(rows: list[Row]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["person_id"], set()).add(row["agency"])
    return found


def _parts(joined: str | None) -> list[str]:
    return joined.split("|") if joined else []
