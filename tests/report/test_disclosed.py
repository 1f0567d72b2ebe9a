"""A report beside earlier ones: one child's correction that shows is caught, and what changes nothing small is not."""

from __future__ import annotations

import pytest

from joinedup.domain.numbers import Recipe
from joinedup.registry.disclosure import disclosure_rules
from joinedup.report.disclosed import Published, Told, disclosure
from joinedup.report.press import Press

RULE = disclosure_rules()["nhs_round_5"]
WHERE = {"kind": "child", "status": "known", "strongest": True}


def published(name, areas, lists=()):
    """A publication of one population by area, and by the agencies that hold its children."""
    press = Press(RULE)
    recipes = {"all": Recipe("memberships", WHERE, "person_id")}
    counts = {"all": sum(areas.values())}
    for column, values in (("area", areas), ("list", dict(lists))):
        for value, count in values.items():
            recipes[f"{column}.{value}"] = Recipe("memberships", {**WHERE, column: value}, "person_id")
            counts[f"{column}.{value}"] = count
    for key, count in counts.items():
        press.people(f"n.{key}", key, count, recipes[key])
    rows = press.rows()
    return Published(name, [Told(Recipe.from_json(row["recipe"]), row["least"], row["most"]) for row in rows])


AREAS = {"NM": 432, "EV": 321, "HD": 40}


def standings(now, *before):
    return [check.standing for check in disclosure(now, before, RULE)]


def test_a_report_that_is_safe_by_itself_and_unchanged_passes():
    first = published("0001", AREAS)
    assert standings(first) == ["passed"]
    assert standings(published("0002", AREAS), first) == ["passed"]


def test_one_childs_correction_that_brings_a_new_area_is_caught():
    first = published("0001", AREAS)
    now = published("0002", {**AREAS, "NM": 431, "ZZ": 1})
    assert standings(now) == ["passed"]
    [found] = disclosure(now, [first], RULE)
    assert found.standing == "blocking"
    assert "area=ZZ" in found.message
    assert "0001" in found.message


def test_one_childs_correction_that_empties_an_area_is_caught():
    first = published("0001", {**AREAS, "ZZ": 1})
    [found] = disclosure(published("0002", {**AREAS, "NM": 433}), [first], RULE)
    assert (found.standing, "area=ZZ" in found.message) == ("blocking", True)


def test_it_is_held_against_the_first_report_too_and_not_only_the_last():
    with_child, without = {**AREAS, "ZZ": 2}, AREAS
    reports = [published(f"000{place}", areas) for place, areas in enumerate((without, with_child, with_child), 1)]
    assert standings(reports[2], reports[1]) == ["passed"]
    assert standings(reports[2], *reports[:2]) == ["blocking"]


def test_one_childs_correction_that_rounding_hides_passes():
    first = published("0001", AREAS)
    assert standings(published("0002", {**AREAS, "NM": 431, "EV": 322}), first) == ["passed"]


def test_lines_in_which_a_child_can_stand_twice_need_not_add_up():
    both = [("police", 700), ("charity", 500)]
    assert standings(published("0001", AREAS, both)) == ["passed"]


def test_numbers_that_contradict_each_other_block():
    now = published("0001", AREAS)
    broken = Published("0001", [now.numbers[0], *(Told(each.recipe, 0, 0) for each in now.numbers[1:])])
    [found] = disclosure(broken, [], RULE)
    assert found.standing == "blocking"


@pytest.mark.parametrize("rule", ["nhs_round_5", "ons_threshold_10"])
def test_what_a_number_says_is_what_its_rule_says(rule):
    press = Press(disclosure_rules()[rule])
    for exact in (0, 3, 7, 8, 12, 13, 993):
        press.people(f"n.{exact:03d}", "N", exact, Recipe("people", {}, "person_id"))
    for row in press.rows():
        assert row["least"] <= row["exact"] <= row["most"]
