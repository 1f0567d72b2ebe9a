from __future__ import annotations

import datetime

import pyarrow as pa
import pytest

from joinedup.link.fields import Limits, prepare
from joinedup.link.levels import HOME_SIZES, Coding
from joinedup.link.splink_adapter import compare
from joinedup.registry.link_model import link_models
from joinedup.store.contract import from_rows

CHILDREN = link_models().model("children")
CODING = Coding.of(CHILDREN)
WAYS = {way: place * (len(HOME_SIZES) + 1) for place, way in enumerate(("against the addresses", "one way", "an address", "several ways"))}  # fmt: skip
NAMED = {"forename_fold": "ana", "surname_fold": "brook"}
BORN = {"dob": datetime.date(1997, 3, 14), "dob_precision": "day", "outcode": "ZX1"}


def codes(rows, model=CHILDREN):
    """The digits of every proposed pair, by the numbers of its rows."""
    mentions = from_rows("mentions", [{"mention_id": str(number), **row} for number, row in enumerate(rows)])
    mentions = mentions.append_column("number", pa.array(range(len(rows)), pa.int64()))
    none = pa.table({name: pa.array([], kind) for name, kind in (("number", pa.int64()), ("kind", pa.string()), ("value", pa.string()))})  # fmt: skip
    found = compare(prepare(mentions, none, model.id, Limits(100, 100)).records, model).proposed
    coding = Coding.of(model)
    digits = {
        digit.name: digit.of(found.codes[found.pattern])
        for digit in (coding.home, coding.namesakes, coding.together, *coding.digits)
    }
    return {
        (left, right): {name: int(values[place]) for name, values in digits.items()}
        for place, (left, right) in enumerate(zip(found.left.tolist(), found.right.tolist(), strict=True))
    }


def digit(thing, level_id, step=0):
    from joinedup.link.frequencies import STEPS

    place = 1
    for level in next(compared for compared in CHILDREN.compared if compared.id == thing).levels:
        if level.id == level_id:
            return place + step
        place += STEPS if level.steps else 1
    raise AssertionError(level_id)


def alone(one, other):
    [pair] = codes([NAMED | one, NAMED | other]).values()
    return pair


@pytest.mark.parametrize(
    ("born", "precision", "wanted"),
    [
        ((1997, 3, 14), "day", "exact"),
        ((1997, 3, 15), "day", "slip"),
        ((1997, 3, 25), "day", "two_parts"),
        ((1997, 9, 25), "day", "one_part"),
        ((1999, 9, 25), "day", "different"),
        ((1997, 3, 1), "month", "same_month"),
        ((1997, 5, 1), "month", "same_year_other_month"),
        ((1996, 5, 1), "month", "other_year"),
        ((1997, 1, 1), "year", "same_year"),
        ((1997, 1, 1), "placeholder", "same_year"),
        ((1998, 1, 1), "year", "next_year"),
        ((1990, 1, 1), "year", "years_apart"),
    ],
)
def test_dates_of_birth_are_compared_as_far_as_both_are_precise(born, precision, wanted):
    known = {"dob": datetime.date(1997, 3, 14), "dob_precision": "day"}
    pair = alone(known, {"dob": datetime.date(*born), "dob_precision": precision})
    assert pair["date_of_birth"] == digit("date_of_birth", wanted)


def test_day_and_month_that_changed_places_are_told_from_other_slips():
    born = [{"dob": datetime.date(1997, *day), "dob_precision": "day"} for day in ((3, 11), (11, 3))]
    assert alone(*born)["date_of_birth"] == digit("date_of_birth", "changed_over")


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("rebecca", "becky", "variant"),
        ("mohammed", "muhammad", "variant"),
        ("charlotte", "charlote", "variant"),
        ("daniel", "damiel", "close"),
        ("mohammed hamza", "hamza", "part"),
        ("marianthe", "anthe", "part"),
        ("jo", "grace", "different"),
    ],
)
def test_forenames_are_compared_by_letters_sound_nickname_and_part(one, other, wanted):
    born = {"dob": datetime.date(1997, 3, 14), "dob_precision": "day", "outcode": "ZX1"}
    found = alone({"forename_fold": one} | born, {"forename_fold": other} | born)
    step = found["forename"] - digit("forename", wanted)
    assert 0 <= step < 11
    assert wanted == "variant" or step == 0


def test_brothers_who_share_a_leading_mohammed_share_no_name():
    pair = alone({"forename_fold": "mohammed hamza", "postcode": "ZX1 1AA"}, {"forename_fold": "mohammed bilal", "postcode": "ZX1 1AA"})  # fmt: skip
    assert pair["forename"] in (digit("forename", "near"), digit("forename", "same_initial"))


def test_a_shared_home_needs_the_surname_beside_the_postcode_and_counts_who_shares_it():
    rows = [NAMED | {"postcode": "ZX1 1AA", "outcode": "ZX1"} for _ in range(3)] + [
        NAMED | {"surname_fold": "smith", "postcode": "ZX1 1AA", "outcode": "ZX1"}
    ]
    found = codes(rows)
    assert found[0, 1]["home"] == WAYS["one way"] + 2
    assert found[0, 3]["home"] == 0
    assert found[0, 3]["place"] == digit("place", "same_postcode")


