"""Delimited text and workbooks, the same bytes whenever they are written."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Literal

import openpyxl
import pyarrow as pa
import pyarrow.csv

from joinedup.simulate.writers.cells import Sheet

_FIXED_MOMENT = b"2011-03-25T12:00:00Z"
_FIXED_ZIP_DATE = (2011, 3, 25, 12, 0, 0)


def delimited(sheet: Sheet, delimiter: str, encoding: str) -> bytes:
    """The sheet as delimited text; a letter the encoding lacks becomes '?', as in such files."""
    table = pa.table([pa.array(column, pa.string()) for column in sheet.columns], names=sheet.headings)
    sink = io.BytesIO()
    # A bare line of headings: the writer would put every one in quotes.
    sink.write((delimiter.join(_quoted(heading, delimiter) for heading in sheet.headings) + "\n").encode())
    style: Literal["none", "needed"] = "none" if _plain(table, delimiter) else "needed"
    options = pyarrow.csv.WriteOptions(include_header=False, delimiter=delimiter, quoting_style=style)
    pyarrow.csv.write_csv(table, sink, options)
    data = sink.getvalue()
    return data if encoding == "utf-8" else data.decode("utf-8").encode(encoding, errors="replace")


def _quoted(text: str, delimiter: str) -> str:
    return f'"{text}"' if delimiter in text else text


def _plain(table: pa.Table, delimiter: str) -> bool:
    """Whether no cell needs quoting."""
    pattern = "[" + re.escape(delimiter) + '"\r\n]'
    return not any(
        pa.compute.any(pa.compute.match_substring_regex(column, pattern)).as_py() for column in table.columns
    )


def workbook(sheet: Sheet, title: str) -> bytes:
    """The sheet as an XLSX workbook of one sheet; days are date cells."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(title)
    page.append(sheet.headings)
    columns = [
        sheet.days[place].tolist() if place in sheet.day_columns else column.tolist()
        for place, column in enumerate(sheet.columns)
    ]
    for row in zip(*columns, strict=True):
        page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return _timeless(buffer.getvalue())


def _timeless(data: bytes) -> bytes:
    """The workbook with fixed moments in its properties and its archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _FIXED_MOMENT, content)
            member = zipfile.ZipInfo(name, _FIXED_ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return out.getvalue()


def write(path: Path, data: bytes) -> None:
    """Writes a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
