from __future__ import annotations

import numpy as np
import pytest

from joinedup.estimate.loglinear.lattice import lattice
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import Options, estimate_population
from joinedup.estimate.select import ByBic
from joinedup.estimate.sensitivity import changes, links_made, links_missed, models_as_good, self_test, sensitivity

NAMES = ("a", "b", "c", "d")
FEW = Options("independence", replicates=100)


def independent(people, chances):
    """Expected counts of independent lists."""
    counts = {}
    for pattern in range(1, 1 << len(chances)):
        share = np.prod([chance if pattern >> place & 1 else 1 - chance for place, chance in enumerate(chances)])
        counts[pattern] = round(people * share)
    return OverlapTable(NAMES[: len(chances)], {pattern: count for pattern, count in counts.items() if count})


TABLE = independent(5000, (0.3, 0.25, 0.2, 0.15))


def test_each_list_is_known_truth_once():
    found = self_test(TABLE, FEW)
    assert [case.name for case in found.cases] == list(NAMES)
    for place, case in enumerate(found.cases):
        inside = {pattern: n for pattern, n in TABLE.counts.items() if pattern >> place & 1}
        assert case.truth == sum(inside.values())
        assert case.observed == case.truth - inside[1 << place]
        assert case.estimate == pytest.approx(case.truth, rel=0.02)
    assert found.given == 4
    assert found.coverage == 1.0


def test_a_list_that_others_feed_is_not_covered():
    """600 more people stand on c and d alone, as referral would have it: among the people on d, c seems to miss few."""
    tied = dict(TABLE.counts)
    tied[0b1100] = tied[0b1100] + 600
    found = self_test(OverlapTable(NAMES, tied), FEW)
    assert found.coverage < 1.0


def test_three_lists_leave_too_few():
    found = self_test(independent(2000, (0.3, 0.3, 0.3)), FEW)
    assert found.given == 0
    assert found.coverage is None
    assert all("Only 2 lists" in case.reason for case in found.cases)


def test_the_estimate_hardly_turns_on_independent_lists_left_out_or_merged():
    rows = changes(TABLE, FEW)
    whole = estimate_population(TABLE, Options("independence", replicates=0)).estimate
    for row in rows:
        if row.kind in {"left out", "merged"}:
            assert row.estimate == pytest.approx(5000, rel=0.03)
            assert row.ratio == pytest.approx(row.estimate / whole)
    assert [row.kind for row in rows].count("left out") == 4
    assert [row.kind for row in rows].count("merged") == 6


def test_links_missed_raise_the_estimate_and_false_ones_lower_it():
    ratios = {(row.kind, row.change): row.ratio for row in changes(TABLE, FEW)}
    missed, false = "more links missed", "more false links"
    assert 1 < ratios[missed, "5%"] < ratios[missed, "10%"] < ratios[missed, "20%"]
    assert ratios[false, "2%"] < ratios[false, "1%"] < 1


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_missing_a_share_of_links_of_two_lists_raises_the_estimate_by_the_odds(share):
    """Of two lists the total is one size times the other over those on both, so it grows as 1 / (1 - share)."""
    table = OverlapTable(("a", "b"), {1: 20000, 2: 10000, 3: 10000})
    changed = links_missed(table, share)
    assert changed.sizes == table.sizes
    assert changed.on_several == pytest.approx(10000 * (1 - share))


def test_people_joined_wrongly_keep_their_lists():
    table = OverlapTable(("a", "b", "c"), {1: 4000, 2: 2000, 4: 2000, 3: 50})
    changed = links_made(table, 0.02)
    assert changed.sizes == table.sizes
    assert changed.observed == table.observed - 160
    assert changed.on_several == 210


@pytest.mark.external
def test_errors_of_linking_move_a_published_table_as_drawing_them_at_random_does(published):
    """United Kingdom 2013, independence 13,444: with 1% of single-list people wrongly merged at random, 12,072 on average."""
    options = Options("independence", replicates=0, beside=False)
    found = estimate_population(links_made(published("uk2013_5list"), 0.01), options).estimate
    assert found == pytest.approx(12072, rel=0.005)


def test_a_table_without_an_estimate_has_no_ratios():
    rows = changes(OverlapTable(("a", "b", "c"), {1: 5, 2: 4, 4: 3}), FEW)
    assert all(row.ratio is None and "Only 0 people" in row.reason for row in rows)


TIED = OverlapTable(NAMES, {1: 300, 2: 240, 4: 200, 8: 90, 3: 160, 5: 60, 6: 50, 9: 20, 10: 15, 12: 14, 7: 22, 13: 4})


def test_models_that_fit_about_as_well_are_those_within_six_of_the_lowest():
    """Held against every model there is: 113 of four lists."""
    select = ByBic(lattice(4, 3), TIED.possible())
    every = select.ranked(TIED.dense())
    found = models_as_good(TIED, Options())
    assert [each.choice.place for each in found] == [each.choice.place for each in every if each.above <= 6]
    assert 1 < len(found) < len(every)
    assert models_as_good(TIED, Options("stepwise")) == []


def test_the_nearest_are_named_and_those_of_the_lowest_and_highest_total():
    turned = sensitivity(TIED, Options(replicates=0))
    totals = [TIED.observed + each.choice.unseen for each in models_as_good(TIED, Options())]
    named = [each.estimate for each in turned.models]
    assert turned.close == len(totals)
    assert named[:10] == totals[:10]
    assert {min(totals), max(totals)} <= set(named)
    assert turned.models[0].above == 0


@pytest.mark.parametrize(("most", "within"), [(5, float("inf")), (None, 6.0), (3, 6.0)])
def test_fewer_ranked_models_are_the_first_of_all(most, within):
    select = ByBic(lattice(4, 3), TIED.possible())
    every = [each for each in select.ranked(TIED.dense()) if each.above <= within][:most]
    assert select.ranked(TIED.dense(), most=most, within=within) == every


def test_a_total_alone_is_that_of_the_same_selection_with_replicates():
    alone = estimate_population(TIED, Options(replicates=0, beside=False))
    beside = estimate_population(TIED, Options(replicates=20))
    assert alone.estimate == pytest.approx(beside.estimate, rel=1e-9)
    assert alone.model == beside.model
