from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.stats.intervals import Interval
from joinedup.stats.record_sample import (
    Corrected,
    Reviewed,
    corrected_children,
    corrected_patterns,
    pair_quality,
    whole_counts,
    widened,
)

TRUE = np.array([0, 0, 0, 1, 2, 2, 3, 4])
LINKED = np.array([0, 0, 1, 1, 2, 3, 4, 5])
ON = np.array([1, 2, 2, 1, 1, 2, 4, 3])


def sample_of(drawn, probability, stratum=None, true=TRUE, linked=LINKED):
    found = tuple(np.flatnonzero(true == true[record]) for record in drawn)
    strata = np.zeros(len(true), dtype=np.int64) if stratum is None else stratum
    return Reviewed(linked, np.asarray(probability, dtype=float), strata, np.array(drawn), found)


def table_of(people, on=ON):
    pattern = {}
    for person, lists in zip(people.tolist(), on.tolist(), strict=True):
        pattern[person] = pattern.get(person, 0) | lists
    return {lists: list(pattern.values()).count(lists) for lists in set(pattern.values())}


def test_the_worked_example_of_the_docs():
    """Eight records, four drawn at random: record 2 was linked to the wrong child, 4 and 5 were not linked."""
    patterns, found = corrected_patterns(sample_of([0, 3, 4, 6], np.full(8, 0.5)), ON, 0, 1)
    assert dict(zip(patterns.tolist(), found.linked.tolist(), strict=True)) == {1: 1, 2: 1, 3: 3, 4: 1}
    corrected = dict(zip(patterns.tolist(), found.counts.round(3).tolist(), strict=True))
    assert corrected == {1: 2.0, 2: 0.0, 3: 2.667, 4: 1.0}


def test_over_all_samples_that_could_be_drawn_the_mean_is_the_truth():
    stratum = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    probability = np.array([0.5] * 4 + [0.25] * 4)
    sums: dict[int, float] = {}
    draws = list(product(combinations(range(4), 2), combinations(range(4, 8), 1)))
    for one, other in draws:
        patterns, found = corrected_patterns(sample_of([*one, *other], probability, stratum), ON, 0, 1)
        for pattern, count in zip(patterns.tolist(), found.counts.tolist(), strict=True):
            sums[pattern] = sums.get(pattern, 0.0) + count / len(draws)
    truth = table_of(TRUE)
    assert {pattern: round(count, 9) for pattern, count in sums.items() if abs(count) > 1e-9} == truth


def test_where_the_links_are_right_nothing_is_corrected_and_nothing_varies():
    sample = sample_of([0, 4, 7], np.full(8, 3 / 8), linked=TRUE)
    patterns, found = corrected_patterns(sample, ON, 20, 1)
    assert found.counts.tolist() == pytest.approx(found.linked.tolist())
    assert float(found.replicates.std(axis=0).max()) == pytest.approx(0)
    assert set(patterns.tolist()) == set(table_of(TRUE))
    assert pair_quality(sample, ON)[-1, -1].precision.share == 1.0


def test_a_sample_of_everything_counts_the_truth_and_leaves_nothing_to_chance():
    found = corrected_children(sample_of(list(range(8)), np.ones(8)), 20, 1)
    assert (found.linked[0], found.counts[0]) == (6, pytest.approx(5))
    assert found.limits(0.95)[0].upper == pytest.approx(5)


def test_replicates_vary_as_samples_do():
    """300 strata of sampling anew have about the spread that one sample's replicates have."""
    rng = np.random.default_rng(5)
    true = np.repeat(np.arange(300), 2)
    linked = np.where(rng.random(600) < 0.2, 1000 + np.arange(600), true)
    estimates, spreads = [], []
    for seed in range(150):
        drawn = np.sort(np.random.default_rng(seed).choice(600, 120, replace=False)).tolist()
        found = corrected_children(sample_of(drawn, np.full(600, 0.2), None, true, linked), 100, seed)
        estimates.append(found.counts[0])
        spreads.append(found.replicates.std(ddof=1))
    assert np.mean(estimates) == pytest.approx(300, abs=2)
    assert np.mean(spreads) == pytest.approx(np.std(estimates), rel=0.2)


