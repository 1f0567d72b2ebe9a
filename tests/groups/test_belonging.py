from __future__ import annotations

import random

import pyarrow as pa
import pytest

from joinedup.groups.belonging import identities


def people_of(**mentions):
    rows = [(person, mention) for person, each in mentions.items() for mention in each]
    return pa.table({"person_id": [row[0] for row in rows], "mention_id": [row[1] for row in rows]})


def pairs_of(people, *pairs):
    person = dict(zip(people["mention_id"].to_pylist(), people["person_id"].to_pylist(), strict=True))
    return pa.table(
        {
            "mention_l": pa.array([pair[0] for pair in pairs], pa.string()),
            "mention_r": pa.array([pair[1] for pair in pairs], pa.string()),
            "person_l": pa.array([person[pair[0]] for pair in pairs], pa.string()),
            "person_r": pa.array([person[pair[1]] for pair in pairs], pa.string()),
            "probability": pa.array([pair[2] for pair in pairs], pa.float64()),
        }
    )


def belonging(found):
    return dict(zip(found.mentions.to_pylist(), found.belonging.tolist(), strict=True))


def test_a_mention_belongs_as_surely_as_its_surest_chain():
    people = people_of(p=["a", "b", "c", "d"])
    found = identities(people, pairs_of(people, ("a", "b", 0.9), ("a", "c", 0.9), ("b", "d", 0.8), ("a", "d", 0.5)))
    assert found.mentions[int(found.anchor[0])].as_py() == "a"
    assert belonging(found) == pytest.approx({"a": 1.0, "b": 0.9, "c": 0.9, "d": 0.72})


def test_a_sure_link_costs_nothing_however_many_follow():
    people = people_of(p=[f"{number:02d}" for number in range(20)])
    found = identities(people, pairs_of(people, *((f"{n:02d}", f"{n + 1:02d}", 1.0) for n in range(19))))
    assert set(found.belonging.tolist()) == {1.0}


def test_a_mention_that_no_pair_joins_is_sure_and_stays_with_its_person_in_every_redraw():
    people = people_of(p=["a", "b", "c"])
    found = identities(people, pairs_of(people, ("b", "c", 0.6)))
    assert belonging(found) == pytest.approx({"a": 1.0, "b": 1.0, "c": 0.6})
    joined = list(zip(found.left.tolist(), found.right.tolist(), found.chance.tolist(), strict=True))
    assert joined == [(0, 1, 1.0), (1, 2, 0.6)]


def test_people_who_may_be_one_are_told_once_with_the_highest_chance():
    people = people_of(p=["a", "b"], q=["c"])
    found = identities(people, pairs_of(people, ("a", "b", 1.0), ("a", "c", 0.2), ("b", "c", 0.4)))
    assert (found.one.tolist(), found.other.tolist(), found.same.tolist()) == ([0], [1], [0.4])


def test_the_order_of_rows_changes_nothing():
    people = people_of(p=["a", "b", "c"], q=["d", "e"])
    pairs = pairs_of(people, ("a", "b", 0.7), ("c", "b", 0.8), ("d", "e", 0.6), ("d", "a", 0.3))
    before = identities(people, pairs)
    chance = random.Random(1)
    for _ in range(5):
        mixed = [table.take(chance.sample(range(table.num_rows), table.num_rows)) for table in (people, pairs)]
        after = identities(*mixed)
        for name in before.__slots__ if hasattr(before, "__slots__") else before.__dataclass_fields__:
            one, other = getattr(before, name), getattr(after, name)
            assert (one.tolist() if hasattr(one, "tolist") else one.to_pylist()) == (
                other.tolist() if hasattr(other, "tolist") else other.to_pylist()
            )
