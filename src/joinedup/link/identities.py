"""Person ids that stay with people from run to run.

A person of an earlier run is recognised by the mentions that bear its id. Three rules, in this order:

1. An id whose mentions are still together stays with them. Where several ids come together, the one with the most
   mentions stays and the others are given up; what each held until then is remembered.
2. Where an id's mentions have come apart, a part that is all an id held before a merge takes that id back, so that a
   merge that is undone leaves every id as it was. Of the other parts the one with the most mentions keeps the id.
3. Whoever is left takes back a given-up id some of its mentions bore, else gets a new one: a hash of the smallest mention id.

Ties go to the older id, then to the smaller one, then to the person with the smaller mention id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from numpy.typing import NDArray

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Numbers = NDArray[np.int64]
Overlaps = tuple[Numbers, Numbers, Numbers]
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Named:
    """The table people with the ids carried on, and the table former_ids."""

    people: pa.Table
    former: pa.Table


def carry_on(people: pa.Table, last: pa.Table) -> Named:
    """The people of this run under the ids of the last one.

    `people` is in the order of mention_id, and its person_id says only who belongs together: it is the id a new person
    gets. `last` is the table last_ids; with no rows every id is new.
    """
    persons = _Persons.of(people)
    ids = _Ids.of(last, people["mention_id"].combine_chunks())
    given, former = _given(persons, ids)
    names, since = _names(persons, ids, given, people)
    place = pa.array(persons.of_mention, pa.int64())
    named = people.set_column(people.column_names.index("person_id"), "person_id", names.take(place))
    named = named.append_column("since", pa.array(ids.seen_since(persons.mentions), pa.int64()))
    named = named.append_column("person_since", pa.array(since, pa.int64()).take(place))
    return Named(named, former)


@dataclass(frozen=True, slots=True)
class _Persons:
    """The persons of this run by number, in the order of their smallest mention."""

    of_mention: Numbers
    smallest: Numbers
    order: Numbers
    """The mentions, person by person."""
    starts: Numbers
    """Where each person begins in `order`; one more than there are persons."""

    @classmethod
    def of(cls, people: pa.Table) -> _Persons:
        encoded = people["person_id"].combine_chunks().dictionary_encode()
        number = np.asarray(encoded.indices, dtype=np.int64)
        persons, smallest = np.unique(number, return_index=True)
        sizes = np.bincount(number, minlength=len(persons))
        return cls(
            number,
            smallest.astype(np.int64),
            np.argsort(number, kind="stable"),
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        )

    def __len__(self) -> int:
        return len(self.smallest)

    @property
    def mentions(self) -> int:
        return len(self.of_mention)

    def bearers(self, person: int) -> Numbers:
        """The mentions of one person."""
        return self.order[self.starts[person] : self.starts[person + 1]]


@dataclass(frozen=True, slots=True)
class _Ids:
    """The ids of the last run and by which mentions they are borne, or were before a merge. One row a row of last_ids."""

    names: Any
    since: Numbers
    """The edition each id was first given in."""
    id_of_row: Numbers
    mention_of_row: Numbers
    """The mention's number in this run, -1 where it is not in it."""
    until: Numbers
    """0 where the id is borne, else the edition of the merge."""
    seen: Numbers
    """The edition the mention was first seen in."""
    rows: pa.Table

    @classmethod
    def of(cls, last: pa.Table, mention_ids: Any) -> _Ids:
        encoded = last["person_id"].combine_chunks().dictionary_encode()
        number = np.asarray(encoded.indices, dtype=np.int64)
        _, first = np.unique(number, return_index=True)
        places = pc.index_in(last["mention_id"].combine_chunks(), value_set=mention_ids)
        return cls(
            encoded.dictionary,
            np.asarray(last["person_since"], dtype=np.int64)[first],
            number,
            np.asarray(pc.fill_null(places, NOBODY), dtype=np.int64),
            np.asarray(pc.fill_null(last["held_until"], 0), dtype=np.int64),
            np.asarray(last["since"], dtype=np.int64),
            last,
        )

    @property
    def edition(self) -> int:
        """The number of this edition of the ids: one more than any the last run knew."""
        return 1 + max(int(each.max(initial=0)) for each in (self.since, self.until, self.seen))

    def seen_since(self, mentions: int) -> Numbers:
        """The edition each mention of this run was first seen in."""
        found = np.full(mentions, self.edition, dtype=np.int64)
        here = self.mention_of_row >= 0
        np.minimum.at(found, self.mention_of_row[here], self.seen[here])
        return found

    def overlaps(self, persons: _Persons, *, borne: bool) -> Overlaps:
        """Person, id and how many mentions they have in common: of the ids as borne, or as they were before a merge."""
        wanted = (self.mention_of_row >= 0) & ((self.until == 0) == borne)
        width = max(len(self.names), 1)
        pairs, common = np.unique(
            persons.of_mention[self.mention_of_row[wanted]] * width + self.id_of_row[wanted], return_counts=True
        )
        return pairs // width, pairs % width, common.astype(np.int64)

    def remembered(self, given: Numbers, merged: NDArray[np.bool_], back: list[int]) -> pa.Table:
        """The rows of former_ids. An id that nobody bears now, or whose person others joined, is remembered by those that
        bore it; others as they were remembered before, unless given `back`. `merged` says so of each person."""
        taken, grew, is_back = (np.zeros(len(self.names), dtype=bool) for _ in range(3))
        taken[given[given >= 0]] = True
        grew[given[(given >= 0) & merged]] = True
        is_back[back] = True
        of, borne = self.id_of_row, self.until == 0
        had = np.zeros(len(self.names), dtype=bool)
        had[of[borne]] = True
        anew = had & (~taken | grew)
        kept = np.where(borne, anew[of], ~anew[of] & ~is_back[of] & (had | ~taken)[of])
        until = pa.array(np.where(borne, self.edition, self.until), pa.int64())
        column = self.rows.column_names.index("held_until")
        return self.rows.set_column(column, "held_until", until).filter(pa.array(kept))


