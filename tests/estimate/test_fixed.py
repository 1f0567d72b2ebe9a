"""A model that is given beforehand: read as it is printed, fitted, and carried over to tables of fewer lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.errors import UsageError
from joinedup.estimate.fixed import changed, model_of
from joinedup.estimate.loglinear.lattice import lattice, name
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import Options, estimate_population
from joinedup.estimate.sensitivity import changes, self_test

# Whatever a and b have to do with each other, c holds a quarter of those on either: 90 on c alone are a quarter of 360.
HAND = OverlapTable(("a", "b", "c"), {0b001: 60, 0b010: 60, 0b011: 60, 0b101: 20, 0b110: 20, 0b111: 20, 0b100: 90})
FOUR = OverlapTable(
    ("a", "b", "c", "d"),
    {1: 90, 2: 80, 4: 70, 8: 60, 3: 20, 5: 18, 6: 15, 9: 9, 10: 8, 12: 7, 7: 6, 11: 3, 13: 2, 15: 1},
)


def test_the_model_of_the_worked_example_gives_six_hundred():
    found = estimate_population(HAND, Options("fixed", replicates=200, model="[a*b]"))
    assert (found.method, found.model, round(found.estimate)) == ("fixed", "[a*b] [c]", 600)
    assert found.lower < 600 < found.upper
    assert "was given" in found.assumption
    [row] = [row for row in found.range if row.chosen]
    assert row.method == "fixed"


@given(st.integers(0, 112))
def test_every_model_is_read_as_it_is_printed(place):
    lists = ("north police", "care", "school", "health")
    model = lattice(4, 3).model(place)
    assert model_of(name(model, lists), lists) == model


@pytest.mark.parametrize("text", ["", "a*b", "[a*b", "[a**b]", "[] [a]", "[a] and [b]"])
def test_what_is_no_model_is_said_to_be_none(text):
    with pytest.raises(UsageError, match="no model"):
        model_of(text, ("a", "b", "c"))


def test_another_list_and_a_tie_of_all_lists_are_refused():
    with pytest.raises(UsageError, match="nobody is on: d"):
        model_of("[a*d]", ("a", "b", "c"))
    with pytest.raises(UsageError, match="ties all lists"):
        model_of("[a*b*c]", ("a", "b", "c"))


@pytest.mark.parametrize("options", [Options("fixed"), Options("bic", model="[a*b]"), Options("auto", model="[a*b]")])
def test_a_model_is_given_with_the_method_fixed_and_with_no_other(options):
    with pytest.raises(UsageError, match="no other"):
        estimate_population(HAND, options)


def test_with_a_list_left_out_or_merged_the_model_is_that_of_the_lists_that_remain():
    rows = {(row.kind, row.change): row.estimate for row in changes(FOUR, Options("fixed", model="[a*b] [c*d]"))}

    def fitted(table, model):
        return estimate_population(table, Options("fixed", replicates=0, model=model)).estimate

    assert rows["left out", "d"] == pytest.approx(fitted(FOUR.taking(["a", "b", "c"]), "[a*b] [c]"))
    merged = FOUR.merged({"a or c": ["a", "c"], "b": ["b"], "d": ["d"]})
    assert rows["merged", "a and c"] == pytest.approx(fitted(merged, "[a or c*b] [a or c*d]"))
    assert changed("[a*b*c]", ("a", "b"), {}) == "[a]"
    tested = self_test(FOUR, Options("fixed", model="[a*b]", replicates=0))
    within = OverlapTable(FOUR.lists, {p: n for p, n in FOUR.counts.items() if p & 8}).taking(["a", "b", "c"])
    assert tested.cases[3].estimate == pytest.approx(fitted(within, "[a*b]"))


@pytest.mark.external
def test_the_published_model_of_new_orleans(published):
    """Chan, Silverman and Vincent 2021: independence but for D with E gives 1,184."""
    found = estimate_population(published("neworleans_8list_n185"), Options("fixed", replicates=0, model="[D*E]"))
    assert round(found.estimate) == 1184
