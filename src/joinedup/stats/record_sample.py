"""What a reviewed random sample of records says of counts that come out of linking: the model-assisted difference estimator.

Every drawn record was looked at by people, who found all records of its child. A count over children is then the count the
links give, plus what the reviewed children's true count differs from the links', each weighed by how likely the sample
was to meet it:

    corrected = sum over linked children of f(child) + sum over drawn records of D(T) / P(T)
    D(T) = f(T) - sum over the records i of T of f(M(i)) * p(i) / P(M(i))

T are the records of the drawn record's child as reviewed, M(i) those that the links put with the record i, p(i) its chance of
being drawn, and P(S) the expected number of drawn records among the records S. A child with many records can be met through
each, and P undoes that; each record of a linked child bears its part of what the links count for it, and the parts add up to
the whole. Where the links are right nothing is added, so the links, however uncertain, only help. Unbiased whatever the links
are, as long as the review is right and every record could be drawn. The whole error of a child is known from any of its
records, so that a sure record whose partner is doubtful is not waited for: the doubtful one, drawn far more often, tells of it.

Limits: errors of linking are few, and the spread made from few of them is itself uncertain, so quantiles are Student's, at the
degrees of freedom that a variance from such skewed contributions has.

Sources: C.-E. Särndal, B. Swensson and J. Wretman, Model Assisted Survey Sampling (1992), section 6.3 (difference
estimator); P. Lavallée, Indirect Sampling (2007), section 4.5 (several records of one child); J. N. K. Rao and C. F. J. Wu,
Journal of the American Statistical Association 83 (1988), 231-241 (replicates: n - 1 of n drawn anew in each stratum);
R. Valliant and K. F. Rust, Journal of Official Statistics 26 (2010), 585-602 (degrees of freedom, after Satterthwaite 1946,
with the kurtosis of each stratum).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from scipy.stats import norm, t

from joinedup.stats.intervals import Interval

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

_MARGINS_FIRST = 1e4
"""How much more a list's size weighs than the count of one pattern when counts below nought are mended."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A reviewed sample of records, which are numbered from 0.

    `linked` is the linked person of each record, as numbers; `probability` how likely each was to be drawn, 0 where it could
    not be; `stratum` its stratum. `drawn` are the records drawn and answered, and `true` for each the records of its child,
    itself included.
    """

    linked: Whole
    probability: Real
    stratum: Whole
    drawn: Whole
    true: tuple[Whole, ...]

    def __post_init__(self) -> None:
        if len(self.drawn) != len(self.true):
            raise ValueError("every drawn record needs the records of its child")
        if any(record not in records for record, records in zip(self.drawn.tolist(), self.true, strict=True)):
            raise ValueError("a drawn record is one of its own child's records")
        if (self.probability[self.drawn] <= 0).any():
            raise ValueError("a record that could not be drawn was drawn")

    def weights(self, replicates: int, seed: int) -> Real:
        """One row a replicate: how often each drawn record counts in it. Strata with one answered record do not vary."""
        rng = np.random.default_rng(seed)
        weights = np.ones((replicates, len(self.drawn)))
        strata = self.stratum[self.drawn]
        for name in np.unique(strata).tolist():
            places = np.flatnonzero(strata == name)
            size = len(places)
            if size > 1:
                again = rng.multinomial(size - 1, np.full(size, 1 / size), replicates) * size / (size - 1)
                # A stratum drawn whole leaves nothing to chance.
                left = math.sqrt(max(0.0, 1 - float(self.probability[self.drawn[places[0]]])))
                weights[:, places] = 1 + left * (again - 1)
        return weights


@dataclass(frozen=True, slots=True)
class Corrected:
    """Counts, one column a cell: as linked, corrected, and corrected in each replicate. They can lie below nought.

    `differs` has a row for each drawn record: what it adds to each cell; `strata` its stratum, `left` the share of the stratum
    that was not drawn.
    """

    linked: Real
    counts: Real
    replicates: Real
    differs: Real
    strata: Whole
    left: Real

    def added(self, cells: NDArray[np.bool_]) -> Corrected:
        """The chosen cells added up to one."""
        linked, counts, replicates, differs = (
            part[..., cells].sum(axis=-1, keepdims=True)
            for part in (self.linked, self.counts, self.replicates, self.differs)
        )
        return Corrected(linked, counts, replicates, differs, self.strata, self.left)

    def freedom(self, cell: int) -> float:
        """The degrees of freedom of the variance of one cell: about twice the number of errors of linking that it rests on,
        where they are few. Infinite where nothing varies.

        >>> cells = (np.zeros(1), np.zeros(1), np.zeros((0, 1)))
        >>> round(Corrected(*cells, np.array([[1.0]] + [[0.0]] * 99), np.zeros(100, int), np.ones(100)).freedom(0), 1)
        2.1
        """
        variance, of_variance = 0.0, 0.0
        for name in np.unique(self.strata).tolist():
            here = self.strata == name
            values = self.differs[here, cell]
            size = len(values)
            spread = float(values.var(ddof=1)) if size > 1 else 0.0
            if spread > 0:
                each = size * spread * float(self.left[here][0])
                kurtosis = float(((values - values.mean()) ** 4).mean() / values.var() ** 2)
                variance += each
                of_variance += each**2 * max(kurtosis - (size - 3) / (size - 1), 2 / size) / size
        return max(2 * variance**2 / of_variance, 1.0) if of_variance > 0 else math.inf

    def limits(self, level: float) -> list[Interval]:
        """Limits of each count, from the spread of the replicates."""
        spread = self.replicates.std(axis=0, ddof=1) if len(self.replicates) > 1 else np.zeros(len(self.counts))
        wide = [each * _quantile(level, self.freedom(cell)) for cell, each in enumerate(spread.tolist())]
        return [
            Interval(count - each, count + each, level) for count, each in zip(self.counts.tolist(), wide, strict=True)
        ]


def _quantile(level: float, freedom: float) -> float:
    """How many standard deviations lie either side at this level."""
    tail = 0.5 + level / 2
    return float(t.ppf(tail, freedom)) if math.isfinite(freedom) else float(norm.ppf(tail))


def corrected_patterns(sample: Reviewed, on: Whole, replicates: int, seed: int) -> tuple[Whole, Corrected]:
    """The patterns of lists, and how many children have each. `on` are the lists a record puts its child on, one bit a list.

    >>> linked = np.array([0, 0, 1, 2])  # the third and fourth record are one child, and were not linked
    >>> sample = Reviewed(linked, np.full(4, 1.0), np.zeros(4, int), np.arange(4),
    ...     (np.array([0, 1]), np.array([0, 1]), np.array([2, 3]), np.array([2, 3])))
    >>> patterns, found = corrected_patterns(sample, np.array([1, 2, 1, 2]), 0, 1)
    >>> patterns.tolist(), found.linked.tolist(), found.counts.tolist()
    ([1, 2, 3], [1.0, 1.0, 1.0], [0.0, 0.0, 2.0])
    """
    persons, numbers = np.unique(sample.linked, return_inverse=True)
    pattern_of = np.zeros(len(persons), dtype=np.int64)
    np.bitwise_or.at(pattern_of, numbers, on)
    part = parts_of(sample.probability, numbers)
    reviewed = np.array([np.bitwise_or.reduce(on[records]) for records in sample.true], dtype=np.int64)
    patterns = np.unique(np.concatenate([pattern_of, reviewed]))
    patterns = patterns[patterns > 0]
    column = np.full(int(max(patterns, default=0)) + 1, -1) if len(patterns) else np.full(1, -1)
    column[patterns] = np.arange(len(patterns))
    linked = np.bincount(column[pattern_of][pattern_of > 0], minlength=len(patterns)).astype(np.float64)
    differs = np.zeros((len(sample.drawn), len(patterns)))
    for place, (records, seen) in enumerate(zip(sample.true, reviewed.tolist(), strict=True)):
        was = pattern_of[numbers[records]]
        np.subtract.at(differs[place], column[was[was > 0]], part[records][was > 0])
        if seen:
            differs[place, column[seen]] += 1
        differs[place] /= sample.probability[records].sum()
    again = linked + sample.weights(replicates, seed) @ differs
    left = 1 - sample.probability[sample.drawn]
    return patterns, Corrected(linked, linked + differs.sum(axis=0), again, differs, sample.stratum[sample.drawn], left)


def parts_of(probability: Real, person: Whole) -> Real:
    """The part that each record bears of what is counted for its linked child; the parts of a child add up to one.

    In proportion to the chance of being drawn; alike where none of its records could be.
    """
    met = np.bincount(person, weights=probability)[person]
    alike = 1 / np.bincount(person)[person]
    return np.where(met > 0, probability / np.where(met > 0, met, 1.0), alike)


def corrected_children(sample: Reviewed, replicates: int, seed: int) -> Corrected:
    """How many different children there are: one cell."""
    _, found = corrected_patterns(sample, np.ones(len(sample.linked), dtype=np.int64), replicates, seed)
    return found


def whole_counts(patterns: Whole, counts: Real, lists: int) -> Whole:
    """The counts as whole numbers, none below nought, that keep the sizes of the lists and the sum as nearly as they can.

    Counts below nought are mended by the nearest counts, in squares relative to their size, that are not; then the largest
    remainders are rounded up.

    >>> whole_counts(np.array([1, 2, 3]), np.array([10.6, 4.2, 3.2]), 2).tolist()
    [11, 4, 3]
    >>> whole_counts(np.array([1, 2, 3]), np.array([10.0, -2.0, 6.0]), 2).tolist()
    [11, 0, 4]
    """
    held = counts.astype(np.float64)
    if (held < 0).any():
        scale = 1 / np.sqrt(np.maximum(np.abs(held), 1.0))
        bits = (patterns[None, :] >> np.arange(lists)[:, None]) & 1
        margins = np.vstack([np.ones(len(patterns)), bits]).astype(np.float64)
        rows = np.vstack([np.diag(scale), margins * _MARGINS_FIRST])
        held, _ = nnls(rows, np.concatenate([scale * held, margins @ held * _MARGINS_FIRST]))
    floor = np.floor(held + 1e-9)
    more = round(float(held.sum() - floor.sum()))
    up = np.argsort(-(held - floor), kind="stable")[: max(more, 0)]
    floor[up] += 1
    found: Whole = floor.astype(np.int64)
    return found


@dataclass(frozen=True, slots=True)
class Rate:
    """A share estimated from the sample, its limits, and the number of reviewed records it rests on. None where there is nothing to have a share of."""

    share: float | None
    limits: Interval | None
    records: int


@dataclass(frozen=True, slots=True)
class PairQuality:
    """Precision and recall of the pairs of records of two sources."""

    precision: Rate
    recall: Rate


def pair_quality(sample: Reviewed, source: Whole, level: float = 0.95) -> dict[tuple[int, int], PairQuality]:
    """Precision and recall by pair of sources (the smaller number first), and of all pairs under (-1, -1).

    Of a reviewed child all pairs are known: those rightly joined, those missed, and those that join it to records of others,
    each of which is shared with another child and so counts half.
    Source: O. Binette and others, The American Statistician 77 (2023), 370-380 (estimators from reviewed entities).
    """
    members: dict[int, dict[int, int]] = {}
    for person, where in zip(sample.linked.tolist(), source.tolist(), strict=True):
        held = members.setdefault(person, {})
        held[where] = held.get(where, 0) + 1
    tallies: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    for records in sample.true:
        met = float(sample.probability[records].sum())
        for pair, counts in _pairs_of(sample, source, records, members).items():
            right, true, joined = counts
            tallies.setdefault(pair, []).append((right / met, true / met, joined / met))
    return {
        pair: PairQuality(_rate([(row[0], row[2]) for row in rows], level), _rate([row[:2] for row in rows], level))
        for pair, rows in sorted(tallies.items())
    }


def _pairs_of(
    sample: Reviewed, source: Whole, records: Whole, members: dict[int, dict[int, int]]
) -> dict[tuple[int, int], tuple[float, float, float]]:
    """Of one child, by pair of sources and of all: pairs rightly joined, true pairs, and pairs joined (shared ones half)."""
    mine: dict[int, dict[int, int]] = {}
    own: dict[int, int] = {}
    for record in records.tolist():
        person, where = int(sample.linked[record]), int(source[record])
        held = mine.setdefault(person, {})
        held[where] = held.get(where, 0) + 1
        own[where] = own.get(where, 0) + 1
    found: dict[tuple[int, int], list[float]] = {}

    def add(one: int, other: int, place: int, number: float) -> None:
        for pair in ((min(one, other), max(one, other)), (-1, -1)):
            found.setdefault(pair, [0.0, 0.0, 0.0])[place] += number

    for one, other, number in _within(own):
        add(one, other, 1, number)
    for person, held in mine.items():
        for one, other, number in _within(held):
            add(one, other, 0, number)
            add(one, other, 2, number)
        for one, ours in held.items():
            for other, all_of_it in members[person].items():
                add(one, other, 2, ours * (all_of_it - held.get(other, 0)) / 2)
    return {pair: (counts[0], counts[1], counts[2]) for pair, counts in found.items()}


def _within(held: dict[int, int]) -> list[tuple[int, int, float]]:
    """The pairs within one group, by pair of sources."""
    sources = sorted(held)
    same = [(one, one, held[one] * (held[one] - 1) / 2) for one in sources]
    return same + [(one, other, float(held[one] * held[other])) for one in sources for other in sources if one < other]


def _rate(rows: Sequence[tuple[float, float]], level: float) -> Rate:
    """A ratio of two weighed sums. Limits: Wilson's score, with the number of records that vary as much as these do."""
    part, whole = (np.array(column) for column in zip(*rows, strict=True))
    total = float(whole.sum())
    records = int((whole > 0).sum())
    if not total:
        return Rate(None, None, 0)
    share = min(float(part.sum()) / total, 1.0)
    effective = total**2 / float((whole**2).sum())
    variance = float(((part - share * whole) ** 2).sum()) / total**2
    if variance > 0:
        effective = min(effective, share * (1 - share) / variance)
    return Rate(share, _wilson(share, max(effective, 1.0), level), records)


