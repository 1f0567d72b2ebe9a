"""Bounds by sex, age, kind of threat and number of lists hold for every way of putting mentions together between the two ends."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.count.test_bounds import between, taken_as_others, worlds

from joinedup.count.memberships import CONFLICTING, NOT_KNOWN
from joinedup.count.parts import Ends, Parts
from joinedup.count.traits import NEVER, Ages, by_age, by_lists, by_sex, by_threat, held

STATUSES = 3
BANDS = (SimpleNamespace(label="0-9", first=0, last=9), SimpleNamespace(label="10-19", first=10, last=19))


def age(births, day):
    """The band of one person: the births that most mentions give, of a tie all, and the day of the earliest concern."""
    if not births or day is None:
        return NOT_KNOWN
    times = {born: births.count(born) for born in births}
    best = [born for born, number in times.items() if number == max(times.values())]
    youngest, oldest = (day - max(best)) // 10000, (day - min(best)) // 10000
    return next((band.label for band in BANDS if youngest >= band.first and oldest <= band.last), NOT_KNOWN)


@st.composite
def described(draw):
    ends, rank, _ = draw(worlds())
    size = len(rank)

    def of_each(values):
        return draw(st.lists(values, min_size=size, max_size=size))

    facts = {
        "rank": rank,
        "sex": of_each(st.sampled_from(["", "F", "M"])),
        "threat": of_each(st.sampled_from(["", "peer", "online"])),
        "list": of_each(st.sampled_from(["a", "b", "c"])),
        "born": of_each(st.sampled_from([None, 20000601, 20020601])),
        "day": of_each(st.sampled_from([None, 20100101, 20110101, 20150101])),
    }
    return ends, facts


def counted(person, facts):
    """How many people stand under each status, dimension and value when mentions are joined so."""
    found = {}
    for each in set(person.tolist()):
        mine = np.flatnonzero(person == each).tolist()
        rank = min(facts["rank"][i] for i in mine)
        sexes, threats, lists = ({facts[name][i] for i in mine} - {""} for name in ("sex", "threat", "list"))
        days = [facts["day"][i] for i in mine if facts["day"][i]]
        births = [facts["born"][i] for i in mine if facts["born"][i]]
        sex = CONFLICTING if len(sexes) > 1 else (*sexes, NOT_KNOWN)[0]
        values = [("sex", sex), ("lists", str(len(lists))), ("age", age(births, min(days, default=None)))]
        values += [("threat", threat) for threat in threats or {NOT_KNOWN}]
        for key in values:
            found[rank, *key] = found.get((rank, *key), 0) + 1
    return found


def bounds_of(ends, facts):
    mention = np.arange(len(facts["rank"]))
    parts = Parts.of(ends, mention, np.array(facts["rank"]), STATUSES)

    def said(name, values):
        told = [i for i in mention.tolist() if facts[name][i]]
        return held(
            parts, np.array(told, dtype=int), np.array([values.index(facts[name][i]) for i in told], int), len(values)
        )

    members = [np.flatnonzero(parts.of_mention == part).tolist() for part in range(len(parts.whole))]
    births = [[facts["born"][i] for i in mine if facts["born"][i]] for mine in members]
    days = [[facts["day"][i] for i in mine if facts["day"][i]] for mine in members]
    ages = Ages(
        [age(one, min(other, default=None)) for one, other in zip(births, days, strict=True)],
        np.array([min(one, default=NEVER) for one in births]),
        np.array([max(one, default=-1) for one in births]),
        np.array([min(one, default=NEVER) for one in days]),
        np.array([min(one, default=-1) for one in days]),
    )
    rows = [("sex", *row) for row in by_sex(parts, said("sex", ["F", "M"]), ["F", "M"])]
    rows += [("threat", *row) for row in by_threat(parts, said("threat", ["peer", "online"]), ["peer", "online"])]
    rows += [("lists", *row) for row in by_lists(parts, said("list", ["a", "b", "c"]))]
    rows += [("age", *row) for row in by_age(parts, ages, BANDS)]
    return {(rank, dimension, value): ends for dimension, rank, value, ends in rows}


@settings(max_examples=200, deadline=None)
@given(described())
def test_no_way_of_joining_lies_outside_the_bounds(world):
    ends, facts = world
    bounds = bounds_of(ends, facts)
    for person in [*between(ends.fine, ends.coarse), *taken_as_others(ends.coarse, ends.told)]:
        found = counted(person, facts)
        assert found.keys() <= bounds.keys()
        for key, (lower, upper) in bounds.items():
            assert lower <= found.get(key, 0) <= upper, (key, lower, found.get(key, 0), upper)


@settings(max_examples=50, deadline=None)
@given(described())
def test_where_links_leave_nothing_open_the_bounds_are_the_count(world):
    ends, facts = world
    person = ends.fine
    nothing_open = Ends(person, person, np.ones(int(person.max()) + 1, dtype=bool))
    found = counted(person, facts)
    for key, each in bounds_of(nothing_open, facts).items():
        assert each == (found.get(key, 0),) * 2, key


@pytest.mark.parametrize(
    ("sexes", "expected"),
    [
        (("F", "M"), {"F": (0, 1), CONFLICTING: (0, 1), NOT_KNOWN: (0, 0)}),
        (("F", "F"), {"F": (1, 1), CONFLICTING: (0, 0), NOT_KNOWN: (0, 0)}),
        (("", "F"), {"F": (0, 1), CONFLICTING: (0, 0), NOT_KNOWN: (0, 1)}),
    ],
)
def test_a_doubtful_pair_moves_what_its_two_records_say(sexes, expected):
    """A known child and one at risk, held for review as one: the known one takes on what is said of the other."""
    ends = Ends(np.array([0, 1]), np.array([0, 0]), np.ones(1, dtype=bool))
    facts = {
        "rank": [0, 2], "sex": list(sexes), "threat": ["", "peer"], "list": ["a", "b"], "born": [None] * 2, "day": [None] * 2,
    }  # fmt: skip
    found = bounds_of(ends, facts)
    assert {value: found[0, "sex", value] for value in expected} == expected
    assert (found[0, "threat", "peer"], found[0, "threat", NOT_KNOWN]) == ((0, 1), (0, 1))
    assert (found[0, "lists", "1"], found[0, "lists", "2"]) == ((0, 1), (0, 1))
