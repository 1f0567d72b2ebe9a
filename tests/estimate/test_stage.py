from __future__ import annotations

import datetime
import random

import pytest

from joinedup.domain.numbers import Recipe
from joinedup.errors import SettingsError
from joinedup.estimate import stage
from joinedup.store.numbers import recompute


def child(person, kind, status="known", agency=None):
    return {
        "person_id": person, "kind": "child", "list": agency or f"{kind}-a", "list_kind": kind, "status": status,
        "strongest": True, "known_or_suspected": status in ("known", "suspected"),
    }  # fmt: skip


def two_lists(first=60, second=50, both=20, status="known"):
    rows = [child(f"p{n:03}", "police", status) for n in range(first)]
    return rows + [child(f"p{n:03}", "social_care", status) for n in range(first - both, first - both + second)]


def results(store):
    return {(row["scope"], row["method"]): row for row in store.read("estimates").to_pyarrow().to_pylist()}


def chosen(store):
    [row] = [row for row in results(store).values() if row["chosen"]]
    return row


def test_two_lists_give_chapmans_estimate(run_stage):
    row = chosen(run_stage(stage, {"memberships": two_lists()}))
    assert row["scope"] == "children:known or suspected"
    assert row["method"] == "chapman: police and social_care"
    assert row["observed"] == 90
    assert row["estimate"] == pytest.approx(61 * 51 / 21 - 1, rel=1e-12)
    assert 90 < row["lower"] < row["estimate"] < row["upper"]
    assert row["nominal"] == 0.95
    assert row["refused"] is None
    assert "Independence" in row["assumptions"]
    assert "nominal 95%" in row["assumptions"]


def test_overlaps_hold_every_person_once(run_stage):
    store = run_stage(stage, {"memberships": two_lists()})
    rows = store.read("overlaps").to_pyarrow().to_pylist()
    assert {
        (row["scope"], row["lists"], row["pattern"]): row["count"] for row in rows if row["scope"] == "children:known"
    } == {
        ("children:known", "police|social_care", "10"): 40,
        ("children:known", "police|social_care", "11"): 20,
        ("children:known", "police|social_care", "01"): 30,
    }


def test_too_small_an_overlap_is_refused_with_what_would_lift_it(run_stage):
    row = chosen(run_stage(stage, {"memberships": two_lists(both=6)}))
    assert row["estimate"] is row["lower"] is row["upper"] is None
    assert "Only 6 children" in row["refused"]
    assert "At least 7" in row["lifted_by"]
    assert row["observed"] == 104
    assert chosen(run_stage(stage, {"memberships": two_lists(both=7)}))["refused"] is None


def test_the_least_overlap_and_the_level_are_the_inquirys(run_stage):
    settings = {"estimate": {"least_overlap": 3, "level": 0.8}}
    narrow = chosen(run_stage(stage, {"memberships": two_lists(both=6)}, **settings))
    wide = chosen(run_stage(stage, {"memberships": two_lists(both=6)}, estimate={"least_overlap": 3}))
    assert narrow["nominal"] == 0.8
    assert wide["lower"] < narrow["lower"] < narrow["upper"] < wide["upper"]


def test_statuses_are_estimated_apart_and_a_child_with_two_counts_once(run_stage):
    rows = two_lists() + [child(f"p{n:03}", "police", "suspected", "police-b") for n in range(40, 80)]
    store = run_stage(stage, {"memberships": rows})
    found = results(store)
    method = "chapman: police and social_care"
    assert found["children:known", method]["observed"] == 90
    assert found["children:suspected", method]["observed"] == 40
    assert found["children:known or suspected", method]["observed"] == 90
    assert found["children:suspected", method]["refused"] is not None
    assert "list social_care" in found["children:suspected", method]["refused"]


def test_a_bare_list_that_states_no_status_is_still_estimated(run_stage):
    row = chosen(run_stage(stage, {"memberships": two_lists(status="not_stated")}))
    assert row["scope"] == "children:not_stated"
    assert row["estimate"] == pytest.approx(61 * 51 / 21 - 1)


