"""Ties, cores and attached people, from the small things people share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from joinedup.groups.chances import one_or_more, two_or_more
from joinedup.groups.incidence import Chances, Integers, Things, Truths
from joinedup.groups.lumps import ALONE, cut_lumps


@dataclass(frozen=True)
class TieRules:
    """What a tie, an attachment and a lump are; the figures stand in the registry with their reasons."""

    least_chance: float = 0.5
    noisy_from: float = 0.05
    lump_cap: int = 30


@dataclass(frozen=True)
class Pairs:
    """Pairs of people by their place, left < right, how many small things they share, and the chance that they are tied."""

    left: Integers
    right: Integers
    shared: Integers
    chance: Chances


@dataclass(frozen=True)
class Placed:
    """Who stands in which record with which place: `person`, and the columns `record` and `place` of the shared things."""

    person: Integers
    record: Integers
    place: Integers


@dataclass(frozen=True)
class Sharing:
    """People by the things that may tie them: `homes` and `others` hold ones, the chances beside them how surely.

    `placed` has its columns in `others`. `one`, `other`, `same`: people who may be one person, and the chance of it.
    """

    homes: sparse.csr_matrix
    others: sparse.csr_matrix
    home_chance: sparse.csr_matrix
    other_chance: sparse.csr_matrix
    placed: Placed
    one: Integers
    other: Integers
    same: Chances

    @property
    def people(self) -> int:
        """How many people there are."""
        return int(self.others.shape[0])


@dataclass(frozen=True)
class Grouping:
    """`core` and `attached`: each person's group by number, or ALONE; `ties` of two things or more within cores or
    across a cut; `attachments`: each attached person with each core member it is attached by; `lump`: the number of
    people of the lump a core member's group was cut from, nought where none was; `noisy`: whether attaching was strict."""

    core: Integers
    attached: Integers
    ties: Pairs
    attachments: Pairs
    lump: Integers
    noisy: bool

    @property
    def group(self) -> Integers:
        """Each person's group, core or attached."""
        return np.where(self.core >= 0, self.core, self.attached)


NOBODY = np.zeros(0, np.int64)


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
    return Sharing(
        _columns(things.matrix, used & home), _columns(things.matrix, used & ~home),
        _columns(things.chance, used & home), _columns(things.chance, used & ~home),
        Placed(placed.person[known], record[known], place[known]), one, other, same,
    )  # fmt: skip


def _columns(matrix: sparse.csr_matrix, chosen: Truths) -> sparse.csr_matrix:
    found = matrix.tocsc()[:, np.flatnonzero(chosen)].tocsr()
    found.sort_indices()
    return found


def group_people(sharing: Sharing, rules: TieRules) -> Grouping:
    """Groups of people tied by the small things they share.

    Two people are tied when they share two small things or more; all homes they share count as one, and a record that
    names both with a place counts once, not as a record and a place. Where links are uncertain the chance of it
    (Poisson-binomial, times the chance that they are two people at all) must reach the least chance. Components of ties
    are cores, numbered in order of their first person; a core larger than the cap is cut. A person outside the cores who
    shares a small thing other than a home with two or more people of a core is attached to it (two such things where
    links are noisy): to the core with most such people, then the earliest.
    """
    repeated = counted_twice(sharing.placed)
    ties = sure_enough(tied(sharing, repeated), sharing, repeated, rules.least_chance)
    whole = _components(sharing.people, ties)
    core, lump = cut_lumps(whole, ties.left, ties.right, ties.shared * ties.chance, rules.lump_cap)
    doubt = 1 - sharing.other_chance.data
    noisy = bool(len(doubt) and doubt.mean() >= rules.noisy_from)
    attached, attachments = _attach(sharing, core, rules.least_chance, 2 if noisy else 1)
    return Grouping(core, attached, ties, attachments, lump, noisy)


def counted_twice(placed: Placed) -> tuple[Integers, Integers, Integers]:
    """The pairs of people (left < right) and the place that they share in a record that names both."""
    order = np.lexsort((placed.person, placed.place, placed.record))
    person, record, place = placed.person[order], placed.record[order], placed.place[order]
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
    found = np.unique(np.stack([left, right, what])[:, left != right], axis=1)
    return found[0], found[1], found[2]


def tied(sharing: Sharing, repeated: tuple[Integers, Integers, Integers]) -> Pairs:
    """Every pair that shares two or more: each other thing counts one, all homes together one, less what counts twice."""
    # Only people with two things or more can be tied: the product is taken over them alone.
    able = np.flatnonzero(_per_row(sharing.others) + np.minimum(_per_row(sharing.homes), 1) >= 2)
    homes, others = sharing.homes[able], sharing.others[able]
    same_home = (homes @ homes.T).tocsr()
    same_home.data[:] = 1
    size = sharing.people
    twice = sparse.csr_matrix((np.ones(len(repeated[0]), np.int64), repeated[:2]), shape=(size, size))
    shared = (others @ others.T).tocsr() + same_home - twice[able][:, able]
    both = sparse.triu(shared, k=1).tocoo()
    keep = both.data >= 2
    number = both.data[keep].astype(np.int64)
    return _in_order(Pairs(able[both.row[keep]], able[both.col[keep]], number, np.ones(len(number))))


