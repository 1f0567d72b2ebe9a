"""How far a count of people can move with the links it stands on.

Lowest: every pair held for review is taken as one person, and whoever is recorded too thinly to be recognised elsewhere
(by part of a name, by no name and no shared number) is taken as one of the others. Highest: only links certain enough to
act on are kept, so people fall apart. Merging never raises and splitting never lowers the number of people whose
strongest status is a given one, so nothing in between lies outside. For suspects, often known by a forename or a street
name, the two ends are the answer: how many must differ, how many may.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Codes = NDArray[np.int64]
NO_STATUS = 99


@dataclass(frozen=True, slots=True)
class Envelope:
    """The lowest count the records allow, that of every pair held for review joined, that of the links as decided, and the
    highest; in rising order."""

    lower: int
    merged: int
    count: int
    upper: int
    thin: int = 0
    """Of the count, those too thinly recorded to be recognised elsewhere: any of them may be one of the others."""


@dataclass(frozen=True, slots=True)
class Linkage:
    """Which person each mention is, and the links as pairs of mention numbers with what is said of them."""

    person: Codes
    left: Codes
    right: Codes
    probability: NDArray[np.float64]
    review: NDArray[np.bool_]
    number_of: pa.ChunkedArray[Any]
    """The mention ids in the order of their numbers."""

    @classmethod
    def of(cls, people: pa.Table, links: pa.Table) -> Linkage:
        """From the tables people (mention_id, person_id) and links (mention_l, mention_r, probability, zone).

        A link to a mention that is nobody's is left out: it can join no people.
        """
        mention_ids = people["mention_id"]
        person_ids = people["person_id"]
        left, right = (_positions(links[side], mention_ids) for side in ("mention_l", "mention_r"))
        kept = (left >= 0) & (right >= 0)
        return cls(
            _positions(person_ids, person_ids.unique()),
            left[kept],
            right[kept],
            np.nan_to_num(_numbers(links["probability"]))[kept],
            _positions(links["zone"], pa.array(["review"], pa.string()))[kept] == 0,
            mention_ids,
        )

    def recognisable(self, mentions: pa.Table) -> NDArray[np.bool_]:
        """Which mentions carry enough to be recognised in another record, by mention number.

        A full name; a forename with a whole date of birth; an NHS number or a pupil number, unless somebody recognised by
        name holds none of that kind: whoever bears the number may be they. `mentions` has mention_id, forename_fold,
        surname_fold, dob, dob_precision, nhs_no and upn.
        """
        told = {name: _told(mentions[name]) for name in ("forename_fold", "surname_fold", "nhs_no", "upn")}
        to_day = _positions(mentions["dob_precision"], pa.array(["day"], pa.string())) == 0
        born_on = np.asarray(mentions["dob"].is_valid(), dtype=np.bool_) & to_day
        places = _positions(mentions["mention_id"], self.number_of)
        rows = np.flatnonzero(places >= 0)
        person = self.person[places[rows]]
        enough = (told["forename_fold"] & (told["surname_fold"] | born_on))[rows]
        named, found = self.with_any(person, enough), np.zeros(len(self.person), dtype=bool)
        for number in ("nhs_no", "upn"):
            held = told[number][rows]
            if not (named & ~self.with_any(person, held)).any():
                enough = enough | held
        found[places[rows]] = enough
        return found

    def with_any(self, person: Codes, said: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Of which persons any of the mentions says so; `person` is that of each."""
        found = np.zeros(int(self.person.max(initial=-1)) + 1, dtype=bool)
        found[person[said]] = True
        return found

    def numbers(self, mention_ids: pa.ChunkedArray[Any]) -> Codes:
        """The numbers of mentions."""
        return _positions(mention_ids, self.number_of)

    def merged(self) -> Codes:
        """The person of each mention were every pair held for review one person."""
        people = int(self.person.max(initial=-1)) + 1
        ends = self.person[self.left[self.review]], self.person[self.right[self.review]]
        return _components(ends, people)[self.person]

    def split(self, act_at: float) -> Codes:
        """The person of each mention were only links with at least the probability `act_at` kept."""
        held = (self.probability >= act_at) & (self.person[self.left] == self.person[self.right])
        return _components((self.left[held], self.right[held]), len(self.person))


