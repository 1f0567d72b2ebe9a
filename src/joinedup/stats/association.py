"""How much oftener one group shows something than another: ratio and difference with limits, and bounds for what is not known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats.contingency import relative_risk

from joinedup.stats.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class Counted:
    """People of one group: with the thing, without it, and those of whom it cannot be told."""

    yes: int
    no: int
    unknown: int = 0

    def __post_init__(self) -> None:
        if min(self.yes, self.no, self.unknown) < 0:
            raise ValueError("counts are not negative")

    @property
    def told(self) -> int:
        """Those of whom it can be told."""
        return self.yes + self.no

    @property
    def all(self) -> int:
        """Everybody."""
        return self.told + self.unknown


@dataclass(frozen=True, slots=True)
class Association:
    """Risks of two groups among those told, their ratio and difference, each with limits, and the bounds of both.

    A ratio is empty, with `refused` saying why, where a group shows none or all cannot be told. The limits say how far chance
    would move the figures were the groups random draws; the bounds say how far the unknowns could, with nothing assumed.
    """

    risk: float | None
    risk_of_others: float | None
    ratio: float | None
    ratio_limits: Interval | None
    difference: float | None
    difference_limits: Interval | None
    ratio_bounds: tuple[float, float] | None
    difference_bounds: tuple[float, float] | None
    refused: str | None


NOBODY_TOLD = "in one of the groups it can be told of nobody"
NONE_SHOWN = "one of the groups shows none, so that a ratio has no limits"


def association(group: Counted, others: Counted, unsure: Counted = Counted(0, 0), level: float = 0.95) -> Association:
    """The risk in `group` against that in `others`; `unsure` are people who may belong to either.

    Ratio: logarithm taken as normal (D. Katz and others, Biometrics 34 (1978) 469-474). Difference: hybrid of Wilson's limits
    (R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10). Bounds: every way of filling what is not known is
    allowed (C. F. Manski, Partial Identification of Probability Distributions, 2003).

    >>> found = association(Counted(27, 95), Counted(44, 443))
    >>> round(found.ratio, 2), round(found.ratio_limits.lower, 2), round(found.ratio_limits.upper, 2)
    (2.45, 1.58, 3.79)
    """
    ratios, differences = _bounds(group, others, unsure) if group.all and others.all else (None, None)
    if not group.told or not others.told:
        return Association(None, None, None, None, None, None, ratios, differences, NOBODY_TOLD)
    risk, other = group.yes / group.told, others.yes / others.told
    difference, limits = risk - other, _newcombe(group, others, level)
    if not group.yes or not others.yes:
        return Association(risk, other, None, None, difference, limits, ratios, differences, NONE_SHOWN)
    found = relative_risk(group.yes, group.told, others.yes, others.told)
    interval = found.confidence_interval(level)
    ratio_limits = Interval(float(interval.low), float(interval.high), level)
    return Association(
        risk, other, float(found.relative_risk), ratio_limits, difference, limits, ratios, differences, None
    )


def _newcombe(group: Counted, others: Counted, level: float) -> Interval:
    one, two = (wilson(each.yes, each.told, level) for each in (group, others))
    risk, other = group.yes / group.told, others.yes / others.told
    below = math.hypot(risk - one.lower, two.upper - other)
    above = math.hypot(one.upper - risk, other - two.lower)
    return Interval(risk - other - below, risk - other + above, level)


def _bounds(group: Counted, others: Counted, unsure: Counted) -> tuple[tuple[float, float], tuple[float, float]]:
    """Lowest and highest ratio and difference over every filling of the unknowns.

    At the lowest, nobody unknown of the group and everybody unknown of the others shows it, the unsure without it join the group
    and those with it the others; those of whom neither is known are tried at every split. The highest is the reverse.
    """
    low = _splits(
        group.yes,
        group.all + unsure.no,
        others.yes + others.unknown + unsure.yes,
        others.all + unsure.yes,
        unsure.unknown,
    )
    high = _splits(
        others.yes,
        others.all + unsure.no,
        group.yes + group.unknown + unsure.yes,
        group.all + unsure.yes,
        unsure.unknown,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (float(np.nanmin(low[0] / low[1])), float(np.nanmax(high[1] / high[0])))
    return ratio, (float((low[0] - low[1]).min()), float((high[1] - high[0]).max()))


def _splits(few: int, of_few: int, many: int, of_many: int, free: int) -> tuple[np.ndarray, np.ndarray]:
    """The small and the large risk at each number of the free who join the small one without, the rest the large one with."""
    joining = np.arange(free + 1)
    return few / (of_few + joining), (many + free - joining) / (of_many + free - joining)
