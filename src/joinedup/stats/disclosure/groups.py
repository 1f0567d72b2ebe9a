"""Small groups that a release shows to be all alike: who knows somebody to be in one knows more than a count.

"Of the 6 children from the home, 6 were missing at school" tells it of each of them, whatever the other counts are
(Willenborg and de Waal 2001, section 1.4: group disclosure).

A group is called safe by tables of whole people that were met and fit every balance: one in which it has nobody or is
larger than small, or two between them that put people into two of its categories. Where no such tables are found it
counts as revealed: it fails closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joinedup.stats.disclosure.auditor import Ranges
from joinedup.stats.disclosure.balances import System, Truths
from joinedup.stats.disclosure.releases import STATED, Release
from joinedup.stats.disclosure.solver import whole_point
from joinedup.stats.disclosure.tables import described

_SEARCHES = 100
"""So many searches for a table that clears a group; groups left after that count as revealed."""

_Group = tuple[int, npt.NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class RevealedGroup:
    """A group of at most `most` people, all of them known to be in the one category `alike`; `place` is that of its cell."""

    group: str
    alike: str
    most: int
    place: int = 0


def cells_of_groups(stated: Release, narrow: System, largest: int) -> Truths:
    """The cells on which it hangs whether some group of 1 to `largest` people is shown to be all alike."""
    found = np.zeros(len(stated.cells), dtype=bool)
    for total, parts in _groups(stated):
        if narrow.lower[total] <= largest:
            found[total] = found[parts] = True
    return found


def revealed_groups(stated: Release, system: System, found: Ranges, largest: int) -> tuple[RevealedGroup, ...]:
    """The groups of 1 to `largest` people all of whom can be placed in one category by somebody who has the `system`.

    `found` are the ranges in that system of at least the `cells_of_groups`.
    """
    narrow = system.propagated()
    searches = iter(range(_SEARCHES))
    revealed: list[RevealedGroup] = []
    for total, parts in _groups(stated):
        if found.reached_lower[total] < 1 or found.reached_upper[total] > largest:
            continue
        filled = parts[found.reached_upper[parts] > 0]
        if len(filled) > 1 or found.upper[total] < 1:
            continue
        if _cleared(narrow, found, (total, parts), largest, searches):
            continue
        # Where no table was met at all any of the categories may be the one.
        alike = int(filled[0]) if len(filled) else int(parts[np.argmax(found.upper[parts])])
        name = described(tuple(pair for pair in stated.cells[alike] if pair not in stated.cells[total]))
        most = int(min(found.upper[total], largest))
        revealed.append(RevealedGroup(described(stated.cells[total]), name, most, total))
    return tuple(dict.fromkeys(revealed))


def _groups(stated: Release) -> Iterator[_Group]:
    """Each total of a table with the categories it is the sum of."""
    balances = stated.system.balances.tocsr()
    for row in range(balances.shape[0]):
        places = balances.indices[balances.indptr[row] : balances.indptr[row + 1]]
        factors = balances.data[balances.indptr[row] : balances.indptr[row + 1]]
        whole, parts = places[factors < 0], places[factors > 0]
        if len(whole) != 1 or len(parts) < 2 or not np.all(np.abs(factors) == 1.0):
            continue
        total = stated.cells[int(whole[0])]
        if not total or total[0][0] != STATED:
            yield int(whole[0]), parts


def _cleared(narrow: System, found: Ranges, group: _Group, largest: int, searches: Iterator[int]) -> bool:
    """Whether a search finds a table in which the group has nobody, is large, or has people in a second category."""
    total, parts = group
    wanted = [(total, -np.inf, 0.0), (total, largest + 1.0, np.inf)]
    wanted += [(int(part), 1.0, np.inf) for part in parts if found.reached_upper[part] <= 0]
    met: set[int] = {int(part) for part in parts if found.reached_upper[part] > 0}
    for place, least, most in wanted:
        lower, upper = narrow.lower.copy(), narrow.upper.copy()
        lower[place], upper[place] = max(lower[place], least), min(upper[place], most)
        if lower[place] > upper[place] or max(least, found.lower[place]) > min(most, found.upper[place]):
            continue
        if next(searches, None) is None:
            return False
        point = whole_point(narrow.balances, np.zeros(narrow.balances.shape[0]), lower, np.minimum(upper, 1e9))
        if point is None:
            continue
        if place == total:
            return True
        met |= {int(part) for part in parts if point[part] > 0}
        if len(met) > 1:
            return True
    return False
