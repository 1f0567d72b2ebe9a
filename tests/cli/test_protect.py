"""`joinedup protect`: JSON as agreed, a table that passes the audit, and refusals with their reasons."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.errors import RefusedError, UnreadableError, UsageError

TABLE = "area,sex,count\nn,F,3\nn,M,20\ns,F,18\ns,M,30\ne,F,40\ne,M,50\n"


def test_json_as_agreed_and_the_table_passes_the_audit(tmp_path):
    path, made = tmp_path / "t.csv", tmp_path / "made.csv"
    path.write_text(TABLE)
    found = CliRunner().invoke(app, ["protect", str(path), "--json"])
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    assert told["safe"]
    assert told["unprotected"] == 0
    assert all({"cell", "lower", "upper", "primary"} <= set(cell) for cell in told["cells"])
    assert [cell["cell"] for cell in told["cells"] if cell["primary"]] == ["area=n, sex=F"]
    written = CliRunner().invoke(app, ["protect", str(path)])
    made.write_text(written.stdout)
    assert "n,F,c" in written.stdout
    assert "Total,Total,161" in written.stdout
    assert CliRunner().invoke(app, ["audit-release", str(made)]).exit_code == 0


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("area,sex,count\nn,F,2\nn,M,1\ns,F,3\ns,M,4\n", RefusedError),
        ("area,count\nn,3\nTotal,3\n", UnreadableError),
        ("area,count\nn,c\n", UnreadableError),
        ("area,count\n", UnreadableError),
    ],
)
def test_what_cannot_be_protected_is_refused(tmp_path, text, error):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(error):
        CliRunner().invoke(app, ["protect", str(path)], catch_exceptions=False)


def test_several_tables_are_protected_together_and_written_to_a_folder(tmp_path):
    areas, sexes = tmp_path / "areas.csv", tmp_path / "sexes.csv"
    areas.write_text("area,age,count\nn,12,3\nn,13,20\ns,12,18\ns,13,30\ne,12,40\ne,13,50\n")
    sexes.write_text("area,sex,count\nn,F,20\nn,M,3\ns,F,40\ns,M,8\ne,F,60\ne,M,30\n")
    out = tmp_path / "out"
    made = CliRunner().invoke(app, ["protect", str(areas), str(sexes), "--out", str(out)])
    assert made.exit_code == 0, made.output
    assert CliRunner().invoke(app, ["audit-release", str(out)]).exit_code == 0
    assert isinstance(CliRunner().invoke(app, ["protect", str(areas), str(sexes)]).exception, UsageError)


def test_rounding_adds_up_and_a_rule_says_what_is_small(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("area,count\nn,7\ns,33\ne,41\n")
    made = CliRunner().invoke(app, ["protect", str(path), "--method", "round", "--base", "10"])
    assert made.stdout == "area,count\ne,40\nn,10\ns,30\nTotal,80\n"
    told = json.loads(CliRunner().invoke(app, ["protect", str(path), "--rule", "ons_srs_threshold", "--json"]).stdout)
    assert told["primary"] == 1
    assert isinstance(CliRunner().invoke(app, ["protect", str(path), "--rule", "none"]).exception, UsageError)


def test_a_sparse_table_says_what_to_leave_out_and_leaves_it_out_where_it_may(tmp_path):
    path = tmp_path / "t.csv"
    cells = [f"a{area},{age},{sex},{2 + (area + age) % 3}" for area in range(3) for age in range(12) for sex in "FM"]
    path.write_text("area,age,sex,count\n" + "\n".join(cells) + "\n")
    refused = CliRunner().invoke(app, ["protect", str(path)]).exception
    assert isinstance(refused, RefusedError)
    assert "Without area, 100%" in refused.remedy
    made = CliRunner().invoke(app, ["protect", str(path), "--collapse"])
    assert made.exit_code == 0, made.output
    assert made.stdout.startswith("age,sex,count")
    assert "left out area" in made.output
