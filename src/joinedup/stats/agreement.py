"""How far two readers of the same cases agree, beyond what chance alone would give."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from scipy.stats import norm

from joinedup.stats.intervals import Interval


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two readers' agreement on one question.

    `observed` is the share of cases on which they agree, `expected` the share that would agree were their answers drawn
    apart in the same proportions, `kappa` the part of what chance leaves open that they reach; empty, with its limits,
    where both gave one and the same answer throughout and nothing is left open.
    """

    cases: int
    agreed: int
    observed: float
    expected: float
    kappa: float | None
    limits: Interval | None


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable], level: float = 0.95) -> Agreement:
    """Cohen's kappa of two readers' answers to the same cases, in the same order, with limits from its large-sample error.

    Assumes readers who did not confer and categories without order. With few cases the limits are wide and rough.
    Sources: J. Cohen, Educational and Psychological Measurement 20 (1960), 37-46; its error: J. L. Fleiss, J. Cohen and
    B. S. Everitt, Psychological Bulletin 72 (1969), 323-327. Raises ValueError for no case or unequal lengths.

    >>> found = cohen_kappa(["yes"] * 25 + ["no"] * 25, ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15)
    >>> round(found.observed, 2), round(found.expected, 2), round(found.kappa, 2)
    (0.7, 0.5, 0.4)
    """
    cases = len(first)
    if cases == 0 or cases != len(second):
        raise ValueError("kappa needs the two readers' answers to the same cases, at least one")
    if not 0 < level < 1:
        raise ValueError("a level lies between 0 and 1")
    rows, columns = Counter(first), Counter(second)
    cells = Counter(zip(first, second, strict=True))
    answers = sorted({*rows, *columns}, key=repr)
    agreed = sum(cells[answer, answer] for answer in answers)
    observed = agreed / cases
    expected = sum(rows[answer] * columns[answer] for answer in answers) / cases**2
    if expected == 1:
        return Agreement(cases, agreed, observed, expected, None, None)
    kappa = (observed - expected) / (1 - expected)
    half = float(norm.ppf(0.5 + level / 2)) * _error(cells, rows, columns, kappa, expected, cases)
    limits = Interval(max(-1.0, kappa - half), min(1.0, kappa + half), level)
    return Agreement(cases, agreed, observed, expected, kappa, limits)


def _error(
    cells: Counter[tuple[Hashable, Hashable]],
    rows: Counter[Hashable],
    columns: Counter[Hashable],
    kappa: float,
    expected: float,
    cases: int,
) -> float:
    """The standard error of kappa (Fleiss, Cohen and Everitt 1969, equation 13)."""
    on, off = 0.0, 0.0
    for (row, column), number in cells.items():
        share = number / cases
        margin = (columns[row] + rows[column]) / cases
        if row == column:
            on += share * (1 - margin * (1 - kappa)) ** 2
        else:
            off += share * margin**2
    variance = on + (1 - kappa) ** 2 * off - (kappa - expected * (1 - kappa)) ** 2
    return math.sqrt(max(variance, 0.0) / cases) / (1 - expected)
