"""Lists that nobody can be on together: impossible patterns, not empty ones."""

from __future__ import annotations

import pytest

from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import Options, estimate_population

APART = OverlapTable(("a", "b", "c"), {1: 400, 2: 300, 4: 200, 5: 100, 6: 75}, (("a", "b"),))


def test_impossible_patterns_are_no_cells():
    assert APART.possible().tolist() == [False, True, True, False, True, True, True, False]
    assert OverlapTable(APART.lists, APART.counts).possible().sum() == 7


@pytest.mark.parametrize("never", [(("a",),), (("a", "x"),), (("a", "c"),)])
def test_what_cannot_be_meant_is_refused(never):
    with pytest.raises(ValueError, match="nobody can be on"):
        OverlapTable(APART.lists, APART.counts, never)


def test_merging_keeps_the_bar_while_each_list_is_its_own():
    assert APART.taking(["c", "b", "a"]).never == (("a", "b"),)
    assert APART.merged({"x": ["a"], "y": ["b"], "z": ["c"]}).never == (("x", "y"),)
    assert APART.merged({"ab": ["a", "b"], "c": ["c"]}).never == ()
    assert APART.taking(["a", "c"]).never == ()
    assert APART.digest != OverlapTable(APART.lists, APART.counts).digest


def test_independence_leaves_impossible_patterns_out():
    """c holds a fifth of those on a and of those on b, and 200 people alone: a fifth of those on neither, so 800 unseen.

    400 on a alone is four fifths of 500, 300 on b of 375; nobody on both, since nobody can be.
    """
    found = estimate_population(APART, Options("independence", replicates=0))
    assert found.estimate == pytest.approx(APART.observed + 800, rel=1e-9)
    taken_for_empty = estimate_population(
        OverlapTable(APART.lists, APART.counts), Options("independence", replicates=0)
    )
    assert taken_for_empty.estimate > 1.2 * found.estimate


def test_it_is_said_once_and_graphs_are_not_averaged():
    found = estimate_population(APART, Options(replicates=20))
    [said] = [each for each in found.warnings if "a and b" in each]
    assert said == "Nobody can be on all of a and b: the models leave such people out."
    assert "dga" not in {row.method for row in found.range}
    asked = estimate_population(APART, Options("dga", replicates=0))
    assert "some here are not" in asked.refused.reason


def test_the_order_of_the_lists_changes_nothing_here_either():
    options = Options("bic", replicates=30)
    assert estimate_population(APART.taking(["b", "c", "a"]), options) == estimate_population(APART, options)
