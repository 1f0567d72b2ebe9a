"""How far counts by source, year and area can move with the links they stand on.

Between two ends of the links, the finest (only those certain enough to act on) and the coarsest (every pair held for review is
one person), no way of putting mentions together gives fewer than the lower or more than the upper number; nor does the
coarsest with everybody too thinly recorded taken as one of the others.

By source a person stands wherever a record gives them their strongest status. Merging never raises such a count: whoever stands
there after it holds a part that stood there before. By year and area a person stands where their earliest concern does,
and a merge can move them: then only those are certain whose earliest concern lies in a part that has their strongest status, and
those are possible who have such a part, or could be joined of one of the status and a weaker one whose own earliest concern lies there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from joinedup.count.envelope import NO_STATUS, Codes, Linkage
from joinedup.count.parts import Ends, Parts

Bounds = tuple[Codes, Codes]
"""The lower and upper counts, one row a rank of status and one column a value."""


@dataclass(frozen=True, slots=True)
class Concerns:
    """The concerns of one population: the mention of each by number, the rank of its status (0 the strongest), and its place
    in the order in which a person's concerns are taken (the earliest first; equal places, equal year and area)."""

    mention: Codes
    rank: Codes
    order: Codes
    statuses: int

    def best(self, person: Codes) -> Codes:
        """The rank of each person's strongest status; NO_STATUS for none."""
        found = np.full(int(person.max(initial=-1)) + 1, NO_STATUS, dtype=np.int64)
        np.minimum.at(found, person[self.mention], self.rank)
        return found

    def first(self, person: Codes) -> Codes:
        """The place in order of each person's earliest concern."""
        found = np.full(int(person.max(initial=-1)) + 1, np.iinfo(np.int64).max, dtype=np.int64)
        np.minimum.at(found, person[self.mention], self.order)
        return found

    def _thin(self, ends: Ends) -> tuple[Codes, Codes]:
        """Of each status, the people too thinly recorded who have a stronger one; and the rank of every such person, by person."""
        best = self.best(ends.coarse)
        thin = np.where(ends.told, NO_STATUS, best)
        by_rank = np.bincount(thin[thin < self.statuses], minlength=self.statuses)
        return np.cumsum(by_rank) - by_rank, thin

    def by_record(self, ends: Ends, value: Codes, values: int) -> Bounds:
        """Bounds where a person stands wherever one of their records with their strongest status does: `value` of each concern."""

        def counted(person: Codes, chosen: NDArray[np.bool_]) -> Codes:
            mine = chosen & (self.rank == self.best(person)[person[self.mention]]) & (self.rank < self.statuses)
            pairs = np.unique(np.stack([person[self.mention], self.rank, value])[:, mine], axis=1)
            return _table(pairs[1], pairs[2], (self.statuses, values))

        everybody = np.ones(len(self.mention), dtype=bool)
        stronger, _ = self._thin(ends)
        lower = counted(ends.coarse, ends.told[ends.coarse[self.mention]]) - stronger[:, None]
        # Whoever has the strongest status of all keeps it, whoever else they are: one is left wherever a record gives it.
        least = np.zeros(lower.shape, dtype=np.int64)
        strongest = self.rank == self.rank.min(initial=NO_STATUS)
        least[self.rank[strongest & (self.rank < self.statuses)], value[strongest & (self.rank < self.statuses)]] = 1
        return np.maximum(lower, least), counted(ends.fine, everybody)

    def by_first(self, ends: Ends, value: Codes, values: int) -> Bounds:
        """Bounds where a person stands where their earliest concern does: `value` of each concern, the same for equal places."""
        upper = self._possible(ends, value, values)
        best, first = self.best(ends.coarse), self.first(ends.coarse)
        person = ends.coarse[self.mention]
        leads = self.order == first[person]
        certain = leads & ends.told[person] & (self.best(ends.fine)[ends.fine[self.mention]] == best[person])
        certain &= best[person] < self.statuses
        held = np.unique(np.stack([person, best[person], value, self.order])[:, certain], axis=1)
        sure = _table(held[1], held[2], (self.statuses, values))
        latest = np.full((self.statuses, values), -1, dtype=np.int64)
        np.maximum.at(latest, (held[1], held[2]), held[3])
        stronger, thin = self._thin(ends)
        thin_people = np.unique(np.stack([person, value])[:, leads & (thin[person] < NO_STATUS)], axis=1)
        lower = sure - stronger[:, None]
        for rank, where in zip(*np.nonzero(sure), strict=True):
            # Somebody thin whose own earliest concern is earlier and elsewhere can take one of them along.
            earlier = (thin[thin_people[0]] >= rank) & (thin_people[1] != where)
            lower[rank, where] -= int((earlier & (first[thin_people[0]] < latest[rank, where])).sum())
        return np.maximum(lower, 0), upper

    def _possible(self, ends: Ends, value: Codes, values: int) -> Codes:
        """Who stands there has a part whose own earliest concern does: one of the status, or a weaker one joined to one that is."""
        parts = Parts.of(ends, self.mention, self.rank, self.statuses)
        first = self.first(ends.fine)
        leads = self.order == first[ends.fine[self.mention]]
        there = np.zeros((len(parts.whole), values), dtype=bool)
        there[parts.of_mention[self.mention[leads]], value[leads]] = True
        return np.array(
            [
                [
                    parts.most(here & there[:, where], here & ~there[:, where], (parts.rank > rank) & there[:, where])
                    for where in range(values)
                ]
                for rank in range(self.statuses)
                for here in (parts.rank == rank,)
            ]
        ).reshape(self.statuses, values)


def _table(rows: Codes, columns: Codes, shape: tuple[int, int]) -> Codes:
    found = np.zeros(shape, dtype=np.int64)
    np.add.at(found, (rows, columns), 1)
    return found


BY_RECORD = {"source": "list", "source_kind": "list_kind"}
BY_FIRST = {"year": "year", "area": "area"}
"""The dimensions that have bounds, and the column of concerns each is counted by."""


def dimension_bounds(
    ends: Ends, linkage: Linkage, concerns: pa.Table, statuses: int
) -> dict[tuple[str, int, str], tuple[int, int]]:
    """The bounds of one population by dimension, rank of status and value.

    `concerns` has mention_id, rank, place (as in Concerns), list, list_kind, year and area, none of these empty.
    """
    mention = linkage.numbers(concerns["mention_id"])
    rank, place = (np.asarray(concerns[name], dtype=np.int64) for name in ("rank", "place"))
    held = Concerns(mention, rank, place, statuses)
    found: dict[tuple[str, int, str], tuple[int, int]] = {}
    for ways, count in ((BY_RECORD, held.by_record), (BY_FIRST, held.by_first)):
        for dimension, column in ways.items():
            encoded = concerns[column].combine_chunks().dictionary_encode()
            names = [str(name) for name in encoded.dictionary.to_pylist()]
            bounds = count(ends, np.asarray(encoded.indices, dtype=np.int64), len(names))
            found |= {(dimension, *key): each for key, each in named(bounds, names).items()}
    return found


def named(bounds: Bounds, names: list[str]) -> Mapping[tuple[int, str], tuple[int, int]]:
    """The bounds by rank and the name of the value."""
    lower, upper = bounds
    return {
        (rank, name): (int(lower[rank, place]), int(upper[rank, place]))
        for rank in range(lower.shape[0])
        for place, name in enumerate(names)
    }
