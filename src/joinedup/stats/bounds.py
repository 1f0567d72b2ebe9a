"""What a share can be when some values are not known: bounds first, a bare share never.

Worst case (C. F. Manski, Partial Identification of Probability Distributions, Springer 2003): nothing is assumed about
those not known, so the share lies between "none of them has the value" and "all of them have it". Between that and
"they are like those known" lies the selection odds ratio: how far those not known may differ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["supported", "contradicted", "cannot be told"]
Comparison = Literal[">=", ">", "<=", "<"]


@dataclass(frozen=True, slots=True)
class ShareBounds:
    """The lowest and highest share that the unknowns allow; 0 <= lower <= upper <= 1."""

    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not 0 <= self.lower <= self.upper <= 1:
            raise ValueError("bounds of a share lie in order between 0 and 1")


def _check(with_value: float, known: float, unknown: float) -> None:
    if not 0 <= with_value <= known or unknown < 0 or known + unknown <= 0:
        raise ValueError("needs 0 <= with_value <= known, unknown >= 0, and somebody in the base")


def worst_case(with_value: float, known: float, unknown: float) -> ShareBounds:
    """Bounds of the share of all who have the value, with nothing assumed about those not known.

    `with_value` of the `known` have it. Counts or shares of one base may be given. Raises ValueError where they do not fit.

    >>> bounds = worst_case(1264, 1264 + 182, 637)
    >>> round(bounds.lower, 3), round(bounds.upper, 3)
    (0.607, 0.913)
    """
    _check(with_value, known, unknown)
    base = known + unknown
    return ShareBounds(min(1.0, with_value / base), min(1.0, (with_value + unknown) / base))


def within_odds_ratio(with_value: float, known: float, unknown: float, ratio: float) -> ShareBounds:
    """Bounds of the share when the odds of the value among those not known differ from the odds among those known by at
    most the factor `ratio`, either way: 1 says they are alike, infinity says nothing.

    Raises ValueError for a ratio below 1 and where counts do not fit; with nobody known, gives the worst case.

    >>> bounds = within_odds_ratio(0.26, 0.672, 0.328, 2)
    >>> round(bounds.lower, 3), round(bounds.upper, 3)
    (0.339, 0.443)
    """
    _check(with_value, known, unknown)
    if ratio < 1:
        raise ValueError("an odds ratio bound is 1 or more")
    if known == 0 or math.isinf(ratio):
        return worst_case(with_value, known, unknown)
    share, base = with_value / known, known + unknown
    # Kept free of division by nought: share/(1-share) need not exist, these two always do.
    lowest = share / (share + ratio * (1 - share))
    highest = ratio * share / (ratio * share + (1 - share))
    lower, upper = (with_value + unknown * lowest) / base, (with_value + unknown * highest) / base
    return ShareBounds(min(lower, 1.0), min(max(lower, upper), 1.0))


def verdict(bounds: ShareBounds, comparison: Comparison, against: float) -> Verdict:
    """Whether "the share is at least (above, at most, below) `against`" holds all through the bounds, nowhere in them, or neither.

    >>> verdict(ShareBounds(0.26, 0.58), ">=", 0.2), verdict(ShareBounds(0.26, 0.58), ">", 0.5)
    ('supported', 'cannot be told')
    """
    holds = {
        ">=": (bounds.lower >= against, bounds.upper >= against),
        ">": (bounds.lower > against, bounds.upper > against),
        "<=": (bounds.upper <= against, bounds.lower <= against),
        "<": (bounds.upper < against, bounds.lower < against),
    }[comparison]
    everywhere, somewhere = holds
    return "supported" if everywhere else "cannot be told" if somewhere else "contradicted"
