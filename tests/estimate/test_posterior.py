"""The Bayesian methods beside the others: which rows there are, and whose refusal and warnings lead."""

from __future__ import annotations

import pytest

from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import Options, estimate_population
from joinedup.estimate.posterior import answers

HEPATITIS = OverlapTable(("p", "q", "e"), {1: 69, 2: 55, 3: 21, 4: 63, 5: 17, 6: 18, 7: 28})
AT_THE_CAP = OverlapTable(("a", "b", "c"), {1: 40, 2: 30, 3: 6, 4: 20})


def test_the_average_of_graphs_leads_where_asked_for_and_names_its_likeliest_graph() -> None:
    found = estimate_population(HEPATITIS, Options("dga", replicates=0))
    assert (found.estimate, found.lower, found.upper) == (402, 354, 630)
    assert found.model == "average of graphs; likeliest, weight 0.55: [e] [p] [q]"
    assert "decomposable" in found.assumption
    assert [row.method for row in found.range if row.chosen] == ["dga"]


def test_a_cap_that_decides_refuses_the_headline_only_where_graphs_were_asked_for() -> None:
    asked = estimate_population(AT_THE_CAP, Options("dga", replicates=0))
    assert asked.refused is not None
    assert "beyond the cap" in asked.refused.reason
    assert asked.estimate is None
    other = estimate_population(AT_THE_CAP, Options("independence", replicates=0))
    assert other.refused is None
    [beside] = [row for row in other.range if row.method == "dga"]
    assert beside.estimate is None
    assert "beyond the cap" in beside.reason


def test_a_warning_of_the_table_is_said_once() -> None:
    found = estimate_population(AT_THE_CAP, Options("dga", replicates=0))
    assert sum("order of magnitude" in each for each in found.warnings) == 1
    assert any("which lists depend on which" in each for each in found.warnings)


@pytest.mark.parametrize("method", ["auto", "latent"])
def test_latent_classes_are_run_only_where_asked_for(method) -> None:
    found = answers(HEPATITIS, method, 1, 0.95, beside=False)
    assert [each.method for each in found] == (["latent"] if method == "latent" else [])


def test_two_lists_and_thin_tables_get_no_row_and_seven_lists_a_reason() -> None:
    assert answers(OverlapTable(("a", "b"), {1: 40, 2: 30, 3: 10}), "dga", 1, 0.95, beside=True) == []
    assert answers(OverlapTable(("a", "b", "c"), {1: 40, 2: 30, 4: 9, 3: 2}), "latent", 1, 0.95, beside=True) == []
    seven = OverlapTable(tuple("abcdefg"), {1 << place: 9 for place in range(7)} | {3: 9})
    [row] = answers(seven, "dga", 1, 0.95, beside=True)
    assert row.reason.startswith("7 lists")
