"""`joinedup unseen`: who is on the list, in which order, why, and who knows nothing of it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.find import stage as find


def call(*arguments):
    result = CliRunner().invoke(app, ["unseen", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def inquiry(new_records, tmp_path_factory):
    records = new_records()
    records.missing("earlier", "2010-03-01")
    records.missing("later", "2010-05-01")
    records.event("later", "missing_episode", "2010-04-01", "2010-04-02")
    records.event("later", "school_roll", "2005-09-01", agency="school")
    records.missing("seen", "2010-06-01")
    records.event("seen", "assessment", "2011-06-01", agency="police")
    records.missing("blind", "2010-06-01")
    records.event("blind", "assessment", "2011-06-01", agency="council")
    records.event("nothing", "assessment", "2011-06-01", agency="council")
    decision = {"sequence": 1, "kind": "concern_reviewed", "subject": "earlier", "judgement": "looked at"}
    records.tables["decisions"].append({**decision, "decided_by": "A. Reviewer", "decided_at": "2011-07-01"})
    return records.write(tmp_path_factory.mktemp("unseen"))


def test_the_list_is_in_its_order_with_reasons_holders_and_decisions(inquiry):
    found = json.loads(call(inquiry, "--json").stdout)
    assert (found["children"], found["open_elsewhere"]) == (3, False)
    blind, first, second = found["entries"]
    assert (blind["person_id"], blind["state"], first["state"]) == ("blind", "elsewhere", "nobody")
    assert (first["rank"], first["person_id"], second["person_id"]) == (2, "later", "earlier")
    assert (first["who_knows"], first["who_does_not"]) == (["police"], ["school"])
    (concern,) = first["concerns"]
    assert concern["rule"] == "missing_no_return_interview"
    assert concern["not_recorded"] == "Further episodes whose record says nothing of a return interview: 1."
    assert concern["clears"].startswith("The return interview being held")
    assert concern["agencies"] == ["police"]
    assert [(row["agency"], row["type"], row["start"]) for row in concern["evidence"]] == [
        ("police", "missing_episode", "2010-05-01")
    ]
    assert {row["rule"] for row in first["not_evaluable"]} >= {"shares_phone", "charity_referral_closed"}
    assert all(row["needs"] for row in first["not_evaluable"])
    assert first["decisions"] == []
    assert second["decisions"][0]["judgement"] == "looked at"


def test_children_whose_open_work_is_where_no_concern_is_known_are_a_list_of_their_own(inquiry):
    found = json.loads(call(inquiry, "--open-elsewhere", "--json").stdout)
    (entry,) = found["entries"]
    assert (entry["person_id"], entry["who_knows"], entry["open_at"]) == ("blind", ["police"], ["council"])
    assert entry["who_does_not"] == ["council"]
    assert entry["open"] == [{"agency": "council", "type": "assessment", "since": "2011-06-01"}]
    said = call(inquiry, "--open-elsewhere").stdout
    assert "Open at council, which holds none of this: Assessment" in said
    assert "since 2011-06-01" in said


def test_the_screen_shows_the_same_and_how_many_there_are(inquiry):
    said = call(inquiry, "--limit", "2").stdout
    assert "2. later" in said
    assert "3. earlier" not in said
    assert "Returned from missing between 1 May 2010 and 1 May 2010" in said
    assert "Knows the child and none of this: school." in said
    assert "2 of 3 children with concerns and nothing open that knows them." in said


def test_nobody_unseen_is_said_and_is_no_error(records, tmp_path):
    result = call(records.write(tmp_path, stages=(find,)))
    assert result.exit_code == 0
    assert "0 of 0 children" in result.stdout
