"""Published data on who met whom, through the rule and the other methods: copies where they are present, and the reader on a
small table written by hand.

Copies belong in `../shared/data/covert`, one CSV file each in the shape that `benchmarks.covert_networks` tells. They are
published by others and no part of the project's samples, so where they are absent the test is skipped with a line that
says so; where nothing may be skipped it warns instead.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import warnings
from pathlib import Path

import pytest

COPIES = Path(__file__).resolve().parents[3] / "shared" / "data" / "covert"
SOURCE = Path(__file__).resolve().parents[2] / "benchmarks" / "covert_networks.py"


@pytest.fixture(scope="module")
def covert():
    spec = importlib.util.spec_from_file_location("covert_networks", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.filterwarnings("default:published data on covert networks")
def test_every_copy_of_published_data_is_reported_with_no_target(covert):
    copies = sorted(COPIES.glob("*.csv"))
    if not copies:
        reason = f"published data on covert networks are absent: put CSV files in {COPIES}"
        if not os.environ.get("CI"):
            pytest.skip(reason)
        warnings.warn(reason, stacklevel=1)
    for path in copies:
        lines = covert.report(path)
        sys.stdout.write("\n".join([*lines, ""]))
        assert [line.split(":")[0].strip() for line in lines[1:]] == ["the rule", "louvain", "map-equation"]
        assert all(" groups, the largest of " in line and "AMI with the rule" in line for line in lines[1:])


@pytest.fixture
def meetings(tmp_path):
    """Two sets of five that each met twice, and one meeting of one from each."""
    path = tmp_path / "meetings.csv"
    rows = ["name,m1,m2,m3,m4,m5,label"]
    rows += [f"x{n},1,1,0,0,{int(n == 0)},north" for n in range(5)]
    rows += [f"y{n},0,,1,2,{int(n == 0)},{'south' if n else ''}" for n in range(5)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_people_are_numbers_and_labels_stand_apart(covert, meetings):
    table, labels = covert.incidences(meetings)
    said = set(zip(table["person_id"].to_pylist(), table["value"].to_pylist(), strict=True))
    assert said == {(f"{p:06d}", f"{m:06d}") for p in range(1, 6) for m in (2, 3)} | {
        (f"{p:06d}", f"{m:06d}") for p in range(6, 11) for m in (4, 5)
    } | {("000001", "000006"), ("000006", "000006")}
    north, south = (
        {f"{p:06d}": name for p in people} for people, name in ((range(1, 6), "north"), (range(7, 11), "south"))
    )
    assert labels == north | south


def test_every_method_is_reported_with_its_agreement(covert, meetings):
    lines = covert.report(meetings)
    assert lines[0] == "meetings.csv: 10 people at 5 meetings, 0 set aside as hubs."
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["the rule", "louvain", "map-equation"]
    assert all("2 groups, the largest of 5, 0 people in none; AMI with the rule 1.000" in line for line in lines[1:])
    assert all(line.endswith("with the 9 published labels 1.000") for line in lines[1:])


@pytest.mark.parametrize(("row", "where"), [("x,1", "row 2: 2 cells"), ("x,1,many", "row 2, column 3")])
def test_what_cannot_be_read_is_said_with_its_place(covert, tmp_path, row, where):
    path = tmp_path / "bad.csv"
    path.write_text(f"name,m1,m2\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=where):
        covert.incidences(path)
