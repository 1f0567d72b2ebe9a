"""How stable each membership is: the groups formed again and again with the uncertain links drawn anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from joinedup.groups.belonging import Identities
from joinedup.groups.incidence import Chances, Integers, Things, Truths, each_of, highest, ones
from joinedup.groups.pieces import AT_ONCE, Links, Piece
from joinedup.groups.rule import Grouping, TieRules, group_people
from joinedup.groups.sharing import NOBODY, Lone, Placed, Sharing
from joinedup.stats.distinct import distinct


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
    made one with theirs, and groups are formed anew. A person then stands where their anchor mention stands. What no link
    and no thing joins has no bearing on one another's groups, so each different piece of the evidence that is drawn is
    grouped once, and counts as often as it was drawn. The membership holds when he or she is in one group with at least half of the group's other members. Which things are
    hubs is not drawn again. Links are drawn as if independent. The same seed and evidence give the same shares.
    """
    world = _World.of(things, small, rows, who, grouping)
    held = np.ones(len(things.people))
    if not len(world.members) or world.certain:
        return held
    hits = np.zeros(len(world.members), np.int64)
    for pieces in _batches(world.links.pieces(redraw.times, np.random.default_rng(redraw.seed))):
        hits += world.held(pieces, redraw.rules)
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

    @property
    def _span(self) -> int:
        return max(self.home[2], self.thing[2], 1)

    @property
    def links(self) -> Links:
        """What is drawn: the links within people, usually kept, and people who may be one, usually two."""
        left, right = np.r_[self.left, self.one], np.r_[self.right, self.other]
        usual = np.r_[np.ones(len(self.left), np.bool_), np.zeros(len(self.one), np.bool_)]
        (homes, home, number), (others, thing, _) = self.home, self.thing
        asked_for = np.zeros(self.mentions, np.bool_)
        asked_for[self.anchor] = True
        return Links(
            self.mentions, left, right, np.r_[self.chance, self.same], usual,
            np.r_[homes, others], np.r_[home, number + thing], asked_for,
        )  # fmt: skip

    def held(self, pieces: Sequence[Piece], rules: TieRules) -> Integers:
        """Of each member, in how many re-draws the membership holds in one of the pieces.

        The pieces share no person and no thing; groups are formed in all of them at once.
        """
        piece = np.repeat(np.arange(len(pieces)), [len(each.mention) for each in pieces])
        mention = np.concatenate([each.mention for each in pieces])
        first = np.concatenate([each.person for each in pieces])
        keys, person = np.unique(piece * self.mentions + first, return_inverse=True)
        sharing = self._sharing(piece, mention, person, len(keys))
        member = np.full(self.mentions, -1, np.int64)
        member[self.anchor] = np.arange(len(self.members))
        there = np.flatnonzero(member[mention] >= 0)
        who, where = member[mention[there]], person[there]
        now = group_people(sharing, rules).group[where]
        groups = int(self.group.max()) + 1
        others = np.bincount(self.group, minlength=groups)[self.group[who]] - 1
        holds = _hold(piece[there] * groups + self.group[who], others, now, where)
        often = np.array([each.drawn for each in pieces], np.int64)[piece[there]]
        hits = np.zeros(len(self.members), np.int64)
        np.add.at(hits, who, holds * often)
        return hits

    def _sharing(self, piece: Integers, mention: Integers, person: Integers, people: int) -> Sharing:
        """What so many people share: `person` by mention of each piece. No column is of two pieces."""
        at, _, home = self._said(piece, mention, *self.home[:2])
        _, column = np.unique(home, return_inverse=True)
        homes = ones(person[at], column, (people, int(column.max(initial=-1)) + 1))
        at, row, thing = self._said(piece, mention, *self.thing[:2])
        keys = distinct(thing)
        of, column = person[at], np.searchsorted(keys, thing)
        others = ones(of, column, (people, len(keys)))
        # What is drawn is certain in its world, but a lone record is trusted no more than before it was drawn.
        trust = highest(others, of, column, self.belonging[self.thing[0]][row])
        by, _, record, place = self._said(piece, mention, self.placed.person, self.placed.record, self.placed.place)
        placed = Placed(person[by], np.searchsorted(keys, record), np.searchsorted(keys, place))
        # What a thing shared alone is worth follows from the whole evidence; the people drawn here are a part of it.
        lone = Lone(self.lone.chance[keys % self._span], self.lone.before, self.lone.third)
        kind = np.zeros(len(keys), np.int64)
        return Sharing(homes, others, homes, others, trust, placed, NOBODY, NOBODY, np.zeros(0), kind, lone)

    def _said(self, piece: Integers, mention: Integers, of: Integers, *things: Integers) -> tuple[Integers, ...]:
        """Of the rows about mentions `of` those about a mention here: its place here, the row, and its things by piece."""
        order, size = np.argsort(of, kind="stable"), np.bincount(of, minlength=self.mentions)
        at, place = each_of((np.cumsum(size) - size)[mention], size[mention])
        row = order[place]
        return at, row, *(piece[at] * self._span + thing[row] for thing in things)


def _batches(pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    """The pieces in their order, so many at once."""
    begun, mentions = 0, 0
    for place, piece in enumerate(pieces):
        if mentions and mentions + len(piece.mention) > AT_ONCE:
            yield pieces[begun:place]
            begun, mentions = place, 0
        mentions += len(piece.mention)
    if begun < len(pieces):
        yield pieces[begun:]


def _hold(group: Integers, others: Integers, now: Integers, person: Integers) -> Truths:
    """Who is, in group `now`, with at least half of so many `others` of their `group`, one of whom is another person."""
    size = int(now.max(initial=0)) + 2
    _, together, with_whom = np.unique(group * size + now + 1, return_inverse=True, return_counts=True)
    people = int(person.max(initial=0)) + 1
    _, one, as_one = np.unique(group * people + person, return_inverse=True, return_counts=True)
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
