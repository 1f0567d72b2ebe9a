"""`joinedup decide`: the short words, what they take the place of, and what the next run makes of them."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.errors import RefusedError, UsageError

INQUIRY = """
name = "Northmoor 2011"
question = "How many?"
period = { from = 2008-01-01, to = 2011-06-29 }
"""


@pytest.fixture
def inquiry(tmp_path):
    (tmp_path / "inquiry.toml").write_text(INQUIRY)
    return tmp_path


def call(*arguments):
    result = CliRunner().invoke(app, [*map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize(
    ("word", "kind"), [("same", "same_person"), ("different", "not_same_person"), ("unsure", "unsure_person")]
)
def test_the_short_words_are_the_kinds_of_the_ledger(inquiry, word, kind):
    said = ("--why", "both files read", "--by", "A. Reviewer", "--json")
    assert json.loads(call("decide", inquiry, word, "m_1", "m_2", *said).stdout)["kind"] == kind
    assert json.loads(call("decisions", inquiry, "--json").stdout)[0] | {"decided_at": ""} == {
        "sequence": 1, "kind": kind, "subject": "m_1", "other": "m_2", "judgement": kind, "reason": "both files read",
        "decided_by": "A. Reviewer", "decided_at": "", "replaces": None,
    }  # fmt: skip


def test_the_longer_names_and_reason_still_work(inquiry):
    call("decide", inquiry, "not_same_person", "m_1", "m_2", "--reason", "seen", "--by", "A. Reviewer")
    call("decide", inquiry, "entity_is_not_a_hub", "e_1", "--reason", "a family's car", "--by", "A. Reviewer")
    kinds = [row["kind"] for row in json.loads(call("decisions", inquiry, "--json").stdout)]
    assert kinds == ["not_same_person", "entity_is_not_a_hub"]


def test_it_says_what_it_takes_the_place_of(inquiry):
    call("decide", inquiry, "same", "m_1", "m_2", "--why", "seen", "--by", "A. Reviewer")
    result = call("decide", inquiry, "different", "m_2", "m_1", "--why", "seen again", "--by", "B. Reviewer")
    assert "takes the place of decision 1" in result.stdout


def test_a_word_that_is_no_judgement_is_told_the_short_ones(inquiry):
    with pytest.raises(UsageError, match="no judgement 'maybe'") as caught:
        call("decide", inquiry, "maybe", "m_1", "m_2", "--why", "seen", "--by", "A. Reviewer")
    assert caught.value.remedy.startswith("On two mentions: same, different, unsure.")


def test_the_list_keeps_ids_in_one_piece(inquiry):
    mentions = ("m_0123456789abcdef", "m_fedcba9876543210")
    call("decide", inquiry, "same", *mentions, "--why", "seen", "--by", "A. Reviewer")
    call(
        "decide", inquiry, "concern_reviewed", "c_1", "--judgement", "no action", "--why", "read", "--by", "A. Reviewer"
    )
    said = call("decisions", inquiry).stdout
    assert all(mention in said for mention in mentions)
    assert "no action: read" in said


def test_a_contradiction_is_refused(inquiry):
    for pair in (("m_1", "m_2"), ("m_2", "m_3")):
        call("decide", inquiry, "same", *pair, "--why", "seen", "--by", "A. Reviewer")
    with pytest.raises(RefusedError, match="1, 2"):
        call("decide", inquiry, "different", "m_1", "m_3", "--why", "seen", "--by", "A. Reviewer")
