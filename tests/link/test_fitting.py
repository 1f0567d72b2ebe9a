from __future__ import annotations

import numpy as np
import pytest

from joinedup.errors import RefusedError
from joinedup.link.fitting import Patterns, Size, Strangers, fit, reference
from joinedup.link.frequencies import STEPS, Frequencies
from joinedup.link.levels import Coding
from joinedup.registry.link_model import LinkModel, link_models

CHILDREN = link_models().model("children")
CODING = Coding.of(CHILDREN)
EVEN = np.full(STEPS, 1 / STEPS)
NAMES = Frequencies(np.zeros(0, int), np.zeros(0, int), EVEN, EVEN * 0.005, EVEN, EVEN * 0.005)
BOTH = {"forename": NAMES, "surname": NAMES}


def code(home=0, **digits):
    return home * CODING.home.radix + sum(digit.radix * digits.get(digit.name, 0) for digit in CODING.digits)


def level(thing, place):
    return next(compared for compared in CHILDREN.compared if compared.id == thing).levels[place]


def test_a_pair_s_odds_are_the_prior_and_each_level_s_weight_by_hand():
    found = reference(CHILDREN, BOTH, Size(1000, 0))
    sex, place = level("sex", 0), level("place", 3)
    prior = CHILDREN.pairs_per_record * 1000 / (1000 * 999 / 2)
    odds = prior / (1 - prior) * sex.m / sex.u * place.m / place.u
    assert found.probability(np.array([code(sex=1, place=4)]))[0] == pytest.approx(odds / (1 + odds))


def test_within_a_home_the_same_levels_are_weighed_against_brothers_and_sisters():
    found = reference(CHILDREN, BOTH, Size(1000, 0))
    sex, prior = level("sex", 0), CHILDREN.home_priors[1]
    odds = prior / (1 - prior) * sex.m_home / sex.u_home
    assert found.probability(np.array([code(home=2, sex=1, place=1)]))[0] == pytest.approx(odds / (1 + odds))


def test_the_weight_of_a_shared_home_does_not_grow_with_the_inquiry():
    small, large = (
        reference(CHILDREN, BOTH, Size(size, 0)).probability(np.array([code(home=1)])) for size in (1_000, 10_000_000)
    )
    assert small == large


def test_where_homes_hold_one_person_each_two_records_of_one_are_taken_for_one_person():
    alike, other = (
        code(home=16, forename=1, surname=2, date_of_birth=1),
        code(home=16, forename=27, surname=2, date_of_birth=6),
    )
    none = Patterns(np.zeros(0, dtype=np.int64), np.zeros(0))
    priors = []
    for brothers in (0.0, 400.0):
        seen = Patterns(np.array([alike, other]), np.array([500.0, brothers]))
        priors.append(fit(CHILDREN, BOTH, seen, Strangers(none, none), Size(1_000, 0)).home.prior)
    assert priors[0][15] > 0.985
    assert priors[1][15] < 0.7
    # What homes of one size show moves the prior of the others, and less so of homes shared in another way.
    assert priors[0][19] > priors[0][9] > CHILDREN.home_priors[4] + 0.3


def test_homes_shared_in_one_way_have_a_prior_of_their_own():
    alike, other = (tuple(code(home=home, forename=forename, surname=2, date_of_birth=born) for home in (6, 16)) for forename, born in ((1, 1), (27, 6)))  # fmt: skip
    none = Patterns(np.zeros(0, dtype=np.int64), np.zeros(0))
    seen = Patterns(np.array([*alike, *other]), np.array([100.0, 1_000.0, 400.0, 50.0]))
    found = fit(CHILDREN, BOTH, seen, Strangers(none, none), Size(1_000, 0)).home.prior
    assert found[5] < 0.3
    assert found[15] > 0.9


def test_what_brothers_and_sisters_all_but_never_agree_in_is_not_learnt_of_them():
    swapped, apart = code(home=1, surname=1), code(home=1, forename=27, date_of_birth=6, sex=2)
    none = Patterns(np.zeros(0, dtype=np.int64), np.zeros(0))
    seen = Patterns(np.array([swapped, apart]), np.array([3.0, 900.0]))
    found = fit(CHILDREN, BOTH, seen, Strangers(none, none), Size(1_000, 0)).home
    assert found.u["surname"][0] == CHILDREN.compared[2].levels[0].u_home
    assert found.weights("surname")[1] > 4.0


def test_what_is_learnt_comes_from_the_pairs_and_what_is_not_seen_stays_as_it_was():
    same, apart = code(home=1, forename=1, date_of_birth=1, sex=1), code(home=1, forename=27, date_of_birth=6, sex=2)
    proposed = Patterns(np.array([same, apart]), np.array([30_000.0, 10_000.0]))
    none = Patterns(np.zeros(0, dtype=np.int64), np.zeros(0))
    start = reference(CHILDREN, BOTH, Size(50_000, 0))
    found = fit(CHILDREN, BOTH, proposed, Strangers(none, none), Size(50_000, 0))
    assert found.home.prior[0] == pytest.approx(0.75, abs=0.01)
    assert found.home.u["sex"][1] > 0.9 > start.home.u["sex"][1]
    assert np.allclose(found.home.m["nhs_number"], start.home.m["nhs_number"])
    assert np.allclose(found.elsewhere.u["forename"], start.elsewhere.u["forename"])


