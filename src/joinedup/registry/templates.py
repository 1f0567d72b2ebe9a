"""Empty return forms for people to fill in: a workbook with drop-downs and notes, or a CSV file with the headings.

The same form of the same version gives the same bytes: times inside the file are fixed, so that a template can be
compared with the one an agency was sent.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from joinedup.errors import UsageError
from joinedup.registry.code_sets import CodeSet, code_sets
from joinedup.registry.forms import Form, FormColumn, Sheet, forms

ROWS_WITH_DROP_DOWNS = 20_000
"""Drop-downs reach down to this row; rows below it are read all the same."""

_FIXED_TIME = datetime(2000, 1, 1)  # noqa: DTZ001  (a workbook's times carry no zone)
_FIXED_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_REQUIRED = PatternFill("solid", fgColor="FFFFE699")
_OPTIONAL = PatternFill("solid", fgColor="FFE7E6E6")
_SHEET_NAME_LENGTH = 31
_FORMATS = {"date": "DD/MM/YYYY", "moment": "DD/MM/YYYY HH:MM", "number": "General"}

TYPE_WORDS = {
    "text": "text",
    "name": "a name, as the record has it",
    "names": "names, separated by ';'",
    "date": "a date, day first, such as 03/04/2011; a month or a year where no more is known",
    "moment": "a date, with the time where it is known, such as 03/04/2011 22:15",
    "code": "one of the values listed",
    "codes": "values of those listed, separated by ';'",
    "yes_no": "Yes or No; empty when not recorded",
    "number": "a number",
    "sex": "one of the values listed",
    "postcode": "a postcode",
    "address": "an address on one line",
    "place": "a place, on one line",
    "phones": "phone numbers, separated by ';'",
    "vehicles": "vehicle registration marks, separated by ';'",
    "accounts": "account names, separated by ';'",
    "nhs_no": "an NHS number, ten digits",
    "upn": "a unique pupil number, a letter and twelve digits",
    "role": "one of the values listed",
    "status": "one of the values listed",
    "tokens": "what `joinedup encode` wrote",
}
"""What to write in a column of each type, in words."""

_NOTES_HEAD = ("Sheet", "Heading", "Meaning", "What to write", "Required", "Example", "Values")


def find_form(form_id: str) -> Form:
    """The form with this id; UsageError names the nearest where there is none."""
    known = forms()
    if form_id in known:
        return known[form_id]
    near = difflib.get_close_matches(form_id, known, n=1)
    raise UsageError(
        f"there is no form {form_id!r}",
        remedy=f"Did you mean {near[0]}?" if near else "`joinedup form --list` names them all.",
    )


def choices(column: FormColumn) -> tuple[str, ...]:
    """The values a drop-down of the column offers: labels of its code set, Yes and No, or none.

    A list column has no drop-down, because one cell may hold several values.

    >>> from joinedup.registry.forms import forms
    >>> choices(forms()["police_missing"].sheet("police_missing").column("missing_kind"))[:2]
    ('Home', 'Care')
    """
    if column.type == "yes_no":
        return ("Yes", "No")
    if column.codes is None or column.type == "codes":
        return ()
    return tuple(code.label for code in code_sets()[column.codes].codes.values())


def write_template(form_id: str, path: Path) -> Path:
    """Writes the empty form to `path`, as CSV where the name ends in .csv, else as a workbook; gives the path.

    Raises UsageError for a form that is not registered, for any other ending, and for CSV where a form has several
    sheets, because a CSV file holds one.
    """
    form = find_form(form_id)
    ending = path.suffix.lower()
    if ending == ".csv":
        content = _as_csv(form)
    elif ending == ".xlsx":
        content = _as_workbook(form)
    else:
        raise UsageError(
            f"a form is written as .xlsx or .csv, not as {path.name!r}", remedy=f"Try {path.stem or form_id}.xlsx."
        )
    path.write_bytes(content)
    return path


def _as_csv(form: Form) -> bytes:
    if len(form.sheets) > 1:
        raise UsageError(
            f"the form {form.id} has {len(form.sheets)} sheets and a CSV file holds one",
            remedy=f"Write it as {form.id}.xlsx.",
        )
    text = io.StringIO()
    csv.writer(text).writerow(column.label for column in form.sheets[0].columns)
    return text.getvalue().encode("utf-8-sig")  # the mark tells Excel that it is UTF-8


def _as_workbook(form: Form) -> bytes:
    book = Workbook()
    first = book.active
    if first is not None:
        book.remove(first)
    ranges: dict[tuple[str, ...], str] = {}
    names = _sheet_names(form)
    pages = [book.create_sheet(names[sheet.id]) for sheet in form.sheets]
    _notes(book.create_sheet("Notes"), form, names)
    lists = book.create_sheet("Values")
    for sheet in form.sheets:
        for column in sheet.columns:
            if (values := choices(column)) and values not in ranges:
                ranges[values] = _value_range(lists, len(ranges) + 1, column, values)
    lists.sheet_state = "hidden"
    for sheet, page in zip(form.sheets, pages, strict=True):
        _fill(page, sheet, ranges)
    book.properties.creator = "Joinedup"
    book.properties.title = form.title
    book.properties.created = _FIXED_TIME
    return _fixed_bytes(book)


def _sheet_names(form: Form) -> dict[str, str]:
    """A name for each sheet that spreadsheets accept: short, unique, without the signs they forbid."""
    names: dict[str, str] = {}
    for sheet in form.sheets:
        wanted = sheet.names[0] if sheet.names else sheet.title
        plain = re.sub(r"[\[\]:*?/\\]", " ", wanted)[:_SHEET_NAME_LENGTH].strip()
        names[sheet.id] = plain if plain not in names.values() else sheet.id[:_SHEET_NAME_LENGTH]
    return names


def _value_range(lists: Worksheet, position: int, column: FormColumn, values: tuple[str, ...]) -> str:
    """Writes one list of values in a column of the hidden sheet; gives the formula that points at it."""
    lists.cell(1, position, column.codes or "yes_no")
    for row, value in enumerate(values, start=2):
        lists.cell(row, position, value)
    letter = get_column_letter(position)
    return f"Values!${letter}$2:${letter}${len(values) + 1}"


def _fill(page: Worksheet, sheet: Sheet, ranges: dict[tuple[str, ...], str]) -> None:
    for position, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(position)
        head = page.cell(1, position, column.label)
        head.font = Font(bold=True)
        head.fill = _REQUIRED if column.required else _OPTIONAL
        head.alignment = Alignment(wrap_text=True, vertical="top")
        width = page.column_dimensions[letter]
        width.width = max(12, min(36, len(column.label) + 2))
        # Text unless it is a date or a number: a spreadsheet would take the first nought off a phone or a reference.
        width.number_format = _FORMATS.get(column.type, "@")
        if values := choices(column):
            page.add_data_validation(_drop_down(column, ranges[values], letter))
    page.freeze_panes = "A2"


def _drop_down(column: FormColumn, values: str, letter: str) -> DataValidation:
    """A drop-down that warns and does not forbid: a value the list does not have is better sent than lost."""
    rule = DataValidation(type="list", formula1=f"={values}", allow_blank=True, showErrorMessage=True)
    rule.errorStyle = "warning"
    rule.errorTitle = column.label[:32]
    rule.error = "This is not one of the values listed. Keep it only if none of them says what the record says."
    rule.add(f"{letter}2:{letter}{ROWS_WITH_DROP_DOWNS}")
    return rule


def _notes(page: Worksheet, form: Form, names: dict[str, str]) -> None:
    page.append([form.title])
    page.append([form.about])
    page.append(
        [f"Form {form.id}, version {form.version}. Headings with a coloured ground must be filled in every row."]
    )
    page.append([f"Source: {form.source}"])
    page.append([])
    page.append(list(_NOTES_HEAD))
    for sheet in form.sheets:
        for column in sheet.columns:
            values = code_sets()[column.codes] if column.codes else None
            page.append(
                [
                    names[sheet.id],
                    column.label,
                    column.means,
                    TYPE_WORDS[column.type],
                    "yes" if column.required else "",
                    column.example,
                    _values_in_words(values) if values else "",
                ]
            )
    page["A1"].font = Font(bold=True, size=14)
    for cell in page[6]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFG", (22, 34, 60, 44, 10, 20, 90), strict=True):
        page.column_dimensions[letter].width = width
    for row in page.iter_rows(min_row=7):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"


def _values_in_words(values: CodeSet) -> str:
    listed = "; ".join(
        entry.label if code.casefold().replace("_", " ") == entry.label.casefold() else f"{entry.label} ({code})"
        for code, entry in values.codes.items()
    )
    return f"{values.title}: {listed}"


def _fixed_bytes(book: Workbook) -> bytes:
    """The workbook with every time in it fixed."""
    written = io.BytesIO()
    book.save(written)
    fixed = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":  # openpyxl writes the moment of saving here, whatever it is told
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*",
                    rb"\g<1>" + f"{_FIXED_TIME:%Y-%m-%dT%H:%M:%SZ}".encode(),
                    content,
                )
            entry = zipfile.ZipInfo(name, _FIXED_ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)
    return fixed.getvalue()
