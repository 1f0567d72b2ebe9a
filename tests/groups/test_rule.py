from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.groups.incidence import things_of
from joinedup.groups.lumps import ALONE
from joinedup.groups.rule import TieRules, group_people
from joinedup.groups.sharing import NOBODY, Placed, sharing_of

NO_RECORDS = Placed(NOBODY, NOBODY, NOBODY)
RULES = TieRules()
KINDS = ("phone", "vehicle", "account", "address")

incidences = st.sets(
    st.tuples(st.integers(0, 11).map(lambda n: f"p{n:02d}"), st.sampled_from(KINDS), st.integers(0, 4).map(str)),
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


def cores_by_hand(rows, people):
    groups = []
    for pair in itertools.combinations(sorted(people), 2):
        if shared_by_hand(rows, *pair) >= 2:
            met = [group for group in groups if group & set(pair)]
            groups = [group for group in groups if not group & set(pair)] + [set(pair).union(*met)]
    return sorted(groups, key=min)


def joined_by_hand(uses):
    """Pairs of groups to make one in this round, by their places: the most shared first, each group once."""
    pairs = itertools.combinations(range(len(uses)), 2)
    shared = {
        (one, other): sum(t in uses[other] and max(uses[one][t], uses[other][t]) >= 2 for t in uses[one])
        for one, other in pairs
    }
    found = []
    for pair, number in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if number >= 2 and not set(pair) & set(itertools.chain(*found)):
            found.append(pair)
    return found


def taken_by_hand(things, groups, uses):
    """Who is attached to which group in this round: by two things, else by one that two of the group use."""
    outside = set(things) - set().union(*groups)
    for things_needed, users_needed in ((2, 1), (1, 2)):
        near = {
            person: [
                i for i, use in enumerate(uses) if sum(use[t] >= users_needed for t in things[person]) >= things_needed
            ]
            for person in outside
        }
        taken = {person: where[0] for person, where in near.items() if where}
        if taken:
            return taken
    return {}


def by_hand(rows):
    """The rule for sure links, written with sets: each group as its core and its attached people."""
    things = {person: {row[1:] for row in rows if row[0] == person} for person in {row[0] for row in rows}}
    groups = cores_by_hand(rows, things)
    cores = [set(group) for group in groups]
    while True:
        uses = [Counter(t for person in group for t in things[person] if t[0] != "address") for group in groups]
        gone = set()
        for one, other in joined_by_hand(uses):
            groups[one] |= groups[other]
            cores[one] |= cores[other]
            gone.add(other)
        if gone:
            groups, cores = ([each[i] for i in range(len(each)) if i not in gone] for each in (groups, cores))
            continue
        taken = taken_by_hand(things, groups, uses)
        if not taken:
            return [(core, group - core) for core, group in zip(cores, groups, strict=True)]
        for person, where in taken.items():
            groups[where].add(person)


@given(incidences)
def test_groups_are_those_of_the_rule_written_with_sets(rows):
    things = things_of(table_of(sorted(rows)))
    grouping = grouped(things, np.ones(len(things.values), bool))
    found = [
        tuple(
            {things.people[index] for index in np.flatnonzero(each == number)}
            for each in (grouping.core, grouping.attached)
        )
        for number in range(int(grouping.core.max(initial=-1)) + 1)
    ]
    assert found == by_hand(rows)


@given(incidences)
def test_whoever_is_attached_or_joined_has_a_pair_that_says_why_and_no_pair_stands_twice(rows):
    things = things_of(table_of(sorted(rows)))
    grouping = grouped(things, np.ones(len(things.values), bool))
    both = grouping.attachments
    assert set(np.flatnonzero(grouping.attached >= 0).tolist()) <= {*both.left.tolist(), *both.right.tolist()}
    pairs = [
        pair
        for each in (grouping.ties, grouping.joins, grouping.attachments)
        for pair in zip(each.left.tolist(), each.right.tolist(), strict=True)
    ]
    assert len(pairs) == len(set(pairs))
    assert all(left < right and grouping.group[left] == grouping.group[right] for left, right in pairs)


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