def sure_enough(
    ties: Pairs, sharing: Sharing, repeated: tuple[Integers, Integers, Integers], least_chance: float
) -> Pairs:
    """The ties whose chance, the mentions behind them being of the people they are linked to, reaches `least_chance`."""
    size = sharing.people
    items = sharing.other_chance[ties.left].multiply(sharing.other_chance[ties.right]).tocsr()
    keys = ties.left * size + ties.right
    at = np.searchsorted(keys, repeated[0] * size + repeated[1])
    at = np.minimum(at, max(len(keys) - 1, 0))
    known = keys[at] == repeated[0] * size + repeated[1] if len(keys) else np.zeros(len(at), np.bool_)
    counted = sparse.csr_matrix((np.ones(int(known.sum())), (at[known], repeated[2][known])), shape=items.shape)
    items = items - items.multiply(counted)
    homes = sharing.home_chance[ties.left].multiply(sharing.home_chance[ties.right])
    at_home = homes.tocsr().max(axis=1).tocsr() if homes.shape[1] else sparse.csr_matrix((len(keys), 1))
    items = sparse.hstack([items, at_home]).tocsr()
    items.sort_indices()
    chance = np.round(two_or_more(items) * (1 - _same(ties.left, ties.right, sharing)), 12)
    keep = chance >= least_chance
    return Pairs(ties.left[keep], ties.right[keep], ties.shared[keep], chance[keep])


def _same(left: Integers, right: Integers, sharing: Sharing) -> Chances:
    """Of each pair the chance that they are one person."""
    if not len(sharing.one):
        return np.zeros(len(left))
    size = sharing.people
    keys = sharing.one * size + sharing.other
    at = np.minimum(np.searchsorted(keys, left * size + right), len(keys) - 1)
    return np.where(keys[at] == left * size + right, sharing.same[at], 0.0)


def _per_row(matrix: sparse.csr_matrix) -> Integers:
    return np.diff(matrix.indptr).astype(np.int64)


def _in_order(pairs: Pairs) -> Pairs:
    order = np.lexsort((pairs.right, pairs.left))
    return Pairs(
        pairs.left[order].astype(np.int64),
        pairs.right[order].astype(np.int64),
        pairs.shared[order],
        pairs.chance[order],
    )


def _components(people: int, ties: Pairs) -> Integers:
    """Each person's component by its number in order of first person; ALONE without a tie."""
    graph = sparse.coo_matrix((np.ones(len(ties.left), np.int8), (ties.left, ties.right)), shape=(people, people))
    _, label = csgraph.connected_components(graph, directed=False)
    bound = np.zeros(people, np.bool_)
    bound[ties.left] = True
    bound[ties.right] = True
    core = np.full(people, ALONE, np.int64)
    # scipy numbers components as it meets them; numbering them again by first person makes no use of that.
    _, first, inverse = np.unique(label[bound], return_index=True, return_inverse=True)
    core[bound] = np.argsort(np.argsort(first))[inverse]
    return core


def _attach(sharing: Sharing, core: Integers, least_chance: float, least_things: int) -> tuple[Integers, Pairs]:
    """Each lone person's group by attachment, and the pairs that attach them."""
    attached = np.full(len(core), ALONE, np.int64)
    inside = np.flatnonzero(core >= 0)
    if not len(inside):
        return attached, Pairs(NOBODY, NOBODY, NOBODY, np.zeros(0))
    touched = np.flatnonzero(np.asarray(sharing.others[inside].sum(axis=0)).ravel() > 0)
    near, chances = (_columns(each, _marked(touched, each)) for each in (sharing.others, sharing.other_chance))
    outside = np.flatnonzero((core < 0) & (_per_row(near) > 0))
    met = (near[outside] @ near[inside].T).tocoo()
    person, member = outside[met.row], inside[met.col]
    chance = one_or_more(chances[person].multiply(chances[member]).tocsr())
    chance = np.round(chance * (1 - _same(np.minimum(person, member), np.maximum(person, member), sharing)), 12)
    sure = chance >= least_chance
    person, member, chance = person[sure], member[sure], chance[sure]
    size = int(core.max()) + 1
    key, where_met, counts = np.unique(person * size + core[member], return_inverse=True, return_counts=True)
    # The things by which each person meets each core, each thing once.
    between = near[person].multiply(near[member]).tocoo()
    things = np.unique(where_met[between.row] * max(near.shape[1], 1) + between.col) // max(near.shape[1], 1)
    enough = (counts >= 2) & (np.bincount(things, minlength=len(key)) >= least_things)
    who, where, counts = key[enough] // size, key[enough] % size, counts[enough]
    best = np.lexsort((where, -counts, who))
    who, where = who[best], where[best]
    first = np.r_[True, who[1:] != who[:-1]] if len(who) else np.zeros(0, np.bool_)
    attached[who[first]] = where[first]
    kept = attached[person] == core[member]
    left, right = np.minimum(person[kept], member[kept]), np.maximum(person[kept], member[kept])
    # Sharing more than one thing would have tied them; a record and its place stand as two and count as one.
    return attached, _in_order(Pairs(left, right, np.ones(len(left), np.int64), chance[kept]))


def _marked(columns: Integers, matrix: sparse.csr_matrix) -> Truths:
    chosen = np.zeros(matrix.shape[1], np.bool_)
    chosen[columns] = True
    return chosen
