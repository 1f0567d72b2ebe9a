"""Rows to tables: what each rule of a form makes, ids that do not depend on order, rows in = used + refused."""

from __future__ import annotations

import csv
import io
import json
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.collect.conftest import Collect

from joinedup.collect.values.text import fold_address

PEOPLE = "source_ref,role,forename,surname,dob,sex,postcode,phones,nhs_no,ethnicity,event_date\n"
MISSING = "Reference,Person reference,Forename,Date of birth,Missing since,Returned,Risk level,Found at,Return interview date\n"
CRIME = (
    "Reference,Crime reference,Offence code,Recorded on,Outcome type,Outcome date,Victim reference,Victim forename,"
    "Suspect reference,Suspect forename,Suspect vehicles\n"
)


def rows(table: Any) -> list[dict[str, Any]]:
    return table.to_pylist()  # type: ignore[no-any-return]


def test_one_row_is_one_mention_one_event_and_its_identifiers(collect: Collect) -> None:
    text = PEOPLE + "N-1,child,Ana,O'Brook,03/04/2001,F,ab1 2cd,07700 900123;07700 900124,,White,05/11/2010\n"
    made = collect({"a/p.csv": text})
    (mention,) = rows(made["mentions"])
    assert mention["mention_id"].startswith("m_")
    assert len(mention["mention_id"]) == 18
    told = ("source_ref", "role", "surname_fold", "dob_precision", "sex", "postcode", "outcode", "area", "file", "row")
    assert [mention[name] for name in told] == [
        "N-1",
        "child",
        "obrook",
        "day",
        "F",
        "AB1 2CD",
        "AB1",
        "AB",
        "p.csv",
        2,
    ]
    assert str(mention["dob"]) == "2001-04-03"
    assert str(mention["first_date"]) == "2010-11-05"
    (event,) = rows(made["events"])
    assert (event["type"], str(event["start"]), event["start_precision"]) == ("recorded", "2010-11-05 00:00:00", "day")
    (part,) = rows(made["involvements"])
    assert (part["mention_id"], part["event_id"]) == (mention["mention_id"], event["event_id"])
    assert (part["role"], part["status"], part["basis"]) == ("child", "not_stated", "allegation")
    found = {(row["kind"], row["value"], row["valid"]) for row in rows(made["identifiers"])}
    assert found == {("phone", "+447700900123", True), ("phone", "+447700900124", True), ("postcode", "AB1 2CD", True)}
    (described,) = rows(made["descriptions"])
    assert (described["attribute"], described["raw"], described["state"]) == ("ethnicity", "White", "recorded")
    assert "White" not in json.dumps(rows(made["mentions"]), default=str)


def test_a_required_cell_left_empty_refuses_the_row_and_a_bad_value_is_lost_alone(collect: Collect) -> None:
    made = collect({"a/p.csv": PEOPLE + ",child,Ana,,,,,,,,\nN-2,child,Bea,,31/02/2001,,,,123,,\n"})
    (listed,) = rows(made["returns"])
    assert (listed["rows"], listed["used"], listed["refused"]) == (2, 1, 1)
    (mention,) = rows(made["mentions"])
    assert (mention["source_ref"], mention["forename"], mention["dob"]) == ("N-2", "Bea", None)
    told = [(row["row"], row["column"], row["severity"]) for row in rows(made["problems"]) if row["row"]]
    assert sorted(told) == [(2, "source_ref", "refused_row"), (3, "dob", "lost_value"), (3, "nhs_no", "lost_value")]
    assert not any("31/02" in row["message"] or "123" in row["message"] for row in rows(made["problems"]))
    assert [(row["kind"], row["valid"]) for row in rows(made["identifiers"])] == [("nhs_no", False)]


def test_a_role_nobody_knows_is_other_with_a_problem(collect: Collect) -> None:
    made = collect({"a/p.csv": PEOPLE + "N-1,captain,Ana,,,,,,,,\nN-2,,Bea,,,,,,,,\n"})
    assert [row["role"] for row in rows(made["mentions"])] == ["other", "other"]
    told = {(row["row"], row["severity"]) for row in rows(made["problems"]) if row["row"]}
    assert told == {(2, "lost_value"), (3, "note")}