def _wilson(share: float, base: float, level: float) -> Interval:
    z = float(norm.ppf(0.5 + level / 2))
    middle = share + z * z / (2 * base)
    half = z * math.sqrt(share * (1 - share) / base + z * z / (4 * base * base))
    scale = 1 + z * z / base
    return Interval(max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale), level)


def widened(
    limits: Interval, estimate: float, seen: float, again: Sequence[float], freedom: float = math.inf
) -> Interval:
    """Limits of a total that carry, beside what they carried, the spread of the total over replicates of its table.

    On the logarithm of the number unseen both parts are taken as normal and independent of each other, so that the lower
    limit stays above the number seen. `again` are the unseen numbers in the replicates, those of none left out; `freedom` the
    degrees of freedom of their variance.

    >>> widened(Interval(110.0, 200.0, 0.95), 140.0, 100.0, [40.0, 40.0])
    Interval(lower=110.0, upper=200.0, level=0.95)
    """
    unseen = estimate - seen
    logs = np.log([each for each in again if each > 0])
    if unseen <= 0 or len(logs) < 2:
        return limits
    spread = _quantile(limits.level, freedom) * float(logs.std(ddof=1))

    def end(limit: float, side: float) -> float:
        if limit <= seen or not math.isfinite(limit):
            return limit
        away = math.log((limit - seen) / unseen)
        return seen + unseen * math.exp(side * math.hypot(away, spread))

    if spread == 0:
        return limits
    return Interval(end(limits.lower, -1.0), end(limits.upper, 1.0), limits.level)
