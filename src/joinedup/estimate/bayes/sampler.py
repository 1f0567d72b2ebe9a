"""One chain of the latent class model's Gibbs sampler, compiled.

What is left after a sweep is the share of each kind of people (as logarithms), the chance of each list holding a person
of each kind, the concentration, and the number unseen. People of one pattern are spread over kinds together, so a sweep
costs the patterns seen times the kinds, and not the people.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

SHAPE = 0.25
RATE = 0.25
"""The concentration's prior: few kinds unless the table asks for more."""
TRIES = 100
"""How often a number beyond the cap is drawn again before the cap itself is taken."""


@dataclass(slots=True)
class Chain:
    """Where one chain stands, and what it has drawn: `numbers` of people, and `hits` of the cap, block by block."""

    patterns: NDArray[np.int64]
    counts: NDArray[np.int64]
    most_unseen: int
    generator: np.random.Generator
    log_shares: NDArray[np.float64]
    chances: NDArray[np.float64]
    scalars: NDArray[np.float64]
    """The concentration, and the number unseen."""
    numbers: list[NDArray[np.int64]] = field(default_factory=list)
    hits: list[NDArray[np.int64]] = field(default_factory=list)


def start_chain(
    lists: int,
    counts: NDArray[np.int64],
    classes: int,
    unseen: tuple[int, int],
    generator: np.random.Generator,
) -> Chain:
    """A chain at a draw of the kinds from their prior that begins with `unseen[0]` people unseen and may reach `unseen[1]`."""
    patterns = np.flatnonzero(counts)
    sticks = generator.beta(1.0, 1.0, classes)
    sticks[-1] = 1.0
    shares = sticks * np.concatenate([[1.0], np.cumprod(1 - sticks[:-1])])
    chain = Chain(
        patterns=patterns,
        counts=counts[patterns],
        most_unseen=unseen[1],
        generator=generator,
        log_shares=np.log(np.maximum(shares, 1e-300)),
        chances=generator.beta(1.0, 1.0, (lists, classes)),
        scalars=np.array([1.0, float(unseen[0])]),
    )
    # The first sweep keeps the number it begins with: else the kinds drawn from the prior would forget it at once.
    _sweep(chain.generator, chain.patterns, chain.counts, -1, chain.log_shares, chain.chances, chain.scalars)
    return chain


