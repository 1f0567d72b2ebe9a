from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.overlaps import SCOPES, Lists, overlap_table

KINDS = ("charity", "police", "school", "social_care")
rows = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(KINDS), st.sampled_from(["known", "suspected"])), max_size=40
)


@given(rows)
def test_patterns_are_what_sets_give(drawn):
    table = pa.table(
        {
            "person_id": pa.array([f"p{person}" for person, _, _ in drawn], pa.string()),
            "kind": pa.array(["child"] * len(drawn), pa.string()),
            "list": pa.array([f"{kind}-a" for _, kind, _ in drawn], pa.string()),
            "list_kind": pa.array([kind for _, kind, _ in drawn], pa.string()),
            "status": pa.array([status for _, _, status in drawn], pa.string()),
            "known_or_suspected": pa.array([True] * len(drawn), pa.bool_()),
        }
    )
    lists = Lists.of(table, {})
    for scope in SCOPES:
        on = {}
        for person, kind, status in drawn:
            if scope.column == "known_or_suspected" or scope.value == status:
                on.setdefault(person, set()).add(kind)
        found = overlap_table(table, scope, lists)
        expected = {}
        for kinds in on.values():
            pattern = sum(1 << lists.names.index(kind) for kind in kinds)
            expected[pattern] = expected.get(pattern, 0) + 1
        assert found.counts == expected
        assert found.observed == len(on)
        for one in lists.names:
            others = [name for name in lists.names if name != one]
            assert found.on_any([one]) == sum(one in kinds for kinds in on.values())
            assert found.on_both([one], others) == sum(one in kinds and len(kinds) > 1 for kinds in on.values())


@pytest.mark.parametrize(
    ("lists", "counts"),
    [(("a", "a"), {}), (("a",), {0: 3}), (("a",), {2: 3}), (("a",), {1: 0}), (tuple(map(str, range(63))), {})],
)
def test_a_table_that_cannot_be_is_refused(lists, counts):
    with pytest.raises(ValueError, match="an overlap table"):
        OverlapTable(lists, counts)
