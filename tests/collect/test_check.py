"""Checking one file: what a run would say of it, before it is sent."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from joinedup.collect.check import check
from joinedup.errors import UsageError
from joinedup.registry.forms import forms
from joinedup.registry.templates import write_template

PEOPLE = "source_ref,role,forename,dob\n"


def _file(folder: Path, text: str, name: str = "p.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_clean_file(tmp_path: Path) -> None:
    result = check(_file(tmp_path, PEOPLE + "N-1,child,Ana,03/04/2001\n"))
    assert (result.form, result.rows, result.used, result.refused) == ("people", 1, 1, 0)
    assert result.clean
    assert result.readable


def test_faults_are_counted_and_in_the_agreed_shape(tmp_path: Path) -> None:
    result = check(_file(tmp_path, PEOPLE + ",child,Ana,\nN-2,child,Ana,31/02/2011\n"))
    assert (result.rows, result.used, result.refused, result.clean) == (2, 1, 1, False)
    told = result.to_json()
    assert set(told) == {"form", "rows", "used", "refused", "problems"}
    problems = told["problems"]
    assert isinstance(problems, list)
    assert {tuple(problem) for problem in problems} == {("sheet", "row", "column", "expected", "severity", "message")}
    assert [(problem["row"], problem["severity"]) for problem in problems] == [(2, "refused_row"), (3, "lost_value")]


def test_notes_alone_are_nothing_to_mend(tmp_path: Path) -> None:
    result = check(_file(tmp_path, "source_ref,role,colour\nN-1,child,red\n"))
    assert set(result.problems.column("severity").to_pylist()) == {"note"}
    assert result.clean


def test_what_no_form_knows_is_not_readable_and_every_row_is_counted(tmp_path: Path) -> None:
    result = check(_file(tmp_path, "colour,shape\nred,round\nblue,flat\n"))
    assert (result.form, result.rows, result.used, result.refused, result.readable) == ("", 2, 0, 2, False)


def test_a_heading_nearly_right_is_suggested(tmp_path: Path) -> None:
    result = check(
        _file(tmp_path, "source_ref,rolle,forename,surname,aliases,event_date,nhs_no,upn\nN-1,child,Ana,B,,,,\n")
    )
    assert not result.readable
    assert any('"rolle"' in message for message in result.problems.column("message").to_pylist())


def test_the_agencys_mapping_is_followed(tmp_path: Path) -> None:
    path = _file(tmp_path, "source_ref,part played,forename\nN-1,child,Ana\n")
    assert not check(path).readable
    assert check(path, {"part played": "role"}).used == 1


@pytest.mark.parametrize("form", ["people", "police_missing", "charity_referrals"])
def test_an_empty_template_is_its_own_form(tmp_path: Path, form: str) -> None:
    path = tmp_path / "t.xlsx"
    write_template(form, path)
    result = check(path)
    assert (result.form, result.rows, result.clean) == (form, 0, True)


def test_no_such_form_and_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no form"):
        check(_file(tmp_path, PEOPLE), form="nothing")
    with pytest.raises(UsageError, match="not a file"):
        check(tmp_path)


@pytest.mark.parametrize("form_id", sorted(form.id for form in forms().values() if form.ours))
def test_a_template_filled_with_its_own_examples_is_used_in_whole(tmp_path: Path, form_id: str) -> None:
    path = tmp_path / "t.xlsx"
    write_template(form_id, path)
    book = openpyxl.load_workbook(path)
    (sheet,) = forms()[form_id].sheets
    for place, column in enumerate(sheet.columns, start=1):
        if column.example or column.required:
            book.worksheets[0].cell(2, place, column.example or "X")
    book.save(path)
    result = check(path)
    assert (result.form, result.rows, result.used, result.refused) == (form_id, 1, 1, 0)
    assert result.clean, result.to_json()["problems"]
