"""Pieces of re-drawn evidence: each different one grouped once gives what grouping the whole of every draw gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse import csgraph

from joinedup.groups import pieces as room
from joinedup.groups.incidence import highest, ones
from joinedup.groups.pieces import Links
from joinedup.groups.redraws import _batches, _hold, _World
from joinedup.groups.rule import TieRules, group_people
from joinedup.groups.sharing import NOBODY, Lone, Placed, Sharing


def world_of(seed: int) -> _World:
    """Some people of one to four mentions, links and people who may be one, a few things each, and their groups."""
    chance = np.random.default_rng(seed)
    sizes = chance.integers(1, 5, int(chance.integers(6, 24)))
    mentions, of = int(sizes.sum()), np.repeat(np.arange(len(sizes)), sizes)
    begin = np.cumsum(sizes) - sizes
    pairs = [(i, j) for i in range(mentions) for j in range(i + 1, mentions) if of[i] == of[j]]
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    sure = chance.choice([1.0, 0.97, 0.7, 0.4], len(left), p=[0.4, 0.2, 0.2, 0.2])
    one = chance.integers(0, len(sizes) - 1, int(chance.integers(0, 4)))
    things = int(chance.integers(max(mentions // 3, 2), mentions))
    rows = np.unique(np.stack([chance.integers(0, each, 5 * mentions // 4) for each in (mentions, things)]), axis=1)
    at_home = np.unique(np.stack([chance.integers(0, each, mentions // 4) for each in (mentions, 9)]), axis=1)
    # Every mention that has both the first and the second thing is named with the second as the place of the first.
    both = np.intersect1d(rows[0][rows[1] == 0], rows[0][rows[1] == 1])
    world = _World(
        np.arange(len(sizes)), np.zeros(len(sizes), np.int64), begin, mentions, chance.choice([1.0, 0.9, 0.6], mentions),
        left, right, sure, begin[one], begin[one + 1], np.full(len(one), 0.3), (at_home[0], at_home[1], 9),
        (rows[0], rows[1], things), Placed(both, np.zeros(len(both), np.int64), np.ones(len(both), np.int64)),
        Lone(chance.choice([0.02, 0.4, 0.8, 1.0], things), 0.01),
    )  # fmt: skip
    group = grouped(world, world.links.usual)[1]
    members = np.flatnonzero(group >= 0) if (group >= 0).any() else np.array([0])
    return replace(world, members=members, group=np.maximum(group[members], 0), anchor=begin[members])


def grouped(world: _World, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The person each anchor mention is of, and its group, the whole evidence being grouped with the links that are kept."""
    links = world.links
    graph = sparse.coo_matrix(
        (kept[kept], (links.left[kept], links.right[kept])), shape=(world.mentions, world.mentions)
    )
    people, label = csgraph.connected_components(graph, directed=False)
    person = label.astype(np.int64)
    (at, home, homes), (of, thing, things) = world.home, world.thing
    others, lived = ones(person[of], thing, (people, things)), ones(person[at], home, (people, homes))
    trust = highest(others, person[of], thing, world.belonging[of])
    placed = Placed(person[world.placed.person], world.placed.record, world.placed.place)
    kind = np.zeros(things, np.int64)
    sharing = Sharing(lived, others, lived, others, trust, placed, NOBODY, NOBODY, np.zeros(0), kind, world.lone)
    where = person[world.anchor]
    return where, group_people(sharing, TieRules()).group[where]


def whole(world: _World, times: int, seed: int) -> list[int]:
    """Of each member in how many draws the membership holds, the whole evidence being grouped anew in each."""
    links, chance, hits = world.links, np.random.default_rng(seed), np.zeros(len(world.members), np.int64)
    others = np.bincount(world.group)[world.group] - 1
    for _ in range(times):
        where, now = grouped(world, chance.random(len(links.chance)) < links.chance)
        hits += _hold(world.group, others, now, where)
    return hits.tolist()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 40, 200_000]))
def test_pieces_grouped_once_give_what_the_whole_of_every_draw_gives(seed, at_once):
    world = world_of(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "AT_ONCE", at_once)
        pieces = world.links.pieces(10, np.random.default_rng(seed))
    hits = np.sum([world.held(batch, TieRules()) for batch in _batches(pieces)], axis=0)
    assert np.array(hits).tolist() == whole(world, 10, seed)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_every_mention_asked_for_stands_in_one_piece_of_every_draw(seed):
    world = world_of(seed)
    stands = np.zeros(world.mentions, np.int64)
    for piece in world.links.pieces(10, np.random.default_rng(seed)):
        assert piece.drawn > 0
        assert piece.mention.tolist() == sorted(set(piece.mention.tolist()))
        np.add.at(stands, piece.mention, piece.drawn)
    assert set(stands[world.anchor].tolist()) <= {10}


def test_what_no_draw_changes_is_one_piece_drawn_every_time():
    none, pair = np.zeros(0, np.int64), np.array([0])
    links = Links(
        3,
        pair,
        np.array([1]),
        np.array([1.0]),
        np.array([True]),
        np.array([1, 2]),
        np.array([0, 0]),
        np.ones(3, np.bool_),
    )
    (piece,) = links.pieces(200, np.random.default_rng(1))
    assert (piece.mention.tolist(), piece.person.tolist(), piece.drawn) == ([0, 1, 2], [0, 0, 2], 200)
    apart = Links(2, none, none, np.zeros(0), np.zeros(0, np.bool_), none, none, np.array([True, False]))
    assert [piece.mention.tolist() for piece in apart.pieces(5, np.random.default_rng(1))] == [[0]]


def test_a_link_kept_half_the_time_gives_two_pieces_or_one():
    links = Links(
        2, np.array([0]), np.array([1]), np.array([0.5]), np.array([True]), np.zeros(0, np.int64), np.zeros(0, np.int64),
        np.ones(2, np.bool_),
    )  # fmt: skip
    pieces = {tuple(piece.mention.tolist()): piece.drawn for piece in links.pieces(400, np.random.default_rng(1))}
    assert pieces[0,] == pieces[1,] == 400 - pieces[0, 1]
    assert 160 < pieces[0, 1] < 240
