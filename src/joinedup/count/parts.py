"""How many people stand under a value, at most and at least, over every way of joining the parts that certain links make.

A part is what only certain links make of mentions; a whole is what its parts would be were every pair held for review one
person. Parts of one whole may be joined or not; a whole that is too thinly recorded may be anybody else of its population. A
joined person's status is the strongest of its parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from joinedup.count.envelope import NO_STATUS, Codes, Linkage

Which = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ends:
    """The finest and the coarsest way of putting mentions together, and which of the coarsest people are told: recorded fully
    enough, by one of their mentions, to be recognised elsewhere."""

    fine: Codes
    coarse: Codes
    told: Which

    @classmethod
    def of(cls, linkage: Linkage, recognisable: Which, act_at: float) -> Ends:
        """The two ends of a run's links."""
        coarse = linkage.merged()
        told = np.zeros(int(coarse.max(initial=-1)) + 1, dtype=bool)
        np.logical_or.at(told, coarse, recognisable)
        return cls(linkage.split(act_at), coarse, told)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one population: of each its whole and the rank of its strongest status (0 the strongest, NO_STATUS for none).

    Parts without a status are among them where their whole has one. `of_mention` is the part of each mention, -1 for one whose whole
    has no status; `told` says of each whole whether it could be recognised elsewhere.
    """

    whole: Codes
    rank: Codes
    told: Which
    of_mention: Codes
    statuses: int

    @classmethod
    def of(cls, ends: Ends, mention: Codes, rank: Codes, statuses: int) -> Parts:
        """The parts of the people who have a status; `rank` is that which the mention of the same place carries."""
        best = np.full(int(ends.fine.max(initial=-1)) + 1, NO_STATUS, dtype=np.int64)
        np.minimum.at(best, ends.fine[mention], rank)
        counted = np.zeros(len(ends.told), dtype=bool)
        counted[ends.coarse[mention]] = True
        kept = np.flatnonzero(counted[ends.coarse])
        fine, first, number = np.unique(ends.fine[kept], return_index=True, return_inverse=True)
        wholes, whole = np.unique(ends.coarse[kept][first], return_inverse=True)
        of_mention = np.full(len(ends.fine), -1, dtype=np.int64)
        of_mention[kept] = number
        return cls(whole.astype(np.int64), best[fine], ends.told[wholes], of_mention, statuses)

    @property
    def strongest(self) -> Codes:
        """The rank of each whole's strongest status."""
        return self.lowest(self.rank, NO_STATUS)

    @property
    def alone(self) -> Which:
        """Which wholes are of one part: no link leaves them open."""
        return np.asarray(self.count(np.ones(len(self.whole), dtype=bool)) == 1)

    def count(self, which: Which) -> Codes:
        """How many of the chosen parts each whole has."""
        return np.bincount(self.whole[which], minlength=len(self.told)).astype(np.int64)

    def lowest(self, value: Codes, none: int) -> Codes:
        """The lowest value of each whole's parts."""
        found = np.full(len(self.told), none, dtype=np.int64)
        np.minimum.at(found, self.whole, value)
        return found

    def most(self, own: Which, could: Which, brings: Which, room: Codes | None = None) -> int:
        """The most people that stand under a value with a status.

        `own` are the parts that do so alone; `could` those of the status that do not, and would if joined to one of `brings`.
        Every further person takes one of either. `room` is how many each whole can make of them, where that is not one of each.
        Of a whole too thinly recorded each part can make one more.
        """
        made = self.count(could)
        room = np.minimum(made, self.count(brings) if room is None else room)
        anywhere = int(self.count(could | brings)[~self.told].sum())
        further = min(int(could.sum()), int(brings.sum()), int(room[self.told].sum()) + anywhere)
        return int(own.sum()) + further

    def least(self, rank: int, own: Which, keeps: Which, spoils: Which) -> int:
        """The fewest people that stand under a value with the status of a rank.

        Certain are the told wholes with no stronger status, a part of their own that stands there, and, of the wholes, `keeps`: there
        whatever they are joined of. Each thin whole with a stronger status, or with a part that `spoils`, can take one along.
        """
        best = self.strongest
        sure = self.told & (best == rank) & (self.count(own) > 0) & keeps
        taking = ~self.told & ((best < rank) | (self.count(spoils) > 0))
        return max(int(sure.sum()) - int(taking.sum()), 0)
