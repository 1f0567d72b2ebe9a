"""Ties, cores and attached people, from the small things people share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse
from scipy.sparse import csgraph

from joinedup.groups.incidence import Integers, Things, Truths

ALONE = -1


@dataclass(frozen=True)
class Pairs:
    """Pairs of people by their place in Things.people, left < right, and how many small things they share."""

    left: Integers
    right: Integers
    shared: Integers


@dataclass(frozen=True)
class Grouping:
    """`core` and `attached`: each person's group by number, or ALONE; `ties` of two things or more within cores;
    `attachments`: of one thing, each attached person with each core member it is attached by."""

    core: Integers
    attached: Integers
    ties: Pairs
    attachments: Pairs

    @property
    def group(self) -> Integers:
        """Each person's group, core or attached."""
        return np.where(self.core >= 0, self.core, self.attached)


def group_people(things: Things, small: Truths, placed: pa.Table) -> Grouping:
    """Groups of people tied by things that `small` allows.

    Two people are tied when they share two small things or more; all homes they share count as one, and a record that
    names both with a place counts once, not as a record and a place (`placed`: person_id, record, place). Components of ties
    are cores, numbered in order of their first person. A person outside the cores who shares a small thing other than a
    home with two or more people of a core is attached to it: to the core with most such people, then the earliest.
    """
    home = things.kinds == "address"
    used = small & (things.users > 1)
    homes, others = _columns(things, used & home), _columns(things, used & ~home)
    ties = tied(homes, others, counted_twice(things, used, placed))
    core = _components(len(things.people), ties)
    attached, attachments = _attach(others, core)
    return Grouping(core, attached, ties, attachments)


def _columns(things: Things, chosen: Truths) -> sparse.csr_matrix:
    return things.matrix.tocsc()[:, np.flatnonzero(chosen)].tocsr()


def counted_twice(things: Things, used: Truths, placed: pa.Table) -> sparse.csr_matrix:
    """For every pair of people the number of places that they share in a record that names both."""
    kinds = {kind: _codes(things, used & (things.kinds == kind)) for kind in ("record", "place")}
    people = pc.index_in(placed["person_id"], value_set=pa.array(things.people, pa.string()))
    codes = [people, *(pc.index_in(placed[kind], value_set=known) for kind, known in kinds.items())]
    known = np.ones(placed.num_rows, np.bool_)
    filled = []
    for code in codes:
        known &= code.is_valid().to_numpy()
        filled.append(code.fill_null(0).to_numpy().astype(np.int64))
    person, record, place = (code[known] for code in filled)
    order = np.lexsort((person, place, record))
    person, record, place = person[order], record[order], place[order]
    pairs = [np.zeros((3, 0), np.int64)]
    # Rows of one record and place stand together: each step pairs every row with the one so many rows below it.
    step = 1
    while step < len(person):
        same = (record[step:] == record[:-step]) & (place[step:] == place[:-step])
        if not same.any():
            break
        pairs.append(np.stack([person[:-step][same], person[step:][same], place[step:][same]]))
        step += 1
    size = len(things.people)
    left, right, _ = np.unique(np.concatenate(pairs, axis=1), axis=1)
    return sparse.csr_matrix((np.ones(len(left), np.int64), (left, right)), shape=(size, size))


def _codes(things: Things, chosen: Truths) -> pa.Array[pa.StringScalar]:
    return pa.array([things.values[index] for index in np.flatnonzero(chosen).tolist()], pa.string())


def tied(homes: sparse.csr_matrix, others: sparse.csr_matrix, twice: sparse.csr_matrix) -> Pairs:
    """Every pair that shares two or more: each other thing counts one, all homes together one, less what counts twice."""
    # Only people with two things or more can be tied: the product is taken over them alone.
    able = np.flatnonzero(_per_row(others) + np.minimum(_per_row(homes), 1) >= 2)
    homes, others = homes[able], others[able]
    same_home = (homes @ homes.T).tocsr()
    same_home.data[:] = 1
    shared = (others @ others.T).tocsr() + same_home - twice[able][:, able]
    both = sparse.triu(shared, k=1).tocoo()
    keep = both.data >= 2
    pairs = Pairs(able[both.row[keep]], able[both.col[keep]], both.data[keep].astype(np.int64))
    return _in_order(pairs)


def _per_row(matrix: sparse.csr_matrix) -> Integers:
    return np.diff(matrix.indptr).astype(np.int64)


def _in_order(pairs: Pairs) -> Pairs:
    order = np.lexsort((pairs.right, pairs.left))
    return Pairs(pairs.left[order].astype(np.int64), pairs.right[order].astype(np.int64), pairs.shared[order])


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


def _attach(others: sparse.csr_matrix, core: Integers) -> tuple[Integers, Pairs]:
    """Each lone person's group by attachment, and the pairs that attach them."""
    attached = np.full(len(core), ALONE, np.int64)
    inside = np.flatnonzero(core >= 0)
    if not len(inside):
        none = np.zeros(0, np.int64)
        return attached, Pairs(none, none, none)
    touched = np.flatnonzero(np.asarray(others[inside].sum(axis=0)).ravel() > 0)
    near = others.tocsc()[:, touched].tocsr()
    outside = np.flatnonzero((core < 0) & (_per_row(near) > 0))
    met = (near[outside] @ near[inside].T).tocoo()
    person, member = outside[met.row], inside[met.col]
    size = int(core.max()) + 1
    key, counts = np.unique(person * size + core[member], return_counts=True)
    enough = counts >= 2
    who, where, counts = key[enough] // size, key[enough] % size, counts[enough]
    best = np.lexsort((where, -counts, who))
    who, where = who[best], where[best]
    first = np.r_[True, who[1:] != who[:-1]] if len(who) else np.zeros(0, np.bool_)
    attached[who[first]] = where[first]
    kept = attached[person] == core[member]
    left, right = np.minimum(person[kept], member[kept]), np.maximum(person[kept], member[kept])
    # Sharing more than one thing would have tied them; a record and its place stand as two and count as one.
    return attached, _in_order(Pairs(left, right, np.ones(len(left), np.int64)))
