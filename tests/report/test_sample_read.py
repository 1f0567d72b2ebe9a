"""When a review sample stands in place of a decision on every pair held for review."""

from __future__ import annotations

import pytest

from joinedup.report import checked
from joinedup.report.sample_read import SampleRead

PASSED = {
    "records_reviewed": 400, "records_outside_the_sample": 20, "sample_records_in_all": 1000, "sample_precision_lower": 0.93,
    "sample_recall_lower": 0.88, "sample_kappa_lower": 0.91,
}  # fmt: skip


def quality(**changed):
    held = {measure: value for measure, value in (PASSED | changed).items() if value is not None}
    rows = [{"measure": measure, "scope": "all", "value": value} for measure, value in held.items()]
    return [*rows, {"measure": "sample_precision_lower", "scope": "charity x police", "value": 0.2}]


def test_a_sample_that_passes_stands_for_the_open_pairs_and_says_by_what():
    [check] = checked.links(1234, quality())
    assert check.standing == "passed"
    for said in ("1,234 pairs", "400 records", "93.0%", "88.0%", "0.91"):
        assert said in check.message


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"records_reviewed": 199}, "199 records were read"),
        ({"sample_precision_lower": 0.899}, "precision could be as low as 89.9%"),
        ({"sample_recall_lower": 0.79}, "recall could be as low as 79.0%"),
        ({"sample_kappa_lower": 0.79}, "kappa could be as low as 0.79"),
        ({"sample_kappa_lower": None}, "agreement cannot be told"),
        ({"sample_precision_lower": None}, "no pair of records to measure precision"),
        ({"records_outside_the_sample": 51}, "5% of the records came since"),
    ],
)
def test_a_sample_that_falls_short_blocks_and_says_where(changed, said):
    [check] = checked.links(3, quality(**changed))
    assert check.standing == "blocking"
    assert "3 pairs of records held for review are not decided" in check.message
    assert said in check.message
    assert len(SampleRead.of(quality(**changed)).shortfalls()) == 1


def test_without_a_sample_nothing_stands_for_the_pairs():
    assert SampleRead.of([]) is None
    assert SampleRead.of(quality(records_reviewed=0)) is None
