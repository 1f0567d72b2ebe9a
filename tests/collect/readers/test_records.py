# ruff: noqa: DTZ001 - moments are local and carry no zone, as in every table
from __future__ import annotations

import datetime
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from joinedup.errors import UnreadableError

RECORDS = [
    {"source_ref": "A1", "role": "child", "phones": ["1", "2"], "home": {"postcode": "ZX1 1AA"}, "nhs_no": 9434765919},
    {"source_ref": "A2", "surname": "Łącki", "nhs_no": 5.0, "seen": True, "role": None},
]


def as_rows(result):
    (sheet,) = result.sheets
    return [
        {heading: value for heading, value in zip(sheet.headings, row, strict=True) if value is not None}
        for row in zip(*[column.to_pylist() for column in sheet.table.columns], strict=True)
    ]


EXPECTED = [
    {"source_ref": "A1", "role": "child", "phones": "1;2", "home.postcode": "ZX1 1AA", "nhs_no": "9434765919"},
    {"source_ref": "A2", "surname": "Łącki", "nhs_no": "5", "seen": "TRUE"},
]


def test_json_lines_are_read_whatever_keys_each_has(read_text):
    result = read_text("\n".join(json.dumps(record) for record in RECORDS) + "\n")
    assert as_rows(result) == EXPECTED
    assert result.sheets[0].rows.to_pylist() == [1, 2]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_array_is_read_alike(read_text, indent):
    assert as_rows(read_text(json.dumps(RECORDS, indent=indent))) == EXPECTED


def test_a_long_array_is_read_in_pieces(read_text):
    result = read_text(json.dumps(RECORDS * 20_000))
    assert result.sheets[0].rows_in == 40_000
    assert as_rows(result)[-2:] == EXPECTED


def test_a_damaged_line_is_refused_and_the_others_are_read(read_text):
    result = read_text('{"source_ref": "A1"}\n{"source_ref": \n[1]\n\n{}\n{"source_ref": "A2"}\n')
    (sheet,) = result.sheets
    assert sheet.rows.to_pylist() == [1, 6]
    assert (sheet.refused_rows, sheet.blank_rows) == (2, 1)
    assert [problem.row for problem in result.problems] == [2, 3]


def test_json_that_is_neither_lines_nor_an_array_is_refused(read_text):
    with pytest.raises(UnreadableError, match="neither one object a line"):
        read_text(json.dumps({"records": RECORDS}, indent=1))


@pytest.mark.parametrize("cut", [5, 60, -1, -10])
def test_an_array_cut_short_is_refused(read_text, cut):
    with pytest.raises(UnreadableError, match="breaks off"):
        read_text(json.dumps(RECORDS)[:cut])


def test_parquet_is_read_as_text(read_bytes):
    table = pa.table(
        {
            "source_ref": ["A1", "A2", None],
            "dob": pa.array([datetime.date(2001, 4, 3), None, None]),
            "missing_from": pa.array([datetime.datetime(2011, 4, 3, 22, 15), None, None]),
            "nhs_no": pa.array([9434765919.0, float("nan"), None]),
            "phones": pa.array([["1", "2"], None, None]),
            "role": pa.array(["child", "child", None]).dictionary_encode(),
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out)
    result = read_bytes(out.getvalue())
    assert as_rows(result) == [
        {"source_ref": "A1", "dob": "2001-04-03", "missing_from": "2011-04-03T22:15:00", "nhs_no": "9434765919",
         "phones": "1;2", "role": "child"},
        {"source_ref": "A2", "role": "child"},
    ]  # fmt: skip
    assert result.sheets[0].rows.to_pylist() == [1, 2]
    assert result.sheets[0].blank_rows == 1
