from __future__ import annotations

import json


def fired(rows, store, rule):
    return rows(store, "concerns", rule=rule)


def coverage(rows, store, rule):
    (row,) = rows(store, "rule_coverage", rule=rule)
    return row["fired"], row["not_fired"], row["not_evaluable"]


def test_three_episodes_in_ninety_days_fire(region, find, rows):
    events = [region.missing("p", f"{day} 21:00") for day in ("2010-03-01", "2010-04-01", "2010-05-30")]
    (concern,) = fired(rows, find(region), "repeat_missing")
    assert (
        concern["reason"] == "Reported missing 3 times within 90 days, first on 1 March 2010 and last on 30 May 2010."
    )
    assert json.loads(concern["evidence"]) == events
    assert (str(concern["window_start"]), str(concern["window_end"])) == ("2010-03-01", "2010-05-30")
    assert (concern["agencies"], concern["not_recorded"], concern["pack"]) == ("police", None, "missing 3")


def test_three_episodes_in_ninety_one_days_just_miss(region, find, rows):
    for day in ("2010-03-01", "2010-04-01", "2010-05-31"):
        region.missing("p", f"{day} 21:00")
    store = find(region)
    assert fired(rows, store, "repeat_missing") == []
    assert coverage(rows, store, "repeat_missing") == (0, 1, 0)


def test_an_episode_without_a_full_date_leaves_the_rule_open(region, find, rows):
    region.missing("p", "2010-03-01 21:00")
    region.missing("p", "2010-04-01 21:00")
    region.missing("p", "2010-04-01", precision="month")
    region.missing("q", "2010-04-01")
    store = find(region)
    assert fired(rows, store, "repeat_missing") == []
    assert coverage(rows, store, "repeat_missing") == (0, 1, 1)


def test_where_nobody_sent_missing_records_the_rule_cannot_be_evaluated_for_anybody(region, find, rows):
    region.closed_referral("p", "2010-01-01")
    region.person("q", "school")
    store = find(region)
    assert coverage(rows, store, "repeat_missing") == (0, 0, 2)
    assert coverage(rows, store, "missing_no_return_interview") == (0, 0, 2)
    assert coverage(rows, store, "repeat_no_further_action") == (0, 2, 0)


def test_one_episode_reported_by_two_agencies_counts_once(region, find, rows):
    for day in ("2010-03-01", "2010-03-10"):
        region.missing("p", f"{day} 21:00")
        region.missing("p", day, agency="council", form="ssda903", precision="day")
    store = find(region)
    assert fired(rows, store, "repeat_missing") == []
    region.missing("p", "2010-03-20", agency="council", form="ssda903", precision="day")
    (concern,) = fired(rows, find(region), "repeat_missing")
    assert concern["reason"].startswith("Reported missing 3 times")
    assert concern["agencies"] == "council|police"
    assert len(json.loads(concern["evidence"])) == 5


def test_two_episodes_of_one_day_from_one_source_are_two(region, find, rows):
    for hour in ("01:00", "12:00"):
        region.missing("p", f"2010-03-01 {hour}")
    region.missing("p", "2010-03-02 01:00")
    assert len(fired(rows, find(region), "repeat_missing")) == 1


def test_the_latest_window_is_told_and_must_end_in_the_period(region, find, rows):
    for day in ("2008-03-01", "2008-03-02", "2008-03-03", "2010-05-01", "2010-05-02", "2010-05-03", "2010-05-04"):
        region.missing("p", day)
    for day in ("2007-03-01", "2007-03-02", "2007-03-03"):
        region.missing("before", day)
    for day in ("2007-12-30", "2007-12-31", "2008-01-01"):
        region.missing("across", day)
    for day in ("2011-06-28", "2011-06-29", "2011-06-30"):
        region.missing("after", day)
    found = {row["person_id"]: row for row in fired(rows, find(region), "repeat_missing")}
    assert set(found) == {"p", "across"}
    assert found["p"]["reason"].startswith("Reported missing 4 times within 90 days, first on 1 May 2010")


def test_two_referrals_closed_within_twelve_months_fire_whoever_closed_them(region, find, rows):
    region.closed_referral("p", "2009-05-01")
    region.closed_referral("p", "2010-05-01", agency="charity", form="charity_referrals")
    (concern,) = fired(rows, find(region), "repeat_no_further_action")
    assert concern["reason"] == (
        "Referred 2 times within twelve months, between 1 May 2009 and 1 May 2010, each time closed with no further action."
    )


def test_two_referrals_a_day_more_than_twelve_months_apart_just_miss(region, find, rows):
    region.closed_referral("p", "2009-05-01")
    region.closed_referral("p", "2010-05-02")
    assert fired(rows, find(region), "repeat_no_further_action") == []


def test_a_referral_with_another_outcome_or_none_is_not_counted(region, find, rows):
    region.closed_referral("p", "2010-05-01")
    region.closed_referral("p", "2010-06-01", outcome="accepted")
    region.closed_referral("p", "2010-07-01", outcome=None)
    assert fired(rows, find(region), "repeat_no_further_action") == []


def test_where_no_referral_has_an_outcome_the_rule_cannot_be_evaluated(region, find, rows):
    region.closed_referral("p", "2010-05-01", outcome=None)
    region.closed_referral("p", "2010-06-01", outcome=None)
    assert coverage(rows, find(region), "repeat_no_further_action") == (0, 0, 1)


def test_another_persons_part_or_an_adult_fires_nothing(region, find, rows):
    for day in ("2010-03-01", "2010-03-10", "2010-03-20"):
        region.missing("witness", day, role="witness")
        region.missing("adult", day)
    for row in region.people:
        if row["person_id"] == "adult":
            row["kind"] = "adult"
    region.missing("child", "2010-03-01")
    store = find(region)
    assert fired(rows, store, "repeat_missing") == []
    assert coverage(rows, store, "repeat_missing") == (0, 2, 0)


def test_a_detail_of_one_form_counts_only_there_and_a_silent_record_leaves_it_open(region, find, rows):
    given = {"agency": "council", "form": "cin_census", "precision": "day"}
    region.event("named", "assessment", "2009-05-01", details={"factors": "10A;11A"}, **given)
    region.event("other", "assessment", "2009-05-01", details={"factors": "111A"}, **given)
    region.event("silent", "assessment", "2009-05-01", **given)
    store = find(region, rule_packs=["history"])
    assert [row["person_id"] for row in fired(rows, store, "earlier_exploitation_factor")] == ["named"]
    assert coverage(rows, store, "earlier_exploitation_factor") == (1, 1, 1)


def test_only_a_charitys_own_form_tells_of_its_referrals(region, find, rows):
    region.closed_referral("charity", "2010-05-01", agency="charity", form="charity_referrals")
    region.closed_referral("council", "2010-05-01")
    store = find(region, rule_packs=["history"])
    assert [row["person_id"] for row in fired(rows, store, "charity_referral_closed")] == ["charity"]
