"""Tables that go many cells' ways at once: one linear program in which every cell that waits is paid for going to its goal.

Each is paid for no more than the way to its goal, so that the sum of these ways, a concave function, is what is made
largest. One such program does for hundreds of cells what would else take one program for each. Cells that stand in each
other's way cancel out when all are asked at once; whoever asks again asks for some of them, drawn by lot.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


def table_towards(
    system: tuple[sparse.csr_array, Floats, Floats, Floats], cells: Places, goals: Floats, *, upwards: bool
) -> Floats | None:
    """A table over `(balances, due, lower, upper)` that brings the cells towards their goals; None on any ending but optimal.

    Fractions are allowed. Whoever takes it holds it against the balances.
    """
    balances, due, lower, upper = system
    goals = np.clip(goals, lower[cells], upper[cells])
    # The value of such a cell is the sum of two columns: up to the goal, and beyond it.
    both = sparse.csr_array(sparse.hstack([balances, balances[:, cells]]))
    least = np.concatenate([lower, np.zeros(len(cells))])
    most = np.concatenate([upper, upper[cells] - goals])
    most[cells] = goals
    cost = np.zeros(len(least))
    if upwards:
        cost[cells] = -1.0
    else:
        cost[len(lower) :] = 1.0
    answer = milp(cost, constraints=LinearConstraint(both, due, due), bounds=Bounds(least, most))
    if answer.status != 0 or answer.x is None:
        return None
    point: Floats = answer.x[: len(lower)].copy()
    point[cells] += answer.x[len(lower) :]
    return point


def move_towards(
    balances: sparse.csr_array,
    bounds: tuple[Floats, Floats],
    price: Floats,
    cells: Places,
    *,
    upwards: bool,
    paid: float,
) -> Floats | None:
    """What to add to a table so that the cells go so far up (down), for what it costs others; None on any ending but optimal.

    `bounds` says how far each cell can fall and rise at `price` a person; each of the `cells` is `paid` for every person of
    its rise (upwards), or fall. Every balance of what is added is nought.
    """
    fall, rise = (each.copy() for each in bounds)
    size, sign = len(fall), 1.0 if upwards else -1.0
    way = (rise if upwards else fall)[cells]
    fall[cells] = rise[cells] = 0.0
    every = sparse.csr_array(sparse.hstack([balances, -balances, sign * balances[:, cells]]))
    cost = np.concatenate([price, price, price[cells] - paid])
    most = np.concatenate([rise, fall, way])
    answer = milp(cost, constraints=LinearConstraint(every, 0, 0), bounds=Bounds(np.zeros(len(most)), most))
    if answer.status != 0 or answer.x is None:
        return None
    moved: Floats = answer.x[:size] - answer.x[size : 2 * size]
    moved[cells] += sign * answer.x[2 * size :]
    return moved
