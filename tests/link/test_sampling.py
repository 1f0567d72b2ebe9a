from __future__ import annotations

import datetime

import numpy as np
import pyarrow as pa
import pytest

from joinedup.link.candidates import Search
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


def searched(*others):
    rows = [
        {"mention_id": f"m{number}", "sex": "F", **row}
        for number, row in enumerate(
            [{"forename_fold": "oluwaseun", "surname_fold": "adebayo", "dob": BORN, "dob_precision": "day"}, *others]
        )
    ]
    return Search(from_rows("mentions", rows), from_rows("identifiers", []))


def test_a_record_no_key_would_propose_is_shown_to_the_reader():
    search = searched(
        {"forename_fold": "oluwasuen", "surname_fold": "adebajo"},
        {"forename_fold": "adebayo", "surname_fold": "oluwaseun"},
        {"forename_fold": "seun", "dob": datetime.date(2000, 4, 5), "dob_precision": "day"},
        {"forename_fold": "tom", "surname_fold": "carr", "dob": datetime.date(1999, 1, 1), "dob_precision": "day"},
    )
    shown = search.beside(0, np.zeros(0, dtype=np.int64)).tolist()
    assert {1, 2, 3} <= set(shown)
    assert 4 not in shown


def test_what_the_links_joined_is_always_shown_in_its_place_by_likeness():
    far = {"forename_fold": "tom", "surname_fold": "carr"}
    near = {"forename_fold": "oluwaseun", "surname_fold": "adebayo"}
    search = searched(far, near)
    assert search.beside(0, np.array([0, 1])).tolist() == [2, 1]
    assert search.beside(0, np.array([0])).tolist() == [2]
