from __future__ import annotations

import datetime

import pytest

from joinedup.audit.held import hold
from joinedup.audit.waits import quarters_of, timeliness_of, waits
from joinedup.registry.standards import standards

LAST = datetime.date(2011, 6, 29)
INTERVIEW, ASSESSMENT = "return_interview_72h", "assessment_45_working_days"


def held(region, rule):
    return standards()[rule], hold(standards()[rule], region.records())


def test_an_open_case_waits_to_the_end_of_the_data_and_a_silent_record_not_at_all(region):
    region.missing("2010-03-01 10:00", "2010-03-02 10:00", case="1")
    region.missing("2011-06-29 11:59", offered="no", case="2", person="q")
    region.missing("2010-03-01 10:00", offered=None, case="3", person="r")
    region.missing("2010-03-01 10:00", "2010-02-27 10:00", case="4", person="s")
    _, waited, done = waits(*held(region, INTERVIEW), LAST)
    assert sorted(zip(waited.tolist(), done.tolist(), strict=True)) == [(12.0, False), (24.0, True)]


def test_working_days_are_counted_without_bank_holidays(region):
    # By hand: from Thursday 1 April 2010 to Tuesday the 6th, with Good Friday and Easter Monday between, is one working day.
    region.referral("2010-04-01", "2010-04-06")
    _, waited, _ = waits(*held(region, ASSESSMENT), LAST)
    assert waited.tolist() == [1.0]


def test_the_curve_counts_open_cases_for_as_long_as_they_were_watched(region):
    for number in range(20):
        region.missing("2010-03-01 10:00", "2010-03-02 10:00" if number < 10 else None, offered="no", case=str(number), person=f"p{number}")  # fmt: skip
    rows = timeliness_of(*held(region, INTERVIEW), LAST)
    at_clock = {(row["agency"], row["after"]): row["percent_taken"] for row in rows}
    # Ten of twenty had their interview after a day; the others never did.
    assert at_clock["all", 18.0] == 0
    assert at_clock["all", 72.0] == at_clock["police", 72.0] == pytest.approx(50)


def test_parts_of_a_clock_of_days_are_whole_days(region):
    for number in range(20):
        region.referral("2010-04-01", "2010-09-01", case=str(number))
    rows = timeliness_of(*held(region, ASSESSMENT), LAST)
    assert [row["after"] for row in rows if row["agency"] == "all"][:5] == [0, 12, 23, 34, 45]


def test_quarters_are_those_in_which_the_step_fell_due(region):
    # The clock of 72 hours from 30 March runs out in April.
    region.missing("2010-03-30 10:00", "2010-04-01 10:00", case="1")
    region.missing("2010-03-01 10:00", offered="no", case="2", person="q")
    rows = {row["quarter"]: (row["due"], row["met"], row["share"]) for row in quarters_of(*held(region, INTERVIEW))}
    assert rows == {"2010 Q1": (1, 0, 0.0), "2010 Q2": (1, 1, 1.0)}
