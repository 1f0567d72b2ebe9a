from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from joinedup.registry.label_maps import ambiguous_labels, fold_label


def column(**codes: list[object]) -> dict[str, object]:
    return {"t": {"c": {"category": [{"code": code, "name": names} for code, names in codes.items()]}}}


def test_a_label_sent_to_two_codes_is_found_whatever_its_case_and_marks():
    found = ambiguous_labels(column(A=["Friend/Neighbour", "GP"], B=["friend / neighbour", "Nurse"]))
    assert found == {("t", "c"): {"friend neighbour": ("A", "B")}}


def test_two_spellings_of_one_code_are_one_code():
    table = {"t": {"c": {"category": [{"code": "a) White", "name": ["x"]}, {"code": "a) white ", "name": ["X"]}]}}}
    assert ambiguous_labels(table) == {}


def test_a_code_that_joins_two_codes_is_two_codes():
    categories = [
        {"code": "Male", "name": ["M"]},
        {"code": "Neither", "name": []},
        {"code": "Male / Neither", "name": ["X"]},
    ]
    assert ambiguous_labels({"t": {"c": {"category": categories}}}) == {("t", "c"): {"x": ("Male", "Neither")}}


def test_a_single_label_is_not_taken_letter_by_letter():
    categories = [{"code": "1", "name": "abc"}, {"code": "2", "name": "cab"}]
    assert ambiguous_labels({"t": {"c": {"category": categories}}}) == {}


def test_columns_without_categories_are_left_out():
    assert ambiguous_labels({"t": {"dob": {"date": "%d/%m/%Y"}, "id": {"string": "alphanumeric"}}}) == {}


@given(st.dictionaries(st.sampled_from("ABC"), st.lists(st.sampled_from(["x", "X ", "y", "z-1", "Z 1"])), min_size=1))
def test_found_labels_are_those_of_several_codes(codes: dict[str, list[str]]):
    expected = {
        label: tuple(sorted(code for code, names in codes.items() if label in {fold_label(name) for name in names}))
        for label in {fold_label(name) for names in codes.values() for name in names}
    }
    several = {label: found for label, found in expected.items() if len(found) > 1}
    assert ambiguous_labels(column(**codes)).get(("t", "c"), {}) == several
