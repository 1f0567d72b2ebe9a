"""Chains that agree, chains that do not, and what draws are worth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from joinedup.estimate.bayes.diagnostics import bulk_effective_size, rank_r_hat, tail_effective_size


def independent(seed: int = 1, shape: tuple[int, int] = (8, 1000)) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def slow(share: float, shape: tuple[int, int] = (8, 4000)) -> np.ndarray:
    """Chains of an autoregression whose draws are worth (1 - share) / (1 + share) independent ones each."""
    steps = np.random.default_rng(3).standard_normal(shape)
    chains = np.zeros(shape)
    chains[:, 0] = steps[:, 0]
    for place in range(1, shape[1]):
        chains[:, place] = share * chains[:, place - 1] + np.sqrt(1 - share**2) * steps[:, place]
    return chains


def test_chains_of_one_law_agree() -> None:
    assert rank_r_hat(independent()) < 1.005


def test_a_chain_elsewhere_a_wider_chain_and_a_drifting_chain_are_each_seen() -> None:
    elsewhere, wider, drifting = independent(), independent(), independent()
    elsewhere[0] += 1.5
    wider[0] *= 6
    drifting += np.linspace(-1.5, 1.5, drifting.shape[1])
    for each in (elsewhere, wider, drifting):
        assert rank_r_hat(each) > 1.05


def test_a_wider_chain_is_seen_only_by_folding() -> None:
    """The paper's reason for the folded R-hat: chains with one centre and different spreads."""
    wider = independent()
    wider[:4] *= 6
    halves = np.concatenate([wider[:, :500], wider[:, 500:]])
    ranks = halves.ravel().argsort().argsort().reshape(halves.shape) + 1
    scores = norm.ppf((ranks - 3 / 8) / (halves.size + 1 / 4))
    within = scores.var(axis=1, ddof=1).mean()
    between = 500 * scores.mean(axis=1).var(ddof=1)
    unfolded = np.sqrt((499 / 500 * within + between / 500) / within)
    assert unfolded < 1.01
    assert rank_r_hat(wider) > 1.05


def test_only_ranks_of_the_draws_matter_where_the_median_keeps_its_neighbours() -> None:
    """One draw at a million in heavy tails changes nothing, as it would the mean and variance."""
    draws = independent()
    wild = draws.copy()
    wild[0, draws[0].argmax()] = 1e12
    assert rank_r_hat(wild) == pytest.approx(rank_r_hat(draws), abs=1e-3)
    assert bulk_effective_size(np.exp(draws)) == pytest.approx(bulk_effective_size(draws))


def test_chains_that_stand_still_agree_only_in_one_place() -> None:
    still = np.full((8, 100), 5.0)
    assert rank_r_hat(still) == 1.0
    still[0] = 6.0
    assert rank_r_hat(still) == np.inf


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_effective_size_of_an_autoregression_is_what_theory_gives(share) -> None:
    draws = slow(share)
    expected = draws.size * (1 - share) / (1 + share)
    assert bulk_effective_size(draws) == pytest.approx(expected, rel=0.15)
    assert tail_effective_size(draws) > expected * 0.7


def test_what_is_not_chains_is_refused() -> None:
    for wrong in ([1.0, 2.0, 3.0, 4.0], [[1.0, 2.0, 3.0]], [[1.0, 2.0, np.nan, 4.0]] * 2):
        with pytest.raises(ValueError, match="chains by at least 4 draws"):
            rank_r_hat(wrong)
    with pytest.raises(ValueError, match="at least two"):
        rank_r_hat([[1.0, 2.0, 3.0, 4.0]])
