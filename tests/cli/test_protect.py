"""`joinedup protect`: JSON as agreed, a table that passes the audit, and refusals with their reasons."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.errors import RefusedError, UnreadableError

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
