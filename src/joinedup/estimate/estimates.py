"""The tables overlaps and estimates, over every scope, and of the estimate that leads what it turns on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from joinedup.domain.numbers import number_ids
from joinedup.estimate import described, several_lists, turning
from joinedup.estimate.corrected import (
    REVIEWED,
    Review,
    Tables,
    corrected_tables,
    in_replicates,
    model_limits,
    pair_in_replicates,
)
from joinedup.estimate.described import Beside, Children
from joinedup.estimate.known_of_lists import KnownOfLists
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.overlaps import KNOWN_OR_SUSPECTED, NOT_STATED, SCOPES, Lists, Scope, overlap_table
from joinedup.estimate.population import Options as Modelled
from joinedup.estimate.population import PopulationEstimate
from joinedup.estimate.two_lists import METHOD, Options, Result, assumptions, estimate, leading, pairs

Rows = list[dict[str, object]]


@dataclass(slots=True)
class Made:
    """The rows of the tables that the stage writes, in their order."""

    overlaps: Rows = field(default_factory=list)
    corrections: Rows = field(default_factory=list)
    estimates: Rows = field(default_factory=list)
    sensitivities: Rows = field(default_factory=list)
    redrawn: Rows = field(default_factory=list)


def tables(
    memberships: pa.Table,
    groups: Mapping[str, Sequence[str]],
    options: Options,
    modelled: Modelled,
    review: Review,
    beside: Beside | None = None,
) -> Made:
    """The rows of overlaps, of corrected_overlaps and of estimates; of the one that leads, those of sensitivities and of redrawn.

    Estimates are made from the tables as the review sample corrects them, where there is one, else from the raw ones and
    marked as unreviewed.

    Lists are the groups of `groups`, and the kinds of all agencies no group names. One estimate leads: of children
    known or suspected where any list holds such a child, else of those on lists that do not say. Where three lists or more
    hold such children, log-linear models are fitted to that scope and the one of the lowest BIC leads, or its refusal;
    the pairs stay beside it. Of two lists the pair leads. Strata and covariates that `beside` asks for are of that scope, and never lead.
    """
    beside = beside or Beside()
    lists = Lists.of(memberships, groups)
    on_records = Lists.of(review.listed, groups)
    made = Made()
    extra: Rows = []
    by_scope = {scope.name: overlap_table(memberships, scope, lists) for scope in SCOPES}
    lead = (
        NOT_STATED
        if by_scope[NOT_STATED].observed and not by_scope[KNOWN_OR_SUSPECTED].observed
        else KNOWN_OR_SUSPECTED
    )
    for scope in SCOPES:
        table = by_scope[scope.name]
        made.overlaps += table.rows(scope.name)
        corrected = corrected_tables(table, scope, on_records.under(lists.names), review, modelled.seed)
        made.corrections += corrected.rows(scope.name)
        leads = scope.name == lead
        models = leads and several_lists.can_be_modelled(corrected.table)
        rows, results = _pairs(scope, corrected, options, beside.known, leads=leads and not models)
        if models:
            rows += _models(made, scope, corrected, modelled, beside.known)
        elif leads:
            _turn_pair(made, scope, corrected, options, results)
        if leads and table.observed:
            children = Children.of(memberships, scope, lists)
            more = described.rows(children, scope, modelled, beside)
            extra += [row | {"unreviewed": review.missing or described.NOT_CORRECTED} for row in more]
        made.estimates += [
            row | _of_the_links(corrected, table, str(row["assumptions"]), review.missing) for row in rows
        ]
    found = made.estimates + extra
    ids = number_ids([("estimate", str(row["scope"]), str(row["method"])) for row in found])
    made.estimates = [row | {"number_id": each} for row, each in zip(found, ids, strict=True)]
    return made


def _models(made: Made, scope: Scope, corrected: Tables, options: Modelled, known: KnownOfLists) -> Rows:
    """The rows of the methods of three lists or more; what the one that leads turns on goes to `made`."""
    held = _as_known(corrected, known)
    answer = several_lists.modelled(scope, corrected.table, options, known)
    rows: Rows = []
    for row in answer.rows:
        again: list[PopulationEstimate] = []
        if row.estimate is not None and corrected.replicates:
            again = in_replicates(held, several_lists.method_of(row.method), options)
        rows.append(_modelled_row(scope, held, row, again, corrected))
        if row.leads and row.estimate is not None:
            recipe = scope.recipe.to_json()
            made.sensitivities += turning.of_models(scope.name, recipe, held.table, answer.found, options)
            made.redrawn += turning.redrawn(scope.name, recipe, turning.PEOPLE, answer.found.totals)
            totals = [each.estimate for each in again if each.estimate is not None]
            made.redrawn += turning.redrawn(scope.name, recipe, turning.LINKS, totals)
    return rows


def _turn_pair(made: Made, scope: Scope, corrected: Tables, options: Options, results: Sequence[Result]) -> None:
    """What the pair that leads turns on goes to `made`."""
    chosen = leading(results)
    if chosen is None or chosen.estimate is None:
        return
    recipe = scope.recipe.to_json()
    made.sensitivities += turning.of_pair(scope.name, recipe, corrected.table, chosen, options)
    again = (estimate(table, chosen.pair, options).estimate for table in corrected.replicates)
    made.redrawn += turning.redrawn(scope.name, recipe, turning.LINKS, [each.estimate for each in again if each])


def _as_known(corrected: Tables, known: KnownOfLists) -> Tables:
    """The tables as the models take them: lists of one kind of child left out, impossible pairs marked."""

    def prepared(table: OverlapTable) -> OverlapTable:
        return known.marked(known.modelled(table)[0])[0]

    return Tables(prepared(corrected.table), tuple(prepared(each) for each in corrected.replicates))


def _of_the_links(corrected: Tables, raw: OverlapTable, assumptions: str, missing: str) -> dict[str, object]:
    """What the links have to do with it. Those on the lists stay counted as linked, so that the number recomputes."""
    reviewed = corrected.table.observed if corrected.replicates else None
    said = f"{assumptions} {missing if reviewed is None else REVIEWED}"
    return {
        "observed": raw.observed,
        "assumptions": said,
        "unreviewed": missing if reviewed is None else None,
        "corrected_observed": reviewed,
    }


def _pairs(
    scope: Scope, corrected: Tables, options: Options, known: KnownOfLists, *, leads: bool
) -> tuple[Rows, list[Result]]:
    """The rows of every two lists, and the results they are of."""
    table = corrected.table
    if not table.observed or len(table.lists) < 2:
        return [_nothing_to_hold_together(scope, table, options) | {"chosen": leads}], []
    results = [
        _meant(pair_in_replicates(corrected, estimate(table, pair, options), options), known)
        for pair in pairs(table.lists)
    ]
    chosen = leading(results) if leads else None
    return [_row(scope, result, options) | {"chosen": result is chosen} for result in results], results


def _meant(result: Result, known: KnownOfLists) -> Result:
    """The result, refused where its lists mean different children or days."""
    refused = known.meanings.refusal([result.pair.first, *result.pair.second])
    if refused is None or result.estimate is None:
        return result
    return replace(result, estimate=None, refused=refused.reason, lifted_by=refused.lifted_by)


def _row(scope: Scope, result: Result, options: Options) -> dict[str, object]:
    found = result.estimate
    return {
        "scope": scope.name,
        "method": result.pair.name,
        "observed": result.observed,
        "estimate": found.estimate if found else None,
        # Those already seen on the other lists are there for certain.
        "lower": max(found.limits.lower, float(result.observed)) if found else None,
        "upper": found.limits.upper if found else None,
        "nominal": options.level,
        "refused": result.refused or None,
        "lifted_by": result.lifted_by or None,
        "assumptions": assumptions(scope, result.pair, options.level),
        "recipe": scope.recipe.to_json(),
    }


def _modelled_row(
    scope: Scope, corrected: Tables, row: several_lists.Row, again: Sequence[PopulationEstimate], whole: Tables
) -> dict[str, object]:
    """One method's row; `again` is what it gives in the replicates of the review, `whole` are the tables of all lists, those that
    the models leave out included."""
    lower, upper = row.lower, row.upper
    if corrected.replicates and row.estimate is not None and lower is not None:
        modelled = corrected.table.lists
        widen = model_limits(corrected, again, row.level, whole.freedom(modelled, modelled))
        lower, highest = widen(row.estimate, lower, math.inf if upper is None else upper)
        upper = highest if math.isfinite(highest) else None
        lower = max(lower, float(whole.table.observed))
    return {
        "scope": scope.name,
        "method": row.method,
        "observed": corrected.table.observed,
        "estimate": row.estimate,
        "lower": lower,
        "upper": upper,
        "nominal": row.level,
        "refused": row.refused.reason if row.refused else None,
        "lifted_by": row.refused.lifted_by if row.refused else None,
        "assumptions": row.assumptions,
        "warnings": row.warnings or None,
        "recipe": scope.recipe.to_json(),
        "chosen": row.leads,
    }


def _nothing_to_hold_together(scope: Scope, table: OverlapTable, options: Options) -> dict[str, object]:
    """The one refusal of a scope of which there is nobody, or one list alone."""
    if table.observed:
        refused = f"Only one list, {table.lists[0]}, holds such children; an estimate needs two."
    else:
        refused = "No list holds such a child."
    return {
        "scope": scope.name,
        "method": METHOD,
        "observed": table.observed,
        "nominal": options.level,
        "refused": refused,
        "lifted_by": "Returns that name such children from agencies of at least two kinds, or agencies of one kind set "
        "apart as lists of their own in inquiry.toml, [estimate] lists.",
        "assumptions": f"Asked: how many {scope.describes}. Nothing is assumed, since nothing is estimated.",
        "recipe": scope.recipe.to_json(),
    }
