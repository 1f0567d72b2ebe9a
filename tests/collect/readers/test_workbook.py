# ruff: noqa: DTZ001 - moments are local and carry no zone, as in every table
from __future__ import annotations

import datetime
import io

import openpyxl
import pytest

from joinedup.collect.readers.workbook import cell_text


def book_bytes(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells in sheets:
        sheet = book.create_sheet(name)
        for place, value in cells.items():
            sheet[place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows(sheet):
    return list(zip(*[column.to_pylist() for column in sheet.table.columns], strict=True))


def test_every_sheet_is_read_with_values_as_a_person_sees_them(read_bytes):
    cells = {
        "A1": "source_ref", "B1": "role", "C1": "dob", "D1": "nhs_no",
        "A2": 104, "B2": "child", "C2": datetime.date(2001, 4, 3), "D2": 9434765919,
        "A3": "A-2", "B3": "child", "C3": datetime.datetime(2011, 4, 3, 22, 15), "D3": 1.5,
    }  # fmt: skip
    first, second = read_bytes(book_bytes(("People", cells), ("More", {"A1": "role", "B1": "surname"}))).sheets
    assert rows(first) == [("104", "child", "2001-04-03", "9434765919"), ("A-2", "child", "2011-04-03T22:15:00", "1.5")]
    assert (first.name, second.name, second.rows_in) == ("People", "More", 0)


def test_a_table_that_does_not_start_in_the_corner_keeps_its_row_numbers(read_bytes):
    cells = {"B2": "A title", "B4": "source_ref", "C4": "role", "B5": "A1", "C5": "child", "B8": "A2", "C8": "child"}
    (sheet,) = read_bytes(book_bytes(("S", cells))).sheets
    assert [row[-2:] for row in rows(sheet)] == [("A1", "child"), ("A2", "child")]
    assert sheet.rows.to_pylist() == [5, 8]


def test_an_empty_sheet_is_noted(read_bytes):
    result = read_bytes(book_bytes(("Empty", {}), ("S", {"A1": "source_ref", "B1": "role", "A2": "A1", "B2": "child"})))
    assert [sheet.name for sheet in result.sheets] == ["S"]
    assert [(problem.sheet, problem.severity) for problem in result.problems] == [("Empty", "note")]


def test_values_under_no_heading_are_noted_and_cost_no_row(read_bytes):
    cells = {"A1": "source_ref", "B1": "role", "A2": "A1", "B2": "child", "D2": "a remark"}
    result = read_bytes(book_bytes(("S", cells)))
    assert result.sheets[0].rows_in == result.sheets[0].table.num_rows == 1
    assert any("no heading" in problem.message for problem in result.problems)
    assert not any("remark" in problem.message for problem in result.problems)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1e15, "1000000000000000"),
        (-3.0, "-3"),
        (0.1, "0.1"),
        (True, "TRUE"),
        (datetime.time(22, 15), "22:15:00"),
        (datetime.datetime(1899, 12, 31, 9, 30), "09:30:00"),
        (datetime.datetime(2011, 4, 3), "2011-04-03"),
        (datetime.timedelta(hours=30, minutes=5), "30:05:00"),
        (None, None),
    ],
)
def test_cells_become_text(cell, text):
    assert cell_text(cell) == text
