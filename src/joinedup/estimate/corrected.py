"""Overlap tables corrected by the review sample, and what the review leaves open of a total made from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.estimate import two_lists
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.overlaps import Lists, Scope
from joinedup.estimate.population import Options as Modelled
from joinedup.estimate.population import PopulationEstimate, estimate_population
from joinedup.stats.intervals import Interval
from joinedup.stats.record_sample import Corrected, Reviewed, corrected_patterns, whole_counts, widened

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

REPLICATES = 200
MODELLED_REPLICATES = 30
"""How many of the replicates a model of three lists or more is fitted to: each fit tries many models."""
MOST_OUTSIDE = 0.05
"""The largest share of records that came after the sample was drawn with which it still stands for all."""

UNREVIEWED = (
    "The links between records have not been reviewed by people: a missed link makes the total too high and a false one "
    "too low, and how many of each there are is not known."
)
OUTSIDE = (
    "Too many records have come in since the review sample was drawn for it to stand for all of them, so the links count as "
    "not reviewed."
)
REVIEWED = (
    "The lists are corrected by a random sample of records that people reviewed, and the limits carry what that leaves open; "
    "taken for granted is that the reviewers were right."
)


@dataclass(frozen=True, slots=True)
class Review:
    """The review sample of a run, and which lists each record puts its child on (the table listed, in the child role)."""

    sample: Reviewed | None
    names: Any
    listed: pa.Table
    missing: str = UNREVIEWED
    """Why the links count as unreviewed; empty where the sample stands for them."""

    @classmethod
    def of(cls, found: tuple[Reviewed, Any] | None, listed: pa.Table) -> Review:
        """The review of a run; none where nothing was reviewed, or too many listed records came in since."""
        if found is None:
            return cls(None, None, listed)
        known = pc.is_in(listed["mention_id"], value_set=found[1])
        outside = 1 - float(pc.mean(known.cast(pa.float64())).as_py() or 0.0) if listed.num_rows else 0.0
        if outside > MOST_OUTSIDE:
            return cls(None, None, listed, OUTSIDE)
        return cls(*found, listed, "")


@dataclass(frozen=True, slots=True)
class Tables:
    """The overlap table that a scope's estimates are made from, and its replicates; none where the links are unreviewed."""

    table: OverlapTable
    replicates: tuple[OverlapTable, ...] = ()
    patterns: Any = None
    cells: Corrected | None = None
    """The correction itself: of the table's patterns, with what each reviewed record adds."""

    def freedom(self, first: Sequence[str], second: Sequence[str]) -> float:
        """The degrees of freedom of the review's spread, as those of the children on one of the first lists and one of the second:
        an estimate hangs on how many those are."""
        if self.cells is None:
            return math.inf
        one, other = (sum(1 << self.table.lists.index(name) for name in names) for names in (first, second))
        if first == second:
            on = np.array([(int(pattern) & one).bit_count() > 1 for pattern in self.patterns.tolist()], dtype=bool)
        else:
            on = (self.patterns & one > 0) & (self.patterns & other > 0)
        return self.cells.added(on).freedom(0)

    def rows(self, scope: str) -> list[dict[str, object]]:
        """The rows of corrected_overlaps: the corrected table as replicate 0, then the replicates."""
        if not self.replicates:
            return []
        held = enumerate((self.table, *self.replicates))
        return [row | {"replicate": number} for number, table in held for row in table.rows(scope)]


def corrected_tables(raw: OverlapTable, scope: Scope, lists: Lists, review: Review, seed: int) -> Tables:
    """The corrected table of a scope with its replicates; the raw one where nothing was reviewed or nobody is on it.

    `lists` are those of the rows of `review.listed`.
    """
    sample = review.sample
    if sample is None or not raw.observed:
        return Tables(raw)
    chosen = pc.fill_null(pc.equal(review.listed[scope.column], scope.value), False)
    records = pc.fill_null(pc.index_in(review.listed["mention_id"], value_set=review.names), -1)
    here = np.asarray(chosen, dtype=bool) & (np.asarray(records) >= 0)
    on = np.zeros(len(sample.linked), dtype=np.int64)
    np.bitwise_or.at(on, np.asarray(records)[here], np.left_shift(np.int64(1), lists.places[here]))
    patterns, found = corrected_patterns(sample, on, REPLICATES, seed)
    # People whose records all came after the sample was drawn stay as linked.
    extra = np.array([raw.counts.get(int(pattern), 0) for pattern in patterns], dtype=np.float64) - found.linked
    beyond = {pattern: count for pattern, count in raw.counts.items() if pattern not in set(patterns.tolist())}

    def table(counts: Any) -> OverlapTable:
        whole = whole_counts(patterns, counts + extra, len(lists.names)).tolist()
        kept = {int(pattern): int(count) for pattern, count in zip(patterns, whole, strict=True) if count > 0}
        return OverlapTable(raw.lists, kept | beyond)

    replicates = tuple(table(counts) for counts in found.replicates)
    return Tables(table(found.counts), replicates, patterns, found)


def pair_in_replicates(tables: Tables, result: two_lists.Result, options: two_lists.Options) -> two_lists.Result:
    """The estimate of one pair with limits that carry what the review leaves open."""
    found = result.estimate
    if found is None or not tables.replicates:
        return result
    again = (two_lists.estimate(table, result.pair, options).estimate for table in tables.replicates)
    unseen = [each.estimate - each.observed for each in again if each]
    freedom = tables.freedom([result.pair.first], result.pair.second)
    limits = widened(found.limits, found.estimate, found.observed, unseen, freedom)
    return replace(result, estimate=replace(found, limits=limits))


def in_replicates(tables: Tables, method: str, options: Modelled) -> list[PopulationEstimate]:
    """What one model-based method gives in the first replicates of the review, without limits; those it gives nothing for left out."""
    asked = replace(options, method=method, replicates=0, beside=False)
    held = (estimate_population(table, asked) for table in tables.replicates[:MODELLED_REPLICATES])
    return [each for each in held if each.estimate is not None]


def model_limits(
    tables: Tables, again: Sequence[PopulationEstimate], level: float, freedom: float
) -> Callable[[float, float, float], tuple[float, float]]:
    """Widens the limits of one model-based method by what it gives in the replicates: estimate, lower, upper -> lower, upper.

    `freedom` are the degrees of freedom of the spread over replicates.
    """
    unseen = [each.estimate - each.observed for each in again if each.estimate is not None]

    def widen(estimate: float, lower: float, upper: float) -> tuple[float, float]:
        limits = widened(Interval(lower, upper, level), estimate, float(tables.table.observed), unseen, freedom)
        return limits.lower, limits.upper

    return widen
