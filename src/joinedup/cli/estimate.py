"""The verb `estimate`: how many people there are, from a table of which lists hold how many."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from joinedup.cli.console import next_command, out, print_json, print_table, say
from joinedup.errors import UsageError
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import ALWAYS, ASSUMPTIONS, Options, PopulationEstimate, estimate_population
from joinedup.estimate.reading import read_overlap_table, read_people, read_strata
from joinedup.estimate.results import versions
from joinedup.estimate.sensitivity import Sensitivity, sensitivity
from joinedup.estimate.strata import Stratum, estimate_strata

COVARIATES = "covariates"


class Method(StrEnum):
    """The methods of the command."""

    AUTO = "auto"
    WIDENED = "widened"
    BIC = "bic"
    AVERAGED = "averaged"
    DOWNHILL = "downhill"
    STEPWISE = "stepwise"
    FIXED = "fixed"
    INDEPENDENCE = "independence"
    CHAO = "chao"
    DGA = "dga"
    HETEROGENEITY = "heterogeneity"
    LATENT = "latent"
    COVARIATES = "covariates"


Folder = Annotated[
    Path | None,
    typer.Option(help="Write the charts into this folder. They show small counts as they are.", show_default=False),
]
Given = Annotated[
    str, typer.Option(help="With --method fixed: the model, such as '[police*care] [school]'.", show_default=False)
]
Omitted = Annotated[str, typer.Option(help="Lists to leave out, such as school,health.", show_default=False)]
Merged = Annotated[
    list[str] | None,
    typer.Option(help="Lists to take as one, such as police,borders; may be given again.", show_default=False),
]


def estimate(  # noqa: PLR0917  (a verb's options are its arguments)
    table: Annotated[
        Path, typer.Argument(help="CSV: one 0/1 column a list and a count, or one row a person.", show_default=False)
    ],
    method: Annotated[
        Method,
        typer.Option(help="auto: widened, which is BIC to six lists and stepwise from seven, with wider limits."),
    ] = Method.AUTO,
    model: Given = "",
    omit: Omitted = "",
    merge: Merged = None,
    max_order: Annotated[
        int | None,
        typer.Option(min=1, help="The most lists in one term of a model; as many as are tried if not given."),
    ] = None,
    bootstrap: Annotated[int, typer.Option(min=0, help="Replicates for the limits; 0 gives none.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the replicates.")] = 1,
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="Nominal level of the limits.")] = 0.95,
    sensitive: Annotated[
        bool,
        typer.Option("--sensitivity/--no-sensitivity", help="Change the lists and links, and test the method on them."),
    ] = True,
    covariates: Annotated[
        str,
        typer.Option(help="Columns that say what is known of each person, such as sex,age_band,area."),
    ] = "",
    pair: Annotated[
        str,
        typer.Option(
            help="Two lists taken to be independent among people alike in the covariates, such as police,health: they lead."
        ),
    ] = "",
    strata: Annotated[str, typer.Option(help="A column of strata, such as year: one model, sum and trend.")] = "",
    charts: Folder = None,
    formats: Annotated[str, typer.Option("--as", help="How charts are written: svg, png, html.")] = "svg,png,html",
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Estimate how many people there are, those on no list included, or say why no estimate is given.

    The estimate stands beside what every other method says. A refusal is a result: exit code 0.
    Exit code 3: the file is no overlap table; the message says which row and column.
    """
    began = time.perf_counter()
    options = Options(method.value, max_order, bootstrap, seed, level, model=model)
    lists = Lists(tuple(_names(omit)), tuple(tuple(_names(each)) for each in merge or ()))
    if strata:
        _by_strata(table, strata, options, lists, as_json=json)
        return
    overlaps, found = _answered(table, _names(covariates), options, _names(pair), lists)
    if options.method == COVARIATES:
        options = replace(options, method="auto")
    turned = sensitivity(overlaps, options) if sensitive else None
    drawn = _charts(found, turned, charts, formats) if charts else []
    seconds = round(time.perf_counter() - began, 3)
    if json:
        print_json(_plain(found, turned) | {"charts": [str(path) for path in drawn], "seconds": seconds})
        return
    _on_screen(found, turned, seconds)
    if drawn:
        say(f"{len(drawn)} charts in {charts}.")


