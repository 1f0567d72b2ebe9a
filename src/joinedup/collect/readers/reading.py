"""One door for every file: its kind is told by content, and the reader of that kind gives raw sheets.

`head` reads the first rows alone, enough to recognise the form; `read` reads the whole file. Neither writes to it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from joinedup.collect.readers.delimited import read_delimited
from joinedup.collect.readers.markup import read_xml
from joinedup.collect.readers.options import ReadOptions
from joinedup.collect.readers.records import read_json, read_parquet
from joinedup.collect.readers.sniffing import sniff
from joinedup.collect.readers.workbook import read_workbook
from joinedup.collect.sheets import ReadResult
from joinedup.registry.forms import Form

HEAD_ROWS = 200


def read(path: Path, forms: Mapping[str, Form], own_headings: Collection[str] = ()) -> ReadResult:
    """Every sheet of the file and everything that could not be read, whatever the file's kind.

    `own_headings` are the agency's headings of inquiry.toml's `mapping`, which help to find the heading row. Raises
    UnreadableError, saying what the file is and how to mend it, where nothing of it can be read.
    """
    return _read(path, ReadOptions(forms, own_headings))


def head(
    path: Path, forms: Mapping[str, Form], own_headings: Collection[str] = (), rows: int = HEAD_ROWS
) -> ReadResult:
    """The first rows of every sheet, for recognising the form without reading a large file.

    Raises UnreadableError as `read` does, for what the first bytes show.
    """
    return _read(path, ReadOptions(forms, own_headings, rows))


def _read(path: Path, options: ReadOptions) -> ReadResult:
    found = sniff(path)
    if found.kind == "xml":
        return read_xml(path, options)
    if found.kind == "json":
        return read_json(path, found.encoding, options)
    if found.kind == "parquet":
        return read_parquet(path, options)
    if found.kind == "csv":
        return read_delimited(path, found.encoding, options)
    return read_workbook(path, options, zipped=found.kind == "zip_workbook")
