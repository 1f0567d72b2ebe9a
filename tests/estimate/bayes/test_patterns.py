"""A table of counts by pattern: what is refused outright, and what changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.estimate.bayes.patterns import Patterns

HEPATITIS = [0, 69, 55, 21, 63, 17, 18, 28]


@pytest.mark.parametrize(
    ("lists", "counts", "says"),
    [
        (0, [0], "1 to 20 lists"),
        (25, [0, 1], "1 to 20 lists"),
        (3, [0, 1, 2, 3], "8 counts"),
        (2, [0, 1, -2, 3], "pattern 2"),
        (2, [0, 1, 2.5, 3], "pattern 2"),
        (2, [0, 1, float("nan"), 3], "pattern 2"),
        (2, [4, 1, 2, 3], "pattern 0"),
    ],
)
def test_a_table_that_is_no_table_says_what_and_where(lists, counts, says) -> None:
    with pytest.raises(ValueError, match=says):
        Patterns.of(lists, counts)


def test_an_empty_list_is_left_out_wherever_it_stands() -> None:
    for place in range(4):
        counts = np.zeros(16, dtype=int)
        for pattern, people in enumerate(HEPATITIS):
            low = pattern & (2**place - 1)
            counts[low | (pattern - low) << 1] = people
        table = Patterns.of(4, counts)
        assert table.counts.tolist() == HEPATITIS
        assert place not in table.places
        assert "1 of 4 lists hold nobody" in table.warnings(4)[0]


def test_sizes_and_overlap_are_those_of_the_paper() -> None:
    table = Patterns.of(3, HEPATITIS)
    assert (table.observed, table.on_two_or_more, table.sizes()) == (271, 84, [135, 122, 126])


@given(st.permutations(range(3)), st.lists(st.integers(0, 40), min_size=7, max_size=7))
def test_the_settled_order_does_not_depend_on_the_order_given(order, people) -> None:
    counts = np.array([0, *people])
    moved = np.zeros_like(counts)
    for pattern in range(8):
        moved[sum((pattern >> old & 1) << new for new, old in enumerate(order))] = counts[pattern]
    settled, again = (Patterns.of(3, each).in_settled_order() for each in (counts, moved))
    sizes = settled.sizes()
    if len(set(sizes)) == len(sizes):  # lists of one size may stand in either order
        assert settled.counts.tolist() == again.counts.tolist()
    assert sorted(settled.counts.tolist()) == sorted(Patterns.of(3, counts).counts.tolist())


@pytest.mark.parametrize(
    ("counts", "says"),
    [([0, 5, 5, 9, 0, 0, 0, 0], "2 lists hold anybody"), ([0, 50, 50, 1, 50, 1, 1, 1], "4 people are on two")],
)
def test_thin_tables_are_refused_with_what_would_lift_it(counts, says) -> None:
    refusal = Patterns.of(3, counts).refusal()
    assert refusal is not None
    assert refusal.reason.startswith(says)
    assert refusal.lifted_by.startswith("At least")
