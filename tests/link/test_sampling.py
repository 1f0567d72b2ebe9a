from __future__ import annotations

import datetime

import numpy as np
import pyarrow as pa
import pytest

from joinedup.link.candidates import MOST_SHOWN, Search, joined_or_held
from joinedup.link.sampling import draw
from joinedup.store.contract import from_rows

BORN = datetime.date(2000, 5, 4)


def mentions_of(kinds):
    ids = [f"m{number:04}" for number in range(len(kinds))]
    rows = [
        {
            "mention_id": mention, "agency_kind": kind, "forename_fold": "ana", "surname_fold": "brook", "dob": BORN,
            "dob_precision": "day",
        }
        for mention, kind in zip(ids, kinds, strict=True)
    ]  # fmt: skip
    return from_rows("mentions", rows), ids


@pytest.fixture
def drawing():
    mentions, ids = mentions_of(["police"] * 600 + ["charity"] * 200)
    links = from_rows(
        "links",
        [
            {"mention_l": ids[number], "mention_r": ids[number + 1], "probability": 0.3, "zone": "review", "model": "m"}
            for number in range(700, 800, 2)
        ],
    )
    return mentions, links, pa.array(ids[:700]), ids


def test_every_stratum_is_drawn_from_and_a_records_chance_is_its_strata_share(drawing):
    mentions, links, listed, ids = drawing
    design = draw(mentions, links, listed, 80, 1)
    assert sum(design.drawn) == 80
    assert design.mention_ids == ids
    assert set(design.strata) == {"police; listed; sure", "charity; listed; sure", "charity; not listed; unsure"}
    for stratum in set(design.strata):
        places = [place for place, name in enumerate(design.strata) if name == stratum]
        share = sum(design.drawn[place] for place in places) / len(places)
        assert share > 0
        assert {design.probability[place] for place in places} == {share}


def test_one_seed_draws_one_sample_and_a_kind_asked_for_is_drawn_more(drawing):
    mentions, links, listed, _ = drawing
    once, again, other = (draw(mentions, links, listed, 80, seed) for seed in (1, 1, 2))
    assert once == again
    assert once.drawn != other.drawn
    more = draw(mentions, links, listed, 80, 1, "charity")
    charity = [place for place, name in enumerate(once.strata) if name.startswith("charity")]
    assert sum(more.drawn[place] for place in charity) > sum(once.drawn[place] for place in charity)


def test_more_records_than_there_are_draws_all(drawing):
    mentions, links, listed, _ = drawing
    design = draw(mentions, links, listed, 5000, 1)
    assert all(design.drawn)
    assert set(design.probability) == {1.0}


def searched(*others, phones=()):
    rows = [
        {"mention_id": f"m{number:03}", "sex": "F", **row}
        for number, row in enumerate(
            [{"forename_fold": "oluwaseun", "surname_fold": "adebayo", "dob": BORN, "dob_precision": "day"}, *others]
        )
    ]
    held = [{"mention_id": f"m{number:03}", "kind": "phone", "value": value, "valid": True} for number, value in phones]
    return Search(from_rows("mentions", rows), from_rows("identifiers", held))


def strangers(number):
    """So many records of others with names and dates of their own."""
    letters = "bcdfghjklmnpqrtvwxz"
    return [
        {
            "forename_fold": f"{letters[place % 19]}{letters[place // 19]}{letters[place % 7]}ee",
            "surname_fold": f"{letters[place // 19]}{letters[place % 19]}{letters[place % 5]}uk",
            "dob": datetime.date(1990 + place % 9, 1 + place % 4, 6 + place % 20),
            "dob_precision": "day",
        }
        for place in range(number)
    ]


NONE = np.zeros(0, dtype=np.int64)


