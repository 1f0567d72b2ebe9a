"""`joinedup publish`: the checklist, and the report put where it is never changed again."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.checklist import checklist, record_of, release_of
from joinedup.cli.console import asked, next_command, out, print_json, print_table
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.cli.remedies import Remedy, Situation, remedies
from joinedup.errors import EXIT_FINDINGS, RefusedError, UsageError
from joinedup.report import stage as report_stage
from joinedup.report.checked import Check
from joinedup.settings import load_inquiry
from joinedup.store.published import Publication, Publications
from joinedup.store.runs import Runs

ACCEPTABLE = ("linkage",)
"""What two people may accept with a reason: the report shows what open links could change. Nothing else can be waved on."""


def publish(
    directory: Directory,
    *,
    by: Annotated[str, typer.Option("--by", help="Who publishes: a person's name; asked for without it.")] = "",
    checked_by: Annotated[
        str, typer.Option("--checked-by", help="Who has checked it: another person's name; asked for without it.")
    ] = "",
    run: Run = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHECK=REASON", help=f"Publish although this check blocks, and why: {', '.join(ACCEPTABLE)}."
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only go through the checklist; publish nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Go through the checklist and publish the report of a run: once, whole, and never changed after.

    What blocks is listed with how to mend it. Two different people answer for what goes out.
    """
    inquiry = load_inquiry(directory)
    runs = Runs(directory)
    run_id = runs.find(run)
    accepted = _accepted(accept or [])
    people = (asked(by, "--by", "Who publishes"), asked(checked_by, "--checked-by", "Who has checked it"))
    with runs.reading(run_id) as store:
        checks = checklist(directory, inquiry, run_id, store, people)
        blocking = [each for each in checks if each.standing == "blocking" and each.check not in accepted]
        made = None
        if not check and not blocking:
            made = _publish(directory, run_id, record_of(store, checks), people, accepted)
        latest = Publications(directory).latest()
        before = str(latest.record["run"]) if latest else ""
        mends = remedies(blocking, Situation(directory, run_id, people, release_of(store), before))
    if as_json:
        published = {"publication": made.publication_id, "directory": str(made.directory)} if made else None
        listed = [asdict(each) | {"mend": _mends(each, blocking, mends)} for each in checks]
        print_json({"run": run_id, "published": published, "checks": listed})
    else:
        _show(run_id, checks, accepted, made)
        _show_remedies(mends)
    if made is None and not check:
        raise RefusedError(
            f"not published: {len(blocking)} {'check blocks' if len(blocking) == 1 else 'checks block'} ({', '.join(sorted({each.check for each in blocking}))})",
            remedy="Each check above says how.",
        )
    next_command(f"joinedup recommendations {directory}" if made else f"joinedup publish {directory}")
    if check and blocking:
        raise typer.Exit(EXIT_FINDINGS)


def _mends(check: Check, blocking: list[Check], mends: dict[str, list[Remedy]]) -> list[dict[str, object]]:
    return [asdict(each) for each in mends[check.check]] if check in blocking else []


def _show_remedies(mends: dict[str, list[Remedy]]) -> None:
    """What blocks and how to mend it; commands stand on lines of their own, whole, so that they can be pasted."""
    for check, ways in mends.items():
        out.print(f"\nTo mend {check}:", markup=False)
        for way in ways:
            out.print(f"  {way.what}", markup=False)
            for command in way.commands:
                out.print(f"    {command}", markup=False, soft_wrap=True, highlight=False)


def _accepted(words: list[str]) -> dict[str, str]:
    found = {}
    for each in words:
        name, _, reason = (part.strip() for part in each.partition("="))
        if name not in ACCEPTABLE or not reason:
            raise UsageError(
                f"--accept {each!r} cannot be taken",
                remedy=f"CHECK=REASON, with CHECK one of: {', '.join(ACCEPTABLE)}.",
            )
        found[name] = reason
    return found


def _publish(
    directory: Path, run_id: str, record: dict[str, object], people: tuple[str, str], accepted: dict[str, str]
) -> Publication:
    run_dir = Runs(directory).path(run_id)
    report = run_dir / "report"
    files = [path.relative_to(report) for path in report.rglob("*") if path.is_file()]
    whole = {
        "run": run_id,
        "published": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "by": people[0],
        "checked_by": people[1],
        "accepted": accepted,
        **record,
    }
    going_out = [path.as_posix() for path in files if path.parts[0] != report_stage.DRAFTS]
    return Publications(directory).add(run_dir, going_out, whole)


def _show(run_id: str, checks: list[Check], accepted: dict[str, str], made: Publication | None) -> None:
    def standing(each: Check) -> str:
        return "accepted" if each.standing == "blocking" and each.check in accepted else each.standing

    rows = [(standing(each), each.check, each.subject, each.message) for each in checks]
    print_table(f"Checklist of run {run_id}", ("standing", "check", "about", "outcome"), rows)
    if made:
        out.print(f"Published as {made.publication_id}: {made.directory}", markup=False, soft_wrap=True)
