"""What a file is, by its bytes and never by its name: its kind, and the encoding of text."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from joinedup.errors import UnreadableError

HEAD_BYTES = 65_536
LONGEST_LINE = 1_048_576
"""No return has a line of a mebibyte: a file that does is not lines of text."""

Kind = Literal["csv", "zip_workbook", "old_workbook", "xml", "json", "parquet"]

_SEND_TABLE = "Send the table itself as CSV, XLSX, XLS, ODS, XML, JSON lines or Parquet."

_NOT_TABLES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a word-processor document"),
    (b"SQLite format 3", "a database file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The kind of a file and, for text, its encoding (empty otherwise)."""

    kind: Kind
    encoding: str = ""


def sniff(path: Path) -> Sniffed:
    """What the file is.

    Raises UnreadableError where it is empty, binary, or a known thing that is no table.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise UnreadableError(
            f"the file cannot be opened: {error.strerror or type(error).__name__}", remedy="Make the file readable."
        ) from error
    if not head.strip(b"\x00\x09\x0a\x0d\x1a\x20\xef\xbb\xbf\xfe\xff"):
        raise UnreadableError(
            "the file is empty",
            remedy="Ask the agency to send it again; if it holds nothing, say so in inquiry.toml: holds_nothing = true.",
        )
    if head.startswith(b"PAR1"):
        return Sniffed("parquet")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Sniffed("zip_workbook")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Sniffed("old_workbook")
    for mark, what in _NOT_TABLES:
        if head.startswith(mark) and (len(mark) > 2 or b"\x00" in head[:512] or mark == b"\x1f\x8b"):
            raise UnreadableError(f"the file is {what}, not a table", remedy=_SEND_TABLE)
    encoding = text_encoding(head)
    text = head.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")
    return _text_kind(text, encoding)


def _text_kind(text: str, encoding: str) -> Sniffed:
    start = text[:512].lower()
    if start.startswith("<"):
        if start.startswith(("<html", "<!doctype html")):
            raise UnreadableError(
                "the file is a web page saved under a spreadsheet's name",
                remedy="Open it in a spreadsheet program and save it as CSV or XLSX.",
            )
        return Sniffed("xml", encoding)
    if start.startswith("{") or (start.startswith("[") and start[1:].lstrip().startswith(("{", "]"))):
        return Sniffed("json", encoding)
    return Sniffed("csv", encoding)


def text_encoding(head: bytes) -> str:
    """The encoding of text by its first bytes: by its mark, else by where its zero bytes fall, else UTF-8.

    Bytes that are not UTF-8 are met later, one by one (see `joinedup.collect.readers.fallback`). Raises
    UnreadableError where the bytes are not text.

    >>> text_encoding(b"Surname,DOB"), text_encoding("Surname".encode("utf-16")), text_encoding("Surname".encode("utf-16-le"))
    ('utf-8', 'utf-16', 'utf-16-le')
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    zeros = head.count(0)
    if zeros:
        odd, even = head[1::2].count(0), head[::2].count(0)
        if odd * 2.5 > len(head) / 2 and even * 20 < odd:
            return "utf-16-le"
        if even * 2.5 > len(head) / 2 and odd * 20 < even:
            return "utf-16-be"
    controls = sum(head.count(code) for code in range(32) if code not in (9, 10, 12, 13, 26))
    if zeros > len(head) // 1000 + 3 or controls > len(head) // 100 + 8:
        raise UnreadableError("the file is binary, not text and not a known kind of table", remedy=_SEND_TABLE)
    return "utf-8"


def scan_text(path: Path, encoding: str) -> str:
    """The encoding the whole file bears out: 'windows-1252' where it is not UTF-8 throughout.

    Reads the file once in small blocks. Raises UnreadableError on a line longer than a mebibyte.
    """
    decoder = codecs.getincrementaldecoder("utf-8")() if encoding in ("utf-8", "utf-8-sig") else None
    found = encoding
    without_end = 0
    with path.open("rb") as file:
        while block := file.read(LONGEST_LINE):
            last = max(block.rfind(b"\n"), block.rfind(b"\r"))
            without_end = without_end + len(block) if last < 0 else len(block) - last
            if without_end > 2 * LONGEST_LINE:
                raise UnreadableError(
                    f"a line is longer than {LONGEST_LINE:,} bytes, so the file is not lines of a table",
                    remedy=_SEND_TABLE,
                )
            if decoder is not None:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    decoder, found = None, "windows-1252"
        if decoder is not None:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                found = "windows-1252"
    return found
