"""`joinedup report`: says where the report is, copies it, and never writes over a file."""

from __future__ import annotations

import hashlib
import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.errors import UnreadableError, UsageError

PAGE = b"<!DOCTYPE html><title>R</title>"
EARLIER, LATER = "0001-0123abcd", "0002-89abcdef"


@pytest.fixture
def inquiry(tmp_path):
    for run, page in ((EARLIER, b"earlier"), (LATER, PAGE)):
        folder = tmp_path / "inquiry" / "runs" / run / "report"
        folder.mkdir(parents=True)
        (folder / "index.html").write_bytes(page)
    return tmp_path / "inquiry"


def call(*arguments):
    result = CliRunner().invoke(app, ["report", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_it_says_where_the_report_of_the_latest_run_is_and_what_to_do_next(inquiry):
    result = call(inquiry)
    assert result.stdout.strip() == str(inquiry / "runs" / LATER / "report" / "index.html")
    assert f"joinedup trace {inquiry} NUMBER" in result.stderr.replace("\n", " ")


def test_another_run_can_be_asked_for(inquiry):
    assert EARLIER in call(inquiry, "--run", "1").stdout


def test_json_gives_the_run_the_file_and_its_hash(inquiry):
    found = json.loads(call(inquiry, "--json").stdout)
    page = inquiry / "runs" / LATER / "report" / "index.html"
    assert found == {
        "run": LATER,
        "report": str(page),
        "bytes": len(PAGE),
        "sha256": hashlib.sha256(PAGE).hexdigest(),
    }


def test_it_copies_the_same_bytes_to_a_file_or_into_a_folder(inquiry, tmp_path):
    target = tmp_path / "copy.html"
    assert call(inquiry, "--out", target).stdout.strip() == str(target)
    assert target.read_bytes() == PAGE
    folder = tmp_path / "folder"
    folder.mkdir()
    call(inquiry, "--out", folder)
    assert (folder / "index.html").read_bytes() == PAGE


def test_it_never_writes_over_a_file(inquiry, tmp_path):
    target = tmp_path / "copy.html"
    target.write_text("mine")
    with pytest.raises(UsageError, match="there already"):
        call(inquiry, "--out", target)
    assert target.read_text() == "mine"


def test_a_folder_that_is_not_there_is_named(inquiry, tmp_path):
    with pytest.raises(UsageError, match="is not there"):
        call(inquiry, "--out", tmp_path / "nowhere" / "copy.html")


def test_a_run_without_a_report_is_said_to_be_unreadable(inquiry):
    (inquiry / "runs" / LATER / "report" / "index.html").unlink()
    with pytest.raises(UnreadableError) as stopped:
        call(inquiry)
    assert "joinedup run" in stopped.value.remedy


def test_an_inquiry_without_a_run_says_how_to_make_one(tmp_path):
    with pytest.raises(UsageError) as stopped:
        call(tmp_path)
    assert "joinedup run" in stopped.value.remedy
