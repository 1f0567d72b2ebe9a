from __future__ import annotations

import json

RULE = "missing_no_return_interview"
NOT_OFFERED = {"rhi_offered": "no"}


def coverage(rows, store):
    (row,) = rows(store, "rule_coverage", rule=RULE)
    return row["fired"], row["not_fired"], row["not_evaluable"]


def test_an_ended_episode_with_no_interview_held_fires(region, find, rows):
    event = region.missing("p", "2010-03-01 21:00", "2010-03-03 08:00", case="1", details=NOT_OFFERED)
    (concern,) = rows(find(region), "concerns", rule=RULE)
    assert concern["reason"] == (
        "Returned from missing between 3 March 2010 and 3 March 2010; "
        "episodes whose record shows no return interview held: 1."
    )
    assert json.loads(concern["evidence"]) == [event]


def test_an_interview_in_the_same_case_clears_it_whenever_it_was_held(region, find, rows):
    region.missing("p", "2010-03-01 21:00", "2010-03-03 08:00", case="1", details={"rhi_offered": "yes"})
    region.event("p", "return_interview", "2010-05-01", case="1")
    region.missing("q", "2010-03-01 21:00", "2010-03-03 08:00", case="1", details=NOT_OFFERED, agency="other-force")
    store = find(region)
    assert [row["person_id"] for row in rows(store, "concerns", rule=RULE)] == ["q"]
    assert coverage(rows, store) == (1, 1, 0)


def test_another_agencys_interview_clears_it_only_before_the_next_episode(region, find, rows):
    for person, held in (("soon", "2010-03-04"), ("late", "2010-04-02"), ("before", "2010-03-02")):
        region.missing(person, "2010-03-01 21:00", "2010-03-03 08:00", details=NOT_OFFERED)
        region.missing(person, "2010-04-01 21:00", details=NOT_OFFERED)
        region.event(person, "return_interview", held, agency="council", form="annex_a", precision="day")
    assert [row["person_id"] for row in rows(find(region), "concerns", rule=RULE)] == ["before", "late"]


def test_an_episode_still_open_or_ended_outside_the_period_does_not_fire(region, find, rows):
    region.missing("open", "2011-06-01 21:00", details=NOT_OFFERED)
    region.missing("after", "2011-06-28 21:00", "2011-06-30 01:00", details=NOT_OFFERED)
    region.missing("before", "2007-06-28 21:00", "2007-06-30 01:00", details=NOT_OFFERED)
    store = find(region)
    assert rows(store, "concerns", rule="missing_no_return_interview") == []
    assert coverage(rows, store) == (0, 3, 0)


def test_a_record_silent_on_interviews_is_told_apart_from_none_held(region, find, rows):
    region.missing("silent", "2010-03-01 21:00", "2010-03-03 08:00", details={"risk": "high"})
    region.missing("nothing", "2010-03-01 21:00", "2010-03-03 08:00")
    region.missing("both", "2010-03-01 21:00", "2010-03-03 08:00", details=NOT_OFFERED)
    region.missing("both", "2010-05-01 21:00", "2010-05-03 08:00", details={"rhi_offered": ""})
    store = find(region)
    (concern,) = rows(store, "concerns", rule="missing_no_return_interview")
    assert concern["person_id"] == "both"
    assert concern["not_recorded"] == "Further episodes whose record says nothing of a return interview: 1."
    assert coverage(rows, store) == (1, 0, 2)


def test_a_second_sources_silent_record_of_the_same_episode_adds_no_gap(region, find, rows):
    region.missing("p", "2010-03-01 21:00", "2010-03-03 08:00", case="1", details={"rhi_offered": "yes"})
    region.event("p", "return_interview", "2010-03-04", case="1")
    region.missing("p", "2010-03-01", "2010-03-03", agency="council", form="ssda903", precision="day")
    region.missing("q", "2010-03-01 21:00", "2010-03-03 08:00", details=NOT_OFFERED)
    region.missing("q", "2010-03-01", "2010-03-03", agency="council", form="ssda903", precision="day")
    store = find(region)
    (concern,) = rows(store, "concerns", rule="missing_no_return_interview")
    assert (concern["person_id"], concern["not_recorded"], concern["agencies"]) == ("q", None, "council|police")
    assert coverage(rows, store) == (1, 1, 0)
