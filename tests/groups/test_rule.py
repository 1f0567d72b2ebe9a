from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.groups.incidence import things_of
from joinedup.groups.lumps import ALONE
from joinedup.groups.rule import TieRules, group_people
from joinedup.groups.sharing import NOBODY, Lone, Placed, sharing_of

NO_RECORDS = Placed(NOBODY, NOBODY, NOBODY)
RULES = TieRules()
KINDS = ("phone", "vehicle", "account", "address")

incidences = st.sets(
    st.tuples(st.integers(0, 11).map(lambda n: f"p{n:02d}"), st.sampled_from(KINDS), st.integers(0, 4).map(str)),
    min_size=1,
    max_size=40,
)


def grouped(things, small, placed=NO_RECORDS, rules=RULES, telling=()):
    """`telling`: the kinds of thing of which two who share one alone are taken to belong together."""
    sharing = sharing_of(things, small, placed)
    kinds = np.unique(things.kinds)[sharing.kind] if len(things.kinds) else things.kinds
    return group_people(replace(sharing, lone=Lone(np.isin(kinds, telling).astype(float), 0.01)), rules)


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


def joined_by_hand(uses, sizes, telling, users):
    """Pairs of groups to make one in this round, by their places: the most shared first, each group once."""
    shared = Counter()
    for one, other in itertools.combinations(range(len(uses)), 2):
        both = [t for t in uses[one] if t in uses[other]]
        within = {t for t in both if max(uses[one][t], uses[other][t]) >= 2}
        two = len(within | {t for t in both if t[0] in telling})
        single = len({t for t in within if t[0] in telling}) if 2 in (sizes[one], sizes[other]) else 0
        each = sum(
            min(uses[one][t], uses[other][t]) >= 2
            and any(
                3 * uses[mine][t] > users[t] and 2 * uses[theirs][t] >= sizes[theirs]
                for mine, theirs in ((one, other), (other, one))
            )
            for t in both
        )
        if two >= 2 or single or each:
            shared[one, other] = max(two if two >= 2 else 0, single, each)
    found = []
    for pair, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if not set(pair) & set(itertools.chain(*found)):
            found.append(pair)
    return found


def taken_by_hand(things, groups, uses, users):
    """Who is attached to which group: by two things, else by one that two of the group and few others use."""
    outside = set(things) - set().union(*groups)
    for things_needed, users_needed in ((2, 1), (1, 2)):
        near = {
            person: [
                i
                for i, use in enumerate(uses)
                if sum(use[t] >= users_needed and (users_needed == 1 or 3 * use[t] > users[t]) for t in things[person])
                >= things_needed
            ]
            for person in outside
        }
        taken = {person: where[0] for person, where in near.items() if where}
        if taken:
            return taken
    return {}


def begun_by_hand(things, outside, telling):
    """Cores of people who share one telling thing with somebody and another with somebody else, in order of first person."""
    pairs = [
        (one, other, t)
        for one, other in itertools.combinations(sorted(outside), 2)
        for t in things[one] & things[other]
        if t[0] in telling
    ]
    cores = []
    for one, other, t in pairs:
        if any({one, other} & {*rest[:2]} and rest[2] != t for rest in pairs):
            met = [core for core in cores if core & {one, other}]
            cores = [core for core in cores if not core & {one, other}] + [{one, other}.union(*met)]
    return sorted(cores, key=min)


def by_hand(rows, telling):
    """The rule for sure links, written with sets: each group as its core and its attached people."""
    things = {person: {row[1:] for row in rows if row[0] == person} for person in {row[0] for row in rows}}
    users = Counter(row[1:] for row in rows)
    groups = cores_by_hand(rows, things)
    cores = [set(group) for group in groups]
    while True:
        uses = [Counter(t for person in group for t in things[person] if t[0] != "address") for group in groups]
        gone = set()
        for one, other in joined_by_hand(uses, [len(group) for group in groups], telling, users):
            groups[one] |= groups[other]
            cores[one] |= cores[other]
            gone.add(other)
        if gone:
            groups, cores = ([each[i] for i in range(len(each)) if i not in gone] for each in (groups, cores))
            continue
        taken = taken_by_hand(things, groups, uses, users)
        for person, where in taken.items():
            groups[where].add(person)
        if taken:
            continue
        theirs = {t for use in uses for t, number in use.items() if number >= 2}
        free = {person: of - theirs for person, of in things.items()}
        begun = begun_by_hand(free, set(things) - set().union(*groups), telling)
        if not begun:
            return [(core, group - core) for core, group in zip(cores, groups, strict=True)]
        groups, cores = groups + [set(core) for core in begun], cores + begun


@given(incidences, st.sets(st.sampled_from(KINDS[:3])))
def test_groups_are_those_of_the_rule_written_with_sets(rows, telling):
    things = things_of(table_of(sorted(rows)))
    grouping = grouped(things, np.ones(len(things.values), bool), telling=list(telling))
    inside = [np.flatnonzero(grouping.group == number) for number in np.unique(grouping.group[grouping.group >= 0])]
    found = [
        tuple(
            {things.people[index] for index in group if (grouping.core[index] >= 0) == core} for core in (True, False)
        )
        for group in inside
    ]
    assert found == by_hand(rows, telling)


@given(incidences, st.sets(st.sampled_from(KINDS[:3])))
def test_everybody_of_a_group_has_a_pair_that_says_why_and_no_pair_stands_twice(rows, telling):
    things = things_of(table_of(sorted(rows)))
    grouping = grouped(things, np.ones(len(things.values), bool), telling=list(telling))
    both = grouping.attachments
    assert set(np.flatnonzero(grouping.attached >= 0).tolist()) <= {*both.left.tolist(), *both.right.tolist()}
    cores = [*grouping.ties.left, *grouping.ties.right, *grouping.trios.left, *grouping.trios.right]
    assert set(np.flatnonzero(grouping.core >= 0).tolist()) == set(cores)
    pairs = [
        pair
        for each in (grouping.ties, grouping.trios, grouping.joins, grouping.attachments)
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
