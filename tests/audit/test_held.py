from __future__ import annotations

import json

import pytest

INTERVIEW, ASSESSMENT = "return_interview_72h", "assessment_45_working_days"
MET, BREACHED, CANNOT_TELL, NOT_DUE = (1, 1, 0, 0), (1, 0, 1, 0), (1, 0, 0, 1), (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("returned", "interview", "expected"),
    [
        ("2010-03-01 10:00", "2010-03-04 10:00", MET),
        ("2010-03-01 10:00", "2010-03-04 10:01", BREACHED),
        # Across a month's end and the end of February in a leap year.
        ("2008-02-28 23:59", "2008-03-02 23:59", MET),
        ("2008-02-28 23:59", "2008-03-03 00:00", BREACHED),
        # Days without times: every minute of the third day may be in time or late, the fourth is late, the second in time.
        ("2010-03-01", "2010-03-03", MET),
        ("2010-03-01", "2010-03-04", CANNOT_TELL),
        ("2010-03-01", "2010-03-05", BREACHED),
        # The interview's day alone: late when its first minute is.
        ("2010-03-01 10:00", "2010-03-04", CANNOT_TELL),
        ("2010-03-01 10:00", "2010-03-05", BREACHED),
        ("2010-03-01 10:00", "2010-03-03", MET),
        # Before the return: a mistake in one date or the other.
        ("2010-03-01 10:00", "2010-02-27 10:00", CANNOT_TELL),
    ],
)
def test_a_return_interview_is_late_only_where_it_must_be(region, review, returned, interview, expected):
    region.missing(returned, interview)
    assert review(region, INTERVIEW) == expected


def test_an_interview_not_held_is_told_apart_from_one_not_recorded(region, review):
    region.missing("2010-03-01 10:00", offered="no", case="1")
    region.missing("2010-03-01 10:00", offered=None, case="2", person="q")
    assert review(region, INTERVIEW) == (2, 0, 1, 1)


def test_an_open_episode_and_one_whose_clock_still_runs_are_not_due(region, review):
    region.missing(None, offered="no", case="1")
    region.missing("2011-06-27 00:00", offered="no", case="2", person="q")
    assert review(region, INTERVIEW) == NOT_DUE
    region.missing("2011-06-26 23:59", offered="no", case="3", person="r")
    assert review(region, INTERVIEW) == BREACHED


def test_another_agencys_interview_counts_until_the_next_episode(region, review):
    region.missing("2010-03-01 10:00", offered="no", case="1")
    region.event("return_interview", "2010-03-02 10:00", agency="council", form="annex_a")
    region.event("return_interview", "2010-03-02 10:00", agency="council", form="annex_a", person="q")
    region.missing("2010-03-01 10:00", offered="no", case="2", person="r")
    assert review(region, INTERVIEW) == (2, 1, 1, 0)


def test_a_form_that_cannot_hold_an_interviews_date_is_not_held_to_its_clock(region, review):
    region.missing("2010-03-01", offered=None, agency="council", form="ssda903")
    assert review(region, INTERVIEW) == NOT_DUE


@pytest.mark.parametrize(
    ("referred", "authorised", "expected"),
    [
        # By hand: nine weeks with no bank holiday end on the same weekday.
        ("2010-09-06", "2010-11-08", MET),
        ("2010-09-06", "2010-11-09", BREACHED),
        # Christmas and Boxing Day fell on a weekend in 2010 (substitutes 27 and 28 December), New Year's Day on a Saturday
        # (substitute 3 January): nine weeks from Monday 6 December and three days more.
        ("2010-12-06", "2011-02-10", MET),
        ("2010-12-06", "2011-02-11", BREACHED),
        # Good Friday 22, Easter Monday 25, the royal wedding 29 April, 2 May: nine weeks from Monday 21 March end on 23 May,
        # and four days more.
        ("2011-03-21", "2011-05-27", MET),
        ("2011-03-21", "2011-05-30", BREACHED),
        # A referral on a Saturday counts from the Monday.
        ("2010-09-04", "2010-11-05", MET),
        ("2010-09-04", "2010-11-08", BREACHED),
        # Authorised before it was referred.
        ("2010-09-06", "2010-09-01", CANNOT_TELL),
    ],
)
def test_assessment_within_45_working_days(region, review, referred, authorised, expected):
    region.referral(referred, authorised)
    assert review(region, ASSESSMENT) == expected


def test_an_open_assessment_is_a_breach_only_once_it_is_overdue(region, review):
    region.referral("2010-09-06")
    region.referral("2011-06-01", case="2")
    assert review(region, ASSESSMENT) == BREACHED


def test_a_referral_closed_with_no_further_action_is_not_due(region, review):
    region.referral("2010-09-06", assessed=False, outcome="no_further_action")
    region.referral("2010-09-06", "2010-10-01", case="2")
    assert review(region, ASSESSMENT) == MET


def test_no_assessment_at_all_is_a_breach_where_the_source_records_assessments_and_unknown_where_it_does_not(
    region, review
):
    region.referral("2010-09-06", assessed=False)
    assert review(region, ASSESSMENT) == CANNOT_TELL
    region.referral("2010-09-06", "2010-10-01", case="2")
    assert review(region, ASSESSMENT) == (2, 1, 1, 0)


def test_a_breach_says_its_reason_and_rows(region, breaches):
    late = region.missing("2010-03-01 10:00", "2010-03-10 10:00", case="1")
    never = region.missing("2010-03-01 10:00", offered="no", case="2", person="q")
    first, second = breaches(region, INTERVIEW)
    assert (first["reason"], first["outcome"], json.loads(first["evidence"])) == (
        "The return interview was held on 10 March 2010, later than 72 hours after the child's return.", "late", late,
    )  # fmt: skip
    assert (second["reason"], second["outcome"], json.loads(second["evidence"])) == (
        "The child returned and the record shows no return interview held.", "not_done", never,
    )  # fmt: skip
    assert (str(first["due"]), str(first["done"])) == ("2010-03-04 10:00:00", "2010-03-10 10:00:00")
    assert second["done"] is None
