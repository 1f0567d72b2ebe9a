"""`joinedup audit-release`: JSON as agreed, exit codes, several files as one release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.errors import UnreadableError

ALONE = "area,sex,count\nn,F,3\nn,M,c\nn,Total,7\ns,F,12\ns,M,9\ns,Total,21\nTotal,F,15\nTotal,M,13\nTotal,Total,28\n"
SQUARE = (
    "area,sex,count\nn,F,c\nn,M,c\nn,Total,17\ns,F,c\ns,M,c\ns,Total,17\n"
    "e,F,30\ne,M,30\ne,Total,60\nTotal,F,47\nTotal,M,47\nTotal,Total,94\n"
)


def asked(tmp_path: Path, *texts: str, code: int) -> dict:
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"{number}.csv")
        files[-1].write_text(text)
    found = CliRunner().invoke(app, ["audit-release", *map(str, files), "--json"])
    assert found.exit_code == code, found.output
    return json.loads(found.stdout)


def test_a_cell_left_alone_in_its_line_is_found(tmp_path):
    found = asked(tmp_path, ALONE, code=1)
    assert (found["safe"], found["unprotected"]) == (False, 1)
    [cell] = found["cells"]
    assert {"cell": "area=n, sex=M", "lower": 4, "upper": 4, "primary": True}.items() <= cell.items()


def test_four_cells_that_cover_each_other_are_safe(tmp_path):
    found = asked(tmp_path, SQUARE, code=0)
    assert found["safe"]
    assert [(each["lower"], each["upper"]) for each in found["cells"]] == [(0, 17)] * 4
    assert [(each["lower_knowing_rule"], each["upper_knowing_rule"]) for each in found["cells"]] == [(1, 16)] * 4


def test_a_cell_that_could_be_small_and_is_not_nought_is_not_protected(tmp_path):
    found = asked(
        tmp_path,
        SQUARE.replace("n,Total,17", "n,Total,19").replace("Total,M,47", "Total,M,49").replace("94", "96"),
        code=1,
    )
    assert [(each["lower"], each["protected"]) for each in found["cells"]] == [
        (0, True),
        (2, False),
        (0, True),
        (0, True),
    ]


def test_several_files_are_one_release(tmp_path):
    found = asked(tmp_path, SQUARE, "area,sex,count\nn,F,4\nn,M,13\ns,F,13\ns,M,4\ne,F,30\ne,M,30\n", code=1)
    assert {each["lower"] for each in found["cells"]} == {4, 13}


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "area,count\nn,x\n", "area,count\nn,3\nTotal,9\n"])
def test_what_is_no_release_is_refused(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(UnreadableError):
        CliRunner().invoke(app, ["audit-release", str(path)], catch_exceptions=False)


def test_the_screen_ends_with_the_verdict_and_the_next_command(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(ALONE)
    found = CliRunner().invoke(app, ["audit-release", str(path)], env={"COLUMNS": "200"})
    assert found.exit_code == 1
    assert "Not safe" in found.stdout
    assert "Next:" in found.output
