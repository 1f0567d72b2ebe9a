"""An event's length where its start and end are known to the minute, to the day, by one source or by two."""

from __future__ import annotations

import json

import pytest

RULE = "missing_24_hours"


@pytest.fixture
def found(find, rows):
    def run(region):
        store = find(region, rule_packs=["missing"])
        (row,) = rows(store, "rule_coverage", rule=RULE)
        return rows(store, "concerns", rule=RULE), (row["fired"], row["not_fired"], row["not_evaluable"])

    return run


def test_two_sources_of_one_episode_are_one_and_both_are_evidence(region, found):
    events = [
        region.missing("p", "2010-03-01 21:00", "2010-03-03 08:00"),
        region.missing("p", "2010-03-01", "2010-03-02", agency="council", form="ssda903", precision="day"),
    ]
    (concern,), coverage = found(region)
    assert concern["reason"].endswith("such episodes: 1.")
    assert json.loads(concern["evidence"]) == events
    assert (concern["agencies"], concern["not_recorded"], coverage) == ("council|police", None, (1, 0, 0))


def test_an_episode_the_records_do_not_tell_is_a_gap_beside_one_they_do(region, found):
    region.missing("p", "2010-03-01 21:00", "2010-03-03 08:00")
    region.missing("p", "2010-05-01", "2010-05-02", precision="day")
    region.missing("p", "2010-06-01 10:00")
    (concern,), _ = found(region)
    assert concern["not_recorded"] == "Further episodes whose length the records do not tell: 2."


def test_only_episodes_that_ended_within_the_period_count(region, found):
    region.missing("before", "2007-12-20 10:00", "2007-12-25 10:00")
    region.missing("after", "2011-06-20 10:00", "2011-06-30 10:00")
    region.missing("across", "2007-12-30 10:00", "2008-01-01 10:00")
    concerns, coverage = found(region)
    assert [row["person_id"] for row in concerns] == ["across"]
    assert coverage == (1, 2, 0)


def test_where_nobody_sent_missing_records_it_cannot_be_evaluated(region, found):
    region.closed_referral("p", "2010-01-01")
    assert found(region) == ([], (0, 0, 1))


def test_a_month_alone_tells_no_length(region, found):
    region.missing("p", "2010-03-01", "2010-05-01", precision="month")
    assert found(region) == ([], (0, 0, 1))
