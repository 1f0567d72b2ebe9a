from __future__ import annotations

import math

import pytest

from joinedup.estimate.loglinear.lattice import closed, main_effects
from joinedup.estimate.omitted import omitted
from joinedup.estimate.overlap_table import OverlapTable

TABLE = OverlapTable(("a", "b", "c"), {1: 69, 2: 55, 3: 21, 4: 63, 5: 17, 6: 18, 7: 28})


def totals(model):
    found = {}
    for each in omitted(TABLE, model):
        found.setdefault(each.term, {})[each.log_odds] = each.estimate
    return found


def test_no_tie_is_the_model_as_it_is():
    from joinedup.estimate.select import fitted

    for model in (main_effects(3), closed([0b11], 3)):
        choice, _ = fitted(TABLE.dense(), TABLE.possible(), model)
        for by_odds in totals(model).values():
            assert by_odds[0.0] == pytest.approx(TABLE.observed + choice.unseen, rel=1e-7)


def test_lists_that_attract_hide_people_and_lists_that_repel_do_the_reverse():
    found = totals(main_effects(3))
    assert set(found) == {"a and b", "a and c", "b and c", "all lists"}
    for pair in ("a and b", "a and c", "b and c"):
        series = [found[pair][each] for each in sorted(found[pair])]
        assert series == sorted(series)


def test_the_term_of_all_lists_moves_the_saturated_model_by_its_odds():
    """With every pair in the model the unseen are a product over the cells, so a tie of all three divides them by its odds."""
    model = closed([0b11, 0b101, 0b110], 3)
    [unseen] = [each.estimate - TABLE.observed for each in omitted(TABLE, model, [0.0])]
    [moved] = [each.estimate - TABLE.observed for each in omitted(TABLE, model, [math.log(2.0)])]
    assert moved == pytest.approx(unseen / 2, rel=1e-6)


def test_the_term_of_all_lists_moves_every_model_as_much_since_no_list_bears_on_it():
    table = OverlapTable(tuple("abcd"), {1: 69, 2: 55, 3: 21, 4: 63, 5: 17, 6: 18, 7: 9, 8: 40, 9: 12, 10: 11, 12: 8})
    for model in (main_effects(4), closed([0b11], 4)):
        found = {each.log_odds: each.estimate for each in omitted(table, model) if each.term == "all lists"}
        assert found[1.0] - table.observed == pytest.approx((found[0.0] - table.observed) * math.e, rel=1e-9)
        assert found[-0.5] - table.observed == pytest.approx((found[0.0] - table.observed) * math.exp(-0.5), rel=1e-9)


def test_a_pair_nobody_can_be_on_is_not_assumed_tied():
    table = OverlapTable(("a", "b", "c"), {1: 69, 2: 55, 4: 63, 5: 17, 6: 18}, (("a", "b"),))
    assert {each.term for each in omitted(table, main_effects(3))} == {"a and c", "b and c"}
