from __future__ import annotations

import pyarrow as pa

from joinedup.link.fields import Limits, prepare
from joinedup.link.narrow import narrow
from joinedup.registry.link_model import link_models
from joinedup.store.contract import from_rows

ROWS = (
    {"forename_fold": "zoe", "surname_fold": "ana", "postcode": "ZX1 1AA", "outcode": "ZX1", "address_fold": "1 mill lane"},
    {"forename_fold": "ana", "surname_fold": "brook", "postcode": "ZX1 1AA", "outcode": "ZX1"},
    {"surname_fold": "brook", "address_fold": "1 mill lane", "outcode": "ZX1"},
    {"forename_fold": "zoe"},
)  # fmt: skip


def narrowed(model_id="children", rows=ROWS):
    mentions = from_rows("mentions", [{"mention_id": str(number), **row} for number, row in enumerate(rows)])
    mentions = mentions.append_column("number", pa.array(range(len(rows)), pa.int64()))
    none = pa.table({name: pa.array([], kind) for name, kind in (("number", pa.int64()), ("kind", pa.string()), ("value", pa.string()))})  # fmt: skip
    model = link_models().model(model_id)
    return narrow(prepare(mentions, none, model.id, Limits(100, 100)).records, model)


def test_each_different_name_stands_once_by_the_alphabet_and_no_name_has_no_number():
    found = narrowed()
    assert found.names["forename"]["forename"].to_pylist() == ["ana", "zoe"]
    assert found.compared["forename_value"].to_pylist() == [1, 0, None, 1]


def test_a_forename_and_a_surname_that_are_equal_have_one_number():
    compared = narrowed().compared
    assert compared["forename"].to_pylist()[1] == compared["surname"].to_pylist()[0]
    assert compared["forename_key"].to_pylist()[1] == compared["surname_key"].to_pylist()[0]


def test_records_of_one_home_have_its_number_and_a_bit_in_common():
    one, other, third, nowhere = narrowed().compared.select(["home", "home_bits"]).to_pylist()
    assert set(one["home"]) & set(third["home"])
    assert one["home_bits"] & third["home_bits"]
    assert not set(other["home"]) & set(third["home"])
    assert nowhere == {"home": None, "home_bits": None}


def test_a_suspect_s_name_is_another_where_other_names_go_with_it():
    rows = [{"role": "suspect", "forename_fold": "ana", "aliases": aliases} for aliases in ("", "shades", "shades")]
    first, second, third = narrowed("suspects", rows).compared["forename_value"].to_pylist()
    assert first != second == third
