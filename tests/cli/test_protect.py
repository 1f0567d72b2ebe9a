"""`joinedup protect`: JSON as agreed, a table that passes the audit, and refusals with their reasons."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.cli.cell_key_files import keyed_tables
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


def people(tmp_path, extra=""):
    """A file of 140 people by area and sex, and a key file."""
    path, key = tmp_path / "people.csv", tmp_path / "cells.key"
    areas = ["n"] * 7 + ["s"] * 53 + ["e"] * 80
    rows = [f"P{at},{area},{'FM'[at % 3 == 0]}\n" for at, area in enumerate(areas)]
    path.write_text("person,area,sex\n" + "".join(rows) + extra)
    if not key.exists():
        assert CliRunner().invoke(app, ["encode", "--make-key", str(key)]).exit_code == 0
    return path, key


def test_cell_keys_give_the_same_people_the_same_noise_and_the_result_can_be_audited(tmp_path):
    path, key = people(tmp_path)
    areas = tmp_path / "areas.csv"
    areas.write_text("\n".join(line.rsplit(",", 1)[0] for line in path.read_text().splitlines()) + "\n")
    asked = ["protect", str(path), "--method", "cell-key", "--key-file", str(key)]
    made = CliRunner().invoke(app, asked)
    assert made.exit_code == 0, made.output
    shown = {line.rpartition(",")[0]: int(line.rpartition(",")[2]) for line in made.stdout.splitlines()[1:]}
    assert not any(0 < count <= 4 for count in shown.values())
    alone = CliRunner().invoke(app, ["protect", str(areas), *asked[2:]])
    assert f"s,{shown['s,Total']}\n" in alone.stdout
    assert CliRunner().invoke(app, asked).stdout == made.stdout
    other = tmp_path / "other.key"
    CliRunner().invoke(app, ["encode", "--make-key", str(other)])
    assert CliRunner().invoke(app, [*asked[:-1], str(other)]).stdout != made.stdout
    out = tmp_path / "made.csv"
    out.write_text(made.stdout)
    assert CliRunner().invoke(app, ["audit-release", str(out), "--within", "5"]).exit_code == 0
    both = CliRunner().invoke(app, ["audit-release", str(out), "--within", "5", "--rule", "nhs_round_5"])
    assert isinstance(both.exception, UsageError)


def test_a_table_brings_the_cell_key_of_each_count(tmp_path):
    path, key = people(tmp_path)
    [found] = keyed_tables([path], key, {})
    table = tmp_path / "table.csv"
    rows = [f"{area},{sex},{found.keys[area, sex]},{count}\n" for (area, sex), count in found.table.counts.items()]
    table.write_text("area,sex,cell_key,count\n" + "".join(rows) + "w,F,,0\n")
    one = CliRunner().invoke(app, ["protect", str(table), "--method", "cell-key"])
    other = CliRunner().invoke(app, ["protect", str(path), "--method", "cell-key", "--key-file", str(key)])
    assert one.exit_code == other.exit_code == 0, one.output
    assert [line for line in one.stdout.splitlines() if not line.startswith("w,")] == other.stdout.splitlines()
    assert isinstance(CliRunner().invoke(app, ["protect", str(table)]).exception, UsageError)


@pytest.mark.parametrize(
    ("text", "options", "error", "says"),
    [
        (TABLE, [], UnreadableError, "brings no keys"),
        (TABLE, ["KEY"], UsageError, "is none"),
        ("person,area\nP1,n\n", [], UsageError, "need a key file"),
        ("person,area\nP1,n\nP1,s\n", ["KEY"], UnreadableError, "row 3: the same person as in row 2"),
        ("person,area\nP1,Total\n", ["KEY"], UnreadableError, "row 2: expected a person"),
        ("person,area\nP1\n", ["KEY"], UnreadableError, "row 2: expected 2 values"),
        ("person,area\n", ["KEY"], UnreadableError, "no people"),
        ("person\nP1\n", ["KEY"], UnreadableError, "expected a dimension"),
        ("area,cell_key,count\nn,x,3\n", [], UnreadableError, "row 2: a cell key is a whole number"),
        ("area,cell_key,count\nn,,3\n", [], UnreadableError, "row 2: a cell key is a whole number"),
        ("area,cell_key,count\nn,4294967296,3\n", [], UnreadableError, "row 2: a cell key is a whole number"),
        ("area,cell_key,count\nn,7,-3\n", [], UnreadableError, "row 2: a count is a whole number"),
        ("area,cell_key,count\nn,7,30\n", ["--noise", "4"], UsageError, "cannot keep counts of 1 to 4"),
        ("area,cell_key,count\nn,7,30\n", ["--variance", "26"], UsageError, "variance of 26"),
        ("area,cell_key,count\nn,7,30\n", ["--rule", "ons_srs_threshold"], UsageError, "--noise"),
    ],
)
def test_what_cell_keys_cannot_be_made_of_is_said_and_never_names_a_person(tmp_path, text, options, error, says):
    _, key = people(tmp_path)
    path = tmp_path / "t.csv"
    path.write_text(text)
    given = [word for each in options for word in (["--key-file", str(key)] if each == "KEY" else [each])]
    found = CliRunner().invoke(app, ["protect", str(path), "--method", "cell-key", *given]).exception
    assert isinstance(found, error), found
    assert says in f"{found.message} {found.remedy}"
    assert "P1" not in f"{found.message} {found.remedy}"
