from __future__ import annotations

import pytest

from joinedup.domain.numbers import Recipe
from joinedup.errors import UsageError
from joinedup.store.contract import empty, from_rows
from joinedup.store.difference import Cause, causes, changes
from joinedup.store.duck import DuckStore
from joinedup.store.numbers import files_behind, read_numbers, recompute, trace


@pytest.fixture
def store(tmp_path):
    made = filled(tmp_path / "evidence", people=3)
    yield made
    made.close()


def filled(path, people: int) -> DuckStore:
    """A run in which `people` children are known, each to one row of one file."""
    store = DuckStore(path)
    numbers = range(1, people + 1)
    recipe = Recipe("memberships", {"kind": "child", "status": "known"}, "person_id").to_json()
    place = {"return_id": "a@undated", "agency": "a", "form": "people", "sheet": "people"}
    rows = {
        "mentions": [{"mention_id": f"m_{n}", **place, "file": f"{n}.csv", "row": n + 1} for n in numbers],
        "people": [{"mention_id": f"m_{n}", "person_id": f"p_{n}", "agency": "a"} for n in numbers],
        "memberships": [
            {"person_id": f"p_{n}", "kind": "child", "list": "a", "status": "known", "strongest": True} for n in numbers
        ],
        "counts": [
            {"population": "children", "status": "known", "count": people, "number_id": "count.c", "recipe": recipe}
        ],
        "returns": [
            {"return_id": "a@undated", "agency": "a", "file": f"{n}.csv", "sha256": f"{n}" * 64} for n in numbers
        ],
        "decisions": [{"sequence": 1, "kind": "not_same_person", "subject": "m_2", "other": "m_9"}],
    }
    for name, content in rows.items():
        store.write(name, from_rows(name, content))
    store.write("events", empty("events"))
    return store


def test_a_number_opens_to_its_rows_files_and_decisions(store) -> None:
    found = trace(store, "count.c")
    assert found.number.value == found.recomputed == 3
    records = found.records.to_pylist()
    assert [(record["file"], record["row"]) for record in records] == [("1.csv", 2), ("2.csv", 3), ("3.csv", 4)]
    assert records[0]["sha256"] == "1" * 64
    assert [row["sequence"] for row in found.decisions.to_pylist()] == [1]


def test_a_recipe_counts_rows_or_different_values(store) -> None:
    assert recompute(store, Recipe("mentions", {"agency": "a"})) == 3
    assert recompute(store, Recipe("mentions", {"agency": "a"}, "form")) == 1
    assert recompute(store, Recipe("mentions", {"agency": "b"})) == 0


def test_an_unknown_number_names_those_near_it(store) -> None:
    with pytest.raises(UsageError) as caught:
        trace(store, "count.x")
    assert "count.c" in caught.value.remedy


def test_files_behind_a_number(store) -> None:
    assert files_behind(store, read_numbers(store)["count.c"].recipe) == {"a/1.csv", "a/2.csv", "a/3.csv"}


def test_a_changed_number_names_the_new_return_behind_it(store, tmp_path) -> None:
    later = filled(tmp_path / "later", people=4)
    before = [{"path": f"a/{n}.csv", "sha256": f"{n}"} for n in (1, 2, 3)]
    after = [*before, {"path": "a/4.csv", "sha256": "4"}, {"path": "b/other.csv", "sha256": "5"}]
    known = causes({"inputs": before, "seed": 1}, {"inputs": after, "seed": 1})
    assert [cause.file for cause in known] == ["a/4.csv", "b/other.csv"]
    (change,) = changes(store, later, known)
    later.close()
    assert (change.number_id, change.before, change.after) == ("count.c", 3, 4)
    assert change.why == (Cause("new return", "returns/a/4.csv", "a/4.csv"),)


def test_equal_runs_have_no_change(store) -> None:
    assert changes(store, store, []) == []


def test_every_sort_of_cause_is_told_apart() -> None:
    decision = {"sequence": 1, "kind": "same_person", "subject": "m_1", "other": "m_2", "judgement": "same"}
    before = {
        "inputs": [{"path": "x", "sha256": "1"}, {"path": "y", "sha256": "1"}],
        "settings": {"name": "A"},
        "seed": 1,
    }
    after = {
        "inputs": [{"path": "x", "sha256": "2"}],
        "settings": {"name": "B"},
        "seed": 2,
        "decisions": [decision],
        "version": "2",
    }
    kinds = [cause.kind for cause in causes(before, after)]
    assert kinds == ["changed return", "withdrawn return", "decision", "configuration", "seed", "version"]
