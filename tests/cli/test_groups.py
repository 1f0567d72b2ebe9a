from __future__ import annotations

import json

import pytest

from joinedup.cli.group import group
from joinedup.cli.groups import groups, places
from joinedup.cli.path import around, path
from joinedup.errors import UsageError
from joinedup.groups.cautions import CAUTIONS


def said(capsys):
    return json.loads(capsys.readouterr().out)


def test_groups_are_listed_with_their_cautions(tied_inquiry, capsys):
    groups(tied_inquiry, as_json=True)
    found = said(capsys)
    assert [row["people"] for row in found["groups"]] == [3]
    assert found["cautions"] == list(CAUTIONS)
    groups(tied_inquiry)
    shown = " ".join(capsys.readouterr().out.split())
    assert "circle of friends" in shown
    assert "children" in shown


def test_a_group_opens_on_the_screen_and_as_json(tied_inquiry, capsys):
    groups(tied_inquiry, as_json=True)
    group_id = said(capsys)["groups"][0]["group_id"]
    group(tied_inquiry, group_id, as_json=True)
    page = said(capsys)
    assert {"members", "ties", "knowledge", "timeline", "investigations", "holds_together", "not_recorded"} <= set(page)
    group(tied_inquiry, group_id)
    shown = " ".join(capsys.readouterr().out.split())
    for words in ("nothing of guilt", "No single agency knows", "Not recorded", "Stability", "0 open, 0 closed"):
        assert words in shown


def test_a_path_and_its_neighbourhood(tied_inquiry, capsys):
    path(tied_inquiry, "a", "c", as_json=True)
    found = said(capsys)
    assert [(tie["person_l"], tie["person_r"]) for tie in found["ties"]] == [("a", "b"), ("b", "c")]
    assert all(len(tie["reasons"]) >= 2 for tie in found["ties"])
    path(tied_inquiry, "a", "d", as_json=True)
    assert said(capsys)["ties"] is None
    around(tied_inquiry, "a", hops=1, as_json=True)
    assert {row["person_id"] for row in said(capsys)["people"]} == {"a", "b"}
    for verb in (
        lambda: path(tied_inquiry, "a", "c"),
        lambda: path(tied_inquiry, "a", "d"),
        lambda: around(tied_inquiry, "a"),
    ):
        verb()
        assert capsys.readouterr().out


def test_places(tied_inquiry, capsys):
    places(tied_inquiry, as_json=True)
    assert [(row["place"], row["children"]) for row in said(capsys)["places"]] == [("mill lane", 3)]
    places(tied_inquiry)
    assert "mill lane" in capsys.readouterr().out


def test_what_is_not_there_is_refused_without_repeating_it(tied_inquiry):
    for verb in (
        lambda: group(tied_inquiry, "g_secret"),
        lambda: path(tied_inquiry, "a", "p_secret"),
        lambda: around(tied_inquiry, "p_secret"),
    ):
        with pytest.raises(UsageError) as refused:
            verb()
        assert "secret" not in refused.value.message + refused.value.remedy
        assert refused.value.remedy
