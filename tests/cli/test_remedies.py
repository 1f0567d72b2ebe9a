"""Every remedy is a command that can be pasted: its verb is there, and takes the words it is given."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from joinedup.cli.app import VERBS, app
from joinedup.cli.remedies import Situation, remedies
from joinedup.report.checked import Check

NOW = Situation(Path("my inquiry"), "0002-ab", ("A. O'Hara", "B. Checker"), "1f2e", "0001-aa")
SUBJECTS = {
    "linkage": ["links"],
    "disclosure": ["children:known sex"],
    "findings": ["scale-01"],
    "arithmetic": ["scale-01", "Share not known: Sex"],
    "bounds": ["patterns-04", "share of children:known with sex F >= 0.5"],
    "changes": ["count.children.known.all.all"],
    "history": ["published/0001/record.json"],
    "run": ["counts"],
    "people": ["A. O'Hara"],
}
BLOCKING = [Check(name, "blocking", about, "it blocks") for name, subjects in SUBJECTS.items() for about in subjects]
BLOCKING.append(
    Check("history", "blocking", "published/0001", "the run was made before this; run again: --stage report")
)


@pytest.mark.parametrize("check", BLOCKING, ids=lambda check: f"{check.check}: {check.subject}")
def test_each_command_is_one_that_the_program_takes(check):
    group = get_command(app)
    [ways] = remedies([check], NOW).values()
    assert all(way.what.strip() for way in ways)
    for command in (command for way in ways for command in way.commands):
        name, verb, *words = shlex.split(command)
        assert name == "joinedup"
        assert verb in VERBS
        with group.get_command(typer.Context(group), verb).make_context(verb, words) as context:
            assert context.params["words" if verb == "claim" else "directory"]


def test_one_remedy_stands_for_many_checks_and_what_does_not_block_has_none():
    many = [Check("disclosure", "blocking", f"population {number}", "too much") for number in range(9)]
    assert len(remedies(many, NOW)["disclosure"]) == 2
    assert remedies([Check("linkage", "warning", "links", "open")], NOW) == {}


def test_a_fault_of_the_program_is_said_to_be_one():
    [ways] = remedies([Check("arithmetic", "blocking", "Share not known: Sex", "printed as 5%")], NOW).values()
    assert "program is at fault" in ways[0].what
    assert ways[0].commands == ()
