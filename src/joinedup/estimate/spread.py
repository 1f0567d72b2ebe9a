"""Models of people who differ in how easily every list finds them, and limits widened by them.

How many are on no list then turns on how people differ, which nobody sees: several ways that fit the lists alike put
different numbers out of reach (W. A. Link, Biometrics 59 (2003), 1123-1130). So such models widen the limits of another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from joinedup.estimate.bootstrap import Bootstrap
from joinedup.estimate.cautions import CLOSE
from joinedup.estimate.loglinear.heterogeneity import column, design, fit_design
from joinedup.estimate.loglinear.kernels import CERTIFIED, lists_of
from joinedup.estimate.loglinear.lattice import main_effects
from joinedup.estimate.results import MethodRow
from joinedup.estimate.select import Cells, Choice, Counts, fitted

METHOD = "heterogeneity"
NORMAL, GAMMA = "normal", "gamma"
WIDENED = "widened"


@dataclass(frozen=True, slots=True)
class Spread:
    """Lists independent among people alike, people differing by a number of one spread, the same for all lists.

    `place` of its choice is 0 where people are found to differ; where the table says that they differ less than not at all, it is
    independence. Sources: J. N. Darroch, S. E. Fienberg, G. F. V. Glonek and B. W. Junker, Journal of the American Statistical
    Association 88 (1993), 1137-1148; L.-P. Rivest and S. Baillargeon, Biometrics 63 (2007), 999-1006.

    By hand: 40 people on each list alone, 30 on each two, 60 on all three. With a normal spread the logarithm of a cell is of the
    second degree in how many lists it holds, so its third difference is nought, and on no list are 60 (40 / 30)**3.

    >>> cells = np.arange(8) > 0
    >>> found = Spread(cells, NORMAL)(np.array([0.0, 40, 40, 30, 40, 30, 30, 60]))
    >>> round(found.unseen, 1)
    142.2
    """

    possible: Cells
    spread: str

    def __call__(self, counts: Counts) -> Choice | None:
        """The model fitted, or none where nothing proves that its maximum exists."""
        lists = lists_of(counts.size)
        rows = design(lists, column(self.spread, lists))
        coefficients = np.zeros(rows.shape[1])
        state, deviance = fit_design(counts, self.possible, rows, coefficients)
        if state != CERTIFIED:
            return None
        if coefficients[-1] <= 0.0:
            return fitted(counts, self.possible, main_effects(lists))[0]
        criterion = deviance + rows.shape[1] * math.log(float(counts.sum()))
        return Choice(main_effects(lists), math.exp(min(float(coefficients[0]), 700.0)), deviance, criterion, 0)


@dataclass(frozen=True, slots=True)
class Fitted:
    """One method fitted to one table: its row, the model and what the replicates came to."""

    row: MethodRow
    choice: Choice | None
    resampled: Bootstrap | None


def widened(base: Fitted, spreads: Sequence[Fitted], assumption: str, *, many: bool = True) -> tuple[Fitted, list[str]]:
    """The row whose limits hold those of the base model and of every spread that fits about as well or better; and what is to say.

    Its total is that of the base model or, where `many` are on several lists, of the normal spread if that has the lower BIC: where few
    are, the tail of a spread is guessed. A spread takes part where people are
    found to differ at all and its BIC is at most 6 above that of the base model. A row without an upper limit leaves none.
    """
    if base.choice is None:
        return replace(base, row=replace(base.row, method=WIDENED, assumption=assumption)), []
    limit = base.choice.criterion + CLOSE
    close = [
        each
        for each in spreads
        if each.choice is not None and each.choice.place == 0 and each.choice.criterion <= limit
    ]
    normal = next((each for each in close if each.row.method == METHOD), None)
    leads = base
    if many and normal is not None and normal.choice is not None and normal.choice.criterion < base.choice.criterion:
        leads = normal
    held = [base.row, *(each.row for each in close)]
    lowers, uppers = [each.lower for each in held if each.lower is not None], [each.upper for each in held]
    row = replace(
        leads.row,
        method=WIDENED,
        lower=min(lowers) if lowers else None,
        upper=None if None in uppers else max(each for each in uppers if each is not None),
        assumption=assumption,
    )
    return Fitted(row, leads.choice, leads.resampled), [
        *_open(base, close),
        *_said(base, close, better=leads is not base),
    ]


def _open(base: Fitted, close: Sequence[Fitted]) -> list[str]:
    """Where models of people who differ take the upper limit away that the base model has: how often they do, and what is left without."""
    shares = [
        each.resampled.without_model / len(each.resampled.totals)
        for each in close
        if each.resampled is not None and each.row.upper is None
    ]
    if not shares or base.row.lower is None or base.row.upper is None:
        return []
    said = (
        f"There is no upper limit: in {max(shares):.0%} of replicates a model of people who differ has no maximum, so that "
        "nothing on the lists says how many are out of reach. By ties between lists alone the limits are "
        f"{base.row.lower:,.0f} to {base.row.upper:,.0f}."
    )
    return [said]


def _said(base: Fitted, close: Sequence[Fitted], *, better: bool) -> list[str]:
    totals = [each.row.estimate for each in close if each.row.estimate is not None]
    if not totals or base.row.estimate is None:
        return []
    how = "better" if better else "about as well"
    given = " to ".join(f"{each:,.0f}" for each in dict.fromkeys((min(totals), max(totals))))
    said = (
        f"People may differ in how easily every list finds them: models that say so fit {how} and give {given}, "
        f"that of ties between lists {base.row.estimate:,.0f}. The limits hold those of all of them."
    )
    return [said]
