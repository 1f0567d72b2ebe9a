"""How many people there are, when lists are independent only among people alike in what is known of them.

Being on two lists may go with age, sex or area, which alone makes lists look dependent. Here the chances of two lists, among
people on any list, are learnt from those covariates by cross-fitting, and the total is corrected so that errors in what was learnt
enter only as their product (doubly robust). Source: M. Das, E. H. Kennedy and N. P. Jewell, Doubly robust capture-recapture
methods for estimating population size, arXiv:2104.14091 (2021).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures

from joinedup.errors import UsageError

NEVER = frozenset({"ethnicity", "ethnic_group", "race", "nationality", "religion", "belief"})
"""Covariates that are not taken: what a person is described as must not steer how many are looked for."""
FEWEST_A_PATTERN = 15
"""With fewer people than this in a pattern, what its chance turns on cannot be learnt in every fold."""
LEAST_CHANCE = 0.002
LEARNERS = ((False, 0.3), (True, 0.1), (True, 1.0))
"""Logistic models tried: whether each two covariates count together, and how little coefficients are drawn to nought; people held
back decide which is taken."""
SPLITS = 5
"""Times the people are split into folds anew; the middle total of them is taken."""
_TINY = 1e-6

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Options:
    """Folds of the cross-fitting, seed and nominal level of the limits."""

    folds: int = 5
    seed: int = 1
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One total with its limits, or why there is none; `lists`: the two whose independence, given the covariates, gives it, or all.

    `unadjusted`: the same without covariates, which says how much they move it.
    """

    lists: tuple[str, ...]
    on_both: int
    estimate: float | None
    lower: float | None
    upper: float | None
    unadjusted: float | None
    reason: str | None


def adjusted(
    lists: Mapping[str, Sequence[int]],
    covariates: Mapping[str, Sequence[str]],
    options: Options | None = None,
    pairs: Sequence[tuple[str, str]] = (),
) -> list[Adjusted]:
    """The total from every two lists, or from the pairs asked for, given the covariates.

    `lists`: for each list, 0 or 1 a person; `covariates`: for each, its category a person, 'not known' being one of them.
    Everybody is on one list at least; those on neither of the two are used too, where other lists hold them. Assumed: among people
    alike in the covariates, being on one of the two says nothing about being on the other; other lists may depend on both.
    Raises UsageError for covariates that are never taken, or of another length, and for pairs that are no two lists.
    """
    options = options or Options()
    check(lists, covariates)
    names = list(lists)
    if any(len({*pair} & {*names}) != 2 for pair in pairs):
        raise UsageError(f"A pair is two of the lists {', '.join(names)}.", remedy="Name two lists as the table does.")
    held = np.column_stack([np.asarray(values, dtype=np.int64) for values in lists.values()])
    known = np.column_stack([np.asarray(values, dtype=str) for values in covariates.values()])
    return [
        _of(pair, held[:, [names.index(each) for each in pair]], known, options)
        for pair in pairs or combinations(names, 2)
    ]


def check(lists: Mapping[str, Sequence[int]], covariates: Mapping[str, Sequence[str]]) -> None:
    """Raises UsageError for covariates that are never taken, or what is no people on two lists."""
    wrong = sorted(name for name in covariates if name.strip().lower().replace(" ", "_") in NEVER)
    if wrong:
        raise UsageError(
            f"{', '.join(wrong)} is never a covariate of an estimate.",
            remedy="Take sex, age band, area or the like.",
        )
    lengths = {len(values) for values in (*lists.values(), *covariates.values())}
    if len(lists) < 2 or not covariates or len(lengths) != 1:
        raise UsageError(
            "Estimates with covariates need two lists, one covariate, and a value of each for everybody.",
            remedy="One row a person: a 0 or 1 a list, and a column a covariate.",
        )


