"""Cores joined and people attached, where links are doubtful; the sure case is held in test_rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from joinedup.groups.incidence import things_of
from joinedup.groups.lumps import ALONE
from joinedup.groups.rule import TieRules, group_people
from joinedup.groups.sharing import NOBODY, Lone, Placed, sharing_of

RULES = TieRules()


def grouping_of(*rows, rules=RULES, same=None, alone=None, before=0.001, third=1.0):
    """`rows`: person, kind, thing and, where the link is not sure, its chance; `alone`: by kind, for things shared alone."""
    columns = list(zip(*((*row, 1.0)[:4] for row in rows), strict=True))
    names = ("person_id", "kind", "value")
    table = pa.table({name: pa.array(column) for name, column in zip(names, columns[:3], strict=True)})
    things = things_of(table, np.array(columns[3]))
    none = Placed(NOBODY, NOBODY, NOBODY)
    may_be_one = None
    if same:
        one, other = sorted(things.people.index(person) for person in same[:2])
        may_be_one = (np.array([one]), np.array([other]), np.array([same[2]]))
    sharing = sharing_of(things, np.ones(len(things.values), bool), none, may_be_one)
    kinds = np.unique(things.kinds)[sharing.kind]
    worth = np.array([(alone or {}).get(str(kind), 0.0) for kind in kinds])
    sharing = replace(sharing, lone=Lone(worth, before, third))
    return things.people, group_people(sharing, rules)


def members(people, grouping):
    return {person: int(number) for person, number in zip(people, grouping.group.tolist(), strict=True) if number >= 0}


def core(*people, thing="", chance=1.0):
    """Everybody of it with two things."""
    return [(person, "phone", f"{thing}{number}", chance) for person in people for number in (1, 2)]


def test_two_cores_that_share_two_things_are_one():
    rows = [*core("a", "b", thing="x"), *core("c", "d", thing="y")]
    across = [
        ("a", "place", "1"),
        ("b", "place", "1"),
        ("c", "place", "1"),
        ("a", "account", "2"),
        ("b", "account", "2"),
    ]
    people, found = grouping_of(*rows, *across)
    assert len(set(members(people, found).values())) == 2
    people, found = grouping_of(*rows, *across, ("d", "account", "2"))
    assert set(members(people, found).values()) == {0}
    assert set(found.core.tolist()) == {0}
    joins = {(people[one], people[other]) for one, other in zip(found.joins.left, found.joins.right, strict=True)}
    assert joins == {("a", "c"), ("b", "c"), ("a", "d"), ("b", "d")}


def test_things_that_one_of_each_core_uses_join_nothing():
    rows = [*core("a", "b", thing="x"), *core("c", "d", thing="y")]
    met = [("a", "record", "1"), ("c", "record", "1"), ("b", "record", "2"), ("d", "record", "2")]
    people, found = grouping_of(*rows, *met)
    assert len(set(members(people, found).values())) == 2


def test_things_that_speak_for_themselves_join_cores_though_one_of_each_uses_them():
    rows = [*core("a", "b", "e", thing="x"), *core("c", "d", "f", thing="y")]
    met = [("a", "phone", "1"), ("c", "phone", "1"), ("b", "vehicle", "2"), ("d", "vehicle", "2")]
    people, found = grouping_of(*rows, *met, alone={"phone": 0.8, "vehicle": 0.7})
    assert set(members(people, found).values()) == {0}
    people, found = grouping_of(*rows, *met, alone={"phone": 0.7, "vehicle": 0.7})
    assert len(set(members(people, found).values())) == 2, "0.7 and 0.7 are less likely both than not"


def test_a_pair_comes_with_the_one_of_it_whom_one_thing_would_attach():
    rows = [*core("a", "b", "e", thing="x"), *core("c", "d", thing="y"), ("a", "vehicle", "1"), ("b", "vehicle", "1")]
    people, found = grouping_of(*rows, ("c", "vehicle", "1"), alone={"vehicle": 0.6})
    assert set(members(people, found).values()) == {0}
    joins = {(people[one], people[other]) for one, other in zip(found.joins.left, found.joins.right, strict=True)}
    assert joins == {("a", "c"), ("b", "c")}
    people, found = grouping_of(*rows, ("c", "vehicle", "1"), alone={"vehicle": 0.4})
    assert len(set(members(people, found).values())) == 2, "a thing that chance shares out attaches no pair"
    three = [*rows, ("c", "vehicle", "1"), ("f", "phone", "y1"), ("f", "phone", "y2")]
    people, found = grouping_of(*three, alone={"vehicle": 0.6})
    assert len(set(members(people, found).values())) == 2, "three are a core of their own"


def test_a_place_that_twice_as_many_others_use_attaches_nobody():
    rows = [*core("a", "b", thing="x"), ("a", "place", "1"), ("b", "place", "1")]
    few = [(f"o{number}", "place", "1") for number in range(3)]
    assert {"o0", "o1", "o2"} <= set(members(*grouping_of(*rows, *few)))
    assert set(members(*grouping_of(*rows, *few, ("o3", "place", "1")))) == {"a", "b"}


def test_three_who_share_things_two_by_two_begin_a_core_and_say_so():
    chain = [("a", "phone", "1"), ("b", "phone", "1"), ("b", "vehicle", "2"), ("c", "vehicle", "2")]
    people, found = grouping_of(*chain, alone={"phone": 0.9, "vehicle": 0.8})
    assert members(people, found) == {"a": 0, "b": 0, "c": 0}
    assert set(found.core.tolist()) == {0}
    assert not len(found.ties.left)
    trios = zip(found.trios.left, found.trios.right, found.trios.chance, strict=True)
    assert [(people[one], people[other], chance) for one, other, chance in trios] == [("a", "b", 0.9), ("b", "c", 0.8)]
    people, found = grouping_of(*chain, ("d", "vehicle", "2"), alone={"phone": 0.9, "vehicle": 0.8})
    assert members(people, found) == {"a": 0, "b": 0, "c": 0, "d": 0}


def test_a_thing_of_a_group_begins_no_other():
    public = [(person, "phone", "1") for person in ("a", "b", "o", "p", "q", "r", "s")]
    chain = [("s", "vehicle", "2"), ("t", "vehicle", "2")]
    worth = {"phone": 0.9, "vehicle": 0.9}
    assert set(members(*grouping_of(*public, *chain, alone=worth))) == {*"abopqrst"}
    # a and b are a core, and six of the eight who use the phone are others: it attaches nobody, and is the core's.
    assert set(members(*grouping_of(*core("a", "b", thing="x"), *public, *chain, alone=worth))) == {"a", "b"}


def test_whoever_belongs_with_one_is_likelier_to_belong_with_more():
    chain = [("a", "phone", "1"), ("b", "phone", "1"), ("b", "vehicle", "2"), ("c", "vehicle", "2")]
    worth = {"phone": 0.6, "vehicle": 0.2}
    assert not members(*grouping_of(*chain, alone=worth, third=8 / 3)), "odds 1.5 by 0.25 by 8/3 are 1, beside 2.75"
    assert not members(*grouping_of(*chain, alone=worth, third=7.3))
    people, found = grouping_of(*chain, alone=worth, third=8)
    assert members(people, found) == {"a": 0, "b": 0, "c": 0}
    # All three 3, the two by the phone 1.5, the two by the vehicle 0.25, none 1.
    assert found.trios.chance.tolist() == pytest.approx([4.5 / 5.75, 3.25 / 5.75])
    assert not members(*grouping_of(*chain, alone={"phone": 0.49, "vehicle": 0.49}, third=1000)), (
        "one must speak for itself"
    )


def test_a_thing_that_two_of_each_of_two_cores_use_makes_them_one():
    rows = [*core("a", "b", "e", thing="x"), *core("c", "d", "f", thing="y")]
    met = [(person, "place", "1") for person in "abcd"]
    people, found = grouping_of(*rows, *met)
    assert set(members(people, found).values()) == {0}
    joins = {(people[one], people[other]) for one, other in zip(found.joins.left, found.joins.right, strict=True)}
    assert joins == {("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")}
    assert len(set(members(*grouping_of(*rows, *met[:3])).values())) == 2, "one of a core of three is too few"
    larger = [*rows, *core("g", "h", thing="x"), *core("i", "j", thing="y")]
    assert len(set(members(*grouping_of(*larger, *met)).values())) == 2, "two of five are half of neither"
    assert len(set(members(*grouping_of(*rows, *met, ("o", "place", "1"))).values())) == 1
    others = [("o", "place", "1"), ("p", "place", "1")]
    assert len(set(members(*grouping_of(*rows, *met, *others)).values())) == 2, (
        "twice as many others as people of either"
    )


@pytest.mark.parametrize("alone", [{"phone": 0.7, "vehicle": 0.7}, {"phone": 1.0}, {}])
def test_three_of_whom_it_is_less_likely_than_not_begin_nothing(alone):
    chain = [("a", "phone", "1"), ("b", "phone", "1"), ("b", "vehicle", "2"), ("c", "vehicle", "2")]
    assert not members(*grouping_of(*chain, alone=alone))


def test_doubtful_links_and_one_thing_alone_begin_nothing():
    sure = {"phone": 1.0, "vehicle": 1.0}
    chain = [("a", "phone", "1", 0.9), ("b", "phone", "1", 0.8), ("b", "vehicle", "2", 0.9), ("c", "vehicle", "2", 0.8)]
    people, found = grouping_of(*chain, alone=sure)
    assert len(members(people, found)) == 3
    assert found.trios.chance.tolist() == pytest.approx([0.72, 0.72])
    chain[0] = ("a", "phone", "1", 0.8)
    chain[3] = ("c", "vehicle", "2", 0.7)
    assert not members(*grouping_of(*chain, alone=sure)), "0.64 by 0.63 is less than one half"
    assert not members(*grouping_of(*((person, "phone", "1") for person in "abc"), alone=sure))


RING = [
    *(("a", "phone", "1"), ("b", "phone", "1")),
    *(("b", "place", "2"), ("c", "place", "2")),
    *(("c", "record", "3"), ("a", "record", "3")),
]


def test_three_of_whom_every_two_share_another_thing_are_likelier_than_the_things_alone():
    worth = {"phone": 0.8, "place": 0.1, "record": 0.05}
    people, found = grouping_of(*RING, alone=worth, before=0.001)
    assert members(people, found) == {"a": 0, "b": 0, "c": 0}
    odds = [4, 1 / 9, 1 / 19]
    together = odds[0] * odds[1] * odds[2] / 0.001
    assert found.trios.chance.tolist() == pytest.approx([together / (1 + sum(odds) + together)] * 3)
    # Where any two people are likelier to belong together, that a third is met twice says less.
    assert not members(*grouping_of(*RING, alone=worth, before=0.01))


def test_a_ring_needs_a_thing_that_speaks_for_itself_and_three_things():
    weak = {"phone": 0.4, "place": 0.3, "record": 0.3}
    assert not members(*grouping_of(*RING, alone=weak)), "people of one neighbourhood meet in many ways"
    one_place = [*RING[:2], ("b", "place", "2"), ("c", "place", "2"), ("a", "place", "2")]
    _, found = grouping_of(*one_place, alone={"phone": 0.8, "place": 0.1})
    # a and b share the phone and the place: a tie, and c is attached by the place.
    assert found.core.tolist() == [0, 0, ALONE]
    assert not len(found.trios.left)


def test_a_chain_longer_than_a_group_begins_nothing():
    line = [(f"{n + step:02d}", "phone", f"{n}") for n in range(40) for step in (0, 1)]
    assert not members(*grouping_of(*line, alone={"phone": 1.0}))
    assert len(members(*grouping_of(*line[:40], alone={"phone": 1.0}))) == 21


def test_cores_that_would_pass_the_cap_together_stay_two():
    rows = [*core("a", "b", thing="x"), *core("c", "d", thing="y")]
    rows += [(person, "place", number) for person in "abcd" for number in "1"]
    rows += [(person, "account", "1") for person in "abc"]
    people, found = grouping_of(*rows, rules=TieRules(lump_cap=3))
    assert len(set(members(people, found).values())) == 2
    # a, b and c share a place and an account: they are one core by ties, and of no cut.
    assert found.lump.max() <= 4


def test_somebody_attached_vouches_for_the_next():
    rows = [*core("a", "b", thing="x"), ("c", "phone", "x1"), ("c", "vehicle", "v"), ("d", "vehicle", "v")]
    people, found = grouping_of(*rows, ("a", "vehicle", "v"), ("d", "account", "1"), ("e", "account", "1"))
    assert members(people, found) == {"a": 0, "b": 0, "c": 0, "d": 0}
    assert dict(zip(people, found.by.tolist(), strict=True)) == {"a": 0, "b": 0, "c": 0, "d": 1, "e": 0}


LONE = [(person, "phone", "x1", 0.9) for person in ("o1", "o2", "o3", "o4")]


def test_a_single_doubtful_record_attaches_only_where_wrong_links_do_not_explain_it():
    """Ten members with two things each at 0.9: 22 or so records, two wrong ones expected."""
    ring = core(*(f"m{n}" for n in range(10)), thing="x", chance=0.9)
    people, found = grouping_of(*ring, ("o1", "phone", "x1", 0.9))
    assert "o1" not in members(people, found)
    people, found = grouping_of(*ring, *LONE)
    assert {"o1", "o2", "o3", "o4"} <= set(members(people, found))
    # 24 records, 2.4 of them wrong; four hang on one thing: of 21.6 right records 1.6 are such a person's only one.
    share = (4 - 2.4) / (24 - 2.4)
    expected = 0.9 * share / (0.9 * share + 0.1)
    first = people.index("o1")
    pair = next(
        place
        for place, ends in enumerate(zip(found.attachments.left, found.attachments.right, strict=True))
        if first in ends
    )
    assert found.attachments.chance[pair] == pytest.approx(expected * 0.81)


def test_whoever_is_attached_in_doubt_vouches_for_nobody():
    ring = core(*(f"m{n}" for n in range(10)), thing="x", chance=0.9)
    further = [("o1", "account", "1"), ("o2", "account", "2"), ("p", "account", "1"), ("p", "account", "2")]
    people, found = grouping_of(*ring, *LONE, *further)
    assert "o1" in members(people, found)
    assert "p" not in members(people, found)
    people, found = grouping_of(*ring, *((*row[:3], 1.0) for row in LONE), *further)
    assert "p" in members(people, found)


def test_a_sure_record_attaches_among_doubtful_ones():
    ring = core(*(f"m{n}" for n in range(10)), thing="x", chance=0.9)
    people, found = grouping_of(*ring, ("o1", "phone", "x1", 1.0))
    assert "o1" in members(people, found)


def test_whoever_may_be_a_member_under_another_name_is_not_attached():
    rows = [*core("a", "b", thing="x"), ("c", "phone", "x1")]
    assert "c" in members(*grouping_of(*rows, same=("b", "c", 0.3)))
    assert "c" not in members(*grouping_of(*rows, same=("b", "c", 0.8)))


def test_part_of_a_cut_lump_is_joined_to_nothing():
    rows = [(f"{n:02d}", "phone", f"{n // 2}-{k}") for n in range(40) for k in (1, 2)]
    chain = [(f"{n:02d}", "account", f"{(n + 1) // 2}-{k}") for n in range(40) for k in (1, 2)]
    _, found = grouping_of(*rows, *chain)
    sizes = np.bincount(found.group[found.group >= 0])
    assert sizes.max() <= 30
    assert len(sizes) > 1
    assert not len(found.joins.left)


def test_attaching_in_rounds_stops_at_the_cap():
    """A line of people each of whom shares a place with the one before and a place with the one before that."""
    line = [
        (f"{n:02d}", "place", f"{kind}{k}")
        for n in range(60)
        for kind, step in (("a", 1), ("b", 2))
        for k in (n, n - step)
    ]
    people, found = grouping_of(*core("00", "01", thing="x"), *line)
    # 30 vouch; the last two of them bring in one more, who does not.
    assert members(people, found).keys() == {f"{n:02d}" for n in range(31)}
