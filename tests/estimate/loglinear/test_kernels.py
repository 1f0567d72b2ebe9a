"""One fit against iterative proportional fitting and a textbook; the search against trying every model."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.estimate.loglinear.existence import Verdict, verdict
from joinedup.estimate.loglinear.kernels import (
    CERTIFIED,
    NO_MAXIMUM,
    SINGULAR,
    UNDECIDED,
    sum_over_subsets,
    sum_over_supersets,
)
from joinedup.estimate.loglinear.lattice import closed, lattice
from joinedup.estimate.loglinear.searching import best_model, fit_all, fit_terms, margins_of

counts_of_three = st.lists(st.integers(0, 40), min_size=7, max_size=7)
counts_of_four = st.lists(st.integers(0, 30), min_size=15, max_size=15)


def table(counts):
    return np.array([0, *counts], dtype=np.float64)


def seen(counts):
    cells = np.ones(counts.size, dtype=np.bool_)
    cells[0] = False
    return cells


def fitted(counts, model):
    means = np.zeros(counts.size)
    return (*fit_terms(counts, margins_of(counts), seen(counts), np.array(model, dtype=np.int64), means), means)


@given(st.lists(st.integers(-9, 9), min_size=16, max_size=16))
def test_sums_are_over_supersets_and_subsets(values):
    above, below = np.array(values, dtype=np.float64), np.array(values, dtype=np.float64)
    sum_over_supersets(above, 4)
    sum_over_subsets(below, 4)
    for cell in range(16):
        assert above[cell] == sum(values[other] for other in range(16) if other & cell == cell)
        assert below[cell] == sum(values[other] for other in range(16) if other & cell == other)


def proportional(counts, model, rounds=4000):
    """Fitted means by iterative proportional fitting of the observed cells to the model's largest margins."""
    largest = [t for t in model if not any(t != other and t & other == t for other in model)]
    cells = np.arange(counts.size)
    means = np.where(cells > 0, 1.0, 0.0)
    for _ in range(rounds):
        for term in largest:
            for part in {int(cell) & term for cell in cells}:
                inside = (cells & term) == part
                if means[inside].sum() > 0:
                    means[inside] *= counts[inside].sum() / means[inside].sum()
    return means


@pytest.mark.parametrize("terms", [[], [0b11], [0b11, 0b110], [0b11, 0b101, 0b110]])
def test_the_fit_is_that_of_iterative_proportional_fitting(terms):
    counts, model = table([69, 55, 21, 63, 17, 18, 28]), closed(terms, 3)
    state, deviance, unseen, means = fitted(counts, model)
    expected = proportional(counts, model)
    assert state == CERTIFIED
    assert means == pytest.approx(expected, rel=1e-6, abs=1e-9)
    positive = counts > 0
    by_hand = 2 * np.sum(counts[positive] * np.log(counts[positive] / expected[positive]))
    assert deviance == pytest.approx(by_hand, abs=1e-6)
    # The three-list term is nought in all of these, which gives the empty cell from the other seven.
    odd, even = expected[[1, 2, 4, 7]].prod(), expected[[3, 5, 6]].prod()
    assert unseen == pytest.approx(odd / even, rel=1e-6)


def test_two_independent_lists_have_a_formula():
    _, _, unseen, _ = fitted(table([30, 20, 10]), closed([], 2))
    assert unseen == pytest.approx(30 * 20 / 10, rel=1e-9)


def test_a_model_with_more_terms_than_cells_is_singular():
    assert fitted(table([3, 2, 1]), closed([0b11], 2))[0] == SINGULAR


def test_a_pair_nobody_is_on_empties_its_cells():
    state, _, _, means = fitted(table([40, 30, 0, 20, 8, 7, 0]), closed([0b11], 3))
    assert state == CERTIFIED
    assert means[[3, 7]].tolist() == [0.0, 0.0]


@settings(max_examples=60, deadline=None)
@given(counts_of_four)
def test_branch_and_bound_finds_what_trying_all_finds(drawn):
    counts, models = table(drawn), lattice(4, 3)
    if counts.sum() == 0:
        return
    verdicts, deviances, unseen = fit_all(counts, seen(counts), models.arrays)
    criteria = np.where(verdicts == CERTIFIED, deviances + models.arrays.sizes * math.log(counts.sum()), np.inf)
    best, lowest, expected, _, _, fits = best_model(counts, seen(counts), models.arrays, np.empty(0, dtype=np.int64))
    if np.isinf(criteria).all():
        assert best == -1
    else:
        assert lowest == pytest.approx(criteria.min(), abs=1e-7)
        rivals = np.flatnonzero(criteria < criteria.min() + 1e-7)
        assert best in rivals
        assert expected == pytest.approx(unseen[best], rel=1e-6)
    assert fits <= models.models.size


def test_the_search_leaves_most_models_untried():
    draw = np.random.default_rng(7)
    counts = np.concatenate([[0], draw.integers(1, 60, 31)]).astype(np.float64)
    counts[[1, 2, 4, 8, 16]] *= 9
    models = lattice(5, 4)
    *_, fits = best_model(counts, seen(counts), models.arrays, np.empty(0, dtype=np.int64))
    assert fits < models.models.size / 2


@settings(max_examples=60, deadline=None)
@given(counts_of_three)
def test_a_certificate_means_the_margins_are_reproduced(drawn):
    counts = table(drawn)
    for terms in ([], [0b11], [0b11, 0b101], [0b11, 0b101, 0b110]):
        model = closed(terms, 3)
        state, _, _, means = fitted(counts, model)
        assert state in {CERTIFIED, NO_MAXIMUM, UNDECIDED, SINGULAR}
        if state == CERTIFIED:
            assert margins_of(means)[list(model)] == pytest.approx(margins_of(counts)[list(model)], rel=1e-6, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([0, 0, 0, 1, 2, 40]), min_size=15, max_size=15))
def test_both_proofs_agree_with_the_linear_programme(drawn):
    """The certificates on every tenth model of four lists, against the linear programme and the rank alone."""
    counts, models = table(drawn), lattice(4, 3)
    if counts.sum() == 0:
        return
    states, _, _ = fit_all(counts, seen(counts), models.arrays)
    means = {CERTIFIED: Verdict.EXISTS, NO_MAXIMUM: Verdict.NO_MAXIMUM, SINGULAR: Verdict.NOT_IDENTIFIED}
    for place in range(0, states.size, 10):
        if states[place] != UNDECIDED:
            assert verdict(counts, seen(counts), models.model(place)) is means[int(states[place])]


def test_a_table_of_eight_lists_needs_no_linear_programme():
    """185 people on eight lists: cells whose mean is a billionth of a person are proved above nought all the same."""
    draw = np.random.default_rng(5)
    held = draw.random((1200, 8)) < np.array([0.05, 0.04, 0.03, 0.03, 0.02, 0.02, 0.01, 0.01])
    counts = np.bincount(held @ (1 << np.arange(8)), minlength=256).astype(np.float64)
    counts[0] = 0
    state, _, unseen, means = fitted(counts, closed([], 8))
    assert state == CERTIFIED
    assert 0 < means[1:].min() < 1e-6
    assert unseen == pytest.approx(1200 - counts.sum(), rel=0.5)
