"""What link_quality says of a review sample's readers."""

from __future__ import annotations

import pytest

from joinedup.link.sample_quality import agreement


def test_how_far_the_readers_agree_is_said_with_limits():
    rows = [
        {"one": "same", "other": "same", "pairs": 20},
        {"one": "same", "other": "different", "pairs": 5},
        {"one": "different", "other": "same", "pairs": 10},
        {"one": "different", "other": "different", "pairs": 15},
    ]
    found = {measure: value for measure, _, value, _ in agreement(rows)}
    assert (found["sample_pairs_read_twice"], found["sample_pairs_agreed"]) == (50, 35)
    assert found["sample_kappa"] == pytest.approx(0.4)
    assert found["sample_kappa_lower"] < 0.4 < found["sample_kappa_upper"]


def test_no_kappa_where_both_gave_one_answer_throughout_and_nothing_where_none_read():
    one_answer = agreement([{"one": "same", "other": "same", "pairs": 3}])
    assert [measure for measure, *_ in one_answer] == ["sample_pairs_read_twice", "sample_pairs_agreed"]
    assert agreement([]) == []
