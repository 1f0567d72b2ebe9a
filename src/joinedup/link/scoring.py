"""From records to scored pairs: what is proposed, how it compares, what the parameters are, how probable each pair is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from joinedup.link.clusters import Edges, components
from joinedup.link.engines import Engine, duckdb_engine
from joinedup.link.fields import Prepared
from joinedup.link.fitting import Patterns, Size, Strangers, fit
from joinedup.link.kept import Parameters, asked, marks
from joinedup.link.splink_adapter import NO_PAIRS, Pairs, compare
from joinedup.link.weighing import tell
from joinedup.registry.link_model import LinkModel

Numbers = NDArray[np.int64]
DRAWN, DRAWN_ALIKE = 150_000, 300_000
"""So many pairs are drawn at random from all, and from those that share a surname, to see how strangers compare."""


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs of records by place in the table of records (left < right, each once), and the code of each."""

    left: Numbers
    right: Numbers
    code: Numbers

    @classmethod
    def together(cls, parts: Sequence[Found]) -> Found:
        """The pairs of all parts."""
        none = np.zeros(0, dtype=np.int64)
        sides = ([getattr(part, name) for part in parts] for name in ("left", "right", "code"))
        return cls(*(np.concatenate([none, *side]) for side in sides))

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True, slots=True)
class Scores:
    """The pairs worth keeping by the mentions' numbers, in order, and how probable each is; and what each thing weighed.

    `told` says it once for each different pattern, `pattern` gives each pair's (-1: too improbable to be told of).
    """

    edges: Edges
    pattern: Numbers
    told: tuple[str, ...]
    kept: ForNext | None = None


