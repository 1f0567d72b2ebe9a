"""One program for many cells: what it pays for, what it leaves alone, and that nothing but optimal is an answer."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from joinedup.stats.disclosure import bulk as bulk_module
from joinedup.stats.disclosure.bulk import move_towards, table_towards

# Three cells and their total.
LINE = sparse.csr_array([[1.0, 1.0, 1.0, -1.0]])
SYSTEM = (LINE, np.zeros(1), np.zeros(4), np.array([9.0, 9.0, 9.0, 10.0]))


def test_each_cell_is_paid_for_no_more_than_the_way_to_its_goal():
    point = table_towards(SYSTEM, np.array([0, 1, 2]), np.array([3.0, 3.0, 3.0]), upwards=True)
    assert np.all(point[:3] >= 3 - 1e-9)
    assert point[:3].sum() == point[3] <= 10
    point = table_towards((LINE, np.zeros(1), np.zeros(4), np.array([9.0, 9, 9, 9])), np.array([0, 1]), np.zeros(2), upwards=False)  # fmt: skip
    assert not np.any(point[:2])


def test_a_move_keeps_every_balance_and_takes_the_cheapest_way():
    price = np.array([0.0, 5.0, 1.0, 9.0])
    bounds = (np.array([4.0, 4.0, 4.0, 12.0]), np.array([2.0, 9.0, 9.0, 9.0]))
    up = move_towards(LINE, bounds, price, np.array([0]), upwards=True, paid=64.0)
    assert up.tolist() == [2.0, 0.0, -2.0, 0.0]
    down = move_towards(LINE, bounds, price, np.array([0]), upwards=False, paid=64.0)
    assert down.tolist() == [-4.0, 0.0, 4.0, 0.0]


def test_what_costs_more_than_it_is_worth_is_not_moved():
    price = np.array([0.0, 50.0, 50.0, 50.0])
    bounds = (np.full(4, 4.0), np.full(4, 4.0))
    assert not np.any(move_towards(LINE, bounds, price, np.array([0]), upwards=True, paid=10.0))


def test_any_ending_but_optimal_is_no_answer(monkeypatch):
    class Stopped:
        status, x = 1, np.zeros(7)

    monkeypatch.setattr(bulk_module, "milp", lambda *_, **__: Stopped())
    assert table_towards(SYSTEM, np.array([0]), np.array([3.0]), upwards=True) is None
    bounds = (np.full(4, 4.0), np.full(4, 4.0))
    assert move_towards(LINE, bounds, np.ones(4), np.array([0]), upwards=True, paid=1.0) is None
