from __future__ import annotations

import json

import pytest

from joinedup.groups import stage
from joinedup.groups.cautions import CAUTIONS
from joinedup.groups.page import counted, group_page
from joinedup.groups.paths import around, shortest_path
from joinedup.groups.reading import records_of, shared_places
from joinedup.store.contract import from_rows


@pytest.fixture
def split_knowledge(region, run_stage):
    """a and b share a phone that the police hold and a car that the charity holds: no agency sees the tie alone; c and d
    are tied by what the police hold, and to a by a phone and by a place only the charity puts a at."""
    for agency, thing in (("police", {"phone": "1"}), ("charity", {"vehicle": "X"})):
        region.record("a", agency=agency, **thing)
        region.record("b", agency=agency, role="suspect", **thing)
    for person in ("c", "d"):
        region.record(person, agency="police", phone="1", account="one", place="mill lane")
    region.record("a", agency="charity", place="mill lane")
    store = run_stage(stage, region.tables())
    store.write("responses", from_rows("responses", [{"agency": "school", "form": "f", "state": "no_answer"}]))
    return store


def test_the_page_says_which_agency_knows_which_part_and_what_no_agency_knows(split_knowledge):
    page = group_page(records_of(split_knowledge.read, "g_a"))
    known = page["knowledge"]
    assert [row["agency"] for row in known["agencies"]] == ["police", "charity"]
    assert ["p_a", "p_b"] in known["ties_no_agency_sees"]
    assert ["p_c", "p_d"] not in known["ties_no_agency_sees"]
    assert known["whole_seen_by"] == []
    by_agency = {row["agency"]: row for row in known["agencies"]}
    assert by_agency["charity"]["people"] == ["p_a", "p_b"]
    assert by_agency["charity"]["ties"] == 0


def test_members_stand_in_roles_and_nobody_is_ranked(split_knowledge):
    page = group_page(records_of(split_knowledge.read, "g_a"))
    assert [row["person_id"] for row in page["members"]["children"]] == ["p_a", "p_c", "p_d"]
    assert [row["person_id"] for row in page["members"]["suspects"]] == ["p_b"]
    assert page["cautions"] == list(CAUTIONS)
    words = json.dumps([*page, *page["members"]["suspects"][0]]).lower()
    assert not any(word in words for word in ("score", "rank", "leader", "kingpin", "centrality"))


def test_every_tie_of_a_page_opens_to_source_rows_of_both_people(split_knowledge):
    for tie in group_page(records_of(split_knowledge.read, "g_a"))["ties"]:
        assert counted(tie["reasons"]) >= min(2, tie["shared"])
        for reason in tie["reasons"]:
            assert {row["person_id"] for row in reason["records"]} == set(tie["people"])


def test_what_holds_it_together_counts_the_ties_that_would_fall(split_knowledge):
    things = {row["value"]: row for row in group_page(records_of(split_knowledge.read, "g_a"))["holds_together"]}
    # Without the phone a and b no longer share two things; c and d still share an account and a place.
    assert things["X"]["ties_that_need_it"] == 1
    assert things["1"]["people"] == 4
    assert things["1"]["pieces_without_it"] == 3
    assert next(iter(things)) == "1"


def test_what_is_not_recorded_is_said(split_knowledge):
    said = " ".join(group_page(records_of(split_knowledge.read, "g_a"))["not_recorded"])
    assert "4 of 4 members have no date of birth" in said
    assert "No investigation" in said
    assert "school" in said


def test_investigations_are_open_until_an_end_is_recorded(split_knowledge, region, run_stage):
    region.record("a", kind="investigation", day="2010-02-01")
    store = run_stage(stage, region.tables())
    store.write("responses", from_rows("responses", []))
    page = group_page(records_of(store.read, "g_a"))
    assert (len(page["investigations"]["open"]), len(page["investigations"]["closed"])) == (1, 0)
    assert "investigation" in {event["type"] for event in page["timeline"]}
    assert [str(event["start"]) for event in page["timeline"]] == sorted(
        str(event["start"]) for event in page["timeline"]
    )


def test_a_record_and_its_place_count_once_on_the_page_too():
    record = {"kind": "record", "records": [{"mention_id": m, "person_id": p} for m, p in (("1", "a"), ("2", "b"))]}
    place = {"kind": "place", "records": record["records"]}
    elsewhere = {"kind": "place", "records": [{"mention_id": m, "person_id": p} for m, p in (("3", "a"), ("4", "b"))]}
    home = {"kind": "address", "records": []}
    assert counted([record, place]) == 1
    assert counted([record, elsewhere]) == 2
    assert counted([home, home, record]) == 2


def test_no_such_group_is_none(split_knowledge):
    assert records_of(split_knowledge.read, "g_nobody") is None


def test_places_that_several_children_share_leave_out_hubs_by_nature(region, run_stage):
    for person in ("a", "b"):
        region.record(person, place="mill lane")
        region.record(person, place="northmoor police station")
    region.record("s", role="suspect", place="mill lane")
    region.record("c", place="quay street")
    (row,) = shared_places(run_stage(stage, region.tables()).read)
    assert (row["place"], row["children"], row["suspects"], row["set_aside"]) == ("mill lane", 2, 1, False)


def ties(*pairs):
    return [{"person_l": min(a, b), "person_r": max(a, b), "probability": p} for a, b, p in pairs]


def test_a_path_has_the_fewest_ties_and_of_those_the_surest():
    rows = ties(
        ("a", "b", 0.5),
        ("b", "d", 0.5),
        ("a", "c", 0.9),
        ("c", "d", 0.9),
        ("a", "e", 1.0),
        ("e", "f", 1.0),
        ("f", "d", 1.0),
    )
    assert [(row["person_l"], row["person_r"]) for row in shortest_path(rows, "d", "a")] == [("c", "d"), ("a", "c")]
    assert shortest_path(rows, "a", "a") == []
    assert shortest_path(rows, "a", "nobody") is None


def test_around_stops_at_the_hops_and_gives_the_ties_among_them():
    rows = ties(("a", "b", 1.0), ("b", "c", 1.0), ("a", "c", 1.0), ("c", "d", 1.0), ("d", "e", 1.0))
    people, among = around(rows, "a", 2)
    assert people == {"a": 0, "b": 1, "c": 1, "d": 2}
    assert len(among) == 4
