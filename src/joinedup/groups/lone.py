"""How likely two people who share one thing, and nothing else that is recorded, belong together all the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from joinedup.groups.incidence import Integers
from joinedup.groups.sharing import Lone, Pairs, Sharing

_LARGEST = 6
"""Things of so many users or more are judged together: there are fewer of them, and they are alike."""

_LEANS = 10
"""A cell of fewer pairs than about so many leans on the other things of its kind."""


def lone_chances(sharing: Sharing, ties: Pairs, repeated: tuple[Integers, Integers, Integers]) -> Lone:
    """Of each thing the chance that two of its users who share nothing else that is recorded belong together; and the
    odds of it for any two people who share small things with anybody.

    `ties`: every pair that shares two or more, sure or not; `repeated`: what `ties.counted_twice` gives. Records are
    never whole, so of the pairs that belong together some are recorded with two things, some with three, and some with
    one alone. How many with one follows from how many have two, three and four (`expected_fewer`). They are spread
    over the kinds and sizes of thing as the things of the pairs with two are; set beside the pairs that are recorded
    with one such thing alone, they give its chance. A kind of thing that chance shares out too (a record that names two
    people) is so told, by the inquiry's own records, from one that it does not.
    """
    size = sharing.others.shape[1]
    users = np.asarray(sharing.others.sum(axis=0), np.int64).ravel()
    if not size:
        return Lone(np.zeros(0), 0.0)
    items = _each_counted_once(sharing, ties, repeated)
    at_home = np.asarray(sharing.homes[ties.left].multiply(sharing.homes[ties.right]).sum(axis=1)).ravel() > 0
    number = np.diff(items.indptr)
    seen = np.bincount(number[~at_home], minlength=5)
    kinds = int(sharing.kind.max(initial=0)) + 1
    cell = np.minimum(users, _LARGEST) * kinds + sharing.kind
    cells = (_LARGEST + 1) * kinds
    # Every pair of users of a thing, less those who share more: a pair at one home, two things or more, a record's place.
    alone = np.bincount(cell, users * (users - 1) / 2, cells)
    alone -= np.bincount(cell[items.indices], minlength=cells)
    alone -= np.bincount(cell[repeated[2]], minlength=cells)
    double = (number == 2) & ~at_home
    of_double = items[np.flatnonzero(double)].indices
    share = np.bincount(cell[of_double], minlength=cells) / max(2 * int(double.sum()), 1)
    unseen, singles = expected_fewer(seen)
    expected = singles * share
    # A cell of few pairs says little: it leans, by the weight of a few pairs, on the smaller things of its kind.
    few = np.arange(cells) < _LARGEST * kinds
    kind_of = np.arange(cells) % kinds
    whole = np.bincount(kind_of, expected * few, kinds) / np.maximum(
        np.bincount(kind_of, np.maximum(alone, 0) * few, kinds), 1.0
    )
    found = (expected + _LEANS * np.minimum(whole[kind_of], 1.0)) / (np.maximum(alone, 0.0) + _LEANS)
    able = int((np.diff(sharing.others.indptr) > 0).sum())
    together = unseen + singles + int(seen[2:].sum())
    before = together / max(able * (able - 1) / 2 - together, 1.0)
    return Lone(np.round(np.clip(found, 0.0, 1.0), 9)[cell], before)


def with_a_third(lone: Lone, sharing: Sharing, core: Integers, cap: int) -> Lone:
    """The same, with how many times likelier somebody is to belong with two who do than any two people are to belong together.

    Whoever belongs with one person mostly belongs with more: most people stand in no group, and few groups are pairs. How
    many others a pair has follows from the cores found (`core`, those of at most `cap` people), each pair counting once.
    Never less than once: where cores are pairs, the records say nothing of thirds.
    """
    size = np.bincount(core[core >= 0]).astype(np.float64)
    size = size[size <= cap]
    able = int((np.diff(sharing.others.indptr) > 0).sum())
    pairs = float((size * (size - 1)).sum())
    if not pairs or lone.before <= 0:
        return lone
    others = float((size * (size - 1) * (size - 2)).sum()) / pairs
    chance = min(others / max(able - 2, 1), 0.5)
    return replace(lone, third=max(chance / (1 - chance) / lone.before, 1.0))


def expected_fewer(seen: Integers) -> tuple[float, float]:
    """How many pairs that belong together are expected to share nothing, and one thing alone; `seen[n]`: how many share n.

    The ratios (n+1) seen[n+1] / seen[n] lie on a line where the numbers are binomial, and are level where they are
    Poisson; mixtures of Poisson rise. The line through the ratios at two and three gives those at one and nought; where it
    rises, the ratio at two is taken for both, which gives fewer. Nought where nobody shares three. Sources: Chao (1987),
    Biometrics 43, 783-791; Boehning and others (2013), Journal of Computational and Graphical Statistics 22, 135-155.

    >>> expected_fewer(np.array([0, 0, 60, 20, 5]))
    (120.0, 120.0)
    >>> expected_fewer(np.array([0, 0, 60, 0, 0]))
    (0.0, 0.0)
    """
    two, three, four = (float(number) for number in seen[2:5])
    if not two or not three:
        return 0.0, 0.0
    level = 3 * three / two
    step = max(level - 4 * four / three, 0.0)
    one = 2 * two / (level + step)
    return one / (level + 2 * step), one


def _each_counted_once(
    sharing: Sharing, ties: Pairs, repeated: tuple[Integers, Integers, Integers]
) -> sparse.csr_matrix:
    """Pairs by things: a one for each thing other than a home that both use, a record's place left out."""
    items = sharing.others[ties.left].multiply(sharing.others[ties.right]).tocsr()
    keys = ties.left * sharing.people + ties.right
    wanted = repeated[0] * sharing.people + repeated[1]
    at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    known = keys[at] == wanted if len(keys) else np.zeros(len(wanted), np.bool_)
    again = sparse.csr_matrix((np.ones(int(known.sum())), (at[known], repeated[2][known])), shape=items.shape)
    again.data[:] = 1
    once: sparse.csr_matrix = (items - items.multiply(again)).tocsr()
    once.eliminate_zeros()
    return once
