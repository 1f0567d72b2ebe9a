"""How far counts by sex, age, kind of threat and number of lists can move with the links they stand on.

These are what all records of a person say together, so that joining two can give a value that neither had: a status from one and a
sex from the other, two sexes that differ, another age at an earlier concern, one list more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from joinedup.count.envelope import Codes
from joinedup.count.memberships import CONFLICTING, NOT_KNOWN, OLDEST
from joinedup.count.parts import Parts, Which
from joinedup.registry.bands import Band

Bound = tuple[int, str, tuple[int, int]]
"""The rank of a status, a value, and the lowest and highest count."""

NEVER = 99_999_999
"""Later than any day, as YYYYMMDD."""


def held(parts: Parts, mention: Codes, value: Codes, values: int) -> Which:
    """Of each part, whether one of its mentions says each value: `value` of the mention of the same place."""
    found = np.zeros((len(parts.whole), values), dtype=bool)
    part = np.where(mention >= 0, parts.of_mention[mention], -1)
    found[part[part >= 0], value[part >= 0]] = True
    return found


def _any(says: Which) -> Which:
    """Which parts say anything."""
    return np.asarray(says.any(axis=1), dtype=np.bool_)


def by_threat(parts: Parts, says: Which, names: Sequence[str]) -> Iterator[Bound]:
    """Bounds by kind of threat, `says` being what each part's records speak of; of those of whom none does, too.

    Whoever has the strongest status of all keeps it and what their records speak of, whoever else they are: one is left.
    """
    everybody, nobody = np.ones(len(parts.told), dtype=bool), np.zeros(len(parts.whole), dtype=bool)
    strongest = int(parts.rank.min(initial=parts.statuses))
    for rank in range(parts.statuses):
        here, weaker = parts.rank == rank, parts.rank > rank
        for place, name in enumerate(names):
            own = here & says[:, place]
            least = max(parts.least(rank, own, everybody, nobody), int(rank == strongest and own.any()))
            yield rank, name, (least, parts.most(own, here & ~own, weaker & says[:, place]))
        yield rank, NOT_KNOWN, _unsaid(parts, rank, says)


def by_sex(parts: Parts, says: Which, names: Sequence[str]) -> Iterator[Bound]:
    """Bounds by sex: a person has one if no record gives another, and else conflicting ones."""
    several = says.sum(axis=1) > 1
    for rank in range(parts.statuses):
        here, weaker = parts.rank == rank, parts.rank > rank
        for place, name in enumerate(names):
            other = _any(np.delete(says, place, axis=1))
            one, silent = says[:, place] & ~other, ~_any(says)
            least = parts.least(rank, here & one, parts.count(other) == 0, other)
            yield rank, name, (least, parts.most(here & one, here & silent, weaker & one))
        own, could = here & several, here & ~several
        speaking = (here | weaker) & ~several & _any(says)
        by_value = [parts.count(speaking & says[:, place]) for place in range(len(names))]
        spoken = parts.count(speaking)
        differing = np.minimum(spoken // 2, spoken - np.max(by_value, axis=0, initial=0))
        room = parts.count(weaker & several) + differing
        everybody, nobody = np.ones(len(parts.told), dtype=bool), np.zeros(len(parts.whole), dtype=bool)
        most = parts.most(own, could, (weaker & several) | speaking, room)
        yield rank, CONFLICTING, (parts.least(rank, own, everybody, nobody), most)
        yield rank, NOT_KNOWN, _unsaid(parts, rank, says)


def _unsaid(parts: Parts, rank: int, says: Which) -> tuple[int, int]:
    """Those of whom no record says any value: joining can only make them fewer."""
    speaking = _any(says)
    own, nobody = (parts.rank == rank) & ~speaking, np.zeros(len(parts.whole), dtype=bool)
    return parts.least(rank, own, parts.count(speaking) == 0, speaking), parts.most(own, nobody, nobody)


def by_lists(parts: Parts, on: Which) -> Iterator[Bound]:
    """Bounds by how many lists hold a person: `on` are the lists of each part."""
    sizes = on.sum(axis=1)
    together = np.zeros((len(parts.told), on.shape[1]), dtype=bool)
    np.logical_or.at(together, parts.whole, on)
    largest = together.sum(axis=1)
    for size in range(1, on.shape[1] + 1):
        yield from _by_value(parts, str(size), sizes == size, largest == size, largest >= size, sizes > 0)


@dataclass(frozen=True, slots=True)
class Ages:
    """What ages come of. Of each part: its band by itself ('' without a concern), the earliest and latest day of birth any record
    gives, and the first and last day its earliest dated concern can mean; as YYYYMMDD, NEVER and -1 where there is none."""

    band: Sequence[str]
    born_from: Codes
    born_to: Codes
    first: Codes
    last: Codes


def by_age(parts: Parts, ages: Ages, bands: Sequence[Band]) -> Iterator[Bound]:
    """Bounds by age at first concern.

    A joined person's days of birth are among those of its parts and its first concern is that of one of them, so its age lies between
    the youngest and the oldest that any of them allow.
    """
    first, last = parts.lowest(ages.first, NEVER), -parts.lowest(-ages.last, 1)
    born_from, born_to = parts.lowest(ages.born_from, NEVER), -parts.lowest(-ages.born_to, 1)
    told = (born_to > 0) & (last > 0)
    youngest = np.where(told, (first - born_to) // 10000, -1)
    oldest = np.where(told, (last - born_from) // 10000, -1)
    own = np.array(ages.band, dtype=object)
    says = (ages.born_to > 0) | (ages.last > 0)
    steady = np.zeros(len(parts.told), dtype=bool)
    for band in bands:
        upto = min(band.last, OLDEST)
        within = told & (youngest >= band.first) & (oldest <= upto)
        steady |= within
        yield from _by_value(
            parts, band.label, own == band.label, within, told & (oldest >= band.first) & (youngest <= upto), says
        )
    yield from _by_value(parts, NOT_KNOWN, own == NOT_KNOWN, ~told, ~steady, says)


def _by_value(parts: Parts, name: str, stands: Which, keeps: Which, possible: Which, says: Which) -> Iterator[Bound]:
    """Bounds of a value that any two parts may make or unmake together.

    `stands`: which parts have it alone; of the wholes, `keeps`: whatever holds such a part has it, `possible`: parts without it may make it.
    """
    alone = parts.alone
    for rank in range(parts.statuses):
        here, weaker = parts.rank == rank, parts.rank > rank
        own, could = here & stands, here & ~stands
        # Whoever comes to have it without a part that has it is joined of two parts at least, one of the status.
        room = np.where(possible & ~alone, parts.count(could | weaker) // 2, 0)
        least = parts.least(rank, own, keeps | alone, says)
        yield rank, name, (least, parts.most(own, could, could | weaker, room))