def test_from_three_lists_on_each_is_held_against_the_others_together(run_stage):
    draw = random.Random(3)
    rows = [
        child(f"p{n:04}", kind)
        for n in range(1000)
        for kind, chance in (("police", 0.4), ("social_care", 0.3), ("charity", 0.2))
        if draw.random() < chance
    ]
    store = run_stage(stage, {"memberships": rows})
    row = results(store)["children:known or suspected", "chapman: police and all other lists"]
    police = {each["person_id"] for each in rows if each["list_kind"] == "police"}
    rest = {each["person_id"] for each in rows if each["list_kind"] != "police"}
    assert not row["chosen"]
    assert row["observed"] == len(police | rest)
    assert row["estimate"] == pytest.approx((len(police) + 1) * (len(rest) + 1) / (len(police & rest) + 1) - 1)
    assert row["lower"] <= 1000 <= row["upper"]
    assert len([each for each in results(store) if each[0] == "children:known"]) == 6


def independent_lists(seed=3, people=1000):
    draw = random.Random(seed)
    return [
        child(f"p{n:04}", kind)
        for n in range(people)
        for kind, chance in (("police", 0.4), ("social_care", 0.3), ("charity", 0.2))
        if draw.random() < chance
    ]


def test_from_three_lists_on_the_model_of_the_lowest_bic_leads_with_widened_limits(run_stage):
    store = run_stage(stage, {"memberships": independent_lists()})
    row = chosen(store)
    assert (row["scope"], row["method"]) == ("children:known or suspected", "log-linear: widened limits")
    assert row["observed"] <= row["lower"] <= row["estimate"] <= row["upper"]
    assert row["lower"] <= 1000 <= row["upper"]
    assert "Model: [" in row["assumptions"]
    methods = {method for scope, method in results(store) if scope == row["scope"]}
    assert {"log-linear: lower bound", "log-linear: independence", "log-linear: stepwise"} < methods
    assert recompute(store, Recipe.from_json(row["recipe"])) == row["observed"]


def test_three_lists_too_thin_for_a_model_lead_with_a_refusal(run_stage):
    rows = [child(f"{kind}{n:03}", kind) for kind in ("police", "social_care", "charity") for n in range(30)]
    rows += [child(f"police{n:03}", "social_care") for n in range(4)]
    row = chosen(run_stage(stage, {"memberships": rows}))
    assert row["method"] == "log-linear: widened limits"
    assert "Only 4 people" in row["refused"]
    assert row["estimate"] is None
    assert row["lifted_by"]


def test_the_order_of_the_rows_changes_no_modelled_limit(run_stage):
    rows = independent_lists()
    first = run_stage(stage, {"memberships": rows})
    second = run_stage(stage, {"memberships": random.Random(5).sample(rows, len(rows))})
    assert first.read("estimates").to_pyarrow().equals(second.read("estimates").to_pyarrow())


def test_a_pair_that_gives_fewer_than_are_already_seen_is_refused(run_stage):
    rows = [child(f"p{n:03}", kind) for n in range(20) for kind in ("police", "social_care")]
    rows += [child(f"q{n:03}", "charity") for n in range(50)]
    found = results(run_stage(stage, {"memberships": rows}))
    assert "already on the lists" in found["children:known", "chapman: police and social_care"]["refused"]


def test_the_lower_limit_is_never_below_those_already_seen_on_other_lists(run_stage):
    rows = two_lists() + [child(f"q{n:03}", "charity") for n in range(35)]
    row = results(run_stage(stage, {"memberships": rows}))["children:known", "chapman: police and social_care"]
    assert row["observed"] == row["lower"] == 125
    assert row["lower"] < row["estimate"] < row["upper"]


def test_agencies_are_grouped_as_the_inquiry_says(run_stage):
    rows = [child(f"p{n:03}", "police", agency="north") for n in range(30)]
    rows += [child(f"p{n:03}", "police", agency="south") for n in range(15, 45)]
    agencies = [{"id": name, "name": name, "kind": "police"} for name in ("north", "south")]
    grouped = run_stage(
        stage,
        {"memberships": rows},
        agency=agencies,
        estimate={"lists": {"north force": ["north"], "south force": ["south"]}},
    )
    assert chosen(grouped)["method"] == "chapman: north force and south force"
    alone = chosen(run_stage(stage, {"memberships": rows}))
    assert "Only one list, police" in alone["refused"]


