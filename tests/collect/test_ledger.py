"""The ledger: what was received when, and which of it stands."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from joinedup.collect.ledger import ReceivedFile, SheetReceived, stand, survey


def received(day: int | None, file: str, sha256: str, place: int = 0, sheet: str = "people") -> SheetReceived:
    date = datetime.date(2011, 5, day) if day else None
    return SheetReceived(ReceivedFile("a", date, file, Path(file), sha256, 1), place, "people", sheet)


def states(*sheets: SheetReceived) -> dict[str, tuple[str, str]]:
    return {each.file.file: (found.state, found.replaced_by) for each, found in stand(sheets).items()}


def test_files_of_one_return_add_up() -> None:
    assert states(received(None, "x", "1"), received(None, "y", "2")) == {"x": ("used", ""), "y": ("used", "")}


def test_a_later_return_takes_the_place_of_every_earlier_one() -> None:
    found = states(received(3, "c", "3"), received(None, "a", "1"), received(2, "b", "2"))
    assert found == {
        "a": ("superseded", "a@2011-05-03: c"),
        "b": ("superseded", "a@2011-05-03: c"),
        "c": ("used", ""),
    }


def test_the_same_bytes_again_change_nothing() -> None:
    found = states(received(None, "a", "1"), received(None, "b", "2"), received(2, "again", "1"))
    assert found == {"a": ("used", ""), "b": ("used", ""), "again": ("duplicate", "a@undated: a")}


def test_the_same_bytes_twice_in_one_return_are_used_once() -> None:
    assert states(received(2, "a", "1"), received(2, "b", "1"))["b"] == ("duplicate", "a@2011-05-02: a")


def test_an_old_file_sent_again_after_a_correction_stands_again() -> None:
    found = states(received(1, "a", "1"), received(2, "b", "2"), received(3, "c", "1"))
    assert [found[name][0] for name in "abc"] == ["superseded", "superseded", "used"]


def test_a_copy_of_what_was_replaced_since_is_replaced_too() -> None:
    found = states(received(1, "a", "1"), received(2, "copy", "1"), received(3, "c", "2"))
    assert found["copy"] == ("superseded", "a@2011-05-03: c")


def test_another_sheet_is_not_replaced() -> None:
    found = states(received(1, "a", "1", sheet="header"), received(2, "b", "2", sheet="missing"))
    assert {state for state, _ in found.values()} == {"used"}


def test_the_folder_says_who_and_when(tmp_path: Path) -> None:
    for name in ("police/2011-05-02/x.csv", "police/sub/y.csv", "police/2011-02-31/z.csv"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("a,b\n1,2\n")
    ledger = survey(tmp_path)
    assert [(file.return_id, file.file) for file in ledger.files] == [
        ("police@undated", "2011-02-31/z.csv"),
        ("police@undated", "sub/y.csv"),
        ("police@2011-05-02", "2011-05-02/x.csv"),
    ]
    assert [(problem.file, problem.severity) for problem in ledger.problems] == [("2011-02-31/z.csv", "note")]


def test_what_is_no_return_is_not_opened_and_is_told(tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("x")
    folder = tmp_path / "returns" / "police"
    folder.mkdir(parents=True)
    (folder / ".hidden").write_text("x")
    (folder / "~$open.xlsx").write_text("x")
    (folder / "link.csv").symlink_to(outside)
    (folder / "nowhere.csv").symlink_to(tmp_path / "absent")
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.csv")
    (tmp_path / "returns" / "stray.csv").write_text("x")
    ledger = survey(tmp_path / "returns")
    assert ledger.files == ()
    told = {problem.file: problem.severity for problem in ledger.problems}
    refused = dict.fromkeys(("link.csv", "nowhere.csv", "linked", "pipe.csv", "stray.csv"), "refused_file")
    assert told == {".hidden": "note", "~$open.xlsx": "note", **refused}
    assert {file.file for file in ledger.refused} == set(refused)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX file names are bytes")
def test_a_name_that_is_no_text_does_not_stop_the_survey(tmp_path: Path) -> None:
    folder = tmp_path / "police"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.csv")).write_text("x")
    (file,) = survey(tmp_path).files
    assert file.file.encode("utf-8")
