"""`joinedup diff`: which published numbers changed between two runs, and why."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.options import AsJson, Directory
from joinedup.link.identity_changes import News, changed_mentions
from joinedup.link.identity_changes import changes as identity_changes
from joinedup.store.contract import Store
from joinedup.store.difference import Cause, causes, changes, published_changes
from joinedup.store.published import Publications
from joinedup.store.runs import Runs


def diff(
    directory: Directory,
    before: Annotated[str, typer.Argument(metavar="RUN", help="The earlier run: its id or number.")],
    after: Annotated[str, typer.Argument(metavar="RUN", help="The later run: its id or number.")],
    *,
    published: Annotated[
        bool, typer.Option("--published", help="Compare two publications, by number, as they were printed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show which published numbers changed between two runs, or two publications, and why."""
    if published:
        _publications(directory, before, after, as_json=as_json)
        return
    runs = Runs(directory)
    before, after = runs.find(before), runs.find(after)
    known = causes(runs.manifest(before), runs.manifest(after))
    old, new = runs.open(before), runs.open(after)
    try:
        found = changes(old, new, known)
        people = _people_changed(old, new, before, known)
    finally:
        old.close()
        new.close()
    if as_json:
        print_json(
            {
                "before": before,
                "after": after,
                "causes": [asdict(cause) for cause in known],
                "changes": [asdict(change) for change in found],
                "identity_changes": people,
            }
        )
    else:
        out.print(f"From run {before} to run {after}", style="bold")
        for cause in known:
            out.print(f"- {cause.kind}: {cause.what}", markup=False)
        if not known:
            out.print("- nothing the results follow from differs")
        rows = [
            (
                change.number_id,
                _whole(change.before),
                _whole(change.after),
                "; ".join(f"{c.kind}: {c.what}" for c in change.why),
            )
            for change in found
        ]
        print_table(f"{len(rows)} numbers changed", ("number", "before", "after", "why"), rows)
        if people:
            shown = [tuple(row[key] for key in ("change", "before", "after", "mentions", "cause")) for row in people]
            number = len({row["change_id"] for row in people})
            headings = ("change", "person before", "person after", "records in common", "why")
            print_table(f"{number} merges and splits of people", headings, shown)
        if found and not known:
            out.print("A number changed although nothing it follows from did: report this as a fault.", style="red")
    next_command(f"joinedup trace {directory} NUMBER --run {after}")


def _whole(value: float | None) -> float | None:
    """A count as a whole number: numbers are kept as they come, counts and shares alike."""
    return int(value) if value is not None and value == int(value) else value


def _people_changed(old: Store, new: Store, before: str, known: list[Cause]) -> list[dict[str, Any]]:
    """The rows of identity_changes between any two runs, next to one another or not."""
    people = [store.read("people").select("mention_id", "person_id").to_pyarrow() for store in (old, new)]
    mentions = new.read("mentions")
    moved = mentions.filter(mentions.mention_id.isin(changed_mentions(*people)))
    of = moved.select("mention_id", "agency", "file").to_pyarrow().to_pylist()
    file_of = {row["mention_id"]: f"{row['agency']}/{row['file']}" for row in of}
    return identity_changes(people[0], people[1], before, News([asdict(cause) for cause in known], file_of))


def _publications(directory: Path, before: str, after: str, *, as_json: bool) -> None:
    old, new = (Publications(directory).find(each) for each in (before, after))
    known = causes(old.manifest, new.manifest)
    found = published_changes(old.numbers(), new.numbers(), known)
    if as_json:
        print_json(
            {
                "before": old.publication_id,
                "after": new.publication_id,
                "causes": [_told(cause) for cause in known],
                "changes": [{**asdict(change), "why": [_told(cause) for cause in change.why]} for change in found],
            }
        )
    else:
        out.print(f"From publication {old.publication_id} to publication {new.publication_id}", style="bold")
        rows = [
            (change.number_id, change.before, change.after, "; ".join(f"{c.reason}: {c.what}" for c in change.why))
            for change in found
        ]
        print_table(f"{len(rows)} published numbers changed", ("number", "before", "after", "why"), rows)
        if bare := sum(not change.why for change in found):
            out.print(f"{bare} of them have no reason.", style="red")
    next_command(f"joinedup trace {directory} NUMBER --run {new.record['run']}")


def _told(cause: Cause) -> dict[str, object]:
    return {"reason": cause.reason, **asdict(cause)}
