"""What the estimate that leads turns on, as rows: held against the sensitivity itself, and against arithmetic by hand."""

from __future__ import annotations

import math

import pytest

from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import Options, estimate_population
from joinedup.estimate.sensitivity import sensitivity
from joinedup.estimate.turning import LINKS, SHARES, of_models, of_pair, redrawn
from joinedup.estimate.two_lists import Options as PairOptions
from joinedup.estimate.two_lists import estimate, pairs

FOUR = OverlapTable(
    ("a", "b", "c", "d"),
    {1: 90, 2: 80, 4: 70, 8: 60, 3: 20, 5: 18, 6: 15, 9: 9, 10: 8, 12: 7, 7: 6, 11: 3, 13: 2, 15: 1},
)
PLAIN = Options(replicates=60)


@pytest.fixture(scope="module")
def turned():
    return of_models("children", "{}", FOUR, estimate_population(FOUR, PLAIN), PLAIN), sensitivity(FOUR, PLAIN)


def test_the_rows_hold_what_the_command_prints_of_the_same_table(turned):
    rows, found = turned
    by_kind = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    changed = [
        row["estimate"] for row in rows if row["kind"].split()[0] in {"list", "lists", "more"} and row["truth"] is None
    ]
    tied = [each.estimate for each in found.assumed]
    assert changed == [each.estimate for each in found.changes] + tied
    assert [row["estimate"] for row in by_kind["model as good"]] == [each.estimate for each in found.models]
    assert [row["lower"] for row in by_kind["prior and cap"]] == [each.lower for each in found.priors]
    known = [(row["truth"], row["estimate"], row["held"]) for row in by_kind["list as known truth"]]
    assert known == [(each.truth, each.estimate, each.covered) for each in found.self_test.cases]
    assert [row["place"] for row in rows] == list(range(1, len(rows) + 1))
    assert len({row["number_id"] for row in rows}) == len(rows)


def test_a_ratio_is_to_the_total_on_the_table_as_it_is(turned):
    rows, _ = turned
    total = estimate_population(FOUR, PLAIN).estimate
    for row in rows:
        if row["kind"] == "list as known truth":
            assert row["ratio"] is None
        else:
            assert row["ratio"] == pytest.approx(row["estimate"] / total)


def test_a_list_nobody_is_on_changes_nothing(turned):
    rows, _ = turned
    wider = OverlapTable(("a", "empty", "b", "c", "d"), {p & 1 | (p & ~1) << 1: n for p, n in FOUR.counts.items()})
    assert of_models("children", "{}", wider, estimate_population(wider, PLAIN), PLAIN) == rows


def test_a_refused_estimate_turns_on_nothing():
    thin = OverlapTable(("a", "b", "c"), {1: 5, 2: 4, 4: 3})
    assert of_models("children", "{}", thin, estimate_population(thin, PLAIN), PLAIN) == []


def test_two_lists_tied_multiply_those_on_neither_by_the_odds_ratio():
    """Chapman of 99 and 49, 24 on both: 101 x 50 / 25 - 1 = 199, of whom 125 are seen and 74 are not."""
    table = OverlapTable(("a", "b"), {1: 76, 2: 25, 3: 24})
    [pair] = pairs(table.lists)
    found = estimate(table, pair, PairOptions(7, 0.95))
    seen, unseen = 125, 101 * 50 / 25 - 1 - 125
    rows = of_pair("children", "{}", table, found, PairOptions(7, 0.95))
    tied = {row["assumed"]: row["estimate"] for row in rows if row["kind"] == "lists tied"}
    assert tied[0.0] == pytest.approx(seen + unseen)
    assert tied[1.0] == pytest.approx(seen + unseen * math.e)
    missed = [row["ratio"] for row in rows if row["kind"] == "more links missed"]
    assert 1 < missed[0] < missed[1] < missed[2]
    assert all(row["ratio"] < 1 for row in rows if row["kind"] == "more false links")


def test_replicates_without_a_total_have_no_end():
    rows = redrawn("children", "{}", "people", [*range(100, 199), math.inf])
    assert [row["share"] for row in rows] == list(SHARES)
    assert [row["total"] for row in rows[:2]] == pytest.approx([101.842, 109.367], abs=0.001)
    endless = redrawn("children", "{}", "people", [*range(100, 180), *[math.inf] * 20])
    assert [row["share"] for row in endless if row["total"] is None] == [0.8, 0.9, 0.975]


def test_few_replicates_say_nothing_of_the_ends():
    assert [row["share"] for row in redrawn("children", "{}", LINKS, range(12))] == list(SHARES[1:-1])
    assert redrawn("children", "{}", LINKS, [5.0]) == []
