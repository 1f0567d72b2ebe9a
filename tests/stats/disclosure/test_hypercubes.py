"""What is withheld by hypercubes: each small count it serves moves both ways by whole people, whatever the table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.stats.disclosure import hypercubes as hypercubes_module
from joinedup.stats.disclosure.hypercubes import corners_beside, grid_of
from joinedup.stats.disclosure.releases import release
from joinedup.stats.disclosure.tables import Counted, with_margins

WITHIN = {"a": {"a0": "north", "a1": "north", "a2": "south", "a3": "south"}}


def stated(values, shape, parts):
    table = np.array(values).reshape(shape)
    counts = {(f"a{i}", f"b{j}", f"c{k}"): int(count) for (i, j, k), count in np.ndenumerate(table)}
    whole = with_margins(Counted("t", ("a", "b", "c"), counts, parts))
    return whole, release([whole])


@pytest.mark.parametrize("parts", [{}, WITHIN])
@settings(max_examples=15, deadline=None)
@given(values=st.lists(st.integers(0, 9), min_size=16, max_size=16))
def test_every_hypercube_keeps_every_total_the_sum_of_its_parts(parts, values):
    whole, system = stated(values, (4, 2, 2), parts)
    grid = grid_of(whole, {cell: at for at, cell in enumerate(system.cells)})
    for point in range(0, len(grid.place) - 1, 7):
        points, signs = grid.corners(point)
        for corners, way in zip(points, signs, strict=True):
            move = np.zeros(len(system.cells))
            inside = corners < len(grid.place) - 1
            np.add.at(move, grid.place[corners[inside]], way[inside])
            assert not np.any(system.system.balances @ move)
            assert move[grid.place[point]] == 1


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.integers(0, 12), min_size=18, max_size=18))
def test_what_it_withholds_lets_each_small_count_be_nought_and_more_than_small(values):
    whole, system = stated(values, (3, 3, 2), {})
    counts = system.system.lower
    moving = np.flatnonzero(counts > 0)
    grid = grid_of(whole, {system.cells[place]: at for at, place in enumerate(moving)})
    mine = counts[moving]
    small = np.flatnonzero(mine <= 4)
    taken = corners_beside(grid, mine, small, np.ones(len(mine)), 5.0)
    balances = system.system.balances[:, moving]
    for cell in small:
        points, signs = grid.corners(int(np.flatnonzero(grid.place == cell)[0]))
        possible = served = False
        for corners, way in zip(grid.place[points], signs, strict=True):
            move = np.zeros(len(mine))
            if np.any(corners < 0):
                continue
            np.add.at(move, corners, way)
            down, up = mine - mine[cell] * move, mine + (5 - mine[cell]) * move
            fits = bool(np.all(down >= 0) and np.all(up >= 0) and not np.any(balances @ move))
            possible |= fits
            served |= fits and bool(np.all(np.isin(corners, taken)))
        assert served == possible


def test_a_cell_whose_price_is_endless_is_never_taken():
    whole, system = stated([3, 9, 8, 7, 9, 9, 9, 8] * 2, (4, 2, 2), {})
    counts = system.system.lower
    grid = grid_of(whole, {cell: at for at, cell in enumerate(system.cells)})
    price = np.ones(len(counts))
    price[system.cells.index(())] = np.inf
    small = np.flatnonzero(counts <= 4)
    assert system.cells.index(()) not in corners_beside(grid, counts, small, price, 5.0)


def test_too_many_corners_are_left_to_the_programs(monkeypatch):
    monkeypatch.setattr(hypercubes_module, "_MOST_CORNERS", 10)
    whole, system = stated([3, 9, 8, 7, 9, 9, 9, 8] * 2, (4, 2, 2), {})
    grid = grid_of(whole, {cell: at for at, cell in enumerate(system.cells)})
    assert corners_beside(grid, system.system.lower, np.array([0]), np.ones(len(system.cells)), 5.0) is None