def _plain(found: PopulationEstimate, turned: Sensitivity | None) -> dict[str, object]:
    warnings = [*found.warnings, *(turned.warnings if turned else ())]
    return found.to_dict() | {"warnings": warnings, "sensitivity": turned.to_dict() if turned else None}


def _names(columns: str) -> list[str]:
    return [each.strip() for each in columns.split(",") if each.strip()]


@dataclass(frozen=True)
class Lists:
    """Lists of the table to leave out, and lists to take as one."""

    omitted: tuple[str, ...]
    merged: tuple[tuple[str, ...], ...]

    def of(self, table: OverlapTable) -> OverlapTable:
        """The table with lists left out and taken together; as it is where neither is asked for."""
        named = [*self.omitted, *(name for group in self.merged for name in group)]
        unknown = sorted({*named} - {*table.lists})
        if unknown or len(named) != len({*named}) or any(len(group) < 2 for group in self.merged):
            why = (
                f"The table has no lists {', '.join(unknown)}" if unknown else "A list is named twice, or merged alone"
            )
            raise UsageError(f"{why}.", remedy=f"Name each once, of: {', '.join(table.lists)}.")
        alone = [name for name in table.lists if name not in named]
        return table.merged(
            {**{" or ".join(group): group for group in self.merged}, **{name: [name] for name in alone}}
        )


def _answered(
    path: Path, covariates: list[str], options: Options, pair: list[str], lists: Lists
) -> tuple[OverlapTable, PopulationEstimate]:
    if covariates and (lists.omitted or lists.merged):
        raise UsageError("With covariates lists are not left out or merged.", remedy="Change the columns of the file.")
    if pair and (len(pair) != 2 or not covariates):
        raise UsageError("A pair is two lists, beside covariates.", remedy="--pair one,two --covariates sex,age_band.")
    if covariates:
        from joinedup.estimate.with_covariates import (  # noqa: PLC0415  (scikit-learn takes a second to load)
            estimate_with_covariates,
            table_of,
        )

        people, known = read_people(path, covariates)
        return table_of(people), estimate_with_covariates(people, known, options, (pair[0], pair[1]) if pair else None)
    if options.method == COVARIATES:
        raise UsageError(
            "The method covariates needs to know which columns they are.",
            remedy="Add --covariates sex,age_band or the like.",
        )
    overlaps = lists.of(read_overlap_table(path))
    return overlaps, estimate_population(overlaps, options)


def _by_strata(path: Path, column: str, options: Options, lists: Lists, *, as_json: bool) -> None:
    """The strata and their sum; by BIC alone."""
    if options.method not in {"auto", "bic"}:
        raise UsageError("Strata are estimated by BIC.", remedy="Leave --method out.")
    began = time.perf_counter()
    found = estimate_strata({name: lists.of(each) for name, each in read_strata(path, column).items()}, options)
    seconds = round(time.perf_counter() - began, 3)
    if as_json:
        print_json(found.to_dict() | {"method": "bic", "nominal": found.level, "seconds": seconds})
        return
    out.print(f"{found.observed:,} people are on the lists, in {len(found.strata)} strata.", markup=False)
    if found.refused:
        out.print(
            f"No total is given: {found.refused.reason} What would lift it: {found.refused.lifted_by}", markup=False
        )
        return
    rows = [
        (each.name, each.observed, _whole(each.estimate), _whole(each.lower), _upper(each.lower, each.upper))
        for each in (*found.strata, Stratum("all", found.observed, found.estimate, found.lower, found.upper))
    ]
    title = f"One model for all strata: {found.model} (limits: model-based, nominal {found.level:.0%})"
    print_table(escape(title), (column, "known", "total", "lower", "upper"), rows)
    if found.trend:
        limits = f" ({found.trend.lower:.2f} to {found.trend.upper:.2f})" if found.trend.lower else ""
        out.print(
            f"From one {column} to the next the total is multiplied by {found.trend.factor:.2f}{limits}.", markup=False
        )
    out.print(f"Assumed: {ASSUMPTIONS['bic']} Their form is the same in every stratum. {ALWAYS}", markup=False)
    say(f"Seed {found.seed}, {found.replicates:,} replicates, {seconds} s.")