def test_limits_made_from_few_errors_know_that_they_are():
    """Sixty of 2,000 records are linked wrongly and a hundred are drawn: the normal quantile would hold the truth too seldom."""
    true = np.repeat(np.arange(1000), 2)
    wrong = np.arange(2000) < 60
    linked = np.where(wrong, 5000 + np.arange(2000), true)
    truth, held, normal = 1000.0, [], []
    for seed in range(150):
        drawn = np.sort(np.random.default_rng(seed).choice(2000, 100, replace=False)).tolist()
        found = corrected_children(
            sample_of(drawn, np.full(2000, 0.05), np.zeros(2000, dtype=int), true, linked), 60, seed
        )
        if not found.differs.any():
            continue
        [limits] = found.limits(0.95)
        held.append(limits.lower <= truth <= limits.upper)
        normal.append(abs(found.counts[0] - truth) <= 1.96 * found.replicates.std(ddof=1))
    assert np.mean(normal) < 0.93
    assert np.mean(held) >= 0.93


def test_degrees_of_freedom_are_about_twice_the_errors_met_and_many_where_nothing_is_rare():
    def freedom(differs, strata=None):
        size = len(differs)
        where = np.zeros(size, dtype=int) if strata is None else strata
        return Corrected(
            *[np.zeros(1)] * 2, np.zeros((0, 1)), np.array(differs)[:, None], where, np.ones(size)
        ).freedom(0)

    assert freedom([1.0] * 4 + [0.0] * 396) == pytest.approx(8, rel=0.05)
    assert freedom([0.0] * 400) == np.inf
    assert freedom(np.random.default_rng(1).normal(size=400)) > 200
    # A stratum without an error says nothing either way.
    assert freedom([1.0] * 4 + [0.0] * 396 + [0.0] * 50, np.repeat([0, 1], [400, 50])) == pytest.approx(8, rel=0.05)


@given(
    st.integers(2, 4).flatmap(
        lambda lists: st.tuples(
            st.just(lists), st.lists(st.floats(-30, 200), min_size=2**lists - 1, max_size=2**lists - 1)
        )
    )
)
def test_whole_counts_are_never_below_nought_and_change_nothing_that_is_whole(given_counts):
    lists, counts = given_counts
    patterns = np.arange(1, 2**lists)
    whole = whole_counts(patterns, np.array(counts), lists)
    assert (whole >= 0).all()
    assert whole_counts(patterns, whole.astype(float), lists).tolist() == whole.tolist()
    if min(counts) >= 0:
        assert abs(float(whole.sum()) - sum(counts)) <= 0.5 + 1e-6
        assert np.abs(whole - np.array(counts)).max() <= 1 + 1e-6


def test_a_count_below_nought_is_mended_with_the_sizes_of_the_lists_kept():
    patterns = np.arange(1, 8)
    counts = np.array([50.0, 40.0, 10.0, 30.0, -3.0, 8.0, 5.0])
    whole = whole_counts(patterns, counts, 3)
    sizes = [(patterns >> place & 1).astype(bool) for place in range(3)]
    assert whole.min() == 0
    assert [whole[on].sum() for on in sizes] == pytest.approx([counts[on].sum() for on in sizes], abs=1.01)


def test_limits_carry_both_parts_and_never_fall_below_those_seen():
    model = Interval(110.0, 200.0, 0.95)
    wide = widened(model, 140.0, 100.0, [25.0, 40.0, 64.0])
    assert 100 < wide.lower < model.lower < model.upper < wide.upper
    assert widened(model, 140.0, 100.0, []) == model
    alone = widened(Interval(140.0, 140.0, 0.95), 140.0, 100.0, [25.0, 40.0, 64.0])
    assert (alone.lower - 100) * (alone.upper - 100) == pytest.approx(40**2)
    assert alone.lower < 140 < alone.upper


@pytest.mark.parametrize(
    ("drawn", "true", "probability"),
    [([0], (np.array([1]),), 1.0), ([0], (), 1.0), ([0], (np.array([0]),), 0.0)],
)
def test_a_sample_that_cannot_be_is_refused(drawn, true, probability):
    with pytest.raises(ValueError, match="drawn"):
        Reviewed(LINKED, np.full(8, probability), np.zeros(8, dtype=np.int64), np.array(drawn), true)
