from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.count.envelope import Linkage, envelopes, must_differ

MENTIONS = 12
links = st.lists(
    st.tuples(st.integers(0, MENTIONS - 1), st.integers(0, MENTIONS - 1), st.floats(0, 1)).filter(
        lambda e: e[0] < e[1]
    ),
    max_size=25,
)
statuses = st.lists(st.tuples(st.integers(0, MENTIONS - 1), st.integers(0, 3)), max_size=20)


def components(pairs):
    person = list(range(MENTIONS))
    for left, right in pairs:
        old, new = person[right], person[left]
        person = [new if each == old else each for each in person]
    return person


def strongest(person, carried):
    best = {}
    for mention, rank in carried:
        best[person[mention]] = min(rank, best.get(person[mention], 99))
    return [sum(1 for rank in best.values() if rank == wanted) for wanted in range(4)]


@given(links, statuses)
def test_the_envelope_is_what_counting_by_hand_gives_and_holds_the_count(drawn, carried):
    linked = [(left, right) for left, right, probability in drawn if probability >= 0.5]
    review = [(left, right) for left, right, probability in drawn if 0.1 <= probability < 0.5]
    sure = [(left, right) for left, right, probability in drawn if probability >= 0.9]
    person = components(linked)
    people = pa.table({"mention_id": [f"m{n}" for n in range(MENTIONS)], "person_id": [f"p{p}" for p in person]})
    zones = ["linked" if p >= 0.5 else "review" if p >= 0.1 else "not_linked" for _, _, p in drawn]
    table = pa.table(
        {
            "mention_l": pa.array([f"m{left}" for left, _, _ in drawn], pa.string()),
            "mention_r": pa.array([f"m{right}" for _, right, _ in drawn], pa.string()),
            "probability": pa.array([p for _, _, p in drawn], pa.float64()),
            "zone": pa.array(zones, pa.string()),
        }
    )
    concerns = pa.table(
        {
            "mention_id": pa.array([f"m{mention}" for mention, _ in carried], pa.string()),
            "rank": pa.array([rank for _, rank in carried], pa.int64()),
        }
    )
    found = envelopes(Linkage.of(people, table), concerns, np.ones(MENTIONS, dtype=bool), 0.9, 4)
    assert [each.lower for each in found] == strongest(components(linked + review), carried)
    assert [each.count for each in found] == strongest(person, carried)
    assert [each.upper for each in found] == strongest(components(sure), carried)
    assert all(each.lower <= each.count <= each.upper for each in found)


def partitions(people):
    """Every way of putting the people into groups."""
    if not people:
        yield []
        return
    first, rest = people[0], people[1:]
    for groups in partitions(rest):
        yield [[first], *groups]
        for place in range(len(groups)):
            yield [*groups[:place], [first, *groups[place]], *groups[place + 1 :]]


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=5))
def test_those_who_must_differ_are_the_fewest_of_every_way_of_recognising_the_thinly_recorded(carried):
    people = range(len(carried))
    allowed = [
        groups
        for groups in partitions(list(people))
        if all(sum(carried[one][1] for one in group) <= 1 for group in groups)
    ]
    fewest = [
        min(sum(min(carried[one][0] for one in group) == rank for group in groups) for groups in allowed)
        for rank in range(3)
    ]
    person = np.arange(len(carried), dtype=np.int64)
    ranks = np.array([rank for rank, _ in carried], dtype=np.int64)
    known = np.array([enough for _, enough in carried], dtype=bool)
    assert must_differ(person, person, ranks, known, 3).tolist() == fewest


@pytest.mark.parametrize(
    ("facts", "enough"),
    [
        ({"forename_fold": "ana", "surname_fold": "lee"}, True),
        ({"forename_fold": "ana"}, False),
        ({"surname_fold": "lee"}, False),
        ({"forename_fold": "ana", "dob": 1, "dob_precision": "day"}, True),
        ({"forename_fold": "ana", "dob": 1, "dob_precision": "month"}, False),
        ({"dob": 1, "dob_precision": "day"}, False),
        ({"nhs_no": "9434765919"}, True),
        ({"upn": "A123456789012"}, True),
        ({}, False),
    ],
)
def test_a_full_name_a_forename_and_birthday_or_a_shared_number_can_be_recognised_elsewhere(facts, enough):
    people = pa.table({"mention_id": ["m0"], "person_id": ["p0"]})
    links = pa.table({"mention_l": [""], "mention_r": [""], "probability": [0.0], "zone": [""]})
    text = {
        name: pa.array([facts.get(name)], pa.string())
        for name in ("forename_fold", "surname_fold", "nhs_no", "upn", "dob_precision")
    }
    mentions = pa.table({"mention_id": ["m0"], "dob": pa.array([facts.get("dob")], pa.date32()), **text})
    assert Linkage.of(people, links).recognisable(mentions).tolist() == [enough]


def test_a_number_alone_is_not_enough_where_somebody_known_by_name_holds_none_of_that_kind():
    people = pa.table({"mention_id": ["m0", "m1", "m2", "m3"], "person_id": ["named", "named", "numbered", "other"]})
    links = pa.table({"mention_l": [""], "mention_r": [""], "probability": [0.0], "zone": [""]})

    def recognised(*upns):
        held = {
            "forename_fold": ["ana", "ana", None, None], "surname_fold": ["lee", "lee", None, None], "upn": list(upns),
            "nhs_no": [None, None, None, "9434765919"], "dob_precision": [None] * 4,
        }  # fmt: skip
        mentions = pa.table({"mention_id": people["mention_id"], "dob": pa.nulls(4, pa.date32())} | {name: pa.array(values, pa.string()) for name, values in held.items()})  # fmt: skip
        return Linkage.of(people, links).recognisable(mentions).tolist()

    assert recognised(None, None, "A123456789012", None) == [True, True, False, False]
    assert recognised(None, "B123456789012", "A123456789012", None) == [True, True, True, False]