def _charts(found: PopulationEstimate, turned: Sensitivity | None, folder: Path, formats: str) -> list[Path]:
    from joinedup.estimate.charts import every, write  # noqa: PLC0415  (Altair takes a second to load)

    return write(every(found, turned), folder, [each.strip() for each in formats.split(",") if each.strip()])


def _on_screen(found: PopulationEstimate, turned: Sensitivity | None, seconds: float) -> None:
    out.print(found.words, markup=False)
    if found.refused:
        out.print(f"What would lift it: {found.refused.lifted_by}", markup=False)
    rows = [
        (
            "*" if row.chosen else "",
            row.method,
            _whole(row.estimate),
            _whole(row.lower),
            _upper(row.lower, row.upper),
            escape(row.model or row.reason or ""),
        )
        for row in found.range
    ]
    print_table(
        f"What each method says (limits: model-based, nominal {found.level:.0%})",
        ("", "method", "total", "lower", "upper", "model"),
        rows,
    )
    if turned:
        _sensitivity(turned)
    for warning in (*found.warnings, *(turned.warnings if turned else ())):
        out.print(f"Warning: {warning}", markup=False)
    out.print(f"Assumed: {found.assumption}", markup=False)
    used = ", ".join(f"{each} {number}" for each, number in versions().items())
    say(f"Table {found.table[:12]}, seed {found.seed}, {found.replicates:,} replicates, {seconds} s; {used}.")
    next_command(
        "the same with --json, or --method bic|averaged|downhill|stepwise|fixed|heterogeneity|independence|chao|dga|latent"
    )


def _sensitivity(turned: Sensitivity) -> None:
    rows = [
        (
            each.kind,
            each.change,
            _whole(each.estimate),
            "" if each.ratio is None else f"{each.ratio:.2f}",
            each.reason or "",
        )
        for each in turned.changes
    ]
    print_table("What it turns on", ("change", "of", "total", "ratio", "why none"), rows)
    ties: dict[str, list[str]] = {}
    for tie in turned.assumed:
        ties.setdefault(tie.term, []).append(_whole(tie.estimate))
    if ties:
        odds = dict.fromkeys(f"{math.exp(tie.log_odds):.2f}" for tie in turned.assumed)
        print_table(
            "The total if lists were tied by an odds ratio the model takes to be 1",
            ("lists", *odds),
            [(term, *totals) for term, totals in ties.items()],
        )
    if turned.close > 1:
        print_table(
            f"{turned.close:,} models fit about as well: the nearest, and those of the lowest and highest total",
            ("model", "BIC above", "total"),
            [(escape(each.model), f"{each.above:.1f}", _whole(each.estimate)) for each in turned.models],
        )
    if turned.priors:
        print_table(
            "Average of graphs under other priors, and caps as multiples of those seen",
            ("prior", "cap", "median", "lower", "upper"),
            [(p.prior, f"{p.cap:.0f}", _whole(p.median), _whole(p.lower), _whole(p.upper)) for p in turned.priors],
        )
    cases = [
        (
            case.name,
            case.truth,
            _whole(case.estimate),
            _whole(case.lower),
            _upper(case.lower, case.upper),
            case.covered,
            case.reason or "",
        )
        for case in turned.self_test.cases
    ]
    headings = ("list", "people on it", "estimated", "lower", "upper", "held", "why none")
    print_table("Each list as known truth, estimated from the others", headings, cases)


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _upper(lower: float | None, upper: float | None) -> str:
    """An upper limit, or the word that there is none where there is a lower one."""
    return "no limit" if upper is None and lower is not None else _whole(upper)
