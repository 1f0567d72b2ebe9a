from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.stats.timeliness import clock_share, kaplan_meier

# Freireich and others, Blood 21 (1963): weeks of remission under 6-MP, 21 patients; + is still in remission.
WEEKS = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35], dtype=float)
ENDED = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], dtype=bool)


def test_the_published_curve_of_freireich():
    # As printed in Kleinbaum and Klein, Survival Analysis, table of group 1.
    curve = kaplan_meier(WEEKS, ENDED)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert np.round(curve.share, 4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.taken.tolist() == [3, 1, 1, 1, 1, 1, 1]
    assert curve.median == 23
    assert (curve.at(5), round(curve.at(6.5), 4)) == (1.0, 0.8571)
    # Log-log limits at 10 weeks, as R's survfit prints them with conf.type = "log-log".
    assert np.round([curve.lower[2], curve.upper[2]], 3).tolist() == [0.503, 0.889]


CASES = st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=50)


@given(CASES)
def test_the_curve_falls_from_one_by_the_product_of_those_who_wait(cases):
    waited, done = np.array([one for one, _ in cases], dtype=float), np.array([two for _, two in cases])
    curve = kaplan_meier(waited, done)
    product = np.cumprod(1 - curve.taken / curve.at_risk) if len(curve.times) else np.zeros(0)
    assert curve.share == pytest.approx(product)
    assert curve.taken.sum() == done.sum()


@given(CASES, st.integers(1, 150), st.integers(0, 5))
def test_every_case_is_met_missed_or_not_due_and_the_bounds_hold_what_may_come(cases, clock, unknown):
    waited, done = np.array([one for one, _ in cases], dtype=float), np.array([two for _, two in cases])
    share = clock_share(waited, done, clock, unknown)
    assert share.met + share.missed + share.not_due == len(cases)
    # Whatever becomes of those not due, the share of all begun lies within its bounds.
    for later_met in {0, share.not_due}:
        reached = (share.met + later_met) / (len(cases) + unknown)
        assert share.begun.lower - 1e-12 <= reached <= share.begun.upper + 1e-12


def test_open_and_overdue_is_a_miss_and_open_and_not_due_is_neither():
    share = clock_share(np.array([100.0, 71.0]), np.array([False, False]), 72.0)
    assert (share.met, share.missed, share.not_due, share.due.upper) == (0, 1, 1, 0.0)


def test_nothing_begun_has_no_share():
    share = clock_share(np.zeros(0), np.zeros(0, dtype=bool), 72.0)
    assert (share.due, share.begun) == (None, None)
    assert kaplan_meier(np.zeros(0), np.zeros(0, dtype=bool)).median is None


def test_a_step_before_the_start_is_refused():
    with pytest.raises(ValueError, match="nought or more"):
        kaplan_meier(np.array([-1.0]), np.array([True]))
