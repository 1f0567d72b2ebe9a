"""What people share that may tie them, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from joinedup.groups.incidence import Chances, Integers, Things, Truths

NOBODY = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Pairs:
    """Pairs of people by their place, left < right, how many small things they share, and the chance that they do."""

    left: Integers
    right: Integers
    shared: Integers
    chance: Chances

    def in_order(self) -> Pairs:
        """The same pairs in the order of their people."""
        order = np.lexsort((self.right, self.left))
        return Pairs(
            self.left[order].astype(np.int64),
            self.right[order].astype(np.int64),
            self.shared[order],
            self.chance[order],
        )

    def chosen(self, which: Truths) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.left[which], self.right[which], self.shared[which], self.chance[which])

    def with_others(self, others: Pairs) -> Pairs:
        """These pairs and others, in the order of their people."""
        mine, theirs = ((each.left, each.right, each.shared, each.chance) for each in (self, others))
        return Pairs(*(np.concatenate(both) for both in zip(mine, theirs, strict=True))).in_order()

    @classmethod
    def none(cls) -> Pairs:
        """No pairs."""
        return cls(NOBODY, NOBODY, NOBODY, np.zeros(0))


@dataclass(frozen=True)
class Placed:
    """Who stands in which record with which place: `person`, and the columns `record` and `place` of the shared things."""

    person: Integers
    record: Integers
    place: Integers

    @cached_property
    def repeated(self) -> tuple[Integers, Integers, Integers]:
        """The pairs of people (left < right) and the place that they share in a record that names both."""
        order = np.lexsort((self.person, self.place, self.record))
        person, record, place = self.person[order], self.record[order], self.place[order]
        pairs = [np.zeros((3, 0), np.int64)]
        # Rows of one record and place stand together: each step pairs every row with the one so many rows below it.
        step = 1
        while step < len(person):
            same = (record[step:] == record[:-step]) & (place[step:] == place[:-step])
            if not same.any():
                break
            pairs.append(np.stack([person[:-step][same], person[step:][same], place[step:][same]]))
            step += 1
        left, right, what = np.concatenate(pairs, axis=1)
        two = left != right
        left, right, what = left[two], right[two], what[two]
        order = np.lexsort((what, right, left))
        found = np.stack([left, right, what])[:, order]
        once = np.ones(len(order), np.bool_)
        once[1:] = (found[:, 1:] != found[:, :-1]).any(axis=0)
        return found[0, once], found[1, once], found[2, once]


@dataclass(frozen=True)
class Lone:
    """What one thing shared alone is worth: `chance`, of each thing, that two who share it and nothing else belong together;
    `before`, the odds of it for any two people of whom nothing is known; `third`, how many times as great the odds are
    that somebody belongs with two who belong together."""

    chance: Chances
    before: float
    third: float = 1.0


@dataclass(frozen=True)
class Sharing:
    """People by the things that may tie them: `homes` and `others` hold ones, the chances beside them how surely.

    `trust`: how surely each entry of `others` was of its person before anything was drawn anew; elsewhere the same as
    its chance. `placed` has its columns in `others`. `one`, `other`, `same`: people who may be one person, and the
    chance of it. `kind`: of each column of `others` its kind by number. `lone`: what each of them
    is worth alone, where it is known already.
    """

    homes: sparse.csr_matrix
    others: sparse.csr_matrix
    home_chance: sparse.csr_matrix
    other_chance: sparse.csr_matrix
    trust: sparse.csr_matrix
    placed: Placed
    one: Integers
    other: Integers
    same: Chances
    kind: Integers
    lone: Lone | None = None

    @property
    def people(self) -> int:
        """How many people there are."""
        return int(self.others.shape[0])

    def chance_same(self, left: Integers, right: Integers) -> Chances:
        """Of each pair, left < right, the chance that they are one person."""
        if not len(self.one):
            return np.zeros(len(left))
        keys = self.one * self.people + self.other
        wanted = left * self.people + right
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, self.same[at], 0.0)


def sharing_of(
    things: Things, small: Truths, placed: Placed, may_be_one: tuple[Integers, Integers, Chances] | None = None
) -> Sharing:
    """What people share of the things that `small` allows; `placed` has its columns in `things`."""
    used = small & (things.users > 1)
    home = things.kinds == "address"
    column = np.full(len(used), -1, np.int64)
    column[used & ~home] = np.arange(int((used & ~home).sum()))
    record, place = column[placed.record], column[placed.place]
    known = (record >= 0) & (place >= 0)
    one, other, same = may_be_one or (NOBODY, NOBODY, np.zeros(0))
    sure = columns_of(things.chance, used & ~home)
    return Sharing(
        columns_of(things.matrix, used & home), columns_of(things.matrix, used & ~home),
        columns_of(things.chance, used & home), sure, sure,
        Placed(placed.person[known], record[known], place[known]), one, other, same,
        np.unique(things.kinds, return_inverse=True)[1][used & ~home].astype(np.int64),
    )  # fmt: skip


def columns_of(matrix: sparse.csr_matrix, chosen: Truths) -> sparse.csr_matrix:
    """The chosen columns, entries in order."""
    found = matrix.tocsc()[:, np.flatnonzero(chosen)].tocsr()
    found.sort_indices()
    return found


def per_row(matrix: sparse.csr_matrix) -> Integers:
    """How many entries each row has."""
    return np.diff(matrix.indptr).astype(np.int64)
