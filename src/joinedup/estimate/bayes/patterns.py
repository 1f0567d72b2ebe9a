"""A table of counts by capture pattern, checked, and the refusals that hold for every model of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEAST_LISTS = 3
LEAST_ON_TWO_LISTS = 5
"""With fewer people on two or more lists, one person more or less decides the estimate."""
FIRM_OVERLAP = 50
"""With fewer people on two or more lists, an estimate is good for its order of magnitude."""
MOST_MASS_AT_CAP = 0.025
"""With more, the upper 95% limit is the cap's and not the table's."""
MOST_LISTS = 20


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no estimate is given, and what would lift that."""

    reason: str
    lifted_by: str


@dataclass(frozen=True, slots=True)
class Patterns:
    """How many people hold each capture pattern of the lists that hold anybody.

    Bit i of a pattern stands for list `places[i]` of the table as given; a list nobody is on says nothing of those unseen
    and is left out.
    """

    places: tuple[int, ...]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, lists: int, counts: ArrayLike) -> Patterns:
        """The table `counts`, indexed by bit pattern over `lists` lists (index 0 is not used and must be 0).

        Raises ValueError for a table of another length, or with counts that are no counts of people.

        >>> Patterns.of(3, [0, 5, 4, 1, 0, 0, 0, 0]).places
        (0, 1)
        """
        if not 1 <= lists <= MOST_LISTS:
            raise ValueError(f"a table has 1 to {MOST_LISTS} lists here, not {lists}; merge lists that work alike")
        given = np.asarray(counts)
        if given.shape != (2**lists,):
            raise ValueError(f"a table over {lists} lists has {2**lists} counts, one a bit pattern; got {given.shape}")
        values = given.astype(np.float64)
        wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0) & (values == np.floor(values))))
        if len(wrong):
            raise ValueError(
                f"pattern {int(wrong[0])} has the count {values[wrong[0]]}; expected a whole number from 0"
            )
        if values[0]:
            raise ValueError("pattern 0, on no list, has people; nobody on no list is seen, so its count must be 0")
        held = tuple(place for place in range(lists) if values[(np.arange(2**lists) >> place & 1) == 1].any())
        if len(held) == lists:
            return cls(held, values.astype(np.int64))
        kept = np.zeros(2 ** len(held), dtype=np.int64)
        for pattern in range(len(kept)):
            kept[pattern] = values[sum(1 << place for bit, place in enumerate(held) if pattern >> bit & 1)]
        return cls(held, kept)

    @property
    def lists(self) -> int:
        """How many lists hold anybody."""
        return len(self.places)

    @property
    def observed(self) -> int:
        """People on any list."""
        return int(self.counts.sum())

    @property
    def on_two_or_more(self) -> int:
        """People on two lists or more."""
        return int(self.counts[np.bitwise_count(np.arange(len(self.counts))) >= 2].sum())

    def sizes(self) -> list[int]:
        """People on each list."""
        index = np.arange(len(self.counts))
        return [int(self.counts[(index >> bit & 1) == 1].sum()) for bit in range(self.lists)]

    def in_settled_order(self) -> Patterns:
        """The same table with its lists ordered by what is on them, so that their order as given changes no draw."""
        index = np.arange(len(self.counts))
        on = [(index >> bit & 1) == 1 for bit in range(self.lists)]
        depth = np.bitwise_count(index)

        def profile(bit: int) -> tuple[object, ...]:
            by_depth = [int(self.counts[on[bit] & (depth == each)].sum()) for each in range(1, self.lists + 1)]
            shared = sorted(int(self.counts[on[bit] & on[other]].sum()) for other in range(self.lists) if other != bit)
            return (sum(by_depth), by_depth, shared)

        order = sorted(range(self.lists), key=profile)
        moved = np.zeros_like(self.counts)
        source = np.zeros_like(index)
        for bit, old in enumerate(order):
            source |= (index >> bit & 1) << old
        moved[index] = self.counts[source]
        return Patterns(tuple(self.places[old] for old in order), moved)

    def refusal(self) -> Refusal | None:
        """Why no model of this table gives an estimate, where none does."""
        if self.lists < LEAST_LISTS:
            return Refusal(
                f"{self.lists} lists hold anybody; a model of dependence between lists needs {LEAST_LISTS}.",
                f"At least {LEAST_LISTS} lists that hold people of the same kind, area and period.",
            )
        if self.on_two_or_more < LEAST_ON_TWO_LISTS:
            return Refusal(
                f"{self.on_two_or_more} people are on two or more lists; fewer than {LEAST_ON_TWO_LISTS} decide nothing.",
                f"At least {LEAST_ON_TWO_LISTS} people on two or more lists: fuller returns, or reviewed links.",
            )
        return None

    def warnings(self, lists_given: int) -> list[str]:
        """What a reader must know of the table before any estimate from it."""
        found = []
        if self.lists < lists_given:
            found.append(f"{lists_given - self.lists} of {lists_given} lists hold nobody and are left out.")
        if self.on_two_or_more < FIRM_OVERLAP:
            found.append(
                f"{self.on_two_or_more} people are on two or more lists; below {FIRM_OVERLAP} only the order of "
                "magnitude is estimated."
            )
        return found
