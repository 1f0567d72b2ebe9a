from __future__ import annotations

import json

import pytest

from joinedup.count import stage
from joinedup.registry.threat_types import threat_types

ROW = {"return_id": "police@undated", "file": "crimes.csv", "sheet": "crime", "row": 2}


class Records:
    """Children and suspects of single rows, with the event of the row and what is recorded of the suspect."""

    def __init__(self):
        self.tables = {name: [] for name in stage.READS}

    def row(self, *parts, event="crime", relationship=None, state="recorded", **facts):
        """One row of one file: `parts` are (person, role, status)."""
        number = len(self.tables["events"]) + 1
        place = ROW | {"row": number}
        self.tables["events"].append({"event_id": f"e{number}", "type": event} | facts)
        for person, role, status in parts:
            mention = f"m{len(self.tables['mentions']):03}"
            self.tables["people"].append({"mention_id": mention, "person_id": person})
            self.tables["mentions"].append(
                {"mention_id": mention, "agency": "police", "agency_kind": "police", "role": role} | place
            )
            self.tables["involvements"].append(
                {"mention_id": mention, "event_id": f"e{number}", "role": role, "status": status}
            )
            if role == "suspect" and (relationship or state != "recorded"):
                self.tables["descriptions"].append(
                    {"mention_id": mention, "attribute": "relationship", "code": relationship, "state": state}
                )
        return self


def threats_of(run_stage, records):
    rows = run_stage(stage, records.tables).read("threats").to_pyarrow().to_pylist()
    return {(row["person_id"], row["kind"], row["threat"]): row["events"] for row in rows}


CHILD, SUSPECT = ("c1", "child", "suspected"), ("s1", "suspect", "alleged")


@pytest.mark.parametrize(
    ("event", "facts", "threat"),
    [
        ("online_report", {"scheme": "online_threat", "code": "contact"}, "online"),
        ("crime", {"scheme": "police_offence", "code": "72"}, "trafficking"),
        ("crime", {"scheme": "another scheme", "code": "72"}, "not known"),
        ("crime", {"scheme": "police_offence", "code": "88A"}, "not known"),
        ("referral", {"scheme": "charity_reason", "code": "online_contact"}, "online"),
        ("assessment", {"details": json.dumps({"factors": "10A;19B"})}, "peer"),
        ("assessment", {"details": json.dumps({"factors": "12A"})}, "trafficking"),
        ("assessment", {"details": json.dumps({"factors": "112A;11A"})}, "not known"),
        ("assessment", {"details": json.dumps({"other": "12A"})}, "not known"),
    ],
)
def test_an_event_says_a_kind_by_its_type_and_code_alone(run_stage, event, facts, threat):
    found = threats_of(run_stage, Records().row(CHILD, event=event, **facts))
    assert found == {("c1", "child", threat): 0 if threat == "not known" else 1}


@pytest.mark.parametrize(
    ("relationship", "threat"),
    [("family", "familial"), ("person_of_trust", "institutional"), ("stranger", "localised"), ("partner", "not known")],
)
def test_a_relationship_speaks_of_the_suspect_and_of_the_child_of_the_same_row(run_stage, relationship, threat):
    records = Records().row(CHILD, SUSPECT, relationship=relationship)
    records.row(("c2", "child", "known"))
    found = threats_of(run_stage, records)
    assert set(found) == {("c1", "child", threat), ("s1", "suspect", threat), ("c2", "child", "not known")}


def test_a_relationship_not_stated_says_nothing(run_stage):
    found = threats_of(run_stage, Records().row(CHILD, SUSPECT, state="not_stated"))
    assert set(found) == {("c1", "child", "not known"), ("s1", "suspect", "not known")}


def test_a_person_has_as_many_kinds_as_their_records_say(run_stage):
    records = Records().row(CHILD, SUSPECT, relationship="family").row(CHILD, event="online_report")
    records.row(CHILD, event="online_report")
    found = threats_of(run_stage, records)
    assert found == {("c1", "child", "familial"): 1, ("c1", "child", "online"): 2, ("s1", "suspect", "familial"): 1}


def test_the_counts_by_kind_say_their_base_and_how_many_are_not_known(run_stage):
    records = Records().row(CHILD, SUSPECT, relationship="family").row(("c2", "child", "suspected"))
    rows = run_stage(stage, records.tables).read("counts").to_pyarrow().to_pylist()
    found = {
        (row["population"], row["value"]): (row["count"], row["base"], row["unknown"])
        for row in rows
        if row["dimension"] == "threat"
    }
    assert found == {
        ("children", "familial"): (1, 2, 1),
        ("children", "not known"): (1, 2, 1),
        ("suspects", "familial"): (1, 1, 0),
    }


def test_every_code_of_the_crosswalk_is_a_code_of_its_scheme():
    from joinedup.registry.code_sets import code_sets

    schemes = code_sets()
    for each in threat_types().evidence:
        scheme = each.scheme or {"factors": "assessment_factors"}.get(each.detail or "", "")
        if each.relationship:
            scheme = "suspect_relationship"
        assert set(each.codes + each.relationship) <= set(schemes[scheme].codes) if scheme else not each.codes
