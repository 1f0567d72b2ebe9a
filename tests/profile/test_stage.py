from __future__ import annotations

import datetime
import random

import pytest

from joinedup.domain.numbers import Recipe
from joinedup.profile import stage
from joinedup.store.numbers import recompute


class Told:
    """Hand-written members of populations, and what their mentions say of them."""

    def __init__(self):
        self.tables = {name: [] for name in stage.READS}

    def person(self, person_id, *, status="known", kind="child", lists=("police-a",), **facts):
        for each in lists:
            self.tables["memberships"].append(
                {"person_id": person_id, "kind": kind, "list": each, "status": status, "strongest": True}
                | {"age_band": "13-15", "sex": "F", "area": "ZX", "first_year": "2010"}
                | facts
            )

    def says(self, person_id, attribute, code, *, scheme="one", state="recorded"):
        mention_id = f"m{len(self.tables['people']):04}"
        self.tables["people"].append({"mention_id": mention_id, "person_id": person_id})
        self.tables["descriptions"].append(
            {
                "mention_id": mention_id,
                "attribute": attribute,
                "raw": code or "?",
                "code": code,
                "scheme": scheme,
                "state": state,
            }
        )


def profiles_of(store):
    rows = store.read("profiles").to_pyarrow().to_pylist()
    return {(row["population"], row["attribute"], row["value"]): row for row in rows}


def values_of(store, population, attribute):
    return {key[2]: row["count"] for key, row in profiles_of(store).items() if key[:2] == (population, attribute)}


@pytest.fixture
def ceop() -> Told:
    """The victims of the 2011 assessment by sex: 1,264 recorded female, 182 male, the rest of 2,083 not recorded."""
    told = Told()
    for number in range(2083):
        sex = "F" if number < 1264 else "M" if number < 1264 + 182 else "not known"
        told.person(f"p{number:04}", sex=sex)
    return told


def test_the_2011_victims_by_sex(run_stage, ceop):
    row = profiles_of(run_stage(stage, ceop.tables))["children:known", "sex", "F"]
    assert (row["count"], row["base"], row["unknown"]) == (1264, 2083, 637)
    assert row["share_known"] is None, "a share of those known is not given where 30.6% is not known"
    assert (round(row["lower"], 3), round(row["upper"], 3)) == (0.607, 0.913)


def test_a_share_of_those_known_is_given_up_to_a_twentieth_unknown(run_stage):
    told = Told()
    for number in range(100):
        told.person(f"p{number}", sex="not known" if number < 5 else "F" if number < 62 else "M")
    assert profiles_of(run_stage(stage, told.tables))["children:known", "sex", "F"]["share_known"] == 57 / 95
    told.person("one more", sex="conflicting")
    assert profiles_of(run_stage(stage, told.tables))["children:known", "sex", "F"]["share_known"] is None


def test_ways_of_not_knowing_stay_apart(run_stage):
    told = Told()
    states = ["refused", "not_yet_obtained", "not_stated", "not_asked", "ambiguous", "not_in_scheme"]
    for state in states:
        told.person(state)
        told.says(state, "ethnicity", None, state=state)
    told.person("coded")
    told.says("coded", "ethnicity", "A1")
    told.person("never sent")
    told.person("recorded without a code")
    told.says("recorded without a code", "ethnicity", None)
    store = run_stage(stage, told.tables)
    assert values_of(store, "children:known", "ethnicity (one)") == {
        "refused": 1, "not yet obtained": 1, "not stated": 1, "not asked": 1, "ambiguous": 1, "not in scheme": 2,
        "not returned": 1, "A1": 1,
    }  # fmt: skip
    row = profiles_of(store)["children:known", "ethnicity (one)", "A1"]
    assert (row["unknown"], row["base"], row["lower"], row["upper"]) == (8, 9, 1 / 9, 1.0)
    assert profiles_of(store)["children:known", "ethnicity (one)", "refused"]["lower"] is None


def test_schemes_stand_side_by_side(run_stage):
    told = Told()
    told.person("one")
    told.says("one", "ethnicity", "A1", scheme="one")
    told.says("one", "ethnicity", "B2", scheme="other")
    told.person("two")
    told.says("two", "ethnicity", "B2", scheme="other")
    store = run_stage(stage, told.tables)
    assert values_of(store, "children:known", "ethnicity (one)") == {"A1": 1, "not returned": 1}
    assert values_of(store, "children:known", "ethnicity (other)") == {"B2": 2}


