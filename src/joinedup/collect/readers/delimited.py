"""Delimited text (commas, semicolons, tabs, bars) to a raw sheet, in blocks: memory is bounded by the Arrow table.

A block of clean lines goes through Arrow's own parser; it counts as clean only when Arrow makes exactly one row of
each line. Any other block is read record by record, where a quotation mark that is never closed costs the one line
it stands on and not the lines it would swallow.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from joinedup.collect.readers.fallback import open_text
from joinedup.collect.readers.gathering import SAMPLE_ROWS, Gatherer
from joinedup.collect.readers.options import ReadOptions
from joinedup.collect.readers.sniffing import scan_text
from joinedup.collect.sheets import ReadProblem, ReadResult, fold_heading

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_BLOCK = 1 << 20
_SAMPLE_LINES = 200
_LONGEST_RECORD = 200
"""Lines one record may span: more, and a quotation mark was never closed."""

_QUOTED = {
    sign: re.compile(rf'"(?<![^{re.escape(sign)}\n]")[^"\n]*(?:""[^"\n]*)*"(?=[{re.escape(sign)}\r\n])')
    for sign in DELIMITERS
}
"""A well-formed quoted cell on one line: where no quotation mark is left without them, every parser agrees."""

_UNCLOSED = (
    "quotation marks in pairs",
    "an opening quotation mark is not closed, so the row's cells cannot be told apart; close it or double it",
)
_NULL = ("text", "the row holds a zero byte, which is not text; export the file again")


class _Lines:
    """The lines of a file, some of which may be handed back to be read again; `taken` are those since last cleared."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._queue: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._queue.popleft() if self._queue else self._file.readline()
        if not line:
            raise StopIteration
        self.taken.append(line)
        return line

    def batch(self) -> list[str]:
        """About a block of lines, whole; empty at the end of the file."""
        if self._queue:
            lines = list(self._queue)
            self._queue.clear()
            return lines
        return self._file.readlines(_BLOCK)

    def give_back(self, lines: list[str]) -> None:
        """Puts lines back so that they come next."""
        self._queue.extendleft(reversed(lines))

    @property
    def waiting(self) -> bool:
        """Whether lines that were given back have still to be read."""
        return bool(self._queue)


def read_delimited(path: Path, encoding: str, options: ReadOptions) -> ReadResult:
    """The file as one raw sheet, its delimiter found from its first lines.

    Raises UnreadableError where it is not lines of text.
    """
    if options.limit is None:
        encoding = scan_text(path, encoding)
    gatherer = Gatherer(path.stem, options, shifting=True)
    with open_text(path, encoding) as file:
        lines = _Lines(file)
        sample = list(islice(lines, _SAMPLE_LINES))
        lines.give_back(lines.taken)
        delimiter = find_delimiter(sample, options.vocabulary)
        complete = _gather(lines, delimiter, gatherer)
    sheet = gatherer.sheet()
    if encoding == "windows-1252":
        gatherer.note(
            "the file is not UTF-8 throughout; the other bytes were read as Windows-1252. Check a few names with accents",
            "UTF-8 text",
        )
    _say_broken(gatherer, sheet.table, sheet.rows)
    details = {"encoding": encoding, "delimiter": _NAMES[delimiter]}
    return ReadResult("csv", (sheet,), tuple(gatherer.problems), complete, details)


def find_delimiter(sample: list[str], vocabulary: frozenset[str]) -> str:
    r"""The delimiter of some lines: that which shows most known headings in one line, then most lines of one width.

    >>> find_delimiter(["Surname;DOB\n", "Ash, Jo;2001\n", "Elm;2002\n"], frozenset())
    ';'
    """
    if sample and sample[0].lower().startswith("sep=") and sample[0][4:5] in DELIMITERS:
        return sample[0][4]

    def score(delimiter: str) -> tuple[int, float, int, int]:
        rows = [row for row in csv.reader(sample, delimiter=delimiter, skipinitialspace=True) if any(row)]
        widths = [len(row) for row in rows]
        if not widths or max(widths) == 1:
            return (0, 0.0, 1, -DELIMITERS.index(delimiter))
        hits = max(len({fold_heading(cell) for cell in row} & vocabulary) for row in rows[:SAMPLE_ROWS])
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        share = widths.count(usual) / len(widths) if usual > 1 else 0.0
        return (hits if hits > 1 else 0, share, usual, -DELIMITERS.index(delimiter))

    return max(DELIMITERS, key=score)


