from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.evaluate.fairness import by_group
from joinedup.evaluate.partitions import pairwise


def test_an_error_is_charged_to_the_group_whose_records_it_touches():
    true = np.array([0, 0, 1, 1, 2, 2])
    found = np.array([0, 0, 1, 9, 2, 2])
    good, bad = by_group(found, true, {"name": np.array(["a", "a", "b", "b", "a", "a"])})
    assert (good["group"], good["missed"], good["false"], good["count_bias"]) == ("a", 0, 0, 0)
    assert (bad["group"], bad["missed"], bad["false"], bad["count_bias"]) == ("b", 1, None, 1)


def test_a_record_without_a_label_is_in_no_group():
    rows = by_group(np.array([0, 1]), np.array([0, 0]), {"outcome": np.array(["x", ""])})
    assert [(row["group"], row["records"]) for row in rows] == [("x", 1)]


labels = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=30)


@settings(max_examples=50)
@given(labels)
def test_one_group_of_all_has_the_errors_of_all_pairs(given_labels):
    found, true = (np.array(each) for each in zip(*given_labels, strict=True))
    [row] = by_group(found, true, {"all": np.array(["x"] * len(found))})
    score = pairwise(found, true)
    assert row["missed"] is None or abs(1 - row["missed"] - score.recall) < 1e-5
    assert row["false"] is None or abs(1 - row["false"] - score.precision) < 1e-5
    truly = len(set(true.tolist()))
    assert abs(row["count_bias"] - (len(set(found.tolist())) - truly) / truly) < 1e-5
