"""Controlled rounding adds up, stays within the base, and lets the audit say whether that is enough."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.stats.disclosure import Counted, SmallCounts, UnprotectedError, audit, rounded_table


def counted(table):
    return Counted("t", ("a", "b"), {(f"a{i}", f"b{j}"): int(n) for (i, j), n in np.ndenumerate(table)})


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=12, max_size=12), st.sampled_from([3, 5, 10]))
def test_rounded_tables_add_up_and_stay_within_the_base(values, base):
    table = np.array(values).reshape(4, 3)
    try:
        made, found = rounded_table(counted(table), base, SmallCounts(1, 4))
    except UnprotectedError:
        return
    assert found.safe
    shown = {row[:2]: int(row[2].replace(",", "")) for row in made.as_text()}
    for (a, b), value in shown.items():
        rows = range(4) if a == "Total" else [int(a[1:])]
        columns = range(3) if b == "Total" else [int(b[1:])]
        true = int(table[np.ix_(list(rows), list(columns))].sum())
        assert value % base == 0
        assert abs(value - true) < base
        if true % base == 0:
            assert value == true
        assert value == sum(shown[f"a{i}", f"b{j}"] for i in rows for j in columns)
    again = audit([made.published("t", "count")], SmallCounts(1, 4))
    assert again.safe


def test_it_is_the_nearest_such_table():
    made, _ = rounded_table(Counted("t", ("a",), {("x",): 9, ("y",): 9, ("z",): 9, ("w",): 3}), 10, SmallCounts(1, 2))
    assert [row[-1] for row in made.as_text()] == ["0", "10", "10", "10", "30"]


def test_a_base_too_small_for_the_rule_is_refused():
    with pytest.raises(UnprotectedError, match="larger base"):
        rounded_table(Counted("t", ("a",), {("x",): 1, ("y",): 30}), 2, SmallCounts(1, 4, 4))
    with pytest.raises(ValueError, match="2 or more"):
        rounded_table(Counted("t", ("a",), {("x",): 1}), 1)
