"""Publications are whole, never written over, and a changed byte in any of them is noticed."""

from __future__ import annotations

import pytest

from joinedup.errors import UsageError
from joinedup.store.published import Publications


@pytest.fixture
def made(tmp_path):
    run = tmp_path / "runs" / "0003-0123abcd"
    (run / "report" / "data").mkdir(parents=True)
    (run / "manifest.json").write_text("{}")
    (run / "report" / "index.html").write_text("R")
    (run / "report" / "data" / "numbers.csv").write_text("a,b\n")
    (run / "report" / "drafts").mkdir()
    (run / "report" / "drafts" / "impact.md").write_text("draft")
    publications = Publications(tmp_path)
    for by in ("A", "B"):
        publications.add(run, ["index.html", "data/numbers.csv"], {"by": by})
    return publications


def test_what_is_published_is_what_was_asked_for_and_its_record(made):
    assert made.ids() == ["0001-0123abcd", "0002-0123abcd"]
    latest = made.latest()
    assert latest.record["by"] == "B"
    assert set(latest.record["files"]) == {"manifest.json", "report/index.html", "report/data/numbers.csv"}
    assert not (latest.directory / "report" / "drafts").exists()
    assert made.find("1").publication_id == "0001-0123abcd"
    with pytest.raises(UsageError, match="no publication"):
        made.find("9")


@pytest.mark.parametrize("path", ["report/index.html", "manifest.json", "report/data/numbers.csv"])
def test_a_changed_file_is_noticed(made, path):
    assert made.altered() == []
    file = made.directory / "0001-0123abcd" / path
    file.chmod(0o644)
    file.write_text("changed")
    assert made.altered() == [f"published/0001-0123abcd/{path}"]
    file.unlink()
    assert made.altered() == [f"published/0001-0123abcd/{path}"]


def test_a_changed_record_is_noticed_by_the_next(made):
    record = made.directory / "0001-0123abcd" / "record.json"
    record.chmod(0o644)
    record.write_text(record.read_text().replace('"A"', '"C"'))
    assert made.altered() == ["published: the record before 0002-0123abcd"]


def test_files_of_a_publication_cannot_be_written_by_accident(made):
    for path in made.latest().directory.rglob("*"):
        assert path.is_dir() or not path.stat().st_mode & 0o222
