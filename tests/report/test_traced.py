"""What a number opens to: its definition and its returns, and nothing that a small number could give away."""

from __future__ import annotations

from joinedup.domain.numbers import Recipe
from joinedup.domain.tables import SHAPES
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
    assert found.definition.startswith(
        "Different values of person_id among the rows of memberships where status is known. The table memberships of the run"
    )
    assert found.rule == "Counts of 1 to 7 shown as 5, others rounded to the nearest 5 (nhs_round_5)"


def test_a_column_of_a_row_is_told_in_the_words_of_its_table():
    press = Press(disclosure_rules()["nhs_round_5"])
    press.people("r.due", "R", 812, Recipe("reviews", {"number_id": "r"}, total="due"))
    press.institutions("agencies", "A", 31, Recipe("responses", {}, "agency"))
    press.estimate("e", "E", 812.3, Recipe("estimates", {}, total="estimate"))
    found = traces(press, {}, FRAME)
    means = next(column.means for column in SHAPES["reviews"].columns if column.name == "due")
    assert found["r.due"].definition.startswith(f"{means} Column due of the row r. The table reviews")
    assert found["agencies"].rule.startswith("Printed as it is")
    assert found["e"].rule.startswith("Rounded, since it is modelled")


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
