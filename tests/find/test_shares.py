"""Things shared with a suspect: caps, what a decision brings back, homes, one's own suspicion, and who holds which part."""

from __future__ import annotations

import datetime
import json

import ibis
import pytest

from joinedup.collect.values.text import parse_name
from joinedup.find.examples import PERIOD
from joinedup.find.records import records_of
from joinedup.find.shares import named_with, shares
from joinedup.find.tied import near_victim
from joinedup.registry.rule_tests import NamedWith, NearVictim, Shares
from joinedup.store.contract import from_rows

PHONE = Shares(kind="shares", things=("phone",), within_days=365)
NAMES = ("people", "mentions", "involvements", "events", "identifiers", "edges", "group_members", "hubs")


class Tables:
    """Records of people with things, each its own mention and event."""

    def __init__(self):
        self.rows = {name: [] for name in NAMES}

    def use(self, person, value="number", *, role="child", kind="phone", agency="police", child=True, **more):
        number = len(self.rows["events"])
        mention, event = f"m{number:03d}", f"e{number:03d}"
        self.rows["people"].append(
            {"mention_id": mention, "person_id": person, "agency": agency, "kind": "child" if child else "adult"}
        )
        self.rows["involvements"].append({"mention_id": mention, "event_id": event, "role": role})
        row = {"event_id": event, "type": "crime", "agency": agency, "form": agency, "case_ref": event, **more}
        row |= {"start": datetime.datetime(2010, 3, 1), "start_precision": "day"}  # noqa: DTZ001
        self.rows["events"].append(row)
        if kind != "place":
            self.identifier(mention, kind, value)
        return mention

    def identifier(self, mention, kind, value):
        self.rows["identifiers"].append({"mention_id": mention, "kind": kind, "value": value, "valid": True})

    def fired(self, test=PHONE):
        tables = {name: ibis.memtable(from_rows(name, rows)) for name, rows in self.rows.items()}
        found = shares(records_of(tables, ["crime"], PERIOD.end), test, PERIOD)
        return {row["person_id"]: row["count"] for row in found.concerns.to_pyarrow().to_pylist()}, found


@pytest.fixture
def tables():
    return Tables()


def test_what_twenty_five_people_share_ties_and_what_one_more_shares_does_not(tables):
    for number in range(24):
        tables.use(f"child {number:02d}")
    tables.use("suspect", role="suspect", child=False)
    assert len(tables.fired()[0]) == 24
    tables.use("one more", role="suspect", child=False)
    assert tables.fired()[0] == {}
    tables.rows["hubs"].append({"kind": "phone", "value": "number", "people": 26, "cap": 25, "state": "brought_back"})
    assert set(tables.fired()[0].values()) == {2}


def test_what_the_run_has_set_aside_ties_nobody(tables):
    tables.use("child")
    tables.use("suspect", role="suspect", child=False)
    assert tables.fired()[0] == {"child": 1}
    tables.rows["hubs"].append({"kind": "phone", "value": "number", "people": 2, "cap": 25, "state": "set_aside"})
    assert tables.fired()[0] == {}


def test_a_child_is_no_suspect_of_itself_and_another_child_can_be(tables):
    tables.use("both")
    tables.use("both", role="suspect")
    assert tables.fired()[0] == {}
    tables.use("child")
    assert tables.fired()[0] == {"child": 1}


def test_the_evidence_is_both_sides_whoever_holds_them(tables):
    tables.use("child", agency="charity")
    tables.use("suspect", role="suspect", child=False, agency="police")
    _, found = tables.fired()
    rows = found.evidence.to_pyarrow().to_pylist()
    assert sorted((row["person_id"], row["event_id"], row["agency"]) for row in rows) == [
        ("child", "e000", "charity"), ("child", "e001", "police"),
    ]  # fmt: skip


def test_a_child_recorded_with_nothing_of_the_kind_cannot_be_told(tables):
    tables.use("child", kind="account")
    tables.use("suspect", role="suspect", child=False)
    fired, found = tables.fired()
    assert fired == {}
    assert found.untold.to_pyarrow()["person_id"].to_pylist() == ["child"]


def test_one_record_that_names_both_at_a_place_says_nothing_new_and_two_do(tables):
    test = Shares(kind="shares", things=("place",), within_days=90)
    tables.use("child", kind="place", place="anchor garage", case_ref="one")
    tables.use("suspect", kind="place", role="suspect", child=False, place="anchor garage", case_ref="one")
    assert tables.fired(test)[0] == {}
    tables.use("suspect", kind="place", role="suspect", child=False, place="anchor garage", case_ref="two")
    assert tables.fired(test)[0] == {"child": 1}


@pytest.mark.parametrize("found_with", ["Łukasz Popa", "lukasz POPA", "Mr Łukasz  Popa"])
def test_whom_a_child_was_found_with_is_compared_as_the_names_of_mentions_are(tables, found_with):
    """A letter without an accent to lose was once left as it was: such names never matched."""
    tables.use("child", kind="place", type="missing_episode", details=json.dumps({"found_with": found_with}))
    mention = tables.use("suspect", role="suspect", child=False)
    folds = {"forename_fold": parse_name("Łukasz").fold, "surname_fold": parse_name("Popa").fold}
    tables.rows["mentions"].append({"mention_id": mention, "role": "suspect", **folds})
    made = {name: ibis.memtable(from_rows(name, rows)) for name, rows in tables.rows.items()}
    records = records_of(made, ["missing_episode"], PERIOD.end)
    found = named_with(records, NamedWith(kind="named_with", event="missing_episode", detail="found_with"), PERIOD)
    assert found.concerns.to_pyarrow()["person_id"].to_pylist() == ["child"]


@pytest.mark.parametrize(("shared", "expected"), [(1, []), (2, ["child"])])
def test_one_shared_thing_ties_a_child_to_a_group_and_not_to_each_of_its_people(tables, shared, expected):
    tables.use("child")
    tables.use("victim")
    tables.rows["involvements"][-1]["status"] = "known"
    tables.rows["edges"].append(
        {"person_l": "child", "person_r": "victim", "shared": shared, "probability": 1.0, "reasons": "[]", "how": "attachment"}
    )  # fmt: skip
    made = {name: ibis.memtable(from_rows(name, rows)) for name, rows in tables.rows.items()}
    test = NearVictim(kind="near_victim", by="tie", statuses=("known",))
    found = near_victim(records_of(made, ["crime"], PERIOD.end), test, PERIOD)
    assert found.concerns.to_pyarrow()["person_id"].to_pylist() == expected
