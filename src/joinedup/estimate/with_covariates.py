"""The answer to a table of people with what is known of each: every other method, and the totals that allow for covariates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from joinedup.errors import UsageError
from joinedup.estimate import cautions
from joinedup.estimate.all_lists import FEWEST_LISTS, all_lists
from joinedup.estimate.covariates import Adjusted, adjusted
from joinedup.estimate.covariates import Options as Fitting
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import ALWAYS, estimate_population
from joinedup.estimate.results import MethodRow, Options, PopulationEstimate, Refusal

METHOD = "covariates"
ALL = (
    "Among people alike in {known}, lists may depend on one another in any way, the ties differing from one kind of person to another, "
    "but not all lists together."
)
PAIR = "Among people alike in {known}, being on the list {one} says nothing about being on the list {other}."


def table_of(lists: Mapping[str, Sequence[int]]) -> OverlapTable:
    """The overlap table of people, 0 or 1 a list and person."""
    held = np.column_stack([np.asarray(values, dtype=np.int64) for values in lists.values()])
    patterns, counts = np.unique(held @ (1 << np.arange(held.shape[1])), return_counts=True)
    found = {int(pattern): int(count) for pattern, count in zip(patterns, counts, strict=True)}
    return OverlapTable(tuple(lists), found)


def estimate_with_covariates(
    lists: Mapping[str, Sequence[int]],
    covariates: Mapping[str, Sequence[str]],
    options: Options | None = None,
    pair: tuple[str, str] | None = None,
) -> PopulationEstimate:
    """How many people there are, with a row for every two lists that allows for covariates, and of three or four lists one for all.

    Asked for the method `covariates`, the two lists `pair` lead, which are those taken to be independent among people alike; if none are
    named, all lists together, and where these give no total the two with the most people on both. Raises UsageError as `covariates.adjusted` does, for fewer than two lists and for a pair that
    is no two of them. See `covariates.adjusted` for what lists and covariates hold.
    """
    options = options or Options()
    if len(lists) < 2:
        raise UsageError("Estimates with covariates need two lists.", remedy="One column a list, holding 0 or 1.")
    if pair and len({*pair} & {*lists}) != 2:
        raise UsageError(f"There are no two lists {' and '.join(pair)}.", remedy=f"Two of: {', '.join(sorted(lists))}.")
    leads = options.method == METHOD or pair is not None
    plain = estimate_population(table_of(lists), replace(options, method="auto") if leads else options)
    ordered = {name: lists[name] for name in sorted(lists)}
    fitting = Fitting(seed=options.seed, level=options.level)
    found = adjusted(ordered, covariates, fitting)
    known = " and ".join(covariates)
    named = [each for each in found if pair and {*each.lists} == {*pair}] or found
    leader = max(named, key=lambda each: (each.estimate is not None, each.on_both))
    warned = disagreeing(found)
    if len(lists) >= FEWEST_LISTS:
        found = [all_lists(ordered, covariates, fitting), *found]
        leader = found[0] if pair is None and found[0].estimate is not None else leader
    rows = [_row(each, known, options.level, leads=leads and each is leader) for each in found]
    if not leads:
        return replace(plain, range=(*plain.range, *rows), warnings=(*plain.warnings, *warned))
    others = tuple(replace(row, chosen=False) for row in plain.range)
    warned += cautions.of_table(table_of(lists).in_order())
    return _led(replace(plain, range=(*others, *rows)), next(row for row in rows if row.chosen), warned)


def disagreeing(found: Sequence[Adjusted]) -> list[str]:
    """Pairs that cannot all be independent given the covariates."""
    given = [each for each in found if each.estimate is not None and each.lower is not None and each.upper is not None]
    if len(given) < 2 or max(each.lower or 0.0 for each in given) <= min(each.upper or 0.0 for each in given):
        return []
    totals = [each.estimate or 0.0 for each in given]
    spread = f"{min(totals):,.0f} to {max(totals):,.0f}, with limits that do not meet"
    why = "some depend on each other beyond them, or hold too few people in common."
    return [f"Given the covariates, pairs of lists give totals from {spread}: {why}"]


def words_of(found: Adjusted, known: str) -> tuple[str, str]:
    """Of which lists a total is, and what it assumes."""
    if len(found.lists) > 2:
        return "all lists", ALL.format(known=known)
    one, other = found.lists
    return f"{one} and {other}", PAIR.format(known=known, one=one, other=other)


def _row(found: Adjusted, known: str, level: float, *, leads: bool) -> MethodRow:
    lists, words = words_of(found, known)
    model = None
    if found.unadjusted is not None:
        model = f"doubly robust, given {known}; {found.unadjusted:,.0f} without them"
    method = f"{METHOD}: {lists}"
    return MethodRow(method, model, found.estimate, found.lower, found.upper, level, leads, found.reason, words)


def _led(found: PopulationEstimate, row: MethodRow, warned: Sequence[str]) -> PopulationEstimate:
    """The answer led by one row; what replicates of another method said of themselves goes."""
    refused = found.refused
    if refused is None and row.estimate is None:
        refused = Refusal(row.reason or "No total.", "More people of every pattern: fuller returns, or lists merged.")
    shown = row if refused is None else None
    return replace(
        found,
        method=row.method,
        model=row.model,
        estimate=shown.estimate if shown else None,
        lower=shown.lower if shown else None,
        upper=shown.upper if shown else None,
        refused=refused,
        warnings=(*warned, *cautions.of_limits(row)),
        assumption=f"{row.assumption} {ALWAYS}",
        totals=(),
    )
