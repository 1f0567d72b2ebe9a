"""Records behind many numbers at once agree with opening each number by itself."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from joinedup.domain.numbers import Recipe
from joinedup.domain.tables import SHAPES
from joinedup.store.behind import own_recipe, records_by_return
from joinedup.store.contract import from_rows
from joinedup.store.duck import DuckStore
from joinedup.store.numbers import trace

KNOWN = Recipe("memberships", {"kind": "child", "status": "known"}, "person_id")
CONCERNED = Recipe("concerns", {"rule": "repeat_missing"}, "person_id")


def count_row(number_id, recipe, count):
    return {"number_id": number_id, "recipe": recipe.to_json(), "count": count, "population": "children"}


@pytest.fixture
def store(tmp_path):
    returns = ["police@2011-03-01", "charity@undated"]
    mentions = [
        {
            "mention_id": f"m{place}",
            "return_id": returns[place % 2],
            "agency": returns[place % 2].split("@")[0],
            "row": place,
        }
        for place in range(9)
    ]
    people = [{"mention_id": f"m{place}", "person_id": f"p{place // 3}"} for place in range(9)]
    events = [
        {"event_id": f"e{place}", "return_id": returns[0], "agency": "police", "row": place} for place in range(4)
    ]
    made = DuckStore(tmp_path / "evidence.duckdb")
    tables = {
        "mentions": mentions,
        "people": people,
        "events": events,
        "memberships": [
            {"person_id": "p0", "kind": "child", "status": "known", "list": "police"},
            {"person_id": "p0", "kind": "child", "status": "known", "list": "charity"},
            {"person_id": "p1", "kind": "child", "status": "known", "list": "police"},
            {"person_id": "p2", "kind": "child", "status": "suspected", "list": "police"},
        ],
        "concerns": [
            {"person_id": "p0", "rule": "repeat_missing", "evidence": json.dumps(["e0", "e1"])},
            {"person_id": "p1", "rule": "repeat_missing", "evidence": json.dumps(["e1", "e2"])},
            {"person_id": "p1", "rule": "another", "evidence": json.dumps(["e3"])},
        ],
        "counts": [count_row("known", KNOWN, 2), count_row("concerned", CONCERNED, 2)],
        "returns": [
            {"return_id": "police@2011-03-01", "agency": "police", "form": "people", "file": "a.csv", "rows": 70},
            {"return_id": "police@2011-03-01", "agency": "police", "form": "people", "file": "b.csv", "rows": 5},
            {"return_id": "charity@undated", "agency": "charity", "form": "people", "file": "c.csv", "rows": 9},
        ],
        "responses": [{"agency": "police", "form": "people", "number_id": "r", "recipe": Recipe("returns").to_json()}],
        "problems": [{"return_id": "charity@undated", "agency": "charity", "severity": "note"}] * 3,
    }
    for name in SHAPES:
        made.write(name, from_rows(name, tables.get(name, [])))
    yield made
    made.close()


@pytest.mark.parametrize(("number_id", "recipe"), [("known", KNOWN), ("concerned", CONCERNED)])
def test_records_are_those_that_the_trace_of_the_number_opens(store, number_id, recipe):
    records = trace(store, number_id).records.to_pylist()
    expected = Counter(row["return_id"] for row in records)
    assert sum(expected.values()) >= 3
    assert records_by_return(store, [recipe], SHAPES)[recipe.to_json()] == dict(sorted(expected.items()))


def test_a_person_on_two_lists_brings_each_record_once(store):
    counted = records_by_return(store, [KNOWN], SHAPES)[KNOWN.to_json()]
    assert sum(counted.values()) == 6


def test_rows_received_are_counted_by_return(store):
    rows = Recipe("responses", {"agency": "police"}, total="rows")
    problems = Recipe("problems", {"severity": "note"})
    found = records_by_return(store, [rows, problems], SHAPES)
    assert found[rows.to_json()] == {"police@2011-03-01": 75}
    assert found[problems.to_json()] == {"charity@undated": 3}


def test_a_table_that_may_not_be_read_is_left_alone(store):
    assert records_by_return(store, [KNOWN], {"concerns"}) == {}


def test_what_leads_to_no_record_is_left_out(store):
    recipe = Recipe("link_quality", {"measure": "people"}, total="value")
    assert records_by_return(store, [recipe], SHAPES) == {}


def test_an_end_of_a_count_is_followed_to_the_people_counted():
    cell = Recipe("counts", {"number_id": "known"}, total="lower")
    assert own_recipe(cell, {"known": KNOWN}) == KNOWN
    beside = Recipe("reviews", {"number_id": "known"}, total="due")
    assert own_recipe(beside, {"known": KNOWN}) == beside
