from __future__ import annotations

import csv
import io
import time
import zipfile

import numpy as np
import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from joinedup.simulate.writers.cells import Sheet
from joinedup.simulate.writers.tables import delimited, workbook

TEXT = st.one_of(st.none(), st.text(alphabet="aé ;,\"'\t1", min_size=1, max_size=8))


def sheet(rows: list[tuple[str | None, str | None]]) -> Sheet:
    columns = [np.array([row[place] for row in rows], dtype=object) for place in range(2)]
    return Sheet(["One", "Two, or more"], columns, frozenset(), {})


@given(
    st.lists(st.tuples(TEXT, TEXT), max_size=6), st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "cp1252"])
)
def test_what_is_written_is_what_a_csv_reader_reads(
    rows: list[tuple[str | None, str | None]], delimiter: str, encoding: str
) -> None:
    text = delimited(sheet(rows), delimiter, encoding).decode(encoding)
    read = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    assert read[0] == ["One", "Two, or more"]
    assert [tuple(row) for row in read[1:]] == [tuple(cell or "" for cell in row) for row in rows]


def test_a_letter_the_encoding_lacks_becomes_a_question_mark() -> None:
    assert delimited(sheet([("Łukasz", None)]), ";", "cp1252").splitlines()[1].startswith(b"?ukasz")


def test_a_workbook_has_the_same_bytes_at_another_moment_and_days_are_dates() -> None:
    days = np.array(["2010-04-03"], dtype="datetime64[D]")
    page = Sheet(
        ["Name", "Day"], [np.array(["Ana"], dtype=object), np.array(["x"], dtype=object)], frozenset({1}), {1: days}
    )
    first = workbook(page, "page")
    time.sleep(2.1)  # an archive counts in steps of two seconds
    assert workbook(page, "page") == first
    rows = list(openpyxl.load_workbook(io.BytesIO(first))["page"].iter_rows(values_only=True))
    assert rows[0] == ("Name", "Day")
    assert str(rows[1][1])[:10] == "2010-04-03"
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {(2011, 3, 25, 12, 0, 0)}
