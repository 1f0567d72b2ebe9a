"""`joinedup review`: the pairs held for review, one after the other, each with what a person needs to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.casework.ledger import decisions_of
from joinedup.cli.beside import Beside, Row, judged
from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.decide import SHORT, append
from joinedup.cli.explain import alike, explained
from joinedup.cli.options import Directory
from joinedup.domain.births import as_known
from joinedup.domain.nouns import Decision
from joinedup.errors import RefusedError, UsageError
from joinedup.link.explaining import paragraph
from joinedup.link.likeness import strongest_against
from joinedup.link.queue import Question, questions
from joinedup.link.tokens import FORM
from joinedup.settings import load_inquiry
from joinedup.store.runs import Runs

_RECORD = {
    "agency": "agency", "form": "form", "source_ref": "reference", "local_id": "agency's own id", "role": "role",
    "forename": "forename", "surname": "surname", "aliases": "other names", "dob": "date of birth", "sex": "sex",
    "postcode": "postcode", "address": "address", "nhs_no": "NHS number", "upn": "pupil number", "first_date": "first date",
}  # fmt: skip
_LISTED = 20
_ANSWERS = {word[0]: word for word in SHORT} | {word: word for word in SHORT}


def review(
    directory: Directory,
    *,
    by: Annotated[
        str, typer.Option(help="Who decides: a person's name. Without it the queue is listed and nothing is asked.")
    ] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="At most this many pairs.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the queue as JSON; nothing is asked.")] = False,
) -> None:
    """Walk the pairs held for review, the most informative first; each answer is a decision in the ledger."""
    if by and as_json:
        raise UsageError("--by and --json were both given", remedy="Give --by to decide, --json to list.")
    inquiry = load_inquiry(directory)
    with Runs(directory).reading() as store:
        beside = Beside(store)
        standing = judged(decisions_of(directory))
        queue = questions(beside.for_review(), beside.person_of, beside.size_of, standing, inquiry.link.linked_at)
        asked = queue[:limit]
        if as_json:
            print_json({"open": len(queue), "questions": _listed(beside, asked)})
        elif by:
            _walk(directory, beside, asked, by)
        else:
            _on_screen(beside, asked[: limit or _LISTED], len(queue))
    next_command(f"joinedup run {directory} --stage link" if by else f"joinedup review {directory} --by NAME")


def _listed(beside: Beside, asked: Sequence[Question]) -> list[dict[str, Any]]:
    rows = beside.mentions(mention for question in asked for mention in (question.mention_l, question.mention_r))
    weights = {(link["mention_l"], link["mention_r"]): link["weights"] or "" for link in beside.for_review()}
    found = []
    for rank, question in enumerate(asked, start=1):
        ends = (question.mention_l, question.mention_r)
        likely = alike(rows[ends[0]], rows[ends[1]], weights[ends])
        words = {
            name: [each.words for each in likely if each.verdict == verdict]
            for name, verdict in (
                ("for", "agrees"),
                ("nearly", "nearly"),
                ("against", "differs"),
                ("missing", "missing"),
            )
        }
        found.append({"rank": rank, **asdict(question), **words, "strongest_against": strongest_against(likely)})
    return found


def _on_screen(beside: Beside, asked: Sequence[Question], waiting: int) -> None:
    headings = ("rank", "mention", "mention", "probability", "bits", "pairs", "mentions", "strongest against")
    rows = [
        (
            row["rank"], row["mention_l"], row["mention_r"], row["probability"], row["bits"], row["pairs"],
            row["mentions"], row["strongest_against"],
        )
        for row in _listed(beside, asked)
    ]  # fmt: skip
    print_table("Pairs for review, the most informative first", headings, rows)
    out.print(f"{len(rows):,} of {waiting:,} questions that are open; all of them: --json")


def _walk(directory: Path, beside: Beside, asked: Sequence[Question], by: str) -> None:
    answers: Counter[str] = Counter()
    for place, question in enumerate(asked, start=1):
        pair = beside.mentions((question.mention_l, question.mention_r))
        rows = (pair[question.mention_l], pair[question.mention_r])
        _show(beside, question, rows, f"{place} of {len(asked)}")
        out.print(paragraph(explained(beside, *rows, decisions_of(directory))), markup=False)
        try:
            answer = _answer()
            why = typer.prompt("Why, in a sentence").strip() if answer in SHORT else ""
        except typer.Abort:  # the end of what is typed, or Ctrl-C: what was recorded stands, so it is told
            out.print()
            answer = "quit"
        if answer == "quit":
            break
        if answer == "skip":
            continue
        try:
            ends = (question.mention_l, question.mention_r)
            recorded = append(directory, Decision(0, SHORT[answer], *ends, SHORT[answer], why, by, ""))
        except (RefusedError, UsageError) as error:
            out.print(f"Not recorded: {error.message}. {error.remedy}", markup=False)
            continue
        answers[answer] += 1
        out.print(f"Decision {recorded.sequence} recorded: {recorded.kind}.", markup=False)
    else:
        out.print("That was the last of them.")
    said = ", ".join(f"{word} {answers[word]}" for word in SHORT)
    out.print(f"Decided: {said}. The next run applies them.")


def _answer() -> str:
    while True:
        given = typer.prompt("One person? same, different, unsure; skip; quit", default="skip").strip().lower()
        if given in _ANSWERS:
            return _ANSWERS[given]
        for word in ("skip", "quit"):
            if given in (word, word[0]) and given != "s":
                return word
        out.print("Answer same (s), different (d), unsure (u), skip or quit (q).")


def _show(beside: Beside, question: Question, rows: tuple[Row, Row], place: str) -> None:
    told = [row | {"dob": as_known(row["dob"], row["dob_precision"])} for row in rows]
    cells = [(words, *(row[name] for row in told)) for name, words in _RECORD.items() if any(row[name] for row in told)]
    held = ["; ".join(f"{kind} {value}" for kind, value in sorted(row["identifiers"])) for row in rows]
    if any(held):
        cells.append(("identifiers", *held))
    joined = "one person in this run" if question.one_person else "two people in this run"
    title = f"Question {place}: probability {question.probability:.3g}, {joined}"
    for name, row in zip("AB", rows, strict=True):
        if row["form"] == FORM:
            out.print(
                f"{name} holds tokens alone; {row['agency']} can look up which record {row['source_ref']} is.",
                markup=False,
            )
    print_table(title, ("", f"A {question.mention_l}", f"B {question.mention_r}"), cells)
    around = [
        (
            row["person_id"],
            row["forename"],
            row["surname"],
            as_known(row["dob"], row["dob_precision"]),
            row["sex"],
            row["agency"],
        )
        for row in beside.household(rows)
    ]
    if around:
        print_table("Others at these homes", ("person", "forename", "surname", "born", "sex", "agency"), around)
