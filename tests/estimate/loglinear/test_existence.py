"""Verdicts against exact rational arithmetic: whether a table without empty cells has the same margins."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.estimate.loglinear.existence import Verdict, verdict
from joinedup.estimate.loglinear.lattice import closed, lattice
from joinedup.estimate.select import ByBic


def observed_cells(lists):
    cells = np.ones(1 << lists, dtype=np.bool_)
    cells[0] = False
    return cells


def eliminated(rows):
    """The rows in echelon form, by fractions."""
    rows = [row[:] for row in rows]
    place, columns = 0, len(rows[0]) if rows else 0
    for column in range(columns):
        pivot = next((at for at in range(place, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[place], rows[pivot] = rows[pivot], rows[place]
        rows[place] = [value / rows[place][column] for value in rows[place]]
        for at in range(len(rows)):
            if at != place and rows[at][column]:
                factor = rows[at][column]
                rows[at] = [value - factor * top for value, top in zip(rows[at], rows[place], strict=True)]
        place += 1
    return rows[:place]


def pivot(tableau, row, column):
    """Clears a column of all rows but one, by fractions."""
    factor = tableau[row][column]
    tableau[row] = [value / factor for value in tableau[row]]
    for at in range(len(tableau)):
        times = tableau[at][column]
        if at != row and times:
            tableau[at] = [value - times * top for value, top in zip(tableau[at], tableau[row], strict=True)]


def can_hold_people(design, margins, cell):
    """Whether a table of nought or more with these margins, of independent rows, can be positive in one cell.

    The simplex method in two phases, by fractions, with Bland's rule so that it ends.
    """
    rows, cells = len(design), len(design[0])
    tableau = [
        [*design[at], *(Fraction(int(at == other)) for other in range(rows)), Fraction(margins[at])]
        for at in range(rows)
    ]
    basis = [cells + at for at in range(rows)]
    for phase in (1, 2):
        cost = [Fraction(0)] * cells + [Fraction(-1 if phase == 1 else 0)] * rows
        if phase == 2:
            cost[cell] = Fraction(1)
            for leaves in [at for at in range(rows) if basis[at] >= cells]:
                basis[leaves] = next(column for column in range(cells) if tableau[leaves][column])
                pivot(tableau, leaves, basis[leaves])
        while True:
            weights = [cost[basis[at]] for at in range(rows)]
            enters = next(
                (
                    column
                    for column in range(cells)
                    if cost[column] > sum(w * tableau[at][column] for at, w in enumerate(weights) if w)
                ),
                None,
            )
            if enters is None:
                break
            ratios = [
                (tableau[at][-1] / tableau[at][enters], basis[at], at) for at in range(rows) if tableau[at][enters] > 0
            ]
            if not ratios:
                return True
            _, _, leaves = min(ratios)
            pivot(tableau, leaves, enters)
            basis[leaves] = enters
    return any(basis[at] == cell and tableau[at][-1] > 0 for at in range(rows))


def exactly(counts, lists, model):
    """The verdict by fractions alone: rank by elimination; every empty cell can be positive in some table, one by one."""
    margin = {term: sum(int(counts[c]) for c in range(1, 1 << lists) if c & term == term) for term in model}
    kept = [term for term in model if margin[term]]
    cells = [c for c in range(1, 1 << lists) if not any(c & term == term and not margin[term] for term in model)]
    design = [[Fraction(int(c & term == term)) for c in cells] for term in kept]
    if len(eliminated(design)) < len(kept):
        return Verdict.NOT_IDENTIFIED
    target = [margin[term] for term in kept]
    for at, c in enumerate(cells):
        if not counts[c] and not can_hold_people(design, target, at):
            return Verdict.NO_MAXIMUM
    return Verdict.EXISTS


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from([0, 0, 0, 1, 5]), min_size=7, max_size=7))
def test_three_lists_every_model(drawn):
    counts = np.array([0, *drawn], dtype=np.float64)
    if not counts.any():
        return
    models = lattice(3, 2)
    found = ByBic(models, observed_cells(3)).verdicts(counts)
    for place, each in enumerate(found):
        expected = exactly(counts, 3, models.model(place))
        assert each == expected, models.model(place)
        assert verdict(counts, observed_cells(3), models.model(place)) == expected


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from([0, 0, 1, 7]), min_size=15, max_size=15), st.integers(0, 112))
def test_four_lists_one_model(drawn, place):
    counts = np.array([0, *drawn], dtype=np.float64)
    if not counts.any():
        return
    models = lattice(4, 3)
    expected = exactly(counts, 4, models.model(place))
    assert ByBic(models, observed_cells(4)).verdicts(counts)[place] == expected
    assert verdict(counts, observed_cells(4), models.model(place)) == expected


def test_a_table_without_a_maximum():
    """Two lists that meet only through people whom the third holds too: the pair's term runs away."""
    counts = np.array([0, 40, 30, 6, 20, 0, 0, 0], dtype=np.float64)
    assert verdict(counts, observed_cells(3), closed([0b11], 3)) == exactly(counts, 3, closed([0b11], 3))


@pytest.mark.external
@pytest.mark.parametrize(
    ("name", "expected"), [("uk2013_5list", (6519, 338, 36)), ("netherlands_5list", (6568, 253, 72))]
)
def test_verdicts_on_all_models_of_two_published_tables(published, name, expected):
    """Counts of the three verdicts over all 6,893 models, as an exact linear programme in R gives them; some by fractions."""
    table = published(name)
    models = lattice(5, 4)
    found = ByBic(models, observed_cells(5)).verdicts(table.dense())
    kinds = (Verdict.EXISTS, Verdict.NO_MAXIMUM, Verdict.NOT_IDENTIFIED)
    assert tuple(found.count(kind) for kind in kinds) == expected
    # Of each verdict, a few by the linear programme alone, which the certificate spared.
    for kind in kinds:
        for place in [at for at, each in enumerate(found) if each is kind][::60]:
            assert verdict(table.dense(), observed_cells(5), models.model(place)) is kind
