"""The number of people when they are of several unnamed kinds, within each of which the lists are independent.

Manrique-Vallier (2016), "Bayesian population size estimation using Dirichlet process mixtures", Biometrics 72(4),
1246-1254, drawn by the Gibbs sampler the model implies:

    pattern of a person of kind k: list j holds them with chance c_jk,   c_jk ~ uniform
    share of kind k:  s_k = v_k prod over h < k of (1 - v_h),            v_k ~ Beta(1, a), the last v = 1
    a ~ Gamma(shape 1/4, rate 1/4),   chance of N people proportional to 1/N, up to the cap

The posterior often has several modes that one chain does not travel between, so that another seed gives another answer.
So many chains start far apart, they run until they agree or the budget is spent, and the estimate is refused where they
still disagree. A number beyond the cap is drawn again, and every such hit is counted.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.estimate.bayes.diagnostics import bulk_effective_size, rank_r_hat, tail_effective_size
from joinedup.estimate.bayes.patterns import MOST_MASS_AT_CAP, Patterns, Refusal
from joinedup.estimate.bayes.sampler import Chain, run_sweeps, start_chain

METHOD = "latent"
LEAST_CHAINS = 8
MOST_R_HAT = 1.05
"""Above it, chains disagree and there is no estimate."""
SETTLED_R_HAT = 1.01
SETTLED_SIZE = 400.0
"""Chains stop early below that R-hat and with that many effective draws (Vehtari and others 2021, section 4)."""


@dataclass(frozen=True, slots=True)
class Options:
    """The prior and its cap, and how long to look.

    `classes`: the most kinds of people; `cap`: the most people thought possible, as a multiple of those observed. Each of
    `chains` runs `sweeps` sweeps, twice as many while they disagree, and `most_sweeps` at most; every `thin`th sweep of
    the later half is kept.
    """

    seed: int = 1
    chains: int = LEAST_CHAINS
    classes: int = 10
    cap: float = 30.0
    sweeps: int = 20_000
    most_sweeps: int = 160_000
    thin: int = 10
    level: float = 0.95

    def __post_init__(self) -> None:
        if self.chains < LEAST_CHAINS:
            raise ValueError(f"chains must be {LEAST_CHAINS} or more, so that modes far apart are seen")
        if self.classes < 1 or self.cap <= 1 or not 0 < self.level < 1:
            raise ValueError("classes must be 1 or more, cap over 1, level between 0 and 1")
        if self.thin < 1 or self.sweeps < 16 * self.thin or self.most_sweeps < self.sweeps:
            raise ValueError("thin must be 1 or more, sweeps at least 16 times thin, most_sweeps at least sweeps")


@dataclass(frozen=True, slots=True)
class LatentClassEstimate:
    """Draws of the number of people (`draws`, chains by draws), and what they come to.

    Exactly one of `estimate` (the median) and `refused` is given. `chain_medians` shows whether chains found the same
    place. `cap_hits` of the `kept_sweeps` drew a number beyond the cap; `mass_at_cap` is their share.
    """

    observed: int
    estimate: int | None
    lower: int | None
    upper: int | None
    refused: Refusal | None
    warnings: tuple[str, ...]
    options: Options
    r_hat: float
    effective_size: float
    chain_medians: tuple[int, ...]
    sweeps: int
    kept_sweeps: int
    cap_hits: int
    draws: NDArray[np.int64]

    @property
    def mass_at_cap(self) -> float:
        """The share of kept sweeps that drew a number beyond the cap."""
        return self.cap_hits / self.kept_sweeps if self.kept_sweeps else 0.0

    def quantile(self, share: float) -> int:
        """The draw with `share` of all draws at or below it, whatever chains they are of."""
        return int(np.quantile(self.draws, share, method="inverted_cdf"))


def sample(lists: int, counts: ArrayLike, options: Options | None = None) -> LatentClassEstimate:
    """The posterior of the number of people under the latent class model, or its refusal.

    `counts` holds the people of each bit pattern of the lists, 2**lists of them; index 0 is not used. The same seed gives
    the same draws on any number of cores, and whatever the order of the lists. Assumes a closed population, true links,
    and that lists depend on each other only because people differ.

    >>> found = sample(3, [0, 69, 55, 21, 63, 17, 18, 1])
    >>> found.observed, len(found.chain_medians), found.refused is None
    (244, 8, True)
    """
    chosen = options or Options()
    table = Patterns.of(lists, counts)
    refused = table.refusal()
    if refused:
        return _refused(table, lists, chosen, refused)
    settled = table.in_settled_order()
    chains = _start(settled, chosen)
    swept = 0
    target = chosen.sweeps
    workers = max(1, min(chosen.chains, os.cpu_count() or 1))
    with ThreadPoolExecutor(workers) as pool:
        while True:
            list(pool.map(partial(run_sweeps, sweeps=target - swept, thin=chosen.thin), chains))
            swept = target
            draws = np.array([_later_half(chain.numbers) for chain in chains])
            if swept * 2 > chosen.most_sweeps or _settled(draws):
                break
            target = swept * 2
    hits = sum(int(_later_half(chain.hits).sum()) for chain in chains)
    return _result(table, lists, chosen, draws, (swept, hits))


def _start(table: Patterns, options: Options) -> list[Chain]:
    """Chains that start at numbers of unseen people spread evenly in logarithm from a tenth of those seen to the cap."""
    most = int(table.observed * options.cap) - table.observed
    starts = np.geomspace(max(1.0, table.observed / 10), max(2.0, most * 0.9), options.chains)
    seeds = np.random.SeedSequence(options.seed).spawn(options.chains)
    return [
        start_chain(table.lists, table.counts, options.classes, (int(start), most), np.random.default_rng(seed))
        for start, seed in zip(starts, seeds, strict=True)
    ]


def _later_half(blocks: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    every = np.concatenate(blocks)
    return every[len(every) // 2 :]


def _settled(draws: NDArray[np.int64]) -> bool:
    return (
        rank_r_hat(draws) <= SETTLED_R_HAT
        and min(bulk_effective_size(draws), tail_effective_size(draws)) >= SETTLED_SIZE
    )


def _result(
    table: Patterns, lists: int, options: Options, draws: NDArray[np.int64], counted: tuple[int, int]
) -> LatentClassEstimate:
    swept, hits = counted
    kept = draws.size * options.thin
    r_hat = rank_r_hat(draws)
    size = min(bulk_effective_size(draws), tail_effective_size(draws))
    medians = tuple(int(np.quantile(chain, 0.5, method="inverted_cdf")) for chain in draws)
    refused = _disagree(r_hat, medians, swept) or _cap_decides(hits / kept, options)
    tail = (1 - options.level) / 2
    low, middle, high = (int(np.quantile(draws, share, method="inverted_cdf")) for share in (tail, 0.5, 1 - tail))
    warnings = table.warnings(lists)
    if not refused and (r_hat > SETTLED_R_HAT or size < SETTLED_SIZE):
        warnings.append(
            f"Chains had not settled when the budget of {swept} sweeps was spent: R-hat {r_hat:.3f}, worth {size:.0f} "
            "independent draws; the limits may move with another seed."
        )
    return LatentClassEstimate(
        observed=table.observed,
        estimate=None if refused else middle,
        lower=None if refused else low,
        upper=None if refused else high,
        refused=refused,
        warnings=tuple(warnings),
        options=options,
        r_hat=r_hat,
        effective_size=size,
        chain_medians=medians,
        sweeps=swept,
        kept_sweeps=kept,
        cap_hits=hits,
        draws=draws,
    )


def _disagree(r_hat: float, medians: tuple[int, ...], swept: int) -> Refusal | None:
    if r_hat <= MOST_R_HAT:
        return None
    return Refusal(
        f"Chains disagree: R-hat is {r_hat:.2f} after {swept} sweeps, above {MOST_R_HAT}; their medians run from "
        f"{min(medians)} to {max(medians)}, and another seed would give another number.",
        "Longer chains, if they come to agree; else more people on two or more lists, lists merged, or another method.",
    )


def _cap_decides(share: float, options: Options) -> Refusal | None:
    if share <= MOST_MASS_AT_CAP:
        return None
    return Refusal(
        f"{share:.1%} of sweeps drew a number beyond the cap of {options.cap:g} times those observed; more than "
        f"{MOST_MASS_AT_CAP:.1%}, and the upper limit would be the cap's.",
        "More people on two or more lists, lists merged that share few people, or a higher cap that can be argued for.",
    )


def _refused(table: Patterns, lists: int, options: Options, refused: Refusal) -> LatentClassEstimate:
    return LatentClassEstimate(
        observed=table.observed,
        estimate=None,
        lower=None,
        upper=None,
        refused=refused,
        warnings=tuple(table.warnings(lists)),
        options=options,
        r_hat=float("nan"),
        effective_size=0.0,
        chain_medians=(),
        sweeps=0,
        kept_sweeps=0,
        cap_hits=0,
        draws=np.zeros((0, 0), dtype=np.int64),
    )
