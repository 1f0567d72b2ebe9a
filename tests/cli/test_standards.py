"""`joinedup standards`: lists, explains and tries what leads are audited by, an inquiry's own standards among them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.errors import SettingsError, UsageError
from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.standards import standards

TOML = 'name="N"\nquestion="Q"\nperiod={from=2008-01-01,to=2011-06-29}\n'
PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-standard.md"


def call(*arguments):
    result = CliRunner().invoke(app, ["standards", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def inquiry(tmp_path):
    """An inquiry whose own standard is the one that the how-to page shows."""
    shown = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "standards").mkdir()
    (tmp_path / "inquiry.toml").write_text(TOML)
    (tmp_path / "standards" / "local.yaml").write_text(shown[1])
    return tmp_path


def test_every_standard_and_breach_rule_is_listed_and_an_inquirys_own_beside_them(inquiry):
    rows = json.loads(call("--list", "--json").stdout)
    assert [row["name"] for row in rows] == [*standards(), *breach_rules()]
    own = [row for row in json.loads(call(inquiry, "--json").stdout) if row["kind"] == "local standard"]
    assert [row["name"] for row in own] == ["conference_10_working_days_local"]
    assert "return_interview_72h" in call().stdout


@pytest.mark.parametrize("name", ["conference_21_calendar_days_scotland", "closed_contradicted"])
def test_one_is_explained_in_full(name):
    one = {**standards(), **breach_rules()}[name]
    said = " ".join(call("--explain", name).stdout.split())
    sentences = [one.late, one.not_done] if name in standards() else [one.reason, one.needs]
    for part in (*sentences, one.source, one.caveat, *(example.about for example in one.examples)):
        assert " ".join(part.split()) in said


def test_a_clock_is_said_with_what_makes_its_step_due():
    said = call("--explain", "conference_21_calendar_days_scotland").stdout
    assert "Clock: 21 calendar days from the start of the referral, where a section 47 followed" in said


def test_a_standard_is_tried_by_its_name_by_its_file_and_in_its_inquiry(inquiry):
    name = "conference_10_working_days_local"
    for arguments in (
        (inquiry, "--test", name),
        ("--test", inquiry / "standards/local.yaml"),
        ("--test", "bulk_closure"),
    ):
        result = call(*arguments, "--json")
        found = json.loads(result.stdout)
        assert (result.exit_code, found["right"]) == (0, True)
        assert {one["came"] for one in found["examples"]} == {"fires", "just_misses", "lacks"}


def test_a_standard_whose_example_goes_wrong_exits_1(inquiry):
    path = inquiry / "standards" / "local.yaml"
    path.write_text(path.read_text().replace("length: 10}", "length: 11}"))
    result = call("--test", path)
    assert result.exit_code == 1
    assert "2 of 3 examples" in result.stdout


def test_what_is_not_there_is_refused_with_what_is():
    with pytest.raises(UsageError) as refusal:
        call("--explain", "no_such_standard")
    assert "return_interview_72h" in refusal.value.remedy
    with pytest.raises(UsageError, match="more than one"):
        call("--list", "--test", "all")


def test_a_faulty_standard_names_its_line(inquiry):
    path = inquiry / "standards" / "local.yaml"
    path.write_text(path.read_text().replace("nation: england", "nation: france"))
    with pytest.raises(SettingsError, match=r"local\.yaml line 3"):
        call(inquiry)
