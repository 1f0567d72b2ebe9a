from __future__ import annotations

import datetime

import pyarrow as pa

from joinedup.link.fields import Limits, prepare
from joinedup.link.proposals import PROPOSALS
from joinedup.store.contract import from_rows

LIMITS = Limits(largest_block=5, largest_home=2)


def prepared(rows, identifiers=(), model="children", limits=LIMITS):
    mentions = from_rows("mentions", [{"mention_id": str(number), **row} for number, row in enumerate(rows)])
    mentions = mentions.append_column("number", pa.array(range(len(rows)), pa.int64()))
    owned = pa.table(
        {
            "number": pa.array([number for number, _, _ in identifiers], pa.int64()),
            "kind": pa.array([kind for _, kind, _ in identifiers], pa.string()),
            "value": pa.array([value for _, _, value in identifiers], pa.string()),
        }
    )
    return prepare(mentions, owned, model, limits).records.to_pylist()


def test_one_key_for_a_name_and_the_name_with_its_parts_changed_round():
    one, other = prepared(
        [{"forename_fold": "ana", "surname_fold": "brook"}, {"forename_fold": "brook", "surname_fold": "ana"}]
    )
    assert one["key_full_name"] == other["key_full_name"] == "ana|brk"


def test_a_placeholder_that_is_not_the_first_of_january_says_nothing_not_even_the_year():
    day = datetime.date
    rows = prepared(
        [
            {"dob": day(1997, 1, 1), "dob_precision": "placeholder"}, {"dob": day(1911, 11, 11), "dob_precision": "placeholder"},
            {"dob": day(1997, 3, 1), "dob_precision": "month"}, {"dob": day(1997, 3, 4), "dob_precision": "day", "forename_fold": "ana"},
        ]
    )  # fmt: skip
    assert [row["dob"] for row in rows] == ["19970101", None, "19970301", "19970304"]
    assert [row["key_dob_forename"] for row in rows] == [None, None, None, "19970304|a"]


def test_a_home_is_a_telephone_address_or_postcode_with_a_surname_unless_too_many_share_it():
    rows = [
        {"postcode": "ZX1 1AA", "outcode": "ZX1", "surname_fold": "brook", "address_fold": f"{number} mill lane"}
        for number in range(3)
    ]
    homes = [row["home"] for row in prepared(rows, [(0, "phone", "+447700900001"), (1, "phone", "+447700900001")])]
    assert homes == [
        [f"{number} milllane|brk", f"address|{number} milllane|ZX1", f"house|ZX1 1AA|{number}"]
        + (["phone|+447700900001"] if number < 2 else [])
        for number in range(3)
    ]


def test_an_address_without_a_postcode_is_a_home_with_the_same_address_in_full():
    home = {"address_fold": "4 mill lane", "surname_fold": "brook"}
    full = {**home, "outcode": "ZX1", "postcode": "ZX1 1AA"}
    one, other = prepared([home, full])
    assert set(one["home"]) & set(other["home"]) == {"4 milllane|brk", "address|4 milllane|ZX1"}
    one, other = prepared([{**home, "surname_fold": "vale"}, full])
    assert set(one["home"]) & set(other["home"]) == {"address|4 milllane|ZX1"}


def test_a_street_known_in_two_districts_lends_its_district_to_nobody_and_a_family_there_only_one():
    home = {"address_fold": "4 mill lane", "surname_fold": "brook"}
    bare, here, there = prepared([home, {**home, "outcode": "ZX1"}, {**home, "surname_fold": "vale", "outcode": "ZX9"}])
    assert set(bare["home"]) & set(here["home"]) == {"4 milllane|brk"}
    assert not set(bare["home"]) & set(there["home"])


def test_a_slip_in_the_street_s_name_does_not_part_a_home_whose_postcode_and_number_agree():
    home = {"postcode": "ZX1 1AA", "outcode": "ZX1"}
    one, other, next_door = prepared(
        [
            {**home, "address_fold": "4 mill lane"},
            {**home, "address_fold": "4 mll rd"},
            {**home, "address_fold": "5 mill lane"},
        ]
    )
    assert set(one["home"]) & set(other["home"]) == {"house|ZX1 1AA|4"}
    assert not set(one["home"]) & set(next_door["home"])


def test_a_slip_in_the_street_is_mended_where_no_other_house_bears_it():
    houses = [("4 mlil lane", "ZX1"), ("4 mill lane", "ZX2"), ("5 mill lane", "ZX1"), ("4 mill lane", "ZX1")]
    mended, *others = prepared([{"address_fold": address, "outcode": outcode} for address, outcode in houses])
    assert (mended["address"], mended["street"], mended["house"]) == ("4 milllane", "milllane", "4")
    assert set(mended["home"]) & set(others[-1]["home"])
    assert not set(mended["home"]) & set(others[0]["home"])


def test_a_suspect_s_telephone_is_shared_with_a_group_and_makes_no_home():
    [row] = prepared([{"role": "suspect"}], [(0, "phone", "+447700900001")], model="suspects")
    assert row["home"] is None
    assert row["shared"] == ["phone|+447700900001"]


def test_no_key_is_made_of_a_forename_alone():
    for model, proposals in PROPOSALS.items():
        if model.endswith("_tokens"):
            continue  # tests/link/test_encoded.py
        [row] = prepared([{"forename_fold": "ana", "aliases": "shades"}], model=model)
        assert [row[key] for key in (*proposals.plain, *proposals.lists)] == [None] * (
            len(proposals.plain) + len(proposals.lists)
        )
