"""The report's tables as an accessible spreadsheet (ODS): a cover, notes, and one table a sheet, as UK statistics are published.

Source: Government Analysis Function, Releasing statistics in spreadsheets (one table a sheet from the first column,
words and not empty cells for what is not there, no merged cells). The same report gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from odfdo import Cell, Document, Row
from odfdo import Table as Sheet

from joinedup.report.blocks import TOO_MANY_UNKNOWN, Figure, Table
from joinedup.report.page import Report
from joinedup.report.press import as_text
from joinedup.stats.disclosure import NOT_AVAILABLE, ReleasedNumber, ReleasedTable

Held = str | float
"""What a cell holds."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of every file inside: the earliest a zip can hold, since a clock would make each file another."""
SHORTHAND = {
    "[c]": "withheld, so that nobody can be recognised",
    "[x]": "not available",
    "[u]": "no share given, since more than 5% is unknown: see the lowest and highest share",
    "[z]": "not applicable",
}
_SIGNS = {"c": "[c]", NOT_AVAILABLE: "[x]", TOO_MANY_UNKNOWN: "[u]", "": "[z]"}


def tables_of(report: Report) -> Iterator[tuple[str, Table]]:
    """Every table of the report with the title of its chapter, in the order printed; those of figures too."""
    for chapter in report.chapters:
        for section in chapter.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield chapter.title, block
                elif isinstance(block, Figure) and not block.after_table:
                    yield chapter.title, block.table


def ods(report: Report) -> bytes:
    """The report's tables as one ODS file."""
    document = Document("spreadsheet")
    document.body.clear()
    tables = list(tables_of(report))
    names = [f"Table_{place}" for place in range(1, len(tables) + 1)]
    document.body.append(_cover(report, [table.caption for _, table in tables], names))
    document.body.append(_notes(report))
    for name, (chapter, table) in zip(names, tables, strict=True):
        document.body.append(_sheet(name, chapter, table.caption, table.note, table.released))
    return _steady(document)


def _cover(report: Report, captions: Sequence[str], names: Sequence[str]) -> Sheet:
    frame = report.frame
    lines: list[Sequence[Held]] = [
        [frame.title],
        [f"{frame.name} asked: {frame.question}"],
        [f"Period asked about: {frame.period}"],
        [f"Made by joinedup {frame.version}, run ending in {frame.run}"],
        [f"Counts are protected: {report.protection}"],
        ["This file has a cover, notes, and one table on each sheet."],
        ["Sheet", "Table"],
        *([name, caption] for name, caption in zip(names, captions, strict=True)),
    ]
    return _made("Cover", lines)


def _notes(report: Report) -> Sheet:
    lines: list[Sequence[Held]] = [
        ["Notes"],
        ["What stands in a cell that holds no number, and what was found"],
        ["Sign or finding", "Meaning"],
        *([sign, meaning] for sign, meaning in SHORTHAND.items()),
        *([each.finding_id, as_text(each.parts)] for chapter in report.chapters for each in chapter.findings),
    ]
    return _made("Notes", lines)


def _sheet(name: str, chapter: str, caption: str, note: str, table: ReleasedTable) -> Sheet:
    lines: list[Sequence[Held]] = [
        [caption],
        [f"Chapter: {chapter}. This sheet holds one table."],
        [note or "No note."],
        list(table.columns),
        *([_value(cell) for cell in row] for row in table.rows),
    ]
    return _made(name, lines)


def _value(cell: str | ReleasedNumber) -> Held:
    """What the cell holds: a number where one is published, otherwise words or the sign for what is not there."""
    if isinstance(cell, ReleasedNumber) and cell.value is not None and not cell.shown.endswith("%"):
        return cell.value
    shown = str(cell)
    return _SIGNS.get(shown, shown)


def _made(name: str, lines: Sequence[Sequence[Held]]) -> Sheet:
    sheet = Sheet(name)
    for line in lines:
        row = Row()
        row.extend_cells([Cell(value) for value in line])
        sheet.append_row(row, clone=False)
    return sheet


def _steady(document: Document) -> bytes:
    """The document as bytes that hold no date and no trace of the machine."""
    written = io.BytesIO()
    document.save(written)
    steady = io.BytesIO()
    with zipfile.ZipFile(written) as given, zipfile.ZipFile(steady, "w") as kept:
        # The format wants this one first and not compressed.
        ordered = sorted(given.namelist(), key=lambda each: (each != "mimetype", each))
        for name in ordered:
            content = given.read(name)
            if name == "meta.xml":
                content = re.sub(rb"<(meta:(?:creation-date|editing-[a-z]+)|dc:date)>[^<]*</\1>", b"", content)
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            kept.writestr(entry, content)
    return steady.getvalue()
