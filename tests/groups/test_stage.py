from __future__ import annotations

import json
import random

import pytest

from joinedup.groups import stage
from joinedup.groups.page import group_page
from joinedup.groups.reading import records_of
from joinedup.store.contract import from_rows


def read(store, name):
    return store.read(name).to_pyarrow().to_pylist()


def test_two_shared_small_things_tie_and_one_does_not(region, group, groups_of):
    region.record("a", phone="1", vehicle="X")
    region.record("b", phone="1", vehicle="X", role="suspect")
    region.record("c", phone="1")
    region.record("d", account="one")
    region.record("e", account="one")
    assert groups_of(group(region)) == [{"a": "core", "b": "core", "c": "attached"}]


def test_every_tie_opens_to_its_things_and_the_mentions_that_say_so(region, group):
    first = region.record("a", phone="1")
    second = region.record("a", account='one "quoted" \\ two', agency="charity")
    third = region.record("b", phone="1", account='one "quoted" \\ two', role="suspect")
    (edge,) = read(group(region), "edges")
    assert (edge["person_l"], edge["person_r"], edge["shared"]) == ("p_a", "p_b", 2)
    assert json.loads(edge["reasons"]) == [
        {"kind": "account", "value": 'one "quoted" \\ two', "mentions": [second, third]},
        {"kind": "phone", "value": "1", "mentions": [first, third]},
    ]


def test_a_group_says_its_size_roles_agencies_dates_and_what_holds_it(region, group):
    region.record("a", phone="1", vehicle="X", day="2009-01-05")
    region.record("a", agency="charity", day="2010-02-01", kind="contact")
    region.record("b", phone="1", vehicle="X", role="suspect", day="2010-01-05")
    region.record("b", role="child", day="2010-01-05")
    (row,) = read(group(region), "groups")
    assert (row["people"], row["children"], row["suspects"], row["agencies"]) == (2, 2, 1, 2)
    assert (str(row["first_date"]), str(row["last_date"])) == ("2009-01-05", "2010-02-01")
    assert row["shared"] == "Shared by two members or more: 1 phone, 1 vehicle."
    assert (row["stability"], row["cut_from"]) == (1.0, None)
    members = read(group(region), "group_members")
    assert [(member["person_id"], member["role"]) for member in members] == [("p_a", "child"), ("p_b", "both")]
    assert {member["group_id"] for member in members} == {row["group_id"]} == {"g_a"}


def test_siblings_who_share_home_phone_and_car_are_no_group(region, group, groups_of):
    for child in ("a", "b", "c"):
        region.record(child, home="1 high st", outcode="ZX1", postcode="ZX1 1AA", phone="1", vehicle="X")
    assert groups_of(group(region)) == []


def test_siblings_with_somebody_from_outside_the_home_are_a_lead(region, group, groups_of):
    for child in ("a", "b"):
        region.record(child, home="1 high st", outcode="ZX1", phone="1")
    region.record("s", role="suspect", phone="1")
    assert groups_of(group(region)) == [{"a": "core", "b": "core", "s": "attached"}]


def test_one_home_counts_once_however_it_is_written(region, group, groups_of):
    for child in ("a", "b"):
        region.record(child, home="1 high st", outcode="ZX1", postcode="ZX1 1AA")
        region.record(child, home="1 high st")
    assert groups_of(group(region)) == []


def test_a_hub_ties_nobody_is_listed_and_a_decision_brings_it_back(region, group, groups_of):
    for number in range(26):
        region.record(f"{number:02d}", phone="1", home="the home", outcode="ZX1", place=None)
    store = group(region)
    assert groups_of(store) == []
    assert [tuple(row.values()) for row in read(store, "hubs")] == [
        ("address", "the home, ZX1", 26, 25, "set_aside"),
        ("phone", "1", 26, 25, "set_aside"),
    ]
    for subject in ("phone:1", "address:the home, ZX1"):
        region.decisions.append({"sequence": len(region.decisions), "kind": "entity_is_not_a_hub", "subject": subject})
    store = group(region)
    assert {row["state"] for row in read(store, "hubs")} == {"brought_back"}
    assert [len(members) for members in groups_of(store)] == [26]


def test_a_thing_shared_by_exactly_the_cap_still_ties(region, group, groups_of):
    for number in range(25):
        region.record(f"{number:02d}", phone="1", vehicle="X")
    store = group(region)
    assert read(store, "hubs") == []
    assert [len(members) for members in groups_of(store)] == [25]


