from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from joinedup.errors import UsageError
from joinedup.registry import templates
from joinedup.registry.code_sets import code_sets
from joinedup.registry.forms import ColumnType, forms
from joinedup.registry.templates import TYPE_WORDS, choices, find_form, write_template


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Each form's template, opened again."""
    folder = tmp_path_factory.mktemp("templates")
    opened = {}

    def of(form_id: str):
        if form_id not in opened:
            opened[form_id] = load_workbook(write_template(form_id, folder / f"{form_id}.xlsx"))
        return opened[form_id]

    return of


@pytest.mark.parametrize("form_id", sorted(forms()))
def test_headings_are_the_labels_and_stay_in_view(book, form_id: str):
    workbook = book(form_id)
    pages = workbook.worksheets[: len(forms()[form_id].sheets)]
    for sheet, page in zip(forms()[form_id].sheets, pages, strict=True):
        assert [cell.value for cell in page[1]] == [column.label for column in sheet.columns]
        assert page.max_row == 1
        assert page.freeze_panes == "A2"
    assert workbook.sheetnames[-2:] == ["Notes", "Values"]
    assert workbook["Values"].sheet_state == "hidden"


@pytest.mark.parametrize("form_id", sorted(forms()))
def test_a_code_column_has_a_drop_down_of_its_labels(book, form_id: str):
    workbook = book(form_id)
    for sheet, page in zip(forms()[form_id].sheets, workbook.worksheets, strict=False):
        offered = {}
        for rule in page.data_validations.dataValidation:
            assert rule.type == "list"
            assert rule.errorStyle == "warning", "a value that no list has is better sent than lost"
            name, _, cells = rule.formula1.lstrip("=").partition("!")
            first = str(rule.sqref).split(":")[0]
            offered[page[f"{first[:-1]}1"].value] = [cell[0].value for cell in workbook[name][cells.replace("$", "")]]
            assert first.endswith("2")
        expected = {column.label: list(choices(column)) for column in sheet.columns if choices(column)}
        assert offered == expected


def test_drop_downs_offer_labels_that_the_code_set_reads():
    column = forms()["police_crime"].sheets[0].column("outcome_code")
    assert choices(column)[1] == code_sets()["police_outcome"].codes["1"].label
    assert choices(forms()["police_crime"].sheets[0].column("cse_flag")) == ("Yes", "No")
    assert choices(forms()["police_crime"].sheets[0].column("victim_dob")) == ()
    assert choices(forms()["cin_census"].sheet("assessments").column("factors")) == (), "a list has no drop-down"


def test_the_notes_say_what_each_column_means(book):
    page = book("police_missing")["Notes"]
    rows = {row[1]: row for row in page.iter_rows(min_row=7, values_only=True)}
    sheet = forms()["police_missing"].sheets[0]
    assert list(rows) == [column.label for column in sheet.columns]
    reference = rows["Reference"]
    assert reference[2] == "The force's reference of the episode."
    assert reference[4:6] == ("yes", "MP/10/00123")
    assert rows["Risk level"][6].startswith("Risk level of a missing person: No apparent risk")
    assert page["A1"].value == "Missing episodes"


def test_references_and_phones_keep_their_noughts(book):
    page = book("police_crime").worksheets[0]
    at = {cell.value: cell.column_letter for cell in page[1]}
    assert page.column_dimensions[at["Suspect phones"]].number_format == "@"
    assert page.column_dimensions[at["Crime reference"]].number_format == "@"
    assert page.column_dimensions[at["Recorded on"]].number_format == "DD/MM/YYYY"


def test_the_same_form_gives_the_same_bytes_at_any_time(tmp_path: Path):
    first = write_template("charity_referrals", tmp_path / "a.xlsx").read_bytes()
    second = write_template("charity_referrals", tmp_path / "b.xlsx").read_bytes()
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2


def test_a_csv_template_is_one_row_of_headings(tmp_path: Path):
    text = write_template("people", tmp_path / "p.csv").read_bytes().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [[column.label for column in forms()["people"].sheets[0].columns]]


def test_what_cannot_be_written_is_refused_with_a_remedy(tmp_path: Path):
    with pytest.raises(UsageError, match="no form 'peple'") as unknown:
        find_form("peple")
    assert "people" in unknown.value.remedy
    with pytest.raises(UsageError, match="12 sheets"):
        write_template("ssda903", tmp_path / "s.csv")
    with pytest.raises(UsageError, match=r"\.xlsx or \.csv"):
        write_template("people", tmp_path / "people.pdf")
    assert list(tmp_path.iterdir()) == []


def test_every_type_of_column_has_words():
    assert set(TYPE_WORDS) == set(ColumnType.__args__)


def test_sheet_names_fit_a_spreadsheet():
    for form in forms().values():
        names = list(templates._sheet_names(form).values())
        assert len(set(names)) == len(names)
        assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
