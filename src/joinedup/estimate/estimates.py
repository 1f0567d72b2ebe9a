"""The tables overlaps and estimates, over every scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from joinedup.domain.numbers import number_ids
from joinedup.estimate import several_lists
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.overlaps import KNOWN_OR_SUSPECTED, NOT_STATED, SCOPES, Lists, Scope, overlap_table
from joinedup.estimate.population import Options as Modelled
from joinedup.estimate.two_lists import METHOD, Options, Result, assumptions, estimate, leading, pairs

Rows = list[dict[str, object]]


def tables(
    memberships: pa.Table, groups: Mapping[str, Sequence[str]], options: Options, modelled: Modelled
) -> tuple[Rows, Rows]:
    """The rows of overlaps and of estimates.

    Lists are the groups of `groups`, and the kinds of all agencies no group names. One estimate leads: of children
    known or suspected where any list holds such a child, else of those on lists that do not say. Where three lists or more
    hold such children, log-linear models are fitted to that scope and the one of the lowest BIC leads, or its refusal;
    the pairs stay beside it. Of two lists the pair leads.
    """
    lists = Lists.of(memberships, groups)
    overlaps: Rows = []
    found: Rows = []
    by_scope = {scope.name: overlap_table(memberships, scope, lists) for scope in SCOPES}
    lead = (
        NOT_STATED
        if by_scope[NOT_STATED].observed and not by_scope[KNOWN_OR_SUSPECTED].observed
        else KNOWN_OR_SUSPECTED
    )
    for scope in SCOPES:
        table = by_scope[scope.name]
        overlaps += table.rows(scope.name)
        models = scope.name == lead and several_lists.can_be_modelled(table)
        found += _estimates(scope, table, options, leads=scope.name == lead and not models)
        if models:
            found += [_modelled_row(scope, table, row, modelled) for row in several_lists.rows(scope, table, modelled)]
    ids = number_ids([("estimate", str(row["scope"]), str(row["method"])) for row in found])
    return overlaps, [row | {"number_id": each} for row, each in zip(found, ids, strict=True)]


def _estimates(scope: Scope, table: OverlapTable, options: Options, *, leads: bool) -> Rows:
    if not table.observed or len(table.lists) < 2:
        return [_nothing_to_hold_together(scope, table, options) | {"chosen": leads}]
    results = [estimate(table, pair, options) for pair in pairs(table.lists)]
    chosen = leading(results) if leads else None
    return [_row(scope, result, options) | {"chosen": result is chosen} for result in results]


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


def _modelled_row(scope: Scope, table: OverlapTable, row: several_lists.Row, options: Modelled) -> dict[str, object]:
    return {
        "scope": scope.name,
        "method": row.method,
        "observed": table.observed,
        "estimate": row.estimate,
        "lower": row.lower,
        "upper": row.upper,
        "nominal": options.level,
        "refused": row.refused.reason if row.refused else None,
        "lifted_by": row.refused.lifted_by if row.refused else None,
        "assumptions": row.assumptions,
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
