from __future__ import annotations

import pytest

from joinedup.errors import InternalError
from joinedup.link.levels import Coding, code_sql, places
from joinedup.registry.link_model import LinkModel, link_models

CHILDREN = link_models().model("children")


def test_every_digit_of_a_code_can_be_read_back():
    coding = Coding.of(CHILDREN)
    wanted = {digit.name: digit.values - 1 for digit in coding.digits}
    code = sum(digit.radix * wanted[digit.name] for digit in coding.digits) + coding.home.radix * 3
    assert {digit.name: digit.of(code) for digit in coding.digits} == wanted
    assert coding.home.of(code) == 3
    assert [digit.values for digit in coding.digits] == [1 + places(compared) for compared in CHILDREN.compared]


def test_a_level_the_engine_cannot_recognise_is_refused():
    data = CHILDREN.model_dump()
    data["compared"][0]["levels"][0]["id"] = "same_planet"
    with pytest.raises(InternalError, match=r"place\.same_planet"):
        code_sql(LinkModel.model_validate(data))
    data["compared"][0]["id"] = "star_sign"
    with pytest.raises(InternalError, match="star_sign"):
        code_sql(LinkModel.model_validate(data))
