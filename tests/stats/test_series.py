from __future__ import annotations

import numpy as np
import pytest

from joinedup.stats.series import chance_of_count, control_chart


def test_the_chart_by_hand():
    # Mean 10; moving ranges 2 2 4 4 2, mean 2.8; limits 10 -+ 7.448.
    chart = control_chart(np.array([9.0, 11, 9, 13, 9, 9]) * 1.0)
    ranges = np.abs(np.diff([9, 11, 9, 13, 9, 9])).mean()
    assert (chart.mean, round(chart.upper - chart.mean, 6)) == (10.0, round(2.66 * ranges, 6))
    assert set(chart.signals) == {""}


@pytest.mark.parametrize(("after", "shifted"), [(6, False), (7, True)])
def test_seven_on_one_side_are_a_shift_and_six_are_not(after, shifted):
    # Low and high in turn keep every run before it short.
    values = np.array([10.0, 30] * 12 + [28.0, 24] * 3 + [26.0])[: 24 + after]
    values = np.concatenate([values[:23], values[24:]])
    assert ("shift" in control_chart(values).signals) == shifted


def test_seven_rising_points_are_a_trend_and_six_are_not():
    level = np.array([10.0, 30] * 8)
    assert "trend" in control_chart(np.concatenate([level, np.arange(17.0, 24.0)])).signals
    assert "trend" not in control_chart(np.concatenate([level, np.arange(31.0, 27.0, -1), level])).signals


def test_a_month_of_many_closures_is_found_and_chance_is_not():
    rng = np.random.default_rng(8)
    quiet = rng.poisson(12, 40)
    _, chance = chance_of_count(quiet)
    assert chance.min() > 1e-4
    step = quiet.copy()
    step[20] += 40
    _, chance = chance_of_count(step)
    assert int(chance.argmin()) == 20
    assert chance[20] < 1e-9


def test_two_neighbouring_months_do_not_hide_one_another():
    counts = np.full(40, 8)
    counts[[19, 20]] = 60
    expected, chance = chance_of_count(counts)
    assert expected[19] == 8
    assert (chance[[19, 20]] < 1e-9).all()


def test_a_service_that_slowly_grows_is_no_step():
    rng = np.random.default_rng(4)
    _, chance = chance_of_count(rng.poisson(np.linspace(4, 40, 48)))
    assert chance.min() > 1e-3


def test_months_that_vary_much_need_more():
    rng = np.random.default_rng(1)
    wild = rng.negative_binomial(2, 2 / 22, 40)
    wild[20] = 45
    assert chance_of_count(wild)[1][20] > 1e-4


@pytest.mark.parametrize("counts", [[1, 2, 3], [1, 2, 3, 4, 5, -1]])
def test_too_short_or_negative_series_are_refused(counts):
    with pytest.raises(ValueError, match="six months"):
        chance_of_count(np.array(counts))
