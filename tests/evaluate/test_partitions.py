from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.evaluate.partitions import Score, adjusted_mutual_information, bcubed, pairs_together, pairwise

labels = st.lists(st.integers(0, 4), min_size=1, max_size=9)


def test_pairwise_by_hand():
    # Pairs put together: ab, ac, bc, de. Truly together: ab, cd, ce, de. Both: ab and de.
    assert pairwise([1, 1, 1, 2, 2], ["x", "x", "y", "y", "y"]) == Score(0.5, 0.5)
    assert pairs_together([1, 1, 1, 2, 2], ["x", "x", "y", "y", "y"]) == 2


def test_bcubed_by_hand():
    # Items a b c | d e against a b | c d e. Precision: 2/3, 2/3, 1/3, 1, 1. Recall: 1, 1, 1/3, 2/3, 2/3.
    score = bcubed([1, 1, 1, 2, 2], ["x", "x", "y", "y", "y"])
    assert score.precision == pytest.approx(11 / 15)
    assert score.recall == pytest.approx(11 / 15)
    assert score.f1 == pytest.approx(11 / 15)


def test_everything_apart_claims_nothing_wrong_and_finds_nothing():
    assert pairwise([1, 2, 3], ["x", "x", "x"]) == Score(1.0, 0.0)
    assert pairwise([1, 2, 3], ["x", "x", "x"]).f1 == 0.0
    assert bcubed([1, 2, 3], ["x", "x", "x"]) == Score(1.0, pytest.approx(1 / 3))


def test_adjusted_mutual_information_of_unrelated_divisions_is_not_above_nought():
    # Two by two, crossed evenly: nothing is told, and chance would tell something.
    assert adjusted_mutual_information([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5, abs=1e-9)


def test_the_expected_information_is_the_mean_over_every_permutation():
    found, truth = [0, 0, 0, 1, 1, 2], [0, 1, 1, 1, 2, 2]

    def information(one, other):
        total = 0.0
        for a, b in itertools.product(set(one), set(other)):
            both = sum(x == a and y == b for x, y in zip(one, other, strict=True)) / len(one)
            if both:
                total += both * math.log(both / (one.count(a) / len(one)) / (other.count(b) / len(other)))
        return total

    def entropy(one):
        return information(one, one)

    expected = float(np.mean([information(found, list(order)) for order in itertools.permutations(truth)]))
    mean = (entropy(found) + entropy(truth)) / 2
    wanted = (information(found, truth) - expected) / (mean - expected)
    assert adjusted_mutual_information(found, truth) == pytest.approx(wanted, rel=1e-9)


@given(labels, st.permutations(range(5)))
def test_the_same_division_under_other_names_scores_one(truth, names):
    found = [f"group {names[label]}" for label in truth]
    assert pairwise(found, truth) == Score(1.0, 1.0)
    assert bcubed(found, truth).f1 == pytest.approx(1.0)
    assert adjusted_mutual_information(found, truth) == pytest.approx(1.0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_scores_lie_between_nought_and_one_and_turn_round_with_the_divisions(rows):
    found, truth = [row[0] for row in rows], [row[1] for row in rows]
    for measure in (pairwise, bcubed):
        score, turned = measure(found, truth), measure(truth, found)
        assert 0 <= score.precision <= 1
        assert 0 <= score.recall <= 1
        assert score.precision == pytest.approx(turned.recall)
    assert adjusted_mutual_information(found, truth) <= 1 + 1e-9
    assert adjusted_mutual_information(found, truth) == pytest.approx(
        adjusted_mutual_information(truth, found), abs=1e-9
    )


def test_divisions_of_different_items_are_refused():
    with pytest.raises(ValueError, match="same items"):
        pairwise([1], [1, 2])
