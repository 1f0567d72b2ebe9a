"""`joinedup trace`: the rows, files and decisions behind a printed number."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, out, print_json, print_table
from joinedup.store.numbers import RECOMPUTED, read_numbers
from joinedup.store.numbers import trace as follow
from joinedup.store.runs import Runs


def trace(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The inquiry folder.")],
    number: Annotated[
        str | None, typer.Argument(metavar="NUMBER", help="The number's id; without it, all are listed.")
    ] = None,
    *,
    run: Annotated[str | None, typer.Option(help="Which run; the latest without it.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many evidence rows and source records.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Open a printed number: its definition, its value recomputed, and the rows, files and decisions behind it."""
    store = Runs(directory).open(run)
    try:
        if number is None:
            numbers = [(found.number_id, found.value, found.table) for found in read_numbers(store).values()]
            if as_json:
                print_json([dict(zip(("number", "value", "table"), row, strict=True)) for row in numbers])
            else:
                print_table("Printed numbers", ("number", "value", "table"), numbers)
            next_command(f"joinedup trace {directory} NUMBER")
            return
        found = follow(store, number, limit=limit)
    finally:
        store.close()
    if as_json:
        print_json(
            {
                "number": found.number.number_id,
                "value": found.number.value,
                "recomputed": found.recomputed,
                "table": found.number.table,
                "row": found.stands,
                "recipe": {
                    "table": found.number.recipe.table,
                    "where": dict(found.number.recipe.where),
                    "distinct": found.number.recipe.distinct,
                    "total": found.number.recipe.total,
                },
                "evidence": found.evidence.to_pylist(),
                "records": found.records.to_pylist(),
                "decisions": found.decisions.to_pylist(),
            }
        )
    else:
        recipe = found.number.recipe
        where = " and ".join(f"{column} = {value}" for column, value in sorted(recipe.where.items())) or "all rows"
        what = f"different values of {recipe.distinct}" if recipe.distinct else "rows"
        if recipe.total:
            what = f"the sum of {recipe.total} over rows"
        out.print(f"{found.number.number_id} = {found.number.value}", style="bold", markup=False)
        out.print(f"How it is made: {what} of {recipe.table} where {where}", markup=False)
        counted = RECOMPUTED.get(found.number.table, "the number")
        out.print(f"Recomputed now ({counted}): {found.recomputed:,}")
        records = found.records.to_pylist()
        print_table(
            f"Source records (at most {limit})",
            ("return", "form", "file", "sheet", "row", "sha256"),
            [(r["return_id"], r["form"], r["file"], r["sheet"], r["row"], (r["sha256"] or "")[:12]) for r in records],
        )
        decided = found.decisions.to_pylist()
        print_table(
            "Decisions that touch it",
            ("decision", "kind", "judgement", "by", "when", "reason"),
            [
                (d["sequence"], d["kind"], d["judgement"], d["decided_by"], d["decided_at"], d["reason"])
                for d in decided
            ],
        )
    next_command(f"joinedup show {directory} {found.number.recipe.table}")