def test_times_details_and_a_conditional_event(collect: Collect) -> None:
    text = MISSING + (
        "M1,P1,Ana,03/04/2001,03/04/2010 22:15,April 2010,High,The Old Mill,05/04/2010 10:00\n"
        "M2,unknown,Bea,,04/04/2010,,,,n/k\n"
    )
    made = collect({"a/m.csv": text})
    events = sorted(rows(made["events"]), key=lambda row: (row["source_ref"], row["type"]))
    assert [(row["source_ref"], row["type"]) for row in events] == [
        ("M1", "missing_episode"),
        ("M1", "return_interview"),
        ("M2", "missing_episode"),
    ]
    first = events[0]
    assert (str(first["start"]), first["start_precision"]) == ("2010-04-03 22:15:00", "minute")
    assert first["end_precision"] == "month"
    assert (first["place_raw"], first["case_ref"]) == ("The Old Mill", "M1")
    assert first["place"] == fold_address("The Old Mill")
    assert json.loads(first["details"]) == {"risk": first["code"]}
    assert first["scheme"] == "missing_risk"
    # A word for "not known" under the agency's person id must not make one person of all who carry it.
    assert sorted(row["local_id"] or "" for row in rows(made["mentions"])) == ["", "P1"]
    assert all(row["status"] is None for row in rows(made["involvements"]))


def test_rows_of_one_crime_are_one_event_with_each_part_and_its_status(collect: Collect) -> None:
    text = CRIME + (
        "r1,C1,88A,14/06/2010,1,01/02/2011,V1,Ana,S1,Joe,\n"
        "r2,C1,88A,14/06/2010,1,01/02/2011,V2,Bea,,,\n"
        "r3,C2,88A,15/06/2010,15,,V1,Ana,S1,Joe,AB12 CDE\n"
    )
    made = collect({"a/c.csv": text})
    crimes = {row["case_ref"]: row for row in rows(made["events"]) if row["type"] == "crime"}
    assert sorted(crimes) == ["C1", "C2"]
    role = {row["mention_id"]: row["role"] for row in rows(made["mentions"])}
    assert sorted(role.values()) == ["child"] * 3 + ["suspect"] * 2
    statuses = sorted(
        (row["role"], row["status"])
        for row in rows(made["involvements"])
        if row["event_id"] == crimes["C1"]["event_id"]
    )
    assert statuses == [("child", "known"), ("child", "known"), ("suspect", "charged")]
    later = sorted(
        (row["role"], row["status"])
        for row in rows(made["involvements"])
        if row["event_id"] == crimes["C2"]["event_id"]
    )
    assert later == [("child", "suspected"), ("suspect", "alleged")]


HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"


def test_one_child_of_many_sheets_is_one_mention(collect: Collect) -> None:
    header = HEADER + "11,2,05/06/2005,WBRI,,,\n"
    episodes = EPISODES + (
        "11,01/01/2016,S,V2,N1,U1,PR1,01/02/2016,X1,PLACE,AB1 2CD,,\n11,01/02/2016,P,V2,N1,U1,PR1,,,,AB1 3CD,,\n"
    )
    made = collect({"a/h.csv": header, "a/e.csv": episodes})
    (mention,) = rows(made["mentions"])
    assert (mention["local_id"], mention["sex"], str(mention["dob"])) == ("11", "F", "2005-06-05")
    assert (mention["postcode"], str(mention["first_date"])) == ("AB1 2CD", "2016-01-01")
    assert {row["value"] for row in rows(made["identifiers"]) if row["kind"] == "postcode"} == {"AB1 2CD", "AB1 3CD"}
    assert len(rows(made["involvements"])) == len(rows(made["events"])) == 2


