"""Of every child whether records show exploitation and going missing; not recorded and cannot be told are two things."""

from __future__ import annotations


def test_each_child_stands_once_under_the_strongest_status_and_what_can_be_told(region, find, rows):
    region.missing("known", "2010-03-01")
    region.event("known", "crime", "2010-04-01", form="police_crime")
    region.event("known", "referral", "2010-04-01", agency="council", form="cin_census")
    region.event("at-risk", "referral", "2010-04-01", agency="council", form="cin_census")
    region.event("later", "referral", "2011-07-01", agency="council", form="cin_census")
    region.event("elsewhere", "referral", "2010-04-01", agency="other", form="cin_census")
    region.missing("after", "2011-07-01")
    for place, status in ((1, "known"), (2, "suspected"), (3, "at_risk"), (4, "known")):
        region.involvements[place]["status"] = status
    areas = {"elsewhere": "thornwick"}
    mentions = [
        {"mention_id": row["mention_id"], "area": areas.get(row["person_id"], "northmoor")} for row in region.people
    ]
    region.tables = lambda: {
        "people": region.people, "involvements": region.involvements, "events": region.events, "mentions": mentions,
    }  # fmt: skip
    store = find(region, rule_packs=[])
    found = {row["person_id"]: (row["exploited"], row["missing"]) for row in rows(store, "missing_history")}
    assert found == {
        "known": ("known", "missing"),
        "at-risk": ("suspected_or_at_risk", "not_missing"),
        "later": ("not_recorded", "not_missing"),
        "elsewhere": ("not_recorded", "cannot_be_told"),
        "after": ("not_recorded", "not_missing"),
    }
    cells = {(row["exploited"], row["missing"]): row["count"] for row in rows(store, "associations")}
    assert len(cells) == 9
    assert sum(cells.values()) == 5
    assert cells["not_recorded", "not_missing"] == 2
