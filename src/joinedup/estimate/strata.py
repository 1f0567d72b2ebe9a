"""How many people there are in each of several strata, such as years or areas, by one model chosen for all of them together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from joinedup.errors import UsageError
from joinedup.estimate.bootstrap import adjusted_limits, draw_replicates, quantile
from joinedup.estimate.cautions import LEAST_LISTS, LEAST_ON_SEVERAL
from joinedup.estimate.loglinear.kernels import CERTIFIED
from joinedup.estimate.loglinear.lattice import MOST_LISTS_ALL, MOST_LISTS_PAIRS, Arrays, Lattice, lattice, name
from joinedup.estimate.loglinear.searching import fit_all
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.results import Options, Refusal
from joinedup.estimate.select import Counts

MOST_RIVALS = 113
"""Models tried again in every replicate: at four lists all, above that those that did best on the tables as they are."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: the people seen there, and the total with its limits."""

    name: str
    observed: int
    estimate: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """By how much the total is multiplied from one stratum to the next, with limits; of years, each year."""

    factor: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class StrataEstimate:
    """The strata and their sum, by one model; or the refusal."""

    lists: tuple[str, ...]
    observed: int
    model: str | None
    estimate: float | None
    lower: float | None
    upper: float | None
    level: float
    strata: tuple[Stratum, ...]
    trend: Trend | None
    refused: Refusal | None
    seed: int
    replicates: int

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def estimate_strata(tables: Mapping[str, OverlapTable], options: Options | None = None) -> StrataEstimate:
    """The total of each stratum and of all together: one model form, chosen by the sum of BIC over strata, its terms free in each.

    The choice is repeated in every replicate, people being drawn again within their stratum. Strata in the order given; where
    every name is a number, such as a year, the trend is over those numbers. A stratum with fewer than five people on several lists
    refuses the whole, since its part of the sum would be guessed. Raises UsageError for strata of different lists, for more
    than six lists, and for fewer than two strata.
    """
    options = options or Options()
    lists = _lists_of(tables)
    held = {each: table.taking(lists) for each, table in tables.items()}
    refused = _refused(held, lists)
    if refused:
        return _nothing(held, lists, refused, options)
    return _estimated(held, lists, options)


def _nothing(
    tables: Mapping[str, OverlapTable], lists: tuple[str, ...], refused: Refusal, options: Options
) -> StrataEstimate:
    """The refusal, with the people seen in each stratum."""
    rows = tuple(Stratum(each, table.observed, None, None, None) for each, table in tables.items())
    observed = sum(table.observed for table in tables.values())
    none = (None, None, None, None)
    return StrataEstimate(lists, observed, *none, options.level, rows, None, refused, options.seed, options.replicates)


def _lists_of(tables: Mapping[str, OverlapTable]) -> tuple[str, ...]:
    names = {tuple(sorted(table.lists)) for table in tables.values()}
    if len(tables) < 2 or len(names) != 1:
        raise UsageError(
            "Strata are two or more tables of the same lists.",
            remedy="Give one table a stratum, all of the same lists.",
        )
    [every] = names
    lists = tuple(each for each in every if any(table.on_any([each]) for table in tables.values()))
    if len(lists) > MOST_LISTS_PAIRS:
        raise UsageError(
            f"{len(lists)} lists; strata are estimated over at most {MOST_LISTS_PAIRS}.",
            remedy="Merge lists of one kind.",
        )
    return lists


def _refused(tables: Mapping[str, OverlapTable], lists: Sequence[str]) -> Refusal | None:
    if len(lists) < LEAST_LISTS:
        return Refusal(
            f"Only {len(lists)} lists hold anybody; three are needed.",
            "A third list of the same population and period.",
        )
    thin = [each for each, table in tables.items() if table.on_several < LEAST_ON_SEVERAL]
    if thin:
        return Refusal(
            f"Fewer than {LEAST_ON_SEVERAL} people are on two lists or more in: {', '.join(thin)}.",
            "Strata merged, or left out.",
        )
    return None


class _Fits:
    """The models tried in every stratum, and what they come to on a set of tables."""

    def __init__(self, models: Lattice, tables: Sequence[OverlapTable]) -> None:
        self.models = models
        self.possible = [table.possible() for table in tables]
        self.arrays = models.arrays
        self.places = np.arange(models.models.size)

    def of(self, stratum: int, counts: Counts) -> tuple[Counts, Counts]:
        """Of each model tried, its BIC in one stratum, infinite where it does not certainly exist, and the people unseen."""
        verdicts, deviances, unseen = fit_all(counts, self.possible[stratum], self.arrays)
        criteria = deviances + self.arrays.sizes * math.log(max(float(counts.sum()), 1.0))
        return np.where(verdicts == CERTIFIED, criteria, math.inf), unseen

    def keep(self, criteria: Counts) -> None:
        """From now on only the models of the lowest criteria are tried."""
        kept = np.argsort(criteria, kind="stable")[:MOST_RIVALS]
        self.places = kept
        arrays = self.models.arrays
        none = np.zeros(kept.size + 1, dtype=np.int64)
        self.arrays = Arrays(arrays.terms[kept], arrays.sizes[kept], none, none[:0], none[:0])


