from __future__ import annotations

import numpy as np
import pytest

from joinedup.errors import UsageError
from joinedup.estimate.all_lists import all_lists
from joinedup.estimate.covariates import Options, adjusted

PEOPLE = 8000


def population(seed):
    """Three lists that find people by sex and area; the second is tied to the first and the third to both, besides."""
    draw = np.random.default_rng(seed)
    sex, area = draw.choice(["F", "M"], PEOPLE), draw.choice(["north", "south", "east"], PEOPLE)
    reach = 0.8 * (sex == "F") + 0.6 * (area == "north")

    def on(logits):
        return draw.random(PEOPLE) < 1 / (1 + np.exp(-logits))

    one = on(-1.3 + reach)
    two = on(-1.4 + 0.9 * reach + 0.8 * one)
    three = on(-1.4 + 0.8 * reach + 0.7 * one + 0.5 * two)
    seen = one | two | three
    lists = {name: held[seen].astype(int) for name, held in (("one", one), ("two", two), ("three", three))}
    return lists, {"sex": sex[seen], "area": area[seen]}


def test_ties_between_every_two_lists_are_allowed_for_where_no_pair_is_independent():
    found = [all_lists(*population(seed)) for seed in range(2)]
    assert all(each.lower < PEOPLE < each.upper for each in found)
    assert np.mean([each.estimate for each in found]) == pytest.approx(PEOPLE, rel=0.08)
    assert all(each.upper < PEOPLE for each in adjusted(*population(0)))


def test_of_people_all_alike_it_is_the_saturated_log_linear_model():
    """No term of all three: on no list are those on one or on three, multiplied, over those on two."""
    cells = {1: 60, 2: 60, 3: 60, 4: 90, 5: 20, 6: 20, 7: 20}
    patterns = np.repeat(list(cells), list(cells.values()))
    lists = {name: patterns >> place & 1 for place, name in enumerate("abc")}
    by_hand = 330 + 60 * 60 * 90 * 20 / (60 * 20 * 20)
    found = all_lists(lists, {"area": ["north"] * len(patterns)})
    assert by_hand == 600
    assert found.unadjusted == pytest.approx(by_hand, rel=1e-12)
    assert found.estimate == pytest.approx(by_hand, rel=0.05)
    assert found.lower < by_hand < found.upper


def test_the_same_seed_gives_the_same_and_the_order_of_the_lists_changes_nothing_of_note():
    lists, known = population(1)
    one = all_lists(lists, known, Options(seed=3))
    assert one == all_lists(lists, known, Options(seed=3))
    turned = all_lists(dict(reversed(lists.items())), known, Options(seed=3))
    assert turned.estimate == pytest.approx(one.estimate, rel=0.05)


def test_too_few_of_a_pattern_and_too_many_lists_are_reasons_and_not_guesses():
    lists, known = population(2)
    few = {name: values[:90] for name, values in lists.items()}
    found = all_lists(few, {name: values[:90] for name, values in known.items()})
    assert found.estimate is None
    assert "15 are needed" in found.reason
    five = {**lists, "four": lists["one"], "five": lists["two"]}
    assert "made of 3 or 4" in all_lists(five, known).reason
    with pytest.raises(UsageError, match="never a covariate"):
        all_lists(lists, {"religion": known["sex"]})
