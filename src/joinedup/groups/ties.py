"""Ties: pairs of people who share two small things or more, and the cores that ties make."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from joinedup.groups.chances import two_or_more
from joinedup.groups.incidence import Integers
from joinedup.groups.lumps import ALONE
from joinedup.groups.sharing import Pairs, Placed, Sharing, per_row


def counted_twice(placed: Placed) -> tuple[Integers, Integers, Integers]:
    """The pairs of people (left < right) and the place that they share in a record that names both."""
    return placed.repeated


def tied(sharing: Sharing, repeated: tuple[Integers, Integers, Integers]) -> Pairs:
    """Every pair that shares two or more: each other thing counts one, all homes together one, less what counts twice."""
    # Only people with two things or more can be tied: the product is taken over them alone.
    able = np.flatnonzero(per_row(sharing.others) + np.minimum(per_row(sharing.homes), 1) >= 2)
    homes, others = sharing.homes[able], sharing.others[able]
    same_home = (homes @ homes.T).tocsr()
    same_home.data[:] = 1
    size = sharing.people
    twice = sparse.csr_matrix((np.ones(len(repeated[0]), np.int64), repeated[:2]), shape=(size, size))
    shared = (others @ others.T).tocsr() + same_home - twice[able][:, able]
    both = sparse.triu(shared, k=1).tocoo()
    keep = both.data >= 2
    number = both.data[keep].astype(np.int64)
    return Pairs(able[both.row[keep]], able[both.col[keep]], number, np.ones(len(number))).in_order()


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
    chance = np.round(two_or_more(items) * (1 - sharing.chance_same(ties.left, ties.right)), 12)
    keep = chance >= least_chance
    return Pairs(ties.left[keep], ties.right[keep], ties.shared[keep], chance[keep])


def components(people: int, ties: Pairs) -> Integers:
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
