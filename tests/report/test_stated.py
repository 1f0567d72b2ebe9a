"""The numbers of a report as tables of populations: every number has its cell or its reason, and what adds up is held to it."""

from __future__ import annotations

import pytest

from joinedup.domain.numbers import Recipe
from joinedup.registry.disclosure import disclosure_rules
from joinedup.report.disclosed import Published, disclosure, told_of
from joinedup.report.press import INSTITUTIONS
from joinedup.report.stated import UNTIED, Told, cells_of
from joinedup.report.withheld import numbers_to_withhold

RULE = disclosure_rules()["nhs_round_5"]
DUE, MET, SILENT = ("due", "met", "not_recorded")


def told(exact, table, where, distinct="", total=""):
    """The number as the rule publishes it."""
    recipe = Recipe(table, where, distinct, total)
    if exact == 0:
        return Told(recipe, 0, 0)
    if exact <= RULE.small_to:
        return Told(recipe, RULE.small_from, RULE.small_to)
    shown = max((exact + 2) // 5 * 5, 10)
    return Told(recipe, max(shown - 2, 8), shown + 2)


def steps(counts, agency="all"):
    """One line of a standard: the steps due, done in time, late and not recorded."""
    number = f"review.assessment.{agency}"
    found = {
        f"{number}.{name}": told(counts[name], "reviews", {"number_id": number}, total=name)
        for name in (DUE, MET, SILENT)
    }
    where = {"rule": "assessment"} | ({} if agency == "all" else {"agency": agency})
    return found | {number: told(counts[DUE] - counts[MET] - counts[SILENT], "breaches", where)}


def standings(numbers, *before):
    return {each.standing for each in disclosure(Published("now", list(numbers.values())), before, RULE)}


def test_every_number_of_a_report_has_its_cell_or_its_reason(report_of):
    _, store = report_of()
    rows = store.read("released").to_pyarrow().to_pylist()
    assert len(rows) > 100
    tied = set()
    for row in rows:
        recipe = Recipe.from_json(row["recipe"])
        if cells_of(recipe):
            tied.add(recipe.table)
        elif row["least"] is not None and row["rule"] != INSTITUTIONS:
            assert recipe.table in UNTIED, row["number_id"]
    assert {"memberships", "person_attributes", "reviews", "responses", "group_members"} <= tied


@pytest.mark.parametrize(
    ("counts", "open_cells"),
    [
        # 148 due and 142 in time are 150 and 140: the 6 late are 6 or 7.
        ({"due": 148, "met": 142, "not_recorded": 0}, True),
        ({"due": 148, "met": 143, "not_recorded": 0}, False),
    ],
)
def test_steps_late_follow_from_those_due_and_in_time(counts, open_cells):
    numbers = steps(counts)
    assert standings(numbers) == ({"blocking"} if open_cells else {"passed"})
    withheld = numbers_to_withhold(numbers, RULE)
    assert bool(withheld) is open_cells
    kept = {each: Told(one.recipe, 0, 0, withheld=True) if each in withheld else one for each, one in numbers.items()}
    assert standings(kept) == {"passed"}
    # One number is enough, and it is none of the small ones, which withholding would not help.
    assert len(withheld) <= 1
    assert not withheld & {"review.assessment.all"}


def test_agencies_add_up_to_all_of_them():
    one, other = ({"due": 8, "met": 8, "not_recorded": 0}, {"due": 14, "met": 14, "not_recorded": 0})
    numbers = steps(one, "north") | steps(other, "south") | steps({name: one[name] + other[name] for name in one})
    assert standings(numbers) == {"passed"}
    wrong = numbers | steps({"due": 45, "met": 45, "not_recorded": 0})
    assert standings(wrong) == {"blocking"}


def test_children_known_and_suspected_are_those_known_or_suspected():
    def of(known, suspected, either):
        strongest = {"kind": "child", "strongest": True}
        return {
            "known": told(known, "memberships", {**strongest, "status": "known"}, "person_id"),
            "suspected": told(suspected, "memberships", {**strongest, "status": "suspected"}, "person_id"),
            "either": told(
                either, "estimates", {"number_id": "estimate.children-known-or-suspected.chapman"}, total="observed"
            ),
        }

    assert standings(of(12, 3, 15)) == {"passed"}
    # 17 or fewer in all, 13 or more of them known: what is left for the small count is 1 to 4, and at 8 known it is not known.
    assert standings(of(40, 3, 60)) == {"blocking"}
    # 112 or fewer known, 118 or more in all: the small count is 6 or 7.
    assert standings(of(112, 6, 118)) == {"blocking"}


def test_a_small_population_whose_people_are_all_alike_is_found_and_what_nothing_is_known_of_is_not():
    def of(value):
        where = {"population": "suspects:charged", "attribute": "sex"}
        return {
            "all": told(4, "person_attributes", where, "person_id"),
            "value": told(4, "person_attributes", {**where, "value": value}, "person_id"),
            "not known": told(0 if value == "M" else 4, "person_attributes", {**where, "known": False}, "person_id"),
        }

    assert standings(of("M")) == {"blocking"}
    assert standings(of("not returned")) == {"passed"}


def test_that_a_few_steps_came_is_told_and_that_a_few_children_came_blocks():
    before = steps({"due": 90, "met": 60, "not_recorded": 0}, "north") | steps(
        {"due": 90, "met": 60, "not_recorded": 0}
    )
    north = {"due": 90, "met": 60, "not_recorded": 0}
    now = steps(north, "north") | steps({"due": 4, "met": 0, "not_recorded": 0}, "south")
    now |= steps({"due": 94, "met": 60, "not_recorded": 0})
    assert "warning" in standings(now, Published("before", list(before.values())))


def test_a_withheld_number_is_told_as_such_and_nothing_else_that_is_not_there():
    recipe = Recipe("groups", {}).to_json()
    assert told_of({"recipe": recipe, "shown": "c", "least": None, "most": None}).withheld
    assert told_of({"recipe": recipe, "shown": "not available", "least": None, "most": None}) is None
    assert told_of({"recipe": recipe, "shown": "15", "least": 13, "most": 17}).count.least == 13
