"""The sheets that the readers of a review sample fill in: each drawn record, and beside it those that may be the same child's.

A workbook with drop-downs, or a CSV file with the same headings. Nothing on it says what the links say.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from joinedup.domain.births import as_known
from joinedup.domain.readings import ANSWERS, READ, Reading
from joinedup.errors import UnreadableError, UsageError

FIELDS = {
    "source": "Source", "source_ref": "Reference", "forename": "Forename", "surname": "Surname", "aliases": "Other names",
    "dob": "Date of birth", "dob_precision": "Birth date known to", "sex": "Sex", "postcode": "Postcode",
    "address": "Address", "nhs_no": "NHS number", "upn": "UPN", "phones": "Phones", "first_date": "First date",
}  # fmt: skip
HEADINGS = ("Answer", "Question", "Which", *FIELDS.values(), "Record")
DRAWN, BESIDE = "drawn", "beside it"
_PAGE = "Questions"
_DRAWN_FILL = PatternFill("solid", fgColor="FFD9E1F2")
_HOW = (
    "How to read this sheet",
    "Each question is one record (the coloured row, 'drawn') and, below it, records that may be the same child's.",
    "Against every record below that is the same child's, choose 'same'. Choose 'unsure' where it cannot be told.",
    "Leave the others empty: they count as different.",
    "When a question is done, choose 'read' on its coloured row, also where no record is the same child's.",
    "A question without 'read' counts as not yet read. Do not change the last column. Do not ask the other reader.",
    "A brother, sister or twin at the same address is another child.",
)


@dataclass(frozen=True, slots=True)
class Question:
    """One drawn record and those beside it, as mention ids."""

    record: str
    beside: tuple[str, ...]


def write(path: Path, questions: Sequence[Question], rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes the sheet, as CSV where the name ends in .csv, else as a workbook. `rows` has each mention's fields by its id.

    Raises UsageError for another ending.
    """
    lines = list(_lines(questions, rows))
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".csv":
        text = io.StringIO()
        csv.writer(text).writerows([HEADINGS, *lines])
        path.write_bytes(text.getvalue().encode("utf-8-sig"))
    elif path.suffix.lower() == ".xlsx":
        _workbook(lines).save(path)
    else:
        raise UsageError(f"a sheet is written as .xlsx or .csv, not as {path.name!r}", remedy=f"Try {path.stem}.xlsx.")


def _lines(questions: Sequence[Question], rows: Mapping[str, Mapping[str, Any]]) -> Iterable[list[str]]:
    for number, question in enumerate(questions, start=1):
        for mention in (question.record, *question.beside):
            which = DRAWN if mention == question.record else BESIDE
            told = {**rows[mention], "dob": as_known(rows[mention].get("dob"), rows[mention].get("dob_precision"))}
            fields = [_text(told.get(field)) for field in FIELDS]
            yield ["", str(number), which, *fields, mention]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _workbook(lines: Sequence[Sequence[str]]) -> Workbook:
    book = Workbook()
    page: Any = book.active
    page.title = _PAGE
    page.append(list(HEADINGS))
    for cell in page[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for line in lines:
        page.append(list(line))
        if line[2] == DRAWN:
            for cell in page[page.max_row]:
                cell.fill = _DRAWN_FILL
    rules = {which: DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True) for which, words in ((DRAWN, (READ,)), (BESIDE, ANSWERS))}  # fmt: skip
    for number, line in enumerate(lines, start=2):
        rules[line[2]].add(f"A{number}")
    for rule in rules.values():
        rule.error = "Choose one of the words in the list, or leave the cell empty."
        page.add_data_validation(rule)
    for place, width in enumerate((10, 9, 10, 16, 14, 14, 16, 16, 13, 10, 6, 11, 28, 13, 15, 20, 12, 22)):
        page.column_dimensions["ABCDEFGHIJKLMNOPQR"[place]].width = width
    page.freeze_panes = "D2"
    notes = book.create_sheet("How to")
    for line in _HOW:
        notes.append([line])
    notes["A1"].font = Font(bold=True, size=14)
    notes.column_dimensions["A"].width = 120
    return book


def read(path: Path, reader: str, asked: Mapping[str, frozenset[str]], *, settles: bool = False) -> list[Reading]:
    """The answers on a filled sheet; `asked` are the drawn records and those shown beside each.

    Raises UnreadableError naming the row and what was expected, where a heading is missing, an answer is none of the words,
    a record was not on the sheet as it was written, a question has answers and is not marked as read, or none is so marked.
    """
    found: list[Reading] = []
    record, done, marked = "", set[str](), dict[str, int]()
    for number, answer, which, mention in _answers(path):
        if which == DRAWN:
            record = mention
            if record not in asked or record in marked:
                raise _wrong(path, number, "its record is none that was drawn, or stands twice")
            marked[record] = 0
        elif mention not in asked.get(record, ()):
            raise _wrong(path, number, "its record was not shown in this question")
        if not answer:
            continue
        words = (READ,) if which == DRAWN else ANSWERS
        if answer not in words:
            raise _wrong(path, number, f"the answer is none of: {', '.join(words)}")
        if which == DRAWN:
            done.add(record)
        else:
            marked[record] = number
        found.append(Reading(reader, record, mention, answer, settles))
    _whole(path, done, marked)
    return found


