from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.collect.values.text import parse_name
from joinedup.domain.linkage_key import Key
from joinedup.link.tokens import EXACT, FUZZY, LISTS, bloom, encode, likeness

KEY, OTHER = Key(bytes(range(32))), Key(bytes(range(1, 33)))
NAMES = st.text("abcdefghijklmnoprstuvwyz", min_size=2, max_size=9)
CHILD = {
    "forename_fold": "katherine", "surname_fold": "smith jones", "aliases": "Kat; Kitty", "dob": datetime.date(1997, 3, 4),
    "dob_precision": "day", "sex": "F", "postcode": "ZX4 4TT", "outcode": "ZX4", "address_fold": "4 mill ln",
    "nhs_no": "9434765919", "upn": "H801200001001",
}  # fmt: skip
HELD = [("phone", "+447700900123"), ("vehicle", "AB51ABC"), ("account", "sky_lark9")]


def child(**changes):
    return CHILD | changes


def shared(one, other, field):
    return set(one[f"token_{field}"].split(";")) & set(other[f"token_{field}"].split(";")) - {""}


@given(NAMES, NAMES, st.dates(datetime.date(1985, 1, 1), datetime.date(2010, 1, 1)))
def test_one_person_written_in_ways_that_do_not_matter_has_one_set_of_tokens(forename, surname, born):
    plain, shouted = (
        encode(
            child(forename_fold=parse_name(write(forename)).fold, surname_fold=parse_name(write(surname)).fold, dob=born),
            held, KEY, fuzzy=True,
        )
        for write, held in ((str, HELD), (lambda name: f"  {name.upper()}. ", HELD[::-1]))
    )  # fmt: skip
    assert plain == shouted


@given(NAMES, NAMES)
def test_two_keys_share_nothing(forename, surname):
    mention = child(forename_fold=forename, surname_fold=surname)
    one, other = (encode(mention, HELD, key, fuzzy=True) for key in (KEY, OTHER))
    assert not any(shared(one, other, field) for field in (*EXACT, *FUZZY, "key"))
    assert likeness(one["token_forename_bloom"], other["token_forename_bloom"]) < 0.5


@given(NAMES.filter(lambda name: not set(name) <= set("abcdef")))
def test_no_clear_value_is_in_what_is_written(forename):
    written = " ".join(encode(child(forename_fold=forename), HELD, KEY, fuzzy=True).values())
    clear = [forename, "smith", "jones", "kitty", "1997", "ZX4", "mill", "9434765919", "801200001001", "7700900123"]
    clear += ["AB51ABC", "sky_lark9"]
    # Four digits can stand in a hash by chance; a year is looked for as a token of its own.
    assert not [value for value in clear if len(value) > 4 and value.lower() in written.lower()]
    assert all(set(token) <= set("0123456789abcdef") for token in written.replace(";", " ").split())


def test_every_field_is_written_and_what_is_not_held_is_empty():
    full, bare = encode(CHILD, HELD, KEY, fuzzy=True), encode({"forename_fold": "ana"}, [], KEY, fuzzy=True)
    assert list(full) == list(bare) == [f"token_{field}" for field in (*EXACT, *FUZZY, "key")]
    assert all(full.values())
    assert {name for name, value in bare.items() if value} == {
        "token_forename", "token_forename_key", "token_forename_forms", "token_forename_parts", "token_key",
    }  # fmt: skip
    assert all(";" not in value for name, value in full.items() if name.removeprefix("token_") not in LISTS)


def test_what_is_fuzzy_is_sent_only_where_it_is_asked_for():
    assert set(encode(CHILD, HELD, KEY, fuzzy=False)) == {f"token_{field}" for field in (*EXACT, "key")}


@pytest.mark.parametrize(
    ("change", "field", "how_many"),
    [
        ({"forename_fold": "becky"}, "forename_forms", 0),
        ({"forename_fold": "katharine"}, "forename_key", 1),
        ({"surname_fold": "jones"}, "surname_parts", 1),
        ({"dob": datetime.date(1997, 3, 5)}, "born_month", 1),
        ({"dob": datetime.date(1997, 3, 5)}, "born", 0),
        ({"dob": datetime.date(1997, 8, 4)}, "born_year_day", 1),
        ({"dob": datetime.date(1998, 3, 4)}, "born_month_day", 1),
        ({"postcode": "ZX4 4TA"}, "outcode", 1),
        ({"outcode": "ZX5"}, "address", 1),
    ],
)
def test_values_that_share_a_part_share_its_token_alone(change, field, how_many):
    one, other = encode(CHILD, HELD, KEY, fuzzy=True), encode(child(**change), HELD, KEY, fuzzy=True)
    assert len(shared(one, other, field)) == how_many


def test_a_date_changed_over_is_seen_and_names_that_changed_places_too():
    one = encode(CHILD, [], KEY, fuzzy=True)
    other = encode(child(dob=datetime.date(1997, 4, 3)), [], KEY, fuzzy=True)
    assert one["token_born_turned"] == other["token_born"] != one["token_born"]
    swapped = encode(child(forename_fold="smith jones", surname_fold="katherine"), [], KEY, fuzzy=False)
    assert one["token_forename"] == swapped["token_surname"]
    assert one["token_surname_key"] == swapped["token_forename_key"]


@pytest.mark.parametrize(
    ("precision", "born", "held"),
    [
        ("day", datetime.date(1997, 3, 4), {"born", "born_month", "born_year"}),
        ("month", datetime.date(1997, 3, 1), {"born_month", "born_year"}),
        ("year", datetime.date(1997, 1, 1), {"born_year"}),
        ("placeholder", datetime.date(1997, 1, 1), {"born_year"}),
        ("placeholder", datetime.date(1900, 2, 2), set()),
        (None, None, set()),
    ],
)
def test_a_date_of_birth_is_encoded_as_far_as_it_is_known(precision, born, held):
    found = encode(child(dob=born, dob_precision=precision), [], KEY, fuzzy=True)
    assert {name for name in ("born", "born_month", "born_year") if found[f"token_{name}"]} == held
    assert bool(found["token_forename_bloom"]) == ("born" in held)


def test_filters_are_near_for_near_names_of_one_birthday_and_say_nothing_between_two():
    near = likeness(bloom("katherine", KEY, "19970304"), bloom("katharine", KEY, "19970304"))
    unlike = likeness(bloom("katherine", KEY, "19970304"), bloom("oliver", KEY, "19970304"))
    elsewhere = likeness(bloom("katherine", KEY, "19970304"), bloom("katherine", KEY, "19970305"))
    assert near > 0.7
    assert max(unlike, elsewhere) < 0.4
    assert likeness("0", "0") == 0.0