def test_names_that_changed_places_are_seen_as_such():
    pair = alone({}, {"forename_fold": "brook", "surname_fold": "ana"})
    assert pair["surname"] == digit("surname", "swapped")
    assert pair["forename"] == 0


@pytest.mark.parametrize(
    ("forename", "surname", "level"),
    [("brook", "laylar", "crossed"), ("brovk", "layla", "crossed"), ("brook", "sana", "half_crossed"), ("sana", "layla", "half_crossed"), ("sana", "omar", "different"), ("brook", "layla", "swapped")],
)  # fmt: skip
def test_names_that_changed_places_are_seen_with_one_of_them_mistyped(forename, surname, level):
    known = {"forename_fold": "layla", "surname_fold": "brook", **BORN}
    pair = alone(known, BORN | {"forename_fold": forename, "surname_fold": surname})
    assert pair["surname"] == digit("surname", level)
    assert (pair["forename"] == 0) == (level != "different")


@pytest.mark.parametrize(
    ("address", "outcode", "level"),
    [("4 mill lane", "ZX2", "same_address"), ("9 mill lane", "ZX1", "same_street"), ("4 high rd", "ZX1", "same_house"), ("7 high rd", "ZX1", "same_outcode")],
)  # fmt: skip
def test_where_no_home_is_shared_the_parts_of_an_address_are_compared(address, outcode, level):
    here = BORN | {"address_fold": "4 mill lane", "outcode": "ZX1", "surname_fold": "brook"}
    pair = alone(here, BORN | {"address_fold": address, "outcode": outcode, "surname_fold": "smith"})
    assert pair["home"] == 0
    assert pair["place"] == digit("place", level)


@pytest.mark.parametrize(
    ("address", "level"), [("9 mill lane", "neighbours"), ("mill road", "neighbours"), ("mill lane", "same_postcode"), (None, "same_postcode")]
)  # fmt: skip
def test_one_postcode_and_another_house_are_neighbours(address, level):
    here = BORN | {"postcode": "ZX1 1AA", "address_fold": "4 mill lane", "surname_fold": "brook"}
    pair = alone(here, here | {"address_fold": address, "surname_fold": "smith"})
    assert (pair["home"], pair["place"]) == (0, digit("place", level))


def test_half_of_a_name_that_changed_places_says_nothing_where_the_other_half_agrees_in_its_own_place():
    known = BORN | {"forename_fold": "hassan", "surname_fold": "ali"}
    assert alone(known, BORN | {"forename_fold": "ali", "surname_fold": "ali"})["surname"] < digit("surname", "variant")


@pytest.mark.parametrize(
    ("one", "other", "way"),
    [
        ({}, {}, "one way"),
        ({"address_fold": "4 mill lane"}, {}, "one way"),
        ({"address_fold": "4 mill lane"}, {"address_fold": "4 high rd"}, "several ways"),
        ({"address_fold": "4 mill lane"}, {"address_fold": "9 high rd"}, "against the addresses"),
        ({"address_fold": "4 mill lane"}, {"address_fold": "4 mill ln"}, "several ways"),
        ({"address_fold": "4 mill lane"}, {"address_fold": "4 mill lane", "postcode": None, "surname_fold": "smith"}, "an address"),
        ({"address_fold": "4 mill lane"}, {"address_fold": "4", "surname_fold": "smith"}, "an address"),
    ],
)  # fmt: skip
def test_homes_are_told_apart_by_the_ways_they_are_shared(one, other, way):
    home = BORN | {"postcode": "ZX1 1AA", "outcode": "ZX1", "surname_fold": "brook"}
    assert alone(home | one, home | other)["home"] == WAYS[way] + 1


def test_what_one_side_does_not_hold_says_nothing():
    pair = alone({"sex": "F"}, {})
    assert pair["sex"] == pair["date_of_birth"] == pair["nhs_number"] == 0
    assert pair["place"] == digit("place", "unknown")


def test_where_only_the_postcode_is_shared_a_different_surname_says_nothing():
    at = {"postcode": "ZX1 1AA", "outcode": "ZX1"}
    assert alone(at, at | {"surname_fold": "smith"})["surname"] == 0
    assert alone(at, at | {"surname_fold": "brpok"})["surname"] == digit("surname", "close")


def test_how_often_two_names_are_borne_together_is_told_of_one_full_name_alone():
    born = [{"dob": datetime.date(1990 + year, 1 + year, 5 + year), "dob_precision": "day"} for year in range(4)]
    found = codes([NAMED | {"nhs_no": "9990000018"} | one for one in (*born, {"surname_fold": "vale"})])
    assert found[0, 1]["together"] > 0
    assert found[0, 4]["together"] == 0


def test_a_name_s_bearers_are_counted_by_their_dates_of_birth():
    born = [{"dob": datetime.date(1990 + year, 1 + year, 5 + year), "dob_precision": "day"} for year in range(4)]
    found = codes([NAMED | one for one in (*born, {})])
    assert found[0, 4]["namesakes"] == 4
    assert found[0, 1]["namesakes"] == 0


def test_no_pair_of_records_is_proposed_of_one_record():
    assert codes([NAMED]) == {}
