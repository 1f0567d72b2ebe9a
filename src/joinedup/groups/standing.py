"""What groups use as it stands in a round, and the part of it that bears on the groups that have changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from joinedup.groups.incidence import Chances, Integers, Truths, ones
from joinedup.groups.sharing import NOBODY, Placed, Sharing

_NEARLY_SURE = 1e-15
"""Chances are added up as logarithms of doubts, and no doubt at all has none."""


@dataclass(frozen=True)
class Evidence:
    """What stays as it is from round to round: the logarithm of each entry's doubt (nothing where no entry is doubtful), who
    is named in which record with which place, and the record and place of each such column."""

    sharing: Sharing
    doubt: sparse.csr_matrix | None
    named: sparse.csr_matrix
    record_of: Integers
    place_of: Integers

    @classmethod
    def of(cls, sharing: Sharing) -> Evidence:
        """The whole of it."""
        doubt = None
        if (sharing.other_chance.data < 1).any():
            doubt = sharing.other_chance.copy()
            doubt.data = np.log1p(-np.minimum(doubt.data, 1 - _NEARLY_SURE))
        placed, width = sharing.placed, max(sharing.others.shape[1], 1)
        both, column = np.unique(placed.record * width + placed.place, return_inverse=True)
        named = ones(placed.person, column.astype(np.int64), (sharing.people, len(both)))
        return cls(sharing, doubt, named, *np.divmod(both, width))

    @cached_property
    def _by_thing(self) -> sparse.csc_matrix:
        return self.sharing.others.tocsc()

    def around(self, who: Truths) -> tuple[Evidence, Integers, Integers]:
        """What bears on these people: the things they use, and everybody who uses one; and the places of those in the whole."""
        things = np.zeros(self.sharing.others.shape[1], np.bool_)
        things[self.sharing.others[np.flatnonzero(who)].indices] = True
        columns, near = np.flatnonzero(things), who.copy()
        near[self._by_thing[:, columns].indices] = True
        people = np.flatnonzero(near)

        def part(matrix: sparse.csr_matrix, chosen: Integers = columns) -> sparse.csr_matrix:
            return matrix[people][:, chosen]

        whole = self.sharing
        others, sure = part(whole.others), part(whole.other_chance)
        trust = sure if whole.trust is whole.other_chance else part(whole.trust)
        known = near[whole.one] & near[whole.other]
        one, other = (np.searchsorted(people, each[known]) for each in (whole.one, whole.other))
        none = sparse.csr_matrix((len(people), 0))
        sharing = Sharing(
            none, others, none, sure, trust, Placed(NOBODY, NOBODY, NOBODY), one, other, whole.same[known], whole.kind[columns]
        )  # fmt: skip
        chosen = np.flatnonzero(things[self.record_of] & things[self.place_of])
        record, place = (np.searchsorted(columns, each[chosen]) for each in (self.record_of, self.place_of))
        doubt = None if self.doubt is None else part(self.doubt)
        return Evidence(sharing, doubt, part(self.named, chosen), record, place), people, columns


@dataclass(frozen=True)
class Groups:
    """Groups by things: how many people who vouch use each, and the chance that one of them does; and by records with
    their places. `sizes`: how many vouch."""

    users: sparse.csr_matrix
    chance: sparse.csr_matrix
    named: sparse.csr_matrix
    everybody_named: sparse.csr_matrix
    place_of: Integers
    sizes: Integers

    @classmethod
    def of(cls, evidence: Evidence, group: Integers, vouching: Truths, sizes: Integers) -> Groups:
        """Each person's group by number, who vouches, and how many do in each group (some may be outside this evidence)."""
        sharing, inside = evidence.sharing, np.flatnonzero(vouching)
        who = sparse.csr_matrix((np.ones(len(inside)), (group[inside], inside)), shape=(len(sizes), sharing.people))
        users = (who @ sharing.others).tocsr()
        if evidence.doubt is None:
            chance = as_ones(users.copy())
        else:
            chance = (who @ evidence.doubt).tocsr()
            chance.data = np.round(-np.expm1(chance.data), 12)
        return cls(users, chance, as_ones(who @ evidence.named), evidence.named, evidence.place_of, sizes)

    @property
    def shared_within(self) -> sparse.csr_matrix:
        """A one where two people or more of a group use a thing."""
        found = self.users.copy()
        found.data = (found.data >= 2).astype(np.float64)
        found.eliminate_zeros()
        return found

    def mostly_within(self, sharing: Sharing) -> sparse.csr_matrix:
        """As `shared_within`, of the things that fewer than twice as many others use as people of the group.

        Where two of a group are among many at a place, the many are the public, and the two are theirs."""
        found = self.users.copy()
        everybody = np.asarray(sharing.others.sum(axis=0)).ravel()[found.indices]
        found.data = ((found.data >= 2) & (3 * found.data > everybody)).astype(np.float64)
        found.eliminate_zeros()
        return found

    def telling(self, alone: Chances, least_chance: float) -> sparse.csr_matrix:
        """One where two people or more of a group use a thing; where one does, the chance that `alone` gives it, if that
        is no less than the least."""
        found = self.users.copy()
        lone = np.where(alone >= least_chance, alone, 0.0)[found.indices]
        found.data = np.where(found.data >= 2, 1.0, lone)
        found.eliminate_zeros()
        return found

    def together(
        self, one: tuple[sparse.csr_matrix, sparse.csr_matrix], other: tuple[sparse.csr_matrix, sparse.csr_matrix]
    ) -> sparse.csr_matrix:
        """Row by row the chance of each thing both share; of a record and the place it names for both, the record's alone."""
        items: sparse.csr_matrix = one[0].multiply(other[0]).tocsr()
        named = one[1].multiply(other[1]).tocoo()
        if named.nnz:
            again = ones(named.row.astype(np.int64), self.place_of[named.col], items.shape)
            items = (items - items.multiply(again)).tocsr()
            items.eliminate_zeros()
        items.sort_indices()
        return items


@dataclass(frozen=True)
class View:
    """The groups that have changed, `fresh`, and those beside them, numbered anew: `number` is each one's in the whole.

    `people` are in the order of the whole, by their place there; `group` is each one's group here. What is said of a group
    that is not fresh, and of its like, may not be whole.
    """

    evidence: Evidence
    groups: Groups
    people: Integers
    group: Integers
    number: Integers
    fresh: Truths
    alone: Chances

    @classmethod
    def of(cls, evidence: Evidence, alone: Chances, group: Integers, vouching: Truths, fresh: Truths) -> View:
        """What bears on the `fresh` of the groups."""
        sizes = np.bincount(group[vouching], minlength=len(fresh))
        if fresh.all():
            people, number = np.arange(len(group)), np.arange(len(fresh))
        else:
            inside = group >= 0
            inside[inside] = fresh[group[inside]]
            evidence, people, columns = evidence.around(inside)
            alone, group, vouching = alone[columns], group[people], vouching[people]
            there = np.zeros(len(fresh), np.bool_)
            there[group[group >= 0]] = True
            number, renumbered = np.flatnonzero(there), np.cumsum(there) - 1
            group = np.where(group >= 0, renumbered[group], -1)
        groups = Groups.of(evidence, group, vouching, sizes[number])
        return cls(evidence, groups, people, group, number, fresh[number], alone)


def as_ones(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """A one for every entry; the matrix itself is changed."""
    found: sparse.csr_matrix = matrix.tocsr()
    found.data[:] = 1
    return found
