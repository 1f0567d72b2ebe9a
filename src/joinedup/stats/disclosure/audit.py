"""Whether a release may go out: every withheld cell's range, for an outsider and for one who knows how cells are chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from joinedup.stats.disclosure.auditor import Enough, Ranges, ranges
from joinedup.stats.disclosure.balances import Floats, System
from joinedup.stats.disclosure.groups import RevealedGroup, cells_of_groups, revealed_groups
from joinedup.stats.disclosure.releases import Release, release
from joinedup.stats.disclosure.statements import Statement
from joinedup.stats.disclosure.tables import Cell, PublishedTable, described


@dataclass(frozen=True, slots=True)
class SmallCounts:
    """Which counts are small, so that they must not be known: `least` to `most`.

    `behind` counts must stay possible for one who knows the rule. `group` is the most people that a group may have for
    it to matter that all of them are known to be alike; 0 asks about no group.
    """

    least: int = 1
    most: int = 4
    behind: int = 3
    group: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most:
            raise ValueError("small counts run from 1 or more to a count not below that")
        if self.behind < 2 or self.group < 0:
            raise ValueError("at least two counts must stay possible, and no group has fewer than nobody")


@dataclass(frozen=True, slots=True)
class AuditedCell:
    """One withheld cell: its range to an outsider and to one who knows the rule, and whether that protects it.

    `primary` says that it is small, or, where the true counts are not given, that it could be. `exact` says that whole
    numbers of people reach both ends; otherwise the range is that of linear programming, which may be wider.
    `protected` never rests on the wider range: it needs tables of whole people, met and checked, at both ends.
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
    groups: tuple[RevealedGroup, ...] = ()
    """Small groups all of whose people are known to be alike: with any, the release is not safe."""

    @property
    def unprotected(self) -> int:
        """The cells that are or could be small and whose range does not cover the protected one."""
        return sum(not each.protected for each in self.cells)

    @property
    def safe(self) -> bool:
        """Whether nothing small can be had back."""
        return not self.unprotected and not self.incomplete and not self.groups


def audit(
    tables: Sequence[PublishedTable],
    small: SmallCounts | None = None,
    primary: Collection[Cell] | None = None,
    *,
    statements: Sequence[Statement] = (),
    known: Sequence[Floats] = (),
) -> Audit:
    """The audit of tables published together, and of statements published with them.

    An outsider knows the totals and that nobody is counted below nought. One who knows the rule also knows that a true
    nought is never withheld. A withheld cell that is small, or could be for all an outsider knows, is protected when
    its range to the outsider covers 0 to one above the largest small count, and one who knows the rule is left `behind`
    different counts. A cell published as a range (a rounded number) is protected when it is left `behind` counts.
    `primary` names the small cells where they are known; without it every cell that could be small is held to the same.
    `known` are tables that fit, by place of the release's cells: they save searching and are checked before they count.
    Raises ValueError where the tables contradict each other.
    """
    limits = small or SmallCounts()
    return audit_release(release(tables, statements), limits, primary, known)


def audit_release(
    stated: Release, limits: SmallCounts, primary: Collection[Cell] | None = None, known: Sequence[Floats] = ()
) -> Audit:
    """The audit of a release already stated as a system, as `audit` does it."""
    mine = np.zeros(len(stated.cells), dtype=bool)
    mine[list(stated.withheld)] = True
    coarse = np.zeros(len(stated.cells), dtype=bool)
    coarse[list(stated.coarse)] = True
    decide = mine if primary is None else mine & np.array([cell in primary for cell in stated.cells], dtype=bool)
    asked = mine | coarse
    if limits.group:
        asked |= cells_of_groups(stated, stated.system.propagated(), limits.group)
    apart = limits.behind - 1.0
    knowing = ranges(
        knowing_the_rule(stated),
        asked,
        Enough(decide | coarse, 1.0, float(limits.behind), apart, np.where(coarse, np.inf, float(limits.most))),
        known,
    )
    # Whatever is certain for one who knows the rule is so: a cell that he finds larger than small is.
    decide = decide & (knowing.lower <= limits.most)
    # What one who knows the rule can reach, an outsider can reach too.
    found = ranges(stated.system, asked, Enough(decide, 0.0, limits.most + 1.0), known, knowing)
    cells = tuple(
        _judged(stated, place, (found, knowing), limits, None if primary is None else stated.cells[place] in primary)
        for place in (*stated.withheld, *stated.coarse)
    )
    return Audit(cells, found.incomplete + knowing.incomplete, _groups(stated, (found, knowing), limits.group))


def _groups(stated: Release, found: tuple[Ranges, Ranges], largest: int) -> tuple[RevealedGroup, ...]:
    """The small groups known to be all alike, to an outsider or to one who knows the rule."""
    if not largest:
        return ()
    systems = (stated.system, knowing_the_rule(stated))
    each = [revealed_groups(stated, *one, largest) for one in zip(systems, found, strict=True)]
    return tuple({(group.place, group.alike): group for groups in reversed(each) for group in groups}.values())


def knowing_the_rule(stated: Release) -> System:
    """The system for one who knows that a true nought is never withheld."""
    hidden = np.zeros(len(stated.cells), dtype=bool)
    hidden[list(stated.withheld)] = True
    hidden &= stated.system.upper >= 1
    return replace(stated.system, lower=np.where(hidden, np.maximum(stated.system.lower, 1.0), stated.system.lower))


def _judged(
    stated: Release, place: int, found: tuple[Ranges, Ranges], limits: SmallCounts, given: bool | None
) -> AuditedCell:
    outside, knowing = found
    lower, upper = float(outside.lower[place]), float(outside.upper[place])
    could_be = max(lower, float(knowing.lower[place])) <= limits.most and upper >= limits.least
    small = could_be if given is None else given
    left = float(knowing.reached_upper[place]) - float(knowing.reached_lower[place])
    covered = left >= limits.behind - 1
    if place not in stated.coarse:
        reached = float(outside.reached_lower[place]), float(outside.reached_upper[place])
        covered = covered and reached[0] <= 0 and reached[1] > limits.most
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
