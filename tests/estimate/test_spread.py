from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.estimate.loglinear.heterogeneity import column, design, fit_design
from joinedup.estimate.loglinear.kernels import CERTIFIED, SINGULAR
from joinedup.estimate.loglinear.lattice import main_effects
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import Options, estimate_population
from joinedup.estimate.select import fitted
from joinedup.estimate.spread import GAMMA, METHOD, NORMAL, WIDENED, Spread, widened

CELLS = np.arange(16) > 0


def two_kinds(people=4000, lists=4, seed=2):
    """A third of people found often, the rest seldom, by every list."""
    draw = np.random.default_rng(seed)
    logits = np.log(np.linspace(0.15, 0.3, lists) / (1 - np.linspace(0.15, 0.3, lists)))
    often = draw.random(people) < 1 / 3
    held = draw.random((people, lists)) < 1 / (1 + np.exp(-(logits + np.where(often, 1.2, -0.6)[:, None])))
    patterns, counts = np.unique(held @ (1 << np.arange(lists)), return_counts=True)
    found = {int(p): int(n) for p, n in zip(patterns, counts, strict=True) if p}
    return OverlapTable(tuple("abcd"[:lists]), found)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=15, max_size=15), st.sampled_from([NORMAL, GAMMA]))
def test_a_certified_fit_reproduces_its_margins(cells, spread):
    counts, rows = np.array([0.0, *cells]), design(4, column(spread, 4))
    coefficients = np.zeros(6)
    state, deviance = fit_design(counts, CELLS, rows, coefficients)
    assert state == CERTIFIED
    means = np.where(CELLS, np.exp(rows @ coefficients), 0.0)
    assert rows.T @ means == pytest.approx(rows.T @ counts, rel=1e-3, abs=1e-3)
    assert deviance >= -1e-9


def test_columns_that_cannot_be_told_apart_are_singular():
    rows = design(3, column(NORMAL, 3))
    rows[:, -1] = rows[:, 1]
    assert fit_design(np.arange(8.0), np.arange(8) > 0, rows, np.zeros(5))[0] == SINGULAR


def test_where_people_differ_the_spreads_come_nearer_and_the_headline_is_widened():
    found = estimate_population(two_kinds(1500, seed=3), Options(replicates=100))
    rows = {row.method: row for row in found.range}
    assert rows["independence"].estimate < rows[METHOD].estimate < rows["heterogeneity, gamma"].estimate
    assert abs(rows[METHOD].estimate - 1500) < abs(rows["bic"].estimate - 1500)
    assert rows["bic"].upper < 1500 < found.upper
    assert found.lower <= rows["bic"].lower
    assert found.upper == max(rows["bic"].upper, rows[METHOD].upper, rows["heterogeneity, gamma"].upper)
    assert any("People may differ" in each for each in found.warnings)


def test_people_who_differ_less_than_not_at_all_are_taken_for_alike():
    """Lists that avoid each other: fewer on two and more lists than by chance."""
    counts = np.array([0.0, 300, 300, 20, 300, 20, 20, 1])
    cells = np.arange(8) > 0
    alike, _ = fitted(counts, cells, main_effects(3))
    found = Spread(cells, NORMAL)(counts)
    assert found == alike
    assert found.place == -1


def test_a_spread_that_fits_much_worse_widens_nothing():
    table = OverlapTable(("a", "b", "c"), {1: 600, 2: 600, 3: 600, 5: 200, 6: 200, 7: 200, 4: 900})
    found = estimate_population(table, Options(replicates=100))
    [bic] = [row for row in found.range if row.method == "bic"]
    assert (found.lower, found.estimate, found.upper) == (bic.lower, bic.estimate, bic.upper)
    assert not any("People may differ" in each for each in found.warnings)


def test_without_an_upper_limit_of_one_there_is_none_of_all():
    table = two_kinds()
    counts = table.dense()
    from joinedup.estimate.results import MethodRow
    from joinedup.estimate.spread import Fitted

    choice = Spread(CELLS, NORMAL)(counts)
    row = MethodRow("bic", "m", 3000.0, 2800.0, 3300.0, 0.95, False, None, "assumed")
    base = Fitted(row, replace(choice, place=5), None)
    open_ended = Fitted(replace(row, method=METHOD, estimate=4000.0, lower=2700.0, upper=None), choice, None)
    wide, said = widened(base, [open_ended], "all")
    assert (wide.row.method, wide.row.lower, wide.row.upper) == (WIDENED, 2700.0, None)
    assert "4,000" in said[0]


def test_from_seven_lists_the_stepwise_limits_are_widened():
    draw = np.random.default_rng(5)
    held = (draw.random((3000, 7)) < 0.2) @ (1 << np.arange(7))
    patterns, counts = np.unique(held[held > 0], return_counts=True)
    table = OverlapTable(tuple("abcdefg"), dict(zip(patterns.tolist(), counts.tolist(), strict=True)))
    found = estimate_population(table, Options(replicates=50))
    [stepwise] = [row for row in found.range if row.method == "stepwise"]
    assert found.method == WIDENED
    assert found.lower <= stepwise.lower < stepwise.upper <= found.upper


THIN = OverlapTable(("a", "b", "c"), {1: 80, 2: 70, 4: 60, 3: 3, 5: 3, 6: 3, 7: 2})
"""Eleven people on several lists, whom a normal spread fits better than any tie."""


def test_where_few_are_on_several_lists_a_spread_widens_and_does_not_lead():
    found = estimate_population(THIN, Options(replicates=100))
    rows = {row.method: row for row in found.range}
    assert found.estimate == rows["bic"].estimate < 3000 < rows[METHOD].estimate
    assert found.lower == rows["bic"].lower


def test_without_an_upper_limit_total_and_lower_limit_stand_and_the_limits_of_ties_are_said():
    table = OverlapTable(("a", "b", "c"), {1: 60, 2: 50, 4: 40, 3: 3, 5: 3, 6: 2, 7: 1})
    found = estimate_population(table, Options(replicates=100))
    [bic] = [row for row in found.range if row.method == "bic"]
    assert (found.refused, found.estimate, found.lower, found.upper) == (None, bic.estimate, bic.lower, None)
    assert "no upper limit" in found.words
    [said] = [each for each in found.warnings if "no upper limit" in each]
    assert f"{bic.lower:,.0f} to {bic.upper:,.0f}" in said
