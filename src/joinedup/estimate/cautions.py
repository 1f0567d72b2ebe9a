"""When an estimate is refused, and what is warned of."""

from __future__ import annotations

import numpy as np

from joinedup.estimate.bootstrap import Bootstrap
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.results import MethodRow, Refusal
from joinedup.estimate.select import ByBic, Counts

LEAST_LISTS = 3
LEAST_ON_SEVERAL = 5
THIN_ON_SEVERAL = 50
WIDE = 4.0
CLOSE = 6.0
"""Models whose BIC is within this of the lowest are said to fit about as well."""


def refused_before(table: OverlapTable) -> Refusal | None:
    """The refusal that needs no fit: too few lists, or too few people on several."""
    if len(table.lists) < LEAST_LISTS:
        return Refusal(
            f"Only {len(table.lists)} {'list holds' if len(table.lists) == 1 else 'lists hold'} anybody; a model of how lists depend on one another needs three.",
            "A third list of the same population and period.",
        )
    if table.on_several < LEAST_ON_SEVERAL:
        return Refusal(
            f"Only {table.on_several} {'person is' if table.on_several == 1 else 'people are'} on two lists or more; fewer than {LEAST_ON_SEVERAL} decide nothing.",
            "Fuller returns, or lists merged so that more people are on several.",
        )
    return None


def of_table(table: OverlapTable) -> list[str]:
    """What a reader must know of the table before any estimate from it."""
    found = []
    if LEAST_ON_SEVERAL <= table.on_several < THIN_ON_SEVERAL:
        found.append(
            f"Only {table.on_several} people are on two lists or more; below {THIN_ON_SEVERAL} an estimate gives no more "
            "than an order of magnitude."
        )
    found += [
        f"Nobody can be on all of {' and '.join(each)}: the models leave such people out." for each in table.never
    ]
    apart = [
        f"{one} and {other}"
        for one, other in table.apart()
        if not any({one, other} >= set(each) for each in table.never)
    ]
    if apart:
        such = "the pair" if len(apart) == 1 else "such a pair"
        found.append(
            f"Nobody is on both {'; or '.join(apart)}. If practice makes that impossible, or one feeds the other, the models are "
            f"wrong about {such}."
        )
    return found


def of_bootstrap(found: Bootstrap | None, row: MethodRow) -> list[str]:
    """What the replicates of the method that leads say against its limits."""
    if found is None or row.lower is None:
        return []
    warnings = []
    if not np.isfinite(found.limits[0].upper):
        warnings.append("There is no upper limit: in too many replicates no model can be fitted.")
    if found.without_model:
        share = found.without_model / len(found.totals)
        warnings.append(f"In {share:.1%} of replicates no model can be fitted; they count as totals without end.")
    if found.bias is None:
        warnings.append("The limits are plain percentiles: the corrections of BCa are undefined for this table.")
    return warnings


def of_limits(row: MethodRow) -> list[str]:
    """Limits so wide that the lists decide little."""
    if row.lower is None or row.upper is None or row.upper <= WIDE * row.lower:
        return []
    return [f"The upper limit is {row.upper / row.lower:.1f} times the lower: the lists decide little."]


def of_rivals(select: ByBic, counts: Counts) -> list[str]:
    """Models that fit about as well as the best and give totals more than twofold apart."""
    rivals = select.ranked(counts, within=CLOSE)
    totals = np.array([counts.sum() + rival.choice.unseen for rival in rivals])
    if len(totals) < 2 or totals.max() <= 2.0 * totals.min():
        return []
    spread = f"{totals.min():,.0f} to {totals.max():,.0f}"
    return [
        f"{len(totals)} models fit about as well (BIC within {CLOSE:.0f} of the lowest) and give totals from {spread}."
    ]
