"""Sets of things that suspects' mentions hold, split by how much sharing one says."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from joinedup.link.mention_sets import by_bearers, other_names
from joinedup.registry.link_model import link_models


def test_a_thing_is_of_a_class_by_how_many_forenames_stand_with_it():
    forename = np.array([0, 0, 1, 2, 3, 4, -1, -1])
    row = np.array([0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7])
    value = pa.array(["mine", "gang", "mine", "gang", "two", "gang", "gang", "gang", "gang", "gang", "nobody"])
    found = by_bearers(row, value, forename, "phone")
    assert found["phone_own"].to_pylist() == [["mine"], ["mine"], ["two"], None, None, None, None, ["nobody"]]
    assert found["phone_many"].to_pylist()[0] == ["gang"]
    assert found["phone_few"].null_count == 8
    assert found["phone"].to_pylist()[:2] == [["mine", "gang"], ["mine", "gang"]]


def test_other_names_are_a_full_name_or_a_street_name_by_how_common_it_is():
    aliases = [["john smith", "tank"], ["tank"], None, *([["ace"]] * 60), *([None] * 437)]
    keys = [pa.array(["ana", *[None] * 499]), pa.array(["kerr", *[None] * 499])]
    found = other_names(pa.array(aliases, pa.list_(pa.string())), *keys)
    first = {name: column.to_pylist()[0] for name, column in found.items()}
    assert len(first["full_names"]) == 2
    assert "ana|kerr" in first["full_names"]
    assert first["called"] == first["called_rare"]
    assert first["called_some"] is None
    common = {name: column.to_pylist()[10] for name, column in found.items()}
    assert common["called"] is not None
    assert common["called_rare"] is common["called_some"] is None
    assert common["full_names"] is None


@pytest.mark.parametrize("thing", ["phone", "vehicle", "account", "other_names"])
def test_the_rarer_the_shared_thing_the_more_it_weighs(thing):
    compared = next(one for one in link_models().model("suspects").compared if one.id == thing)
    ratios = [level.m / level.u for level in compared.levels]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[-1] < 1
