"""The pieces into which re-drawn links part the evidence: each different one once, with how often it was drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from joinedup.groups.incidence import Chances, Integers, Truths, each_of
from joinedup.stats.distinct import distinct

AT_ONCE = 500_000
"""Mentions that are drawn, or grouped, side by side: fewer steps for a small inquiry, little memory for a large one."""


@dataclass(frozen=True)
class Piece:
    """Mentions, in order, that no kept link and no thing joins to any other; beside each the first mention of its person;
    and in how many draws the piece stands."""

    mention: Integers
    person: Integers
    drawn: int


@dataclass(frozen=True)
class Links:
    """What is drawn: pairs of so many mentions, each with its chance and whether it is `usual`, kept where nothing is drawn.

    `mention` has the thing `thing` (numbers from nought). Only pieces that hold a mention `asked_for` are given.
    """

    mentions: int
    left: Integers
    right: Integers
    chance: Chances
    usual: Truths
    mention: Integers
    thing: Integers
    asked_for: Truths

    def pieces(self, times: int, chance: np.random.Generator) -> list[Piece]:
        """Every different piece of so many draws.

        A block is what all links and things together join. Most draws leave most blocks as usual; only where a link is not
        as usual is a block parted again. Two pieces of the same mentions made into the same people are one piece.
        """
        blocks = len(self._blocks.size)
        everywhere = np.arange(blocks)
        usual = list(self._parted(everywhere, np.zeros(blocks, np.int64), self.usual[None]))
        often = dict.fromkeys((key for _, key in usual), 0)
        as_usual = np.full(blocks, times, np.int64)
        at_once = max(AT_ONCE // max(self.mentions, 1), 1)
        for begun in range(0, times, at_once):
            kept = chance.random((min(at_once, times - begun), len(self.chance))) < self.chance
            draw, link = np.nonzero(kept != self.usual)
            draw, block = np.divmod(distinct(draw * blocks + self._blocks.of[self.left[link]]), max(blocks, 1))
            as_usual -= np.bincount(block, minlength=blocks)
            for _, key in self._parted(block, draw, kept):
                often[key] = often.get(key, 0) + 1
        for its_block, key in usual:
            often[key] += int(as_usual[its_block])
        rows = ((np.frombuffer(key, np.int64).reshape(-1, 2), number) for key, number in often.items() if number)
        return [Piece(row[:, 0], row[:, 1], number) for row, number in rows]

    @cached_property
    def _blocks(self) -> _Blocks:
        things = int(self.thing.max(initial=-1)) + 1
        ends = np.r_[self.left, self.mention], np.r_[self.right, self.mentions + self.thing]
        _, label = _components(self.mentions + things, *ends)
        return _Blocks.of_nodes(label, self.left, self.mention)

    def _parted(self, block: Integers, draw: Integers, kept: Truths) -> Iterator[tuple[int, bytes]]:
        """Each piece of each of the blocks in its draw: the block, and its mentions beside the first of their people."""
        blocks = self._blocks
        begins = np.cumsum(np.r_[0, blocks.size[block]])
        case, place = each_of(blocks.begin[block], blocks.size[block])
        node = blocks.order[place]
        which, place = each_of(blocks.first_link[block], blocks.links[block])
        link = blocks.link[place]
        holds = kept[draw[which], link]
        which, link = which[holds], link[holds]
        left, right = (begins[which] + blocks.place[end[link]] for end in (self.left, self.right))
        with_things, place = each_of(blocks.first_said[block], blocks.said[block])
        said = blocks.row[place]
        one = begins[with_things] + blocks.place[self.mention[said]]
        other = begins[with_things] + blocks.place[self.mentions + self.thing[said]]
        people, person = _components(len(node), left, right)
        # The last of what is written to one place stays: from behind, that is the first mention of each person.
        first = np.zeros(people, np.int64)
        first[person[::-1]] = node[::-1]
        number, piece = _components(len(node), np.r_[left, one], np.r_[right, other])
        wanted = np.zeros(number, np.bool_)
        is_mention = node < self.mentions
        wanted[piece[is_mention][self.asked_for[node[is_mention]]]] = True
        chosen = np.flatnonzero(is_mention & wanted[piece])
        chosen = chosen[np.argsort(piece[chosen], kind="stable")]
        rows = np.ascontiguousarray(np.stack([node[chosen], first[person[chosen]]], axis=1))
        cuts = np.flatnonzero(np.diff(piece[chosen], prepend=-1)).tolist()
        of = block[case[chosen[cuts]]].tolist()
        for begin, end, its_block in zip(cuts, [*cuts, len(chosen)][1:], of, strict=True):
            yield its_block, rows[begin:end].tobytes()


@dataclass(frozen=True)
class _Blocks:
    """Nodes (mentions, then things), links and rows of what is said, each in the order of their blocks.

    `of`: each node's block. `order`: the nodes block by block, each block `begin`ning where it does and of so many; `place`:
    where in its block a node stands. `link`, `first_link`, `links` and `row`, `first_said`, `said` likewise.
    """

    of: Integers
    order: Integers
    begin: Integers
    size: Integers
    place: Integers
    link: Integers
    first_link: Integers
    links: Integers
    row: Integers
    first_said: Integers
    said: Integers

    @classmethod
    def of_nodes(cls, of: Integers, left: Integers, mention: Integers) -> _Blocks:
        """From the block of every node, one end of every link and the mention of every row."""
        number = int(of.max(initial=-1)) + 1
        (order, begin, size), links, rows = (
            _by_block(of[ends], number) for ends in (np.arange(len(of)), left, mention)
        )
        place = np.empty(len(of), np.int64)
        place[order] = np.arange(len(of)) - np.repeat(begin, size)
        return cls(of, order, begin, size, place, *links, *rows)


def _by_block(block: Integers, number: int) -> tuple[Integers, Integers, Integers]:
    size = np.bincount(block, minlength=number)
    return np.argsort(block, kind="stable"), np.cumsum(size) - size, size


def _components(size: int, left: Integers, right: Integers) -> tuple[int, Integers]:
    graph = sparse.coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    number, label = csgraph.connected_components(graph, directed=False)
    return int(number), np.asarray(label).astype(np.int64)