def test_a_place_that_is_a_hub_by_nature_ties_nobody(region, group, groups_of):
    for person in ("a", "b"):
        region.record(person, place="northmoor police station", phone="1")
    store = group(region)
    assert groups_of(store) == []
    assert [(row["kind"], row["people"], row["state"]) for row in read(store, "hubs")] == [("place", 2, "set_aside")]


def test_a_place_and_a_phone_tie(region, group, groups_of):
    for person in ("a", "b"):
        region.record(person, place="mill lane garages", phone="1")
    assert groups_of(group(region)) == [{"a": "core", "b": "core"}]


def test_a_school_roll_or_placement_alone_brings_nobody_in_and_a_status_does(region, group, groups_of):
    for kind in ("school_roll", "care_episode"):
        for person in ("a", "b"):
            region.record(person, kind=kind, phone="1", vehicle="X")
    assert groups_of(group(region)) == []
    for person in ("a", "b"):
        region.record(person, kind="assessment", status="at_risk")
    assert groups_of(group(region)) == [{"a": "core", "b": "core"}]


def test_witnesses_and_invalid_identifiers_tie_nobody(region, group, groups_of):
    for person in ("a", "b"):
        region.record(person, role="witness", phone="1", vehicle="X")
    for person in ("c", "d"):
        region.record(person, phone="2", vehicle="bad")
    assert groups_of(group(region)) == []


def test_no_records_give_empty_tables(region, group):
    assert [group(region).tables()[name] for name in stage.WRITES] == [0] * 6


def test_descriptions_are_not_read():
    assert "descriptions" not in stage.READS


def planted(region, seed):
    """Ten groups of six to nine, each sharing four things unevenly; two hundred people about them with chance things."""
    chance = random.Random(seed)
    truth = []
    for number in range(10):
        members = [f"{number:02d}-{member}" for member in range(chance.randint(6, 9))]
        truth.append(set(members))
        things = [
            ("phone", f"g{number}-1"),
            ("phone", f"g{number}-2"),
            ("vehicle", f"g{number}"),
            ("account", f"g{number}"),
        ]
        for member in members:
            for kind, value in chance.sample(things, 3):
                region.record(member, role=chance.choice(["child", "suspect"]), **{kind: value})
    for number in range(200):
        kind = chance.choice(["phone", "vehicle", "account"])
        region.record(f"noise-{number}", **{kind: f"n{chance.randrange(150)}"})
        region.record(f"noise-{number}", phone="helpline")
    return truth


def test_planted_groups_are_found_and_no_other(region, group, groups_of):
    truth = planted(region, 1)
    found = [set(members) for members in groups_of(group(region))]
    assert sorted(map(sorted, found)) == sorted(map(sorted, truth))


def test_the_order_of_rows_changes_nothing(region, group):
    planted(region, 2)
    before = group(region)
    for rows in (region.people, region.mentions, region.involvements, region.events, region.identifiers):
        random.Random(3).shuffle(rows)
    after = group(region)
    assert all(before.fingerprint(name) == after.fingerprint(name) for name in stage.WRITES)


def named_together(region, case, *people, place=None):
    """One crime that names them, each in a row of its own."""
    for person in people:
        region.record(person, kind="crime", event=f"crime-{case}", place=place, role="suspect")
    region.events[-1] |= {"agency": "police", "form": "police_crime", "case_ref": case}


def test_a_record_that_names_two_ties_them_with_one_thing_more(region, group, groups_of):
    named_together(region, "1", "a", "b")
    named_together(region, "2", "c", "d")
    for person in ("a", "b"):
        region.record(person, phone="1")
    store = group(region)
    assert groups_of(store) == [{"a": "core", "b": "core"}]
    assert read(store, "groups")[0]["shared"] == "Shared by two members or more: 1 phone, 1 record."


def test_a_record_and_the_place_it_names_are_one_thing(region, group, groups_of):
    named_together(region, "1", "a", "b", place="mill lane")
    region.record("c", place="mill lane")
    assert groups_of(group(region)) == []
    named_together(region, "2", "a", "b", place="mill lane")
    assert groups_of(group(region)) == [{"a": "core", "b": "core", "c": "attached"}]


def test_a_decision_sets_aside_what_few_share_and_the_latest_counts(region, group, groups_of):
    for person in ("a", "b"):
        region.record(person, phone="1", vehicle="X")
    region.decisions.append({"sequence": 1, "kind": "entity_is_a_hub", "subject": "phone:1"})
    store = group(region)
    assert groups_of(store) == []
    assert [tuple(row.values()) for row in read(store, "hubs")] == [("phone", "1", 2, 25, "set_aside_by_decision")]
    region.decisions.append({"sequence": 2, "kind": "entity_is_not_a_hub", "subject": "phone:1"})
    store = group(region)
    assert len(groups_of(store)) == 1
    assert read(store, "hubs") == []