def _estimated(tables: Mapping[str, OverlapTable], lists: tuple[str, ...], options: Options) -> StrataEstimate:
    most = len(lists) - 1 if len(lists) <= MOST_LISTS_ALL else 2
    models = lattice(len(lists), min(options.max_order or most, most))
    counts = [table.dense() for table in tables.values()]
    fits = _Fits(models, list(tables.values()))
    fits.keep(sum((fits.of(at, each)[0] for at, each in enumerate(counts)), np.zeros(models.models.size)))
    base = [fits.of(at, each) for at, each in enumerate(counts)]
    best, unseen = _best(base)
    seen = np.array([table.observed for table in tables.values()], dtype=np.float64)
    if best < 0:
        refused = Refusal("No model can be fitted in every stratum.", "Strata merged, or lists merged.")
        return _nothing(tables, lists, refused, options)
    totals = seen + unseen
    drawn = _replicated(fits, counts, options)
    acceleration = _acceleration(fits, counts, base) if len(drawn) else None
    sums = adjusted_limits(float(seen.sum()), float(totals.sum()), drawn.sum(axis=1), acceleration, options.level)
    rows = tuple(
        Stratum(
            each,
            int(seen[at]),
            float(totals[at]),
            *adjusted_limits(float(seen[at]), float(totals[at]), drawn[:, at], None, options.level),
        )
        for at, each in enumerate(tables)
    )
    model = name(models.model(int(fits.places[best])), lists)
    trend = _trend(list(tables), totals, drawn, options.level)
    return StrataEstimate(
        lists,
        int(seen.sum()),
        model,
        float(totals.sum()),
        *sums,
        options.level,
        rows,
        trend,
        None,
        options.seed,
        options.replicates,
    )


def _best(found: Sequence[tuple[Counts, Counts]]) -> tuple[int, Counts]:
    """The model of the lowest sum of BIC, -1 where none exists in every stratum; and the unseen of each stratum."""
    criteria = np.sum([each for each, _ in found], axis=0)
    place = int(np.argmin(criteria))
    if not np.isfinite(criteria[place]):
        return -1, np.full(len(found), math.inf)
    return place, np.array([unseen[place] for _, unseen in found])


def _replicated(fits: _Fits, counts: Sequence[Counts], options: Options) -> Counts:
    """The total of each stratum, one row a replicate; infinite where no model exists."""
    seeds = np.random.SeedSequence(options.seed).generate_state(len(counts))
    drawn = [draw_replicates(each, options.replicates, int(seed)) for each, seed in zip(counts, seeds, strict=True)]
    totals = np.empty((options.replicates, len(counts)))
    for replicate in range(options.replicates):
        tables = [each[replicate] for each in drawn]
        _, unseen = _best([fits.of(at, table) for at, table in enumerate(tables)])
        totals[replicate] = [table.sum() for table in tables] + unseen
    return totals


def _acceleration(fits: _Fits, counts: Sequence[Counts], base: Sequence[tuple[Counts, Counts]]) -> float | None:
    """Sixth of the skewness of the sum's influence values, over single people in their strata."""
    totals, weights = [], []
    for at, table in enumerate(counts):
        for cell in np.flatnonzero(table):
            less = table.copy()
            less[cell] -= 1.0
            changed = [*base[:at], fits.of(at, less), *base[at + 1 :]]
            totals.append(sum(float(each.sum()) for each in counts) - 1.0 + float(_best(changed)[1].sum()))
            weights.append(float(table[cell]))
    values, share = np.array(totals), np.array(weights)
    if not np.isfinite(values).all():
        return None
    away = float(share @ values) / float(share.sum()) - values
    spread = float(share @ away**2)
    return float(share @ away**3) / (6.0 * spread**1.5) if spread > 0.0 else None


def _trend(names: Sequence[str], totals: Counts, drawn: Counts, level: float) -> Trend:
    """The slope of the logarithm of the totals by least squares."""
    try:
        at = np.array([float(each) for each in names])
    except ValueError:
        at = np.arange(len(names), dtype=np.float64)
    if np.ptp(at) == 0.0:
        at = np.arange(len(names), dtype=np.float64)
    away = (at - at.mean()) / float(((at - at.mean()) ** 2).sum())
    slopes = np.log(drawn[np.isfinite(drawn).all(axis=1)]) @ away
    factor = math.exp(float(away @ np.log(totals)))
    if slopes.size < 2:
        return Trend(factor, None, None)
    low, high = (math.exp(quantile(slopes, share)) for share in (0.5 - level / 2, 0.5 + level / 2))
    return Trend(factor, low, high)
