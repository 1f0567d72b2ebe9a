# ruff: noqa: DTZ001 - moments are local and carry no zone, as in every table
from __future__ import annotations

import datetime
import typing

import pyarrow as pa
import pytest

from joinedup.collect.values import columns
from joinedup.collect.values.columns import PARTS, ColumnOptions, parse_column
from joinedup.collect.values.dates import DateOptions
from joinedup.errors import InternalError
from joinedup.registry.code_sets import code_sets
from joinedup.registry.forms import ColumnType, forms

SETS = code_sets()
RAW = ["1", None, "F", "yes", "03/04/2001", "unknown", "M1 1AA", "07700 900001; 12", "child", "?", "1"]


def options_of(kind):
    scheme = {"code": "ethnicity_dfe", "codes": "disability", "sex": "sex", "role": "roles", "status": "status"}.get(
        kind
    )
    return ColumnOptions(DateOptions(2011), SETS[scheme] if scheme else None)


@pytest.mark.parametrize("kind", typing.get_args(ColumnType))
def test_every_column_type_gives_its_parts_row_for_row(kind):
    parsed = parse_column(kind, pa.chunked_array([RAW[:3], RAW[3:]], pa.string()), options_of(kind))
    assert tuple(parsed.parts) == PARTS[kind]
    assert {len(part) for part in (*parsed.parts.values(), parsed.fault, parsed.changed)} == {len(RAW)}
    assert all(part[1].as_py() is None for part in (*parsed.parts.values(), parsed.fault, parsed.changed))
    for part in (*parsed.parts.values(), parsed.fault):
        assert part[0].as_py() == part[10].as_py()
    for fault in parsed.fault.to_pylist():
        assert fault is None or not any(
            raw and len(raw) > 2 and raw in fault for raw in RAW if raw not in ("child", "yes")
        )


@pytest.mark.parametrize("kind", typing.get_args(ColumnType))
def test_an_empty_column_and_a_column_of_nothing_are_read(kind):
    assert len(parse_column(kind, pa.array([], pa.string()), options_of(kind))) == 0
    assert parse_column(kind, pa.nulls(3, pa.string()), options_of(kind))["value"].null_count == 3


def test_each_distinct_value_is_parsed_once(monkeypatch):
    seen = []
    real = columns.parse_postcode
    monkeypatch.setattr(columns, "parse_postcode", lambda raw: seen.append(raw) or real(raw))
    parse_column("postcode", pa.array(["M1 1AA", "M1 1AB"] * 50_000))
    assert sorted(seen) == ["M1 1AA", "M1 1AB"]


def test_dates_and_moments_are_typed():
    when = pa.array(["03/04/2001 22:15", "31/02/2001"])
    day = parse_column("date", when, ColumnOptions(DateOptions(2011, birth=True)))
    moment = parse_column("moment", when)
    assert day["value"].to_pylist() == [datetime.date(2001, 4, 3), None]
    assert moment["value"].to_pylist() == [datetime.datetime(2001, 4, 3, 22, 15), None]
    assert moment["precision"].to_pylist() == ["minute", None]
    assert day.fault.to_pylist() == [None, "a day that exists in the calendar"]


def test_codes_carry_their_scheme_and_version():
    parsed = parse_column("code", pa.array(["WBRI", "REFU", "n/k", "zzz"]), options_of("code"))
    assert parsed["value"].to_pylist() == ["WBRI", "REFU", None, None]
    assert parsed["state"].to_pylist() == ["recorded", "refused", "not_stated", "not_in_scheme"]
    assert set(parsed["scheme"].to_pylist()) == {"ethnicity_dfe"}
    assert parsed.fault.to_pylist()[:3] == [None] * 3


@pytest.mark.parametrize("scheme", [None, "sex"])
def test_sex_is_f_m_or_nothing_by_code_set_or_by_words(scheme):
    raw = pa.array(["F", "male", "2", "1.0", "U", "Indeterminate", "9", "banana"])
    parsed = parse_column("sex", raw, ColumnOptions(code_set=SETS[scheme] if scheme else None))
    assert parsed["value"].to_pylist() == ["F", "M", "F", "M" if scheme else None, None, None, None, None]
    assert parsed.fault.to_pylist()[-1]


def test_a_status_not_stated_is_kept_apart_from_an_empty_cell():
    parsed = parse_column("status", pa.array(["known victim", "not stated", None]), options_of("status"))
    assert parsed["value"].to_pylist() == ["known", "not_stated", None]


def test_yes_and_no_in_their_spellings():
    raw = pa.array(["Yes", "N", "TRUE", "0", "1", "unknown", "maybe"])
    parsed = parse_column("yes_no", raw)
    assert parsed["value"].to_pylist() == ["yes", "no", "yes", "no", "yes", None, None]
    assert parsed.fault.to_pylist()[4:] == [None, None, "yes or no"]


def test_numbers():
    parsed = parse_column("number", pa.array(["1,234", "12.50", "45%", "n/a", "many"]))
    assert parsed["value"].to_pylist() == [1234.0, 12.5, 45.0, None, None]
    assert parsed.fault.null_count == 4


def test_a_code_column_without_its_code_set_is_our_fault():
    with pytest.raises(InternalError, match="code set"):
        parse_column("code", pa.array(["A"]))


def test_every_type_and_code_set_of_every_form_can_be_parsed():
    for form in forms().values():
        for sheet in form.sheets:
            for column in sheet.columns:
                scheme = SETS[column.codes] if column.codes else None
                parse_column(column.type, pa.array([column.example or "x"]), ColumnOptions(DateOptions(2011), scheme))


def test_the_example_of_every_column_of_every_form_is_read_without_fault():
    for form in forms().values():
        for sheet in form.sheets:
            for column in sheet.columns:
                if column.example:
                    scheme = SETS[column.codes] if column.codes else None
                    parsed = parse_column(column.type, pa.array([column.example]), ColumnOptions(code_set=scheme))
                    assert parsed.fault.to_pylist() == [None], (form.id, column.id)
