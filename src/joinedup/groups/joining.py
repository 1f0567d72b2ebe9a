"""Cores joined to cores and people attached to them: a core counts as one person, and two small things are a tie."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from joinedup.groups.chances import one_or_more, two_or_more
from joinedup.groups.incidence import Chances, Integers, Truths, ones
from joinedup.groups.sharing import Lone, Pairs, Sharing, per_row
from joinedup.groups.standing import Evidence, Groups, View, as_ones
from joinedup.groups.trios import trios
from joinedup.stats.distinct import distinct

_NEARLY_SURE = 1e-15
"""No share of doubt is divided by less."""

_PAIR = 2


@dataclass(frozen=True)
class JoinRules:
    """What joins a person or a core to a core; the figures stand in the registry with their reasons."""

    least_chance: float
    lone_at_least: float
    vouches_from: float
    cap: int


@dataclass(frozen=True)
class Joined:
    """Each person's group by number, or ALONE, in order of the groups' first core members; and who vouches for others.

    `by`: how many things attach an attached person to the group, two standing for more; nought for everybody else.
    `right`: the chance that somebody attached by one thing is no wrong link; one for everybody else.
    """

    core: Integers
    group: Integers
    vouching: Truths
    by: Integers
    right: Chances
    trios: Pairs


def join(sharing: Sharing, lone: Lone, core: Integers, cut: Integers, rules: JoinRules) -> Joined:
    """Joins cores and attaches people, round by round, until nothing more joins.

    In a round two cores that share two small things become one (if no larger than the cap, and neither was cut from a
    lump: `cut` is not nought): things used by two people of one of them, or of which two who share them alone (`lone`) belong
    together more likely than not. One such thing will do where one of the cores is a pair; so will any thing that two people
    of each use, where those are half of one of them and it is not mostly others'. Where none do, whoever shares
    two small things with a group is attached to it; where nobody does, whoever shares one thing with two people of a
    group, if that is likely enough to be right and not mostly others use it. People attached vouch for others in turn while
    the group is within the cap; those attached by one thing only where it is nearly certain. When nothing more joins,
    cores are begun from `trios` of people who are in no group, and the rounds go on. A thing shared with several counts
    once; homes do not count; a record and the place it names are one thing.
    """
    found = Joined(core.copy(), core.copy(), core >= 0, np.zeros(len(core), np.int64), np.ones(len(core)), Pairs.none())
    kept_apart = np.zeros(int(core.max(initial=-1)) + 1, np.bool_)
    kept_apart[core[(core >= 0) & (cut > 0)]] = True
    evidence, pending = Evidence.of(sharing), np.ones((3, len(kept_apart)), np.bool_)
    while True:
        kept_apart = _rounds(evidence, lone.chance, found, kept_apart, pending, rules)
        # A thing that two people of a group use is theirs: others whom it does not attach begin nothing with it.
        free = replace(lone, chance=np.where(_of_groups(sharing, found), 0.0, lone.chance))
        begun, pairs = trios(sharing, found.group < 0, free, rules.least_chance, rules.cap)
        new = begun >= 0
        if not new.any():
            return found
        found.core[new] = begun[new] + int(found.core.max(initial=-1)) + 1
        found.group[new] = begun[new] + len(kept_apart)
        found.vouching[new] = True
        pending = np.arange(len(kept_apart) + int(begun.max()) + 1) >= np.full((3, 1), len(kept_apart))
        kept_apart = np.r_[kept_apart, np.zeros(int(begun.max()) + 1, np.bool_)]
        found = replace(found, trios=found.trios.with_others(pairs))


def _of_groups(sharing: Sharing, found: Joined) -> Truths:
    """Which things two people or more of one group use."""
    inside = np.flatnonzero(found.group >= 0)
    who = ones(found.group[inside], inside, (int(found.group.max(initial=-1)) + 1, sharing.people))
    uses = (who @ sharing.others).tocoo()
    theirs = np.zeros(sharing.others.shape[1], np.bool_)
    theirs[uses.col[uses.data >= 2]] = True
    return theirs


def _rounds(
    evidence: Evidence, alone: Chances, found: Joined, kept_apart: Truths, pending: Truths, rules: JoinRules
) -> Truths:
    """Joins cores and attaches people until nothing more joins; of each group that is left, whether it is kept apart.

    `pending`: of each group whether it is new to joining, to attaching by two and to attaching by one. What a group that has
    not changed would not do before it does not do now, for people outside only grow fewer: only the others are looked at.
    """
    while (way := int(pending.any(axis=1).argmax())) or pending.any():
        view = View.of(evidence, alone, found.group, found.vouching, pending[way])
        pending[way] = False
        if way == 0:
            into = _cores_joined(view, kept_apart, rules)
            left = into == np.arange(len(into))
            if not left.all():
                pending[:, into[~left]] = True
                kept_apart, pending, number = (
                    kept_apart[left],
                    pending[:, left],
                    np.unique(into, return_inverse=True)[1],
                )
                found.group[found.group >= 0] = number[found.group[found.group >= 0]]
            continue
        if way == 1:
            who, where, chance = _strongest(*_by_two(view), rules.least_chance)
        else:
            who, where, chance = _strongest(*_by_one(view, rules.least_chance), rules.lone_at_least)
        if len(who):
            who, where = view.people[who], view.number[where]
            _attach(found, rules, (who, where, chance), 3 - way)
            pending[:, where] = True
    return kept_apart


def _attach(found: Joined, rules: JoinRules, taken: tuple[Integers, Integers, Chances], by: int) -> None:
    """Puts the taken into their groups; they vouch while there is room, by one thing only when nearly certain."""
    who, where, chance = taken
    sizes = np.bincount(found.group[found.vouching], minlength=int(where.max()) + 1)
    found.group[who], found.by[who] = where, by
    if by == 1:
        found.right[who] = chance
        sure = chance >= rules.vouches_from
        who, where = who[sure], where[sure]
    _, first, inverse = np.unique(where, return_index=True, return_inverse=True)
    place = np.arange(len(where)) - first[inverse]
    found.vouching[who[place < rules.cap - sizes[where]]] = True


def _cores_joined(view: View, kept_apart: Truths, rules: JoinRules) -> Integers:
    """Into which group each goes: itself, or one of a smaller number. A group joins one other a round, the most shared first."""
    groups, alone = view.groups, view.alone
    ways = (
        _sharing_two(groups, alone, rules),
        _pairs_by_one(groups, alone, rules),
        _by_two_of_each(groups, view.evidence.sharing, rules),
    )
    one, other, shared = (np.concatenate(each) for each in zip(*ways, strict=True))
    possible = (groups.sizes[one] + groups.sizes[other] <= rules.cap) & (view.fresh[one] | view.fresh[other])
    one, other, shared = view.number[one[possible]], view.number[other[possible]], shared[possible]
    possible = ~kept_apart[one] & ~kept_apart[other]
    one, other, shared = one[possible], other[possible], shared[possible]
    into, busy = np.arange(len(kept_apart)), np.zeros(len(kept_apart), np.bool_)
    for place in np.lexsort((other, one, -shared)).tolist():
        if not busy[one[place]] and not busy[other[place]]:
            busy[one[place]] = busy[other[place]] = True
            into[other[place]] = one[place]
    return into


def _sharing_two(groups: Groups, alone: Chances, rules: JoinRules) -> tuple[Integers, Integers, Integers]:
    """Two groups, the smaller number first, that share two things, and how many they share.

    A thing that two people of one of them use counts whole; another by the chance that two who share it alone belong together.
    """
    used, telling = as_ones(groups.users.copy()), groups.telling(alone, rules.least_chance)
    known = as_ones(telling.copy())
    number = (used @ known.T).tocsr()
    number = sparse.triu(number + number.T - known @ known.T, k=1).tocoo()
    several = number.data >= 2
    one, other = number.row[several].astype(np.int64), number.col[several].astype(np.int64)
    items = groups.together((groups.chance[one], groups.named[one]), (groups.chance[other], groups.named[other]))
    items = items.multiply(telling[one].maximum(telling[other])).tocsr()
    items.eliminate_zeros()
    items.sort_indices()
    sure = two_or_more(items) >= rules.least_chance
    return one[sure], other[sure], per_row(items)[sure]


def _pairs_by_one(groups: Groups, alone: Chances, rules: JoinRules) -> tuple[Integers, Integers, Integers]:
    """Two groups, the smaller number first, one of them a pair, that share one thing used by two people of either.

    Either of a pair would be attached by such a thing on his or her own; that they are tied to each other makes that no
    less likely. Only a thing of which two who share it alone more likely than not belong together will do.
    """
    within = groups.shared_within
    within.data = within.data * (alone >= rules.least_chance)[within.indices]
    within.eliminate_zeros()
    met = (as_ones(groups.users.copy()) @ within.T).tocoo()
    pair = (met.row != met.col) & ((groups.sizes[met.row] == _PAIR) | (groups.sizes[met.col] == _PAIR))
    size = len(groups.sizes)
    keys = distinct(np.minimum(met.row, met.col)[pair].astype(np.int64) * size + np.maximum(met.row, met.col)[pair])
    one, other = np.divmod(keys, size)
    items = groups.chance[one].multiply(groups.chance[other]).multiply(as_ones(within[one] + within[other])).tocsr()
    sure = one_or_more(items) >= rules.least_chance
    return one[sure], other[sure], per_row(items)[sure]


def _by_two_of_each(groups: Groups, sharing: Sharing, rules: JoinRules) -> tuple[Integers, Integers, Integers]:
    """Two groups, the smaller number first, that share one thing used by two people of each, which are half of one of them.

    Each of the two would be attached by it, were he or she in no group; to stand with others in one makes that no less likely.
    It must be a thing of the other group, and not mostly of others.
    """
    within, half = groups.mostly_within(sharing), groups.users.copy()
    half.data = ((half.data >= 2) & (2 * half.data >= np.repeat(groups.sizes, per_row(half)))).astype(np.float64)
    half.eliminate_zeros()
    met = (within @ half.T).tocoo()
    apart, size = met.row != met.col, len(groups.sizes)
    keys = distinct(np.minimum(met.row, met.col)[apart].astype(np.int64) * size + np.maximum(met.row, met.col)[apart])
    one, other = np.divmod(keys, size)
    used = as_ones((within[one].multiply(half[other]) + within[other].multiply(half[one])).tocsr())
    items = groups.chance[one].multiply(groups.chance[other]).multiply(used).tocsr()
    sure = one_or_more(items) >= rules.least_chance
    return one[sure], other[sure], per_row(items)[sure]


def _by_two(view: View) -> tuple[Integers, Integers, Chances]:
    """People outside with each group they share two things with, and the chance that they do and are somebody else."""
    sharing, groups, group = view.evidence.sharing, view.groups, view.group
    things = sharing.others
    touched = np.asarray(groups.users.sum(axis=0)).ravel() > 0
    able = np.flatnonzero((group < 0) & ((things @ touched.astype(np.float64)) >= 2))
    met = (things[able] @ as_ones(groups.users.copy()).T).tocoo()
    several = (met.data >= 2) & view.fresh[met.col]
    who, where = able[met.row[several]], met.col[several].astype(np.int64)
    mine = (sharing.other_chance[who], groups.everybody_named[who])
    chance = two_or_more(groups.together(mine, (groups.chance[where], groups.named[where])))
    return who, where, np.round(chance * (1 - _same(sharing, group, who, where)), 12)


def _same(sharing: Sharing, group: Integers, who: Integers, where: Integers) -> Chances:
    """Of each person and group the highest chance that the person is one of its people."""
    one, other = np.r_[sharing.one, sharing.other], np.r_[sharing.other, sharing.one]
    same = np.r_[sharing.same, sharing.same]
    inside = group[other] >= 0
    if not inside.any():
        return np.zeros(len(who))
    size = int(group.max()) + 1
    keys, place = np.unique(one[inside] * size + group[other[inside]], return_inverse=True)
    highest = np.zeros(len(keys))
    np.maximum.at(highest, place, same[inside])
    wanted = who * size + where
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, highest[at], 0.0)


def _strongest(who: Integers, where: Integers, chance: Chances, least: float) -> tuple[Integers, Integers, Chances]:
    """Each person once with the surest group that is sure enough, then the earliest; by group, the surest people first."""
    sure = chance >= least
    who, where, chance = who[sure], where[sure], chance[sure]
    order = np.lexsort((where, -chance, who))
    who, where, chance = who[order], where[order], chance[order]
    first = np.ones(len(who), np.bool_)
    first[1:] = who[1:] != who[:-1]
    who, where, chance = who[first], where[first], chance[first]
    order = np.lexsort((who, -chance, where))
    return who[order], where[order], chance[order]


def _by_one(view: View, least_chance: float) -> tuple[Integers, Integers, Chances]:
    """People outside with each group with two people of which they share a thing, and the chance that it is no wrong link.

    Where records are wrongly linked, a thing of a group also names people who have nothing else to do with it. Of each
    group it is known how many records its things hold, how many of them are expected to be wrong (their doubt), and how
    many people hang on it by a single one. Whatever of those the wrong records do not explain are members of whom only
    one record says so; their share among right records gives, for each, the chance that his or hers is right.
    """
    sharing, groups, group = view.evidence.sharing, view.groups, view.group
    within = groups.mostly_within(sharing)
    outside = np.flatnonzero(group < 0)
    met = (sharing.others[outside] @ within.T).tocoo()
    fresh = view.fresh[met.col]
    who, where = outside[met.row[fresh]], met.col[fresh].astype(np.int64)
    lone = np.bincount(where, minlength=len(groups.sizes)).astype(np.float64)
    records = within @ np.asarray(sharing.others.sum(axis=0)).ravel()
    wrong = records - within @ np.asarray(sharing.trust.sum(axis=0)).ravel()
    share = np.clip((lone - wrong) / np.maximum(records - wrong, 1.0), 0.0, 1.0)
    mine = _highest(sharing.trust[who].multiply(within[where]))
    likely = mine * share[where]
    # A record that nothing makes doubtful is right however few its like.
    chance = np.where(mine >= 1, 1.0, likely / np.maximum(likely + 1 - mine, _NEARLY_SURE))
    held = _highest(sharing.other_chance[who].multiply(groups.chance[where]).multiply(within[where]))
    chance[held < least_chance] = 0.0
    return who, where, np.round(chance * (1 - _same(sharing, group, who, where)), 12)


def _highest(matrix: sparse.csr_matrix) -> Chances:
    rows = matrix.tocsr()
    found: Chances = rows.max(axis=1).toarray().ravel() if rows.shape[1] else np.zeros(rows.shape[0])
    return found
