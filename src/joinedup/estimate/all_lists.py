"""How many people there are by all lists at once, given what is known of each: any lists may depend, all together in no further way.

Among people alike in the covariates the term of all lists is taken to be nought, as in the log-linear models of a table; every
other tie is free, and may differ from one kind of person to another. The chances of every pattern of lists are learnt by
cross-fitting, and errors in what was learnt enter only as their product (doubly robust). Sources: M. Das, E. H. Kennedy and
N. P. Jewell, arXiv:2104.14091 (2021), of two lists; M. Dulce Rubio and E. H. Kennedy, arXiv:2407.03539 (2024), of any number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from joinedup.estimate.covariates import (
    FEWEST_A_PATTERN,
    LEARNERS,
    SPLITS,
    Adjusted,
    Floats,
    Options,
    Whole,
    check,
    features_of,
    limits_of,
    variance_of,
)

FEWEST_LISTS, MOST_LISTS = 3, 4
"""Five lists have 31 patterns, each of which would need people of every kind."""
LEAST_CHANCE = 1e-3


def all_lists(
    lists: Mapping[str, Sequence[int]], covariates: Mapping[str, Sequence[str]], options: Options | None = None
) -> Adjusted:
    """The total from three or four lists together, given the covariates; `lists` and `covariates` as in `covariates.adjusted`.

    A person on the lists y adds 1 + r s / q: q is the chance of y among people alike and on any list, s is 1 for an odd number of
    lists and -1 for an even one, and r, how many are unseen for each one seen, is the product of the chances of all patterns of an
    odd number of lists over that of the others. Raises UsageError as `covariates.adjusted` does.
    """
    options = options or Options()
    check(lists, covariates)
    held = np.column_stack([np.asarray(values, dtype=np.int64) for values in lists.values()])
    known = np.column_stack([np.asarray(values, dtype=str) for values in covariates.values()])
    names, observed = tuple(lists), len(held)
    patterns = held @ (1 << np.arange(len(names))) - 1
    counts = np.bincount(patterns, minlength=(1 << len(names)) - 1)
    on_all = int(counts[-1])
    if not FEWEST_LISTS <= len(names) <= MOST_LISTS:
        reason = f"Of {len(names)} lists; it is made of {FEWEST_LISTS} or {MOST_LISTS}."
        return Adjusted(names, on_all, None, None, None, None, reason)
    if counts.min() < FEWEST_A_PATTERN:
        reason = f"Only {counts.min()} people hold one of the patterns of these lists; {FEWEST_A_PATTERN} are needed."
        return Adjusted(names, on_all, None, None, None, None, reason)
    signs = signs_of(len(counts))
    crude = observed + float(np.exp(np.log(counts) @ signs))
    people = _People.of(patterns, len(counts), known)
    learner = people.best(options)
    splits = [people.values(learner, options.folds, options.seed + at) for at in range(SPLITS)]
    totals = np.array([values.sum() for values in splits])
    estimate = float(np.median(totals))
    if estimate <= observed:
        reason = "It comes to no more than are on the lists."
        return Adjusted(names, on_all, None, None, None, crude, reason)
    variance = float(np.median([variance_of(values) + (values.sum() - estimate) ** 2 for values in splits]))
    lower, upper = limits_of(estimate, observed, math.sqrt(variance), options.level)
    return Adjusted(names, on_all, estimate, lower, upper, crude, None)


def signs_of(patterns: int) -> Floats:
    """1 for each pattern of an odd number of lists, -1 for an even one; the empty pattern is none of them.

    >>> signs_of(7).tolist()
    [1.0, 1.0, -1.0, 1.0, -1.0, -1.0, 1.0]
    """
    return np.array([1.0 if (each + 1).bit_count() % 2 else -1.0 for each in range(patterns)])


@dataclass(frozen=True, slots=True)
class _People:
    """The pattern of each person, by number, and their kind: one combination of the covariates."""

    pattern: Whole
    patterns: int
    kind: Whole
    features: tuple[Floats, Floats]

    @classmethod
    def of(cls, pattern: Whole, patterns: int, known: NDArray[np.str_]) -> _People:
        kinds, kind = np.unique(known, axis=0, return_inverse=True)
        features = features_of(kinds, together=False), features_of(kinds, together=True)
        return cls(pattern, patterns, kind.ravel(), features)

    def best(self, options: Options) -> tuple[bool, float]:
        """The learner that best foretells the patterns of people held back."""
        losses = np.zeros(len(LEARNERS))
        for learnt, held in self._folds(options.folds, options.seed):
            people, kept_back = self._table(learnt), self._table(held)
            losses -= [
                float(np.sum(kept_back * np.log(_learnt(self.features[two], people, strength))))
                for two, strength in LEARNERS
            ]
        return LEARNERS[int(np.argmin(losses))]

    def values(self, learner: tuple[bool, float], folds: int, seed: int) -> Floats:
        """What each person adds to the total, by chances learnt from people of the other folds."""
        together, strength = learner
        signs, values = signs_of(self.patterns), np.zeros(len(self.pattern))
        for learnt, asked in self._folds(folds, seed):
            chances = _learnt(self.features[together], self._table(learnt), strength)
            unseen = np.exp(np.log(chances) @ signs)
            kind, pattern = self.kind[asked], self.pattern[asked]
            values[asked] = 1.0 + unseen[kind] * signs[pattern] / chances[kind, pattern]
        return values

    def _folds(self, folds: int, seed: int) -> Iterator[tuple[Whole, Whole]]:
        yield from StratifiedKFold(folds, shuffle=True, random_state=seed).split(self.pattern, self.pattern)

    def _table(self, some: Whole) -> Floats:
        """How many of some people, of each kind, hold each pattern."""
        kinds = len(self.features[0])
        held = np.bincount(self.kind[some] * self.patterns + self.pattern[some], minlength=kinds * self.patterns)
        return held.reshape(kinds, self.patterns).astype(np.float64)


def _learnt(features: Floats, people: Floats, strength: float) -> Floats:
    """For each kind of person the chance of each pattern, by one multinomial model; none below a thousandth."""
    kinds, patterns = people.shape
    weights = people.ravel()
    held = weights > 0
    answers = np.tile(np.arange(patterns), kinds)[held]
    model = LogisticRegression(C=strength, solver="newton-cholesky", max_iter=100)
    model.fit(np.repeat(features, patterns, axis=0)[held], answers, sample_weight=weights[held])
    chances = np.maximum(model.predict_proba(features), LEAST_CHANCE / patterns)
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))
