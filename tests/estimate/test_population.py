from __future__ import annotations

import json
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.errors import UsageError
from joinedup.estimate.bootstrap import bootstrap, draw_replicates, quantile
from joinedup.estimate.loglinear.lattice import main_effects
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import Options, estimate_population
from joinedup.estimate.select import Choice, Fixed, Stepwise

tables = st.dictionaries(st.integers(1, 7), st.integers(1, 60), min_size=4, max_size=7).map(
    lambda counts: OverlapTable(("a", "b", "c"), counts)
)
RICH = OverlapTable(("a", "b", "c"), {1: 69, 2: 55, 3: 21, 4: 63, 5: 17, 6: 18, 7: 28})
FOUR = OverlapTable(
    ("a", "b", "c", "d"),
    {1: 90, 2: 80, 4: 70, 8: 60, 3: 20, 5: 18, 6: 15, 9: 9, 10: 8, 12: 7, 7: 6, 11: 3, 13: 2, 15: 1},
)


def renamed(table, order):
    """The same table with its lists in another order."""
    return table.taking([table.lists[place] for place in order])


@settings(max_examples=15, deadline=None)
@given(
    tables,
    st.sampled_from(list(permutations(range(3)))),
    st.sampled_from(["auto", "downhill", "stepwise", "independence", "chao"]),
)
def test_the_order_of_the_lists_changes_nothing(table, order, method):
    options = Options(method, replicates=20)
    assert estimate_population(renamed(table, order), options) == estimate_population(table, options)


@settings(max_examples=10, deadline=None)
@given(tables)
def test_a_list_nobody_is_on_changes_nothing(table):
    wider = OverlapTable((*table.lists, "empty"), table.counts)
    assert estimate_population(wider, Options(replicates=20)) == estimate_population(table, Options(replicates=20))


@settings(max_examples=20, deadline=None)
@given(tables, st.integers(2, 50))
def test_independence_scales_with_the_counts(table, times):
    larger = OverlapTable(table.lists, {pattern: count * times for pattern, count in table.counts.items()})
    one, many = (estimate_population(each, Options("independence", replicates=0)) for each in (table, larger))
    if one.estimate is not None and many.estimate is not None:
        assert many.estimate == pytest.approx(one.estimate * times, rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(tables)
def test_nothing_is_below_the_people_seen(table):
    found = estimate_population(table, Options(replicates=30))
    for row in found.range:
        if row.estimate is not None:
            assert row.estimate >= found.observed * (1 - 1e-9)
            assert found.observed <= row.lower
            assert row.upper is None or row.lower <= row.upper


def test_the_same_seed_gives_the_same_and_another_does_not():
    one = estimate_population(FOUR, Options(replicates=200, seed=3))
    assert one == estimate_population(FOUR, Options(replicates=200, seed=3))
    assert one.lower != estimate_population(FOUR, Options(replicates=200, seed=4)).lower


def test_every_method_stands_beside_the_one_asked_for():
    found = estimate_population(FOUR, Options("stepwise", replicates=50))
    assert [row.method for row in found.range] == [
        "chao",
        "independence",
        "stepwise",
        "bic",
        "bic, pairs only",
        "heterogeneity",
        "heterogeneity, gamma",
        "widened",
        "averaged",
        "dga",
    ]
    [chosen] = [row for row in found.range if row.chosen]
    assert (chosen.method, chosen.estimate, chosen.lower) == ("stepwise", found.estimate, found.lower)
    assert found.to_table().num_rows == len(found.range)
    assert json.loads(found.to_json())["range"][0]["method"] == "chao"
    assert found.words.startswith(f"{found.observed:,} people are on the lists.")


def test_chao_and_independence_agree_where_lists_are_independent_and_alike():
    """400 people, three lists of chance one half: each pattern of lists is equally common, 50 of each."""
    table = OverlapTable(("a", "b", "c"), dict.fromkeys(range(1, 8), 50))
    for method in ("chao", "independence"):
        assert estimate_population(table, Options(method, replicates=0)).estimate == pytest.approx(400, rel=1e-9)


def test_the_lower_bound_lies_below_where_people_differ():
    """Half of 4,000 people found by each of three lists with chance 0.5, half with chance 0.05: expected counts."""
    counts = {
        pattern: round(sum(2000 * p ** pattern.bit_count() * (1 - p) ** (3 - pattern.bit_count()) for p in (0.5, 0.05)))
        for pattern in range(1, 8)
    }
    table = OverlapTable(("a", "b", "c"), counts)
    bound = estimate_population(table, Options("chao", replicates=0)).estimate
    alike = estimate_population(table, Options("independence", replicates=0)).estimate
    assert alike < bound < 4000


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (OverlapTable(("a", "b"), {1: 40, 2: 30, 3: 10}), "Only 2 lists"),
        (OverlapTable(("a", "b", "c"), {1: 40, 2: 30, 3: 10}), "Only 2 lists"),
        (OverlapTable(("a", "b", "c"), {1: 40, 2: 30, 4: 20, 3: 2, 5: 2}), "Only 4 people"),
        (OverlapTable(("a", "b", "c"), {}), "Only 0 lists"),
        (OverlapTable(("a", "b", "c"), {1: 40, 2: 30, 4: 20}), "Only 0 people"),
    ],
)
def test_a_refusal_is_a_result(table, reason):
    found = estimate_population(table, Options(replicates=20))
    assert found.refused.reason.startswith(reason)
    assert found.refused.lifted_by
    assert found.estimate is found.lower is found.upper is None
    assert found.observed == table.observed
    assert "No total is given" in found.words


