"""The number of people from how much of each list the other lists cover: Chao's sample coverage, for three lists.

Chao & Tsay (1998), JASA 93, 283-293; Chao, Tsay, Lin, Shau & Chao (2001), Statistics in Medicine 20, 3123-3157. Coverage C is
the mean over lists of the share of a list's people whom another list holds too; D is the mean over lists of the people
on the others. If lists are independent, D / C people exist. Where they are not, each pair of lists has a coefficient of
covariation, nought if independent, and

    N = D / C + 1/(3C) x sum over pairs of (people on just one of the two, outside what the third shares) x covariation.

The covariation needs N itself. Solved for N it gives the estimate for high coverage; put in step by step from D / C, the
one-step estimate for low coverage, a lower bound where lists hold people in common more than by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from joinedup.estimate.bayes.patterns import Patterns, Refusal

METHOD = "sample coverage"
LISTS = 3
HIGH_COVERAGE = 1
"""The place of the high-coverage estimate among the three."""
LOW_COVERAGE = 0.55
"""Below it, the authors advise the one-step estimate."""


@dataclass(frozen=True, slots=True)
class Limits:
    """An estimate with its limits from a bootstrap; `upper` may be infinite.

    With a standard error the limits are log-normal. The high-coverage estimate has none: its denominator comes near nought
    often enough that its variance does not exist, and its limits are quantiles of the bootstrap.
    """

    estimate: float
    standard_error: float | None
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class SampleCoverage:
    """Three estimates and which the coverage advises: exactly one of `advised` and `refused` is given.

    `independent` assumes independent lists; `high_coverage` and `one_step` allow for pairs that depend.
    """

    observed: int
    coverage: float
    independent: Limits | None
    high_coverage: Limits | None
    one_step: Limits | None
    advised: str | None
    refused: Refusal | None
    warnings: tuple[str, ...]


def sample_coverage(
    lists: int, counts: ArrayLike, *, replicates: int = 1000, seed: int = 1, level: float = 0.95
) -> SampleCoverage:
    """The sample coverage estimates of the number of people, or the refusal.

    `counts` holds the people of each bit pattern of the three lists; index 0 is not used. Limits are from a bootstrap of
    the estimated population, unseen people included. Assumes a closed population and true links; pairs of lists may
    depend on each other, all three together in no other way.

    The hepatitis A outbreak of Chao and others (1997), printed there as 407, 971 and 508:

    >>> found = sample_coverage(3, [0, 69, 55, 21, 63, 17, 18, 28])
    >>> [round(each.estimate) for each in (found.independent, found.high_coverage, found.one_step)]
    [407, 971, 508]
    >>> found.advised, round(found.coverage, 3)
    ('one_step', 0.513)
    """
    table = Patterns.of(lists, counts)
    refused = table.refusal() or _not_three(table)
    if refused:
        return SampleCoverage(table.observed, 0.0, None, None, None, None, refused, tuple(table.warnings(lists)))
    coverage, values = estimates(table.counts[None, :])
    generator = np.random.default_rng(seed)
    limits = [_limits(table, which, float(values[which, 0]), replicates, level, generator) for which in range(3)]
    warnings = table.warnings(lists)
    advised = "high_coverage" if coverage[0] >= LOW_COVERAGE and limits[HIGH_COVERAGE] else "one_step"
    if advised == "one_step":
        warnings.append(
            f"Another list covers {coverage[0]:.0%} of each list on average; below {LOW_COVERAGE:.0%} the estimate that "
            "corrects for dependence is unstable, and the one-step estimate is advised."
        )
    return SampleCoverage(
        table.observed, float(coverage[0]), limits[0], limits[1], limits[2], advised, None, tuple(warnings)
    )


def estimates(tables: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The coverage of each table (a row of eight counts by pattern), and its three estimates, one row an estimate.

    An estimate that does not exist, such as the first two where no list covers another, is not a number.
    """
    index = np.arange(2**LISTS)
    counts = tables.astype(np.float64)

    def people(wanted: NDArray[np.bool_]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = counts[:, wanted].sum(axis=1)
        return found

    on = [(index >> each & 1) == 1 for each in range(LISTS)]
    sizes = [people(on[each]) for each in range(LISTS)]
    alone = [counts[:, 1 << each] for each in range(LISTS)]
    with np.errstate(divide="ignore", invalid="ignore"):
        coverage = 1 - sum(one / size for one, size in zip(alone, sizes, strict=True)) / LISTS
        beside = people(index > 0) - sum(alone) / LISTS
        apart = np.zeros(len(tables))
        shared = np.zeros(len(tables))
        for one, other in combinations(range(LISTS), 2):
            third = LISTS - one - other
            outside = people(on[one] & ~on[third]) + people(on[other] & ~on[third])
            apart += outside
            shared += outside * people(on[one] & on[other]) / (sizes[one] * sizes[other])
        independent = beside / coverage
        scale = 1 / (LISTS * coverage)
        # Covariation of a pair is N x both / (one x other) - 1, so the correction is linear in N.
        high = (independent - apart * scale) / (1 - shared * scale)
        first = independent + (independent * shared - apart) * scale
        one_step = independent + (first * shared - apart) * scale
        bounded = shared * scale < 1
    values = np.array([independent, high, one_step])
    values[:, ~(coverage > 0)] = np.nan
    values[HIGH_COVERAGE, ~bounded] = np.nan
    return np.asarray(coverage), values


def _limits(
    table: Patterns, which: int, estimate: float, replicates: int, level: float, generator: np.random.Generator
) -> Limits | None:
    """Limits from a bootstrap of a population of the estimated size; None where there is no estimate."""
    observed = table.observed
    if not np.isfinite(estimate) or estimate < observed:
        return None
    shares = table.counts / estimate
    shares[0] = max(0.0, 1 - shares[1:].sum())
    drawn = generator.multinomial(round(estimate), shares / shares.sum(), size=replicates)
    drawn[:, 0] = 0
    values = estimates(drawn)[1][which]
    tail = (1 - level) / 2
    if which == HIGH_COVERAGE:
        values = np.where(np.isfinite(values), values, np.inf)
        low, high = np.quantile(values, [tail, 1 - tail], method="inverted_cdf")
        return Limits(estimate, None, max(float(observed), float(low)), float(high))
    kept = values[np.isfinite(values)]
    if len(kept) < replicates / 2:
        return None
    error = float(kept.std(ddof=1))
    unseen = estimate - observed
    if unseen < 1e-9:
        return Limits(estimate, error, estimate, estimate)
    spread = float(np.exp(ndtri(1 - tail) * np.sqrt(np.log1p((error / unseen) ** 2))))
    return Limits(estimate, error, observed + unseen / spread, observed + unseen * spread)


def _not_three(table: Patterns) -> Refusal | None:
    if table.lists == LISTS:
        return None
    return Refusal(
        f"{table.lists} lists hold anybody; these estimates are worked out for {LISTS}.",
        f"Lists of agencies that work alike merged to {LISTS}.",
    )
