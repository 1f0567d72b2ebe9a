from __future__ import annotations

import datetime

import pytest

from joinedup.collect.people_of_file import people_of_file
from joinedup.errors import UsageError

ENCODED = "source_ref,role,status,event_date,token_forename_forms,token_key\n"
GIVEN = "3f0c9a4be1d27788aa10c4d2"


def test_the_people_of_a_file_are_read_as_a_run_reads_them(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        "source_ref,role,forename,DOB of YP,phones\nN-1,child,Ána,14/03/97,07700 900123\n,,,,\nN-2,suspect,Max,,\n"
    )
    found = people_of_file(path, {"DOB of YP": "dob"}, latest_year=2011)
    assert [(row["source_ref"], row["role"], row["forename_fold"], row["dob"]) for row in found.mentions] == [
        ("N-1", "child", "ana", datetime.date(1997, 3, 14)),
        ("N-2", "suspect", "max", None),
    ]
    assert [(row["kind"], row["value"]) for row in found.identifiers if row["kind"] == "phone"] == [
        ("phone", "+447700900123")
    ]
    assert found.checked.form == "people"


def test_a_file_of_no_form_names_nobody_and_says_why(tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text("some,words\n1,2\n")
    found = people_of_file(path)
    assert not found.mentions
    assert not found.checked.readable
    with pytest.raises(UsageError):
        people_of_file(tmp_path / "none.csv")


@pytest.mark.parametrize("status", ["known", "charged", "suspected", "alleged", "at_risk", "not_stated", ""])
def test_an_encoded_record_keeps_its_status_and_says_nothing_of_exploitation_where_it_has_none(tmp_path, status):
    path = tmp_path / "encoded.csv"
    path.write_text(f"{ENCODED}{GIVEN},child,{status},2010-11-05,{GIVEN},{GIVEN}\n")
    assert [row["status"] for row in people_of_file(path).involvements] == [status or None]


def test_a_name_in_a_column_of_tokens_is_not_kept(tmp_path):
    path = tmp_path / "encoded.csv"
    path.write_text(f"{ENCODED}{GIVEN},child,,2010-11-05,{GIVEN};Ana,{GIVEN}\n")
    found = people_of_file(path)
    assert [(row["kind"], row["value"], row["raw"]) for row in found.identifiers] == [
        ("token_forename_forms", GIVEN, GIVEN),
        ("token_key", GIVEN, GIVEN),
    ]
    assert found.checked.problems.column("severity").to_pylist() == ["lost_value"]
    assert "Ana" not in str(found.checked.problems.to_pylist())
