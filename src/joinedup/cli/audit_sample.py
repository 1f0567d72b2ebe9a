"""`joinedup audit-sample` and `joinedup audit-result`: a random sample of leads for two readers, and what they found."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.audit.sample import Answers, Compared, compare, draw, finding
from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.csv_file import rows_of
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.errors import UnreadableError, UsageError
from joinedup.registry.audit_form import ANSWERS, questions
from joinedup.store.runs import Runs

_LEAD = ("pathway_id", "person_id", "kind", "agency", "started", "ended")


def audit_sample(
    directory: Directory,
    *,
    to: Annotated[Path, typer.Option(help="The folder for the two readers' forms; made when absent.")],
    size: Annotated[int, typer.Option(min=1, help="How many leads.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same leads.")] = 1,
    kind: Annotated[list[str] | None, typer.Option(help="Only leads of this kind; may be given again.")] = None,
    agency: Annotated[str | None, typer.Option(help="Only leads this agency answers for.")] = None,
    run: Run = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was drawn as JSON.")] = False,
) -> None:
    """Draw ended leads at random and write one form for each of two readers: the same questions for every agency.

    The forms carry no breaches, so that neither reader is told what the rules found. Each reader answers alone.
    """
    runs = Runs(directory)
    with runs.reading(run) as store:
        table = store.read("pathways")
        table = table.filter(table.person_id.notnull() & table.ended.notnull())
        if kind:
            table = table.filter(table.kind.isin(kind))
        if agency:
            table = table.filter(table.agency == agency)
        leads = {row["pathway_id"]: row for row in table.select(*_LEAD).to_pyarrow().to_pylist()}
    if not leads:
        raise UsageError("no ended lead fits", remedy="joinedup show DIR pathways lists kinds and agencies.")
    drawn = draw(list(leads), size, seed)
    to.mkdir(parents=True, exist_ok=True)
    files = [to / f"reader-{number}.csv" for number in (1, 2)]
    if taken := [path.name for path in files if path.exists()]:
        raise UsageError(f"{taken[0]} is there already", remedy="Answers are never written over: name another folder.")
    for path in files:
        _write_form(path, [leads[name] for name in drawn])
    told = {
        "run": runs.find(run),
        "seed": seed,
        "of": len(leads),
        "drawn": drawn,
        "forms": [str(path) for path in files],
    }
    if as_json:
        print_json(told)
    else:
        out.print(f"Drew {len(drawn):,} of {len(leads):,} ended leads with seed {seed}.", markup=False)
        out.print(
            f"Answers: {', '.join(ANSWERS)}. One form a reader: {', '.join(path.name for path in files)}.", markup=False
        )
    next_command(f"joinedup audit-result {files[0]} {files[1]}")


def _write_form(path: Path, leads: list[dict[str, Any]]) -> None:
    """The questions stand as a second header row, so that a reader sees them; results skip it."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*_LEAD, *questions(), "note"])
        writer.writerow(["", "", "", "", "", "", *(one.question for one in questions().values()), "In a word or two"])
        for lead in leads:
            writer.writerow([*(lead[name] for name in _LEAD), *("" for _ in questions()), ""])


def audit_result(
    first: Annotated[Path, typer.Argument(metavar="FIRST", help="The first reader's form, answered.")],
    second: Annotated[Path, typer.Argument(metavar="SECOND", help="The second reader's form, answered.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say what two readers found: the share properly investigated with its limits, how far they agree, and where they differ."""
    compared = compare(_read(first), _read(second))
    if not compared:
        raise UsageError("no lead was answered by both", remedy=f"Answers are: {', '.join(ANSWERS)}.")
    if as_json:
        print_json({"finding": next((_plain(one) for one in [finding(compared)] if one), None), "questions": [_plain(one) for one in compared]})  # fmt: skip
    else:
        _on_screen(compared)
    next_command("joinedup pathway DIR ID")


def _read(path: Path) -> Answers:
    """A reader's answers. Raises UnreadableError naming file, row, column and what was expected; answers are folded."""
    heading, *lines = rows_of(path) or [[]]
    if "pathway_id" not in heading:
        raise UnreadableError(
            f"{path.name} is no reader's form", remedy="Make one: joinedup audit-sample DIR --to FOLDER"
        )
    answers: dict[str, dict[str, str]] = {}
    for number, line in enumerate(lines, start=2):
        row = dict(zip(heading, line, strict=False))
        if not row.get("pathway_id"):
            continue
        mine = answers.setdefault(row["pathway_id"], {})
        for question in questions():
            answer = (row.get(question) or "").strip().casefold()
            if answer and answer not in ANSWERS:
                raise UnreadableError(
                    f"{path.name} row {number}, column {question}: not an answer", remedy=f"Expected one of: {', '.join(ANSWERS)}."
                )  # fmt: skip
            mine[question] = answer
    return answers


def _plain(one: Compared) -> dict[str, Any]:
    share, agreement = one.share, one.agreement
    return {
        "question": one.question, "cases": agreement.cases, "agreed": agreement.agreed, "kappa": agreement.kappa,
        "kappa_limits": [agreement.limits.lower, agreement.limits.upper] if agreement.limits else None,
        "yes": share.yes, "decided": share.decided, "share": share.yes / share.decided if share.decided else None,
        "limits": [share.limits.lower, share.limits.upper] if share.limits else None, "bounds": list(share.bounds),
        "differ": list(one.differ),
    }  # fmt: skip


def _on_screen(compared: list[Compared]) -> None:
    rows = [
        (one.question, one.agreement.cases, one.agreement.agreed, one.agreement.kappa, one.share.yes, one.share.decided)
        for one in compared
    ]
    print_table("Two readers", ("question", "cases", "agreed", "kappa", "both yes", "both yes or no"), rows)
    led = finding(compared)
    if led is not None and led.share.limits is not None:
        share, limits = led.share, led.share.limits
        out.print(
            f"Properly investigated: {share.yes} of {share.decided} both decided, {share.yes / share.decided:.0%} "
            f"({limits.lower:.0%} to {limits.upper:.0%}); over all {share.cases} between {share.bounds[0]:.0%} and {share.bounds[1]:.0%}.",
            markup=False, soft_wrap=True,
        )  # fmt: skip
    for one in compared:
        if one.differ:
            out.print(f"They differ on {one.question}: {', '.join(one.differ)}", markup=False, soft_wrap=True)
