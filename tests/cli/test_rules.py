"""`joinedup rules`: lists, explains and tries the rules, those of an inquiry's own among them."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.errors import SettingsError, UsageError
from joinedup.registry.rules import packs

TOML = 'name="N"\nquestion="Q"\nperiod={from=2008-01-01,to=2011-06-29}\nrule_packs=["local"]\n'
LOCAL = """\
id: local
title: Our own rules
version: "1"
about: Local procedures only.
rules:
  - id: twice_in_a_month
    title: Missing twice in 30 days
    test: {kind: repeated, events: [missing_episode], least: 2, within_days: 30}
    reason: "Missing {count} times in a month, {first} to {last}."
    needs: The day each episode began.
    not_recorded: "Episodes without a full date: {count}."
    clears: A dated note of a person.
    source: Local procedure, 2009.
    caveat: Most children are not exploited.
    examples:
      - expect: fires
        about: Thirty days apart.
        reason: "Missing 2 times in a month, 1 March 2010 to 31 March 2010."
        events: [{type: missing_episode, start: 2010-03-01}, {type: missing_episode, start: 2010-03-31}]
      - {expect: just_misses, about: Once., events: [{type: missing_episode, start: 2010-03-01}]}
      - {expect: lacks, about: Nobody records episodes.}
"""


def call(*arguments):
    result = CliRunner().invoke(app, ["rules", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def inquiry(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "inquiry.toml").write_text(TOML)
    (tmp_path / "rules" / "local.yaml").write_text(LOCAL)
    return tmp_path


def test_every_registered_rule_is_listed_and_those_switched_on_are_marked():
    rows = json.loads(call("--list", "--json").stdout)
    assert {(row["pack"], row["rule"]) for row in rows} == {
        (pack.id, rule.id) for pack in packs().values() for rule in pack.rules
    }
    assert {row["pack"] for row in rows if row["on"]} == {"missing", "contact", "history"}
    assert "repeat_missing" in call().stdout


def test_an_inquirys_own_rules_are_listed_beside_the_others(inquiry):
    rows = json.loads(call(inquiry, "--json").stdout)
    assert [row["rule"] for row in rows if row["on"]] == ["twice_in_a_month"]
    assert "repeat_missing" in {row["rule"] for row in rows}


def test_a_rule_is_explained_in_full():
    rule = packs()["missing"].rules[0]
    said = " ".join(call("--explain", rule.id).stdout.split())
    for part in (rule.reason, rule.needs, rule.clears, rule.source, rule.caveat, rule.examples[0].about):
        assert " ".join(part.split()) in said
    assert json.loads(call("--explain", rule.id, "--json").stdout)["test"]["within_days"] == 90


def test_a_pack_is_tried_by_its_id_by_its_file_and_in_its_inquiry(inquiry):
    for arguments in (
        (inquiry, "--test", "local"),
        ("--test", inquiry / "rules" / "local.yaml"),
        ("--test", "missing"),
    ):
        result = call(*arguments, "--json")
        found = json.loads(result.stdout)
        assert (result.exit_code, found["right"]) == (0, True)
        assert {"fires", "just_misses", "lacks"} == {one["came"] for one in found["examples"]}


def test_a_pack_whose_example_goes_wrong_exits_1(inquiry):
    path = inquiry / "rules" / "local.yaml"
    path.write_text(LOCAL.replace("within_days: 30", "within_days: 29"))
    result = call("--test", path)
    assert result.exit_code == 1
    assert "2 of 3 examples" in result.stdout


def test_what_is_not_there_is_refused_with_what_is():
    with pytest.raises(UsageError) as refusal:
        call("--explain", "no_such_rule")
    assert "repeat_missing" in refusal.value.remedy
    with pytest.raises(UsageError, match="no rule pack 'none'"):
        call("--test", "none")
    with pytest.raises(UsageError, match="more than one"):
        call("--list", "--test", "missing")


def test_a_faulty_pack_names_its_line(inquiry):
    (inquiry / "rules" / "local.yaml").write_text(LOCAL.replace("least: 2", "least: often"))
    with pytest.raises(SettingsError, match=r"local\.yaml line 8"):
        call(inquiry)