def test_every_incidence_says_when_on_what_basis_from_which_row_and_how_surely(region, group):
    named_together(region, "1", "a", "b", place="mill lane")
    first = region.record("a", home="1 high st", outcode="ZX1", phone="1", day="2009-02-03")
    region.link("m00000", first, 0.9)
    region.involvements[-1]["basis"] = "allegation"
    region.mentions[-1] |= {"form": "police_crime", "file": "f.csv", "sheet": "s", "row": 7}
    rows = {(row["person_id"], row["kind"]): row for row in read(group(region), "incidences")}
    phone = rows["p_a", "phone"]
    told = [phone[name] for name in ("mention_id", "use", "basis", "probability", "agency", "file", "sheet", "row")]
    assert told == [first, "one_person", "allegation", 0.9, "police", "f.csv", "s", 7]
    assert str(phone["date"]) == "2009-02-03"
    assert str(rows["p_a", "place"]["date"]) == "2010-05-01"
    assert {key: row["use"] for key, row in rows.items()} == {
        ("p_a", "address"): "one_person", ("p_a", "phone"): "one_person", ("p_a", "place"): "may_tie",
        ("p_b", "place"): "may_tie", ("p_a", "record"): "may_tie", ("p_b", "record"): "may_tie",
    }  # fmt: skip


def test_a_record_and_its_place_are_one_thing_of_an_attachment_too(region, group):
    for person in ("a", "b"):
        region.record(person, phone="1", vehicle="X")
    for person in ("a", "b", "c"):
        region.record(person, event="met", place="mill lane")
    for row in region.events:
        row |= {"agency": "police", "form": "log", "case_ref": row["event_id"]}
    mine = [row for row in read(group(region), "edges") if row["how"] == "attachment"]
    assert [(row["person_l"], row["person_r"], row["shared"]) for row in mine] == [("p_a", "p_c", 1), ("p_b", "p_c", 1)]
    assert [len(json.loads(row["reasons"])) for row in mine] == [2, 2]


def trio_among_pairs(region):
    """Pairs that share two or three things, and three people who share a phone and a car two by two."""
    for pair in range(12):
        for end in "ab":
            region.record(
                f"x{pair:02d}{end}",
                phone=f"p{pair}",
                vehicle=f"v{pair}",
                **({"account": f"a{pair}"} if pair < 4 else {}),
            )
    region.record("t1", phone="one")
    region.record("t2", phone="one", vehicle="two")
    region.record("t3", vehicle="two")


def test_three_people_joined_two_by_two_are_a_group_that_says_how_it_began(region, group):
    trio_among_pairs(region)
    store = group(region)
    mine = [row for row in read(store, "edges") if row["person_l"].startswith("p_t")]
    assert [(row["person_l"], row["person_r"], row["how"], row["shared"]) for row in mine] == [
        ("p_t1", "p_t2", "trio", 1), ("p_t2", "p_t3", "trio", 1),
    ]  # fmt: skip
    things = {(why["kind"], why["value"]) for row in mine for why in json.loads(row["reasons"])}
    assert things == {("phone", "one"), ("vehicle", "two")}, "what begins it is two things, each with its rows"
    store.write("responses", from_rows("responses", []))
    page = group_page(records_of(store.read, "g_t1"))
    assert page["begun"].startswith("No two people of this group are recorded with two of the same things.")
    assert list(page["how"]) == ["trio"]
    assert not group_page(records_of(store.read, "g_x00a"))["begun"]
    assert {row["stability"] for row in read(store, "group_members")} == {1.0}


def planted_and_one_more(region):
    planted(region, 4)
    region.record("lone", phone="g0-1")


@pytest.mark.parametrize(
    ("made", "hows"), [(planted_and_one_more, {"tie", "attachment"}), (trio_among_pairs, {"tie", "trio"})]
)
def test_every_tie_opens_to_two_things_and_the_rows_that_say_so(made, hows, region, group):
    made(region)
    store = group(region)
    said = {(row["person_id"], row["kind"], row["value"], row["mention_id"]) for row in read(store, "incidences")}
    people = {row["mention_id"]: row["person_id"] for row in region.people}
    edges = read(store, "edges")
    assert {row["how"] for row in edges} == hows
    for edge in edges:
        reasons = json.loads(edge["reasons"])
        assert len(reasons) >= (2 if edge["how"] == "tie" else 1)
        for reason in reasons:
            ends = {people[mention] for mention in reason["mentions"]}
            assert ends == {edge["person_l"], edge["person_r"]}
            assert {(people[m], reason["kind"], reason["value"], m) for m in reason["mentions"]} <= said
