from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.groups.incidence import things_of
from joinedup.groups.ties import ALONE, NOBODY, Placed, TieRules, group_people, sharing_of

NO_RECORDS = Placed(NOBODY, NOBODY, NOBODY)
RULES = TieRules()
KINDS = ("phone", "vehicle", "account", "address")

incidences = st.sets(
    st.tuples(st.integers(0, 9).map(lambda n: f"p{n}"), st.sampled_from(KINDS), st.integers(0, 3).map(str)),
    min_size=1,
    max_size=40,
)


def grouped(things, small, placed=NO_RECORDS, rules=RULES):
    return group_people(sharing_of(things, small, placed), rules)


def table_of(rows):
    return pa.table(
        {
            name: pa.array(column, pa.string())
            for name, column in zip(("person_id", "kind", "value"), zip(*rows, strict=True), strict=True)
        }
    )


def shared_by_hand(rows, left, right):
    both = {row[1:] for row in rows if row[0] == left} & {row[1:] for row in rows if row[0] == right}
    return len([thing for thing in both if thing[0] != "address"]) + any(thing[0] == "address" for thing in both)


@given(incidences)
def test_ties_are_exactly_the_pairs_that_share_two_things_counted_by_hand(rows):
    things = things_of(table_of(sorted(rows)))
    grouping = grouped(things, np.ones(len(things.values), bool))
    ties = grouping.ties
    found = {
        (things.people[left], things.people[right]): shared
        for left, right, shared in zip(ties.left.tolist(), ties.right.tolist(), ties.shared.tolist(), strict=True)
    }
    pairs = itertools.combinations(things.people, 2)
    assert found == {pair: shared for pair in pairs if (shared := shared_by_hand(rows, *pair)) >= 2}


@given(incidences)
def test_cores_are_the_components_and_attached_people_share_one_thing_with_two_of_their_core(rows):
    things = things_of(table_of(sorted(rows)))
    grouping = grouped(things, np.ones(len(things.values), bool))
    core = dict(zip(things.people, grouping.core.tolist(), strict=True))
    for left, right in zip(grouping.ties.left.tolist(), grouping.ties.right.tolist(), strict=True):
        assert grouping.core[left] == grouping.core[right] != ALONE
    bound = {*grouping.ties.left.tolist(), *grouping.ties.right.tolist()}
    assert {index for index, number in enumerate(grouping.core.tolist()) if number != ALONE} == bound
    assert not np.any((grouping.core != ALONE) & (grouping.attached != ALONE))
    for person, group in zip(things.people, grouping.attached.tolist(), strict=True):
        mine = {row[1:] for row in rows if row[0] == person and row[1] != "address"}
        near = {row[0] for row in rows if row[1:] in mine and row[0] != person}
        sizes = {number: sum(core[other] == number for other in near) for number in set(core.values()) - {ALONE}}
        best = max(sizes.values(), default=0)
        if core[person] == ALONE and best >= 2:
            assert group == min(number for number, size in sizes.items() if size == best)
        else:
            assert group == ALONE


@given(incidences, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, chance):
    shuffled = sorted(rows)
    chance.shuffle(shuffled)
    ordered, mixed = things_of(table_of(sorted(rows))), things_of(table_of(shuffled))
    assert ordered.people == mixed.people
    assert ordered.values == mixed.values
    assert (ordered.matrix != mixed.matrix).nnz == 0


@given(
    st.sets(
        st.tuples(st.sampled_from("abc"), st.integers(0, 2).map(str), st.integers(0, 1).map(lambda n: f"place {n}")),
        min_size=1,
    )
)
def test_a_place_adds_nothing_to_a_record_that_names_it(rows):
    incidence = {(person, "record", record) for person, record, _ in rows} | {
        (person, "place", place) for person, _, place in rows
    }
    things = things_of(table_of(sorted(incidence)))
    column = {(kind, value): place for place, (kind, value) in enumerate(zip(things.kinds, things.values, strict=True))}
    placed = Placed(
        np.array([things.people.index(person) for person, _, _ in rows]),
        np.array([column["record", record] for _, record, _ in rows]),
        np.array([column["place", place] for _, _, place in rows]),
    )
    ties = grouped(things, np.ones(len(things.values), bool), placed).ties
    found = {
        (things.people[left], things.people[right])
        for left, right in zip(ties.left.tolist(), ties.right.tolist(), strict=True)
    }
    expected = set()
    for pair in itertools.combinations(things.people, 2):
        records, places, both = (
            {row[k] for row in rows if row[0] == pair[0]} & {row[k] for row in rows if row[0] == pair[1]}
            for k in (slice(1, 2), slice(2, 3), slice(1, 3))
        )
        if len(records) + len(places) - len({place for _, place in both}) >= 2:
            expected.add(pair)
    assert found == expected


def test_nobody_and_nothing_give_nothing():
    things = things_of(pa.table({name: pa.array([], pa.string()) for name in ("person_id", "kind", "value")}))
    grouping = grouped(things, np.zeros(0, bool))
    assert grouping.group.size == grouping.ties.left.size == grouping.attachments.left.size == 0


@pytest.mark.parametrize("allowed", [True, False])
def test_only_small_things_tie(allowed):
    things = things_of(
        table_of([("a", "phone", "1"), ("b", "phone", "1"), ("a", "vehicle", "X"), ("b", "vehicle", "X")])
    )
    grouping = grouped(things, np.array([allowed, True]))
    assert grouping.core.tolist() == ([0, 0] if allowed else [ALONE, ALONE])
