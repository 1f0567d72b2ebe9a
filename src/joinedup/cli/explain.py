"""`joinedup explain`: why two mentions were or were not joined."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from joinedup.casework.ledger import decisions_of
from joinedup.cli.beside import Beside, Row
from joinedup.cli.console import next_command, out, print_json, say
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.domain.judgements import DIFFERENT, ON_PAIRS, SAME
from joinedup.domain.nouns import Decision
from joinedup.errors import UsageError
from joinedup.link.explaining import Candidate, Explanation, chain, paragraph, prior
from joinedup.link.likeness import Likeness, likenesses, likenesses_by_tokens, strongest_against
from joinedup.link.tokens import FORM
from joinedup.link.waterfall import page
from joinedup.link.weighing import read
from joinedup.settings import load_inquiry
from joinedup.store.runs import Runs

_SAID = {SAME: "are one person", DIFFERENT: "are two people"}
_CANDIDATES = 3


def explain(
    directory: Directory,
    one: Annotated[str, typer.Argument(metavar="A", help="A mention.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Another mention.")],
    *,
    run: Run = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Also write it as a page, with a chart of the weights."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say in one paragraph why two mentions were or were not joined, and who else each of them might be."""
    if one == other:
        raise UsageError("the two mentions are the same one", remedy="Give two different mention ids.")
    load_inquiry(directory)
    with Runs(directory).reading(run) as store:
        beside = Beside(store)
        pair = beside.mentions((one, other))
        found = explained(beside, pair[one], pair[other], decisions_of(directory))
    if html is not None:
        html.write_text(
            page(f"Why {one} and {other} were or were not joined", paragraph(found), found.weights), encoding="utf-8"
        )
    if as_json:
        print_json({"a": one, "b": other, **asdict(found), "text": paragraph(found)})
    else:
        out.print(paragraph(found), markup=False)
    next_command(f"joinedup decide {directory} unsure {one} {other}")
    say("Instead of unsure: same or different. It asks who decides, and why.")


def explained(beside: Beside, one: Row, other: Row, decisions: list[Decision]) -> Explanation:
    """What there is to say of two mentions of a run."""
    ends = (one["mention_id"], other["mention_id"])
    people = {one["person_id"], other["person_id"]}
    members = [mention for person in sorted(people) for mention in beside.of_person(person)]
    links = beside.links_of(members)
    own = next((link for link in links if {link["mention_l"], link["mention_r"]} == set(ends)), None)
    inside = [
        link
        for link in links
        if link["zone"] == "linked" and {beside.person_of[link[end]] for end in ("mention_l", "mention_r")} <= people
    ]
    return Explanation(
        prior(beside.size_of.values()),
        own["probability"] if own else None,
        own["model"] if own else "",
        len(people) == 1,
        tuple(alike(one, other, own["weights"] if own else "")),
        chain(inside, *ends) if len(people) == 1 else (),
        tuple(_candidates(beside, (one, other), links)),
        _decision(decisions, ends, beside.decisions),
        read(own["weights"]) if own else (),
        _conflict(beside, members, people),
    )


def alike(one: Row, other: Row, weights: str) -> list[Likeness]:
    """How two mentions stand to each other: by what they say, or where one holds tokens alone by what weighed in the pair."""
    return likenesses_by_tokens(read(weights)) if FORM in (one["form"], other["form"]) else likenesses(one, other)


def _candidates(beside: Beside, pair: tuple[Row, Row], links: list[Row]) -> list[Candidate]:
    """The nearest mention of each of the other people that stand in a kept pair with one of the two."""
    known = {row["person_id"] for row in pair}
    nearest: dict[str, tuple[float, str, Row, str]] = {}
    for link in links:
        for row in pair:
            if row["mention_id"] not in (link["mention_l"], link["mention_r"]):
                continue
            there = link["mention_r"] if link["mention_l"] == row["mention_id"] else link["mention_l"]
            person = beside.person_of[there]
            if person not in known and (person not in nearest or link["probability"] > nearest[person][0]):
                nearest[person] = (link["probability"], there, row, link["weights"] or "")
    order = sorted(nearest.items(), key=lambda item: (-item[1][0], item[0]))[:_CANDIDATES]
    rows = beside.mentions(there for _, (_, there, _, _) in order) if order else {}
    return [
        Candidate(
            there,
            person,
            "A" if row is pair[0] else "B",
            probability,
            strongest_against(alike(row, rows[there], weights)),
        )
        for person, (probability, there, row, weights) in order
    ]


def _decision(decisions: list[Decision], ends: tuple[str, str], seen: frozenset[int]) -> str:
    """The decision that stands on the two, in words, and whether it came after the run, which has seen those in `seen`."""
    for decision in reversed(decisions):
        if decision.kind in ON_PAIRS and {decision.subject, decision.other} == set(ends):
            said = _SAID.get(decision.kind, "cannot be told to be one person or two")
            reason = decision.reason.strip().rstrip(".")
            since = "" if decision.sequence in seen else "; it was recorded after this run, and the next one applies it"
            return f"Decision {decision.sequence}, of {decision.decided_by}, says that they {said}: {reason}{since}"
    return ""


def _conflict(beside: Beside, members: list[str], people: set[str]) -> str:
    """What keeps two people apart whatever speaks for them: valid numbers that differ."""
    if len(people) != 2:
        return ""
    rows = beside.mentions(members)
    for column, name in (("nhs_no", "NHS"), ("upn", "pupil")):
        held: list[dict[str, str]] = [{}, {}]
        for mention in sorted(rows):
            if number := rows[mention][column]:
                held[sorted(people).index(rows[mention]["person_id"])].setdefault(number, mention)
        one, other = (
            {number: at for number, at in each.items() if number not in others} for each, others in (held, held[::-1])
        )
        if one and other:
            ends = f"{next(iter(one.values()))} and {next(iter(other.values()))}"
            return f"records of the two hold different valid {name} numbers ({ends})"
    return ""
