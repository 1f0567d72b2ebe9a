"""Bounds by source, year and area hold for every way of putting mentions together between the two ends of the links."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.count.bounds import Concerns, Ends, named

STATUSES, VALUES = 3, 3


def partitions(parts):
    """Every way of putting parts into groups."""
    if not parts:
        yield []
        return
    first, *rest = parts
    for groups in partitions(rest):
        yield [[first], *groups]
        for place, group in enumerate(groups):
            yield [*groups[:place], [first, *group], *groups[place + 1 :]]


def between(fine, coarse):
    """The person of each mention in every way between the two ends."""
    inside = [sorted(set(fine[coarse == whole].tolist())) for whole in sorted(set(coarse.tolist()))]
    for chosen in product(*(list(partitions(parts)) for parts in inside)):
        group_of = {
            part: number for number, group in enumerate(g for groups in chosen for g in groups) for part in group
        }
        yield np.array([group_of[part] for part in fine.tolist()])


def taken_as_others(coarse, told):
    """The coarsest, with everybody too thinly recorded taken as one of the told, in every way."""
    known, thin = np.flatnonzero(told).tolist(), np.flatnonzero(~told).tolist()
    for chosen in product(*([[each, *known] for each in thin])):
        becomes = np.arange(len(told))
        becomes[thin] = chosen
        yield becomes[coarse]


def counted(person, rank, order, value, by_first):
    found = np.zeros((STATUSES, VALUES), dtype=int)
    for each in set(person.tolist()):
        mine = person == each
        best = rank[mine].min()
        if by_first:
            found[best, value[mine][order[mine].argmin()]] += 1
        else:
            for where in set(value[mine & (rank == best)].tolist()):
                found[best, where] += 1
    return found


@st.composite
def worlds(draw):
    size = draw(st.integers(1, 6))
    number = st.lists(st.integers(0, 5), min_size=size, max_size=size)
    fine = np.unique(draw(number), return_inverse=True)[1]
    joined = np.array(draw(st.lists(st.integers(0, 5), min_size=6, max_size=6)))
    coarse = np.unique(joined[fine], return_inverse=True)[1]
    told = np.array(draw(st.lists(st.booleans(), min_size=6, max_size=6)))[: int(coarse.max()) + 1]
    rank, order = (np.array(draw(st.lists(st.integers(0, top), min_size=size, max_size=size))) for top in (2, 4))
    return Ends(fine, coarse, told), rank, order


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_no_way_of_joining_lies_outside_the_bounds(world):
    ends, rank, order = world
    value = order % VALUES
    concerns = Concerns(np.arange(len(rank)), rank, order, STATUSES)
    ways = [*between(ends.fine, ends.coarse), *taken_as_others(ends.coarse, ends.told)]
    for by_first, bounds in (
        (False, concerns.by_record(ends, value, VALUES)),
        (True, concerns.by_first(ends, value, VALUES)),
    ):
        lower, upper = bounds
        for person in ways:
            found = counted(person, rank, order, value, by_first)
            assert (lower <= found).all()
            assert (found <= upper).all()


def test_where_links_leave_nothing_open_the_bounds_are_the_count():
    """Three people: two on list 0 with the strongest status, one of them on list 1 too; one with a weaker status on list 1."""
    person, rank, value = np.array([0, 0, 1, 2]), np.array([0, 0, 0, 1]), np.array([0, 1, 0, 1])
    ends = Ends(person, person, np.ones(3, dtype=bool))
    concerns = Concerns(np.arange(4), rank, np.arange(4), STATUSES)
    lower, upper = concerns.by_record(ends, value, VALUES)
    assert lower.tolist() == upper.tolist() == [[2, 1, 0], [0, 1, 0], [0, 0, 0]]
    lower, _ = concerns.by_first(ends, value, VALUES)
    assert lower.tolist() == [[2, 0, 0], [0, 1, 0], [0, 0, 0]]


def test_a_merge_that_moves_a_person_to_an_earlier_year_is_in_the_bounds():
    """A charged suspect of 2010 may be the one alleged in 2009: then nobody is charged in 2010, and one in 2009."""
    fine, coarse = np.array([0, 1]), np.array([0, 0])
    concerns = Concerns(np.arange(2), np.array([0, 1]), np.array([1, 0]), STATUSES)
    found = named(concerns.by_first(Ends(fine, coarse, np.ones(1, dtype=bool)), np.array([1, 0]), 2), ["2009", "2010"])
    assert (found[0, "2009"], found[0, "2010"]) == ((0, 1), (0, 1))
    assert found[1, "2009"] == (0, 1)