@pytest.mark.parametrize(
    ("drawn", "same"),
    [
        ({"forename_fold": "temitope", "surname_fold": "olawale"}, {"forename_fold": "temiotpe", "surname_fold": "olawaje"}),
        ({"forename_fold": "olawale", "surname_fold": "temitope"}, {"forename_fold": "temitope", "surname_fold": "cole"}),
        ({"forename_fold": "imogen", "surname_fold": "walsh"}, {"forename_fold": "immy", "surname_fold": "carr"}),
        ({"forename_fold": "mohammed hamza", "surname_fold": "khan"}, {"forename_fold": "hamzah", "surname_fold": "malik"}),
        ({"forename_fold": "tomasz", "surname_fold": "nowak"}, {"forename_fold": "tolasz", "surname_fold": "wojcik"}),
        ({"forename_fold": "ana", "surname_fold": "brook"}, {"surname_fold": "lee", "aliases": "Ana Brook; Nan"}),
        ({"forename_fold": "ana", "aliases": "Kestrel"}, {"forename_fold": "kestrel", "surname_fold": "lee"}),
        ({"forename_fold": "ana", "dob": datetime.date(2001, 2, 3), "dob_precision": "day"}, {"surname_fold": "lee", "dob": datetime.date(2001, 3, 2), "dob_precision": "day"}),
        ({"forename_fold": "ana", "upn": "A801200000001"}, {"surname_fold": "lee", "upn": "A801200000001"}),
        ({"forename_fold": "ana", "address_fold": "3 mill ln"}, {"surname_fold": "lee", "address_fold": "3 mill ln"}),
    ],
)  # fmt: skip
def test_a_record_no_key_would_propose_is_shown_among_many(drawn, same):
    search = searched(*strangers(300), drawn, same)
    assert 302 in search.beside(301, NONE, 2)
    assert 301 in search.beside(302, NONE, 2)


def test_a_telephone_leads_to_a_home_over_a_third_record():
    drawn = {"forename_fold": "ana", "surname_fold": "brook"}
    brother = {"forename_fold": "piotr", "surname_fold": "lee", "address_fold": "3 mill ln"}
    same = {"forename_fold": "vera", "surname_fold": "lee", "address_fold": "3 mill ln"}
    others = (*strangers(300), drawn, brother, same)
    assert 303 not in searched(*others).beside(301, NONE)
    assert searched(*others, phones=((301, "+447700900001"), (302, "+447700900001"))).beside(301, NONE).tolist()[
        :2
    ] == [302, 303]


def test_what_differs_speaks_against_and_what_is_not_known_does_not():
    names = {"forename_fold": "oluwaseun", "surname_fold": "adebayo"}
    other_born = names | {"dob": datetime.date(1991, 11, 23), "dob_precision": "day"}
    placeholder = names | {"dob": datetime.date(1991, 1, 1), "dob_precision": "placeholder"}
    search = searched(other_born, names | {"sex": "M"}, names, placeholder, *strangers(50))
    bits = search.bits(0)
    assert bits[3] == bits[4]
    assert bits[3] > bits[2] + 4
    assert bits[3] > bits[1] + 4


def test_no_more_are_shown_than_a_screenful_unless_the_links_say_so():
    search = searched(*strangers(300), *[{"forename_fold": "oluwaseun", "surname_fold": "adebayo"}] * 30)
    assert len(search.beside(0, NONE)) == MOST_SHOWN
    assert len(search.beside(0, np.arange(1, 60))) > 59


def test_what_is_alike_is_alike_from_both_sides():
    search = searched({"forename_fold": "oluwaseyi", "surname_fold": "adebajo", "postcode": "ZX1 1AA"}, *strangers(40))
    table = np.array([search.bits(record) for record in range(42)])
    np.testing.assert_allclose(table, table.T)


def test_each_drawn_record_has_beside_it_its_linked_person_and_what_waits_for_review():
    person = np.array([3, 1, 3, 2, 1, 3])
    pairs = (np.array([1, 0, 3]), np.array([3, 2, 5]))
    found = joined_or_held(person, pairs, np.array([0, 3, 4]))
    assert [each.tolist() for each in found] == [[2, 5], [1, 5], [1]]


def test_what_the_links_joined_is_always_shown_in_its_place_by_likeness():
    far = {"forename_fold": "tom", "surname_fold": "carr"}
    near = {"forename_fold": "oluwaseun", "surname_fold": "adebayo"}
    search = searched(far, near)
    assert search.beside(0, np.array([0, 1])).tolist() == [2, 1]
    assert search.beside(0, np.array([0])).tolist() == [2]
