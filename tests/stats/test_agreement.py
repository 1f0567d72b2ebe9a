from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.metrics import cohen_kappa_score

from joinedup.stats.agreement import cohen_kappa

ANSWERS = st.sampled_from(["yes", "no", "cannot tell"])


def table(cells):
    first, second = [], []
    for row, numbers in enumerate(cells):
        for column, number in enumerate(numbers):
            first += [row] * number
            second += [column] * number
    return first, second


def test_the_example_of_fleiss_levin_and_paik():
    # Statistical Methods for Rates and Proportions, 3rd edition, table 18.1: 100 subjects, three categories; kappa 0.68.
    assert round(cohen_kappa(*table([[75, 1, 4], [5, 4, 1], [0, 0, 10]])).kappa, 2) == 0.68


def test_the_error_is_that_of_the_delta_method():
    # The formula of 1969 is the delta method on a multinomial table; here its gradient is taken numerically.
    shares = np.array([[75, 1, 4], [5, 4, 1], [0, 0, 10]]) / 100

    def kappa(cells):
        observed, expected = np.trace(cells), cells.sum(axis=1) @ cells.sum(axis=0)
        return (observed - expected) / (1 - expected)

    gradient = np.zeros_like(shares)
    for place in np.ndindex(shares.shape):
        moved = shares.copy()
        moved[place] += 1e-6
        gradient[place] = (kappa(moved) - kappa(shares)) / 1e-6
    variance = ((shares * gradient**2).sum() - (shares * gradient).sum() ** 2) / 100
    found = cohen_kappa(*table([[75, 1, 4], [5, 4, 1], [0, 0, 10]]))
    assert (found.limits.upper - found.limits.lower) / 2 / norm.ppf(0.975) == pytest.approx(variance**0.5, rel=1e-4)


@given(st.lists(st.tuples(ANSWERS, ANSWERS), min_size=2, max_size=60))
def test_kappa_is_that_of_scikit_learn(pairs):
    first, second = zip(*pairs, strict=True)
    found = cohen_kappa(first, second)
    if found.kappa is None:
        assert len({*first, *second}) == 1
    else:
        assert found.kappa == pytest.approx(cohen_kappa_score(first, second))
        assert found.limits.lower <= found.kappa <= found.limits.upper


@given(st.lists(st.tuples(ANSWERS, ANSWERS), min_size=1, max_size=40))
def test_who_reads_first_changes_nothing(pairs):
    first, second = zip(*pairs, strict=True)
    one, other = cohen_kappa(first, second), cohen_kappa(second, first)
    assert one.kappa == pytest.approx(other.kappa) if one.kappa is not None else other.kappa is None


def test_one_answer_throughout_leaves_nothing_to_agree_on():
    found = cohen_kappa(["yes"] * 5, ["yes"] * 5)
    assert (found.observed, found.kappa, found.limits) == (1.0, None, None)
    assert cohen_kappa(["same", "different"], ["different", "same"]).kappa == -1


@pytest.mark.parametrize(("first", "second"), [([], []), (["a"], ["a", "b"])])
def test_answers_to_no_or_other_cases_are_refused(first, second):
    with pytest.raises(ValueError, match="same cases"):
        cohen_kappa(first, second)
