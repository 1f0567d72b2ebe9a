"""`joinedup trace`: the rows, files and decisions behind a printed number."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.store.numbers import RECOMPUTED, Trace, read_numbers
from joinedup.store.numbers import trace as follow
from joinedup.store.runs import Runs


def trace(
    directory: Directory,
    number: Annotated[
        str | None, typer.Argument(metavar="NUMBER", help="The number's id; without it, all are listed.")
    ] = None,
    *,
    run: Run = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many evidence rows and source records.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Open a printed number: its definition, its value recomputed, and the rows, files and decisions behind it."""
    with Runs(directory).reading(run) as store:
        if number is None:
            numbers = [(found.number_id, found.value, found.table) for found in read_numbers(store).values()]
            if as_json:
                print_json([dict(zip(("number", "value", "table"), row, strict=True)) for row in numbers])
            else:
                print_table("Printed numbers", ("number", "value", "table"), numbers)
            next_command(f"joinedup trace {directory} NUMBER")
            return
        found = follow(store, number, limit=limit)
    if as_json:
        print_json(_as_document(found))
    else:
        _on_screen(found, limit)
    next_command(f"joinedup show {directory} {found.number.recipe.table}")


def _as_document(found: Trace) -> dict[str, object]:
    return {
        "number": found.number.number_id,
        "value": found.number.value,
        "recomputed": found.recomputed,
        "table": found.number.table,
        "row": found.stands,
        "recipe": asdict(found.number.recipe),
        "evidence": found.evidence.to_pylist(),
        "records": found.records.to_pylist(),
        "decisions": found.decisions.to_pylist(),
    }


def _on_screen(found: Trace, limit: int) -> None:
    recipe = found.number.recipe
    where = " and ".join(f"{column} = {value}" for column, value in sorted(recipe.where.items())) or "all rows"
    what = f"different values of {recipe.distinct}" if recipe.distinct else "rows"
    if recipe.total:
        what = f"the sum of {recipe.total} over rows"
    value = "no number" if found.number.value is None else f"{found.number.value:,.10g}"
    out.print(f"{found.number.number_id} = {value}", style="bold", markup=False)
    out.print(f"How it is made: {what} of {recipe.table} where {where}", markup=False)
    counted = RECOMPUTED.get(found.number.table, "the number")
    out.print(f"Recomputed now ({counted}): {found.recomputed:,}", markup=False)
    records = [
        (row["return_id"], row["form"], row["file"], row["sheet"], row["row"], (row["sha256"] or "")[:12])
        for row in found.records.to_pylist()
    ]
    print_table(f"Source records (at most {limit})", ("return", "form", "file", "sheet", "row", "sha256"), records)
    told = ("sequence", "kind", "judgement", "decided_by", "decided_at", "reason")
    decided = [tuple(row[name] for name in told) for row in found.decisions.to_pylist()]
    print_table("Decisions that touch it", told, decided)
