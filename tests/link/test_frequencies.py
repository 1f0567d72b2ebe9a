from __future__ import annotations

import numpy as np
import pytest

from joinedup.link.frequencies import STEPS, frequencies
from joinedup.link.names import forename


def counted(names, weight=0.0):
    folds = sorted(set(names))
    codes = np.array([folds.index(name) for name in names])
    return folds, frequencies(codes, folds, [forename(fold) for fold in folds], weight)


def test_the_chance_that_two_share_a_name_is_counted_by_hand():
    _, found = counted(["zelda"] * 6 + ["tarquin"] * 4)
    assert found.share.sum() == pytest.approx(1)
    assert found.agree.sum() == pytest.approx(0.36 + 0.16)
    assert found.kin_agree.sum() == 0


def test_kindred_names_are_counted_together_and_apart():
    folds, found = counted(["becky"] * 2 + ["rebecca"] * 2 + ["tarquin"] * 4)
    assert found.kin_agree.sum() == pytest.approx(2 * 0.25 * 0.25)
    assert found.kin_rarity[folds.index("becky")] == found.rarity[folds.index("tarquin")] == 1


def test_in_a_small_return_a_name_seen_often_is_not_taken_for_a_common_one():
    names = ["zebedee"] * 5 + [f"n{number}" for number in range(15)]
    folds, raw = counted(names)
    _, drawn = counted(names, weight=500)
    place = folds.index("zebedee")
    assert raw.rarity[place] == 2
    assert drawn.rarity[place] > 5
    assert drawn.rarity.max() < STEPS


def test_no_names_at_all_have_no_frequency():
    found = frequencies(np.full(3, -1), [], [], 500)
    assert found.share.sum() == found.agree.sum() == 0