def test_a_person_whose_mentions_give_two_codes_of_one_scheme_is_conflicting(run_stage):
    told = Told()
    told.person("one")
    told.says("one", "ethnicity", "A1")
    told.says("one", "ethnicity", "B2")
    told.says("one", "ethnicity", None, state="refused")
    row = profiles_of(run_stage(stage, told.tables))["children:known", "ethnicity (one)", "conflicting"]
    assert (row["count"], row["unknown"], row["known"]) == (1, 1, False)


def test_a_code_outweighs_a_mention_that_does_not_know(run_stage):
    told = Told()
    told.person("one")
    told.says("one", "ethnicity", None, state="not_stated")
    told.says("one", "ethnicity", "A1")
    assert values_of(run_stage(stage, told.tables), "children:known", "ethnicity (one)") == {"A1": 1}


def test_of_two_ways_of_not_knowing_what_came_of_asking_stands(run_stage):
    told = Told()
    told.person("one")
    told.says("one", "ethnicity", None, state="not_asked")
    told.says("one", "ethnicity", None, state="refused")
    assert values_of(run_stage(stage, told.tables), "children:known", "ethnicity (one)") == {"refused": 1}


def test_a_person_is_profiled_under_the_strongest_status_alone(run_stage):
    told = Told()
    told.person("one")
    told.person("one", status="suspected", lists=("charity-a",), strongest=False)
    assert {key[0] for key in profiles_of(run_stage(stage, told.tables))} == {"children:known"}


def test_several_disabilities_are_no_contradiction(run_stage):
    told = Told()
    told.person("one")
    told.says("one", "disability", "HEAR")
    told.says("one", "disability", "MOB")
    rows = profiles_of(run_stage(stage, told.tables))
    for code in ("HEAR", "MOB"):
        row = rows["children:known", "disability (one)", code]
        assert (row["count"], row["base"], row["unknown"], row["lower"], row["upper"]) == (1, 1, 0, 1.0, 1.0)


