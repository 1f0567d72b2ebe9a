"""The rule that makes groups of what people share: ties, cores, cores joined, people attached."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.groups.chances import one_or_more
from joinedup.groups.incidence import Integers
from joinedup.groups.joining import Joined, JoinRules, join
from joinedup.groups.lone import lone_chances, with_a_third
from joinedup.groups.lumps import ALONE, cut_lumps
from joinedup.groups.sharing import Lone, Pairs, Sharing, per_row
from joinedup.groups.ties import components, counted_twice, sure_enough, tied
from joinedup.stats.distinct import among, distinct


@dataclass(frozen=True)
class TieRules:
    """What a tie, an attachment and a lump are; the figures stand in the registry with their reasons."""

    least_chance: float = 0.5
    lone_at_least: float = 0.33
    vouches_from: float = 0.95
    lump_cap: int = 30


@dataclass(frozen=True)
class Grouping:
    """`core` and `attached`: each person's group by number, or ALONE; `by`: how many things attach an attached person,
    two standing for more; `lump`: the number of people of the lump a core member's group was cut from, nought where
    none was. `ties`: pairs of two things or more within cores or across a cut; `joins`: pairs that share a thing and
    whose cores were joined; `attachments`: each attached person with each other member he or she shares a thing with."""

    core: Integers
    attached: Integers
    by: Integers
    lump: Integers
    lone: Lone
    ties: Pairs
    trios: Pairs
    joins: Pairs
    attachments: Pairs

    @property
    def group(self) -> Integers:
        """Each person's group, core or attached."""
        return np.where(self.core >= 0, self.core, self.attached)


def group_people(sharing: Sharing, rules: TieRules) -> Grouping:
    """Groups of people tied by the small things they share.

    Two people are tied when they share two small things or more; all homes they share count as one, and a record that
    names both with a place counts once, not as a record and a place. Where links are uncertain the chance of it
    (Poisson-binomial, times the chance that they are two people at all) must reach the least chance. Components of ties
    are cores, numbered in order of their first person; a core larger than the cap is cut. A core then counts as one
    person: cores that share two small things are joined, and whoever shares two with a group, or one with two of its
    people, is attached to it (`joining.join`).
    """
    repeated = counted_twice(sharing.placed)
    possible = tied(sharing, repeated)
    ties = sure_enough(possible, sharing, repeated, rules.least_chance)
    whole = components(sharing.people, ties)
    lone = sharing.lone
    if lone is None:
        lone = with_a_third(lone_chances(sharing, possible, repeated), sharing, whole, rules.lump_cap)
    core, lump = cut_lumps(whole, ties.left, ties.right, ties.shared * ties.chance, rules.lump_cap)
    how = JoinRules(rules.least_chance, rules.lone_at_least, rules.vouches_from, rules.lump_cap)
    joined = join(sharing, lone, core, lump, how)
    inside = joined.core >= 0
    now = np.where(inside, joined.group, ALONE)
    attached = np.where(inside, ALONE, joined.group)
    joins, attachments = _pairs_of_joining(sharing, repeated, joined, ties)
    return Grouping(now, attached, joined.by, lump, lone, ties, joined.trios, joins, attachments)


def _pairs_of_joining(
    sharing: Sharing, repeated: tuple[Integers, Integers, Integers], joined: Joined, ties: Pairs
) -> tuple[Pairs, Pairs]:
    """The pairs by which cores were joined, and those by which people are attached; none of them is a tie."""
    core, inside = joined.core, joined.core >= 0
    # The cores that make up each group: where there are several, pairs across them say why they were joined.
    parts = np.unique(np.stack([joined.group, core])[:, inside], axis=1)[0]
    several = np.flatnonzero(inside & np.isin(joined.group, np.flatnonzero(np.bincount(parts, minlength=1) > 1)))
    joins = _sharing_pairs(sharing, repeated, joined, (several, several))
    joins = joins.chosen(core[joins.left] != core[joins.right])
    attached = np.flatnonzero((joined.group >= 0) & ~inside)
    attachments = _sharing_pairs(sharing, repeated, joined, (attached, np.flatnonzero(joined.vouching)))
    size = sharing.people
    tied_already = distinct(np.r_[ties.left * size + ties.right, joined.trios.left * size + joined.trios.right])
    joins, attachments = (
        pairs.chosen(~among(pairs.left * size + pairs.right, tied_already)) for pairs in (joins, attachments)
    )
    return joins, attachments


def _sharing_pairs(
    sharing: Sharing,
    repeated: tuple[Integers, Integers, Integers],
    joined: Joined,
    between: tuple[Integers, Integers],
) -> Pairs:
    """The pairs of one group that share a thing other than a home, each once, with the chance that they do.

    A record and the place it names are one thing, as they are for a tie.
    """
    one, other = between
    if not len(one) or not len(other):
        return Pairs.none()
    used = np.flatnonzero(np.asarray(sharing.others[one].sum(axis=0)).ravel() > 0)
    things, chances = (matrix.tocsc()[:, used].tocsr() for matrix in (sharing.others, sharing.other_chance))
    met = (things[one] @ things[other].T).tocoo()
    left, right = one[met.row], other[met.col]
    same_group = (joined.group[left] == joined.group[right]) & (left != right)
    left, right = left[same_group], right[same_group]
    keys = distinct(np.minimum(left, right) * sharing.people + np.maximum(left, right))
    left, right = np.divmod(keys, sharing.people)
    items = chances[left].multiply(chances[right]).tocsr()
    chance = one_or_more(items) * (1 - sharing.chance_same(left, right)) * joined.right[left] * joined.right[right]
    again, times = np.unique(repeated[0] * sharing.people + repeated[1], return_counts=True)
    at = np.minimum(np.searchsorted(again, keys), max(len(again) - 1, 0))
    twice = np.where(again[at] == keys, times[at], 0) if len(again) else np.zeros(len(keys), np.int64)
    return Pairs(left, right, per_row(items) - twice, np.round(chance, 12))
