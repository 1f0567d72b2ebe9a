from __future__ import annotations

import datetime

import pytest

from joinedup.errors import InternalError
from joinedup.link.fields import Limits, prepare
from joinedup.link.splink_adapter import score, settings
from joinedup.registry.link_model import LinkModel, link_models
from joinedup.store.contract import from_rows

CHILDREN = link_models().model("children")


def scored(rows, model=CHILDREN):
    import pyarrow as pa

    mentions = from_rows("mentions", [{"mention_id": str(number), **row} for number, row in enumerate(rows)])
    mentions = mentions.append_column("number", pa.array(range(len(rows)), pa.int64()))
    none = pa.table(
        {
            name: pa.array([], kind)
            for name, kind in (("number", pa.int64()), ("kind", pa.string()), ("value", pa.string()))
        }
    )
    return score(prepare(mentions, none, model.id, Limits(100, 100)).records, model, 1e-9).to_pylist()


def level(compared_id, level_id):
    compared = next(compared for compared in CHILDREN.compared if compared.id == compared_id)
    return next(level for level in compared.levels if level.id == level_id)


def test_the_probability_is_the_prior_and_each_level_s_weight_by_hand():
    born = {"dob": datetime.date(1997, 3, 14), "dob_precision": "day", "sex": "F"}
    rows = [
        {**born, "forename_fold": "ana", "postcode": "ZX1 1AA"},
        {**born, "forename_fold": "ada", "postcode": "ZX1 1AA"},
    ]
    [pair] = scored(rows)
    prior = CHILDREN.prior(2)
    home, dob, sex = level("home", "shared"), level("date_of_birth", "exact"), level("sex", "same")
    name = level("forename", "close")
    odds = prior / (1 - prior) * home.m / LinkModel.as_share(home.pairs_per_record, 2)
    odds *= dob.m / dob.u_home * sex.m / sex.u * name.m / name.u_home
    assert pair["probability"] == pytest.approx(odds / (1 + odds), rel=1e-9)


@pytest.mark.parametrize(
    ("born", "precision", "wanted"),
    [
        ((1997, 3, 14), "day", "exact"),
        ((1997, 3, 15), "day", "slip"),
        ((1997, 3, 25), "day", "two_parts"),
        ((1999, 9, 25), "day", "different"),
        ((1997, 3, 1), "month", "same_month"),
        ((1997, 1, 1), "year", "same_year"),
        ((1997, 1, 1), "placeholder", "same_year"),
        ((1998, 1, 1), "year", "next_year"),
        ((1990, 1, 1), "year", "imprecise_different"),
    ],
)
def test_dates_of_birth_are_compared_as_far_as_both_are_precise(born, precision, wanted):
    names = {"forename_fold": "ana", "surname_fold": "brook"}
    known = {"dob": datetime.date(1997, 3, 14), "dob_precision": "day"}
    [without] = scored([names | known, names])
    [pair] = scored([names | known, names | {"dob": datetime.date(*born), "dob_precision": precision}])
    weight = pair["probability"] / (1 - pair["probability"]) / (without["probability"] / (1 - without["probability"]))
    expected = level("date_of_birth", wanted)
    assert weight == pytest.approx(expected.m / expected.u, rel=1e-6)


def test_day_and_month_that_changed_places_are_a_slip():
    names = {"forename_fold": "ana", "surname_fold": "brook", "dob_precision": "day"}
    rows = [names | {"dob": datetime.date(1997, 3, 11)}, names | {"dob": datetime.date(1997, 11, 3)}]
    different = [rows[0], names | {"dob": datetime.date(1999, 8, 25)}]
    slip, other = (pair[0]["probability"] / (1 - pair[0]["probability"]) for pair in (scored(rows), scored(different)))
    one, two = level("date_of_birth", "slip"), level("date_of_birth", "different")
    assert slip / other == pytest.approx(one.m / one.u * two.u / two.m, rel=1e-6)


def test_a_level_the_engine_cannot_recognise_is_refused():
    data = CHILDREN.model_dump()
    data["compared"][0]["levels"][0]["id"] = "same_street"
    with pytest.raises(InternalError, match=r"home\.same_street"):
        settings(LinkModel.model_validate(data), 10)


def test_a_model_s_weights_point_the_right_way():
    for model in link_models().models:
        for compared in model.compared:
            strongest, weakest = compared.levels[0], compared.levels[-1]
            assert strongest.m > (strongest.u or LinkModel.as_share(strongest.pairs_per_record, 1000)), compared.id
            assert weakest.m < weakest.u, compared.id
