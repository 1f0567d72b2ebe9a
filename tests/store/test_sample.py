from __future__ import annotations

import pytest

from joinedup.domain.readings import READ, Reading
from joinedup.errors import RefusedError, UnreadableError, UsageError
from joinedup.store.sample import Drawn, ReviewSample, sample_tables

DESIGN = [
    Drawn("a", "x", 0.5, True),
    Drawn("b", "x", 0.5, False),
    Drawn("c", "x", 0.5, True),
    Drawn("d", "x", 0.5, False),
]


@pytest.fixture
def sample(tmp_path):
    made = ReviewSample(tmp_path)
    made.create(DESIGN, {"a": ["b"], "c": []})
    return made


def answer(sample, reader, record, *same):
    rows = [Reading(reader, record, record, READ), *(Reading(reader, record, each, "same") for each in same)]
    sample.append(rows, "2011-05-01T10:00:00+00:00")


def test_what_was_drawn_comes_back_and_is_not_drawn_over(sample):
    assert sample.design() == DESIGN
    assert sample.shown() == {"a": ["b"], "c": []}
    with pytest.raises(RefusedError, match="already"):
        sample.create(DESIGN, {})


def test_answers_are_added_and_never_changed(sample):
    answer(sample, "A", "a", "b")
    before = (sample.directory / "answers.csv").read_bytes()
    answer(sample, "B", "a")
    assert (sample.directory / "answers.csv").read_bytes().startswith(before)
    assert sample.settled().open["a"] == {"b"}


def test_a_records_chance_is_that_of_its_strata_being_settled(sample, tmp_path):
    for reader in "AB":
        answer(sample, reader, "a", "b")
    frame, answers = sample_tables(tmp_path)
    assert frame.select(["mention_id", "probability", "answered"]).to_pylist() == [
        {"mention_id": name, "probability": 0.25, "answered": name == "a"} for name in "abcd"
    ]
    assert [(row["record"], row["mention_id"]) for row in answers.to_pylist()] == [("a", "a"), ("a", "b")]


def test_without_a_sample_the_tables_are_empty_and_a_damaged_file_is_told(tmp_path, sample):
    assert [table.num_rows for table in sample_tables(tmp_path / "other")] == [0, 0]
    with pytest.raises(UsageError, match="no review sample"):
        ReviewSample(tmp_path / "other").design()
    (sample.directory / "shown.csv").write_text("record,mention_id\na\n")
    with pytest.raises(UnreadableError, match="row 2"):
        sample.shown()
