"""The data files: every number and table of the report, nothing exact, each column in the dictionary."""

from __future__ import annotations

import csv
import re

import pytest

from joinedup.report.machine import data_files
from joinedup.stats.disclosure import ReleasedNumber


@pytest.fixture(scope="module")
def read(reported):
    return {
        path.name: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        for path in sorted((reported / "data").iterdir())
    }


def test_every_file_and_column_is_in_the_dictionary(read, reported):
    described = {(row["file"], row["column"]) for row in read["data-dictionary.csv"]}
    held = {
        (path.name, column)
        for path in (reported / "data").iterdir()
        for column in next(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    }
    assert held == described
    assert len(read) > 20


def test_the_numbers_are_those_of_the_page(read, reported):
    html = (reported / "index.html").read_text(encoding="utf-8")
    shown = dict(re.findall(r'data-number="([^"]+)"[^>]*><button[^>]*>([^<]*)<', html))
    assert {row["number_id"]: row["published"] for row in read["numbers.csv"]} == shown


def test_a_label_is_never_taken_for_a_formula(made, monkeypatch):
    from joinedup.report import machine

    assert machine._harmless("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert machine._harmless("1,265") == "1,265"


def test_only_what_disclosure_control_made_is_written(read):
    assert data_files.__module__ == "joinedup.report.machine"
    with pytest.raises(TypeError):
        ReleasedNumber("3", "none", 3.0)
