"""`joinedup child`: one child across agencies, and what nobody recorded."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from joinedup.cli.app import app
from joinedup.errors import UsageError


def call(*arguments):
    result = CliRunner().invoke(app, ["child", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def inquiry(new_records, tmp_path_factory):
    records = new_records()
    records.event("p", "assessment", "2011-06-01", agency="council", forename="Anna")
    records.missing("p", "2010-03-01", case_ref="1")
    records.event("p", "referral", None, agency="charity")
    records.event("p", "plan", "2011-01-01", "2011-02-01", agency="council")
    records.event("p", "school_roll", "2005-09-01", agency="school", precision="month")
    records.event("p", "plan", "2011-06-30", agency="council")
    records.event("s", "crime", "2010-02-01", role="suspect", status="alleged")
    records.missing("q", "2010-03-01")
    thing = {"kind": "phone", "value": "07700900001", "mentions": ["m0", "m6"]}
    records.tables["edges"].append({"person_l": "p", "person_r": "s", "shared": 2, "reasons": json.dumps([thing])})
    records.tables["group_members"].append({"group_id": "g", "person_id": "p", "part": "core", "role": "child"})
    return records.write(tmp_path_factory.mktemp("child"))


def test_the_timeline_goes_across_agencies_in_order_and_no_more_exact_than_known(inquiry):
    found = json.loads(call(inquiry, "p", "--json").stdout)
    assert [(row["start"], row["agency"], row["type"]) for row in found["timeline"]] == [
        ("2005-09", "school", "school_roll"),
        ("2010-03-01", "police", "missing_episode"),
        ("2011-01-01", "council", "plan"),
        ("2011-06-01", "council", "assessment"),
        ("2011-06-30", "council", "plan"),
        (None, "charity", "referral"),
    ]


def test_who_knows_who_looks_and_what_nobody_recorded(inquiry):
    found = json.loads(call(inquiry, "p", "--json").stdout)
    assert [(row["agency"], row["records"], row["holds_a_concern"]) for row in found["known_to"]] == [
        ("charity", 1, False), ("council", 3, False), ("police", 1, True), ("school", 1, False),
    ]  # fmt: skip
    assert [row["type"] for row in found["open_now"]] == ["assessment"]
    assert [concern["rule"] for concern in found["concerns"]] == ["missing_no_return_interview"]
    assert "No agency recorded: dob." in found["not_recorded"]
    assert "No agency recorded: forename." not in found["not_recorded"]
    assert "Events without a known start: 1." in found["not_recorded"]


def test_ties_groups_and_pathways_are_the_childs_own(inquiry):
    found = json.loads(call(inquiry, "p", "--json").stdout)
    (tie,) = found["ties"]
    assert (tie["person_id"], tie["roles"], tie["things"][0]["kind"]) == ("s", ["suspect"], "phone")
    assert [row["group_id"] for row in found["groups"]] == ["g"]
    assert sorted(row["kind"] for row in found["pathways"]) == ["missing_episode", "referral"]
    assert json.loads(call(inquiry, "q", "--json").stdout)["ties"] == []


def test_the_screen_tells_it_all(inquiry):
    said = call(inquiry, "p").stdout
    for part in (
        "Known to",
        "Returned from missing",
        "Timeline",
        "Ties",
        "Pathways",
        "council (Assessment under section 17",
    ):
        assert part in said


def test_a_person_who_is_no_child_of_the_run_is_refused_without_repeating_the_id(inquiry):
    for person in ("nobody-at-all", "s"):
        with pytest.raises(UsageError) as refusal:
            call(inquiry, person)
        assert person not in refusal.value.message.split()
