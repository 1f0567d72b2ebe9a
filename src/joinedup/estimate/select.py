"""How the model of a table is chosen: by BIC among all or step by step, by p-values, or given beforehand.

A selection is a function from the counts of a table to the chosen model, or to none where no model can be fitted; it is
repeated unchanged on every bootstrap replicate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr, pdtrc

from joinedup.estimate.loglinear.existence import Verdict, verdict
from joinedup.estimate.loglinear.kernels import CERTIFIED, NO_MAXIMUM, SINGULAR, UNDECIDED, lists_of, sum_over_supersets
from joinedup.estimate.loglinear.lattice import Lattice, Model, main_effects
from joinedup.estimate.loglinear.searching import best_model, fit_all, fit_terms, margins_of

Counts = NDArray[np.float64]
Cells = NDArray[np.bool_]

_FIRST_TRIED = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """A fitted model that certainly exists: its terms, the people it expects on no list, its deviance and its BIC."""

    model: Model
    unseen: float
    deviance: float
    criterion: float
    place: int = -1


@dataclass(frozen=True, slots=True)
class Rival:
    """A certified model beside the chosen one, and how much higher its BIC is."""

    choice: Choice
    above: float


def fitted(counts: Counts, possible: Cells, model: Sequence[int]) -> tuple[Choice | None, Counts]:
    """One model fitted to a table, or none where it has no maximum or is not identified; and its fitted means.

    The BIC is the deviance plus, for every term and also those at minus infinity, the logarithm of the people observed.
    """
    means = np.zeros(counts.size)
    margins = margins_of(counts)
    state, deviance, unseen = fit_terms(counts, margins, possible, np.array(model, dtype=np.int64), means)
    exists = state == CERTIFIED or (state == UNDECIDED and verdict(counts, possible, model) is Verdict.EXISTS)
    if not exists or not margins[0]:
        return None, means
    return Choice(tuple(model), unseen, deviance, deviance + len(model) * math.log(margins[0])), means


@dataclass(frozen=True, slots=True)
class Fixed:
    """The model given beforehand: of independence, or any other."""

    model: Model
    possible: Cells

    def __call__(self, counts: Counts) -> Choice | None:
        """The model fitted, or none where it cannot be."""
        return fitted(counts, self.possible, self.model)[0]


@dataclass(frozen=True, slots=True)
class ByBic:
    """The model of the lowest BIC among all of a lattice whose maximum exists and is identified.

    Source: B. W. Silverman, L. Chan and K. Vincent, Statistics and Computing 34 (2024), 44.
    """

    lattice: Lattice
    possible: Cells
    first_tried: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __call__(self, counts: Counts) -> Choice | None:
        """The best model by branch and bound; what Newton's method left undecided goes to the linear programme."""
        best, lowest, _, verdicts, criteria, _ = best_model(
            counts, self.possible, self.lattice.arrays, self.first_tried
        )
        undecided = np.flatnonzero((verdicts == UNDECIDED) & (criteria < lowest))
        for place in undecided[np.argsort(criteria[undecided], kind="stable")]:
            choice = self._at(counts, int(place))
            if choice is not None:
                return choice
        return self._at(counts, int(best)) if best >= 0 else None

    def informed(self, counts: Counts) -> ByBic:
        """The same selection, told which models did best on the table itself, so that replicates find good bounds soon."""
        places = [rival.choice.place for rival in self.ranked(counts, most=_FIRST_TRIED)]
        return ByBic(self.lattice, self.possible, np.array(places, dtype=np.int64))

    def ranked(self, counts: Counts, *, most: int | None = None, within: float = math.inf) -> list[Rival]:
        """The models Newton's method certified, the lowest BIC first; the `most` first, and those `within` so much of the lowest."""
        verdicts, deviances, unseen = fit_all(counts, self.possible, self.lattice.arrays)
        sizes = self.lattice.arrays.sizes
        criteria = np.where(verdicts == CERTIFIED, deviances + sizes * math.log(max(counts.sum(), 1.0)), math.inf)
        order = np.argsort(criteria, kind="stable")
        certified = criteria[order] < math.inf
        close = criteria[order] <= criteria[order[0]] + within
        places = order[certified & close][:most].tolist()
        return [
            Rival(
                Choice(self.lattice.model(at), float(unseen[at]), float(deviances[at]), float(criteria[at]), at),
                float(criteria[at] - criteria[places[0]]),
            )
            for at in places
        ]

    def verdicts(self, counts: Counts) -> list[Verdict]:
        """The verdict on every model, in the order of the lattice: the certificate first, else the linear programme."""
        states, _, _ = fit_all(counts, self.possible, self.lattice.arrays)
        certain = {CERTIFIED: Verdict.EXISTS, NO_MAXIMUM: Verdict.NO_MAXIMUM, SINGULAR: Verdict.NOT_IDENTIFIED}
        return [
            certain[state] if state in certain else verdict(counts, self.possible, self.lattice.model(place))
            for place, state in enumerate(states.tolist())
        ]

    def _at(self, counts: Counts, place: int) -> Choice | None:
        choice, _ = fitted(counts, self.possible, self.lattice.model(place))
        if choice is None:
            return None
        return Choice(choice.model, choice.unseen, choice.deviance, choice.criterion, place)


@dataclass(frozen=True, slots=True)
class Stepwise:
    """Independence, and then pairs of lists one at a time: at each step the pair of the lowest p-value below the threshold.

    The p-value is one-sided: were the pair not in the model, the people on both lists would be a Poisson number with the
    fitted mean. A pair whose model has no maximum, or is not identified, is passed over.
    Source: L. Chan, B. W. Silverman and K. Vincent, Journal of the American Statistical Association 116 (2021), 1297-1306.
    """

    possible: Cells
    threshold: float = 0.02

    def __call__(self, counts: Counts) -> Choice | None:
        """The model at which no further pair passes, or none where even independence cannot be fitted."""
        lists = lists_of(counts.size)
        margins = margins_of(counts)
        pairs = [1 << one | 1 << other for one, other in combinations(range(lists), 2)]
        choice, means = fitted(counts, self.possible, main_effects(lists))
        while choice is not None:
            step = self._step(counts, margins, choice, means, [pair for pair in pairs if pair not in choice.model])
            if step is None:
                break
            choice, means = step
        return choice

    def _step(
        self, counts: Counts, margins: Counts, choice: Choice, means: Counts, pairs: Sequence[int]
    ) -> tuple[Choice, Counts] | None:
        expected = means.copy()
        sum_over_supersets(expected, lists_of(counts.size))
        seen, mean = margins[list(pairs)], expected[list(pairs)]
        p_values = np.where(seen < mean, pdtr(seen, mean), np.where(seen > 0, pdtrc(seen - 1, mean), 1.0))
        # Where p-values are too small for a float, the exponent of Chernoff's bound puts them in order.
        exponent = (
            mean - seen + np.where(seen > 0, seen * np.log(np.maximum(seen, 1e-300) / np.maximum(mean, 1e-300)), 0.0)
        )
        for place in np.lexsort((-exponent, p_values)):
            if p_values[place] >= self.threshold:
                return None
            added, fitted_means = fitted(counts, self.possible, (*choice.model, pairs[int(place)]))
            if added is not None:
                return added, fitted_means
        return None


@dataclass(frozen=True, slots=True)
class Downhill:
    """Independence, and then one term put in or taken out at a time while that lowers the BIC, the lowest first.

    It ends where no neighbour is lower, which need not be the lowest of all; it costs little, also over many lists.
    Source: B. W. Silverman, L. Chan and K. Vincent, Statistics and Computing 34 (2024), 44.
    """

    possible: Cells
    order: int

    def __call__(self, counts: Counts) -> Choice | None:
        """The model none of whose neighbours has a lower BIC, or none where independence cannot be fitted."""
        lists = lists_of(counts.size)
        choice, _ = fitted(counts, self.possible, main_effects(lists))
        while choice is not None:
            beside = [fitted(counts, self.possible, model)[0] for model in neighbours(choice.model, lists, self.order)]
            lower = [each for each in beside if each is not None and each.criterion < choice.criterion]
            if not lower:
                break
            choice = min(lower, key=lambda each: each.criterion)
        return choice


def neighbours(model: Model, lists: int, order: int) -> list[Model]:
    """The hierarchical models one term larger or smaller, with terms of up to `order` lists and never of all.

    >>> neighbours((0, 1, 2, 4, 3), 3, 2)
    [(0, 1, 2, 4, 3, 5), (0, 1, 2, 4, 3, 6), (0, 1, 2, 4)]
    """
    terms = set(model)
    larger = [
        term
        for term in range(1, (1 << lists) - 1)
        if term not in terms
        and 2 <= term.bit_count() <= order
        and all(term ^ (1 << place) in terms for place in range(lists) if term >> place & 1)
    ]
    smaller = [
        term
        for term in model
        if term.bit_count() > 1 and not any(term != other and term & other == term for other in model)
    ]
    return [(*model, term) for term in larger] + [tuple(each for each in model if each != term) for term in smaller]
