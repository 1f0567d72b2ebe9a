"""Controlled rounding: every count to a multiple of a base beside it, so that the rounded table still adds up.

Each count becomes the multiple of the base next below or next above it, a multiple stays as it is, and every total is the
sum of its rounded parts; of all such tables the one nearest to the counts is chosen (L. H. Cox, Journal of the American
Statistical Association 82 (1987), 520-524; M. Fischetti and J. J. Salazar, Management Science 44 (1998), 1172-1190).
In two dimensions there always is one; in more there need not be, and then it is refused.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from joinedup.stats.disclosure.audit import Audit, SmallCounts, audit
from joinedup.stats.disclosure.deviations import UnprotectedError
from joinedup.stats.disclosure.released import _MADE_HERE, ReleasedNumber, ReleasedTable
from joinedup.stats.disclosure.releases import release
from joinedup.stats.disclosure.tables import Between, Counted, PublishedTable, with_margins

_NODES = 50_000
_SECONDS = 60.0


def rounded_table(table: Counted, base: int, small: SmallCounts | None = None) -> tuple[ReleasedTable, Audit]:
    """The table with its margins rounded to the base so that it adds up, and its audit as a reader sees it.

    A reader knows that each count is less than `base` away from what is shown, and that nought may be shown for a count
    that is none. Raises UnprotectedError where no rounding adds up, or the audit is not clean.

    >>> made, _ = rounded_table(Counted("t", ("a",), {("x",): 3, ("y",): 4, ("z",): 14}), 5)
    >>> [row[-1] for row in made.as_text()]
    ['0', '5', '15', '20']
    """
    if base < 2:
        raise ValueError("a base to round to is 2 or more")
    whole = with_margins(table)
    stated = release([whole])
    counts = stated.system.lower
    below = np.floor(counts / base)
    able = (counts % base != 0).astype(np.float64)
    # Going up costs what it adds to the distance.
    cost = np.where(able > 0, base - 2.0 * (counts % base), 0.0)
    due = -(stated.system.balances @ below)
    answer = milp(
        cost,
        constraints=LinearConstraint(sparse.csr_array(stated.system.balances), due, due),
        bounds=Bounds(np.zeros(len(counts)), able),
        integrality=np.ones(len(counts), dtype=np.int64),
        options={"node_limit": _NODES, "time_limit": _SECONDS},
    )
    if answer.x is None:
        raise UnprotectedError(
            f"no rounding to multiples of {base} was found in which every total is the sum of its parts"
        )
    shown = (below + np.rint(answer.x)) * base
    if np.any(stated.system.balances @ shown) or np.any(np.abs(shown - counts) >= base):
        raise UnprotectedError("the rounding found does not add up")
    number = {cell: place for place, cell in enumerate(stated.cells)}
    rule = f"controlled-rounding-{base}"
    rows: list[tuple[str | ReleasedNumber, ...]] = []
    behind = {}
    for labels in whole.counts:
        value = int(shown[number[whole.cell(labels)]])
        behind[labels] = Between(max(0, value - base + 1), value + base - 1)
        rows.append((*labels, ReleasedNumber(f"{value:,}", rule, float(value), behind[labels], _MADE_HERE)))
    found = audit([PublishedTable(whole.name, whole.dimensions, behind, whole.parts)], small)
    if not found.safe:
        raise UnprotectedError("the rounded table narrows some small count down too far; take a larger base")
    return ReleasedTable((*whole.dimensions, "count"), tuple(rows), rule, _MADE_HERE), found
