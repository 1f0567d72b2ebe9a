from __future__ import annotations

import pytest
from pydantic import ValidationError

from joinedup.registry.link_model import Compared, link_models


def test_a_model_s_weights_point_the_right_way():
    for model in link_models().models:
        for compared in model.compared:
            if compared.id == "place":
                continue  # its first level is that nothing is known
            strongest, weakest = compared.levels[0], compared.levels[-1]
            assert strongest.m > strongest.u, compared.id
            assert weakest.m < weakest.u, compared.id


def test_within_a_home_a_surname_says_little_and_a_forename_much():
    compared = {one.id: one.levels for one in link_models().model("children").compared}
    surname = next(level for level in compared["surname"] if level.id == "exact")
    forename = next(level for level in compared["forename"] if level.id == "exact")
    assert surname.m_home / surname.u_home < 2
    assert forename.m_home / forename.u_home > 50


@pytest.mark.parametrize("change", [{"m": 0.5}, {"u_home": None}])
def test_levels_that_do_not_add_up_or_are_not_given_are_refused(change):
    sex = next(one for one in link_models().model("children").compared if one.id == "sex").model_dump(mode="json")
    sex["levels"][0] |= change
    with pytest.raises(ValidationError, match="sex"):
        Compared.model_validate(sex)


def test_the_reference_says_how_it_was_made():
    models = link_models()
    assert "judgement" in models.made
    assert models.sources
