"""What must not take the program down: each such file is refused, or read in part, with a clear word and a remedy."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zipfile

import openpyxl
import pytest

from joinedup.collect.readers import archive
from joinedup.collect.readers.archive import check_archive
from joinedup.collect.readers.reading import head, read
from joinedup.errors import UnreadableError
from joinedup.registry.forms import forms

FORMS = forms()


def workbook_bytes(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


GOOD = [["source_ref", "role", "surname"], *[[f"A{place}", "child", "Ash"] for place in range(500)]]


def refused(read_bytes, content, match):
    with pytest.raises(UnreadableError, match=match) as caught:
        read_bytes(content)
    assert caught.value.remedy
    assert "Ash" not in caught.value.message


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_workbook_is_refused(read_bytes, share):
    whole = workbook_bytes(GOOD)
    refused(read_bytes, whole[: int(len(whole) * share)], "truncated or damaged")


def test_a_workbook_with_a_flipped_byte_is_refused(read_bytes):
    content = bytearray(workbook_bytes(GOOD))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as whole:
        entry = whole.getinfo("xl/worksheets/sheet1.xml")
    content[entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2] ^= 0xFF
    refused(read_bytes, bytes(content), "damaged")


def bomb(size):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as content:
            for _ in range(size // (1 << 20)):
                content.write(b"0" * (1 << 20))
    return out.getvalue()


def test_a_zip_bomb_is_refused_by_its_directory_before_it_is_unpacked(read_bytes, monkeypatch):
    content = bomb(60 << 20)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    refused(read_bytes, content, "times its size; at most 200 times")


def test_a_workbook_too_large_names_the_limit(read_bytes, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 1 << 20)
    refused(read_bytes, bomb(2 << 20), "at most 1 MiB")


def test_a_workbook_of_too_many_parts_is_refused(read_bytes, monkeypatch):
    monkeypatch.setattr(archive, "MOST_ENTRIES", 3)
    refused(read_bytes, workbook_bytes(GOOD), "at most 3 are read")


def test_a_directory_that_understates_a_part_is_refused(tmp_path):
    content = bytearray(bomb(4 << 20))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 1000)
    path = tmp_path / "lie"
    path.write_bytes(bytes(content))
    with pytest.raises(UnreadableError, match="damaged"):
        check_archive(path)


def test_a_zip_that_is_no_workbook_is_named(read_bytes):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("return.csv", "source_ref,role\n")
    refused(read_bytes, out.getvalue(), "a zip archive, not a workbook")


def test_an_old_workbook_that_is_only_a_beginning_is_refused(read_bytes):
    refused(read_bytes, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged or of an unknown kind")


def test_a_sheet_of_a_million_formatted_empty_rows_is_read_quickly(read_bytes):
    empty = b"".join(
        b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(3, 1_048_577)
    )
    source = io.BytesIO(workbook_bytes(GOOD[:2]))
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</sheetData>", empty + b"</sheetData>")
            new.writestr(entry, content)
    (sheet,) = read_bytes(out.getvalue()).sheets
    assert (sheet.rows_in, sheet.headings) == (1, ("source_ref", "role", "surname"))


DOCTYPES = {
    "external entity": '<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/hostname">]><Message>&x;</Message>',
    "billion laughs": "<!DOCTYPE m ["
    '<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]><Message>&a9;</Message>",
    "external document type": '<!DOCTYPE Message SYSTEM "http://example.invalid/x.dtd"><Message/>',
}


@pytest.mark.parametrize("content", DOCTYPES.values(), ids=DOCTYPES.keys())
def test_xml_that_declares_entities_or_a_document_type_is_refused(read_bytes, content):
    refused(read_bytes, ('<?xml version="1.0"?>' + content).encode(), "document type or an entity")


def test_a_web_page_under_a_spreadsheets_name_is_named(read_bytes):
    refused(read_bytes, b"<html><body><table></table></body></html>", "web page")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"%PDF-1.7\n1 0 obj", "a PDF document"),
        (b"\x1f\x8b\x08\x00rest", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"MZ\x90\x00\x03\x00", "a program"),
        (bytes(range(256)) * 300, "binary"),
        (b"PAR1 and no more", "Parquet file is truncated"),
    ],
)
def test_what_is_no_table_is_named(read_bytes, content, match):
    refused(read_bytes, content, match)


def test_random_bytes_are_refused(read_bytes):
    refused(read_bytes, random.Random(1).randbytes(50_000).replace(b"PK", b"pk"), "binary|empty")


def test_a_workbook_of_two_letters_is_text(read_bytes):
    assert read_bytes(b"MZ,role\nA1,child\n").sheets[0].table.num_rows == 1


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UnreadableError, match="cannot be opened"):
        read(tmp_path / "gone", FORMS)


PROBE = """
import resource, sys
from pathlib import Path
from joinedup.collect.readers.reading import head
from joinedup.registry.forms import forms
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = head(Path(sys.argv[1]), forms())
print(result.complete, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_the_head_of_200_megabytes_of_one_column_takes_little_memory(tmp_path):
    path = tmp_path / "column"
    with path.open("wb") as file:
        file.write(b"numbers\n")
        for _ in range(200):
            file.write(b"1234567\n" * (1 << 17))
    done = subprocess.run([sys.executable, "-c", PROBE, str(path)], capture_output=True, text=True, check=True)
    complete, mebibytes = done.stdout.split()
    assert complete == "False"
    assert int(mebibytes) < 60


def test_every_row_of_a_whole_file_of_one_column_is_counted_and_few_are_held(tmp_path):
    path = tmp_path / "column"
    path.write_bytes(b"numbers\n" + b"1234567\n" * 300_000)
    result = read(path, FORMS)
    (sheet,) = result.sheets
    assert sheet.rows_in == 300_000
    assert sheet.table.num_rows < sheet.passed_rows
    assert head(path, FORMS, rows=10).sheets[0].table.num_rows == 10
