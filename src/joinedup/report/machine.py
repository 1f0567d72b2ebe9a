"""The report for programs: every table and number as CSV, with a data dictionary. Only what disclosure control made is written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from joinedup.report.page import Report
from joinedup.report.press import as_text, ids_in
from joinedup.report.spreadsheet import tables_of
from joinedup.stats.disclosure import ReleasedTable

DICTIONARY = "data-dictionary.csv"
LONGEST_NAME = 60

_NUMBERS = {
    "number_id": "The number's trace id.",
    "label": "What it counts, in words.",
    "published": "The number as printed; a sign where it is withheld.",
    "value": "The published number as a number; empty where a sign stands in its place.",
    "least": "The smallest count that may stand behind it; empty where it says nothing of a count.",
    "most": "The largest count that may stand behind it; empty where it says nothing of a count.",
    "rule": "The disclosure rule that was applied.",
    "definition": "How it is made from the tables of the run.",
    "run": "The end of the id of the run.",
    "version": "The version of joinedup that made it.",
}
_RETURNS = {
    "number_id": "The number's trace id.",
    "return": "The return: its agency and the day it came.",
    "records": "Source records of that return behind the number, protected like people.",
}
_FINDINGS = {
    "finding_id": "The finding's id.",
    "chapter": "The chapter it stands in.",
    "sentence": "The finding, its numbers as published.",
    "numbers": "Trace ids of its numbers, separated by spaces.",
    "wrong_if": "What would have to be different for it to be wrong.",
}
_DICTIONARY = {
    "file": "The file.",
    "about": "What one row of it is.",
    "column": "The column.",
    "meaning": "What the column holds.",
}


def data_files(report: Report) -> dict[str, bytes]:
    """Every CSV of the report by its name: the numbers, their returns, the findings, each table, and the dictionary."""
    made: dict[str, bytes] = {}
    described: list[tuple[str, ...]] = []

    def add(name: str, about: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]) -> None:
        made[name] = _csv([column for column, _ in columns], rows)
        described.extend((name, about, column, meaning) for column, meaning in columns)

    add("numbers.csv", "One number of the report.", list(_NUMBERS.items()), _number_rows(report))
    add("number-returns.csv", "One return behind one number.", list(_RETURNS.items()), _return_rows(report))
    add("findings.csv", "One finding.", list(_FINDINGS.items()), _finding_rows(report))
    for name, caption, chapter, table in _named_tables(report):
        columns = [
            (column, f"As headed in the table \u201c{caption}\u201d, chapter {chapter}.") for column in table.columns
        ]
        add(name, "One row of the table.", columns, table.as_text())
    described.extend((DICTIONARY, "One column of one file.", column, told) for column, told in _DICTIONARY.items())
    made[DICTIONARY] = _csv(_DICTIONARY, described)
    return dict(sorted(made.items()))


def _named_tables(report: Report) -> Iterator[tuple[str, str, str, ReleasedTable]]:
    """The file name, caption, chapter and released table of each table of the report."""
    for place, (chapter, table) in enumerate(tables_of(report), start=1):
        plain = re.sub(r"[^a-z0-9]+", "-", table.caption.lower()).strip("-")[:LONGEST_NAME].rstrip("-")
        yield f"table-{place:03d}-{plain}.csv", table.caption, chapter, table.released


def _number_rows(report: Report) -> Iterator[tuple[str, ...]]:
    frame = report.frame
    for number in report.numbers:
        trace, released = report.traces[number.number_id], number.released
        value = "" if released.value is None else f"{released.value:.0f}"
        ends = trace.ends or ("", "")
        told = (released.rule, trace.definition, frame.run, frame.version)
        yield (number.number_id, number.label, number.shown, value, str(ends[0]), str(ends[1]), *told)


def _return_rows(report: Report) -> Iterator[tuple[str, ...]]:
    for number in report.numbers:
        for name, records in report.traces[number.number_id].returns:
            yield (number.number_id, name, records.shown)


def _finding_rows(report: Report) -> Iterator[tuple[str, ...]]:
    for chapter in report.chapters:
        for each in chapter.findings:
            yield (each.finding_id, chapter.title, as_text(each.parts), " ".join(ids_in(each.parts)), each.wrong_if)


def _csv(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([_harmless(column) for column in columns])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8")


def _harmless(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula: a label may come from what an agency wrote."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
