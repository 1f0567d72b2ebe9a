"""`joinedup audit-release`: whether published tables give a small count away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json, print_table, say
from joinedup.cli.release_files import parts_of, publication, rule_named
from joinedup.domain.nouns import Decision
from joinedup.errors import EXIT_FINDINGS, UnreadableError, UsageError
from joinedup.settings import load_inquiry
from joinedup.stats.disclosure import (
    Audit,
    AuditedCell,
    HistoryAudit,
    Publication,
    RevealedGroup,
    SmallCounts,
    audit,
    audit_history,
    fingerprint,
)

_SHOWN = 30


_Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="Tables, and numbers in sentences, as CSV; several are one release."),
]
_LargestSmall = Annotated[
    int | None, typer.Option(min=1, help="Counts from 1 to this are small; 4, or what --rule says, without it.")
]
_SmallGroup = Annotated[
    int, typer.Option(min=0, help="Groups up to this many must not be shown to be all alike; 0 asks of none.")
]
_Within = Annotated[
    int,
    typer.Option(min=0, help="Read shown counts as at most this far from the true ones: rounded, or with noise."),
]
_Parts = Annotated[
    list[str] | None,
    typer.Option(metavar="DIMENSION=FILE", help="Categories that lie within others: a CSV of part and whole."),
]
_Earlier = Annotated[
    list[Path] | None,
    typer.Option(help="An earlier release of nearly the same people: a file, or a folder of them; oldest first."),
]
_Corrections = Annotated[
    int | None,
    typer.Option(min=0, help="Entries corrected since the release before; the fewest there can be without it."),
]
_Override = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Let it out all the same: record so in this inquiry's ledger.")
]


def audit_release(
    files: _Files,
    *,
    largest_small: _LargestSmall = None,
    behind: Annotated[int, typer.Option(min=2, help="Counts that must stay possible for one who knows the rule.")] = 3,
    small_group: _SmallGroup = 0,
    rule: Annotated[str, typer.Option(help="Read shown counts as this disclosure rule rounds them.")] = "",
    within: _Within = 0,
    parts: _Parts = None,
    earlier: _Earlier = None,
    corrections: _Corrections = None,
    override: _Override = None,
    by: Annotated[str, typer.Option(help="Who decides an override.")] = "",
    checked_by: Annotated[str, typer.Option(help="The second person who decides it.")] = "",
    why: Annotated[str, typer.Option("--why", "--reason", help="Why, in a sentence.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print every withheld cell as JSON.")] = False,
) -> None:
    """Say what an outsider can work out of the cells that published tables withhold.

    One column for each dimension and a last column count; totals are rows whose dimension says Total, withheld cells
    are written c, a range of counts as 8-12. A file with the columns of, out_of and says holds numbers in sentences.
    Every file is taken to count the same people at the same time, those of --earlier nearly the same ones. Exit
    codes: 0 safe, or let out by an override that was recorded; 1 not safe; 2 usage; 3 a file could not be read.
    """
    if rule and within:
        raise UsageError("--rule and --within read the same counts in two ways", remedy="Give one of them.")
    rounding = rule_named(rule) if rule else None
    most = largest_small or (rounding.small_to if rounding else SmallCounts().most)
    limits = SmallCounts(1, most, behind, small_group)
    options = parts_of(parts or [])
    now = publication("this release", files, options, rounding, within)
    before = [publication(str(each), [each], options, rounding, within) for each in earlier or []]
    found, history = _audits(now, before, limits, corrections)
    safe = found.safe and (history is None or history.safe)
    name = fingerprint(now.tables, [each.said for each in now.statements])
    let_out = None if safe or override is None else _override(override, name, (by, checked_by, why))
    if as_json:
        told = {**audit_json(found), "safe": safe, "fingerprint": name}
        print_json({**told, "history": history and history_json(history), "override": let_out and let_out.sequence})
    else:
        _on_screen(found, history, limits, name)
    if let_out is not None:
        say(f"Decision {let_out.sequence} lets it out, by {let_out.decided_by} and {let_out.other}.")
    if safe:
        say("Publish these tables together: the audit is of them all at once, and of nothing else.")
    next_command("joinedup audit-release --help" if safe else "joinedup protect TABLE.csv")
    raise typer.Exit(0 if safe or let_out is not None else EXIT_FINDINGS)


def _audits(
    now: Publication, before: list[Publication], limits: SmallCounts, corrections: int | None
) -> tuple[Audit, HistoryAudit | None]:
    try:
        found = audit(now.tables, limits, statements=now.statements)
        steps = [*([None] * (len(before) - 1)), corrections]
        return found, audit_history([*before, now], limits, steps) if before else None
    except ValueError as error:
        raise UnreadableError(f"the tables are not one release: {error}", remedy="Mend the tables.") from error


def _override(directory: Path, name: str, people: tuple[str, str, str]) -> Decision:
    from joinedup.casework.ledger import RELEASE_OVERRIDE  # noqa: PLC0415  (Django loads longer than most audits take)
    from joinedup.cli.decide import append  # noqa: PLC0415  (as above)

    by, checked_by, why = people
    load_inquiry(directory)
    if not (by.strip() and checked_by.strip() and why.strip()):
        raise UsageError("an override needs two people and a reason", remedy="Give --by, --checked-by and --why.")
    return append(directory, Decision(0, RELEASE_OVERRIDE, name, checked_by, RELEASE_OVERRIDE, why, by, "", None))


def audit_json(found: Audit) -> dict[str, object]:
    """The audit as others script against it."""
    return {
        "safe": found.safe,
        "cells": [cell_json(each) for each in found.cells],
        "unprotected": found.unprotected,
        "incomplete": found.incomplete,
        "groups": _groups_json(found.groups),
    }


def cell_json(each: AuditedCell) -> dict[str, object]:
    """One withheld cell."""
    return {
        "cell": each.cell,
        "lower": each.lower,
        "upper": each.upper,
        "primary": each.primary,
        "protected": each.protected,
        "exact": each.exact,
        "lower_knowing_rule": each.lower_knowing_rule,
        "upper_knowing_rule": each.upper_knowing_rule,
    }


def history_json(found: HistoryAudit) -> dict[str, object]:
    """What successive releases give away together, as others script against it."""
    return {
        "safe": found.safe,
        "revealed": [
            {"cell": each.cell, "earlier": each.earlier, "later": each.later, "lower": each.lower, "upper": each.upper}
            for each in found.revealed
        ],
        "cells": [cell_json(each) for each in found.cells],
        "unprotected": found.unprotected,
        "corrections": list(found.corrections),
        "corrections_in_all": found.in_all,
        "together": [list(each) for each in found.together],
        "incomplete": found.incomplete,
        "groups": _groups_json(found.groups),
    }


def _groups_json(found: Sequence[RevealedGroup]) -> list[dict[str, object]]:
    return [{"group": each.group, "alike": each.alike, "most": each.most} for each in found]


def _on_screen(found: Audit, history: HistoryAudit | None, limits: SmallCounts, name: str) -> None:
    _print_open("Not protected", [each for each in found.cells if not each.protected])
    _print_groups("Small groups known to be all alike", found.groups)
    if history is not None:
        _print_open("Given away beside earlier releases", [each for each in history.cells if not each.protected])
        _print_groups("Small groups known to be all alike beside earlier releases", history.groups)
        if history.revealed:
            moved = [
                (each.cell, each.earlier, each.later, each.lower, each.upper) for each in history.revealed[:_SHOWN]
            ]
            print_table("Changes of a few people", ("cell", "from", "to", "at least", "at most"), moved)
    out.print(f"{len(found.cells):,} cells withheld, {found.unprotected:,} of them not protected")
    if history is not None:
        out.print(
            f"beside earlier releases: {history.unprotected:,} not protected, {len(history.revealed):,} changes of a few"
            f" people; corrections taken to be known: {_corrections(history)}"
        )
        if len(history.together) > 1:
            out.print(
                f"The history is too long for one system: it was audited in {len(history.together)} runs, the newest of"
                f" {len(history.together[-1])} releases."
            )
    if left := found.incomplete + (history.incomplete if history else 0):
        out.print(f"{left:,} questions were left open by the solver: not safe")
    out.print(_verdict(found, history, limits))
    say(f"Fingerprint of this release: {name}")


def _corrections(history: HistoryAudit) -> str:
    each = ", ".join(map(str, history.corrections))
    return each if sum(history.corrections) == history.in_all else f"{each}; {history.in_all} in all"


def _print_open(title: str, cells: list[AuditedCell]) -> None:
    rows = [(each.cell, each.lower, each.upper, each.upper_knowing_rule) for each in cells[:_SHOWN]]
    if rows:
        print_table(title, ("cell", "at least", "at most", "at most, knowing the rule"), rows)
    if len(cells) > _SHOWN:
        out.print(f"and {len(cells) - _SHOWN:,} more; all of them: --json")


def _print_groups(title: str, groups: Sequence[RevealedGroup]) -> None:
    rows = [(each.group, each.alike, each.most) for each in groups[:_SHOWN]]
    if rows:
        print_table(title, ("group", "all are", "people at most"), rows)
    if len(groups) > _SHOWN:
        out.print(f"and {len(groups) - _SHOWN:,} more; all of them: --json")


def _verdict(found: Audit, history: HistoryAudit | None, limits: SmallCounts) -> str:
    most = limits.most
    if not found.safe:
        if found.unprotected:
            return f"Not safe: the published numbers narrow down a cell that is, or could be, 1 to {most}."
        return "Not safe: a small group is known to be all alike." if found.groups else "Not safe: left open."
    if history is not None and not history.safe:
        if history.revealed:
            return "Not safe beside what was published before: a few people stand alone in the difference."
        if history.groups and not history.unprotected:
            return "Not safe beside what was published before: a small group is known to be all alike."
        return "Not safe beside what was published before: the releases narrow down a withheld cell together."
    return f"Safe: any withheld cell that could be 1 to {most} could as well be none or more."
