"""The share of re-draws in which a membership holds, where it can be worked out by hand."""

from __future__ import annotations

import random

import numpy as np
import pytest

from joinedup.groups.lumps import ALONE
from joinedup.groups.redraws import _hold


def stability_of(store):
    rows = store.read("group_members").to_pyarrow().to_pylist()
    return {row["person_id"].removeprefix("p_"): row["stability"] for row in rows}


def pair_resting_on(region, probability):
    """a and b share a phone, seen by one mention of a, and a car, seen by another that a link joins to it."""
    first = region.record("a", phone="1")
    second = region.record("a", vehicle="X")
    region.record("b", phone="1", vehicle="X")
    region.link(first, second, probability)


def test_sure_links_give_full_stability_and_probability(region, group):
    pair_resting_on(region, 1.0)
    store = group(region)
    assert stability_of(store) == {"a": 1.0, "b": 1.0}
    assert store.read("edges").to_pyarrow()["probability"].to_pylist() == [1.0]
    assert store.read("groups").to_pyarrow()["stability"].to_pylist() == [1.0]


def test_a_pair_that_rests_on_one_link_holds_as_often_as_the_link(region, group):
    pair_resting_on(region, 0.7)
    store = group(region)
    assert store.read("edges").to_pyarrow()["probability"].to_pylist() == pytest.approx([0.7])
    found = stability_of(store)
    assert found["a"] == found["b"] == pytest.approx(0.7, abs=0.1)


def test_a_tie_less_likely_than_not_is_none(region, group, groups_of):
    pair_resting_on(region, 0.49)
    store = group(region)
    assert groups_of(store) == []
    assert store.tables()["edges"] == 0


def test_two_who_may_be_one_person_hold_as_often_as_they_are_two(region, group):
    for person in ("a", "b"):
        region.record(person, phone="1", vehicle="X")
    region.link("m00000", "m00001", 0.4, zone="review")
    store = group(region)
    assert store.read("edges").to_pyarrow()["probability"].to_pylist() == pytest.approx([0.6])
    assert stability_of(store) == pytest.approx({"a": 0.6, "b": 0.6}, abs=0.1)


def test_a_pair_kept_apart_though_probable_leaves_no_doubt(region, group):
    for person in ("a", "b"):
        region.record(person, phone="1", vehicle="X")
    region.link("m00000", "m00001", 0.97, zone="review")
    assert stability_of(group(region)) == {"a": 1.0, "b": 1.0}


def test_members_of_a_larger_group_stand_when_one_falls_away(region, group):
    pair_resting_on(region, 0.6)
    for person in ("c", "d", "e"):
        region.record(person, phone="1", vehicle="X")
    found = stability_of(group(region))
    assert found["b"] == found["c"] == found["d"] == found["e"] == 1.0
    # Without the link a shares the phone with two or more of the core, and is attached: the membership holds.
    assert found["a"] == 1.0


def test_the_same_seed_gives_the_same_shares_in_any_order_of_rows(region, group):
    pair_resting_on(region, 0.7)
    for person in ("c", "d"):
        first, second = region.record(person, phone="1"), region.record(person, account="one")
        region.link(first, second, 0.8)
    before = group(region)
    for rows in (region.people, region.mentions, region.involvements, region.identifiers, region.links):
        random.Random(5).shuffle(rows)
    after = group(region)
    for name in ("edges", "groups", "group_members"):
        assert before.fingerprint(name) == after.fingerprint(name)


def test_a_membership_holds_with_half_of_the_others_one_of_them_another_person():
    group = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2])
    now = np.array([3, 3, ALONE, 4, 4, ALONE, 5, 6, 6])
    person = np.array([0, 1, 2, 3, 4, 5, 6, 7, 7])
    # Of the first three two stay together: each has one of two others. Of the four two stay: one of three is too few.
    # The last two have become one person, tied to somebody else.
    others = np.bincount(group)[group] - 1
    assert _hold(group, others, now, person).tolist() == [True, True, False, False, False, False, False, False, False]


def test_who_is_alone_is_not_taken_for_the_group_before():
    group, now, person = np.array([0, 0, 1, 1]), np.array([0, 0, ALONE, ALONE]), np.arange(4)
    assert _hold(group, np.ones(4, np.int64), now, person).tolist() == [True, True, False, False]


def test_a_lump_is_cut_and_says_so(region, group, groups_of):
    for block, phone, vehicle in (("x", "1", "X"), ("y", "2", "Y")):
        for number in range(20):
            region.record(f"{block}{number:02d}", phone=phone, vehicle=vehicle, account=block)
    for person in ("x00", "y00"):
        region.record(person, phone="3", vehicle="Z")
    store = group(region)
    assert [len(members) for members in groups_of(store)] == [20, 20]
    assert store.read("groups").to_pyarrow()["cut_from"].to_pylist() == [40, 40]
    ends = {(row["person_l"], row["person_r"]) for row in store.read("edges").to_pyarrow().to_pylist()}
    assert ("p_x00", "p_y00") in ends, "the tie across the cut is still told"
