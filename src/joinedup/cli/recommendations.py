"""`joinedup recommendations`: what is due, and what became of what an earlier publication recommended."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.options import AsJson, Directory
from joinedup.report.words import plain
from joinedup.report.written import CLOSED, RECOMMENDATIONS, Action, WrittenRecommendation, read_written
from joinedup.settings import load_inquiry
from joinedup.store.published import Publications
from joinedup.store.runs import Runs

SOON = datetime.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Row:
    recommendation: str
    action: str
    text: str
    owner: str
    due: datetime.date | None
    status: str
    standing: str
    before: str
    evidence: str


def recommendations(
    directory: Directory,
    *,
    on: Annotated[
        datetime.datetime | None,
        typer.Option(metavar="DAY", formats=["%Y-%m-%d"], help="What is due on this day; today without it."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List every action of recommendations.toml, what is due, what became of those published before, and untaken drafts."""
    load_inquiry(directory)
    day = (on or datetime.datetime.now(datetime.UTC)).date()
    written = read_written(directory).recommendations
    before = _published_before(directory)
    rows = [_row(each, action, day, before) for each in written for action in each.action]
    gone = sorted(set(before) - {row.action for row in rows})
    drafts = _drafts(directory, written)
    if as_json:
        print_json({"on": day, "actions": [_document(row) for row in rows], "gone": gone, "drafts": drafts})
    else:
        shown = [
            (row.recommendation, row.action, row.text, row.owner, row.due, row.standing, row.before, row.evidence)
            for row in rows
        ]
        headings = ("recommendation", "action", "what", "owner", "due", "standing", "last published as", "evidence")
        print_table(f"Actions on {day}", headings, shown)
        for action in gone:
            out.print(
                f"Published before and no longer in {RECOMMENDATIONS}: {action} ({before[action]}).", markup=False
            )
        if drafts:
            print_table(
                "Drafts not taken up",
                ("for", "what should be done", "findings"),
                [tuple(each.values()) for each in drafts],
            )
    next_command(f"joinedup publish {directory}")


def _row(each: WrittenRecommendation, action: Action, day: datetime.date, before: dict[str, str]) -> _Row:
    latest = max(action.evidence, key=lambda seen: seen.on, default=None)
    told = f"{latest.on}: {latest.says}" if latest else ""
    was = before.get(action.id, "new")
    return _Row(
        each.id,
        action.id,
        action.text,
        action.owner,
        action.due,
        action.status,
        standing(action, day),
        plain(was),
        told,
    )


def standing(action: Action, day: datetime.date) -> str:
    """How the action stands on a day: its status, and whether it is overdue or due within thirty days."""
    said = plain(action.status)
    if action.status in CLOSED or action.due is None:
        return said if action.due or action.status in CLOSED else f"{said}, no day set"
    if action.due < day:
        return f"{said}, overdue by {(day - action.due).days} days"
    return f"{said}, due within 30 days" if action.due <= day + SOON else said


def _document(row: _Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in _Row.__slots__}


def _published_before(directory: Path) -> dict[str, str]:
    """The status each action had in the latest publication."""
    latest = Publications(directory).latest()
    return {} if latest is None else {each["action"]: each["status"] for each in latest.record["actions"]}


def _drafts(directory: Path, written: tuple[WrittenRecommendation, ...]) -> list[dict[str, str]]:
    """The drafts of the latest run that no written recommendation follows up."""
    if not Runs(directory).ids():
        return []
    with Runs(directory).reading() as store:
        rows = store.read("recommendations").to_pyarrow().to_pylist()
    taken = {finding for each in written for finding in each.findings}
    return [
        {"for": row["owner"], "what": row["action"], "findings": row["findings"]}
        for row in rows
        if row["status"] == "draft" and not taken & set(row["findings"].split("|"))
    ]
