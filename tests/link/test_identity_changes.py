from __future__ import annotations

import pyarrow as pa
import pytest

from joinedup.link.identity_changes import News, changed_mentions, changes


def people(**person_of):
    return pa.table({"mention_id": list(person_of), "person_id": list(person_of.values())})


RETURN = {"kind": "changed return", "what": "returns/a/1.csv", "file": "a/1.csv", "subject": "", "other": ""}
OTHER_RETURN = RETURN | {"what": "returns/b/2.csv", "file": "b/2.csv"}
DECISION = {
    "kind": "decision",
    "what": "decision 4 (same_person) was recorded",
    "file": "",
    "subject": "m1",
    "other": "m3",
}
SETTINGS = {"kind": "configuration", "what": "'link' of inquiry.toml", "file": "", "subject": "", "other": ""}
REPORT = SETTINGS | {"what": "'report' of inquiry.toml"}
FILES = {"m1": "a/1.csv", "m2": "a/1.csv", "m3": "c/3.csv"}


def told(before, after, *rows, files=FILES):
    return changes(before, after, "0001-aa", News(rows, files))


def test_people_that_stay_or_gain_or_lose_mentions_are_not_told():
    before = people(m1="p1", m2="p1", gone="p1", m3="p3")
    assert told(before, people(m1="p1", m2="p1", m3="p3", new="p3"), RETURN) == []


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({"m1": "p1", "m2": "p2"}, {"m1": "p1", "m2": "p1"}, "merge"),
        ({"m1": "p1", "m2": "p1"}, {"m1": "p1", "m2": "p2"}, "split"),
        ({"m1": "p1", "m2": "p1", "m3": "p3"}, {"m1": "p1", "m2": "p3", "m3": "p3"}, "regrouped"),
        ({"m1": "p1"}, {"m1": "p9"}, "renamed"),
    ],
)
def test_each_change_is_named_and_gives_the_people_of_both_runs(before, after, change):
    rows = told(people(**before), people(**after))
    assert {row["change"] for row in rows} == {change}
    assert {row["before"] for row in rows} == set(before.values())
    assert {row["after"] for row in rows} == set(after.values())
    assert len({row["change_id"] for row in rows}) == 1
    assert sum(row["mentions"] for row in rows) == len(before)
    assert {row["from_run"] for row in rows} == {"0001-aa"}
    assert "nothing recorded" in rows[0]["cause"]
    assert changed_mentions(people(**before), people(**after)) == sorted(before)


def cause(*rows, files=FILES):
    return told(people(m1="p1", m2="p1", m3="p3"), people(m1="p1", m2="p1", m3="p1"), *rows, files=files)[0]["cause"]


def test_a_cause_that_names_the_people_is_told_and_one_that_does_not_is_set_aside():
    assert cause(OTHER_RETURN, DECISION) == "decision: decision 4 (same_person) was recorded"
    assert cause(OTHER_RETURN, RETURN) == "changed return: returns/a/1.csv"
    assert cause(DECISION | {"subject": "x", "other": "y"}, RETURN) == "changed return: returns/a/1.csv"


def test_settings_that_reach_linking_stand_beside_it_and_others_do_not():
    assert cause(RETURN, SETTINGS, REPORT) == "changed return: returns/a/1.csv; configuration: 'link' of inquiry.toml"


def test_where_nothing_names_them_all_that_is_new_may_be_behind_it():
    assert cause(OTHER_RETURN, REPORT) == "changed return: returns/b/2.csv"


def test_a_mention_that_is_gone_was_in_a_return_that_changed_or_was_withdrawn():
    withdrawn = RETURN | {"kind": "withdrawn return", "what": "returns/d/4.csv", "file": "d/4.csv"}
    without = {mention: file for mention, file in FILES.items() if mention != "m3"}
    assert cause(withdrawn, OTHER_RETURN | {"kind": "new return"}, files=without).startswith("withdrawn return")