def _of(chosen: tuple[str, str], held: Whole, known: NDArray[np.str_], options: Options) -> Adjusted:
    patterns = held @ np.array([1, 2])
    seen = np.bincount(patterns, minlength=4)
    observed = len(held)
    fewest = int(seen[1:].min())
    if fewest < FEWEST_A_PATTERN:
        reason = f"Only {fewest} people hold one of the patterns of these lists; {FEWEST_A_PATTERN} are needed."
        return Adjusted(chosen, int(seen[3]), None, None, None, None, reason)
    crude = float((seen[1] + seen[3]) * (seen[2] + seen[3]) / seen[3])
    learning = _Learning.of(patterns, known)
    learner = learning.best(options)
    splits = [_values(learning.chances(learner, options.folds, options.seed + at), patterns) for at in range(SPLITS)]
    totals = np.array([values.sum() for values in splits])
    middle = int(np.argsort(totals, kind="stable")[SPLITS // 2])
    estimate = float(totals[middle])
    if estimate <= observed:
        reason = "It comes to no more than are on the lists."
        return Adjusted(chosen, int(seen[3]), None, None, None, crude, reason)
    variance = float(np.median([variance_of(values) + (values.sum() - estimate) ** 2 for values in splits]))
    lower, upper = limits_of(estimate, observed, math.sqrt(variance), options.level)
    return Adjusted(chosen, int(seen[3]), estimate, lower, upper, crude, None)


def variance_of(values: Floats) -> float:
    """Of the sum of what each person adds; how many are observed varies as well, each being seen with chance 1 / mean."""
    mean = float(values.mean())
    return values.size * (float(values.var(ddof=1)) + mean * max(mean - 1.0, 0.0))


def limits_of(estimate: float, observed: int, error: float, level: float) -> tuple[float, float]:
    """Limits of a total whose unseen part is taken for log-normal, given its standard error."""
    unseen = estimate - observed
    spread = math.exp(float(ndtri(0.5 + level / 2)) * math.sqrt(math.log1p((error / unseen) ** 2)))
    return observed + unseen / spread, observed + unseen * spread


def _values(chances: Floats, patterns: Whole) -> Floats:
    """What each person observed adds to the total: themselves and those like them that are not seen, corrected by their pattern.

    `chances`: for each person, among people like them on any list, the chance of the first list, of the second and of both: Q1, Q2 and q.
    One over the chance of being seen is Q1 Q2 / q; the value is that multiplied by 1/Q1 if on the first, plus 1/Q2 if on the second,
    less 1/q if on both, which is the efficient influence function and has the total as its sum.
    """
    first, second, both = chances.T
    corrected = (patterns & 1 > 0) / first + (patterns & 2 > 0) / second - (patterns == 3) / both
    return np.asarray(first * second / both * corrected)


@dataclass(frozen=True, slots=True)
class _Learning:
    """People by kind, each kind one combination of the covariates, and by pattern of the two lists."""

    patterns: Whole
    kind: Whole
    features: tuple[Floats, Floats]

    @classmethod
    def of(cls, patterns: Whole, known: NDArray[np.str_]) -> _Learning:
        kinds, kind = np.unique(known, axis=0, return_inverse=True)
        return cls(patterns, kind.ravel(), (features_of(kinds, together=False), features_of(kinds, together=True)))

    def best(self, options: Options) -> tuple[bool, float]:
        """The learner that best foretells the patterns of people held back."""
        losses = np.zeros(len(LEARNERS))
        for learnt, held in self._folds(options.folds, options.seed):
            people, kept_back = self._table(learnt), self._table(held)
            losses += [_loss(_learnt(self.features[two], people, strength), kept_back) for two, strength in LEARNERS]
        return LEARNERS[int(np.argmin(losses))]

    def chances(self, learner: tuple[bool, float], folds: int, seed: int) -> Floats:
        """The three chances of each person, learnt from people of the other folds."""
        together, strength = learner
        chances = np.zeros((len(self.patterns), 3))
        for learnt, asked in self._folds(folds, seed):
            chances[asked] = _learnt(self.features[together], self._table(learnt), strength)[self.kind[asked]]
        return chances

    def _folds(self, folds: int, seed: int) -> Iterator[tuple[Whole, Whole]]:
        yield from StratifiedKFold(folds, shuffle=True, random_state=seed).split(self.patterns, self.patterns)

    def _table(self, some: Whole) -> Floats:
        """How many of some people, of each kind, hold each of the four patterns."""
        kinds = len(self.features[0])
        held = np.bincount(self.kind[some] * 4 + self.patterns[some], minlength=kinds * 4)
        return held.reshape(kinds, 4).astype(np.float64)


def features_of(kinds: NDArray[np.str_], *, together: bool) -> Floats:
    """Which category of each covariate a kind of person has, and with `together` each two of them at once."""
    features = np.asarray(OneHotEncoder(sparse_output=False).fit_transform(kinds), dtype=np.float64)
    if together:
        features = PolynomialFeatures(2, interaction_only=True, include_bias=False).fit_transform(features)
    return np.asarray(features[:, features.any(axis=0)])


def _learnt(features: Floats, people: Floats, strength: float) -> Floats:
    """For each kind of person the chance of the first list, of the second and of both, among those on any list.

    Among people alike the lists are independent, so that the chance of the first list among those on the second is the chance in the
    population, a smooth thing to learn; the chance of both is that times the chance of the second, or the same the other way about:
    their geometric mean is taken.
    """
    _, one, two, both = people.T
    first = _share(features, one + both, people[:, 0] + two, strength)
    second = _share(features, two + both, people[:, 0] + one, strength)
    of_second = _share(features, both, two, strength)
    of_first = _share(features, both, one, strength)
    together = np.sqrt(second * of_second * first * of_first)
    together = np.clip(together, LEAST_CHANCE, np.minimum(np.minimum(first, second), first * second))
    return np.column_stack([first, second, np.maximum(together, _TINY)])


def _share(features: Floats, yes: Floats, no: Floats, strength: float) -> Floats:
    """The share of `yes` among people of each kind by a logistic model drawn towards one share for all; `strength`: how little."""
    kinds = len(features)
    if not yes.sum() or not no.sum():
        return np.full(kinds, (yes.sum() + 0.5) / (yes.sum() + no.sum() + 1.0))
    weights = np.concatenate([yes, no])
    held = weights > 0
    answers = np.repeat([1, 0], kinds)[held]
    model = LogisticRegression(C=strength, solver="newton-cholesky", max_iter=200)
    model.fit(np.vstack([features, features])[held], answers, sample_weight=weights[held])
    return np.asarray(np.clip(model.predict_proba(features)[:, 1], LEAST_CHANCE, 1.0 - LEAST_CHANCE))


def _loss(chances: Floats, people: Floats) -> float:
    """How badly the chances foretell the patterns of people held back."""
    first, second, both = chances.T
    cells = np.column_stack([1.0 - first - second + both, first - both, second - both, both])
    return -float(np.sum(people * np.log(np.maximum(cells, _TINY))))
