from __future__ import annotations

import json

import pytest

from joinedup.cli.group import group
from joinedup.cli.groups import groups, places
from joinedup.cli.path import around, path
from joinedup.errors import UsageError
from joinedup.groups.cautions import CAUTIONS
from joinedup.settings import Inquiry
from joinedup.store.contract import StageRun, from_rows
from joinedup.store.runs import Runs


@pytest.fixture
def inquiry(tmp_path):
    """A finished run in which a, b and c are tied in a chain and d is tied to nobody."""
    from joinedup.groups import stage

    things = [
        ("a", {"phone": "1", "vehicle": "X"}), ("b", {"phone": "1", "vehicle": "X", "account": "q", "nickname": "z"}),
        ("c", {"account": "q"}), ("d", {}),
    ]  # fmt: skip
    tables = {name: [] for name in stage.READS}
    for number, (person, holds) in enumerate(things):
        mention, event = f"m{number}", f"e{number}"
        tables["people"].append({"mention_id": mention, "person_id": person, "agency": "police", "kind": "child"})
        tables["mentions"].append({"mention_id": mention, "agency": "police", "role": "child"})
        tables["involvements"].append({"mention_id": mention, "event_id": event, "role": "child"})
        tables["events"].append(
            {
                "event_id": event,
                "type": "intelligence",
                "agency": "police",
                "place": "mill lane" if person != "d" else None,
            }
        )
        tables["identifiers"] += [
            {"mention_id": mention, "kind": kind, "value": value, "valid": True} for kind, value in holds.items()
        ]
    runs = Runs(tmp_path)
    with runs.making() as making:
        for name, rows in tables.items():
            making.store.write(name, from_rows(name, rows))
        making.store.write("responses", from_rows("responses", []))
        settings = {"name": "N", "question": "Q", "period": {"from": "2008-01-01", "to": "2011-06-29"}}
        given = (making.store, Inquiry.model_validate(settings), tmp_path, making.directory, 1)
        stage.run(StageRun(stage.NAME, stage.READS, stage.WRITES, *given))
        runs.finish(making, "0" * 64, {})
    return tmp_path


def said(capsys):
    return json.loads(capsys.readouterr().out)


def test_groups_are_listed_with_their_cautions(inquiry, capsys):
    groups(inquiry, as_json=True)
    found = said(capsys)
    assert [row["people"] for row in found["groups"]] == [3]
    assert found["cautions"] == list(CAUTIONS)
    groups(inquiry)
    shown = " ".join(capsys.readouterr().out.split())
    assert "circle of friends" in shown
    assert "children" in shown


def test_a_group_opens_on_the_screen_and_as_json(inquiry, capsys):
    groups(inquiry, as_json=True)
    group_id = said(capsys)["groups"][0]["group_id"]
    group(inquiry, group_id, as_json=True)
    page = said(capsys)
    assert {"members", "ties", "knowledge", "timeline", "investigations", "holds_together", "not_recorded"} <= set(page)
    group(inquiry, group_id)
    shown = " ".join(capsys.readouterr().out.split())
    for words in ("nothing of guilt", "No single agency knows", "Not recorded", "Stability", "0 open, 0 closed"):
        assert words in shown


def test_a_path_and_its_neighbourhood(inquiry, capsys):
    path(inquiry, "a", "c", as_json=True)
    found = said(capsys)
    assert [(tie["person_l"], tie["person_r"]) for tie in found["ties"]] == [("a", "b"), ("b", "c")]
    assert all(len(tie["reasons"]) >= 2 for tie in found["ties"])
    path(inquiry, "a", "d", as_json=True)
    assert said(capsys)["ties"] is None
    around(inquiry, "a", hops=1, as_json=True)
    assert {row["person_id"] for row in said(capsys)["people"]} == {"a", "b"}
    for verb in (lambda: path(inquiry, "a", "c"), lambda: path(inquiry, "a", "d"), lambda: around(inquiry, "a")):
        verb()
        assert capsys.readouterr().out


def test_places(inquiry, capsys):
    places(inquiry, as_json=True)
    assert [(row["place"], row["children"]) for row in said(capsys)["places"]] == [("mill lane", 3)]
    places(inquiry)
    assert "mill lane" in capsys.readouterr().out


def test_what_is_not_there_is_refused_without_repeating_it(inquiry):
    for verb in (
        lambda: group(inquiry, "g_secret"),
        lambda: path(inquiry, "a", "p_secret"),
        lambda: around(inquiry, "p_secret"),
    ):
        with pytest.raises(UsageError) as refused:
            verb()
        assert "secret" not in refused.value.message + refused.value.remedy
        assert refused.value.remedy
