"""How likely two who share one thing alone belong together: worked out by hand, and against drawn regions."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.groups.incidence import things_of
from joinedup.groups.lone import expected_fewer, lone_chances, with_a_third
from joinedup.groups.lumps import ALONE
from joinedup.groups.sharing import NOBODY, Lone, Placed, sharing_of
from joinedup.groups.ties import counted_twice, tied


def chances_of(rows, placed=()):
    """By kind and thing; `placed`: person, record and place of records that name one."""
    columns = zip(("person_id", "kind", "value"), zip(*sorted(rows), strict=True), strict=True)
    things = things_of(pa.table({name: pa.array(column, pa.string()) for name, column in columns}))
    column = {pair: place for place, pair in enumerate(zip(things.kinds.tolist(), things.values, strict=True))}
    person, record, place = zip(*placed, strict=True) if placed else ((), (), ())
    stand = Placed(
        np.array([things.people.index(name) for name in person], np.int64),
        np.array([column["record", name] for name in record], np.int64),
        np.array([column["place", name] for name in place], np.int64),
    )
    sharing = sharing_of(things, np.ones(len(things.values), bool), stand if placed else Placed(NOBODY, NOBODY, NOBODY))
    repeated = counted_twice(sharing.placed)
    found = lone_chances(sharing, tied(sharing, repeated), repeated).chance
    used = [pair for pair, users in zip(column, things.users, strict=True) if users > 1 and pair[0] != "address"]
    return dict(zip(used, found.tolist(), strict=True))


def pairs(name, number, *kinds):
    """So many pairs of people of their own, each sharing a thing of its own of each of the kinds."""
    return [
        (f"{name}{pair}{end}", kind, f"{name}{pair}-{place}")
        for pair in range(number)
        for end in "ab"
        for place, kind in enumerate(kinds)
    ]


def test_what_is_expected_is_set_beside_what_is_recorded():
    rows = pairs("three", 10, "phone", "phone", "vehicle") + pairs("two", 30, "phone", "vehicle")
    rows += pairs("one", 20, "phone") + pairs("met", 400, "record")
    found = chances_of(rows)
    # 30 with two and 10 with three: the ratio at two is 1, at three nought; on the line it is 2 at one: 30 pairs with one.
    # Half of the things of pairs with two are phones: 15 of the 20 that share a phone alone, and it leans by 5 on its kind.
    assert expected_fewer(np.array([0, 0, 30, 10, 0])) == pytest.approx((10, 30))
    assert found["phone", "one0-0"] == pytest.approx((15 + 5 * 15 / 20) / 25)
    # Nobody shares a vehicle alone, and 15 were expected to.
    assert found["vehicle", "two0-1"] == 1.0
    # No pair with two shares a record.
    assert found["record", "met0-0"] == 0.0


def test_the_odds_before_are_those_of_any_two_who_share_anything():
    rows = pairs("three", 10, "phone", "phone", "vehicle") + pairs("two", 30, "phone", "vehicle")
    columns = zip(("person_id", "kind", "value"), zip(*rows, strict=True), strict=True)
    things = things_of(pa.table({name: pa.array(column, pa.string()) for name, column in columns}))
    sharing = sharing_of(things, np.ones(len(things.values), bool), Placed(NOBODY, NOBODY, NOBODY))
    repeated = counted_twice(sharing.placed)
    # Ten with three, thirty with two, thirty with one and ten with none, of the 80 by 79 over two pairs of people.
    assert lone_chances(sharing, tied(sharing, repeated), repeated).before == pytest.approx(80 / (3160 - 80))


def test_somebody_is_likelier_to_belong_with_two_who_do_by_the_cores_found():
    rows = [(f"p{number:02d}", "phone", str(number // 2)) for number in range(42)]
    columns = zip(("person_id", "kind", "value"), zip(*rows, strict=True), strict=True)
    things = things_of(pa.table({name: pa.array(column, pa.string()) for name, column in columns}))
    sharing = sharing_of(things, np.ones(len(things.values), bool), Placed(NOBODY, NOBODY, NOBODY))
    lone = Lone(np.zeros(21), 0.01)
    fives = np.array([0] * 5 + [1] * 5 + [ALONE] * 32)
    # Each pair of a five has three others among the forty that are not of it: odds of 3 to 37, where any two have 1 to 100.
    assert with_a_third(lone, sharing, fives, 30).third == pytest.approx(3 / 37 / 0.01)
    assert with_a_third(lone, sharing, fives, 4).third == 1.0, "lumps say nothing"
    pairs_only = np.array([0, 0, 1, 1] + [ALONE] * 38)
    assert with_a_third(lone, sharing, pairs_only, 30).third == 1.0


def test_pairs_of_one_home_and_the_place_of_a_record_are_not_counted():
    rows = pairs("three", 10, "phone", "phone", "vehicle") + pairs("two", 30, "phone", "vehicle")
    plain = chances_of(rows + pairs("one", 20, "phone"))
    at_home = pairs("home", 50, "phone", "address")
    assert chances_of(rows + pairs("one", 20, "phone") + at_home)["phone", "one0-0"] == plain["phone", "one0-0"]
    met = pairs("met", 40, "record", "place")
    placed = [(f"met{pair}{end}", f"met{pair}-0", f"met{pair}-1") for pair in range(40) for end in "ab"]
    found = chances_of(rows + pairs("one", 20, "phone") + met, placed)
    assert found["phone", "one0-0"] == plain["phone", "one0-0"]
    assert found["record", "met0-0"] == found["place", "met0-1"] == 0.0


def test_where_nobody_shares_three_nothing_is_believed_of_one():
    assert set(chances_of(pairs("two", 30, "phone", "vehicle") + pairs("one", 20, "phone")).values()) == {0.0}
    assert chances_of([("a", "address", "1"), ("b", "address", "1")]) == {}


@given(st.integers(4, 12), st.floats(0.02, 0.6))
def test_binomial_numbers_give_back_the_noughts_and_the_ones(things, chance):
    seen = np.array([math.comb(things, k) * chance**k * (1 - chance) ** (things - k) for k in range(5)]) * 1e6
    assert expected_fewer(seen) == pytest.approx(tuple(seen[:2]))


@given(st.lists(st.tuples(st.floats(0.05, 3), st.floats(0.1, 10)), min_size=1, max_size=4))
def test_mixtures_of_poisson_are_never_expected_to_have_more_than_they_have(parts):
    """Chao's inequality; a single rate gives exactly what it has."""
    seen = np.array([sum(w * math.exp(-r) * r**k / math.factorial(k) for r, w in parts) for k in range(5)]) * 1e6
    assert expected_fewer(seen)[1] <= seen[1] * (1 + 1e-9)
    if len(parts) == 1:
        assert expected_fewer(seen) == pytest.approx(tuple(seen[:2]))


def test_on_a_drawn_region_a_kind_that_chance_shares_out_is_told_from_one_it_does_not():
    """Sets of eight of whom each uses each of four phones and two places with 0.5, among 1,500 pairs who met once."""
    used = np.random.default_rng(8).random((80, 8, 6)) < 0.5
    rows = [(f"{s:03d}{p}", "phone" if t < 4 else "place", f"{s:03d}{t}") for s, p, t in np.argwhere(used).tolist()]
    found = chances_of(rows + pairs("by chance", 1500, "place"))
    assert max(chance for (_, thing), chance in found.items() if thing.startswith("by chance")) < 0.1
    assert np.mean([chance for (kind, _), chance in found.items() if kind == "phone"]) > 0.6
