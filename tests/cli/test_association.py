"""`joinedup association`: the figures with their base and bounds, and the sentence on what they cannot mean."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.find import stage as find
from joinedup.find.missing_history import CANNOT_MEAN


@pytest.fixture(scope="module")
def inquiry(new_records, tmp_path_factory):
    records = new_records()
    for person in ("a", "b"):
        records.missing(person, "2010-03-01", status="known")
    records.event("c", "crime", "2010-03-01", status="known")
    records.missing("d", "2010-03-01")
    for person in ("e", "f"):
        records.event(person, "school_roll", "2010-03-01", agency="school")
    for row in records.tables["mentions"]:
        row["area"] = "northmoor"
    return records.write(tmp_path_factory.mktemp("association"), stages=(find,))


def call(*arguments):
    result = CliRunner().invoke(app, ["association", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def test_the_figures_their_base_and_what_they_cannot_mean(inquiry):
    found = json.loads(call(inquiry, "--json"))
    assert (found["base"], found["risk"], found["risk_of_others"]) == (6, pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert found["ratio"] == pytest.approx(2.0)
    assert found["ratio_limits"]["lower"] < 2 < found["ratio_limits"]["upper"]
    assert found["ratio_bounds"] == pytest.approx([2.0, 2.0])
    assert found["counts"]["known"] == {"yes": 2, "no": 1, "unknown": 0}
    assert found["cannot_mean"] == CANNOT_MEAN


def test_the_screen_says_the_same(inquiry):
    said = call(inquiry)
    assert "Ratio: 2.00 (" in said
    assert "Whatever the unknowns are: ratio 2.00 to 2.00" in said
    assert CANNOT_MEAN in said
