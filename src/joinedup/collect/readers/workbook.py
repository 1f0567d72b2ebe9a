"""Workbooks (XLSX, XLSB, XLS, ODS) to raw sheets by python-calamine: every sheet, values as a person reads them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from joinedup.collect.readers.archive import check_archive
from joinedup.collect.readers.gathering import Gatherer
from joinedup.collect.readers.options import ReadOptions
from joinedup.collect.sheets import RawSheet, ReadProblem, ReadResult
from joinedup.errors import UnreadableError

_CHUNK = 10_000
_EPOCHS = (datetime.date(1899, 12, 31), datetime.date(1899, 12, 30))


def read_workbook(path: Path, options: ReadOptions, *, zipped: bool) -> ReadResult:
    """Every sheet of the workbook.

    Raises UnreadableError where it is no workbook, damaged, too large, or protected.
    """
    if zipped:
        _is_workbook(check_archive(path))
    try:
        workbook = CalamineWorkbook.from_path(str(path))
    except PasswordError as error:
        raise UnreadableError(
            "the workbook is protected by a password", remedy="Send it without a password, by a safe way."
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableError(
            "the workbook is damaged or of an unknown kind",
            remedy="Open it in a spreadsheet program and save it again as XLSX, or send it as CSV.",
        ) from error
    sheets: list[RawSheet] = []
    problems: list[ReadProblem] = []
    complete = True
    for about in workbook.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        gatherer = Gatherer(about.name, options, shifting=False)
        try:
            complete &= _gather(workbook.get_sheet_by_name(about.name), gatherer)
        except (CalamineError, ValueError) as error:
            raise UnreadableError(
                "a sheet of the workbook is damaged",
                remedy="Open it in a spreadsheet program and save it again as XLSX, or send it as CSV.",
            ) from error
        sheet = gatherer.sheet()
        if sheet.headings:
            sheets.append(sheet)
        else:
            gatherer.note("the sheet is empty")
        problems.extend(gatherer.problems)
    return ReadResult("workbook", tuple(sheets), tuple(problems), complete)


def _is_workbook(names: tuple[str, ...]) -> None:
    known = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
    if not any(name in names for name in known):
        what = "a word-processor document" if any(name.startswith("word/") for name in names) else "a zip archive"
        raise UnreadableError(
            f"the file is {what}, not a workbook", remedy="Unpack it, and send each table as its own file."
        )


def _gather(sheet: CalamineSheet, gatherer: Gatherer) -> bool:
    """Gives the gatherer the sheet's rows, numbered as the program that made it numbers them."""
    rows = sheet.iter_rows()
    number = 1
    while chunk := list(islice(rows, _CHUNK)):
        if gatherer.full:
            return False
        gatherer.add_rows(range(number, number + len(chunk)), [_texts(row) for row in chunk])
        number += len(chunk)
    return True


def _texts(row: Sequence[object]) -> list[str | None]:
    return [cell if isinstance(cell, str) else cell_text(cell) for cell in row]


def cell_text(cell: object) -> str | None:
    """A cell's value as text: whole numbers without '.0', dates and times in ISO form.

    >>> cell_text(4505577104.0), cell_text(datetime.datetime(2011, 4, 3, 22, 15)), cell_text(0.1)
    ('4505577104', '2011-04-03T22:15:00', '0.1')
    """
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.timedelta):
        return _clock(cell)
    return _when(cell) if isinstance(cell, datetime.date | datetime.time) else str(cell)


def _when(cell: datetime.date | datetime.time) -> str:
    if not isinstance(cell, datetime.datetime):
        return cell.isoformat()
    if cell.time() == datetime.time():
        return cell.date().isoformat()
    # A workbook keeps a time of day as a moment of its day nought.
    return cell.time().isoformat() if cell.date() in _EPOCHS else cell.replace(microsecond=0).isoformat()


def _clock(length: datetime.timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
