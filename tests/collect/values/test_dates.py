# ruff: noqa: DTZ001 - moments are local and carry no zone, as in every table
from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.collect.values import dates
from joinedup.collect.values.dates import DateOptions, parse_date, parse_moment

BIRTH = DateOptions(2011, birth=True)
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@pytest.mark.parametrize(
    "raw",
    [
        "03/04/2011", "3/4/2011", "3-4-2011", "03.04.2011", "03 04 2011", "3-Apr-11", "03 Apr 2011", "3rd April 2011",
        "3 April, 2011", "the 3rd of April 2011".removeprefix("the "), "April 3, 2011", "Apr 3rd 2011", "2011-04-03",
        "2011/04/03", "2011-Apr-03", "2011-Apr-03 00:00:00", "2011-04-03T00:00:00", "2011-04-03T00:00:00Z",
        "2011-04-03 00:00:00.000", "03/04/2011 00:00", "Sunday 3 April 2011", "Sun, 3 Apr 2011", "20110403", "03042011",
        "40636", "40636.0", "03/04/11", "3APR2011", "3Apr11", " 03/04/2011 ", "03/04/2011 22:15", "40636.5",
    ],
)  # fmt: skip
def test_one_day_in_the_ways_people_write_it(raw):
    found = parse_date(raw, DateOptions(2011))
    assert (found.value, found.precision, found.fault) == (datetime.datetime(2011, 4, 3), "day", None)


@pytest.mark.parametrize(
    ("raw", "precision", "month"),
    [
        ("April 2011", "month", 4), ("Apr 2011", "month", 4), ("Apr-11", "month", 4), ("Apr '11", "month", 4),
        ("2011-04", "month", 4), ("04/2011", "month", 4), ("2011 April", "month", 4), ("2011", "year", 1),
    ],
)  # fmt: skip
def test_what_is_only_partly_known_keeps_its_precision(raw, precision, month):
    found = parse_date(raw, DateOptions(2011))
    assert (found.value, found.precision) == (datetime.datetime(2011, month, 1), precision)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("31/02/2011", dates.NO_SUCH_DAY),
        ("2011-02-29", dates.NO_SUCH_DAY),
        ("0/04/2011", dates.NO_SUCH_DAY),
        ("31042011", dates.NO_SUCH_DAY),
        ("04/13/2011", dates.NO_SUCH_MONTH),
        ("2011-13-04", dates.NO_SUCH_MONTH),
        ("03/04/2011 24:30", dates.NO_SUCH_TIME),
        ("03/04/2011 13:30pm", dates.NO_SUCH_TIME),
        ("early spring", dates.EXPECTED),
        ("3 Foo 2011", dates.EXPECTED),
        ("12", dates.EXPECTED),
        ("00001", dates.EXPECTED),
        ("99999", dates.EXPECTED),
        ("1066-04-13", dates.TOO_EARLY),
    ],
)
def test_a_fault_says_what_was_expected_and_never_the_value(raw, expected):
    found = parse_date(raw, DateOptions(2011))
    assert (found.value, found.precision, found.fault) == (None, None, expected)
    assert raw not in expected


@pytest.mark.parametrize("raw", ["", "unknown", "N/K", "-", "?", "Not recorded", "n/a"])
def test_a_cell_that_says_nothing_is_no_fault(raw):
    assert parse_date(raw) == dates.ParsedDate()


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("03/04/2011 22:15", (22, 15)),
        ("03/04/2011 22:15:59", (22, 15)),
        ("03/04/2011 22.15", (22, 15)),
        ("03/04/2011 2215hrs", (22, 15)),
        ("3 April 2011 at 10.15pm", (22, 15)),
        ("3 April 2011 10:15 PM", (22, 15)),
        ("03/04/2011 12:05am", (0, 5)),
        ("2011-04-03T22:15", (22, 15)),
        ("2011-04-03T22:15:00.123", (22, 15)),
        ("2011-04-03T21:15:00Z", (22, 15)),  # summer time has begun: an hour ahead
        ("2011-04-03T23:15:00+02:00", (22, 15)),
        ("40636.5", (12, 0)),
    ],
)
def test_times_in_the_ways_people_write_them(raw, moment):
    found = parse_moment(raw, DateOptions(2011))
    assert (found.value, found.precision) == (datetime.datetime(2011, 4, 3, *moment), "minute")


def test_summer_time_ends_on_the_last_sunday_of_october():
    before, after = parse_moment("2010-10-31T00:59:00Z"), parse_moment("2010-10-31T01:00:00Z")
    assert before.value == datetime.datetime(2010, 10, 31, 1, 59)
    assert after.value == datetime.datetime(2010, 10, 31, 1, 0)


def test_two_digit_years_fall_by_the_last_year_of_the_inquiry():
    assert parse_date("03/04/11", BIRTH).value.year == 2011
    assert parse_date("03/04/12", BIRTH).value.year == 1912
    assert parse_date("03/04/12", DateOptions(2011)).value.year == 2012
    assert parse_date("03/04/98", DateOptions(2011)).value.year == 1998


def test_a_birth_after_the_inquiry_is_a_fault():
    assert parse_date("03/04/2012", BIRTH).fault == dates.NOT_YET_BORN
    assert parse_date("03/04/2012", DateOptions(2011)).fault is None


def test_placeholders_of_births_are_told_apart():
    assert parse_date("01/01/1996", BIRTH).precision == "placeholder"
    assert parse_date("01/01/2010", DateOptions(2011)).precision == "day"
    declared = DateOptions(2011, birth=True, unknown=("11/11/1911",))
    assert parse_date("1911-11-11", declared).precision == "placeholder"
    assert parse_date("1911", declared).precision == "year"


WAYS = [
    lambda d: f"{d.day:02}/{d.month:02}/{d.year}",
    lambda d: f"{d.day}/{d.month}/{d.year}",
    lambda d: f"{d.day}.{d.month}.{d.year}",
    lambda d: f"{d.day}-{MONTHS[d.month - 1][:3]}-{d.year % 100:02}",
    lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
    lambda d: d.date().isoformat(),
    lambda d: d.isoformat(),
    lambda d: f"{d.year}-{MONTHS[d.month - 1][:3]}-{d.day:02} 00:00:00",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d:%d%m%Y}",
    lambda d: str((d - datetime.datetime(1899, 12, 30)).days),
    lambda d: f"{d.day:02}/{d.month:02}/{d.year % 100:02}",
]


@given(
    st.datetimes(datetime.datetime(1930, 1, 1), datetime.datetime(2025, 12, 31)).map(
        lambda m: m.replace(hour=0, minute=0, second=0, microsecond=0)
    ),
    st.sampled_from(WAYS),
)
def test_any_day_written_in_any_way_is_read_back(day, way):
    """The last year is that of the latest day here, so that two-digit years have one meaning: the 100 years before."""
    found = parse_date(way(day), DateOptions(2025, birth=True))
    assert found.value == day
    assert found.precision in ("day", "placeholder")


@given(st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2025, 12, 31)))
def test_any_minute_written_is_read_back(moment):
    moment = moment.replace(second=0, microsecond=0)
    for text in (
        f"{moment:%d/%m/%Y %H:%M}",
        moment.isoformat(),
        f"{moment:%d %b %Y %I:%M %p}",
        f"{moment:%d.%m.%Y %H.%M}",
    ):
        assert parse_moment(text, DateOptions(2025)).value == moment


@given(st.text(max_size=20))
def test_any_text_is_a_value_a_fault_or_nothing(text):
    found = parse_moment(text, BIRTH)
    assert (found.value is None) == (found.precision is None)
    assert found.fault is None or found.value is None
