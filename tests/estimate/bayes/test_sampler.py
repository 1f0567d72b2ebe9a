"""The compiled sweep, held against the model worked out without a chain."""

from __future__ import annotations

from math import lgamma

import numpy as np
import pytest

from joinedup.estimate.bayes.sampler import Chain, run_sweeps, start_chain

COUNTS = np.array([0, 12, 9, 5, 8, 3, 4, 2])


def chain_of(counts: np.ndarray, classes: int, most: int = 10**6, seed: int = 1) -> Chain:
    lists = int(np.log2(len(counts)))
    return start_chain(lists, counts, classes, (40, most), np.random.default_rng(seed))


def drawn(chain: Chain, sweeps: int, thin: int = 5) -> np.ndarray:
    run_sweeps(chain, sweeps, thin)
    return chain.numbers[-1][len(chain.numbers[-1]) // 10 :]


def test_one_kind_of_people_is_independence_whose_posterior_has_a_closed_form() -> None:
    """p(N | table) is proportional to 1/N x N!/(N-n)! x prod over lists of Beta(1 + on the list, 1 + not on it)."""
    observed = COUNTS.sum()
    sizes = [COUNTS[(np.arange(8) >> each & 1) == 1].sum() for each in range(3)]
    people = np.arange(observed, 3000)
    log = np.array(
        [
            -np.log(each)
            + lgamma(each + 1)
            - lgamma(each - observed + 1)
            + sum(lgamma(1 + size) + lgamma(1 + each - size) - lgamma(2 + each) for size in sizes)
            for each in people
        ]
    )
    reached = np.cumsum(np.exp(log - log.max()))
    reached /= reached[-1]
    draws = drawn(chain_of(COUNTS, classes=1), 100_000)
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        place = np.searchsorted(reached, share)
        assert np.mean(draws <= people[place]) == pytest.approx(reached[place], abs=0.015)


def test_several_kinds_give_what_weighting_draws_from_the_prior_gives() -> None:
    """Importance sampling: kinds from their prior, weighted by the chance of the table given that a person is seen."""
    generator = np.random.default_rng(7)
    number, classes = 200_000, 4
    concentration = np.maximum(generator.gamma(0.25, 4.0, number), 1e-12)
    sticks = generator.beta(1.0, concentration[:, None], (number, classes))
    sticks[:, -1] = 1.0
    shares = sticks * np.concatenate([np.ones((number, 1)), np.cumprod(1 - sticks[:, :-1], axis=1)], axis=1)
    chances = generator.random((number, 3, classes))
    cells = np.zeros((number, 8))
    for pattern in range(8):
        part = shares.copy()
        for each in range(3):
            part *= chances[:, each] if pattern >> each & 1 else 1 - chances[:, each]
        cells[:, pattern] = part.sum(axis=1)
    seen = 1 - cells[:, 0]
    log = (COUNTS[1:] * np.log(cells[:, 1:] / seen[:, None])).sum(axis=1)
    weight = np.exp(log - log.max())
    people = COUNTS.sum() + generator.negative_binomial(COUNTS.sum(), seen)
    order = np.argsort(people)
    reached = np.cumsum(weight[order]) / weight.sum()
    assert weight.sum() ** 2 / (weight**2).sum() > 3000, "too few prior draws count for a test"
    draws = np.concatenate([drawn(chain_of(COUNTS, classes, seed=seed), 50_000) for seed in range(4)])
    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        number = people[order][np.searchsorted(reached, share)]
        expected = weight[people <= number].sum() / weight.sum()
        assert np.mean(draws <= number) == pytest.approx(expected, abs=0.025)


def test_no_draw_is_beyond_the_cap_and_every_hit_is_counted() -> None:
    thin = np.array([0, 40, 30, 3, 20, 1, 1, 0])
    capped = chain_of(thin, classes=5, most=300)
    run_sweeps(capped, 20_000, 5)
    assert capped.numbers[0].max() <= thin.sum() + 300
    assert capped.numbers[0].max() > thin.sum() + 290
    assert 0 < capped.hits[0].sum() < 20_000
    free = chain_of(thin, classes=5, most=10**7)
    run_sweeps(free, 20_000, 5)
    assert free.hits[0].sum() == 0


def test_a_chain_begins_where_it_is_told_and_everybody_seen_stays_seen() -> None:
    chain = chain_of(COUNTS, classes=6)
    assert chain.scalars[1] == 40
    run_sweeps(chain, 500, 1)
    assert chain.numbers[0].min() >= COUNTS.sum()
    assert np.exp(chain.log_shares).sum() == pytest.approx(1)
    assert ((chain.chances >= 0) & (chain.chances <= 1)).all()
