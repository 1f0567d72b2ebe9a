from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.collect.readers import delimited
from joinedup.collect.readers.delimited import find_delimiter
from joinedup.collect.readers.reading import head, read
from joinedup.errors import UnreadableError
from joinedup.registry.forms import forms

PEOPLE = "source_ref,role,surname,dob\n"


def columns(result):
    (sheet,) = result.sheets
    return {heading: sheet.table.column(place).to_pylist() for place, heading in enumerate(sheet.headings)}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_is_found(read_text, delimiter):
    text = "source_ref,role,surname\nA1,child,Ash\nA2,child,Elm\n".replace(",", delimiter)
    assert columns(read_text(text)) == {"source_ref": ["A1", "A2"], "role": ["child"] * 2, "surname": ["Ash", "Elm"]}


def test_a_comma_inside_values_does_not_win_over_the_headings():
    lines = ["source_ref;role;address\n", *["A1;child;1 Mill St, Northmoor, ZX1 1AA\n"] * 20]
    assert find_delimiter(lines, frozenset({"sourceref", "role", "address"})) == ";"


def test_the_delimiter_a_spreadsheet_declares_is_obeyed(read_text):
    result = read_text("sep=;\nsource_ref;role\nA1;child\n")
    assert columns(result) == {"source_ref": ["A1"], "role": ["child"]}
    assert result.sheets[0].rows.to_pylist() == [3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_reads_alike(read_bytes, encoding):
    text = PEOPLE + "A1,child,Łącki,2001-04-03\n" + "A2,child,Ashe,2002-05-06\n" * 3
    assert columns(read_bytes(text.encode(encoding)))["surname"][0] == "Łącki"


def test_windows_1252_is_read_and_said(read_bytes):
    result = read_bytes((PEOPLE + "A1,child,Zoë O\u2019Dell,2001-04-03\n").encode("windows-1252"))
    assert columns(result)["surname"] == ["Zoë O\u2019Dell"]
    assert [problem.severity for problem in result.problems] == ["note"]
    assert result.details["encoding"] == "windows-1252"


def test_old_rows_pasted_into_a_utf_8_file_are_read_too(read_bytes):
    result = read_bytes(PEOPLE.encode() + "A1,child,Łącki,\n".encode() + "A2,child,Zoë,\n".encode("latin-1"))
    assert columns(result)["surname"] == ["Łącki", "Zoë"]


def test_a_byte_of_no_encoding_is_reported_with_its_row_and_column(read_bytes):
    result = read_bytes(PEOPLE.encode() + b"A1,child,Ash,\nA2,child,\x81lm,\n")
    changed = [problem for problem in result.problems if problem.severity == "changed_value"]
    assert [(problem.row, problem.column) for problem in changed] == [(3, "surname")]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(read_text):
    result = read_text(PEOPLE + 'A1,child,"two\nlines",\n\nA2,child,Elm,\n')
    assert columns(result)["surname"] == ["two\nlines", "Elm"]
    assert result.sheets[0].rows.to_pylist() == [2, 4]
    assert result.sheets[0].blank_rows == 1


def test_lines_above_the_headings_are_tolerated_and_said(read_text):
    result = read_text("Return of children, confidential\n\nMade by,the data team\n" + PEOPLE + "A1,child,Ash,\n")
    assert columns(result)["surname"] == ["Ash"]
    assert result.sheets[0].rows.to_pylist() == [5]
    assert any("title" in problem.message for problem in result.problems)


def test_a_short_row_is_filled_and_said_and_a_long_one_is_refused(read_text):
    result = read_text(PEOPLE + "A1,child\nA2,child,Elm,2001-01-02,,\nA3,child,Oak, Jo,2001-01-02\n")
    (sheet,) = result.sheets
    assert columns(result)["source_ref"] == ["A1", "A2"]
    assert (sheet.rows_in, sheet.refused_rows) == (3, 1)
    refused = [problem for problem in result.problems if problem.severity == "refused_row"]
    assert [problem.row for problem in refused] == [4]
    assert "Oak" not in refused[0].message


def test_a_quotation_mark_never_closed_costs_one_row(read_text):
    rows = [f'A{place},child,"Ash",\n' for place in range(500)]
    rows[7] = 'A7,child,"Elm,\n'
    result = read_text(PEOPLE + "".join(rows))
    (sheet,) = result.sheets
    assert sheet.rows_in == 500
    assert [problem.row for problem in result.problems if problem.severity == "refused_row"] == [9]
    assert sheet.table.num_rows == 499


def test_a_quotation_mark_open_at_the_end_costs_one_row(read_text):
    result = read_text(PEOPLE + 'A1,child,Ash,\nA2,child,"Elm,\nA3,child,Oak,\n')
    assert columns(result)["source_ref"] == ["A1", "A3"]
    assert result.sheets[0].refused_rows == 1


def test_stray_quotation_marks_inside_a_value_stay(read_text):
    result = read_text(PEOPLE + 'A1,child,"Ash" Lee,\nA2,child,5" Elm,\n')
    assert columns(result)["surname"] == ["Ash Lee", '5" Elm']


def test_zero_bytes_late_in_a_file_refuse_their_row_alone(read_bytes):
    rows = "".join(f"A{place},child,Ash,\n" for place in range(9000))
    result = read_bytes((PEOPLE + rows + "B,child,A\0sh,\nC,child,Elm,\n").encode())
    assert (result.sheets[0].table.num_rows, result.sheets[0].refused_rows) == (9001, 1)


def test_headings_that_stand_again_are_refused(read_text):
    result = read_text(PEOPLE + "A1,child,Ash,\n" + PEOPLE + "A2,child,Elm,\n")
    assert columns(result)["surname"] == ["Ash", "Elm"]
    assert [(problem.row, problem.severity) for problem in result.problems] == [(3, "refused_row")]


def test_letters_lost_before_the_file_came_are_reported(read_text):
    result = read_text(PEOPLE + "A1,child,Zo\ufffd,\n")
    assert [(p.row, p.column, p.severity) for p in result.problems] == [(2, "surname", "changed_value")]


def test_a_header_alone_gives_no_rows_and_a_note(read_text):
    result = read_text(PEOPLE)
    assert result.sheets[0].rows_in == 0
    assert result.sheets[0].headings == ("source_ref", "role", "surname", "dob")
    assert [problem.severity for problem in result.problems] == ["note"]


def test_a_file_without_headings_is_marked_so(read_text):
    assert not read_text("A1,Ash,2001-04-03\nA2,Elm,2002-05-06\n").sheets[0].headings_sure
    assert read_text(PEOPLE + "A1,child,Ash,\n").sheets[0].headings_sure


def test_the_head_of_a_file_stops_where_asked(tmp_path):
    path = tmp_path / "big"
    path.write_text(PEOPLE + "".join(f"A{place},child,Ash,\n" for place in range(200_000)))
    result = head(path, forms(), rows=50)
    assert (result.sheets[0].table.num_rows, result.complete) == (50, False)
    assert read(path, forms()).sheets[0].table.num_rows == 200_000


def test_a_line_without_end_is_refused(tmp_path):
    path = tmp_path / "line"
    path.write_text("source_ref,role\n" + "A" * 5_000_000)
    with pytest.raises(UnreadableError, match="longer than"):
        read(path, forms())


def test_the_clean_way_and_the_careful_way_agree(read_text):
    """A quoted value after ', ' sends its block the careful way; the rest of the file goes the clean way."""
    plain = "".join(f'A{place},child,"Ash, {place}",2001-04-03\n' for place in range(40_000))
    odd = plain.replace("A39,child,", "A39,child, ")
    assert columns(read_text(PEOPLE + plain)) == columns(read_text(PEOPLE + odd))


CELL = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\r\t", exclude_characters="\ufeff"), max_size=8
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELL, min_size=4, max_size=4), max_size=12))
def test_what_a_csv_writer_wrote_is_read_back(read_text, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([["source_ref", "role", "surname", "dob"], *rows])
    result = read_text(out.getvalue())
    expected = [[cell.strip() or None for cell in row] for row in rows]
    kept = [row for row in expected if any(row)]
    (sheet,) = result.sheets
    assert list(map(list, zip(*[column.to_pylist() for column in sheet.table.columns], strict=True))) == kept
    assert sheet.blank_rows == len(expected) - len(kept)
    assert sheet.refused_rows == 0


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet="a1,; \té", max_size=12), max_size=40))
def test_every_line_of_any_text_is_read_refused_or_blank(read_text, lines):
    result = read_text(PEOPLE + "".join(line + "\n" for line in lines))
    (sheet,) = result.sheets
    refused = [problem.row for problem in result.problems if problem.severity == "refused_row"]
    assert sheet.table.num_rows + sheet.refused_rows + sheet.blank_rows == len(lines)
    assert len(refused) == sheet.refused_rows
    assert not set(refused) & set(sheet.rows.to_pylist())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet='a1,"; ', max_size=12), max_size=40))
