"""The overlap table: how many people are on which lists. Every method of this room starts from one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

MOST_LISTS = 62
"""A pattern is one bit a list of one 64-bit number."""


@dataclass(frozen=True, slots=True)
class OverlapTable:
    """How many people hold each pattern of lists: the list names in order, and a positive count for each pattern seen.

    Bit i of a pattern says whether list i holds the people; no pattern is nought, since nobody on no list is seen. `never`:
    sets of lists that nobody can be on all of, such as two that share no area or period: those patterns are impossible
    (structural zeros), not merely empty.
    """

    lists: tuple[str, ...]
    counts: Mapping[int, int]
    never: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        if any(len(set(each)) < 2 or not set(each) <= set(self.lists) for each in self.never):
            raise ValueError("lists that nobody can be on together are two or more, and lists of the table")
        impossible = [self._mask(each) for each in self.never]
        if any(pattern & mask == mask for pattern in self.counts for mask in impossible):
            raise ValueError("an overlap table holds people on lists that nobody can be on together")
        if len(set(self.lists)) != len(self.lists) or len(self.lists) > MOST_LISTS:
            raise ValueError(f"an overlap table has at most {MOST_LISTS} lists, each with its own name")
        if any(not 0 < pattern < 2 ** len(self.lists) or count < 1 for pattern, count in self.counts.items()):
            raise ValueError("an overlap table holds positive counts of people who are on one of its lists at least")

    @property
    def observed(self) -> int:
        """People on any list."""
        return sum(self.counts.values())

    def on_any(self, lists: Sequence[str]) -> int:
        """People on at least one of the named lists."""
        mask = self._mask(lists)
        return sum(count for pattern, count in self.counts.items() if pattern & mask)

    def on_both(self, first: Sequence[str], second: Sequence[str]) -> int:
        """People on at least one of the first lists and at least one of the second."""
        one, other = self._mask(first), self._mask(second)
        return sum(count for pattern, count in self.counts.items() if pattern & one and pattern & other)

    def _mask(self, lists: Sequence[str]) -> int:
        return sum(1 << self.lists.index(name) for name in lists)

    def rows(self, scope: str) -> list[dict[str, object]]:
        """The rows of the table overlaps: each pattern written as one 0 or 1 a list, in the order of the lists."""
        names = "|".join(self.lists)
        return [
            {
                "scope": scope,
                "lists": names,
                "pattern": "".join("1" if pattern >> place & 1 else "0" for place in range(len(self.lists))),
                "count": count,
            }
            for pattern, count in sorted(self.counts.items())
        ]

    @property
    def on_several(self) -> int:
        """People on two lists or more."""
        return sum(count for pattern, count in self.counts.items() if pattern.bit_count() > 1)

    @property
    def sizes(self) -> tuple[int, ...]:
        """People on each list."""
        return tuple(self.on_any([name]) for name in self.lists)

    @property
    def digest(self) -> str:
        """The SHA-256 of the lists and counts; the same for the same table, whatever the order of its lists and rows."""
        held = self.in_order()
        stated: dict[str, object] = {
            "lists": list(held.lists),
            "counts": [[pattern, held.counts[pattern]] for pattern in sorted(held.counts)],
        }
        if held.never:
            stated["never"] = sorted(sorted(each) for each in held.never)
        return hashlib.sha256(json.dumps(stated, ensure_ascii=False).encode()).hexdigest()

    def apart(self) -> list[tuple[str, str]]:
        """The pairs of lists that nobody is on both of, though each holds somebody."""
        held = [name for name, size in zip(self.lists, self.sizes, strict=True) if size]
        return [(one, other) for one, other in combinations(held, 2) if not self.on_both([one], [other])]

    def taking(self, lists: Sequence[str]) -> OverlapTable:
        """The table of only these lists, in this order; people on none of them are no longer seen."""
        return self.merged({name: [name] for name in lists})

    def merged(self, groups: Mapping[str, Sequence[str]]) -> OverlapTable:
        """The table whose lists are groups of these lists; a list in no group is left out.

        Lists that nobody can be on together stay so while each is a list of its own.

        >>> table = OverlapTable(("a", "b", "c"), {0b001: 5, 0b011: 2, 0b100: 7})
        >>> table.merged({"a or b": ["a", "b"], "c": ["c"]}).counts
        {1: 7, 2: 7}
        """
        masks = [self._mask(names) for names in groups.values()]
        counts: dict[int, int] = {}
        for pattern, count in sorted(self.counts.items()):
            merged = sum(1 << place for place, mask in enumerate(masks) if pattern & mask)
            if merged:
                counts[merged] = counts.get(merged, 0) + count
        alone = {names[0]: name for name, names in groups.items() if len(names) == 1}
        never = tuple(tuple(alone[each] for each in lists) for lists in self.never if set(lists) <= set(alone))
        return OverlapTable(tuple(groups), counts, never)

    def in_order(self) -> OverlapTable:
        """The same table with its lists in the order of their names, and without lists nobody is on."""
        return self.taking(sorted(name for name, size in zip(self.lists, self.sizes, strict=True) if size))

    def possible(self) -> NDArray[np.bool_]:
        """For each of the 2 ** lists patterns whether the models give people to it: not that of no list, nor an impossible one."""
        cells = np.arange(1 << len(self.lists))
        found: NDArray[np.bool_] = cells > 0
        for each in self.never:
            mask = self._mask(each)
            found &= cells & mask != mask
        return found

    def named(self) -> tuple[tuple[str, int], ...]:
        """The people of each pattern seen, by the names of its lists joined by ` & `; the most people first."""
        held = [
            (" & ".join(name for place, name in enumerate(self.lists) if pattern >> place & 1), count)
            for pattern, count in self.counts.items()
        ]
        return tuple(sorted(held, key=lambda each: (-each[1], each[0])))

    def dense(self) -> NDArray[np.float64]:
        """One count for each of the 2 ** lists patterns, nought where nobody has it; that of no list is nought."""
        counts = np.zeros(1 << len(self.lists))
        for pattern, count in self.counts.items():
            counts[pattern] = count
        return counts
