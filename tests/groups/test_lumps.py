from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from joinedup.groups.lumps import ALONE, cut_lumps


def ties_of(*pairs):
    left, right, weight = zip(*sorted((min(pair[:2]), max(pair[:2]), pair[2]) for pair in pairs), strict=True)
    return np.array(left), np.array(right), np.array(weight, float)


def clique(first, size, weight):
    return [(one, other, weight) for one, other in itertools.combinations(range(first, first + size), 2)]


def test_a_core_within_the_cap_is_left_alone():
    core = np.zeros(30, np.int64)
    found, lump = cut_lumps(core, *ties_of(*clique(0, 30, 2)), 30)
    assert found.tolist() == core.tolist()
    assert not lump.any()


def test_a_lump_comes_apart_at_its_weakest_ties_and_says_what_it_was():
    ties = ties_of(*clique(0, 12, 3), *clique(12, 12, 3), *clique(24, 12, 3), (0, 12, 2), (13, 24, 2))
    found, lump = cut_lumps(np.zeros(36, np.int64), *ties, 30)
    parts = [set(np.flatnonzero(found == number).tolist()) for number in range(found.max() + 1)]
    assert all(len(part) <= 30 for part in parts)
    for block in (range(12), range(12, 24), range(24, 36)):
        assert any(set(block) <= part for part in parts)
    assert set(lump.tolist()) == {36}


def test_other_cores_keep_their_people():
    ties = ties_of((0, 1, 2), *clique(2, 40, 2))
    found, lump = cut_lumps(np.array([0, 0] + [1] * 40), *ties, 30)
    assert found[:2].tolist() == [0, 0]
    assert lump[:2].tolist() == [0, 0]
    assert set(found[2:].tolist()) & {0} == set()


def test_whoever_is_tied_to_full_parts_alone_is_in_none():
    star = [(0, other, 2.0) for other in range(1, 41)]
    found, lump = cut_lumps(np.zeros(41, np.int64), *ties_of(*star), 30)
    assert np.bincount(found[found >= 0]).max() <= 30
    assert (found == ALONE).sum() == 11
    assert not lump[found == ALONE].any()


@given(st.sets(st.tuples(st.integers(0, 59), st.integers(0, 59), st.integers(2, 5)), min_size=40, max_size=200))
def test_no_part_is_larger_than_the_cap_nor_a_single_person(pairs):
    unique = {(min(pair[:2]), max(pair[:2])): pair for pair in sorted(pairs) if pair[0] != pair[1]}
    ring = {(n, n + 1): (n, n + 1, 2) for n in range(59)}
    found, lump = cut_lumps(np.zeros(60, np.int64), *ties_of(*(ring | unique).values()), 30)
    sizes = np.bincount(found[found >= 0])
    assert sizes.max() <= 30
    assert sizes.min() >= 2
    assert set(lump[found >= 0].tolist()) == {60}


def test_a_huge_lump_is_cut_strongest_ties_first(monkeypatch):
    monkeypatch.setattr("joinedup.groups.lumps._DENSE_AT_MOST", 40)
    ties = ties_of(*clique(0, 35, 3), *clique(35, 35, 3), *((n, n + 35, 2) for n in range(35)))
    found, lump = cut_lumps(np.zeros(70, np.int64), *ties, 40)
    assert found.tolist() == [0] * 35 + [1] * 35
    assert set(lump.tolist()) == {70}