def test_labels_stand_beside_their_codes(run_stage):
    from joinedup.registry.code_sets import CodeSet

    whole = CodeSet.model_validate(
        {"id": "one", "title": "One", "version": "1", "source": "a test", "codes": {"A1": {"label": "First"}}}
    )
    told = Told()
    told.person("one")
    told.says("one", "ethnicity", "A1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage, "code_sets", lambda: {"one": whole})
        assert values_of(run_stage(stage, told.tables), "children:known", "ethnicity (one)") == {"A1: First": 1}


def test_a_person_on_two_lists_stands_once_and_populations_stay_apart(run_stage):
    told = Told()
    told.person("one", lists=("police-a", "charity-a"))
    told.person("two", status="at_risk")
    told.person("one", kind="suspect", status="alleged", age_band="18-24")
    store = run_stage(stage, told.tables)
    assert values_of(store, "children:known", "sex") == {"F": 1}
    assert values_of(store, "children:at_risk", "sex") == {"F": 1}
    assert values_of(store, "suspects:alleged", "age_band") == {"18-24": 1}


@pytest.fixture
def varied() -> Told:
    """Two hundred people of all populations and descriptions of half of them, drawn by a fixed seed."""
    draw, told = random.Random(12), Told()
    for number in range(200):
        told.person(
            f"p{number}",
            kind=draw.choice(["child", "suspect"]),
            status=draw.choice(["known", "suspected", "not_stated"]),
            sex=draw.choice(["F", "M", "not known", "conflicting"]),
            area=draw.choice(["ZX", "zx", "not known"]),
        )
        for _ in range(draw.randrange(3)):
            told.says(
                f"p{number}",
                draw.choice(["ethnicity", "disability"]),
                draw.choice(["A1", "B2", None]),
                scheme=draw.choice(["one", "other", None]),
                state=draw.choice(["recorded", "recorded", "refused", "not_asked"]),
            )
    return told


def test_every_recipe_gives_its_count(run_stage, varied):
    store = run_stage(stage, varied.tables)
    rows = store.read("profiles").to_pyarrow().to_pylist()
    assert len(rows) > 50
    for row in rows:
        assert recompute(store, Recipe.from_json(row["recipe"])) == row["count"]
    assert len({row["number_id"] for row in rows}) == len(rows)


def test_values_of_a_single_valued_attribute_add_up_to_the_base(run_stage, varied):
    rows = profiles_of(run_stage(stage, varied.tables))
    for population, attribute in {key[:2] for key in rows if not key[1].startswith("disability")}:
        mine = [row for key, row in rows.items() if key[:2] == (population, attribute)]
        assert sum(row["count"] for row in mine) == mine[0]["base"]
        assert sum(row["count"] for row in mine if not row["known"]) == mine[0]["unknown"]
        assert {row["base"] for row in mine} == {mine[0]["base"]}
    for row in rows.values():
        if row["known"]:
            assert row["lower"] <= row["count"] / row["base"] <= row["upper"]


def test_the_order_of_the_rows_changes_nothing(run_stage, varied):
    first = run_stage(stage, varied.tables)
    shuffled = {name: random.Random(9).sample(rows, len(rows)) for name, rows in varied.tables.items()}
    second = run_stage(stage, shuffled)
    for table in stage.WRITES:
        assert first.read(table).to_pyarrow().equals(second.read(table).to_pyarrow())


def test_no_memberships_give_empty_tables_and_claims_that_cannot_be_told(run_stage):
    store = run_stage(stage, {}, claims=["share of children:known with sex F >= 0.5"])
    assert store.tables()["profiles"] == store.tables()["person_attributes"] == 0
    [claim] = store.read("claims").to_pyarrow().to_pylist()
    assert claim["verdict"] == "cannot be told"
    assert claim["lower"] is None


def test_claims_are_held_against_the_bounds(run_stage, ceop):
    claims = {
        "share of children:known with sex F >= 0.6": "supported",
        "share of children:known with sex F > 90%": "cannot be told",
        "share of children:known with sex M >= 0.5": "contradicted",
        "share of children:known with age_band 10-12 <= 0.1": "supported",
        "most of them were girls": "cannot be told",
        "share of children:known with eyes blue >= 0.5": "cannot be told",
        "share of children:known with sex X >= 0.5": "cannot be told",
    }
    store = run_stage(stage, ceop.tables, claims=list(claims))
    rows = {row["claim"]: row for row in store.read("claims").to_pyarrow().to_pylist()}
    assert {claim: row["verdict"] for claim, row in rows.items()} == claims
    undecided = rows["share of children:known with sex F > 90%"]
    assert round(undecided["unknown_share"], 3) == 0.306
    assert "637 of 2,083" in undecided["settled_by"]
    assert "Write it as" in rows["most of them were girls"]["settled_by"]


def bounds_of(store, population, attribute, value):
    rows = store.read("profile_bounds").to_pyarrow().to_pylist()
    return [
        row for row in rows if (row["population"], row["attribute"], row["value"]) == (population, attribute, value)
    ]


def test_the_ladder_of_the_2011_victims_runs_from_nothing_assumed_to_a_labelled_scenario(run_stage, ceop):
    rows = bounds_of(run_stage(stage, ceop.tables), "children:known", "sex", "F")
    assert [row["place"] for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert (round(rows[0]["lower"], 3), round(rows[0]["upper"], 3)) == (0.607, 0.913)
    assert rows[0]["lower_limit"] < rows[0]["lower"] < rows[0]["upper"] < rows[0]["upper_limit"]
    assert round(rows[5]["lower"], 3) == round(rows[5]["upper"], 3) == 0.874
    assert rows[6]["assumption"].startswith("scenario")
    assert rows[6]["lower"] == pytest.approx(0.874, abs=0.01)


def test_no_scenario_where_little_is_unknown(run_stage):
    told = Told()
    for number in range(40):
        told.person(f"p{number}", sex="F" if number else "not known")
    assert len(bounds_of(run_stage(stage, told.tables), "children:known", "sex", "F")) == 6


def test_who_said_so_keeps_what_an_officer_saw_from_what_a_person_said(run_stage):
    told = Told()
    told.person("one")
    told.says("one", "ethnicity", "A1")
    told.tables["descriptions"][-1]["basis"] = "officer"
    told.says("one", "ethnicity_self", "B2")
    told.tables["descriptions"][-1]["basis"] = "self"
    store = run_stage(stage, told.tables)
    assert values_of(store, "children:known", "ethnicity (one, officer)") == {"A1": 1}
    assert values_of(store, "children:known", "ethnicity (one, self)") == {"B2": 1}


@pytest.mark.parametrize(
    ("event", "value"),
    [
        ({"type": "care_episode", "start": (2009, 1, 1), "end": None}, "in care"),
        ({"type": "care_episode", "start": (2009, 1, 1), "end": (2010, 1, 1)}, "not known"),
        ({"type": "care_period", "start": (2010, 7, 1), "end": None}, "not known"),
        ({"type": "missing_episode", "start": (2010, 9, 1), "details": '{"missing_kind": "care"}'}, "in care"),
        ({"type": "missing_episode", "start": (2010, 9, 1), "details": '{"missing_kind": "home"}'}, "family home"),
        ({"type": "missing_episode", "start": (2008, 9, 1), "details": '{"missing_kind": "home"}'}, "not known"),
        ({"type": "missing_episode", "start": (2010, 9, 1), "details": None}, "not known"),
    ],
)
def test_where_a_child_lived_is_read_from_care_and_missing_records_about_the_first_concern(run_stage, event, value):
    told = Told()
    told.person("one", first_date=datetime.date(2010, 6, 15))
    told.says("one", "disability", "MOB")
    days = {name: datetime.datetime(*event[name]) for name in ("start", "end") if event.get(name)}  # noqa: DTZ001
    told.tables["events"].append({"event_id": "e1", **event, "start": None, "end": None, **days})
    told.tables["involvements"].append({"mention_id": "m0000", "event_id": "e1", "role": "child"})
    assert values_of(run_stage(stage, told.tables), "children:known", "living_arrangement") == {value: 1}


def test_kinds_of_threat_are_profiled_and_several_are_no_contradiction(run_stage):
    told = Told()
    told.person("one")
    told.person("two")
    for person, threat in (("one", "online"), ("one", "peer"), ("two", "not known")):
        told.tables["threats"].append({"person_id": person, "kind": "child", "status": "known", "threat": threat})
    store = run_stage(stage, told.tables)
    assert values_of(store, "children:known", "threat") == {"online": 1, "peer": 1, "not known": 1}
    row = profiles_of(store)["children:known", "threat", "online"]
    assert (row["base"], row["unknown"]) == (2, 1)


def test_what_links_leave_open_widens_the_bounds_of_suspects_alone(run_stage):
    told = Told()
    for number in range(10):
        told.person(f"s{number}", kind="suspect", status="alleged", sex="M" if number < 6 else "F")
        told.person(f"c{number}", sex="M" if number < 6 else "F")
    for population, status in (("suspects", "alleged"), ("children", "known")):
        told.tables["counts"].append(
            {
                "population": population,
                "status": status,
                "dimension": "all",
                "value": "all",
                "count": 10,
                "merged": 8,
                "upper": 12,
            }
        )
    found = profiles_of(run_stage(stage, told.tables))
    row = found["suspects:alleged", "sex", "M"]
    assert (row["lower"], row["upper"], row["merges"], row["splits"]) == (4 / 10, 8 / 10, 2, 2)
    assert found["children:known", "sex", "M"]["lower"] == found["children:known", "sex", "M"]["upper"] == 0.6


def test_stated_ages_are_counted_in_bands_and_two_of_one_band_do_not_conflict(run_stage):
    told = Told()
    told.person("one", kind="suspect", status="alleged")
    told.says("one", "age_stated", "22", scheme=None)
    told.says("one", "age_stated", "23", scheme=None)
    told.person("two", kind="suspect", status="alleged")
    told.says("two", "age_stated", "41", scheme=None)
    store = run_stage(stage, told.tables)
    assert values_of(store, "suspects:alleged", "age_stated (no scheme)") == {"18-24": 1, "35-44": 1}


def test_what_no_return_holds_is_not_returned_and_not_left_out(run_stage):
    told = Told()
    told.person("one")
    told.person("two", kind="suspect", status="alleged")
    told.says("two", "nationality", "GBR")
    store = run_stage(stage, told.tables)
    assert values_of(store, "children:known", "disability") == {"not returned": 1}
    assert values_of(store, "children:known", "nationality") == {"not returned": 1}
    assert values_of(store, "children:known", "relationship") == {}
    assert values_of(store, "suspects:alleged", "relationship") == {"not returned": 1}
    assert values_of(store, "suspects:alleged", "nationality") == {}
    assert values_of(store, "suspects:alleged", "nationality (one)") == {"GBR": 1}


def test_where_it_took_place_is_read_from_codes_and_named_places(run_stage):
    told = Told()
    for name in ("online", "place", "both", "neither"):
        told.person(name)
        told.says(name, "ethnicity", "A1")
    mention = {row["person_id"]: row["mention_id"] for row in told.tables["people"]}
    events = [
        ("online", {"type": "referral", "scheme": "charity_reason", "code": "online_contact"}),
        ("place", {"type": "crime", "place": "north pier"}),
        ("both", {"type": "online_report"}),
        ("both", {"type": "intelligence", "place": "north pier"}),
        ("neither", {"type": "crime", "place": ""}),
        ("neither", {"type": "missing_episode", "place": "north pier"}),
    ]
    for number, (person, event) in enumerate(events):
        told.tables["events"].append({"event_id": f"e{number}"} | event)
        told.tables["involvements"].append({"event_id": f"e{number}", "mention_id": mention[person], "role": "child"})
    store = run_stage(stage, told.tables)
    assert values_of(store, "children:known", "environment") == {"Online": 2, "At a named place": 2, "not known": 1}
    assert profiles_of(store)["children:known", "environment", "Online"]["base"] == 4
