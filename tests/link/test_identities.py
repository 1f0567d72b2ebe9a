from __future__ import annotations

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.link.identities import carry_on, new_id
from joinedup.store.contract import arrow_schema, from_rows


def people_of(groups):
    """The table people as linking gives it: each person under the hash of its smallest mention."""
    rows = sorted((mention, new_id(min(group))) for group in groups for mention in group)
    return pa.table({"mention_id": [mention for mention, _ in rows], "person_id": [person for _, person in rows]})


class Line:
    """One inquiry run after run: each call gives the person of each mention, the ids carried on from the call before."""

    def __init__(self):
        self.last = from_rows("last_ids", [])

    def run(self, *groups):
        named = carry_on(people_of(groups), self.last)
        borne = named.people.append_column("held_until", pa.nulls(named.people.num_rows, pa.int64()))
        schema = arrow_schema("last_ids")
        self.last = pa.concat_tables([borne.select(schema.names), named.former.select(schema.names)])
        return dict(zip(*(named.people[column].to_pylist() for column in ("mention_id", "person_id")), strict=True))


def groups_of(person):
    found = {}
    for mention, name in person.items():
        found.setdefault(name, set()).add(mention)
    return sorted(found.values(), key=min)


def test_a_first_run_names_people_by_their_smallest_mention():
    assert Line().run("ab", "c") == {"a": new_id("a"), "b": new_id("a"), "c": new_id("c")}


def test_a_smaller_mention_that_joins_does_not_rename_a_person():
    line = Line()
    before = line.run("bc", "d")
    after = line.run("abc", "d")
    assert after["a"] == after["b"] == before["b"]
    assert after["d"] == before["d"]


def test_of_two_that_merge_the_larger_keeps_its_id_and_a_later_parting_gives_the_other_back():
    line = Line()
    before = line.run("a", "bcd")
    merged = line.run("abcd")
    assert set(merged.values()) == {before["b"]}
    assert line.run("a", "bcd") == before


def test_of_two_as_large_the_one_first_known_keeps_its_id_and_both_are_restored():
    line = Line()
    older = line.run("cd")
    before = line.run("ab", "cd")
    merged = line.run("abcd")
    assert set(merged.values()) == {older["c"]}
    assert line.run("ab", "cd") == before


def test_mentions_that_came_while_two_were_merged_do_not_take_the_others_id():
    line = Line()
    before = line.run("ab", "cd")
    line.run("abcd")
    line.run("abcdxyz")
    after = line.run("ab", "cdxyz")
    assert {after[mention] for mention in "ab"} == {before["a"]}
    assert {after[mention] for mention in "cdxyz"} == {before["c"]}


def test_a_part_that_leaves_for_good_gets_an_id_nobody_bore():
    line = Line()
    before = line.run("abc")
    after = line.run("a", "bc")
    assert after["b"] == before["b"] == new_id("a")
    assert after["a"] not in before.values()
    assert set(line.run("abc").values()) == {new_id("a")}


def test_a_return_withdrawn_and_sent_again_finds_its_people_under_their_ids():
    line = Line()
    before = line.run("ab", "cd")
    line.run("ab")
    assert line.run("ab", "cd") == before


def test_nothing_new_changes_nothing():
    line = Line()
    line.run("ab", "c", "de")
    line.run("abc", "de")
    before, person = line.last, line.run("abc", "de")
    assert line.last.sort_by("mention_id").equals(before.sort_by("mention_id"))
    assert line.run("abc", "de") == person


partitions = st.lists(st.integers(0, 5), min_size=1, max_size=12).map(
    lambda labels: [
        {f"m{place:02}" for place, other in enumerate(labels) if other == label} for label in sorted(set(labels))
    ]
)


@settings(max_examples=100)
@given(st.lists(partitions, min_size=1, max_size=4), st.data())
def test_merging_and_parting_again_restores_every_id(history, data):
    line = Line()
    for groups in history:
        before = line.run(*groups)
    now = groups_of(before)
    into = data.draw(st.lists(st.integers(0, len(now) - 1), min_size=len(now), max_size=len(now)))
    merged = [set().union(*(now[place] for place in range(len(now)) if into[place] == to)) for to in set(into)]
    line.run(*merged)
    assert line.run(*now) == before


@settings(max_examples=100)
@given(st.lists(partitions, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_ids_are_one_for_each_person_and_the_order_of_the_last_ids_decides_nothing(history, draw: random.Random):
    line, shuffled = Line(), Line()
    for groups in history:
        order = list(range(shuffled.last.num_rows))
        draw.shuffle(order)
        shuffled.last = shuffled.last.take(pa.array(order, pa.int64()))
        person = line.run(*groups)
        assert shuffled.run(*groups) == person
        assert sorted(map(sorted, groups_of(person))) == sorted(map(sorted, groups))


def test_an_id_that_some_remember_and_others_bear_is_given_once():
    line = Line()
    line.run("ac", "b")
    line.run("ab", "c")
    line.run("a")
    person = line.run("a", "b")
    assert person["a"] != person["b"]


@pytest.mark.parametrize("lost", ["b", "c"])
def test_a_mention_that_is_gone_does_not_rename_those_that_stay(lost):
    line = Line()
    before = line.run("bcd")
    kept = set("bcd") - {lost}
    assert set(line.run(kept).values()) == {before["b"]}
