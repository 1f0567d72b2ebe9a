"""`joinedup check`: exit codes, JSON as agreed, and a screen that names the next command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app

PEOPLE = "source_ref,role,forename,dob\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (PEOPLE + "N-1,child,Ana,03/04/2001\n", 0),
        (PEOPLE + "N-1,child,Ana,31/02/2011\n", 1),
        ("colour,shape\nred,round\n", 3),
        ("", 3),
    ],
)
def test_exit_codes_and_json(tmp_path: Path, text: str, code: int) -> None:
    path = tmp_path / "p.csv"
    path.write_text(text)
    found = CliRunner().invoke(app, ["check", str(path), "--json"])
    assert found.exit_code == code
    told = json.loads(found.stdout)
    assert list(told) == ["form", "rows", "used", "refused", "problems"]
    assert told["rows"] == told["used"] + told["refused"]


def test_the_screen_says_what_is_wrong_without_the_value(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(PEOPLE + "N-1,child,Ana,31/02/2011\nN-2,child,Bea,30/02/2011\n")
    found = CliRunner().invoke(app, ["check", str(path)], env={"COLUMNS": "200"})
    assert found.exit_code == 1
    assert "p.csv: people" in found.stdout
    assert "2 rows: 2 can be used, 0 refused" in found.stdout
    assert "31/02" not in found.output
    assert "Next:" in found.output