def test_a_table_just_rich_enough_is_not_refused():
    table = OverlapTable(("a", "b", "c"), {1: 40, 2: 30, 4: 20, 3: 2, 5: 2, 6: 1})
    found = estimate_population(table, Options("independence", replicates=50))
    assert found.refused is None
    assert any("Only 5 people" in warning for warning in found.warnings)


def test_what_is_doubtful_is_warned_of():
    apart = OverlapTable(("a", "b", "c"), {1: 400, 2: 300, 4: 200, 3: 60, 5: 20})
    warnings = estimate_population(apart, Options(replicates=200)).warnings
    assert any("Nobody is on both b and c" in warning for warning in warnings)
    thin = OverlapTable(("a", "b", "c"), {1: 400, 2: 300, 4: 200, 3: 3, 5: 2, 6: 2})
    warnings = estimate_population(thin, Options("bic", replicates=300)).warnings
    assert any("order of magnitude" in warning for warning in warnings)
    assert any("times the lower" in warning or "no upper end" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("lists", "options"),
    [(3, Options("guess")), (7, Options("bic")), (6, Options("bic", 3)), (3, Options("bic", 0)), (17, Options())],
)
def test_what_cannot_be_run_is_a_usage_error(lists, options):
    table = OverlapTable(tuple(f"l{n:02}" for n in range(lists)), {1 << place: 10 for place in range(lists)})
    with pytest.raises(UsageError):
        estimate_population(table, options)


def observed_cells(lists):
    cells = np.ones(1 << lists, dtype=np.bool_)
    cells[0] = False
    return cells


def test_stepwise_finds_a_planted_pair():
    """Three lists of chances 0.3, 0.3 and 0.2 on 10,000 people, the first two tied by an odds ratio of 6: expected counts."""
    odds = {0: 1, 1: 3 / 7, 2: 3 / 7, 3: 6 * 9 / 49}
    scale = 10_000 / sum(odds.values())
    counts = {}
    for pair, weight in odds.items():
        for third, chance in ((0, 0.8), (4, 0.2)):
            if pair | third:
                counts[pair | third] = round(scale * weight * chance)
    table = OverlapTable(("a", "b", "c"), counts)
    found = estimate_population(table, Options("stepwise", replicates=0))
    assert found.model == "[a*b] [c]"
    assert found.estimate == pytest.approx(10_000, rel=0.001)
    assert Stepwise(observed_cells(3), threshold=0.0)(table.dense()).model == main_effects(3)


def test_limits_are_percentiles_when_nothing_is_to_correct():
    """With no bias and no skewness BCa is the percentile method: the limits are the quantiles of the replicates."""
    counts = np.array([0.0, 50, 50, 50])
    tables = draw_replicates(counts, 400, 9)

    def mean_first(table):
        return Choice((0,), float(table[1]), 0.0, 0.0)

    totals = np.array([table.sum() + table[1] for table in tables])
    found = bootstrap(counts, mean_first, float(np.median(totals)), tables, (0.9,))
    [limits] = found.limits
    assert abs(found.bias) < 0.1
    assert limits.lower == pytest.approx(quantile(totals, 0.05), abs=3)
    assert limits.upper == pytest.approx(quantile(totals, 0.95), abs=3)
    assert tables.sum(axis=1).tolist() == [150.0] * 400


def test_acceleration_is_the_jackknifes_over_single_people():
    """The definition over people one by one, against the weighted sum over patterns."""
    counts = RICH.dense()
    select = Fixed(main_effects(3), observed_cells(3))
    choice = select(counts)
    found = bootstrap(counts, select, counts.sum() + choice.unseen, draw_replicates(counts, 100, 1))
    totals = []
    for pattern, count in RICH.counts.items():
        less = counts.copy()
        less[pattern] -= 1
        totals += [less.sum() + select(less).unseen] * count
    away = np.mean(totals) - np.array(totals)
    assert found.acceleration == pytest.approx((away**3).sum() / (6 * (away**2).sum() ** 1.5), rel=1e-9)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.5, 0.975, 1.0])
def test_quantiles_are_of_type_8(share):
    values = np.random.default_rng(2).normal(size=57)
    assert quantile(values, share) == pytest.approx(np.quantile(values, share, method="median_unbiased"), abs=1e-12)


def test_replicates_without_a_model_leave_the_upper_limit_open():
    counts = np.array([0.0, 30, 30, 5])

    def now_and_then(table):
        return None if table[3] <= 4 else Choice((0,), float(table[1]), 0.0, 0.0)

    found = bootstrap(counts, now_and_then, 95.0, draw_replicates(counts, 200, 1), (0.95,))
    assert 0 < found.without_model < 200
    assert np.isinf(found.limits[0].upper)


def test_merging_and_leaving_out_lists():
    merged = FOUR.merged({"ab": ["a", "b"], "c": ["c"], "d": ["d"]})
    assert merged.observed == FOUR.observed
    assert merged.on_any(["ab"]) == FOUR.on_any(["a", "b"])
    assert FOUR.taking(["a", "d"]).on_both(["a"], ["d"]) == FOUR.on_both(["a"], ["d"])
    assert FOUR.taking(["d", "c", "b", "a"]).digest == FOUR.digest != RICH.digest
    assert FOUR.on_several == sum(count for pattern, count in FOUR.counts.items() if pattern.bit_count() > 1)


def test_three_lists_have_the_sample_coverage_estimate_beside_them():
    """Hepatitis A: 508 by the one-step estimate, as printed by Chao and others (1997)."""
    found = estimate_population(RICH, Options("independence", replicates=50))
    [row] = [row for row in found.range if row.method == "sample coverage"]
    assert round(row.estimate) == 508
    assert row.model == "one step; another list covers 51% of each"
    assert row.lower < row.estimate < row.upper
    assert "sample coverage" not in {row.method for row in estimate_population(FOUR, Options(replicates=5)).range}