@pytest.mark.parametrize("lists", [{"a": ["north", "nowhere"]}, {"a": ["north"], "b": ["north"]}])
def test_a_grouping_that_cannot_be_meant_is_refused(run_stage, lists):
    agencies = [{"id": "north", "name": "North", "kind": "police"}]
    with pytest.raises(SettingsError, match=r"\[estimate\] lists"):
        run_stage(stage, {}, agency=agencies, estimate={"lists": lists})


def test_a_group_nobody_stands_on_is_said_to_be_empty(run_stage):
    agencies = [{"id": "clinic", "name": "Clinic", "kind": "health"}]
    rows = [child(f"p{n:03}", "police") for n in range(30)]
    row = chosen(run_stage(stage, {"memberships": rows}, agency=agencies, estimate={"lists": {"clinics": ["clinic"]}}))
    assert "clinics" in row["refused"]
    assert [
        each["method"]
        for key, each in results(run_stage(stage, {"memberships": rows})).items()
        if key[0] == "children:at_risk"
    ] == ["chapman"]


def test_no_lists_at_all_is_a_refusal_and_not_an_error(run_stage):
    store = run_stage(stage, {})
    row = chosen(store)
    assert row["observed"] == 0
    assert row["refused"] == "No list holds such a child."
    assert store.tables()["overlaps"] == 0


def test_suspects_are_no_part_of_it(run_stage):
    suspects = [{**child(f"s{n}", "police"), "kind": "suspect"} for n in range(30)]
    with_suspects = results(run_stage(stage, {"memberships": two_lists() + suspects}))
    assert with_suspects == results(run_stage(stage, {"memberships": two_lists()}))


def test_every_recipe_gives_the_number_observed(run_stage):
    rows = two_lists() + [child(f"p{n:03}", "charity", "suspected") for n in range(30, 120)]
    store = run_stage(stage, {"memberships": rows})
    for row in results(store).values():
        assert recompute(store, Recipe.from_json(row["recipe"])) == row["observed"]
    ids = [row["number_id"] for row in results(store).values()]
    assert len(set(ids)) == len(ids)


def test_the_order_of_the_rows_changes_nothing(run_stage):
    rows = two_lists()
    first = run_stage(stage, {"memberships": rows})
    second = run_stage(stage, {"memberships": random.Random(5).sample(rows, len(rows))})
    for table in stage.WRITES:
        assert first.read(table).to_pyarrow().equals(second.read(table).to_pyarrow())


AGENCIES = [
    {"id": "north", "name": "North Police", "kind": "police", "area": "north"},
    {"id": "council", "name": "The Council", "kind": "social_care", "area": "north"},
    {"id": "helpers", "name": "Helpers", "kind": "charity", "area": "south"},
    {"id": "homes", "name": "Homes", "kind": "health", "asked": ["ssda903"]},
]
OF = {"north": "police", "council": "social_care", "helpers": "charity", "homes": "health"}


def four_lists(seed=3, people=900, chances=(("north", 0.4), ("council", 0.35), ("helpers", 0.3), ("homes", 0.2))):
    draw = random.Random(seed)
    return [
        child(f"p{n:04}", OF[agency], agency=agency)
        for n in range(people)
        for agency, chance in chances
        if draw.random() < chance
    ]


def test_a_list_of_one_kind_of_child_is_left_out_of_the_models_and_its_children_stay_seen(run_stage):
    rows = four_lists()
    row = chosen(run_stage(stage, {"memberships": rows}, agency=AGENCIES))
    assert row["observed"] == len({each["person_id"] for each in rows})
    assert "The list health can hold only looked-after children: it is left out of the models" in row["warnings"]
    assert "[health]" not in row["assumptions"]
    without = [each for each in rows if each["list"] != "homes"]
    assert row["estimate"] == chosen(run_stage(stage, {"memberships": without}, agency=AGENCIES))["estimate"]
    assert row["lower"] >= row["observed"]


def test_such_a_list_stays_where_fewer_than_three_others_remain(run_stage):
    rows = [each for each in four_lists() if each["list"] != "helpers"]
    row = chosen(run_stage(stage, {"memberships": rows}, agency=AGENCIES))
    assert "it stays in the models" in row["warnings"]
    assert "[health]" in row["assumptions"]


