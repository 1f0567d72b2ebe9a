from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.registry.calendars import add_working_days, bank_holidays


def after(day, count, nation="england"):
    return str(add_working_days(np.array([day], "datetime64[D]"), count, nation)[0])


@pytest.mark.parametrize(
    ("day", "count", "nation", "expected"),
    [
        # Counted on a wall calendar; bank holidays as printed at gov.uk/bank-holidays.
        ("2010-12-24", 1, "england", "2010-12-29"),  # Christmas and Boxing Day at a weekend: the 27th and 28th instead
        ("2010-12-31", 1, "england", "2011-01-04"),  # New Year's Day on a Saturday: Monday the 3rd instead
        ("2011-04-21", 1, "england", "2011-04-26"),  # Good Friday and Easter Monday
        ("2011-04-28", 1, "england", "2011-05-03"),  # the royal wedding on the 29th, then early May
        ("2012-06-01", 1, "wales", "2012-06-06"),  # the diamond jubilee
        ("2011-04-21", 1, "scotland", "2011-04-25"),  # Easter Monday is none there
        ("2011-03-16", 1, "northern_ireland", "2011-03-18"),  # Saint Patrick's Day
        ("2010-09-04", 1, "england", "2010-09-06"),  # from a Saturday
        ("2010-09-04", 0, "england", "2010-09-03"),  # day nought of a weekend is the last working day before it
        ("2008-02-28", 2, "wales", "2008-03-03"),  # a leap day
    ],
)
def test_working_days_by_hand(day, count, nation, expected):
    assert after(day, count, nation) == expected


def test_the_bank_holidays_of_2011_in_england_are_those_the_government_printed():
    printed = "2011-01-03 2011-04-22 2011-04-25 2011-04-29 2011-05-02 2011-05-30 2011-08-29 2011-12-26 2011-12-27"
    weekdays = [day for day in bank_holidays("england", 2011, 2011) if datetime.date.fromisoformat(day).weekday() < 5]
    assert weekdays == printed.split()


def test_a_missing_day_stays_missing():
    days = add_working_days(np.array(["NaT", "2010-09-06"], "datetime64[D]"), 1, "england")
    assert [str(day) for day in days] == ["NaT", "2010-09-07"]
    assert add_working_days(np.array([], "datetime64[D]"), 1, "england").size == 0


@given(st.dates(datetime.date(2005, 1, 1), datetime.date(2025, 12, 31)), st.integers(1, 60))
def test_between_a_day_and_the_day_it_gives_lie_that_many_working_days(day, count):
    found = datetime.date.fromisoformat(after(day.isoformat(), count))
    closed = set(bank_holidays("england", 2004, 2027))
    between = [day + datetime.timedelta(n) for n in range(1, (found - day).days + 1)]
    working = [one for one in between if one.weekday() < 5 and one.isoformat() not in closed]
    assert len(working) == count
    assert working[-1] == found
