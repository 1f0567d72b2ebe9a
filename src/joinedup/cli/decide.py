"""`joinedup decide` and `joinedup decisions`: the ledger."""

from __future__ import annotations

import datetime
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.casework.ledger import KINDS, decisions_of, record
from joinedup.cli.console import asked, next_command, out, print_json, print_table, say
from joinedup.cli.options import AsJson, Directory
from joinedup.domain.judgements import DIFFERENT, ON_PAIRS, SAME, UNSURE
from joinedup.domain.nouns import Decision
from joinedup.errors import UsageError
from joinedup.settings import load_inquiry
from joinedup.store.runs import Runs

SHORT = {"same": SAME, "different": DIFFERENT, "unsure": UNSURE}
"""The words for the three judgements on two mentions."""
_WHAT = "; ".join(
    [*(f"{word}: {KINDS[kind]}" for word, kind in SHORT.items())]
    + [f"{kind}: {means}" for kind, means in KINDS.items() if kind not in ON_PAIRS]
)


def decide(
    directory: Directory,
    kind: Annotated[str, typer.Argument(metavar="WHAT", help=f"{_WHAT}.")],
    subject: Annotated[str, typer.Argument(metavar="A", help="The id it is about: a mention, or another kind's own.")],
    other: Annotated[str, typer.Argument(metavar="[B]", help="The second mention, where there is one.")] = "",
    *,
    by: Annotated[str, typer.Option(help="Who decides: a person's name; asked for without it.")] = "",
    why: Annotated[str, typer.Option("--why", "--reason", help="Why, in a sentence; asked for without it.")] = "",
    judgement: Annotated[str, typer.Option(help="What is decided; the kind itself without it.")] = "",
    replaces: Annotated[
        int | None,
        typer.Option(
            help="The number of the earlier decision it takes the place of; found by itself for two mentions."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record a person's decision. It is appended, never overwritten; the next run applies it."""
    load_inquiry(directory)
    kind = SHORT.get(kind, kind)
    if kind not in KINDS:
        others = ", ".join(each for each in KINDS if each not in ON_PAIRS)
        raise UsageError(
            f"there is no judgement {kind!r}", remedy=f"On two mentions: {', '.join(SHORT)}. On other things: {others}."
        )
    by, why = asked(by, "--by", "Who decides"), asked(why, "--why", "Why, in a sentence")
    recorded = append(directory, Decision(0, kind, subject, other, judgement or kind, why, by, "", replaces))
    if as_json:
        print_json(asdict(recorded))
    else:
        instead = f" It takes the place of decision {recorded.replaces}." if recorded.replaces else ""
        out.print(f"Decision {recorded.sequence} recorded: {recorded.kind}.{instead}", markup=False)
    if kind in ON_PAIRS and Runs(directory).ids() and (gone := _not_in_the_latest_run(directory, subject, other)):
        are = "is" if gone == 1 else "are"
        say(
            f"{gone} of these 2 mentions {are} not in the latest run: nothing follows from the decision until {'it is' if gone == 1 else 'they are'}."
        )
        say(
            f'If an id was mistyped, take it back: joinedup decide {directory} unsure {subject} {other} --why "mistyped" --by NAME'
        )
    next_command(f"joinedup run {directory} --stage link")


def _short(row: dict[str, Any]) -> dict[str, Any]:
    """A decision for the screen: the minute it was made in, and what was decided beside its kind where that says more."""
    said = row["judgement"] if row["judgement"] not in ("", row["kind"]) else ""
    reason = f"{said}: {row['reason']}" if said else row["reason"]
    return row | {"decided_at": str(row["decided_at"])[:16].replace("T", " "), "reason": reason}


def append(directory: Path, decision: Decision) -> Decision:
    """The decision as recorded in the ledger, at this moment."""
    return record(
        directory, replace(decision, decided_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"))
    )


def _not_in_the_latest_run(directory: Path, *mentions: str) -> int:
    with Runs(directory).reading() as store:
        table = store.read("mentions")
        found = table.filter(table.mention_id.isin(mentions)).count().to_pyarrow().as_py()
    return len(mentions) - int(found)


def decisions(
    directory: Directory,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """List the decisions that stand, in the order recorded."""
    load_inquiry(directory)
    found = [asdict(decision) for decision in decisions_of(directory)]
    if as_json:
        print_json(found)
    else:
        headings = ("sequence", "kind", "subject", "other", "decided_by", "decided_at", "reason")
        print_table(
            "Decisions that stand", headings, [tuple(_short(row)[heading] for heading in headings) for row in found]
        )
    next_command(f"joinedup run {directory} --stage link")
