from __future__ import annotations

import csv

import pytest
from openpyxl import load_workbook

from joinedup.errors import UnreadableError, UsageError
from joinedup.link import sheets

QUESTIONS = [sheets.Question("m1", ("m2", "m3")), sheets.Question("m4", ())]
ROWS = {f"m{number}": {"forename": f"Forename{number}", "surname": "Brook", "source": "a"} for number in range(1, 5)}
ASKED = {"m1": frozenset({"m2", "m3"}), "m4": frozenset[str]()}


def marked(path, *answers):
    """Puts answers into the first column, row by row."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
        for row, answer in zip(rows[1:], answers, strict=True):
            row[0] = answer
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
    else:
        book = load_workbook(path)
        for number, answer in enumerate(answers, start=2):
            book["Questions"].cell(number, 1, answer)
        book.save(path)
    return path


@pytest.fixture(params=["xlsx", "csv"])
def sheet(request, tmp_path):
    path = tmp_path / f"sheet.{request.param}"
    sheets.write(path, QUESTIONS, ROWS)
    return path


def test_a_filled_sheet_is_read_back(sheet):
    found = sheets.read(marked(sheet, "read", "Same", "", "read"), "A", ASKED)
    assert [(each.record, each.mention, each.answer) for each in found] == [
        ("m1", "m1", "read"), ("m1", "m2", "same"), ("m4", "m4", "read"),
    ]  # fmt: skip
    assert {each.reader for each in found} == {"A"}


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (("read", "yes", "", ""), "row 3: the answer is none of: same, unsure, different"),
        (("", "same", "", ""), "row 3: its question has answers but is not marked"),
        (("same", "", "", ""), "row 2: the answer is none of: read"),
        (("", "", "", ""), "no question is marked 'read'"),
    ],
)
def test_a_sheet_filled_wrongly_says_where_and_nothing_of_anybody(sheet, answers, says):
    with pytest.raises(UnreadableError, match=says) as caught:
        sheets.read(marked(sheet, *answers), "A", ASKED)
    assert "Forename" not in caught.value.message
    assert caught.value.exit_code == 3


def test_a_sheet_of_another_sample_or_no_sheet_at_all_is_refused(sheet, tmp_path):
    with pytest.raises(UnreadableError, match="row 2: its record is none that was drawn"):
        sheets.read(sheet, "A", {})
    with pytest.raises(UnreadableError, match="row 3: its record was not shown"):
        sheets.read(sheet, "A", {"m1": frozenset()})
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableError, match="headings"):
        sheets.read(other, "A", ASKED)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"no workbook")
    with pytest.raises(UnreadableError, match="cannot be read"):
        sheets.read(broken, "A", ASKED)
    with pytest.raises(UsageError, match="xlsx"):
        sheets.write(tmp_path / "sheet.pdf", QUESTIONS, ROWS)


def test_a_sheet_that_is_not_there_is_told_with_its_path(tmp_path):
    for name in ("reader-1.xlsx", "reader-1.csv"):
        with pytest.raises(UnreadableError, match=f"there is no file .*{name}"):
            sheets.read(tmp_path / name, "A", ASKED)


def test_a_date_of_birth_says_no_more_than_is_known(tmp_path):
    path = tmp_path / "sheet.csv"
    known = {"m2": ("1994-01-01", "year"), "m3": ("1994-03-01", "month"), "m4": ("1994-03-05", "day")}
    born = {
        name: ROWS[name] | dict(zip(("dob", "dob_precision"), known.get(name, (None, "")), strict=True))
        for name in ROWS
    }
    sheets.write(path, QUESTIONS, born)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert [row["Date of birth"] for row in csv.DictReader(stream)] == ["", "1994", "1994-03", "1994-03-05"]


def test_a_sheet_with_an_answer_is_known_from_an_empty_one(sheet, tmp_path):
    assert not sheets.has_answers(sheet)
    assert sheets.has_answers(marked(sheet, "read", "", "", ""))
    assert not sheets.has_answers(tmp_path / "none.csv")


def test_a_reader_who_knows_the_truth_fills_it(sheet):
    assert sheets.fill(sheet, {"m1": "c", "m2": "c", "m3": "d"}) == 1
    found = sheets.read(sheet, "A", ASKED)
    assert [(each.mention, each.answer) for each in found] == [("m1", "read"), ("m2", "same"), ("m4", "read")]


def test_a_workbook_offers_the_words_and_nothing_else(tmp_path):
    path = tmp_path / "sheet.xlsx"
    sheets.write(path, QUESTIONS, ROWS)
    rules = load_workbook(path)["Questions"].data_validations.dataValidation
    assert {rule.formula1 for rule in rules} == {'"read"', '"same,unsure,different"'}
    assert all(rule.showErrorMessage for rule in rules)
