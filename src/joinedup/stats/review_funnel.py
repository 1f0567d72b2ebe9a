"""What a review of some of many cases says of all: a share with limits, and what it cannot say."""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.stats.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class Scope:
    """Of `total` cases `examined`, of these `in_scope`.

    `bounds`: the least and most in scope of all, whatever the unexamined are. `share`: of those examined, with Wilson
    limits. `projected`: that share carried over to the unexamined, which means something only where the examined were
    drawn at random; empty where none was examined.
    """

    total: int
    examined: int
    in_scope: int
    bounds: tuple[int, int]
    share: float | None
    limits: Interval | None
    projected: tuple[float, float] | None

    @property
    def unexamined(self) -> int:
        """Cases nobody could decide on."""
        return self.total - self.examined


def scope_of(total: int, examined: int, in_scope: int, level: float = 0.95) -> Scope:
    """The bounds and limits of a review in which `examined` of `total` cases were decided on and `in_scope` taken.

    Raises ValueError unless 0 <= in_scope <= examined <= total.

    >>> scope = scope_of(9000, 2200, 1200)
    >>> scope.bounds, round(scope.share, 3)
    ((1200, 8000), 0.545)
    """
    if not 0 <= in_scope <= examined <= total:
        raise ValueError("a review takes in no more than it examined, and examines no more than there are")
    bounds = (in_scope, in_scope + total - examined)
    if examined == 0:
        return Scope(total, examined, in_scope, bounds, None, None, None)
    limits = wilson(in_scope, examined, level)
    rest = total - examined
    projected = (in_scope + limits.lower * rest, in_scope + limits.upper * rest)
    return Scope(total, examined, in_scope, bounds, in_scope / examined, limits, projected)
