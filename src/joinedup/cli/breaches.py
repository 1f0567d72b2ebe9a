"""`joinedup breaches`: what was late, left undone or contradicted, by rule and agency."""

from __future__ import annotations

import csv
import sys
from typing import Annotated, Any

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.errors import UsageError
from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.local_standards import all_standards
from joinedup.store.contract import Store
from joinedup.store.runs import Runs

Row = dict[str, Any]
_COLUMNS = ("pathway_id", "person_id", "agency", "rule", "reason", "due", "done", "outcome", "evidence")


def breaches(
    directory: Directory,
    *,
    rule: Annotated[str | None, typer.Option(help="Only of this standard or rule.")] = None,
    agency: Annotated[str | None, typer.Option(help="Only those this agency answers for.")] = None,
    explain: Annotated[str | None, typer.Option(metavar="RULE", help="Instead: say what a rule means.")] = None,
    run: Run = None,
    limit: Annotated[int | None, typer.Option(min=0, help="At most this many; 10 on the screen.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write CSV with a header row.")] = False,
    as_json: AsJson = False,
) -> None:
    """List breaches with the reason for each; without --rule or --agency, count them by rule first.

    A breach is a reason for a person to open the rows, not a finding of fault.
    """
    known = {**all_standards(directory), **breach_rules()}
    for wanted in (rule, explain):
        if wanted is not None and wanted not in known:
            raise UsageError(f"there is no standard or rule {wanted!r}", remedy=f"They are: {', '.join(known)}.")
    if as_csv and as_json:
        raise UsageError("--csv and --json were both given", remedy="Give one of them.")
    if explain is not None:
        _explain(known[explain], as_json=as_json)
        next_command(f"joinedup breaches {directory} --rule {explain}")
        return
    runs = Runs(directory)
    with runs.reading(run) as store:
        rows, counted = found(store, rule, agency), reviewed(store, rule, agency)
    shown = rows[: limit if limit is not None or as_csv or as_json else 10]
    if as_csv:
        writer = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(shown)
    elif as_json:
        print_json({"run": runs.find(run), "breaches": len(rows), "by_rule": counted, "entries": shown})
    else:
        _on_screen(shown, len(rows), counted, known)
    next_command(f"joinedup pathway {directory} ID")


def found(store: Store, rule: str | None, agency: str | None) -> list[Row]:
    """The breaches asked for, in the table's order."""
    table = store.read("breaches")
    for column, wanted in (("rule", rule), ("agency", agency)):
        if wanted is not None:
            table = table.filter(table[column] == wanted)
    rows: list[Row] = table.order_by("pathway_id", "rule").select(*_COLUMNS).to_pyarrow().to_pylist()
    return rows


def reviewed(store: Store, rule: str | None, agency: str | None) -> list[Row]:
    """For each rule how many pathways it speaks of, how many are met, broken, and cannot be told, of one agency or of all."""
    table = store.read("reviews")
    table = table.filter(table.agency == (agency or "all"))
    if rule is not None:
        table = table.filter(table.rule == rule)
    kept = ("rule", "agency", "due", "met", "breached", "not_recorded", "share_lower", "share_upper")
    rows: list[Row] = table.filter(table.due > 0).order_by("rule").select(*kept).to_pyarrow().to_pylist()
    return rows


def _on_screen(rows: list[Row], total: int, counted: list[Row], known: dict[str, Any]) -> None:
    told = [
        (row["rule"], known[row["rule"]].title if row["rule"] in known else "", row["due"], row["met"], row["breached"], row["not_recorded"])
        for row in counted
    ]  # fmt: skip
    print_table("By rule", ("rule", "what it asks", "of", "met", "broken", "record cannot tell"), told)
    for row in rows:
        whose = f", child {row['person_id']}" if row["person_id"] else ""
        out.print(f"{row['pathway_id']}: {row['agency']}{whose}", style="bold", markup=False)
        out.print(f"  - {row['reason']}", markup=False, soft_wrap=True)
    out.print(f"{len(rows):,} of {total:,} breaches; all of them: --csv or --json.", markup=False)


def _explain(rule: Any, *, as_json: bool) -> None:
    if as_json:
        print_json(rule.model_dump(mode="json", exclude={"examples"}))
        return
    out.print(f"{rule.id}: {rule.title}", style="bold", markup=False)
    reason = getattr(rule, "reason", None)
    sentences = [("Says", reason)] if reason else [("Says when late", rule.late), ("Says when not done", rule.not_done)]
    needs = getattr(rule, "needs", None)
    sentences += (
        [("Needs", needs)]
        if needs
        else [("Nation", f"{rule.nation}, from {rule.since}"), ("Binds", ", ".join(rule.binds))]
    )
    for heading, text in [*sentences, ("Source", rule.source), ("Caveat", rule.caveat)]:
        out.print(f"{heading}: {' '.join(str(text).split())}", markup=False, soft_wrap=True)