def _gather(lines: _Lines, delimiter: str, gatherer: Gatherer) -> bool:
    """Gives the gatherer every record; False where it had enough before the file ended."""
    number = 1
    if (first := next(lines, "")).lower().startswith("sep="):
        number = 2
    else:
        lines.give_back([first])
    while batch := lines.batch():
        if gatherer.full:
            return False
        columns = _clean_block(batch, delimiter, len(gatherer.headings)) if gatherer.headings else None
        if columns is not None:
            gatherer.add_columns(pa.array(range(number, number + len(batch)), pa.int64()), columns)
            number += len(batch)
            continue
        lines.give_back(batch)
        number = _careful_block(lines, delimiter, gatherer, number)
    return True


def _clean_block(batch: list[str], delimiter: str, width: int) -> list[pa.Array[Any]] | None:
    """The block's columns by Arrow's parser; None unless it makes exactly one row of each line."""
    text = "".join(batch)
    if "\0" in text or f'{delimiter} "' in text or text.count("\r") != text.count("\r\n"):
        return None
    if '"' in text and '"' in _QUOTED[delimiter].sub("", text):
        return None
    names = [str(place) for place in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(text.encode()),
            read_options=pyarrow.csv.ReadOptions(use_threads=False, column_names=names, block_size=8 * _BLOCK),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != len(batch):
        return None
    return [column.combine_chunks() for column in table.columns]


def _careful_block(lines: _Lines, delimiter: str, gatherer: Gatherer, number: int) -> int:
    """Reads the lines that wait record by record; returns the number of the next record."""
    numbers: list[int] = []
    rows: list[list[str]] = []
    for record in _records(lines, delimiter):
        if isinstance(record, list):
            numbers.append(number)
            rows.append(record)
        else:
            gatherer.refuse(number, *record)
        number += 1
    gatherer.add_rows(numbers, rows)
    return number


def _records(lines: _Lines, delimiter: str) -> Iterator[list[str] | tuple[str, str]]:
    """Each record of the waiting lines: its cells, or what was expected and what to mend where it has none."""
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    while lines.waiting:
        lines.taken.clear()
        try:
            cells: list[str] | None = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        if cells is None or len(lines.taken) > _LONGEST_RECORD:
            first, *others = lines.taken
            lines.give_back(others)
            reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
            cells = _alone(first, delimiter)
        if cells is None:
            yield _UNCLOSED
        else:
            yield _NULL if any("\0" in cell for cell in cells) else cells


def _alone(line: str, delimiter: str) -> list[str] | None:
    """The cells of one line by itself, stray quotation marks taken as they stand; None where one is not closed."""
    end = "\x1eend"
    try:
        rows = list(csv.reader([line.rstrip("\r\n") + "\n", end], delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 2 and rows[1] == [end] else None


def _say_broken(gatherer: Gatherer, table: pa.Table, numbers: pa.Array[Any]) -> None:
    """Reports letters that were lost: bytes of no encoding here, or U+FFFD already written by who made the file."""
    for place, heading in enumerate(gatherer.headings or ()):
        cells: Any = table.column(place).combine_chunks()
        broken = numbers.filter(pc.match_substring(cells, "\ufffd"))
        if count := len(broken.drop_null()):
            row = broken.drop_null()[0].as_py()
            gatherer.problems.append(
                ReadProblem(
                    gatherer.name, row, heading if gatherer.headings_sure else "", "changed_value", "UTF-8 text",
                    f"{count} value(s) have lost letters to a wrong encoding, here and below, shown as U+FFFD; "
                    "export the file again as UTF-8",
                )
            )  # fmt: skip
