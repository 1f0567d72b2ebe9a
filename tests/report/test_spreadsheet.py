"""The spreadsheet: a cover, notes, one table a sheet, words for what is not there, and the same bytes each time."""

from __future__ import annotations

import io
import zipfile

from odfdo import Document

from joinedup.report.blocks import Chapter, Section, Table
from joinedup.report.evidence import Frame
from joinedup.report.page import Report
from joinedup.report.press import Printed, Share
from joinedup.report.spreadsheet import ods
from joinedup.stats.disclosure import protect, protect_share

RULE = {"small_from": 1, "small_to": 7, "small_shown": "c", "round_to": 5, "rule": "ons"}


def printed(count):
    return Printed(f"n{count}", "N", protect(count, **RULE))


def report():
    part, base = printed(1264), printed(2083)
    share = Share("girls", protect_share(part.released, base.released), ("n1264", "n2083"))
    rows = (("Girls", part, share), ("Few", printed(3), ""), ("Unknown", printed(None), "too many unknown"))
    table = Table("Children by sex", ("Sex", "Children", "Share"), rows, note="Boys apart.")
    chapters = [Chapter("scale", "Size and scale", (Section("By sex", (table,)), Section("Again", (table,))))]
    return Report(
        Frame("N", "Title", "Q?", "P", {}, run="abcd", version="1"), "counts are rounded", chapters, [], [], {}
    )


def sheets():
    document = Document(io.BytesIO(ods(report())))
    return {sheet.name: [list(row) for row in sheet.iter_values()] for sheet in document.body.tables}


def test_a_cover_notes_and_one_table_a_sheet():
    found = sheets()
    assert list(found) == ["Cover", "Notes", "Table_1", "Table_2"]
    assert ["Table_1", "Children by sex"] in [row[:2] for row in found["Cover"]]
    assert found["Table_1"][0][0] == "Children by sex"
    assert found["Table_1"][3] == ["Sex", "Children", "Share"]


def test_numbers_are_numbers_and_what_is_withheld_has_its_sign():
    rows = sheets()["Table_1"][4:]
    assert rows == [["Girls", 1265, "61%"], ["Few", "[c]", "[z]"], ["Unknown", "[x]", "[u]"]]
    signs = {row[0] for row in sheets()["Notes"]}
    assert {"[c]", "[x]", "[u]", "[z]"} <= signs


def test_no_cell_is_left_empty_within_a_table():
    for rows in sheets().values():
        assert all(row[0] not in (None, "") for row in rows)


def test_the_same_report_gives_the_same_bytes_without_a_date():
    one = ods(report())
    assert one == ods(report())
    with zipfile.ZipFile(io.BytesIO(one)) as kept:
        assert kept.namelist()[0] == "mimetype"
        assert {entry.date_time for entry in kept.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"-date>" not in kept.read("meta.xml").replace(b"<meta:creation-date></meta:creation-date>", b"")
