"""Whether a release may go out: every withheld cell's range, for an outsider and for one who knows how cells are chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from joinedup.stats.disclosure.auditor import Ranges, ranges
from joinedup.stats.disclosure.releases import Cell, PublishedTable, Release, described, release


@dataclass(frozen=True, slots=True)
class SmallCounts:
    """Which counts are small, so that they must not be known: `least` to `most`."""

    least: int = 1
    most: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most:
            raise ValueError("small counts run from 1 or more to a count not below that")


@dataclass(frozen=True, slots=True)
class AuditedCell:
    """One withheld cell: its range to an outsider and to one who knows the rule, and whether that protects it.

    `primary` says that it is small, or, where the true counts are not given, that it could be. `exact` says that whole
    numbers of people reach both ends; otherwise the range is that of linear programming, which may be wider.
    """

    cell: str
    lower: int
    upper: int | None
    primary: bool
    protected: bool
    exact: bool
    lower_knowing_rule: int
    upper_knowing_rule: int | None


@dataclass(frozen=True, slots=True)
class Audit:
    """The withheld cells of a release, and whether it is safe: every one that is or could be small is protected."""

    cells: tuple[AuditedCell, ...]
    incomplete: int
    """Questions that no solver answered to its end: with any, the release is not safe."""

    @property
    def unprotected(self) -> int:
        """The cells that are or could be small and whose range does not cover the protected one."""
        return sum(not each.protected for each in self.cells)

    @property
    def safe(self) -> bool:
        """Whether nothing small can be had back."""
        return not self.unprotected and not self.incomplete


def audit(
    tables: Sequence[PublishedTable], small: SmallCounts | None = None, primary: Collection[Cell] | None = None
) -> Audit:
    """The audit of tables published together.

    An outsider knows the totals and that nobody is counted below nought. One who knows the rule also knows that a true
    nought is never withheld. A cell that is small, or could be for all an outsider knows, is protected when its range
    to the outsider covers 0 to one above the largest small count, and one who knows the rule can still take it for
    larger than small. `primary` names the small cells where they are known; without it every cell that could be small
    is held to the same. Raises ValueError where the tables contradict each other.
    """
    limits = small or SmallCounts()
    stated = release(tables)
    outside = _ranges(stated, stated.system.lower)
    knowing_lower = stated.system.lower.copy()
    knowing_lower[[place for place in stated.withheld if stated.system.upper[place] == np.inf]] = 1.0
    knowing = _ranges(stated, knowing_lower)
    cells = tuple(_judged(stated, place, (outside, knowing), limits, primary) for place in stated.withheld)
    return Audit(cells, outside.incomplete + knowing.incomplete)


def _ranges(stated: Release, lower: np.typing.NDArray[np.float64]) -> Ranges:
    wanted = np.zeros(len(stated.cells), dtype=bool)
    wanted[list(stated.withheld)] = True
    return ranges(replace(stated.system, lower=lower), wanted)


def _judged(
    stated: Release, place: int, found: tuple[Ranges, Ranges], limits: SmallCounts, primary: Collection[Cell] | None
) -> AuditedCell:
    outside, knowing = found
    lower, upper = float(outside.lower[place]), float(outside.upper[place])
    could_be = lower <= limits.most and upper >= limits.least
    small = could_be if primary is None else stated.cells[place] in primary
    covered = lower <= 0 and upper > limits.most and float(knowing.upper[place]) > limits.most
    return AuditedCell(
        described(stated.cells[place]),
        int(lower),
        _whole(upper),
        small,
        covered or not small,
        bool(outside.exact[place]),
        int(knowing.lower[place]),
        _whole(float(knowing.upper[place])),
    )


def _whole(value: float) -> int | None:
    return int(value) if np.isfinite(value) else None
