"""JSON lines, JSON arrays and Parquet to raw sheets."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from joinedup.collect.readers.fallback import open_text
from joinedup.collect.readers.gathering import Gatherer
from joinedup.collect.readers.options import ReadOptions
from joinedup.collect.readers.sniffing import scan_text
from joinedup.collect.sheets import RawSheet, ReadProblem, ReadResult, fold_heading, text_table
from joinedup.errors import UnreadableError

_CHUNK = 10_000
_LONGEST_RECORD = 1 << 20
_BLOCK = 1 << 16


def read_json(path: Path, encoding: str, options: ReadOptions) -> ReadResult:
    """JSON lines (or one array of objects) as one raw sheet; the headings are the keys, in the order they are met.

    A line that is no object is refused. Rows are numbered by line, the objects of an array by their place. Raises
    UnreadableError where an array breaks off, or where no line is an object.
    """
    encoding = scan_text(path, encoding) if options.limit is None and not _is_array(path, encoding) else encoding
    build = _Build(path.stem, options)
    complete = True
    with open_text(path, encoding) as file:
        records = _array(file) if _is_array(path, encoding) else _lines(file)
        for number, record in records:
            if options.limit is not None and build.kept >= options.limit:
                complete = False
                break
            build.add(number, record)
    if build.refused and not build.kept:
        raise UnreadableError(
            "the JSON is neither one object a line nor one array of objects",
            remedy="Write one object a line (JSON lines), its keys the headings of the form.",
        )
    return ReadResult("json", (build.sheet(),), tuple(build.problems), complete, {"encoding": encoding})


def _is_array(path: Path, encoding: str) -> bool:
    with open_text(path, encoding) as file:
        return file.read(4096).lstrip("\ufeff \t\r\n").startswith("[")


def _lines(file: TextIO) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(file, start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                yield number, None


def _array(file: TextIO) -> Iterator[tuple[int, object]]:
    decoder = json.JSONDecoder()
    held = file.read(_BLOCK).lstrip("\ufeff \t\r\n")[1:]
    number = 0
    while True:
        held = held.lstrip(" \t\r\n,")
        if held.startswith("]"):
            return
        try:
            record, end = decoder.raw_decode(held)
        except RecursionError as error:
            raise _broken(number) from error
        except ValueError as error:
            more = file.read(max(_BLOCK, len(held)))
            if not more or len(held) > _LONGEST_RECORD:
                raise _broken(number) from error
            held += more
            continue
        number += 1
        yield number, record
        held = held[end:]
        if not held:
            held = file.read(_BLOCK)
            if not held:
                raise _broken(number)


def _broken(number: int) -> UnreadableError:
    return UnreadableError(
        f"the JSON array breaks off or is damaged after record {number}",
        remedy="Ask the agency to send it again, best as JSON lines: one object a line.",
    )


class _Build:
    """Gathers objects whose keys need not agree into columns."""

    def __init__(self, name: str, options: ReadOptions) -> None:
        self.name = name
        self.options = options
        self.problems: list[ReadProblem] = []
        self.kept = 0
        self.refused = 0
        self.blank = 0
        self._headings: dict[str, int] = {}
        self._rows: list[dict[str, str]] = []
        self._numbers: list[int] = []
        self._chunks: list[pa.Table] = []

    def add(self, number: int, record: object) -> None:
        """Takes one record: kept, blank, or refused where it is no object."""
        if not isinstance(record, dict):
            self.refused += 1
            message = "the record is not a JSON object, or is damaged; write one object a line"
            self.problems.append(ReadProblem(self.name, number, "", "refused_row", "a JSON object", message))
            return
        row = {key: text for key, text in _flat(record, "") if text}
        for key in row or record:
            self._headings.setdefault(str(key), len(self._headings))
        if not row:
            self.blank += 1
            return
        self.kept += 1
        self._rows.append(row)
        self._numbers.append(number)
        if len(self._rows) >= _CHUNK:
            self._flush()

    def _flush(self) -> None:
        columns = [pa.array([row.get(key) for row in self._rows], pa.string()) for key in self._headings]
        self._chunks.append(text_table(columns))
        self._rows = []

    def sheet(self) -> RawSheet:
        """The sheet, once every record has been given."""
        if self._rows or not self._chunks:
            self._flush()
        headings = tuple(self._headings)
        sure = bool({fold_heading(heading) for heading in headings} & self.options.vocabulary)
        table = pa.concat_tables(self._chunks, promote_options="default")
        numbers = pa.array(self._numbers, pa.int64())
        return RawSheet(self.name, headings, table, numbers, self.refused, self.blank, headings_sure=sure)


def _flat(record: dict[object, object], prefix: str) -> Iterator[tuple[str, str]]:
    """Keys and texts of an object: objects inside it by dotted keys, lists joined by ';'."""
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        elif isinstance(value, list):
            yield name, ";".join(_text(part) for part in value if part is not None)
        elif value is not None:
            yield name, _text(value).strip()


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def read_parquet(path: Path, options: ReadOptions) -> ReadResult:
    """A Parquet file as one raw sheet, its rows numbered from 1.

    Raises UnreadableError where it is damaged.
    """
    gatherer = Gatherer(path.stem, options, shifting=True)
    complete = True
    try:
        with pq.ParquetFile(path) as file:
            gatherer.headings = tuple(file.schema_arrow.names)
            folded = {fold_heading(heading) for heading in gatherer.headings}
            gatherer.headings_sure = bool(folded & options.vocabulary)
            number = 1
            for batch in file.iter_batches(batch_size=65_536, use_threads=False):
                if gatherer.full:
                    complete = False
                    break
                numbers = pa.array(range(number, number + batch.num_rows), pa.int64())
                gatherer.add_columns(numbers, [_as_text(column) for column in batch.columns])
                number += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        raise UnreadableError(
            "the Parquet file is truncated or damaged", remedy="Ask the agency to send it again, or as CSV."
        ) from error
    sheet = gatherer.sheet()
    return ReadResult("parquet", (sheet,), tuple(gatherer.problems), complete)


def _as_text(column: Any) -> pa.Array[Any]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _as_text(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        # Local time is what a table of events holds: the zone's offset is kept in the text where there is one.
        return pa.array([None if value is None else value.isoformat() for value in column.to_pylist()], pa.string())
    if pa.types.is_floating(kind):
        values = column.to_pylist()
        return pa.array([None if value is None or math.isnan(value) else _text(value) for value in values], pa.string())
    if pa.types.is_nested(kind):
        texts = [_nested(value) for value in column.to_pylist()]
        return pa.array(texts, pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()], pa.string())
    cast: pa.Array[Any] = pc.cast(column, pa.string())
    return cast


def _nested(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, list):
        return ";".join(_text(part) for part in value if part is not None)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
