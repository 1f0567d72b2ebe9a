from __future__ import annotations

import pytest

from joinedup.errors import UnreadableError
from joinedup.profile.base_tables import base_table


def test_an_official_layout_is_read_ages_banded_totals_left_out_and_other_columns_added_together():
    headings = [
        "Date",
        "Geography code",
        "Geography",
        "Age",
        "Sex",
        "Ethnic group (2 categories)",
        "Rooms",
        "Observation",
    ]
    rows = [
        ["2010", "X1", "North Moor", "13", "Female", "a", "r", "1,000"],
        ["2010", "X1", "North Moor", "Aged 14 years", "Females", "b", "r", "500"],
        ["2010", "X1", "North Moor", "All ages", "Female", "a", "r", "99999"],
        ["2010", "X2", "South Moor", "16 to 17", "M", "a", "r", "20.5"],
        ["", "", "", "", "", "", "", ""],
    ]
    table = base_table("base.csv", headings, rows, "children")
    assert table.dimensions == ("first_year", "area", "age_band", "sex", "ethnicity")
    assert table.people == {
        ("2010", "North Moor", "13-15", "F", "a"): 1000.0,
        ("2010", "North Moor", "13-15", "F", "b"): 500.0,
        ("2010", "South Moor", "16-17", "M", "a"): 20.5,
    }
    assert table.left_out == ("Geography code", "Rooms")
    assert table.by(["area"], {"sex": "F"}) == {("North Moor",): 1500.0}


@pytest.mark.parametrize(("age", "band"), [("55+", "55+"), ("80 and over", "55+"), ("18-24", "18-24"), ("30", "25-34")])
def test_ages_of_suspects_fall_into_their_own_bands(age, band):
    assert base_table("b", ["age", "people", "count"], [[age, "", "1"]], "suspects").people == {(band,): 1.0}


@pytest.mark.parametrize(
    ("headings", "rows", "says"),
    [
        (["area"], [], "needs a column of people"),
        (["population"], [], "one to count by"),
        (["area", "geography", "population"], [], "two columns hold area"),
        (["area", "population"], [["ZX", "many"]], "row 2: the number of people is no number"),
        (["area", "population"], [["ZX", "-4"]], "row 2: the number of people is no number"),
        (["area", "population"], [["ZX"]], "row 2: 1 cells under 2 headings"),
        (
            ["age", "population"],
            [["10 to 14", "5"]],
            "row 2: an age or range that lies in none or several of the bands",
        ),
        (["age", "population"], [["young", "5"]], "row 2: an age or range"),
    ],
)
def test_a_fault_says_where_and_what_was_expected(headings, rows, says):
    with pytest.raises(UnreadableError, match=says) as caught:
        base_table("base.csv", headings, rows, "children")
    assert caught.value.remedy
