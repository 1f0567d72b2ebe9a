"""`joinedup bring-back` and `joinedup set-aside`: a person decides whether a thing that people share may tie them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from joinedup.casework.ledger import decisions_of
from joinedup.cli.console import next_command, out, print_json
from joinedup.cli.decide import append
from joinedup.cli.options import AsJson, Directory
from joinedup.domain.nouns import Decision
from joinedup.errors import UsageError
from joinedup.registry.hubs import hubs
from joinedup.settings import load_inquiry
from joinedup.store.runs import Runs

Kind = Annotated[str, typer.Argument(metavar="KIND", help="phone, vehicle, account, address, place or record.")]
Value = Annotated[str, typer.Argument(metavar="VALUE", help="The thing; capitals, spaces and hyphens do not matter.")]
By = Annotated[str, typer.Option(help="Who decides: a person's name.")]
Why = Annotated[str, typer.Option("--why", help="Why, in a sentence.")]

MAY_TIE, TIES_NOBODY = "entity_is_not_a_hub", "entity_is_a_hub"
_NEAREST = 3


def bring_back(directory: Directory, kind: Kind, value: Value, *, by: By, why: Why, as_json: AsJson = False) -> None:
    """Decide that a thing set aside as shared by many may tie people again; the next run applies it."""
    listed = f"What is set aside: joinedup groups {directory}"
    _decided(
        directory, Decision(0, MAY_TIE, kind, value, "may tie", why, by, "", None), "hubs", listed, as_json=as_json
    )


def set_aside(directory: Directory, kind: Kind, value: Value, *, by: By, why: Why, as_json: AsJson = False) -> None:
    """Decide that a thing ties nobody, however few share it, or no longer; the next run applies it."""
    listed = f"Things are in: joinedup show {directory} incidences"
    wanted = Decision(0, TIES_NOBODY, kind, value, "ties nobody", why, by, "", None)
    _decided(directory, wanted, "incidences", listed, as_json=as_json)


def _decided(directory: Directory, wanted: Decision, table: str, listed: str, *, as_json: bool) -> None:
    """Records what is wanted of the thing `subject`/`other` (its kind and value), in place of what was decided of it before.

    A decision that says what already stands is not recorded again.
    """
    load_inquiry(directory)
    kind, value = wanted.subject, wanted.other
    if kind not in hubs().caps:
        raise UsageError("there is no such kind of thing", remedy=f"Kinds: {', '.join(sorted(hubs().caps))}.")
    judged = [each for each in decisions_of(directory) if each.kind in {MAY_TIE, TIES_NOBODY}]
    known = {each.subject.removeprefix(f"{kind}:") for each in judged if each.subject.startswith(f"{kind}:")}
    named = f"{kind}:{_as_recorded(directory, kind, value, known, table, listed)}"
    before = next((each for each in reversed(judged) if each.subject == named), None)
    stands = before is not None and before.kind == wanted.kind
    if before is not None and stands:
        recorded = before
    else:
        replaces = before.sequence if before else None
        decision = Decision(0, wanted.kind, named, "", wanted.judgement, wanted.reason, wanted.decided_by, "", replaces)
        recorded = append(directory, decision)
    if as_json:
        print_json({**asdict(recorded), "already_stood": stands})
    elif stands:
        when = f"{recorded.decided_by}, {recorded.decided_at[:10]}"
        out.print(f"Decision {recorded.sequence} says so already ({when}); nothing was recorded.", markup=False)
    else:
        instead = f" It takes the place of decision {recorded.replaces}." if recorded.replaces else ""
        out.print(f"Decision {recorded.sequence} recorded: the {named} {recorded.judgement}.{instead}", markup=False)
    next_command(f"joinedup run {directory} --stage link")


def _as_recorded(directory: Path, kind: str, value: str, decided: set[str], table: str, listed: str) -> str:
    """The thing as the latest run, or an earlier decision, writes it; a slip of the pen would be a decision about nothing."""
    with Runs(directory).reading() as store:
        rows = store.read(table)
        rows = rows.filter(rows.kind == kind).select("value").distinct().order_by("value")
        names: list[str] = sorted({*rows.to_pyarrow()["value"].to_pylist(), *decided})
    if value in names:
        return value
    alike = [name for name in names if _letters(name) == _letters(value)]
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise UsageError(f"{len(alike)} things of the kind {kind} are written so", remedy=_list(alike, kind, listed))
    folded = {_letters(name): name for name in reversed(names)}
    close = [folded[near] for near in get_close_matches(_letters(value), sorted(folded), n=_NEAREST)]
    what = "sets aside" if table == "hubs" else "has"
    raise UsageError(f"the latest run {what} no such {kind}", remedy=_list(close, kind, listed))


def _letters(value: str) -> str:
    """What is left of a name when it does not matter how it is written: letters and digits in lower case.

    >>> _letters("Mill Lane  Taxi-Rank") == _letters("mill lane taxi rank")
    True
    """
    return re.sub(r"[\W_]+", "", value.casefold())


def _list(names: Sequence[str], kind: str, listed: str) -> str:
    """The names that may be meant, where they are of places; of anything else only where to look them up."""
    if kind != "place" or not names:
        return listed
    return f"Nearest: {'; '.join(names[:_NEAREST])}. {listed}"
