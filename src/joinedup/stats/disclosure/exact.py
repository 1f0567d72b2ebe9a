"""The cheapest set of counts to withhold in a small table of two dimensions, by branch and bound.

Every need has a table of its own in the program: whole people, every balance kept, only withheld counts moved, and the
cell where the need wants it. Which counts are withheld is the same for all of them (M. Fischetti and J. J. Salazar,
Management Science 47 (2001), 1008-1027: their first model, written out in full where they go on by cuts, since it is used
for small tables alone).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from joinedup.stats.disclosure.balances import Floats, Truths
from joinedup.stats.disclosure.deviations import Need, Table

MOST_COLUMNS = 9_000
"""Programs with more columns than this, two for each cell and need, are not begun."""
_NODES = 2_000
_SECONDS = 60.0
"""Only a guard: the limit in nodes is the same on every machine."""


def cheapest(
    table: Table, needs: Sequence[Need], price: Floats, below: float, nought: Collection[int] = ()
) -> Truths | None:
    """Which cells to withhold at least cost so that every need is met; None where none cheaper than `below` was proved best.

    The cells of `nought` are withheld only where they can be nought as well.
    """
    size = len(table.counts)
    wanted = [*needs, *(Need(cell, False, 0.0, False) for cell in sorted(nought))]
    if not wanted or 2 * size * len(wanted) > MOST_COLUMNS:
        return None
    reach = np.array([abs(need.goal - table.counts[need.cell]) for need in wanted])
    room = np.concatenate([_room(table, need, by) for need, by in zip(wanted, reach, strict=True)])
    columns = size + len(room)
    least, most = np.zeros(columns), np.concatenate([np.ones(size), room])
    least[:size][table.primary | table.silent] = 1.0
    here = np.array([
        size * (1 + 2 * at) + need.cell + (0 if need.upwards else size) for at, need in enumerate(wanted)
    ], dtype=np.int64)  # fmt: skip
    least[here[: len(needs)]] = reach[: len(needs)]
    moves = sparse.kron(sparse.eye_array(len(wanted)), sparse.hstack([table.balances, -table.balances]))
    balanced = sparse.hstack([sparse.coo_array((moves.shape[0], size)), moves])
    # What moves is withheld.
    which = np.tile(np.arange(size), 2 * len(wanted))
    withheld = sparse.coo_array((-room, (np.arange(len(room)), which)), shape=(len(room), size))
    moved = sparse.hstack([withheld, sparse.eye_array(len(room))])
    rows = [LinearConstraint(sparse.csr_array(balanced), 0, 0), LinearConstraint(sparse.csr_array(moved), -np.inf, 0)]
    rows.append(
        LinearConstraint(sparse.csr_array(np.concatenate([price, np.zeros(len(room))])[None, :]), -np.inf, below - 1e-6)
    )
    if len(nought):
        rows.append(_if_withheld(wanted[len(needs) :], here[len(needs) :], reach[len(needs) :], columns))
    answer = milp(
        np.concatenate([price, np.zeros(len(room))]),
        constraints=rows,
        bounds=Bounds(least, most),
        integrality=np.ones(columns, dtype=np.int64),
        options={"node_limit": _NODES, "time_limit": _SECONDS, "mip_rel_gap": 0.0},
    )
    if answer.status != 0 or answer.x is None:
        return None
    found: Truths = answer.x[:size] > 0.5
    return found


def _room(table: Table, need: Need, by: float) -> Floats:
    """How far each cell can rise and fall in the table of a need: no farther than the cell of the need is to go.

    In two dimensions whatever moves a cell falls into circles, each of which moves its cells by one (a network); those
    that the need wants are as many as the people its cell is to move by.
    """
    floor = np.where(table.silent, 0.0, 1.0 if need.knowing else 0.0)
    rise, fall = np.full(len(table.counts), by), np.maximum(table.counts - floor, 0.0)
    rise[need.cell], fall[need.cell] = (by, 0.0) if need.upwards else (0.0, by)
    return np.concatenate([rise, np.minimum(fall, by)])


def _if_withheld(needs: Sequence[Need], here: npt.NDArray[np.int64], reach: Floats, columns: int) -> LinearConstraint:
    """A cell falls all the way to nought in the table of its need where it is withheld."""
    row = np.arange(len(needs))
    cells = np.array([need.cell for need in needs])
    matrix = sparse.coo_array(
        (np.concatenate([np.ones(len(row)), -reach]), (np.concatenate([row, row]), np.concatenate([here, cells]))),
        shape=(len(needs), columns),
    )
    return LinearConstraint(sparse.csr_array(matrix), 0, np.inf)
