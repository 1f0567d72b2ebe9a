"""How long a step took when some cases still wait: shares with bounds, and the Kaplan-Meier curve.

The mean of closed cases flatters: the cases that wait longest are those not closed yet. Here a case that is open and
overdue is a miss, one that is open and not due is neither, and both weigh in the curve for as long as they were watched.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import CensoredData, ecdf

from joinedup.stats.intervals import Interval

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ClockShare:
    """How many of the cases begun kept a clock: met + missed are those whose clock has run out or that were done in it.

    `due` bounds: the share met of those due. `begun` bounds: the same of all begun, were every case that is still open and
    not due to miss, and were every one to meet it. Both empty where there is nothing to have a share of.
    """

    met: int
    missed: int
    not_due: int
    unknown: int
    due: Interval | None
    begun: Interval | None


def clock_share(waited: Floats, done: Truths, clock: float, unknown: int = 0) -> ClockShare:
    """The share of cases whose step was taken within the clock.

    `waited` is the time from a case's start to its step, or, where the step has not been taken (`done` false), to the last
    day of the data, in the clock's unit. `unknown` are due cases whose record cannot tell. Raises ValueError for a
    negative wait or a clock that is not positive.

    >>> share = clock_share(np.array([10.0, 80.0, 90.0, 5.0]), np.array([True, True, False, False]), 72.0)
    >>> share.met, share.missed, share.not_due, share.due.lower, share.begun.upper
    (1, 2, 1, 0.3333333333333333, 0.5)
    """
    waited, done = _checked(waited, done)
    if clock <= 0 or unknown < 0:
        raise ValueError("a clock is longer than nothing, and a number of unknown cases is not negative")
    met = int((done & (waited <= clock)).sum())
    missed = int((waited > clock).sum())
    not_due = len(waited) - met - missed
    due, begun = met + missed + unknown, len(waited) + unknown
    return ClockShare(
        met, missed, not_due, unknown,
        Interval(met / due, (met + unknown) / due, 1.0) if due else None,
        Interval(met / begun, (met + unknown + not_due) / begun, 1.0) if begun else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """The Kaplan-Meier curve: at each time at which steps were taken, the share still waiting just after it, with limits.

    `at_risk` cases were watched to that time and still waiting; `taken` of them had their step then. A limit is not a
    number where the data give none.
    """

    times: Floats
    share: Floats
    lower: Floats
    upper: Floats
    at_risk: Floats
    taken: Floats
    level: float

    def at(self, time: float) -> float:
        """The share still waiting after `time`."""
        place = int(np.searchsorted(self.times, time, side="right"))
        return 1.0 if place == 0 else float(self.share[place - 1])

    @property
    def median(self) -> float | None:
        """The first time by which half or more had their step; empty when fewer ever did."""
        below = np.flatnonzero(self.share <= 0.5 + 1e-12)
        return float(self.times[below[0]]) if len(below) else None


def kaplan_meier(waited: Floats, done: Truths, level: float = 0.95) -> StillWaiting:
    """The share still waiting for a step over time, cases without it counting for as long as they were watched.

    Assumes that why a case is still open at the end of the data has nothing to do with how long it will wait. Limits are
    log-log, from Greenwood's variance. Source: E. L. Kaplan and P. Meier, Journal of the American Statistical Association
    53 (1958), 457-481; as SciPy's `ecdf` of censored data computes it. Raises ValueError for a negative wait.
    """
    waited, done = _checked(waited, done)
    if not done.any():
        none = np.zeros(0)
        return StillWaiting(none, none, none, none, none, none, level)
    curve: Any = ecdf(CensoredData(uncensored=waited[done], right=waited[~done])).sf  # its stubs know no limits
    times = np.unique(waited[done])
    with np.errstate(all="ignore"), warnings.catch_warnings():
        # Limits are not a number where everybody has had the step; that is said above, once.
        warnings.simplefilter("ignore", RuntimeWarning)
        limits = curve.confidence_interval(level, method="log-log")
    places = np.searchsorted(curve.quantiles, times)
    ordered = np.sort(waited)
    at_risk = len(waited) - np.searchsorted(ordered, times, side="left")
    ended = np.sort(waited[done])
    taken = np.searchsorted(ended, times, side="right") - np.searchsorted(ended, times, side="left")
    return StillWaiting(
        times, curve.probabilities[places], limits.low.probabilities[places], limits.high.probabilities[places],
        at_risk.astype(float), taken.astype(float), level,
    )  # fmt: skip


def _checked(waited: Floats, done: Truths) -> tuple[Floats, Truths]:
    waited, done = np.asarray(waited, dtype=float), np.asarray(done, dtype=bool)
    if waited.shape != done.shape or (waited < 0).any() or np.isnan(waited).any():
        raise ValueError("every case needs a wait of nought or more, and whether its step was taken")
    return waited, done
