from __future__ import annotations

import pytest

from joinedup.profile.base_tables import base_table
from joinedup.profile.claims import Claim, Vocabulary, judge, parse, population_share

PROFILES = [
    {"population": "suspects:alleged", "attribute": attribute, "value": value, "count": count, "base": 100, "unknown": 32, "known": known}
    for attribute in ("ethnicity (officer)", "ethnicity (self)")
    for value, count, known in (("A1: First", 26, True), ("B2: Second", 42, True), ("not stated", 32, False))
]  # fmt: skip

VOCABULARY = Vocabulary(groups={"officer": {"Either": ("A1", "B2")}})


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
    [row] = judge([text], PROFILES, VOCABULARY)
    return row


@pytest.mark.parametrize("value", ["A1: First", "A1", "a1", "first"])
def test_a_value_may_be_named_by_its_code_or_its_label(value):
    row = verdict_of(f"share of suspects:alleged with ethnicity (officer) {value} >= 0.2")
    assert (row["verdict"], row["lower"], row["upper"]) == ("supported", 0.26, 0.58)


def test_without_a_scheme_every_scheme_has_to_say_so():
    row = verdict_of("share of suspects with ethnicity A1 >= 0.2")
    assert (row["verdict"], row["lower"], row["upper"]) == ("supported", 0.26, 0.58)
    assert row["read_as"].count("suspects:alleged") == 2
    profiles = [
        each | ({"count": 4} if each["attribute"] == "ethnicity (self)" and each["known"] else {}) for each in PROFILES
    ]
    [row] = judge(["share of suspects with ethnicity A1 >= 0.2"], profiles, VOCABULARY)
    assert row["verdict"] == "cannot be told"
    assert "do not agree" in row["settled_by"]


def test_a_claim_may_speak_of_a_heading_of_the_scheme():
    row = verdict_of("share of suspects:alleged with ethnicity (officer) either >= 0.6")
    assert (row["verdict"], row["lower"], row["upper"]) == ("supported", 0.68, 1.0)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("majority B2 of suspects:alleged by ethnicity", "cannot be told"),
        ("B2 > A1 of suspects:alleged by ethnicity (self)", "cannot be told"),
        ("ratio B2 / A1 >= 0.5 of suspects:alleged by ethnicity (self)", "supported"),
        ("ratio A1 to 5% >= 5 of suspects:alleged by ethnicity (self)", "supported"),
        ("share first >= 60% of suspects:alleged by ethnicity", "contradicted"),
    ],
)
def test_a_claim_on_figures_can_be_made_of_a_run(text, verdict):
    assert verdict_of(text)["verdict"] == verdict


def test_a_trend_holds_wherever_those_of_no_known_year_belong():
    def told(unknown):
        rows = [
            {"population": "children:known", "attribute": "first_year", "value": year, "count": count, "base": 100 + unknown,
             "unknown": unknown, "known": True}
            for year, count in (("2008", 20), ("2009", 30), ("2010", 50))
        ]  # fmt: skip
        [row] = judge(["trend rising 2008 to 2010 of children:known by first_year"], rows, Vocabulary())
        return row["verdict"]

    assert (told(0), told(9), told(10), told(40)) == ("supported", "supported", "cannot be told", "cannot be told")


def test_suspects_may_be_fewer_or_more_by_the_links_and_the_bounds_say_so():
    profiles = [each | {"merges": 10, "splits": 20} for each in PROFILES]
    [row] = judge(["share of suspects:alleged with ethnicity (self) A1 >= 0.2"], profiles, VOCABULARY)
    assert row["verdict"] == "cannot be told"
    assert (row["lower"], row["upper"]) == (16 / 110, 78 / 110)


def test_no_majority_follows_where_a_third_is_unknown():
    assert verdict_of("share of suspects:alleged with ethnicity (self) B2 > 0.5")["verdict"] == "cannot be told"


def test_a_claim_made_twice_is_answered_once():
    assert len(judge(["x", "x"], PROFILES, VOCABULARY)) == 1


ETHNIC = base_table(
    "b.csv", ["Ethnic group (6 categories)", "Count"], [["A1", "3"], ["Indian", "4"], ["W1: White", "93"]], "suspects"
)
HEADINGS = Vocabulary({}, {"one": {"Asian": ("A1", "A2")}})


@pytest.mark.parametrize(
    ("claim", "share"),
    [
        ("share of suspects with ethnicity Asian >= 0.2", 0.03),
        ("share of suspects with ethnicity Indian >= 0.2", 0.04),
        ("share of suspects with ethnicity (one, self) W1 >= 0.2", 0.93),
        ("share of suspects with ethnicity White >= 0.2", 0.93),
        ("share of suspects with ethnicity Black >= 0.2", None),
        ("share of suspects with sex F >= 0.2", None),
        ("F > M of children:known by sex", None),
    ],
)
def test_the_share_of_the_population_is_read_from_a_base_table(claim, share):
    found = population_share(claim, ETHNIC, HEADINGS)
    assert found == (None if share is None else pytest.approx(share))
