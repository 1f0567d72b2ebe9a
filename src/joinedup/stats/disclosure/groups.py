"""Small groups that a release shows to be all alike: who knows somebody to be in one knows more than a count.

"Of the 6 children from the home, 6 were missing at school" tells it of each of them, whatever the other counts are
(Willenborg and de Waal 2001, section 1.4: group disclosure).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.stats.disclosure.balances import Floats
from joinedup.stats.disclosure.releases import STATED, Release
from joinedup.stats.disclosure.tables import described


@dataclass(frozen=True, slots=True)
class RevealedGroup:
    """A group of at most `most` people, all of them known to be in the one category `alike`."""

    group: str
    alike: str
    most: int


def revealed_groups(stated: Release, lower: Floats, upper: Floats, largest: int) -> tuple[RevealedGroup, ...]:
    """The groups of 1 to `largest` people all of whom an outsider can place in one category.

    `lower` and `upper` are the outsider's bounds on each cell: a group counts where it is known to have people and to be
    no larger, and where every category but one is known to be empty.
    """
    found: list[RevealedGroup] = []
    balances = stated.system.balances.tocsr()
    for row in range(balances.shape[0]):
        places = balances.indices[balances.indptr[row] : balances.indptr[row + 1]]
        factors = balances.data[balances.indptr[row] : balances.indptr[row + 1]]
        whole, parts = places[factors < 0], places[factors > 0]
        if len(whole) != 1 or len(parts) < 2 or set(factors) != {1.0, -1.0}:
            continue
        total = int(whole[0])
        filled = parts[upper[parts] > 0]
        if lower[total] >= 1 and upper[total] <= largest and len(filled) == 1 and stated.cells[total]:
            if stated.cells[total][0][0] == STATED:
                continue
            alike = int(filled[0])
            name = described(tuple(pair for pair in stated.cells[alike] if pair not in stated.cells[total]))
            found.append(RevealedGroup(described(stated.cells[total]), name, int(np.floor(upper[total]))))
    return tuple(dict.fromkeys(found))
