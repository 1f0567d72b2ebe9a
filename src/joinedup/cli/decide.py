"""`joinedup decide` and `joinedup decisions`: the ledger."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from joinedup.casework.ledger import KINDS, decisions_of, record
from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.domain.nouns import Decision
from joinedup.settings import load_inquiry

_KINDS = "; ".join(f"{kind}: {means}" for kind, means in KINDS.items())


def decide(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The inquiry folder.")],
    kind: Annotated[str, typer.Argument(metavar="KIND", help=_KINDS)],
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="The id it is about.")],
    other: Annotated[str, typer.Argument(metavar="[OTHER]", help="The second id, where there is one.")] = "",
    *,
    by: Annotated[str, typer.Option(help="Who decides: a person's name.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")],
    judgement: Annotated[str, typer.Option(help="What is decided; the kind itself without it.")] = "",
    replaces: Annotated[
        int | None, typer.Option(help="The number of the earlier decision it takes the place of.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Record a person's decision. It is appended, never overwritten; the next run applies it."""
    load_inquiry(directory)
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    recorded = record(directory, Decision(0, kind, subject, other, judgement or kind, reason, by, now, replaces))
    if as_json:
        print_json(asdict(recorded))
    else:
        out.print(f"Decision {recorded.sequence} recorded: {recorded.kind}.", markup=False)
    next_command(f"joinedup run {directory} --stage link")


def decisions(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The inquiry folder.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """List the decisions that stand, in the order recorded."""
    load_inquiry(directory)
    found = [asdict(decision) for decision in decisions_of(directory)]
    if as_json:
        print_json(found)
    else:
        headings = ("sequence", "kind", "subject", "other", "judgement", "decided_by", "decided_at", "reason")
        print_table("Decisions that stand", headings, [tuple(row[heading] for heading in headings) for row in found])
    next_command(f"joinedup run {directory} --stage link")
