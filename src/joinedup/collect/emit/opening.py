"""One file, read and recognised: its sheets as prepared, the rows of those no form knows, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from joinedup.collect import problems
from joinedup.collect.emit.prepare import ParseContext, Prepared, prepare
from joinedup.collect.readers.reading import read
from joinedup.collect.recognise import Recognised, Unrecognised, recognise
from joinedup.collect.sheets import RawSheet, ReadResult, fold_heading
from joinedup.errors import UnreadableError
from joinedup.registry.forms import Form

_FOR_PEOPLE = frozenset(
    {"notes", "readme", "guidance", "contents", "cover", "lists", "codes", "instructions", "help", "values"}
)
"""Names of workbook sheets that are there for people and hold no rows of a return."""


@dataclass(frozen=True, slots=True)
class SenderHabits:
    """What an agency's files are read with: its mapping of headings, its kind, and how its values are parsed."""

    mapping: Mapping[str, str]
    kind: str
    context: ParseContext


@dataclass(frozen=True, slots=True)
class Unknown:
    """A sheet that is of no registered form: its name, and its rows, all of them refused."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Opened:
    """One file: `readable` is False where nothing of it could be read; `problems` are without their file."""

    readable: bool
    prepared: tuple[Prepared, ...]
    unknown: tuple[Unknown, ...]
    problems: pa.Table


def open_file(path: Path, forms: Mapping[str, Form], habits: SenderHabits) -> Opened:
    """The file's sheets; a file that cannot be read is a problem, never an error."""
    try:
        result = read(path, forms, tuple(habits.mapping))
    except UnreadableError as error:
        return _unreadable("a file that can be read", problems.as_sentences(error.message, error.remedy))
    except OSError as error:
        kind = type(error).__name__
        return _unreadable("a file that can be opened", f"The file cannot be opened ({kind}). Make it readable.")
    except Exception as error:  # noqa: BLE001  (whatever a hostile file sets off in a library, the other files go on)
        kind = type(error).__name__
        message = (
            f"Reading stopped with {kind}. Open the file in the program it came from and save it again as CSV or XLSX."
        )
        return _unreadable("a file that can be read", message)
    return _recognised(result, forms, habits)


def _unreadable(expected: str, message: str) -> Opened:
    return Opened(False, (), (), problems.one("refused_file", expected, message))


def _recognised(result: ReadResult, forms: Mapping[str, Form], habits: SenderHabits) -> Opened:
    prepared: list[Prepared] = []
    unknown: list[Unknown] = []
    tables = [problems.from_reader(result.problems)]
    found = [(raw, recognise(raw, forms, habits.mapping, kind=habits.kind)) for raw in result.sheets]
    some = any(isinstance(answer, Recognised) for _, answer in found)
    for raw, answer in found:
        if isinstance(answer, Recognised):
            sheet = prepare(raw, answer, forms[answer.form].sheet(answer.sheet), habits.context)
            prepared.append(sheet)
            tables.append(sheet.problems)
        elif some and (not raw.rows_in or fold_heading(raw.name) in _FOR_PEOPLE):
            message = "This sheet is of no registered form, and is taken for notes; nothing of it was read."
            tables.append(problems.one("note", "a sheet of a registered form", message, sheet=raw.name))
        else:
            unknown.append(Unknown(raw.name, raw.rows_in))
            tables.append(_unrecognised(raw, answer))
    if not found:
        message = "The file holds no rows. Send the return itself, or say in writing that you hold nothing."
        tables.append(problems.one("refused_file", "headings and rows", message))
    return Opened(bool(found), tuple(prepared), tuple(unknown), problems.together(tables))


def _unrecognised(raw: RawSheet, answer: Unrecognised) -> pa.Table:
    words = [answer.words, *(suggestion.words for suggestion in answer.suggestions)]
    message = " ".join(f"{text[0].upper()}{text[1:]}." for text in words if text)
    return problems.one("refused_file", "the headings of a registered form", message, sheet=raw.name)