@dataclass(frozen=True, slots=True)
class ForNext:
    """What the next run is to know of the scores (kept.py): the pairs worth keeping by place of record, with their codes; the
    parameters; of each record its mention, its mark and the group that likely pairs lead to; how many pairs and records were
    compared."""

    found: Found
    parameters: Parameters
    component: Numbers
    mentions: Any
    mark: Numbers
    again: int
    touched: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Which pairs are worth keeping: those at least so probable, and those whose ends likely pairs lead between.

    Of the others none can speak for or against anything: they lie between people that nothing joins.
    """

    least: float
    linked_at: float
    joined: Numbers
    """By the mentions' numbers, the group each is in already, without any score."""

    def groups(self, left: Any, right: Any, probability: NDArray[np.float64]) -> Numbers:
        """The group of each mention once likely pairs are joined too."""
        likely = probability >= self.linked_at
        return components(Edges.of(self.joined[left[likely]], self.joined[right[likely]], 1.0), len(self.joined))[
            self.joined
        ]

    def of(self, left: Any, right: Any, probability: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of the pairs to keep."""
        group = self.groups(left, right, probability)
        group = group.astype(np.int32)  # half the room, where there are tens of millions of pairs
        inside: NDArray[np.bool_] = group[left] == group[right]
        return np.asarray((probability >= self.least) | inside, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of mentions before any is scored: the model of each, the one that stands for it, and what to keep."""

    population: Any
    stands_for: NDArray[np.int64]
    keep: Keep


def score(prepared: Prepared, model: LinkModel, keep: Keep, engine: Engine = duckdb_engine) -> Scores:
    """The proposed pairs of the records that are worth keeping; what their things weighed is told from `keep.least` on."""
    records = prepared.records
    lots = (draw(records.num_rows, DRAWN), draw_alike(records["surname_key"], DRAWN_ALIKE)) if model.learns else ()
    compared = compare(records, model, lots, engine)
    proposed = compared.proposed
    if not len(proposed):
        return Scores(Edges.of([], [], []), np.zeros(0, dtype=np.int64), ())
    strangers = Strangers(*(Patterns.of(codes) for codes in compared.drawn)) if lots else None
    fitted = fit(
        model,
        prepared.names,
        Patterns(proposed.codes, proposed.count),
        strangers,
        Size(records.num_rows, prepared.children, prepared.born_to_day, prepared.same_birth),
    )
    numbers = np.asarray(records["number"], dtype=np.int32)
    by_pair = fitted.probability(proposed.codes)[proposed.pattern]
    kept = np.flatnonzero(keep.of(numbers[proposed.left], numbers[proposed.right], by_pair))
    code = proposed.codes[proposed.pattern[kept]]
    found = Found(proposed.left[kept].astype(np.int64), proposed.right[kept].astype(np.int64), code)
    parameters = Parameters(asked(model), fitted, prepared.held, records.num_rows, 0)
    known = (
        (marks(records), len(proposed), records.num_rows)
        if model.learns and "mention_id" in records.column_names
        else None
    )
    return scores_of(found, by_pair[kept], records, keep, (model, parameters), known)


def scores_of(
    found: Found,
    probability: NDArray[np.float64],
    records: pa.Table,
    keep: Keep,
    learnt: tuple[LinkModel, Parameters],
    known: tuple[Numbers, int, int] | None,
) -> Scores:
    """The scores from every pair that may be worth keeping, in any order. `known`, for the next run: the marks of the records,
    and how many pairs and records were compared."""
    model, parameters = learnt
    numbers = np.asarray(records["number"], dtype=np.int64)
    group = keep.groups(numbers[found.left], numbers[found.right], probability)
    inside = group[numbers[found.left]] == group[numbers[found.right]]
    kept = np.flatnonzero((probability >= keep.least) | inside)
    kept = kept[np.lexsort((found.right[kept], found.left[kept]))]
    found = Found(found.left[kept], found.right[kept], found.code[kept])
    codes, pattern = np.unique(found.code, return_inverse=True)
    by_code = parameters.fitted.probability(codes)
    chosen = by_code >= keep.least
    number = np.where(chosen, np.cumsum(chosen) - 1, -1)
    edges = Edges.of(numbers[found.left], numbers[found.right], by_code[pattern])
    told = tuple(tell(model, parameters.fitted, codes[chosen]))
    kept_on = known and ForNext(found, parameters, group[numbers], _whole(records["mention_id"]), *known)
    return Scores(edges, number[pattern], told, kept_on)


def _whole(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def draw(records: int, most: int) -> Pairs:
    """Pairs of records at random, each pair once, the same for the same number of records; all of them where they are few."""
    if records < 2:
        return NO_PAIRS
    if records * (records - 1) // 2 <= most:
        left, right = np.triu_indices(records, 1)
        return Pairs(left.astype(np.int64), right.astype(np.int64))
    chance = np.random.default_rng(records)
    one, other = chance.integers(0, records, most), chance.integers(0, records - 1, most)
    other = other + (other >= one)
    pairs = np.unique(np.minimum(one, other) * records + np.maximum(one, other))
    return Pairs(pairs // records, pairs % records)


def draw_alike(keys: Any, most: int) -> Pairs:
    """Pairs of records at random among those that share a key, each pair once; fewer where there are not so many."""
    encoded = (keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys).dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(-1), dtype=np.int64)
    rows = np.flatnonzero(codes >= 0)
    rows = rows[np.argsort(codes[rows], kind="stable")]
    sizes = np.bincount(codes[rows], minlength=len(encoded.dictionary))
    first = np.cumsum(sizes) - sizes
    others = (sizes - 1)[codes[rows]]
    if not len(rows) or not others.sum():
        return NO_PAIRS
    chance = np.random.default_rng(len(rows))
    # Each record stands as often as it has others with its key, so that every pair is as likely as another.
    one = np.searchsorted(np.cumsum(others), chance.integers(0, int(others.sum()), most), side="right")
    step = (chance.random(most) * others[one]).astype(np.int64)
    start = first[codes[rows[one]]]
    other = start + step + (start + step >= one)
    left, right = np.minimum(rows[one], rows[other]), np.maximum(rows[one], rows[other])
    pairs = np.unique(left * len(codes) + right)
    return Pairs(pairs // len(codes), pairs % len(codes))
