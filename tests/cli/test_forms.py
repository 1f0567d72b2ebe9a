from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from joinedup.registry.forms import forms


def joinedup(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "joinedup.cli.app", *words]
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120"}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=environment)


def test_a_template_is_written_where_asked_and_the_next_command_is_named(tmp_path: Path):
    done = joinedup("form", "police_crime", "crimes.xlsx", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "crimes.xlsx\n"
    assert done.stderr.rstrip().endswith("Next: joinedup check crimes.xlsx")
    assert load_workbook(tmp_path / "crimes.xlsx").sheetnames[0] == "Crimes"


def test_without_a_path_the_form_is_named_after_itself_and_is_never_overwritten(tmp_path: Path):
    assert joinedup("form", "people", cwd=tmp_path).returncode == 0
    before = (tmp_path / "people.xlsx").read_bytes()
    (tmp_path / "people.xlsx").write_bytes(before + b"filled in")
    again = joinedup("form", "people", cwd=tmp_path)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert (tmp_path / "people.xlsx").read_bytes() == before + b"filled in"


def test_the_list_names_every_form_and_as_json_is_data_alone(tmp_path: Path):
    listed = joinedup("form", "--list", cwd=tmp_path)
    assert all(form in listed.stdout for form in forms())
    data = json.loads(joinedup("form", "--list", "--json", cwd=tmp_path).stdout)
    assert {entry["form"] for entry in data} == set(forms())
    assert {"form", "title", "about", "kind", "ours", "version", "source", "sheets"} <= set(data[0])


def test_a_form_as_json_has_its_columns(tmp_path: Path):
    data = json.loads(joinedup("form", "police_missing", "--json", cwd=tmp_path).stdout)
    columns = data["sheets"][0]["columns"]
    assert [column["heading"] for column in columns] == [
        column.label for column in forms()["police_missing"].sheets[0].columns
    ]
    assert next(column for column in columns if column["column"] == "risk")["codes"]["high"] == "High"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("form", "peple"), "Did you mean people?"),
        (("form", "people", "--list"), "Give one of them"),
        (("form", "people", "out.xlsx", "--json"), "both given"),
        (("form", "people", "nowhere/p.xlsx"), "there is no folder nowhere"),
        (("form", "people", "p.doc"), "Try p.xlsx"),
        (("form", "annex_a", "a.csv"), "annex_a.xlsx"),
    ],
)
def test_mistakes_are_usage_errors_with_a_remedy(tmp_path: Path, words: tuple[str, ...], said: str):
    done = joinedup(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []
