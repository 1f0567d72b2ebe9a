"""Chao's lower bound: how many there are at the least, when people differ in how easily a list finds them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.estimate.loglinear.kernels import lists_of
from joinedup.estimate.loglinear.lattice import main_effects
from joinedup.estimate.select import Cells, Choice, Counts, fitted


@dataclass(frozen=True, slots=True)
class LowerBound:
    """Independence fitted only to the people on one list and on two.

    If people differ in how easily they are found, by a factor that is the same for all lists, those on no list are at
    least as many as this expects; if they do not differ, about as many. Lists may differ in reach.
    Lists that feed one another break it. Sources: A. Chao, Biometrics 43 (1987), 783-791, of captures that are alike; for
    captures that differ: L.-P. Rivest and S. Baillargeon, Biometrics 63 (2007), 999-1006.

    For two lists it is the ratio of those on one list only, multiplied, and those on both:

    >>> counts, cells = np.array([0.0, 30.0, 20.0, 10.0]), np.array([False, True, True, True])
    >>> round(LowerBound(cells)(counts).unseen, 6)
    60.0
    """

    possible: Cells

    def __call__(self, counts: Counts) -> Choice | None:
        """The bound, or none where nobody is on two lists."""
        few = np.bitwise_count(np.arange(counts.size)) <= 2
        choice, _ = fitted(np.where(few, counts, 0.0), self.possible & few, main_effects(lists_of(counts.size)))
        return choice