def test_lists_that_share_no_area_are_marked_unless_somebody_is_on_both(run_stage):
    everyone = [each for each in four_lists() if each["list"] != "homes"]
    helped = {each["person_id"] for each in everyone if each["list"] == "helpers"}
    third = [each | {"list": "homes", "list_kind": "health"} for each in four_lists(8) if each["list"] == "council"]
    apart = [each for each in everyone if each["list"] == "helpers" or each["person_id"] not in helped] + third
    agencies = [each | {"asked": []} for each in AGENCIES]
    assert "Nobody can be on both" not in (
        chosen(run_stage(stage, {"memberships": everyone}, agency=agencies))["warnings"] or ""
    )
    said = chosen(run_stage(stage, {"memberships": apart}, agency=agencies))["warnings"]
    assert "Nobody can be on both charity and police: they share no area." in said
    assert "social_care and police" not in said


def test_what_the_inquiry_says_of_pairs_is_held_against_the_lists(run_stage):
    settings = {"agency": AGENCIES, "estimate": {"never_both": [["police", "social_care"]]}}
    row = chosen(run_stage(stage, {"memberships": four_lists()}, **settings))
    assert "inquiry.toml says that nobody can be on both police and social_care, yet some are" in row["warnings"]
    with pytest.raises(SettingsError, match="never_both"):
        run_stage(stage, {}, agency=AGENCIES, estimate={"never_both": [["police", "courts"]]})


def test_lists_with_no_day_in_common_are_marked(run_stage):
    early, late = datetime.date(2009, 1, 1), datetime.date(2011, 1, 1)
    rows = [each | {"first_date": early if each["list"] == "north" else late} for each in four_lists()]
    held = {each["person_id"] for each in rows if each["list"] == "north"}
    rows = [each for each in rows if each["list"] in {"north", "homes"} or each["person_id"] not in held]
    agencies = [{k: v for k, v in each.items() if k not in {"area", "asked"}} for each in AGENCIES]
    said = chosen(run_stage(stage, {"memberships": rows}, agency=agencies))["warnings"]
    assert "Nobody can be on both police and social_care: they share no day of the period." in said
    assert "police and health" not in said.replace("health and police", "police and health")


def referred(agency, number, person, **event):
    base = {"event_id": f"e{agency}{number}", "type": "referral", "agency": agency}
    role = {"event_id": base["event_id"], "mention_id": f"m{agency}{number}", "role": "child"}
    return base | event, role, {"mention_id": role["mention_id"], "person_id": person}


def test_lists_that_feed_one_another_are_flagged_from_the_events(run_stage):
    rows = four_lists()
    council = sorted({each["person_id"] for each in rows if each["list"] == "council"})
    made = [referred("council", n, person, code="6", scheme="referral_source") for n, person in enumerate(council[:80])]
    made += [
        referred("helpers", n, person, details='{"referred_to": "The Council"}')
        for n, person in enumerate(council[:40])
    ]
    made += [
        referred("council", 900 + n, person, code="9", scheme="referral_source") for n, person in enumerate(council)
    ]
    # The same child again, and children who are on no list of the council's, feed it no further.
    made += [referred("council", 3000, council[0], code="6", scheme="referral_source")]
    made += [referred("council", 4000 + n, f"other{n}", code="6", scheme="referral_source") for n in range(100)]
    events, roles, people = (list(part) for part in zip(*made, strict=True))
    tables = {"memberships": rows, "events": events, "involvements": roles, "people": people}
    said = chosen(run_stage(stage, tables, agency=AGENCIES))["warnings"]
    assert f"80 of {len(council)} children on the list social_care came by referral from police" in said
    assert f"40 of {len(council)} children on the list social_care came by referral from charity" in said
    assert said.count("came by referral") == 2


def meaning(**said):
    return [each | {"asked": []} | said for each in AGENCIES]


def test_lists_that_mean_different_children_give_no_total_together(run_stage):
    everyone = [each for each in four_lists() if each["list"] != "homes"]
    agencies = meaning(definition="guidance of 2009")
    same = chosen(run_stage(stage, {"memberships": everyone}, agency=agencies))
    assert same["estimate"] is not None
    assert "not stated" in same["warnings"]
    agencies[0]["definition"] = "own list"
    store = run_stage(stage, {"memberships": everyone}, agency=agencies)
    refused = chosen(store)
    assert refused["estimate"] is refused["lower"] is None
    assert "do not mean the same children" in refused["refused"]
    assert "'own list'" in refused["refused"]
    assert "one definition" in refused["lifted_by"]
    pairs = {row["method"]: row for row in results(store).values() if row["scope"] == refused["scope"]}
    given = {method for method, row in pairs.items() if method.startswith("chapman") and row["estimate"] is not None}
    assert given
    assert not any(AGENCIES[0]["kind"] in method or "all other" in method for method in given)


