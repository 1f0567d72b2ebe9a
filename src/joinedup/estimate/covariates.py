"""How many people there are, when lists are independent only among people alike in what is known of them.

Being on two lists may go with age, sex or area, which alone makes lists look dependent. Here the chance of each pattern of
lists is learnt from those covariates, by cross-fitting, and the total is corrected so that errors in what was learnt enter
only as their product (doubly robust). Sources: M. Das, E. H. Kennedy and N. P. Jewell, Doubly robust capture-recapture methods
for estimating population size (2021), of two lists; M. Dulce Rubio and E. H. Kennedy (2024), of more without the highest term.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from joinedup.errors import UsageError

NEVER = frozenset({"ethnicity", "ethnic_group", "race", "nationality", "religion", "belief"})
"""Covariates that are not taken: what a person is described as must not steer how many are looked for."""
FEWEST_A_PATTERN = 15
"""With fewer people than this in a pattern, what its chance turns on cannot be learnt in every fold."""
LEAST_CHANCE = 0.002
WEIGHTS = (2.0, 10.0, 50.0, 250.0, 5000.0)
"""How many people the logistic model counts for beside those of a kind; which, people held back decide."""
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
    """One total with its limits, or why there is none; `lists`: the two whose independence, given the covariates, gives it.

    `unadjusted`: the same without covariates, which says how much they move it.
    """

    lists: tuple[str, str]
    on_both: int
    estimate: float | None
    lower: float | None
    upper: float | None
    unadjusted: float | None
    reason: str | None


def adjusted(
    lists: Mapping[str, Sequence[int]], covariates: Mapping[str, Sequence[str]], options: Options | None = None
) -> list[Adjusted]:
    """The total from every two lists, given the covariates.

    `lists`: for each list, 0 or 1 a person; `covariates`: for each, its category a person, 'not known' being one of them.
    Everybody is on one list at least; those on neither of the two are used too, where other lists hold them. Assumed: among people
    alike in the covariates, being on one of the two says nothing about being on the other; other lists may depend on both.
    Raises UsageError for covariates that are never taken, or of another length.
    """
    options = options or Options()
    _check(lists, covariates)
    held = np.column_stack([np.asarray(values, dtype=np.int64) for values in lists.values()])
    known = np.column_stack([np.asarray(values, dtype=str) for values in covariates.values()])
    names = tuple(lists)
    return [_of(names, held, known, pair, options) for pair in combinations(range(len(names)), 2)]


def _check(lists: Mapping[str, Sequence[int]], covariates: Mapping[str, Sequence[str]]) -> None:
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


def _of(
    names: tuple[str, ...], held: Whole, known: NDArray[np.str_], places: tuple[int, int], options: Options
) -> Adjusted:
    chosen = names[places[0]], names[places[1]]
    patterns = held[:, places] @ np.array([1, 2])
    seen = np.bincount(patterns, minlength=4)
    observed = len(held)
    fewest = int(seen[1:].min())
    if fewest < FEWEST_A_PATTERN:
        reason = f"Only {fewest} people hold one of the patterns of these lists; {FEWEST_A_PATTERN} are needed."
        return Adjusted(chosen, int(seen[3]), None, None, None, None, reason)
    alike = np.tile(seen / observed, (observed, 1))
    values = _values(_chances(patterns, seen.size, known, options), patterns)
    crude, estimate = float(_values(alike, patterns).sum()), float(values.sum())
    if estimate <= observed:
        return Adjusted(chosen, int(seen[3]), None, None, None, crude, "It comes to no more than are on the lists.")
    # How many are observed varies as well: each is with chance 1 / mean.
    mean = estimate / observed
    error = math.sqrt(observed * (float(values.var(ddof=1)) + mean * (mean - 1)))
    spread = math.exp(
        float(ndtri(0.5 + options.level / 2)) * math.sqrt(math.log1p((error / (estimate - observed)) ** 2))
    )
    unseen = estimate - observed
    return Adjusted(chosen, int(seen[3]), estimate, observed + unseen / spread, observed + unseen * spread, crude, None)


def _values(chances: Floats, patterns: Whole) -> Floats:
    """What each person observed adds to the total: themselves and those like them that are not seen, corrected by their pattern.

    `chances`: for each person a row, the chance of each pattern among people like them on any list. With Q1 and Q2 the chances of
    each list and q of both, one over the chance of being seen is Q1 Q2 / q; the value is that multiplied by 1/Q1 if on the first,
    plus 1/Q2 if on the second, less 1/q if on both.
    """
    both = np.maximum(chances[:, 3], LEAST_CHANCE)
    first, second = chances[:, 1] + both, chances[:, 2] + both
    corrected = (patterns & 1 > 0) / first + (patterns & 2 > 0) / second - (patterns == 3) / both
    return np.asarray(first * second / both * corrected)


def _chances(patterns: Whole, size: int, known: NDArray[np.str_], options: Options) -> Floats:
    """The chance of each pattern for each person, learnt from people of the other folds."""
    kinds, kind = np.unique(known, axis=0, return_inverse=True)
    kind = kind.ravel()
    chances = np.zeros((len(patterns), size))
    folds = StratifiedKFold(options.folds, shuffle=True, random_state=options.seed)
    for learnt, asked in folds.split(patterns, patterns):
        part, held = train_test_split(learnt, test_size=0.25, random_state=options.seed, stratify=patterns[learnt])
        weight = _best_weight(kinds, *(_table(kind[each], patterns[each], len(kinds), size) for each in (part, held)))
        people = _table(kind[learnt], patterns[learnt], len(kinds), size)
        chances[asked] = _blended(people, _smooth(kinds, people), weight)[kind[asked]]
    return chances


def _table(kind: Whole, patterns: Whole, kinds: int, size: int) -> Floats:
    """How many people of each kind hold each pattern."""
    return np.bincount(kind * size + patterns, minlength=kinds * size).reshape(kinds, size).astype(np.float64)


def _best_weight(kinds: NDArray[np.str_], people: Floats, held: Floats) -> float:
    """How many people the logistic model should count for, as those held back decide."""
    smooth = _smooth(kinds, people)
    losses = [-float(np.sum(held * np.log(np.maximum(_blended(people, smooth, each), _TINY)))) for each in WEIGHTS]
    return WEIGHTS[int(np.argmin(losses))]


def _smooth(kinds: NDArray[np.str_], people: Floats) -> Floats:
    """The chance of each pattern for each kind by a logistic model, which takes the covariates one by one."""
    kind, pattern = np.nonzero(people)
    model = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression(C=10.0, max_iter=1000))
    model.fit(kinds[kind], pattern, logisticregression__sample_weight=people[kind, pattern])
    smooth = np.zeros_like(people)
    smooth[:, model.classes_] = model.predict_proba(kinds)
    return smooth


def _blended(people: Floats, smooth: Floats, weight: float) -> Floats:
    """Each kind's own shares, drawn towards the model's as if that were `weight` people: a kind of many people is free of it."""
    return np.asarray((people + weight * smooth) / (people.sum(axis=1, keepdims=True) + weight))