def _whole(path: Path, done: set[str], marked: Mapping[str, int]) -> None:
    """Refuses a sheet with an answer to a question that is not marked as read, and one where none is. `marked` has the row of
    the last answer to each question, 0 for none."""
    for each, row in marked.items():
        if row and each not in done:
            raise _wrong(path, row, "its question has answers but is not marked 'read' on its coloured row")
    if not done:
        raise UnreadableError(
            f"{path.name}: no question is marked 'read' on its coloured row, so the sheet says nothing",
            remedy="Choose 'read' there for every question that was read, also where no record is the same child's.",
        )


def has_answers(path: Path) -> bool:
    """Whether there is a sheet with anything in its column Answer, or a file that cannot be read as a sheet."""
    if not path.is_file():
        return False
    try:
        return any(answer for _, answer, _, _ in _answers(path))
    except UnreadableError:
        return True


def fill(path: Path, child_of: Mapping[str, str]) -> int:
    """Fills a sheet as a reader who knows each record's child would, and gives the number of answers 'same'.

    For trying a review where the truth is known: `child_of` has the child of every record.
    """
    rows = list(_csv_rows(path) if path.suffix.lower() == ".csv" else _workbook_rows(path))
    answers, child, same = [], "", 0
    for row in rows[1:]:
        which, record = row[HEADINGS.index("Which")], row[-1]
        if which == DRAWN:
            child = child_of.get(record, f"only {record}")
            answers.append(READ)
        else:
            answers.append("same" if child_of.get(record) == child else "")
            same += answers[-1] == "same"
    if path.suffix.lower() == ".csv":
        text = io.StringIO()
        csv.writer(text).writerows(
            [rows[0], *([answer, *row[1:]] for answer, row in zip(answers, rows[1:], strict=True))]
        )
        path.write_bytes(text.getvalue().encode("utf-8-sig"))
        return same
    book = load_workbook(path)
    for number, answer in enumerate(answers, start=2):
        book[_PAGE].cell(number, 1, answer or None)
    book.save(path)
    return same


def _wrong(path: Path, row: int, what: str) -> UnreadableError:
    return UnreadableError(
        f"{path.name}, row {row}: {what}",
        remedy="Change only the column Answer; joinedup sample DIR --sheets-again writes empty sheets.",
    )


def _answers(path: Path) -> Iterable[tuple[int, str, str, str]]:
    """Row number, answer, which and record of every row of a sheet."""
    rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _workbook_rows(path)
    heading = next(rows, None)
    wanted = ("Answer", "Which", "Record")
    if heading is None or any(name not in heading for name in wanted):
        raise UnreadableError(
            f"{path.name}, row 1: the headings {', '.join(wanted)} are expected",
            remedy="Give a sheet that joinedup sample wrote, saved as .xlsx or .csv.",
        )
    places = [heading.index(name) for name in wanted]
    for number, row in enumerate(rows, start=2):
        answer, which, record = ((row[place] if place < len(row) else "").strip() for place in places)
        if record or answer:
            if which not in (DRAWN, BESIDE):
                raise _wrong(path, number, f"the column Which says neither '{DRAWN}' nor '{BESIDE}'")
            yield number, answer.lower(), which, record


def _not_there(path: Path) -> UnreadableError:
    return UnreadableError(
        f"there is no file {path}",
        remedy="Give the path of a filled sheet; joinedup sample wrote them to DIR/review-sheets/.",
    )


def _csv_rows(path: Path) -> Iterator[list[str]]:
    if not path.is_file():
        raise _not_there(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(
            f"{path.name} cannot be read: {type(error).__name__}", remedy="Save it as UTF-8."
        ) from error
    return iter(list(csv.reader(io.StringIO(text))))


def _workbook_rows(path: Path) -> Iterator[list[str]]:
    if not path.is_file():
        raise _not_there(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise UnreadableError(
            f"{path.name} cannot be read: {type(error).__name__}", remedy="Save it as .xlsx or as .csv."
        ) from error
    page = book[_PAGE] if _PAGE in book.sheetnames else book.worksheets[0]
    rows = [[_text(value) for value in row] for row in page.iter_rows(values_only=True)]
    book.close()
    return iter(rows)
