from __future__ import annotations

import json

import pytest


@pytest.fixture(scope="module")
def inquiry(new_records, tmp_path_factory):
    """Thirty known children on lists, three of no known sex."""
    records = new_records()
    for number in range(30):
        sex = "not known" if number < 3 else "F" if number < 21 else "M"
        row = {"person_id": f"c{number}", "kind": "child", "list": "police", "status": "known", "strongest": True}
        records.tables["memberships"].append(
            row | {"area": "ZX", "age_band": "13-15", "sex": sex, "first_year": "2010"}
        )
    return records.write(tmp_path_factory.mktemp("rates"), stages=())


def base(folder, text):
    path = folder / "base.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rates_are_printed_with_what_is_not_known(inquiry, joinedup, tmp_path):
    table = base(tmp_path, "sex,population\nFemale,60000\nMale,62000\n")
    called = joinedup("rates", inquiry, "--base", table, "--by", "sex", "--json")
    found = json.loads(called.stdout)
    assert [(row["value"], row["people"]) for row in found["rows"]] == [("F", 18), ("M", 9)]
    assert found["unknown"] == 3
    assert all(row["lower"] <= row["rate"] <= row["highest"] <= row["upper"] for row in found["rows"])
    shown = joinedup("rates", inquiry, "--base", table, "--by", "sex")
    assert "Of no known sex" in shown.stderr


def test_a_dimension_the_base_table_lacks_and_a_population_that_is_none_are_usage(inquiry, joinedup, tmp_path):
    table = base(tmp_path, "sex,population\nF,10\n")
    assert "no column of area" in joinedup("rates", inquiry, "--base", table, code=2).stderr
    assert "is no population" in joinedup("rates", inquiry, "--base", table, "--population", "boys", code=2).stderr


def test_a_file_that_cannot_be_read_is_data(inquiry, joinedup, tmp_path):
    assert "is empty" in joinedup("rates", inquiry, "--base", base(tmp_path, ""), code=3).stderr
    assert "cannot be read" in joinedup("rates", inquiry, "--base", tmp_path / "none.csv", code=3).stderr
