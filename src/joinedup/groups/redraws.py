"""How stable each membership is: the groups formed again and again with the uncertain links drawn anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from joinedup.groups.belonging import Identities
from joinedup.groups.incidence import Chances, Integers, Things, Truths, highest, ones
from joinedup.groups.rule import Grouping, TieRules, group_people
from joinedup.groups.sharing import NOBODY, Lone, Placed, Sharing

_MENTIONS_AT_ONCE = 200_000
"""Re-draws are made side by side, up to so many mentions: fewer steps for a small inquiry, little memory for a large."""


@dataclass(frozen=True)
class Rows:
    """What each mention says: `mention` has the thing `thing`; and `placed`, by mention, which record with which place."""

    mention: Integers
    thing: Integers
    placed: Placed


@dataclass(frozen=True)
class Redraw:
    """How often to draw, from which seed, and by which rules groups are formed each time."""

    times: int
    seed: int
    rules: TieRules


def stability(
    things: Things, small: Truths, rows: Rows, who: Identities, grouping: Grouping, redraw: Redraw
) -> Chances:
    """Of each person the share of re-draws in which the membership holds; 1 for everybody in no group.

    In a re-draw every link between two mentions of one person is kept with its probability, people who may be one are
    made one with theirs, and groups are formed anew. A person then stands where their anchor mention stands. The
    membership holds when he or she is in one group with at least half of the group's other members. Which things are
    hubs is not drawn again. Links are drawn as if independent. The same seed and evidence give the same shares.
    """
    world = _World.of(things, small, rows, who, grouping)
    held = np.ones(len(things.people))
    if not len(world.members) or world.certain:
        return held
    chance = np.random.default_rng(redraw.seed)
    hits = np.zeros(len(world.members), np.int64)
    at_once = max(_MENTIONS_AT_ONCE // world.mentions, 1)
    for begun in range(0, redraw.times, at_once):
        hits += world.drawn(chance, min(at_once, redraw.times - begun), redraw.rules)
    held[world.members] = hits / redraw.times
    return held


@dataclass(frozen=True)
class _World:
    """The mentions of everybody in a group and of whoever may be one of them, renumbered.

    `group` and `anchor` stand beside `members`, people by their place in Things.people.
    """

    members: Integers
    group: Integers
    anchor: Integers
    mentions: int
    belonging: Chances
    left: Integers
    right: Integers
    chance: Chances
    one: Integers
    other: Integers
    same: Chances
    home: tuple[Integers, Integers, int]
    thing: tuple[Integers, Integers, int]
    placed: Placed
    lone: Lone

    @classmethod
    def of(cls, things: Things, small: Truths, rows: Rows, who: Identities, grouping: Grouping) -> _World:
        group = grouping.group
        inside = group >= 0
        chosen = inside.copy()
        chosen[who.other[inside[who.one]]] = True
        chosen[who.one[inside[who.other]]] = True
        mine = np.flatnonzero(chosen[who.person])
        number = np.full(len(who.person), -1, np.int64)
        number[mine] = np.arange(len(mine))
        joined = number[who.left] >= 0
        apart = chosen[who.one] & chosen[who.other]
        used = small & (things.users > 1)
        is_home = things.kinds == "address"
        columns = {kind: _numbered(used & (is_home == kind)) for kind in (True, False)}
        placed = rows.placed
        record, place = columns[False][placed.record], columns[False][placed.place]
        known = (number[placed.person] >= 0) & (record >= 0) & (place >= 0)
        members = np.flatnonzero(inside)
        return cls(
            members, group[members], number[who.anchor[members]], len(mine), who.belonging[mine],
            number[who.left[joined]], number[who.right[joined]], who.chance[joined],
            number[who.anchor[who.one[apart]]], number[who.anchor[who.other[apart]]], who.same[apart],
            _said(rows, number, columns[True]), _said(rows, number, columns[False]),
            Placed(number[placed.person[known]], record[known], place[known]), grouping.lone,
        )  # fmt: skip

    @property
    def certain(self) -> bool:
        """Whether no link is left to chance."""
        return not len(self.same) and bool((self.chance >= 1).all())

    def drawn(self, chance: np.random.Generator, times: int, rules: TieRules) -> Integers:
        """Of each member, in how many of so many re-draws the membership holds.

        The re-draws are worlds side by side that share no person and no thing; groups are formed in all of them at once.
        """
        kept = chance.random((times, len(self.chance) + len(self.same))) < np.r_[self.chance, self.same]
        world, link = np.nonzero(kept)
        left = np.r_[self.left, self.one][link] + world * self.mentions
        right = np.r_[self.right, self.other][link] + world * self.mentions
        size = times * self.mentions
        graph = sparse.coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
        people, label = csgraph.connected_components(graph, directed=False)
        person = np.asarray(label).astype(np.int64)

        def side_by_side(column: Integers, step: int) -> Integers:
            return (column + step * np.arange(times)[:, None]).ravel()

        def incidence(said: tuple[Integers, Integers, int]) -> tuple[sparse.csr_matrix, Integers, Integers]:
            mention, thing, number = said
            of, column = person[side_by_side(mention, self.mentions)], side_by_side(thing, number)
            return ones(of, column, (people, times * number)), of, column

        homes, (others, of, column), number = incidence(self.home)[0], incidence(self.thing), self.thing[2]
        # What is drawn is certain in its world, but a lone record is trusted no more than before it was drawn.
        trust = highest(others, of, column, np.tile(self.belonging[self.thing[0]], times))
        placed = Placed(
            person[side_by_side(self.placed.person, self.mentions)],
            side_by_side(self.placed.record, number), side_by_side(self.placed.place, number),
        )  # fmt: skip
        # What a thing shared alone is worth follows from the whole evidence; the people drawn here are a part of it.
        lone = Lone(np.tile(self.lone.chance, times), self.lone.before)
        kind = np.zeros(len(lone.chance), np.int64)
        sharing = Sharing(homes, others, homes, others, trust, placed, NOBODY, NOBODY, np.zeros(0), kind, lone)
        where = person[side_by_side(self.anchor, self.mentions)]
        now = group_people(sharing, rules).group[where]
        group = side_by_side(self.group, int(self.group.max()) + 1)
        holds: Integers = _hold(group, now, where).reshape(times, -1).sum(axis=0)
        return holds


def _hold(group: Integers, now: Integers, person: Integers) -> Truths:
    """Who is, in group `now`, with at least half of the others of their `group`, one of whom is another person."""
    size = int(now.max(initial=0)) + 2
    _, together, with_whom = np.unique(group * size + now + 1, return_inverse=True, return_counts=True)
    people = int(person.max(initial=0)) + 1
    _, one, as_one = np.unique(group * people + person, return_inverse=True, return_counts=True)
    others = np.bincount(group)[group] - 1
    met = with_whom[together] - 1
    holds: Truths = (now >= 0) & (2 * met >= others) & (with_whom[together] > as_one[one])
    return holds


def _numbered(chosen: Truths) -> Integers:
    number = np.full(len(chosen), -1, np.int64)
    number[chosen] = np.arange(int(chosen.sum()))
    return number


def _said(rows: Rows, number: Integers, columns: Integers) -> tuple[Integers, Integers, int]:
    """Mention and column of the rows that count, and the number of columns."""
    mention, column = number[rows.mention], columns[rows.thing]
    known = (mention >= 0) & (column >= 0)
    return mention[known], column[known], int(columns.max(initial=-1)) + 1