def _positions(values: pa.ChunkedArray[Any], among: pa.ChunkedArray[Any] | pa.Array[Any]) -> Codes:
    """The place of each value among the others, -1 where it is not there."""
    places = pc.index_in(values, value_set=among)
    return np.asarray(pc.fill_null(places, pa.scalar(-1, pa.int32())), dtype=np.int64)


def _told(values: pa.ChunkedArray[Any]) -> NDArray[np.bool_]:
    return np.array([bool(value) for value in values.to_pylist()], dtype=np.bool_)


def _numbers(values: pa.ChunkedArray[Any]) -> NDArray[np.float64]:
    return np.asarray(values.cast(pa.float64()), dtype=np.float64)


def _components(ends: tuple[Codes, Codes], nodes: int) -> Codes:
    if nodes == 0:
        return np.zeros(0, dtype=np.int64)
    graph = coo_array((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(nodes, nodes))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def strongest_counts(person: Codes, mentions: Codes, ranks: Codes, statuses: int) -> Codes:
    """How many people have each rank as their strongest: `mentions` numbers the mentions that carry `ranks`."""
    best = np.full(int(person.max(initial=-1)) + 1, NO_STATUS, dtype=np.int64)
    np.minimum.at(best, person[mentions], ranks)
    return np.bincount(best[best < statuses], minlength=statuses).astype(np.int64)


def must_differ(person: Codes, mentions: Codes, ranks: Codes, recognisable: NDArray[np.bool_], statuses: int) -> Codes:
    """The lowest number of people with each rank as their strongest, those too thinly recorded taken as some of the others.

    Somebody too thinly recorded can be anybody whose status is at least as strong, and turns anybody of a weaker status
    whom they are into one of theirs. Each status is bounded by itself; the bounds are not met all at once. One person
    is left where nobody else has a status that they could share.

    >>> person, ranks = np.array([0, 1, 2, 3]), np.array([0, 1, 1, 1])
    >>> must_differ(person, np.arange(4), ranks, np.array([False, True, True, False]), 2).tolist()
    [1, 1]
    """
    people = int(person.max(initial=-1)) + 1
    best = np.full(people, NO_STATUS, dtype=np.int64)
    np.minimum.at(best, person[mentions], ranks)
    known = np.zeros(people, dtype=bool)
    np.logical_or.at(known, person, recognisable)
    told, thin = (np.bincount(best[(best < statuses) & each], minlength=statuses) for each in (known, ~known))
    stronger_thin = np.cumsum(thin) - thin
    stronger = np.cumsum(told + thin) - told - thin
    least = np.where((told + thin > 0) & (stronger == 0), 1, 0)
    return np.maximum(told - stronger_thin, least).astype(np.int64)


def envelopes(
    linkage: Linkage, concerns: pa.Table, recognisable: NDArray[np.bool_], act_at: float, statuses: int
) -> list[Envelope]:
    """The envelope of each status of one population, strongest first.

    `concerns` has the columns mention_id and rank: one row for each mention and status it carries. `recognisable` says
    of every mention, by number, whether it could be recognised in another record.
    """
    numbers = _positions(concerns["mention_id"], linkage.number_of)
    ranks = np.asarray(concerns["rank"], dtype=np.int64)
    lowest = must_differ(linkage.merged(), numbers, ranks, recognisable, statuses)
    merged, count, upper = (
        strongest_counts(person, numbers, ranks, statuses)
        for person in (linkage.merged(), linkage.person, linkage.split(act_at))
    )
    told = linkage.with_any(linkage.person, recognisable)[linkage.person[numbers]]
    thin = strongest_counts(linkage.person, numbers[~told], ranks[~told], statuses)
    return [Envelope(*map(int, each)) for each in zip(lowest, merged, count, upper, thin, strict=True)]
