"""Elimination withholds what leaves no small count to be worked out exactly, and nothing that is not needed for that."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from joinedup.stats.disclosure.elimination import sums_of, withheld_beside


def tabled(table):
    """Cells of a two-way table with its margins, and their counts."""
    whole = np.pad(table, (0, 1))
    whole[:-1, -1], whole[-1, :-1], whole[-1, -1] = table.sum(1), table.sum(0), table.sum()
    cells, counts = [], []
    for (i, j), count in np.ndenumerate(whole):
        named = [("a", f"a{i}")] if i < table.shape[0] else []
        named += [("b", f"b{j}")] if j < table.shape[1] else []
        cells.append(tuple(named))
        counts.append(float(count))
    return cells, np.array(counts)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=12, max_size=12))
def test_no_small_count_is_a_combination_of_those_shown_and_each_withheld_one_would_make_one_so(values):
    cells, counts = tabled(np.array(values).reshape(4, 3))
    sums = sums_of(cells, counts, {})
    small = np.flatnonzero((counts > 0) & (counts < 5))
    others = np.flatnonzero(counts >= 5)
    others = others[np.argsort(-counts[others], kind="stable")]
    gone = withheld_beside(sums, small, others)
    dense = sums.toarray()
    shown = [cell for cell in others if cell not in gone]

    def rank(rows):
        return int(np.linalg.matrix_rank(dense[rows])) if len(rows) else 0

    for cell in small:
        assert rank([*shown, cell]) > rank(shown)
    for cell in gone:
        assert any(rank([*shown, cell, each]) == rank([*shown, cell]) for each in small)


def test_regions_are_sums_of_their_areas():
    cells = [(("area", "n1"),), (("area", "n2"),), (("area", "north"),), ()]
    sums = sums_of(cells, np.array([3.0, 9.0, 12.0, 12.0]), {"area": {"n1": "north", "n2": "north"}})
    assert sums.toarray().tolist() == [[1, 0], [0, 1], [1, 1], [1, 1]]


def test_a_matrix_too_large_is_left_to_the_linear_programs(monkeypatch):
    from joinedup.stats.disclosure import elimination

    monkeypatch.setattr(elimination, "_LARGEST", 3)
    row = sparse.csr_array([[1, 0], [0, 1], [1, 1]])
    assert withheld_beside(row, np.array([0]), np.array([2, 1])).size == 0