def test_probabilities_of_a_family_of_levels_add_up_to_one_after_learning():
    chance = np.random.default_rng(1)
    drawn = [code(home=int(chance.integers(0, 4)), **{digit.name: int(chance.integers(0, digit.values)) for digit in CODING.digits}) for _ in range(500)]  # fmt: skip
    proposed = Patterns.of(np.array(drawn, dtype=np.int64))
    found = fit(CHILDREN, BOTH, proposed, Strangers(proposed, proposed), Size(300, 0))
    for part in (found.home, found.elsewhere):
        for name in part.m:
            assert np.allclose(np.bincount(part.families[name], weights=part.m[name]), 1), name
            assert (part.u[name] > 0).all()


def test_namesakes_are_not_learnt_from_the_pairs_proposed():
    alike = code(forename=1, surname=2, date_of_birth=6)
    one_child = code(forename=1, surname=2, date_of_birth=1, sex=1, place=4)
    proposed = Patterns(np.array([alike, one_child]), np.array([20_000.0, 15_000.0]))
    none = Patterns(np.zeros(0, dtype=np.int64), np.zeros(0))
    # Among strangers of one surname, as drawn from the same mentions, one in twenty shares the forename.
    others = Patterns(np.array([alike, code(forename=27, surname=2, date_of_birth=6)]), np.array([5_000.0, 95_000.0]))
    found = fit(CHILDREN, BOTH, proposed, Strangers(none, others), Size(100_000, 0))
    assert found.probability(np.array([alike]))[0] < 0.05
    assert found.elsewhere.m["date_of_birth"][5] < 0.02


def test_a_name_that_many_others_bear_weighs_less_than_one_that_nobody_else_bears():
    found = reference(CHILDREN, BOTH, Size(10_000, 4_000))
    nobody, one, many = found.probability(np.array([code(forename=5, surname=6) + step * CODING.namesakes.radix for step in (1, 2, 9)]))  # fmt: skip
    assert nobody > one > many


def test_how_many_strangers_share_a_birthday_is_counted():
    proposed = Patterns(np.array([code(forename=5, surname=6)]), np.array([10.0]))
    none = Patterns(np.zeros(0, dtype=np.int64), np.zeros(0))
    pairs = 10_000 * 9_999 // 2
    found = fit(CHILDREN, BOTH, proposed, Strangers(none, none), Size(10_000, 0, 10_000, pairs // 1000))
    assert found.elsewhere.u["date_of_birth"][0] == pytest.approx(0.001, rel=0.01)


def test_strangers_of_one_surname_who_share_a_forename_lower_its_weight():
    proposed = Patterns(np.array([code(forename=5, surname=6)]), np.array([10.0]))
    none = Patterns(np.zeros(0, dtype=np.int64), np.zeros(0))
    often = Patterns(np.array([code(forename=5, surname=6, date_of_birth=6), code(forename=27, surname=6, date_of_birth=6)]), np.array([5_000.0, 5_000.0]))  # fmt: skip
    before = fit(CHILDREN, BOTH, proposed, Strangers(none, none), Size(10_000, 0)).probability(proposed.code)
    after = fit(CHILDREN, BOTH, proposed, Strangers(none, often), Size(10_000, 0)).probability(proposed.code)
    assert after[0] < before[0] / 10


def test_a_level_without_a_probability_within_a_home_is_refused():
    data = CHILDREN.model_dump()
    for one in data["compared"]:
        if one["id"] == "sex":
            for given in one["levels"]:
                given["m_home"] = given["u_home"] = None
    with pytest.raises(RefusedError, match=r"sex\.same") as refused:
        reference(LinkModel.model_validate(data), BOTH, Size(100, 0))
    assert "m_home" in refused.value.remedy


def test_a_prior_of_nothing_is_half_a_pair():
    data = CHILDREN.model_dump() | {"pairs_per_record": 1e-9}
    found = reference(LinkModel.model_validate(data), BOTH, Size(1000, 0))
    assert found.elsewhere.prior[0] == pytest.approx(0.5 / (1000 * 999 / 2))


def test_a_full_name_whose_parts_are_often_borne_together_weighs_less():
    none = Patterns(np.zeros(0, dtype=np.int64), np.zeros(0))
    often = Patterns(np.array([code(forename=5, surname=6, date_of_birth=6), code(forename=27, surname=6, date_of_birth=6)]), np.array([10.0, 90.0]))  # fmt: skip
    one_name = code(forename=5, surname=6)
    found = fit(
        CHILDREN, BOTH, Patterns(np.array([one_name]), np.array([10.0])), Strangers(none, often), Size(10_000, 0)
    )
    seldom, by_chance, usually = found.probability(one_name + np.array([1, 2, 5]) * CODING.together.radix)
    assert seldom > by_chance > usually
    odds = [p / (1 - p) for p in (by_chance, usually)]
    assert odds[0] / odds[1] == pytest.approx(8)
