from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.link.likeness import likenesses, likenesses_by_tokens, strongest_against
from joinedup.link.weighing import Weight

BORN = {"dob": "1997-03-14", "dob_precision": "day"}


def said(about, one, other):
    return next((each.verdict, each.words) for each in likenesses(one, other) if each.about == about)


@pytest.mark.parametrize(
    ("other", "verdict", "words"),
    [
        ({}, "agrees", "same day"),
        ({"dob": "1997-03-15"}, "nearly", "one part only"),
        ({"dob": "1998-03-24"}, "differs", "different days"),
        ({"dob": "1999-03-14"}, "nearly", "one part only"),
        ({"dob": "1997-01-01", "dob_precision": "year"}, "nearly", "as far as they are known"),
        ({"dob": "1996-01-01", "dob_precision": "placeholder"}, "differs", "not exact"),
        ({"dob": None}, "missing", "both sides"),
    ],
)
def test_dates_of_birth(other, verdict, words):
    found = said("date of birth", BORN, BORN | other)
    assert found[0] == verdict
    assert words in found[1]


def test_day_and_month_changed_round():
    assert "changed round" in said("date of birth", BORN | {"dob": "1997-03-04"}, BORN | {"dob": "1997-04-03"})[1]


@pytest.mark.parametrize(
    ("left", "right", "verdict", "words"),
    [
        ("ana", "ana", "agrees", "the same"), ("ana", "anna", "nearly", "one letter"), ("ana", "naa", "nearly", "one letter"),
        ("mary ann", "ann", "nearly", "part"), ("alexandra", "alex", "nearly", "part"), ("ana", "ruth", "differs", "differ"),
        ("liz", "elizabeth", "nearly", "forms of one name"), ("becky", "rebecca", "nearly", "forms of one name"),
        ("bethany", "elizabeth", "differs", "differ"),
        ("ana", "", "missing", "both sides"),
    ],
)  # fmt: skip
def test_names(left, right, verdict, words):
    found = said("forename", {"forename_fold": left}, {"forename_fold": right})
    assert found[0] == verdict
    assert words in found[1]


def test_names_that_changed_places():
    one, other = {"forename_fold": "lee", "surname_fold": "grant"}, {"forename_fold": "grant", "surname_fold": "lee"}
    assert said("forename", one, other) == ("nearly", "the forename and surname have changed places")


@pytest.mark.parametrize(
    ("other", "verdict"),
    [(("georgia", "elmbournne"), "nearly"), (("georgie", "elmburn"), "nearly"), (("georgia", "kirkstead"), "differs")],
)
def test_names_that_changed_places_and_one_is_written_in_another_way(other, verdict):
    one = {"forename_fold": "elmburn", "surname_fold": "georgia"}
    found = [said(about, one, dict(zip(one, other, strict=True))) for about in ("forename", "surname")]
    assert [each[0] for each in found] == [verdict, verdict]
    if verdict == "nearly":
        assert found[0][1] == "the forename and surname have changed places, and one is written in another way"


def test_a_home_is_a_postcode_an_address_or_a_telephone():
    phone = {"identifiers": {("phone", "+441632960001")}}
    assert said("home", phone, phone) == ("agrees", "they share a home (telephone)")
    here = {"postcode": "ZX1 1AA", "outcode": "ZX1", "address_fold": "1 high st"}
    assert said("home", here, here)[1] == "they share a home (postcode and address)"
    assert said("home", here, here | {"postcode": "ZX1 1AB", "address_fold": "2 high st"})[0] == "nearly"
    assert said("home", here, {"outcode": "ZX2"})[0] == "differs"
    assert said("home", here, {})[0] == "missing"


def test_two_valid_numbers_weigh_most_against():
    one = {"nhs_no": "9990000001", "forename_fold": "ana", "sex": "F"}
    other = {"nhs_no": "9990000002", "forename_fold": "ruth", "sex": "M"}
    assert strongest_against(likenesses(one, other)) == "the NHS numbers are two different valid ones"
    assert strongest_against(likenesses(one, other | {"nhs_no": None})) == "the forenames differ"


texts = st.sampled_from([None, "", "ana", "anna", "ruth", "mary ann", "lee"])
rows = st.fixed_dictionaries({
    "forename_fold": texts, "surname_fold": texts, "sex": st.sampled_from([None, "F", "M"]), "nhs_no": texts,
    "dob": st.sampled_from([None, "1997-03-14", "1997-04-03", "1998-01-01"]), "dob_precision": st.sampled_from(["day", "year"]),
    "postcode": texts, "outcode": texts, "identifiers": st.sets(st.tuples(st.sampled_from(["phone", "vehicle"]), texts)),
})  # fmt: skip


@given(rows, rows)
def test_it_is_the_same_both_ways_and_repeats_no_value(one, other):
    found = likenesses(one, other)
    assert found == likenesses(other, one)
    words = {word for each in found for word in each.words.replace("(", " ").replace(")", " ").split()}
    assert not words & {"ana", "anna", "ruth", "lee", "1997-03-14", "1998-01-01"}


def test_a_pair_of_tokens_is_told_by_what_weighed_in_it_without_a_name():
    levels = {"forename": "close", "date_of_birth": "exact", "sex": "different", "place": "unknown"}
    weights = [
        Weight("prior", "no_shared_home", -14.0),
        *(Weight(thing, level, 1.0) for thing, level in levels.items()),
    ]
    found = {each.about: (each.verdict, each.words) for each in likenesses_by_tokens(weights)}
    assert found["date of birth"] == ("agrees", "the tokens of the date of birth are the same")
    assert found["forename"] == ("nearly", "the tokens of the forename nearly agree (close)")
    assert found["sex"] == ("differs", "the tokens of the sex differ")
    assert found["where they live"][0] == found["surname"][0] == found["NHS number"][0] == "missing"
    assert list(found)[:3] == ["NHS number", "pupil number", "date of birth"]
    assert strongest_against(likenesses_by_tokens(weights)) == "the tokens of the sex differ"


def test_tokens_of_one_home_are_told_and_a_pair_that_was_never_weighed_says_that_there_is_nothing_to_read():
    found = likenesses_by_tokens([Weight("prior", "one_home", -0.2)])
    assert ("home", "agrees") in {(each.about, each.verdict) for each in found}
    assert [each.verdict for each in likenesses_by_tokens([])] == ["missing"]