def test_quotation_marks_anywhere_lose_no_line(read_text, lines):
    """Every line is in a row, or in a value of one, unless a row was refused, which says so."""
    marked = [f"L{place}_{line}" for place, line in enumerate(lines)]
    result = read_text(PEOPLE + "".join(line + "\n" for line in marked))
    (sheet,) = result.sheets
    text = "\n".join(cell or "" for column in sheet.table.columns for cell in column.to_pylist())
    unseen = [place for place in range(len(lines)) if f"L{place}_" not in text]
    assert bool(unseen) == bool(sheet.refused_rows)
    assert len(unseen) >= sheet.refused_rows


@settings(max_examples=400, deadline=None)
@given(st.lists(st.text(alphabet='ab,"; ', max_size=10), min_size=1, max_size=6), st.sampled_from([",", ";"]))
def test_whatever_goes_the_clean_way_reads_as_the_careful_way_would(lines, delimiter):
    batch = [line + "\n" for line in lines]
    clean = delimited._clean_block(batch, delimiter, 3)
    if clean is not None:
        held = delimited._Lines(io.StringIO(""))
        held.give_back(batch)
        careful = list(delimited._records(held, delimiter))
        rows = [list(row) for row in zip(*[column.to_pylist() for column in clean], strict=True)]
        assert [[cell.strip() for cell in row] for row in rows] == [
            [cell.strip() for cell in row] or [""] * 3 for row in careful
        ]
