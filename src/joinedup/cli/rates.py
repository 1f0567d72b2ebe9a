"""`joinedup rates`: people of a run against a population that the user brings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.console import next_command, print_json, print_table, say
from joinedup.cli.csv_file import read_base_table
from joinedup.cli.options import AsJson, Directory, Run
from joinedup.errors import UsageError
from joinedup.profile.base_tables import BaseTable
from joinedup.profile.rates import Asked, Rates, rates
from joinedup.store.runs import Runs

COUNTED_BY = ("area", "age_band", "sex", "first_year")
KINDS = {"children": "child", "suspects": "suspect"}


def show_rates(  # noqa: PLR0917  (typer takes options by name)
    directory: Directory,
    base: Annotated[Path, typer.Option("--base", help="CSV of a population: area, age, sex, year; people.")],
    by: Annotated[str, typer.Option("--by", help="area, age_band, sex or first_year.")] = "area",
    population: Annotated[
        str, typer.Option(help="children:known, children:suspected, suspects:alleged ...")
    ] = "children:known",
    per: Annotated[float, typer.Option(min=1, help="Rates are for each so many people.")] = 10_000,
    year: Annotated[str | None, typer.Option(help="Only this year of the base table and of first concerns.")] = None,
    standardise: Annotated[bool, typer.Option("--standardise", help="Rates standardised by age as well.")] = False,
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """Say how many of a population are recorded for each so many people who live there, with what is not known.

    The base table is the user's own: any year and geography. Exact numbers, for the inquiry alone: nothing printed here is
    protected for publication. Exit codes: 0 printed, 2 asked in a way that cannot be answered, 3 the file could not be read.
    """
    kind, _, status = population.partition(":")
    if kind not in KINDS or not status:
        raise UsageError(
            f"{population!r} is no population", remedy="Write the kind and the status, for example children:known."
        )
    table = read_base_table(base, kind)
    if by not in COUNTED_BY:
        raise UsageError(f"people are not counted by {by!r} here", remedy=f"Count by {', '.join(COUNTED_BY)}.")
    needed = [by, *(["first_year"] if year else []), *(["age_band"] if standardise else [])]
    lacking = [each for each in needed if each not in table.dimensions]
    if lacking:
        raise UsageError(
            f"{base.name} has no column of {', '.join(lacking)}; it has {', '.join(table.dimensions)}",
            remedy="Count by what it has, or bring a table that has it.",
        )
    with Runs(directory).reading(run) as store:
        listed = store.read("memberships")
        listed = listed.filter(listed.strongest, listed.kind == KINDS[kind], listed.status == status)
        columns = ("person_id", "area", "age_band", "sex", "first_year")
        people = listed.select(*columns).distinct().order_by("person_id").to_pyarrow().to_pylist()
    where = {"first_year": year} if year else {}
    chosen = [person for person in people if year is None or person["first_year"] == year]
    try:
        found = rates(chosen, table, Asked(by, where, per, standardise))
    except ValueError as error:
        raise UsageError(str(error), remedy="Look at the years and values of the base table.") from error
    _show(found, table, population, per, by, as_json=as_json)
    next_command(f"joinedup show {directory} counts")


def _show(found: Rates, table: BaseTable, population: str, per: float, by: str, *, as_json: bool) -> None:
    if as_json:
        facts = {"unknown": found.unknown, "outside": found.outside, "dispersion": found.dispersion}
        print_json(
            {"population": population, "by": by, "per": per, **facts, "common": found.common, "rows": found.rows}
        )
        return
    headings = list(found.rows[0])
    title = f"{population}, for each {per:,.0f} people"
    print_table(title, [each.replace("_", " ") for each in headings], [list(row.values()) for row in found.rows])
    say(f"Of no known {by}: {found.unknown:,}; each could be anywhere, so 'highest' counts them everywhere.")
    if found.outside:
        say(f"Of a {by} that the base table lacks: {found.outside:,}.")
    if table.left_out:
        say(f"Columns left out, their rows added together: {', '.join(table.left_out)}.")
    say("A rate of those recorded follows how an agency records as much as what happens; a funnel shows chance alone.")
