from __future__ import annotations


def concern(region, person, agency="police"):
    return region.missing(person, "2010-03-02 21:00", "2010-03-03 08:00", details={"rhi_offered": "no"}, agency=agency)


def unseen(rows, store):
    return [row["person_id"] for row in rows(store, "unseen")]


def test_a_child_with_a_concern_and_nothing_open_is_unseen_until_the_last_day(region, find, rows):
    for person in ("nothing", "open", "until-last-day", "until-day-after", "not-begun", "undated", "no-concern"):
        if person != "no-concern":
            concern(region, person)
    work = {"agency": "police", "form": "police_crime", "precision": "day"}
    region.event("open", "assessment", "2011-05-01", **work)
    region.event("until-last-day", "assessment", "2011-05-01", "2011-06-29", **work)
    region.event("until-day-after", "assessment", "2011-05-01", "2011-06-30", **work)
    region.event("not-begun", "assessment", "2011-06-30", **work)
    region.event("undated", "assessment", None, None, **work)
    assert sorted(unseen(rows, find(region))) == ["not-begun", "nothing", "undated", "until-last-day"]


def test_an_open_event_that_is_no_work_leaves_a_child_unseen(region, find, rows):
    concern(region, "p")
    region.event("p", "crime", "2011-05-01", form="police_crime")
    assert unseen(rows, find(region)) == ["p"]


def test_order_is_latest_then_sources_then_kinds_then_id(region, find, rows):
    def several(person, days):
        for day in days:
            region.missing(person, f"{day} 21:00", f"{day} 23:00", details={"rhi_offered": "no"})

    several("d-kinds", ("2010-05-01", "2010-05-02", "2010-05-03"))
    several("b-plain", ("2010-05-03",))
    several("a-plain", ("2010-05-03",))
    several("e-latest", ("2010-05-04",))
    several("c-sources", ("2010-05-03",))
    region.missing("c-sources", "2010-05-03", "2010-05-03", agency="council", form="ssda903", precision="day")
    store = find(region)
    assert unseen(rows, store) == ["e-latest", "c-sources", "d-kinds", "a-plain", "b-plain"]
    assert [row["rank"] for row in rows(store, "unseen")] == [1, 2, 3, 4, 5]


def test_an_entry_says_who_holds_it_and_who_knows_the_child_and_does_not(region, find, rows):
    concern(region, "p")
    region.person("p", "school")
    region.person("p", "charity")
    region.closed_referral("p", "2010-01-01")
    region.closed_referral("p", "2010-02-01")
    (entry,) = rows(find(region), "unseen")
    assert (entry["who_knows"], entry["who_does_not"]) == ("council|police", "charity|school")
    assert (entry["sources"], entry["kinds"], str(entry["latest"])) == (2, 2, "2010-03-03")
    first, second = entry["reasons"].split("\n")
    assert first.startswith("Returned from missing")
    assert second.startswith("Referred 2 times")


def test_work_where_nothing_of_the_concern_is_known_takes_nobody_off_the_list_and_is_said(region, find, rows):
    concern(region, "p")
    region.event("p", "assessment", "2011-05-01", agency="council", form="cin_census", precision="day")
    region.event("p", "plan", "2011-05-20", "2011-06-01", agency="council", form="cin_census", precision="day")
    concern(region, "q")
    store = find(region)
    entries = {row["person_id"]: row for row in rows(store, "unseen")}
    assert (entries["p"]["state"], entries["p"]["open_at"], str(entries["p"]["open_since"])) == (
        "elsewhere", "council", "2011-05-01",
    )  # fmt: skip
    assert (entries["q"]["state"], entries["q"]["open_at"], entries["q"]["open_since"]) == ("nobody", "", None)
    looking = [(row["type"], str(row["since"]), row["until"] and str(row["until"])) for row in rows(store, "looking")]
    assert looking == [("assessment", "2011-05-01", None), ("plan", "2011-05-20", "2011-06-01")]


def test_a_strategy_discussion_that_no_source_ends_counts_for_three_weeks(region, find, rows):
    for person, day in (("over", "2011-06-08"), ("lasting", "2011-06-09")):
        concern(region, person)
        region.event(person, "strategy_discussion", day, agency="police", form="annex_a", precision="day")
    assert unseen(rows, find(region)) == ["over"]
