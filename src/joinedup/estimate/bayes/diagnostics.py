"""Whether chains of draws agree with each other: rank-normalised split R-hat, and effective sample sizes.

Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), "Rank-normalization, folding, and localization: an improved R-hat for
assessing convergence of MCMC", Bayesian Analysis 16(2), 667-718. Draws come as an array of chains by draws.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

LEAST_DRAWS = 4
"""A chain is split in two halves, each of which needs a variance."""


def rank_r_hat(draws: ArrayLike) -> float:
    """How far chains differ from each other, as a ratio of spreads: 1 where they agree; above 1.01 they may not.

    The larger of the rank-normalised split R-hat of the draws (do chains lie in the same place?) and of their distance
    from the median (are they equally wide?). Infinite where chains stand still in different places. Raises ValueError
    for fewer than two chains or four draws. Unchanged by any increasing change of scale.

    >>> rank_r_hat([[1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1]]) > 1.5
    True
    """
    chains = _checked(draws)
    if chains.shape[0] < 2:
        raise ValueError("chains are held against each other; give at least two")
    halves = _split(chains)
    folded = np.abs(halves - np.median(halves))
    return max(_r_hat(_normal_scores(halves)), _r_hat(_normal_scores(folded)))


def bulk_effective_size(draws: ArrayLike) -> float:
    """How many independent draws the draws are worth for the median of their posterior."""
    return _effective_size(_normal_scores(_split(_checked(draws))))


def tail_effective_size(draws: ArrayLike) -> float:
    """How many independent draws the draws are worth for its 5% and 95% quantiles, whichever is worth less."""
    halves = _split(_checked(draws))
    sides = [(halves <= np.quantile(halves, share)).astype(np.float64) for share in (0.05, 0.95)]
    return min(_effective_size(side) for side in sides)


def _checked(draws: ArrayLike) -> NDArray[np.float64]:
    chains = np.asarray(draws, dtype=np.float64)
    if chains.ndim != 2 or chains.shape[1] < LEAST_DRAWS or not np.isfinite(chains).all():
        raise ValueError(f"draws are chains by at least {LEAST_DRAWS} draws of finite numbers; got {chains.shape}")
    return chains


def _split(chains: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each chain as its two halves, so that a chain that drifts disagrees with itself; an odd middle draw is left out."""
    half = chains.shape[1] // 2
    return np.concatenate([chains[:, :half], chains[:, -half:]])


def _normal_scores(chains: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each draw as the normal quantile of its rank among all (Blom's offsets; ties share their mean rank)."""
    ranks = stats.rankdata(chains, axis=None).reshape(chains.shape)
    scores: NDArray[np.float64] = special.ndtri((ranks - 3 / 8) / (chains.size + 1 / 4))
    return scores


def _r_hat(chains: NDArray[np.float64]) -> float:
    length = chains.shape[1]
    within = float(chains.var(axis=1, ddof=1).mean())
    between = length * float(chains.mean(axis=1).var(ddof=1))
    # Rounding leaves a speck of spread between chains that never move.
    if within < 1e-20:
        return 1.0 if between < 1e-18 else float("inf")
    return float(np.sqrt(((length - 1) / length * within + between / length) / within))


def _effective_size(chains: NDArray[np.float64]) -> float:
    """Draws divided by their autocorrelation time: Geyer's initial monotone sequence over all chains together."""
    number, length = chains.shape
    covariance = _autocovariance(chains)
    within = float(covariance[:, 0].mean()) * length / (length - 1)
    together = within * (length - 1) / length
    if number > 1:
        together += float(chains.mean(axis=1).var(ddof=1))
    if together < 1e-20:
        return float(chains.size)  # every draw the same: nothing is left to learn from more of them
    correlation = 1 - (within - covariance.mean(axis=0) * length / (length - 1)) / together
    correlation[0] = 1.0
    pairs = correlation[: length // 2 * 2].reshape(-1, 2).sum(axis=1)
    ends = np.flatnonzero(pairs < 0)
    pairs = np.minimum.accumulate(pairs[: ends[0]] if len(ends) else pairs)
    time = max(-1 + 2 * float(pairs.sum()), float(1 / np.log10(chains.size)))
    return float(chains.size / time)


def _autocovariance(chains: NDArray[np.float64]) -> NDArray[np.float64]:
    """The autocovariance of each chain at every lag, by Fourier transform."""
    length = chains.shape[1]
    centred = chains - chains.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, n=2 * length, axis=1)
    power: NDArray[np.float64] = np.fft.irfft(np.abs(spectrum) ** 2, n=2 * length, axis=1)[:, :length]
    power /= length
    return power
