from __future__ import annotations

import pytest

from joinedup.profile.claims import Claim, judge, parse

PROFILES = [
    {"population": "suspects:alleged", "attribute": attribute, "value": value, "count": count, "base": 100, "unknown": 32, "known": known}
    for attribute in ("ethnicity (officer)", "ethnicity (self)")
    for value, count, known in (("A1: First", 26, True), ("B2: Second", 42, True), ("not stated", 32, False))
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("share of children:known with sex F >= 0.5", Claim("children:known", "sex F", ">=", 0.5)),
        ("Share of children:known with age_band 13-15<25%", Claim("children:known", "age_band 13-15", "<", 0.25)),
        ("share of children:known with sex F = 0.5", None),
        ("share of children:known with sex F >= 50", None),
        ("share of children:known >= 0.5", None),
        ("", None),
    ],
)
def test_a_claim_is_read_or_it_is_not(text, claim):
    assert parse(text) == claim


def verdict_of(text):
    [row] = judge([text], PROFILES, {})
    return row


@pytest.mark.parametrize("value", ["A1: First", "A1", "a1", "first"])
def test_a_value_may_be_named_by_its_code_or_its_label(value):
    row = verdict_of(f"share of suspects:alleged with ethnicity (officer) {value} >= 0.2")
    assert (row["verdict"], row["lower"], row["upper"]) == ("supported", 0.26, 0.58)


def test_a_scheme_must_be_named_where_there_are_several():
    row = verdict_of("share of suspects:alleged with ethnicity A1 >= 0.2")
    assert row["verdict"] == "cannot be told"
    assert "ethnicity (officer), ethnicity (self)" in row["settled_by"]


def test_no_majority_follows_where_a_third_is_unknown():
    assert verdict_of("share of suspects:alleged with ethnicity (self) B2 > 0.5")["verdict"] == "cannot be told"


def test_a_claim_made_twice_is_answered_once():
    assert len(judge(["x", "x"], PROFILES, {})) == 1
