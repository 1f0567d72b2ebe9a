"""What a release gives away beside an earlier one of nearly the same people: the few whose entries changed between them.

Two tables can each be safe and still differ by one: the child who was added, or whose entry was corrected, stands alone
in the difference. And a count that one of them withholds may follow from the other, for somebody who takes it that only
a few entries were corrected in between.

Two questions are asked of each pair of releases, one after the other:

- For each cell, between which ends does its change lie? A change that is known not to be nought and known to be small
  is of people who can be counted on one hand, and the change names what they are.
- What does each withheld cell come down to, for somebody who knows how many entries were corrected? Both releases and
  the corrections are one system: now = before + added - taken away, and the corrections are bounded.

Source: D. E. Denning and J. Schloerer, Computer 16(7) (1983), 69-82 (inference by differencing); L. Willenborg and T. de
Waal, Elements of Statistical Disclosure Control, Springer 2001.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from joinedup.stats.disclosure.audit import AuditedCell, SmallCounts, audit_release, knowing_the_rule
from joinedup.stats.disclosure.auditor import Ranges, ranges
from joinedup.stats.disclosure.balances import System
from joinedup.stats.disclosure.releases import STATED, Release, release
from joinedup.stats.disclosure.solver import CLOSE, NoPointError, least_cost
from joinedup.stats.disclosure.statements import Statement
from joinedup.stats.disclosure.tables import Cell, PublishedTable, described


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published at one time of one population: tables, and numbers in sentences."""

    name: str
    tables: tuple[PublishedTable, ...]
    statements: tuple[Statement, ...] = ()


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
        return not self.revealed and not self.unprotected and not self.incomplete


def audit_history(
    publications: Sequence[Publication],
    small: SmallCounts | None = None,
    corrections: Sequence[int | None] | None = None,
) -> HistoryAudit:
    """The audit of publications in the order they were made, each against the one before it and against the first.

    `corrections` gives, for each step from one to the next, how many people's entries were corrected, added or taken
    away; None, or leaving it out, takes the fewest that there can have been, which somebody who compares the two will
    take too. Raises ValueError where fewer than two are given or one contradicts itself.
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
    cells: list[AuditedCell] = []
    known: list[int] = []
    incomplete = sum(each.incomplete for each in alone)
    for place in range(1, len(stated)):
        # The newest is held against every earlier one: what one correction takes out, the next may bring back.
        for earlier in range(place):
            names = publications[earlier].name, publications[place].name
            pair = (stated[earlier], stated[place])
            changes += _changes(pair, (alone[earlier], alone[place]), names, limits)
        before, now = stated[place - 1], stated[place]
        fewest = steps[place - 1]
        number = _fewest(before, now) if fewest is None else fewest
        found = audit_release(_joined(before, now, number), limits)
        named = [publications[place - 1].name] * len(before.withheld) + [publications[place].name] * len(now.withheld)
        named += [publications[place - 1].name] * len(before.coarse) + [publications[place].name] * len(now.coarse)
        cells += [replace(each, cell=f"{name}: {each.cell}") for each, name in zip(found.cells, named, strict=True)]
        known.append(number)
        incomplete += found.incomplete
    return HistoryAudit(tuple(changes), tuple(cells), tuple(known), incomplete)


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


def _finest(before: Release, now: Release) -> list[tuple[int, int]]:
    """The places in both of the smallest cells they share: the other cells they share are sums of these."""
    places = {cell: place for place, cell in enumerate(now.cells) if not _is_stated(cell)}
    shared = {place: places[cell] for place, cell in enumerate(before.cells) if cell in places}
    summed: set[int] = set()
    split = _split(now)
    for whole, parts in _split(before).items():
        if whole in shared and all(part in shared for part in parts):
            same = {shared[part] for part in parts}
            if same == split.get(shared[whole]):
                summed.add(whole)
    return [(one, other) for one, other in shared.items() if one not in summed]


def _split(stated: Release) -> dict[int, set[int]]:
    """For each total one way in which it is the sum of its parts: the first stated."""
    found: dict[int, set[int]] = {}
    balances = stated.system.balances
    for row in range(balances.shape[0]):
        places = balances.indices[balances.indptr[row] : balances.indptr[row + 1]]
        factors = balances.data[balances.indptr[row] : balances.indptr[row + 1]]
        if np.all(np.abs(factors) == 1.0):
            found.setdefault(int(places[factors < 0][0]), {int(each) for each in places[factors > 0]})
    return found


def _joined(before: Release, now: Release, corrections: float) -> Release:
    """Both releases and the corrections between them as one system: now = before + added - taken away.

    In every set of dimensions a person stands in one smallest cell, so that so many corrections add at most so many
    people to those cells and take at most so many away.
    """
    pairs = _finest(before, now)
    sizes = len(before.cells), len(now.cells)
    size, start = sum(sizes), sum(sizes) + 2 * len(pairs)
    scopes: dict[tuple[str, ...], list[int]] = {}
    for number, (one, _) in enumerate(pairs):
        scopes.setdefault(tuple(name for name, _ in before.cells[one]), []).append(number)
    rows: list[list[int]] = [
        [one, sizes[0] + other, size + number, size + len(pairs) + number] for number, (one, other) in enumerate(pairs)
    ]
    factors = [[1.0, -1.0, 1.0, -1.0] for _ in pairs]
    most = start + 2 * len(scopes)
    for at, members in enumerate(scopes.values()):
        for side in (0, 1):
            rows.append([*(size + side * len(pairs) + number for number in members), start + 2 * at + side, most])
            factors.append([1.0] * len(members) + [1.0, -1.0])
    table = sparse.coo_array(
        (np.concatenate(factors) if factors else np.zeros(0), (
            np.repeat(np.arange(len(rows)), [len(row) for row in rows]),
            np.array([column for row in rows for column in row], dtype=np.int64),
        )),
        shape=(len(rows), most + 1),
    )  # fmt: skip
    apart = sparse.block_diag([before.system.balances, now.system.balances])
    apart = sparse.hstack([apart, sparse.coo_array((apart.shape[0], most + 1 - size))])
    extra = most + 1 - size
    lower = np.concatenate([before.system.lower, now.system.lower, np.zeros(extra)])
    upper = np.concatenate([before.system.upper, now.system.upper, np.full(extra, float(corrections))])
    if np.isfinite(corrections):
        lower[most] = corrections
    named = tuple(((STATED, f"correction {number}"),) for number in range(extra))
    return Release(
        (*before.cells, *now.cells, *named),
        System(sparse.csr_array(sparse.vstack([apart, table])), lower, upper),
        (*before.withheld, *(sizes[0] + place for place in now.withheld)),
        (*before.coarse, *(sizes[0] + place for place in now.coarse)),
    )


def _fewest(before: Release, now: Release) -> int:
    """The fewest corrections that can lie between the two, for one who knows that a true nought is never withheld.

    Raises NoPointError where one of the two contradicts itself.
    """
    joined = _joined(before, now, np.inf)
    system = knowing_the_rule(joined)
    cost = np.zeros(len(joined.cells))
    cost[-1] = 1.0
    found = least_cost(system.balances, system.lower, system.upper, cost)
    if found is None:
        raise NoPointError("it could not be worked out how few corrections lie between two publications")
    return int(np.ceil(found[-1] - CLOSE))
