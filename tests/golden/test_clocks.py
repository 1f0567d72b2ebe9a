"""Clocks worked by hand from published bank holidays, across month ends and the nations of the United Kingdom."""

from __future__ import annotations

import datetime

import ibis
import numpy as np
import pytest

from joinedup.audit.clocks import with_due
from joinedup.registry.calendars import add_working_days
from joinedup.registry.standards import standards

# Bank holidays as gov.uk/bank-holidays published them. Each line was counted with a pencil.
WORKED = [
    # Easter 2011: Good Friday 22 April; Easter Monday 25 April everywhere but Scotland; 29 April the royal wedding; 2 May.
    ("2011-04-21", 1, "england", "2011-04-26"),
    ("2011-04-21", 1, "wales", "2011-04-26"),
    ("2011-04-21", 1, "northern_ireland", "2011-04-26"),
    ("2011-04-21", 1, "scotland", "2011-04-25"),
    ("2011-04-15", 10, "england", "2011-05-05"),
    ("2011-04-15", 10, "scotland", "2011-05-04"),
    # New Year: 2 January is a holiday in Scotland alone; in 2010 it fell on a Saturday, its substitute was Monday 4 January.
    ("2009-12-31", 1, "england", "2010-01-04"),
    ("2009-12-31", 1, "scotland", "2010-01-05"),
    # St Patrick's Day and 12 July in Northern Ireland; St Andrew's Day in Scotland; August's holiday first or last Monday.
    ("2010-03-16", 1, "northern_ireland", "2010-03-18"),
    ("2010-03-16", 1, "england", "2010-03-17"),
    ("2010-07-09", 1, "northern_ireland", "2010-07-13"),
    ("2010-07-09", 1, "wales", "2010-07-12"),
    ("2010-07-30", 1, "scotland", "2010-08-03"),
    ("2010-07-30", 1, "england", "2010-08-02"),
    ("2010-08-27", 1, "england", "2010-08-31"),
    ("2010-08-27", 1, "scotland", "2010-08-30"),
    ("2010-11-29", 1, "scotland", "2010-12-01"),
    # Christmas 2010 fell on a weekend: substitutes on the 27th and 28th. From a month's end into the next year's third day off.
    ("2010-12-24", 1, "england", "2010-12-29"),
    ("2010-12-24", 5, "england", "2011-01-05"),
    # A leap day counts as any other day.
    ("2012-02-28", 2, "england", "2012-03-01"),
    # Forty-five working days with no holiday between are nine weeks; with Easter, the wedding and May Day two weeks and four days more.
    ("2010-09-06", 45, "england", "2010-11-08"),
    ("2011-03-21", 45, "england", "2011-05-27"),
    # Fifteen working days over Easter 2010 (2 and 5 April).
    ("2010-03-19", 15, "england", "2010-04-13"),
]


@pytest.mark.parametrize(("start", "count", "nation", "due"), WORKED)
def test_working_days_as_counted_by_hand(start, count, nation, due):
    assert str(add_working_days(np.array([start], "datetime64[D]"), count, nation)[0]) == due


@pytest.mark.parametrize(
    ("returned", "due"),
    [
        # Statutory guidance 2014: 72 hours are three days by the clock, whatever days they are.
        ("2010-04-01 09:00", "2010-04-04 09:00"),
        ("2008-02-27 23:59", "2008-03-01 23:59"),
        ("2009-12-30 18:30", "2010-01-02 18:30"),
        # Clocks go forward on 28 March 2010: times are local, as forces write them, and the hour is not made up.
        ("2010-03-27 12:00", "2010-03-30 12:00"),
    ],
)
def test_72_hours_run_through_weekends_holidays_month_ends_and_new_year(returned, due):
    moment = ibis.literal(datetime.datetime.fromisoformat(returned))
    table = ibis.memtable({"one": [1]}).mutate(from_earliest=moment, from_latest=moment)
    found = with_due(table, standards()["return_interview_72h"]).to_pyarrow().to_pylist()[0]
    assert found["due_latest"] == datetime.datetime.fromisoformat(due)


def test_calendar_days_run_to_the_end_of_the_last():
    moment = ibis.literal(datetime.datetime.fromisoformat("2010-03-18"))
    table = ibis.memtable({"one": [1]}).mutate(from_earliest=moment, from_latest=moment)
    found = with_due(table, standards()["conference_21_calendar_days_scotland"]).to_pyarrow().to_pylist()[0]
    assert found["due_latest"] == datetime.datetime.fromisoformat("2010-04-08 23:59")
