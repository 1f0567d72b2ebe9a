"""How surely each mention is of its person: the links that joined it, and the people who may be one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from scipy import sparse
from scipy.sparse import csgraph

from joinedup.groups.incidence import Chances, Integers, coded

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

_NO_COST = 1e-15
"""A sure link costs next to nothing; nothing at all would read as no link in a sparse matrix."""


@dataclass(frozen=True)
class Identities:
    """`mentions` in order and the person of each, by place in `people`; what joined them, and how surely.

    `left`, `right`, `chance`: pairs of mentions of one person. `anchor`: of each person the mention that most joins
    (greatest sum of chances, then smallest id). `belonging`: of each mention the chance that it is of its anchor's
    person. `one`, `other`, `same`: pairs of people who may be one, and the chance of it.
    """

    mentions: pa.Array[Any]
    people: pa.Array[Any]
    person: Integers
    left: Integers
    right: Integers
    chance: Chances
    anchor: Integers
    belonging: Chances
    one: Integers
    other: Integers
    same: Chances


def compared(people: ibis.Table, links: ibis.Table, members: ibis.Table, linked_at: float) -> ibis.Table:
    """mention_l, mention_r, person_l, person_r, probability of the pairs of mentions of the `members`.

    Pairs of one person, and pairs held for review of two. A pair as probable as a link whose people were kept apart was
    kept apart for a reason (two NHS numbers, a decision): it leaves no doubt here.
    """
    who = people.semi_join(members, "person_id").select("mention_id", "person_id")
    pairs = links.select("mention_l", "mention_r", "probability", "zone")
    pairs = pairs.join(who.select(mention_l="mention_id", person_l="person_id"), "mention_l")
    pairs = pairs.join(who.select(mention_r="mention_id", person_r="person_id"), "mention_r")
    one = pairs.person_l == pairs.person_r
    doubtful = (pairs.zone == "review") & (pairs.probability < linked_at)
    return pairs.filter(one | doubtful).select("mention_l", "mention_r", "person_l", "person_r", "probability")


def identities(people: pa.Table, pairs: pa.Table) -> Identities:
    """Who each mention is and how surely, from person_id, mention_id of everybody and what `compared` gives.

    The chance that a mention is of its anchor's person is that of the surest chain of links to it. A mention no listed
    pair joins was joined by no score and is taken as sure.

    >>> people = pa.table({"person_id": ["p", "p", "p"], "mention_id": ["a", "b", "c"]})
    >>> pairs = pa.table({"mention_l": ["a", "b"], "mention_r": ["b", "c"], "person_l": ["p", "p"],
    ...                   "person_r": ["p", "p"], "probability": [0.9, 0.8]})
    >>> found = identities(people, pairs)
    >>> found.mentions[int(found.anchor[0])].as_py(), found.belonging.tolist()
    ('b', [0.9, 1.0, 0.8])
    """
    names, person = coded(people["person_id"])
    order = pc.sort_indices(people["mention_id"])
    mentions = people["mention_id"].take(order).combine_chunks()
    person = person[order.to_numpy()]
    left, right = (places(pairs[side], mentions) for side in ("mention_l", "mention_r"))
    chance = np.clip(pairs["probability"].to_numpy().astype(np.float64), 0.0, 1.0)
    left, right = np.minimum(left, right), np.maximum(left, right)
    within = (person[left] == person[right]) & (chance > 0)
    one, other, same = _people_apart(person[left[~within]], person[right[~within]], chance[~within])
    left, right, chance = _ordered(left[within], right[within], chance[within])
    anchor = _anchors(person, len(names), left, right, chance)
    belonging = _surest_chains(anchor, len(person), left, right, chance)
    lost = np.flatnonzero(belonging <= 0)
    belonging[lost] = 1.0
    left, right, chance = _ordered(
        np.r_[left, np.minimum(lost, anchor[person[lost]])],
        np.r_[right, np.maximum(lost, anchor[person[lost]])],
        np.r_[chance, np.ones(len(lost))],
    )
    return Identities(
        mentions, pa.array(names, pa.string()), person, left, right, chance, anchor, belonging, one, other, same
    )


def places(column: pa.ChunkedArray[Any], values: pa.Array[Any]) -> Integers:
    """The place of each row's value among `values`."""
    found: Integers = pc.index_in(column, value_set=values).to_numpy().astype(np.int64)
    return found


def _ordered(left: Integers, right: Integers, chance: Chances) -> tuple[Integers, Integers, Chances]:
    order = np.lexsort((right, left))
    return left[order], right[order], chance[order]


def _people_apart(one: Integers, other: Integers, chance: Chances) -> tuple[Integers, Integers, Chances]:
    """Each pair of people once, with the highest chance of their pairs of mentions."""
    differ = one != other
    one, other, chance = np.minimum(one, other)[differ], np.maximum(one, other)[differ], chance[differ]
    order = np.lexsort((-chance, other, one))
    one, other, chance = one[order], other[order], chance[order]
    first = np.ones(len(one), np.bool_)
    first[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    return one[first], other[first], chance[first]


def _anchors(person: Integers, people: int, left: Integers, right: Integers, chance: Chances) -> Integers:
    joins = np.bincount(left, chance, len(person)) + np.bincount(right, chance, len(person))
    # Sums of equal chances may differ in their last digits with the order of adding; that must not choose the anchor.
    order = np.lexsort((np.arange(len(person)), -np.round(joins, 9), person))
    first = np.ones(len(order), np.bool_)
    first[1:] = person[order][1:] != person[order][:-1]
    anchor = np.full(people, -1, np.int64)
    anchor[person[order][first]] = order[first]
    return anchor


def _surest_chains(anchor: Integers, mentions: int, left: Integers, right: Integers, chance: Chances) -> Chances:
    """Of each mention the product of chances along its best chain to its anchor; nought where there is no chain."""
    if not mentions:
        return np.zeros(0)
    cost = np.maximum(-np.log(chance), _NO_COST)
    graph = sparse.csr_matrix((cost, (left, right)), shape=(mentions, mentions))
    far = csgraph.dijkstra(graph, directed=False, indices=anchor[anchor >= 0], min_only=True)
    found: Chances = np.round(np.exp(-np.asarray(far, np.float64)), 12).astype(np.float64)
    return found
