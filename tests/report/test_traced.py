"""What a number opens to: its definition and its returns, and nothing that a small number could give away."""

from __future__ import annotations

from joinedup.domain.numbers import Recipe
from joinedup.registry.disclosure import disclosure_rules
from joinedup.report.evidence import Frame
from joinedup.report.press import Press
from joinedup.report.traced import NO_RECORDS, SMALL, traces

FRAME = Frame("N", "N", "Q", "P", {"police": "Northmoor Police"})
RETURNS = {"police@2011-03-01": 1203, "charity@undated": 4}


def opened(exact):
    press = Press(disclosure_rules()["nhs_round_5"])
    press.people("count.a", "A", exact, Recipe("memberships", {"status": "known"}, "person_id"))
    return traces(press, {"count.a": RETURNS}, FRAME)["count.a"]


def test_returns_are_named_and_their_records_protected_like_people():
    found = opened(812)
    assert [(name, records.shown) for name, records in found.returns] == [
        ("Northmoor Police, received 1 March 2011", "1,205"),
        ("charity, day of receipt not known", "5"),
    ]
    assert found.definition == "Different values of person_id among the rows of memberships where status is known."


def test_a_small_number_does_not_say_which_agencies_hold_it():
    found = opened(4)
    assert found.returns == ()
    assert found.said == SMALL


def test_a_number_without_records_says_so():
    press = Press(disclosure_rules()["nhs_round_5"])
    press.people("links", "L", 812, Recipe("link_quality", {"measure": "pairs"}, total="value"))
    assert traces(press, {}, FRAME)["links"].said == NO_RECORDS


def test_a_value_that_may_be_free_text_is_not_in_a_definition():
    press = Press(disclosure_rules()["nhs_round_5"])
    where = {"attribute": "area", "value": "written at length " * 8}
    press.people("profile", "P", 812, Recipe("person_attributes", where, "person_id"))
    assert "written" not in traces(press, {}, FRAME)["profile"].definition