def test_lists_that_answer_for_different_days_give_no_total_together(run_stage):
    everyone = [each for each in four_lists() if each["list"] != "homes"]
    year = {"from": "2011-01-01", "to": "2011-12-31"}
    agencies = meaning(definition="one", covers=year)
    said = chosen(run_stage(stage, {"memberships": everyone}, agency=agencies))
    assert said["estimate"] is not None
    assert "not stated" not in (said["warnings"] or "")
    agencies[0]["covers"] = {"from": "2011-01-01", "to": "2011-12-20"}
    assert "differ by a little" in chosen(run_stage(stage, {"memberships": everyone}, agency=agencies))["warnings"]
    agencies[0]["covers"] = {"from": "2011-07-01", "to": "2011-12-31"}
    refused = chosen(run_stage(stage, {"memberships": everyone}, agency=agencies))
    assert refused["estimate"] is None
    assert "answer for different days, 50% of them in common" in refused["refused"]


def test_a_total_without_an_upper_limit_leads_and_says_so(run_stage):
    held = {
        ("police",): 80,
        ("social_care",): 70,
        ("charity",): 60,
        ("police", "social_care"): 3,
        ("police", "charity"): 3,
    }
    held |= {("social_care", "charity"): 3, ("police", "social_care", "charity"): 2}
    rows = [child(f"{'-'.join(on)}{n:03}", kind) for on, number in held.items() for n in range(number) for kind in on]
    row = chosen(run_stage(stage, {"memberships": rows}))
    assert (row["method"], row["observed"], row["refused"], row["upper"]) == (
        "log-linear: widened limits",
        221,
        None,
        None,
    )
    assert 221 < row["lower"] < row["estimate"]
    assert "There is no upper limit" in row["warnings"]


def turned_of(store):
    return {name: store.read(name).to_pyarrow().to_pylist() for name in ("sensitivities", "redrawn")}


def test_what_the_lead_turns_on_is_written_beside_it(run_stage):
    store = run_stage(stage, {"memberships": four_lists()}, agency=[each | {"asked": []} for each in AGENCIES])
    lead, turned = chosen(store), turned_of(store)
    kinds = {row["kind"] for row in turned["sensitivities"]}
    assert kinds >= {"list left out", "lists merged", "more links missed", "more false links", "lists tied"}
    assert kinds >= {"model as good", "prior and cap", "list as known truth"}
    assert {row["scope"] for rows in turned.values() for row in rows} == {lead["scope"]}
    assert {(row["drawn"], row["replicates"]) for row in turned["redrawn"]} == {("people", 1000)}
    totals = [row["total"] for row in turned["redrawn"]]
    assert totals == sorted(totals)
    assert totals[0] < lead["estimate"] < totals[-1]
    for row in turned["sensitivities"]:
        if row["kind"] == "list as known truth":
            assert row["truth"] == sum(
                each["list_kind"] == row["change"] for each in store.read("memberships").to_pyarrow().to_pylist()
            )


def test_a_pair_that_leads_turns_on_a_tie_and_on_links(run_stage):
    turned = turned_of(run_stage(stage, {"memberships": two_lists()}))
    assert {row["kind"] for row in turned["sensitivities"]} == {"lists tied", "more links missed", "more false links"}
    assert turned["redrawn"] == []


def test_where_no_total_leads_nothing_is_said_to_turn_on_it(run_stage):
    agencies = meaning(definition="guidance of 2009")
    agencies[0]["definition"] = "own list"
    everyone = [each for each in four_lists() if each["list"] != "homes"]
    assert turned_of(run_stage(stage, {"memberships": everyone}, agency=agencies)) == {
        "sensitivities": [],
        "redrawn": [],
    }
    assert turned_of(run_stage(stage, {})) == {"sensitivities": [], "redrawn": []}
