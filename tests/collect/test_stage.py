"""The stage on whole inquiries: standing returns, hostile files beside good ones, and the same tables every time."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from tests.collect.conftest import Collect

from joinedup.collect import stage

PEOPLE = "source_ref,role,forename,dob\n"
GOOD = PEOPLE + "N-1,child,Ana,03/04/2001\nN-2,suspect,Joe,\n"


def states(made: dict[str, Any]) -> dict[str, tuple[str, int]]:
    return {row["file"]: (row["state"], row["rows"]) for row in made["returns"].to_pylist()}


def test_a_correction_replaces_and_the_old_rows_are_counted_but_not_used(collect: Collect) -> None:
    made = collect({"a/p.csv": GOOD, "a/2011-05-02/q.csv": PEOPLE + "N-9,child,Cat,\n"})
    assert states(made) == {"p.csv": ("superseded", 2), "2011-05-02/q.csv": ("used", 1)}
    assert made["mentions"].column("source_ref").to_pylist() == ["N-9"]
    (replaced,) = [row for row in made["returns"].to_pylist() if row["state"] == "superseded"]
    assert replaced["replaced_by"] == "a@2011-05-02: 2011-05-02/q.csv"
    assert replaced["used"] + replaced["refused"] == replaced["rows"]


def test_the_same_bytes_are_collected_once(collect: Collect) -> None:
    made = collect({"a/p.csv": GOOD, "a/again.csv": GOOD, "b/p.csv": GOOD})
    counted = [(row["agency"], row["state"]) for row in made["returns"].to_pylist()]
    assert sorted(counted) == [("a", "duplicate"), ("a", "used"), ("b", "used")]
    assert made["mentions"].num_rows == 4


def test_an_old_file_sent_again_stands_with_its_problems(collect: Collect) -> None:
    faulty = PEOPLE + "N-1,child,Ana,31/02/2011\n"
    files = {"a/p.csv": faulty, "a/2011-05-02/q.csv": GOOD, "a/2011-06-02/p.csv": faulty}
    made = collect(files)
    assert [states(made)[name.removeprefix("a/")][0] for name in files] == ["superseded", "superseded", "used"]
    told = [(row["file"], row["severity"]) for row in made["problems"].to_pylist() if row["severity"] != "note"]
    assert told == [("2011-06-02/p.csv", "lost_value")]


def test_a_file_nobody_can_read_sent_twice_names_the_first(collect: Collect) -> None:
    made = collect({"a/p.csv": "colour,shape\nred,round\n", "a/q.csv": "colour,shape\nred,round\n"})
    found = {row["file"]: (row["state"], row["replaced_by"]) for row in made["returns"].to_pylist()}
    assert found == {"p.csv": ("unrecognised", None), "q.csv": ("duplicate", "a@undated: p.csv")}


def _workbook(inside: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    return held.getvalue()


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "binary named csv": bytes(range(256)) * 40,
    "truncated workbook": _workbook({"xl/workbook.xml": b"<workbook/>" * 200})[:90],
    "zip bomb": _workbook({"xl/workbook.xml": b"\0" * 200_000_000}),
    "external entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Message><Children>&e;</Children></Message>',
    "no form": b"colour,shape\nred,round\n",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_a_problem_of_its_own_and_the_rest_goes_on(collect: Collect, kind: str) -> None:
    made = collect({"a/bad.csv": HOSTILE[kind], "b/good.csv": GOOD}, agency=[_agency("a"), _agency("b")])
    assert made["mentions"].num_rows == 2
    listed = {row["agency"]: row for row in made["returns"].to_pylist()}
    assert listed["a"]["state"] in ("unreadable", "unrecognised")
    assert listed["a"]["rows"] == listed["a"]["refused"]
    assert listed["b"]["state"] == "used"
    told = [row for row in made["problems"].to_pylist() if row["agency"] == "a"]
    assert any(row["severity"] == "refused_file" and row["expected"] and row["message"] for row in told)
    states = {row["agency"]: row["state"] for row in made["responses"].to_pylist()}
    assert states == {"a": "unreadable", "b": "data"}


def _agency(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "name": name.upper(), "kind": "charity", "asked": ["people"], **more}


def test_a_file_in_utf_16_and_a_file_of_headings_alone(collect: Collect) -> None:
    made = collect({"a/p.csv": GOOD.encode("utf-16"), "b/p.csv": PEOPLE}, agency=[_agency("a"), _agency("b")])
    assert made["mentions"].num_rows == 2
    assert {row["agency"]: row["state"] for row in made["responses"].to_pylist()} == {"a": "data", "b": "unreadable"}
    assert any("no rows" in row["message"] for row in made["problems"].to_pylist() if row["agency"] == "b")


def test_a_file_that_goes_away_is_a_problem(collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = stage.survey

    def then_gone(folder: Any) -> Any:
        ledger = survey(folder)
        for file in ledger.files:
            if file.agency == "a":
                file.path.unlink()
        return ledger

    monkeypatch.setattr(stage, "survey", then_gone)
    made = collect({"a/p.csv": GOOD, "b/p.csv": GOOD + "N-3,child,Bo,\n"})
    assert {row["agency"]: row["state"] for row in made["returns"].to_pylist()} == {"a": "unreadable", "b": "used"}


def test_a_folder_nobody_named_is_read_and_noted(collect: Collect) -> None:
    made = collect({"Some Agency/p.csv": GOOD}, agency=[_agency("b")])
    assert set(made["mentions"].column("agency_kind").to_pylist()) == {"other"}
    assert any(row["agency"] == "Some Agency" and row["severity"] == "note" for row in made["problems"].to_pylist())
    assert {row["agency"]: row["state"] for row in made["responses"].to_pylist()} == {
        "Some Agency": "data",
        "b": "no_answer",
    }


def test_an_agencys_own_headings_and_area_and_unknown_birthdays(collect: Collect) -> None:
    text = "source_ref,role,DOB of YP,forename\nN-1,child,01/06/1900,Ana\nN-2,child,03/04/2001,Bea\n"
    agency = _agency("a", mapping={"DOB of YP": "dob"}, area="Northmoor", unknown_dates_of_birth=["01/06/1900"])
    made = collect({"a/p.csv": text}, agency=[agency])
    found = {row["source_ref"]: row["dob_precision"] for row in made["mentions"].to_pylist()}
    assert found == {"N-1": "placeholder", "N-2": "day"}
    assert set(made["mentions"].column("area").to_pylist()) == {"Northmoor"}


def test_nothing_received_writes_every_table_empty(collect: Collect) -> None:
    made = collect({}, agency=[_agency("a", holds_nothing=True)])
    assert [row["state"] for row in made["responses"].to_pylist()] == ["holds_nothing"]
    assert all(made[name].num_rows == 0 for name in stage.WRITES if name != "responses")


def test_the_same_inquiry_gives_the_same_tables_in_the_store(run_stage: Any, tmp_path: Any) -> None:
    folder = tmp_path / "returns" / "a"
    folder.mkdir(parents=True)
    (folder / "p.csv").write_text(GOOD)
    first, second = run_stage(stage, {}), run_stage(stage, {})
    for name in stage.WRITES:
        assert first.fingerprint(name) == second.fingerprint(name)
    assert first.tables()["mentions"] == 2


def test_returns_are_never_written_to(collect: Collect, tmp_path: Any) -> None:
    collect({"a/p.csv": GOOD})
    (folder,) = tmp_path.glob("inquiry-*")
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["p.csv"]
    assert (folder / "returns/a/p.csv").read_text() == GOOD
