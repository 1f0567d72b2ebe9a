"""A series of monthly figures: which of its ups and downs chance explains (XmR chart), and months that stand out of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import nbinom, poisson

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
RUN = 7
"""So many points in a row on one side of the mean, or rising or falling, are no chance (NHS England, Making Data Count)."""


@dataclass(frozen=True, slots=True)
class ControlChart:
    """An individuals chart: the mean, the limits of common variation, and for each point what is special about it, if anything.

    `signals`: outside, shift, trend or nothing.
    """

    mean: float
    lower: float
    upper: float
    signals: tuple[str, ...]


def control_chart(values: Floats) -> ControlChart:
    """The XmR chart of a series in order of time.

    Limits are the mean plus and minus 2.66 times the mean moving range. Signals: a point outside them; seven in a row on
    one side of the mean; seven in a row rising or falling. Sources: D. J. Wheeler, Understanding Variation, 1993; NHS
    England, Making Data Count. Raises ValueError for fewer than two points.

    >>> chart = control_chart(np.array([10.0, 12, 11, 9, 10, 40]))
    >>> round(chart.mean, 2), round(chart.upper, 2), chart.signals[-1]
    (15.33, 34.49, 'outside')
    """
    values = np.asarray(values, dtype=float)
    if len(values) < 2 or np.isnan(values).any():
        raise ValueError("a chart needs at least two points, each a number")
    mean = float(values.mean())
    half = 2.66 * float(np.abs(np.diff(values)).mean())
    side, step = np.sign(values - mean), np.sign(np.diff(values))
    shift = _in_runs(side, RUN)
    # Seven rising points are six steps up.
    steps = _in_runs(step, RUN - 1)
    trend = np.concatenate([steps, [False]]) | np.concatenate([[False], steps])
    outside = np.abs(values - mean) > half
    signals = np.where(outside, "outside", np.where(shift, "shift", np.where(trend, "trend", "")))
    return ControlChart(mean, mean - half, mean + half, tuple(signals.tolist()))


def _in_runs(signs: Floats, least: int) -> npt.NDArray[np.bool_]:
    """Which places stand in a run of at least `least` equal signs, none of them nought."""
    marked = np.zeros(len(signs), dtype=bool)
    start = 0
    for place in range(1, len(signs) + 1):
        if place == len(signs) or signs[place] != signs[start]:
            if place - start >= least and signs[start] != 0:
                marked[start:place] = True
            start = place
    return marked


def chance_of_count(counts: Integers, reach: int = 12) -> tuple[Floats, Floats]:
    """For each month of a series, what the months about it lead one to expect, and the chance of so many or more.

    Expected: the mean of up to `reach` months on either side, without the month itself and without their highest tenth, so
    that neighbouring steps do not hide one another. The chance is Poisson's, or, where those months vary by more, that of
    a negative binomial with their variance. Slow changes of the series are thereby allowed for. Raises ValueError for
    fewer than six months.

    >>> expected, chance = chance_of_count(np.array([5, 4, 6, 5, 3, 30, 5, 6, 4, 5]))
    >>> round(float(expected[5]), 1), bool(chance[5] < 1e-9), bool(chance[0] > 0.4)
    (4.6, True, True)
    """
    counts = np.asarray(counts, dtype=np.int64)
    if len(counts) < 6 or (counts < 0).any():
        raise ValueError("a series needs at least six months, each nought or more")
    expected, chance = np.zeros(len(counts)), np.ones(len(counts))
    for place, count in enumerate(counts.tolist()):
        first = max(0, place - reach)
        about = np.sort(np.concatenate([counts[first:place], counts[place + 1 : place + 1 + reach]]))
        about = about[: len(about) - max(1, len(about) // 10)]
        mean, variance = float(about.mean()), float(about.var(ddof=1)) if len(about) > 1 else 0.0
        expected[place] = mean
        # Half a case stands in for none at all: a service that closed nothing so far may close one.
        mean = max(mean, 0.5)
        if variance > mean:
            chance[place] = float(nbinom.sf(count - 1, mean**2 / (variance - mean), mean / variance))
        else:
            chance[place] = float(poisson.sf(count - 1, mean))
    return expected, chance