def run_sweeps(chain: Chain, sweeps: int, thin: int) -> None:
    """Moves the chain on, and keeps the number of people of every `thin`th sweep and the hits of the cap since the last."""
    numbers = np.zeros(sweeps // thin, dtype=np.int64)
    hits = np.zeros(sweeps // thin, dtype=np.int64)
    _run(
        chain.generator,
        chain.patterns,
        chain.counts,
        chain.most_unseen,
        chain.log_shares,
        chain.chances,
        chain.scalars,
        thin,
        numbers,
        hits,
    )
    chain.numbers.append(numbers)
    chain.hits.append(hits)


@njit(cache=True, nogil=True)
def _run(  # noqa: PLR0913, PLR0917 - compiled code takes arrays, not objects
    generator: np.random.Generator,
    patterns: NDArray[np.int64],
    counts: NDArray[np.int64],
    most_unseen: int,
    log_shares: NDArray[np.float64],
    chances: NDArray[np.float64],
    scalars: NDArray[np.float64],
    thin: int,
    numbers: NDArray[np.int64],
    hits: NDArray[np.int64],
) -> None:
    observed = counts.sum()
    for place in range(len(numbers)):
        for _ in range(thin):
            hits[place] += _sweep(generator, patterns, counts, most_unseen, log_shares, chances, scalars)
        numbers[place] = observed + np.int64(scalars[1])


@njit(cache=True, nogil=True)
def _sweep(  # noqa: PLR0913, PLR0917 - as above
    generator: np.random.Generator,
    patterns: NDArray[np.int64],
    counts: NDArray[np.int64],
    most_unseen: int,
    log_shares: NDArray[np.float64],
    chances: NDArray[np.float64],
    scalars: NDArray[np.float64],
) -> int:
    """One Gibbs sweep; 1 if it drew a number beyond the cap, else 0. With `most_unseen` -1 the number is kept."""
    lists, classes = chances.shape
    members = np.zeros((lists, classes))
    sizes = np.zeros(classes)
    weights = np.zeros(classes)
    shares = np.exp(log_shares)
    for place in range(len(patterns)):
        pattern = patterns[place]
        total = 0.0
        for kind in range(classes):
            weight = shares[kind]
            for each in range(lists):
                weight *= chances[each, kind] if pattern >> each & 1 else 1.0 - chances[each, kind]
            weights[kind] = weight
            total += weight
        _spread(generator, counts[place], weights, total, pattern, members, sizes)
    unseen_share = 0.0
    for kind in range(classes):
        weight = shares[kind]
        for each in range(lists):
            weight *= 1.0 - chances[each, kind]
        weights[kind] = weight
        unseen_share += weight
    hit = 0
    if most_unseen >= 0:
        unseen, hit = _draw_unseen(generator, counts.sum(), unseen_share, most_unseen)
        scalars[1] = unseen
    _spread(generator, int(scalars[1]), weights, unseen_share, 0, members, sizes)
    for kind in range(classes):
        for each in range(lists):
            held = members[each, kind]
            if held:
                chances[each, kind] = generator.beta(1.0 + held, 1.0 + sizes[kind] - held)
            else:  # Beta(1, n), by its inverse
                chances[each, kind] = -np.expm1(np.log1p(-generator.random()) / (1.0 + sizes[kind]))
    scalars[0] = _draw_shares(generator, sizes, scalars[0], log_shares)
    return hit


@njit(cache=True, nogil=True)
def _spread(  # noqa: PLR0913, PLR0917 - as above
    generator: np.random.Generator,
    people: int,
    weights: NDArray[np.float64],
    total: float,
    pattern: int,
    members: NDArray[np.float64],
    sizes: NDArray[np.float64],
) -> None:
    """Spreads people of one pattern over kinds in proportion to the weights (a multinomial draw, kind by kind)."""
    left = people
    remaining = total
    classes = len(weights)
    for kind in range(classes):
        if left <= 0:
            break
        share = 1.0 if kind == classes - 1 or remaining <= 0.0 else min(1.0, weights[kind] / remaining)
        if share >= 1.0:
            here = left
        elif left == 1:
            here = int(generator.random() < share)
        else:
            here = generator.binomial(left, share)
        remaining -= weights[kind]
        left -= here
        if here:
            sizes[kind] += here
            for each in range(members.shape[0]):
                if pattern >> each & 1:
                    members[each, kind] += here


@njit(cache=True, nogil=True)
def _draw_unseen(
    generator: np.random.Generator, observed: int, unseen_share: float, most_unseen: int
) -> tuple[int, int]:
    """The number unseen, negative binomial under the prior 1/N, no more than the cap; and 1 if the first draw was."""
    odds = unseen_share / max(1.0 - unseen_share, 1e-12)
    hit = 0
    for _ in range(TRIES):
        mean = generator.standard_gamma(float(observed)) * odds
        # So far above the cap that no Poisson draw comes back below it.
        if mean < 4.0 * most_unseen + 1000.0:
            drawn = generator.poisson(mean)
            if drawn <= most_unseen:
                return drawn, hit
        hit = 1
    return most_unseen, hit


@njit(cache=True, nogil=True)
def _draw_shares(
    generator: np.random.Generator, sizes: NDArray[np.float64], concentration: float, log_shares: NDArray[np.float64]
) -> float:
    """Draws the shares of the kinds, in logarithms, and gives the next concentration.

    A small concentration puts sticks so near 1 that 1 - v is nought in floating point; its logarithm is not.
    """
    classes = len(sizes)
    above = sizes.sum()
    log_left = 0.0
    for kind in range(classes - 1):
        above -= sizes[kind]
        taken = _log_gamma_draw(generator, 1.0 + sizes[kind])
        rest = _log_gamma_draw(generator, concentration + above)
        both = max(taken, rest) + np.log1p(np.exp(-abs(taken - rest)))
        log_shares[kind] = log_left + taken - both
        log_left += rest - both
    log_shares[classes - 1] = log_left
    return max(generator.standard_gamma(SHAPE + classes - 1.0) / (RATE - log_left), 1e-100)


@njit(cache=True, nogil=True)
def _log_gamma_draw(generator: np.random.Generator, shape: float) -> float:
    """The logarithm of a gamma draw, exact for shapes so small that the draw itself is nought."""
    if shape >= 1.0:
        return float(np.log(generator.standard_gamma(shape)))
    return float(np.log(generator.standard_gamma(shape + 1.0)) + np.log1p(-generator.random()) / shape)
