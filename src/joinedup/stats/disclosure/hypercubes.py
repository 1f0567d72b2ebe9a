"""What else to withhold by hypercubes: two categories, or one and the total, of each dimension of one table.

People go from one corner to the next in turn and every total stays the sum of its parts: what is counted up at one corner
is counted down at its neighbours (D. Repsilber's hypercube method; S. Giessing and D. Repsilber, in Inference Control in
Statistical Databases, LNCS 2316, Springer 2002). All hypercubes through a cell are looked at in less time than one linear
program takes, and what they move is whole people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joinedup.stats.disclosure.balances import Floats
from joinedup.stats.disclosure.tables import TOTAL, Cell, PublishedTable, above

Places = npt.NDArray[np.int64]

_MOST_CORNERS = 3_000_000_000
"""More corners than this are not looked at: the table is left to the linear programs."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table with all its margins as a grid of labels, and what can be added along each of its dimensions.

    `place` gives the number of the cell at each point of the grid, -1 for one that cannot move; its last entry is of no
    point. `steps[dimension][label]` are the steps through that label, one a row, as offsets of points and their signs,
    that of the label itself being 1. Steps shorter than others are filled up with offsets beyond the grid.
    """

    place: Places
    strides: tuple[int, ...]
    sizes: tuple[int, ...]
    steps: tuple[tuple[tuple[Places, Places], ...], ...]

    def corners(self, point: int) -> tuple[Places, Places]:
        """All hypercubes through the point, one a row: the points of their corners, and whether each goes with it or against."""
        at, sign = np.zeros((1, 1), dtype=np.int64), np.ones((1, 1), dtype=np.int64)
        for steps, stride, size in zip(self.steps, self.strides, self.sizes, strict=True):
            offsets, signs = steps[point // stride % size]
            at = (at[:, None, :, None] + offsets[None, :, None, :]).reshape(len(at) * len(offsets), -1)
            sign = (sign[:, None, :, None] * signs[None, :, None, :]).reshape(at.shape)
        return np.minimum(at, len(self.place) - 1), sign


def grid_of(table: PublishedTable, number: Mapping[Cell, int]) -> Grid:
    """The grid of a table with all its margins; `number` gives the cells that can move, in their order."""
    names = sorted(table.dimensions)
    labels = {}
    for name, found in zip(table.dimensions, table.categories, strict=True):
        larger = {whole for each in found for whole in above(each, table.parts.get(name, {}))}
        labels[name] = [*sorted({*found, *larger}), TOTAL]
    sizes = tuple(len(labels[name]) for name in names)
    strides = tuple(int(np.prod(sizes[at + 1 :])) for at in range(len(names)))
    place = np.full(int(np.prod(sizes)) + 1, -1, dtype=np.int64)
    for point, chosen in enumerate(np.ndindex(*sizes)):
        pairs = ((name, labels[name][label]) for name, label in zip(names, chosen, strict=True))
        place[point] = number.get(tuple(pair for pair in pairs if pair[1] != TOTAL), -1)
    steps = tuple(
        _through(_steps(labels[name], table.parts.get(name, {})), size, stride, len(place))
        for name, size, stride in zip(names, sizes, strides, strict=True)
    )
    return Grid(place, strides, sizes, steps)


def _steps(labels: Sequence[str], inside: Mapping[str, str]) -> list[dict[int, int]]:
    """From one smallest category to another, or to nowhere: all that contains the one and not the other changes.

    >>> _steps(["x", "y", TOTAL], {})
    [{0: 1, 2: 1}, {1: 1, 2: 1}, {0: 1, 1: -1}]
    """
    number = {label: at for at, label in enumerate(labels)}
    larger = {whole for label in labels for whole in above(label, inside)} | {TOTAL}
    chains = {label: {number[each] for each in (label, *above(label, inside), TOTAL)} for label in labels}
    leaves = [label for label in labels if label not in larger]
    found = [dict.fromkeys(sorted(chains[leaf]), 1) for leaf in leaves]
    for at, one in enumerate(leaves):
        for other in leaves[at + 1 :]:
            up, down = sorted(chains[one] - chains[other]), sorted(chains[other] - chains[one])
            found.append({**dict.fromkeys(up, 1), **dict.fromkeys(down, -1)})
    return found


def _through(
    steps: Sequence[Mapping[int, int]], size: int, stride: int, beyond: int
) -> tuple[tuple[Places, Places], ...]:
    width = max(len(step) for step in steps)
    found = []
    for label in range(size):
        mine = [step for step in steps if label in step]
        offsets = np.full((len(mine), width), beyond, dtype=np.int64)
        signs = np.ones((len(mine), width), dtype=np.int64)
        for row, step in enumerate(mine):
            offsets[row, : len(step)] = [each * stride for each in step]
            signs[row, : len(step)] = [sign * step[label] for sign in step.values()]
        found.append((offsets, signs))
    return tuple(found)


def corners_beside(grid: Grid, counts: Floats, small: Places, price: Floats, high: float) -> Places | None:
    """The cells to withhold so that each of the `small` ones can sink to nought and rise to `high` by one hypercube.

    Taken in the order given, each by the hypercube that costs least beside what is withheld by then. Cells whose price is
    endless are never taken; a small one without such a hypercube is left as it is. None where there are too many to look at.
    """
    widths = [(len(steps[0][0]), steps[0][0].shape[1]) for steps in grid.steps]
    if len(small) * np.prod(widths, dtype=float) > _MOST_CORNERS:
        return None
    where = np.full(len(counts), -1, dtype=np.int64)
    able = np.flatnonzero(grid.place >= 0)
    where[grid.place[able]] = able
    # At each point of the grid: nobody can leave one that cannot move, anybody the one beyond the grid.
    there, cost = np.full(len(grid.place), -1.0), np.zeros(len(grid.place))
    there[able], cost[able] = counts[grid.place[able]], price[grid.place[able]]
    there[-1] = np.inf
    cost[where[small]] = 0.0
    taken = np.zeros(len(grid.place), dtype=bool)
    for cell in small:
        points, signs = grid.corners(int(where[cell]))
        least = np.where(signs > 0, counts[cell], high - counts[cell])
        fit = np.flatnonzero(np.all(there[points] >= least, axis=1))
        costs = cost[points[fit]].sum(axis=1)
        if fit.size and np.isfinite(costs[best := int(np.argmin(costs))]):
            cost[points[fit[best]]] = 0.0
            taken[points[fit[best]]] = True
    return grid.place[np.flatnonzero(taken[:-1])]
