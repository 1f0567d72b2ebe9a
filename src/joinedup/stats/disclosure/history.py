"""What a release gives away beside earlier ones of nearly the same people: the few whose entries changed between them.

Two tables can each be safe and still differ by one: the child who was added, or whose entry was corrected, stands alone
in the difference. And a count that one of them withholds may follow from others, for somebody who takes it that only a few
entries were corrected in between: three overlapping totals tell what no two of them do.

Three questions are asked:

- For each cell of each two releases, between which ends does its change lie? A change that is known not to be nought and
  known to be small is of people who can be counted on one hand, and the change names what they are.
- What does each withheld cell come down to, for somebody who has all releases and knows how many entries were corrected
  from each to the next? They are one system (`together`), whose corrections are bounded.
- Is a small group known to be all alike, to the same somebody, where the limits ask about groups?

Source: D. E. Denning and J. Schloerer, Computer 16(7) (1983), 69-82 (inference by differencing); L. Willenborg and T. de
Waal, Elements of Statistical Disclosure Control, Springer 2001.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from joinedup.stats.disclosure.audit import AuditedCell, SmallCounts, audit_release
from joinedup.stats.disclosure.auditor import Ranges, ranges
from joinedup.stats.disclosure.groups import RevealedGroup
from joinedup.stats.disclosure.releases import STATED, Release, release
from joinedup.stats.disclosure.tables import Cell, described
from joinedup.stats.disclosure.together import Publication, joined, stated_together


@dataclass(frozen=True, slots=True)
class Change:
    """How far a cell can have moved from one publication to a later one; `revealed` says that it is known, and few."""

    cell: str
    earlier: str
    later: str
    lower: int | None
    upper: int | None
    revealed: bool


@dataclass(frozen=True, slots=True)
class HistoryAudit:
    """What successive publications give away together."""

    changes: tuple[Change, ...]
    """Every cell that two of them say something of and that is not known to be unchanged."""
    cells: tuple[AuditedCell, ...]
    """Every cell that one of them withholds, named with its publication, for somebody who knows how many were corrected."""
    corrections: tuple[int, ...]
    """Between each publication and the next, the corrections taken to be known: those given, or the fewest there can be."""
    incomplete: int
    together: tuple[tuple[str, ...], ...] = ()
    """The publications, by name, that were audited as one system: all of them, or where they are too many as many as fit."""
    in_all: int = 0
    """The corrections that it takes for all publications: more than their sum where no two of them show all."""
    groups: tuple[RevealedGroup, ...] = ()
    """Small groups, named with their publication, that all publications together show to be all alike."""

    @property
    def revealed(self) -> tuple[Change, ...]:
        """The changes that give a few people away."""
        return tuple(each for each in self.changes if each.revealed)

    @property
    def unprotected(self) -> int:
        """The withheld cells that the other publications give away."""
        return sum(not each.protected for each in self.cells)

    @property
    def safe(self) -> bool:
        """Whether the publications give nothing small away together."""
        return not self.revealed and not self.unprotected and not self.incomplete and not self.groups


def audit_history(
    publications: Sequence[Publication],
    small: SmallCounts | None = None,
    corrections: Sequence[int | None] | None = None,
) -> HistoryAudit:
    """The audit of publications in the order they were made, all of them as one system.

    `corrections` gives, for each step from one to the next, how many people's entries were corrected, added or taken
    away; None, or leaving it out, takes the fewest that there can have been, which somebody who compares them will take
    too. A history of more cells than one system can hold is cut into runs, the newest longest, each of which begins with
    the last of the run before. Raises ValueError where fewer than two are given or they contradict themselves.
    """
    limits = small or SmallCounts()
    if len(publications) < 2:
        raise ValueError("a history has at least two publications")
    steps = list(corrections) if corrections is not None else [None] * (len(publications) - 1)
    if len(steps) != len(publications) - 1:
        raise ValueError("corrections are given for each step from one publication to the next")
    stated = [release(each.tables, each.statements) for each in publications]
    alone = [ranges(each.system) for each in stated]
    changes: list[Change] = []
    for later in range(1, len(stated)):
        # Each is held against every earlier one: what one correction takes out, the next may bring back.
        for earlier in range(later):
            names = publications[earlier].name, publications[later].name
            changes += _changes((stated[earlier], stated[later]), (alone[earlier], alone[later]), names, limits)
    cells: dict[str, AuditedCell] = {}
    groups: dict[tuple[str, str], RevealedGroup] = {}
    known: list[int] = []
    incomplete, spare = sum(each.incomplete for each in alone), 0
    runs = _runs(publications, stated)
    for first, together in runs:
        made = joined(together, steps[first : first + len(together) - 1])
        found = audit_release(made.release, limits)
        for each, at in zip(found.cells, made.owner, strict=True):
            _keep(cells, replace(each, cell=f"{publications[first + at].name}: {each.cell}"))
        for group in found.groups:
            name = f"{publications[first + made.release_of(group.place)].name}: {group.group}"
            groups[name, group.alike] = replace(group, group=name)
        known += made.corrections
        spare += made.in_all - sum(made.corrections)
        incomplete += found.incomplete
    named = tuple(tuple(each.name for each in publications[first : first + len(run)]) for first, run in runs)
    return HistoryAudit(
        tuple(changes),
        tuple(cells.values()),
        tuple(known),
        incomplete,
        named,
        sum(known) + spare,
        tuple(groups.values()),
    )


def _runs(publications: Sequence[Publication], stated: Sequence[Release]) -> list[tuple[int, list[Release]]]:
    """Runs of publications, each with the place of its first, of which every one can be audited as one system."""
    found: list[tuple[int, list[Release]]] = []
    end = len(publications)
    while end > 1:
        first = end - 2
        # Two are audited whatever their size; where the cells of both are too many, each over its own.
        run = stated_together(publications[first:end]) or list(stated[first:end])
        while first and (longer := stated_together(publications[first - 1 : end])) is not None:
            first, run = first - 1, longer
        found.append((first, run))
        end = first + 1
    return found[::-1]


def _keep(cells: dict[str, AuditedCell], new: AuditedCell) -> None:
    """A cell that two runs ask about stays with the answer that is worse."""
    old = cells.get(new.cell)
    if old is None or (old.protected and not new.protected):
        cells[new.cell] = new


def _changes(
    pair: tuple[Release, Release], found: tuple[Ranges, Ranges], names: tuple[str, str], limits: SmallCounts
) -> list[Change]:
    """The change of every cell that both speak of: nothing binds the two, so its ends are those of the two apart."""
    places = {cell: place for place, cell in enumerate(pair[1].cells)}
    changes = []
    for before, cell in enumerate(pair[0].cells):
        if (now := places.get(cell)) is None or _is_stated(cell):
            continue
        lower = float(found[1].lower[now] - found[0].upper[before])
        upper = float(found[1].upper[now] - found[0].lower[before])
        if lower == upper == 0 or (lower == -np.inf and upper == np.inf):
            continue
        few = (lower >= limits.least and upper <= limits.most) or (-upper >= limits.least and -lower <= limits.most)
        changes.append(Change(described(cell), *names, _end(lower), _end(upper), few))
    return changes


def _is_stated(cell: Cell) -> bool:
    return bool(cell) and cell[0][0] == STATED


def _end(value: float) -> int | None:
    return int(value) if np.isfinite(value) else None
