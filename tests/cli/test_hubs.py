from __future__ import annotations

import json

import pytest

from joinedup.casework.ledger import decisions_of
from joinedup.cli.hubs import bring_back, set_aside
from joinedup.errors import UsageError

INQUIRY = 'name = "N"\nquestion = "Q"\nperiod = { from = 2008-01-01, to = 2011-06-29 }\n'
WHO = {"by": "A. Analyst", "why": "The public goes there."}


@pytest.fixture(autouse=True)
def _settings(tied_inquiry):
    (tied_inquiry / "inquiry.toml").write_text(INQUIRY, encoding="utf-8")


def test_a_thing_is_set_aside_however_it_is_written(tied_inquiry, capsys):
    set_aside(tied_inquiry, "place", " Mill-Lane", **WHO, as_json=True)
    recorded = json.loads(capsys.readouterr().out)
    assert (recorded["subject"], recorded["kind"]) == ("place:mill lane", "entity_is_a_hub")
    assert recorded["already_stood"] is False


def test_what_stands_already_is_not_recorded_again(tied_inquiry, capsys):
    set_aside(tied_inquiry, "place", "mill lane", **WHO)
    set_aside(tied_inquiry, "place", "Mill Lane", by="B. Other", why="So I think.")
    shown = " ".join(capsys.readouterr().out.split())
    assert "the place:mill lane ties nobody" in shown
    assert "Decision 1 says so already (A. Analyst" in shown
    assert [each.sequence for each in decisions_of(tied_inquiry)] == [1]


def test_the_opposite_takes_the_place_of_what_stands_before_the_next_run_too(tied_inquiry, capsys):
    set_aside(tied_inquiry, "place", "mill lane", **WHO)
    bring_back(tied_inquiry, "place", "Mill lane", **WHO)
    assert "takes the place of decision 1" in " ".join(capsys.readouterr().out.split())
    assert [(each.sequence, each.kind) for each in decisions_of(tied_inquiry)] == [(2, "entity_is_not_a_hub")]


def test_an_unknown_place_is_refused_with_the_nearest(tied_inquiry):
    with pytest.raises(UsageError, match="has no such place") as refused:
        set_aside(tied_inquiry, "place", "Mill Lame", **WHO)
    assert "Nearest: mill lane." in refused.value.remedy
    with pytest.raises(UsageError, match="sets aside no such place"):
        bring_back(tied_inquiry, "place", "mill lane", **WHO)
    assert decisions_of(tied_inquiry) == []


def test_numbers_and_accounts_are_not_told_to_whoever_guesses(tied_inquiry):
    with pytest.raises(UsageError, match="has no such account") as refused:
        set_aside(tied_inquiry, "account", "p", **WHO)
    assert "q" not in refused.value.remedy.split("show")[0]
    with pytest.raises(UsageError, match="no such kind"):
        set_aside(tied_inquiry, "street", "mill lane", **WHO)
