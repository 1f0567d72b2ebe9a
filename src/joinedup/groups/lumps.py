"""Lumps: more people tied together than any one group is likely to be, cut where the ties are weakest."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import linkage

from joinedup.groups.incidence import Chances, Integers

ALONE = -1

_DENSE_AT_MOST = 3_000
"""A lump of more people than this is not cut by average linkage, which needs the square of it in memory."""


def cut_lumps(core: Integers, left: Integers, right: Integers, weight: Chances, cap: int) -> tuple[Integers, Integers]:
    """Each person's core after every core of more than `cap` people is cut, and the size of the lump it was cut from.

    `left`, `right`, `weight`: the ties and their strength. A lump is cut by average linkage: its tightest parts are
    joined first, and the parts are the largest that stay within the cap; a very large one by single linkage within the cap. Whoever is left alone goes to the part they
    have the strongest ties to that has room, else to none. The size is nought for a core that was not cut.
    Numbers follow the first person of each core. Source: Sokal and Michener (1958), average linkage.
    """
    sizes = np.bincount(core[core >= 0], minlength=0)
    lump = np.zeros(len(core), np.int64)
    if not (sizes > cap).any():
        return core, lump
    found = core.copy()
    following = len(sizes)
    inside = core[left]
    for number in np.flatnonzero(sizes > cap).tolist():
        people = np.flatnonzero(core == number)
        lump[people] = len(people)
        mine = inside == number
        ends = np.searchsorted(people, left[mine]), np.searchsorted(people, right[mine])
        parts = _parts(len(people), ends[0], ends[1], weight[mine], cap)
        found[people] = np.where(parts >= 0, parts + following, ALONE)
        following += int(parts.max(initial=-1)) + 1
    lump[found < 0] = 0
    return _numbered(found), lump


def _numbered(core: Integers) -> Integers:
    inside = core >= 0
    _, first, inverse = np.unique(core[inside], return_index=True, return_inverse=True)
    numbered = np.full(len(core), ALONE, np.int64)
    numbered[inside] = np.argsort(np.argsort(first))[inverse]
    return numbered


def _parts(people: int, left: Integers, right: Integers, weight: Chances, cap: int) -> Integers:
    """The part of each of the people of one lump; ALONE where no part has room."""
    if people > _DENSE_AT_MOST:
        parts = _strongest_first(people, left, right, weight, cap)
    else:
        parts = _by_dendrogram(people, left, right, weight, cap)
    return _taken_in(parts, left, right, weight, cap)


def _strongest_first(people: int, left: Integers, right: Integers, weight: Chances, cap: int) -> Integers:
    """Parts joined tie by tie, the strongest first (then in the order of people), wherever the cap allows it."""
    part, size = list(range(people)), [1] * people
    for tie in np.lexsort((right, left, -np.round(weight, 9))).tolist():
        ends = []
        for end in (int(left[tie]), int(right[tie])):
            found = end
            while part[found] != found:
                part[found] = part[part[found]]
                found = part[found]
            ends.append(found)
        one, other = min(ends), max(ends)
        if one != other and size[one] + size[other] <= cap:
            part[other] = one
            size[one] += size[other]
    whole = np.array(part, np.int64)
    while (whole != whole[whole]).any():
        whole = whole[whole]
    return np.unique(whole, return_inverse=True)[1].astype(np.int64)


def _by_dendrogram(people: int, left: Integers, right: Integers, weight: Chances, cap: int) -> Integers:
    """The largest branches of the average-linkage tree of at most `cap` leaves."""
    top = float(weight.max(initial=1.0))
    far = np.full((people, people), 1.0)
    far[left, right] = far[right, left] = 1.0 - weight / (top * 1.000001)
    tree = linkage(far[np.triu_indices(people, k=1)], "average")
    size, branch = np.ones(2 * people - 1, np.int64), np.arange(2 * people - 1)
    pairs = tree[:, :2].astype(np.int64)
    for step, (one, other) in enumerate(pairs.tolist()):
        size[people + step] = size[one] + size[other]
    for step in range(len(pairs) - 1, -1, -1):
        above = people + step
        if size[above] <= cap:
            branch[pairs[step]] = branch[above]
    return np.unique(branch[:people], return_inverse=True)[1].astype(np.int64)


def _taken_in(parts: Integers, left: Integers, right: Integers, weight: Chances, cap: int) -> Integers:
    """Those alone in their part go where their ties are strongest and there is room; the others' numbers are closed up."""
    sizes = np.bincount(parts)
    lone = sizes[parts] == 1
    parts = parts.copy()
    ties = sparse.csr_matrix((np.r_[weight, weight], (np.r_[left, right], np.r_[right, left])), shape=(len(parts),) * 2)
    for person in np.flatnonzero(lone).tolist():
        met = slice(ties.indptr[person], ties.indptr[person + 1])
        others, strength = ties.indices[met], ties.data[met]
        room = ~lone[others]
        room[room] = sizes[parts[others[room]]] < cap
        if not room.any():
            parts[person] = ALONE
            continue
        total = np.bincount(parts[others[room]], strength[room])
        parts[person] = best = int(np.argmax(np.round(total, 9)))
        sizes[best] += 1
    kept = parts >= 0
    parts[kept] = np.unique(parts[kept], return_inverse=True)[1]
    return parts