def test_a_child_in_need_referral_is_one_event_with_its_outcome_and_case(collect: Collect) -> None:
    details = (
        "<CINreferralDate>2020-07-13</CINreferralDate><ReferralSource>6</ReferralSource><ReferralNFA>true</ReferralNFA>"
    )
    assessment = (
        "<Assessments><AssessmentActualStartDate>2020-07-14</AssessmentActualStartDate>"
        "<FactorsIdentifiedAtAssessment><AssessmentFactors>4B</AssessmentFactors><AssessmentFactors>11A</AssessmentFactors>"
        "</FactorsIdentifiedAtAssessment></Assessments>"
    )
    child = (
        f"<ChildIdentifiers><LAchildID>7</LAchildID></ChildIdentifiers><CINdetails>{details}{assessment}</CINdetails>"
    )
    made = collect({"a/c.xml": f"<Message><Children><Child>{child}</Child></Children></Message>"})
    assert made["mentions"].num_rows == 1
    events = {row["type"]: row for row in rows(made["events"])}
    referral, held = events["referral"], events["assessment"]
    assert (referral["code"], referral["scheme"]) == ("6", "referral_source")
    assert (referral["outcome"], referral["case_ref"]) == ("no_further_action", "7|2020-07-13")
    assert held["case_ref"] == referral["case_ref"]
    statuses = {row["event_id"]: (row["status"], row["basis"]) for row in rows(made["involvements"])}
    assert statuses[held["event_id"]] == ("suspected", "assessment")
    assert statuses[referral["event_id"]][0] is None


def test_rows_of_one_child_that_disagree_are_noted(collect: Collect) -> None:
    missing = "CHILD,DOB,MISSING,MIS_START,MIS_END\n11,05/06/2005,M,01/01/2016,02/01/2016\n"
    made = collect({"a/h.csv": HEADER + "11,2,06/06/2005,WBRI,,,\n", "a/m.csv": missing})
    (mention,) = rows(made["mentions"])
    assert str(mention["dob"]) == "2005-06-06"  # the header's, which comes first in the form
    notes = [row["column"] for row in rows(made["problems"]) if "more than one" in row["message"]]
    assert notes == ["dob"]


def test_repeated_references_are_all_kept_and_noted(collect: Collect) -> None:
    made = collect({"a/p.csv": PEOPLE + "N-1,child,Ana,,,,,,,,\nN-1,child,Bea,,,,,,,,\nN-1,child,Bea,,,,,,,,\n"})
    assert len({row["mention_id"] for row in rows(made["mentions"])}) == 3
    noted = [row["row"] for row in rows(made["problems"]) if "same reference" in row["message"]]
    assert noted == [2, 3, 4]


def _whole(made: dict[str, Any], name: str) -> list[str]:
    """The table's rows without where in the files they stood."""
    place = {"row", "file"}
    return sorted(json.dumps({k: v for k, v in row.items() if k not in place}, default=str) for row in rows(made[name]))


def test_neither_order_nor_splitting_of_rows_changes_anything(collect: Collect) -> None:
    people = [f"N-{n % 7},child,F{n % 5},S{n % 3},,,,07700 9001{n % 4:02},,,0{1 + n % 9}/11/2010\n" for n in range(40)]
    crimes = [
        f"r{n},C{n % 4},88A,1{n % 5}/06/2010,{n % 3},0{1 + n % 2}/02/2011,V{n % 6},Ana{n},S{n % 3},Joe,\n"
        for n in range(30)
    ]
    straight = collect({"a/p.csv": PEOPLE + "".join(people), "a/c.csv": CRIME + "".join(crimes)})
    random.Random(4).shuffle(people)
    random.Random(5).shuffle(crimes)
    mixed = collect(
        {
            "a/x.csv": PEOPLE + "".join(people[:11]),
            "a/y.csv": PEOPLE + "".join(people[11:]),
            "a/c.csv": CRIME + "".join(crimes),
        }
    )
    for name in ("mentions", "events", "involvements", "identifiers", "descriptions"):
        assert _whole(straight, name) == _whole(mixed, name), name
    assert len(_whole(straight, "mentions")) == len(set(straight["mentions"].column("mention_id").to_pylist()))


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.lists(CELLS, min_size=11, max_size=11), min_size=1, max_size=12))
def test_rows_in_are_rows_used_and_rows_refused_and_every_refusal_is_told(
    collect: Collect, table: list[list[str]]
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows(table)
    made = collect({"a/p.csv": PEOPLE + out.getvalue()})
    there = sum(any(cell.strip() for cell in row) for row in table)
    (listed,) = rows(made["returns"])
    assert listed["rows"] == there
    assert listed["used"] + listed["refused"] == listed["rows"]
    assert listed["used"] == len(rows(made["mentions"]))
    told = {row["row"] for row in rows(made["problems"]) if row["severity"] == "refused_row"}
    assert len(told) == listed["refused"]