def _given(persons: _Persons, ids: _Ids) -> tuple[Numbers, pa.Table]:
    """The id each person bears on, -1 for a new person; and what is remembered of ids before a merge."""
    given = np.full(len(persons), NOBODY, dtype=np.int64)
    person, held, common = ids.overlaps(persons, borne=True)
    ids_of = np.bincount(person, minlength=len(persons))
    persons_of = np.bincount(held, minlength=len(ids.names))
    plain = (ids_of[person] == 1) & (persons_of[held] == 1)
    given[person[plain]] = held[plain]
    former = ids.overlaps(persons, borne=False)
    parts = ids_of == 0
    parts[person[persons_of[held] > 1]] = True
    back = _give_back(persons, ids, given, former, parts)
    _greedily(persons, ids, given, (person, held, common))
    _greedily(persons, ids, given, former)
    return given, ids.remembered(given, ids_of > 1, back)


def _give_back(persons: _Persons, ids: _Ids, given: Numbers, former: Overlaps, parts: NDArray[np.bool_]) -> list[int]:
    """Gives each part that is all an id held before a merge, but for mentions that came since, that id back; says which.

    Of several such ids a part takes the one of the latest merge.
    """
    person, held, common = former
    here = np.bincount(held, minlength=len(ids.names))
    candidates = np.flatnonzero(parts[person] & (given[person] == NOBODY) & (here[held] == 1))
    if not len(candidates):
        return []
    until = np.zeros(len(ids.names), dtype=np.int64)
    until[ids.id_of_row[ids.until > 0]] = ids.until[ids.until > 0]
    seen = ids.seen_since(persons.mentions)
    # An id can be remembered by mentions that left it and borne by others still: those keep it.
    taken = {int(name) for name in given[given != NOBODY]}
    back: list[int] = []
    for place in _in_order(persons, ids, (person, held, -until[held]), candidates):
        who, name = int(person[place]), int(held[place])
        known = int((seen[persons.bearers(who)] <= until[name]).sum())
        if given[who] == NOBODY and name not in taken and known == common[place]:
            given[who] = name
            taken.add(name)
            back.append(name)
    return back


def _greedily(persons: _Persons, ids: _Ids, given: Numbers, overlaps: Overlaps) -> None:
    """Gives ids to persons without one, the largest overlap first."""
    person, held, common = overlaps
    taken = np.zeros(len(ids.names), dtype=bool)
    taken[given[given >= 0]] = True
    open_still = np.flatnonzero((given[person] == NOBODY) & ~taken[held])
    for place in _in_order(persons, ids, (person, held, -common), open_still):
        if given[person[place]] == NOBODY and not taken[held[place]]:
            given[person[place]] = held[place]
            taken[held[place]] = True


def _in_order(persons: _Persons, ids: _Ids, claims: Overlaps, chosen: Numbers) -> list[int]:
    """The chosen claims by their third part, then the older id, then its name, then the person's smallest mention."""
    person, held, first = (part[chosen] for part in claims)
    names = [str(name) for name in ids.names.take(pa.array(held, pa.int64())).to_pylist()]
    _, by_name = np.unique(np.array(names, dtype=str), return_inverse=True)
    order = np.lexsort((persons.smallest[person], by_name, ids.since[held], first))
    return [int(place) for place in chosen[order]]


def _names(persons: _Persons, ids: _Ids, given: Numbers, people: pa.Table) -> tuple[Any, Numbers]:
    """The id of each person and the edition it was first given in."""
    new = np.flatnonzero(given == NOBODY)
    smallest = pa.array(persons.smallest[new], pa.int64())
    wanted, mentions = (
        [str(name) for name in people[column].combine_chunks().take(smallest).to_pylist()]
        for column in ("person_id", "mention_id")
    )
    fresh = _unused(wanted, mentions, ids.names, ids.edition)
    pool = pa.concat_arrays([ids.names.cast(pa.string()), pa.array(fresh, pa.string())])
    place = given.copy()
    place[new] = len(ids.names) + np.arange(len(new))
    since = np.concatenate([ids.since, np.full(len(new), ids.edition, dtype=np.int64)])
    return pool.take(pa.array(place, pa.int64())), since[place]


def _unused(wanted: Sequence[str], mentions: Sequence[str], used: Any, edition: int) -> list[str]:
    """The wanted names; where another person bears or bore one, a hash that nobody did."""
    found, attempt = list(wanted), 0
    while clash := _places_in(used, found):
        attempt += 1
        for place in clash:
            found[place] = new_id(f"{mentions[place]}\x1f{edition}\x1f{attempt}")
    return found


def _places_in(used: Any, names: list[str]) -> list[int]:
    held = pc.is_in(pa.array(names, pa.string()), value_set=used)
    return [int(place) for place in np.flatnonzero(np.asarray(held, dtype=bool))]


def new_id(seed: str) -> str:
    """The id made from a mention's id.

    >>> new_id("m_1")
    'p_54f0b300c9515311'
    """
    return "p_" + hashlib.sha256(seed.encode()).hexdigest()[:16]
