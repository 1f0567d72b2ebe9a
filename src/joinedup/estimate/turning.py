"""What the estimate that leads turns on, as rows of the table sensitivities, and how its replicates lie, as rows of redrawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from joinedup.domain.numbers import number_id, number_ids
from joinedup.estimate.bootstrap import quantile
from joinedup.estimate.omitted import LOG_ODDS
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.results import Options, PopulationEstimate
from joinedup.estimate.sensitivity import FALSE, MISSED, Sensitivity, links_made, links_missed, sensitivity
from joinedup.estimate.two_lists import Options as PairOptions
from joinedup.estimate.two_lists import Pair, Result, estimate

LEFT_OUT, MERGED, TIED, PRIOR = "list left out", "lists merged", "lists tied", "prior and cap"
MORE_MISSED, MORE_FALSE = "more links missed", "more false links"
MODEL, KNOWN_LIST = "model as good", "list as known truth"
PEOPLE, LINKS = "people", "links"
SHARES = (0.025, *(place / 10 for place in range(1, 10)), 0.975)
"""The shares of replicates at which their totals are given."""

_KINDS = {"left out": LEFT_OUT, "merged": MERGED}
Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class _Turned:
    """One row before its place and its number."""

    kind: str
    change: str
    estimate: float | None
    on_several: int
    assumed: float | None = None
    lower: float | None = None
    upper: float | None = None
    truth: int | None = None
    held: bool | None = None
    refused: str | None = None


def of_models(scope: str, recipe: str, table: OverlapTable, found: PopulationEstimate, options: Options) -> Rows:
    """The rows of sensitivities for a total of three lists or more by the method that leads; none where it is refused.

    `table` is the one the models were fitted to. The rows hold what `joinedup estimate` prints of the same table.
    """
    if found.estimate is None:
        return []
    turned = sensitivity(table, replace(options, method=found.method))
    return _rows(scope, recipe, found.estimate, _of_sensitivity(turned, table.on_several))


def of_pair(scope: str, recipe: str, table: OverlapTable, leads: Result, options: PairOptions) -> Rows:
    """The rows of sensitivities for a total of two lists: the two tied, and links missed or false; none where it is refused.

    On neither list are as many as on the one alone times those on the other alone, over those on both, were the two independent;
    tied, that is multiplied by the odds ratio.
    """
    if leads.estimate is None:
        return []
    pair, other = leads.pair, "all other lists" if len(leads.pair.second) > 1 else leads.pair.second[0]
    held = table.merged({pair.first: [pair.first], other: list(pair.second)})
    whole = Pair(pair.first, (other,))
    unseen = leads.estimate.estimate - held.observed
    made = [
        _Turned(TIED, f"{pair.first} and {other}", held.observed + unseen * math.exp(odds), held.on_several, odds)
        for odds in LOG_ODDS
    ]
    changed = [(MORE_MISSED, share, links_missed(held, share)) for share in MISSED]
    changed += [(MORE_FALSE, share, links_made(held, share)) for share in FALSE]
    for kind, share, each in changed:
        again = estimate(each, whole, options)
        total = again.estimate.estimate if again.estimate else None
        made.append(_Turned(kind, f"{share:.0%}", total, each.on_several, share, refused=again.refused or None))
    return _rows(scope, recipe, leads.estimate.estimate, made)


def redrawn(scope: str, recipe: str, drawn: str, totals: Sequence[float]) -> Rows:
    """How the totals of replicates lie: at each share of them the total that so many come to at most, none where it has no end.

    `drawn` says what was drawn again: the people, or what the review leaves open of the links. Few replicates say nothing of the ends.
    """
    values = np.array(totals, dtype=np.float64)
    inside = [share for share in SHARES if share * (values.size + 1) >= 1 and (1 - share) * (values.size + 1) >= 1]
    found: Rows = []
    for share in inside if values.size > 1 else []:
        total = quantile(values, share)
        row = {"scope": scope, "drawn": drawn, "replicates": values.size, "share": share, "recipe": recipe}
        row["total"] = total if math.isfinite(total) else None
        found.append(row | {"number_id": number_id("redrawn", scope, drawn, f"{share:.3f}")})
    return found


def _of_sensitivity(turned: Sensitivity, on_several: int) -> Iterable[_Turned]:
    for each in turned.changes:
        kind = _KINDS.get(each.kind, each.kind)
        share = float(each.change.rstrip("%")) / 100 if kind in {MORE_MISSED, MORE_FALSE} else None
        yield _Turned(kind, each.change, each.estimate, each.on_several, share, refused=each.reason)
    for tie in turned.assumed:
        refused = None if tie.estimate is not None else "The model with this tie does not settle."
        yield _Turned(TIED, tie.term, tie.estimate, on_several, tie.log_odds, refused=refused)
    for model in turned.models if turned.close > 1 else ():
        yield _Turned(MODEL, model.model, model.estimate, on_several, model.above)
    for prior in turned.priors:
        change = f"{prior.prior}, cap {prior.cap:.0f}"
        ends = prior.lower, prior.upper
        yield _Turned(PRIOR, change, prior.median, on_several, prior.cap, *ends, refused=prior.reason)
    for case in turned.self_test.cases:
        known = case.lower, case.upper, case.truth, case.covered, case.reason
        yield _Turned(KNOWN_LIST, case.name, case.estimate, case.on_several, None, *known)


def _rows(scope: str, recipe: str, base: float, made: Iterable[_Turned]) -> Rows:
    every = list(made)
    names: list[tuple[str, ...]] = [
        ("sensitivity", scope, each.kind, each.change, f"{math.exp(each.assumed):.2f}")
        if each.kind == TIED and each.assumed is not None
        else ("sensitivity", scope, each.kind, each.change)
        for each in every
    ]
    return [
        {
            "scope": scope,
            "place": place,
            "kind": each.kind,
            "change": each.change,
            "assumed": each.assumed,
            "estimate": each.estimate,
            "lower": each.lower,
            "upper": each.upper,
            "ratio": each.estimate / base if each.estimate is not None and each.kind != KNOWN_LIST else None,
            "truth": each.truth,
            "held": each.held,
            "on_several": each.on_several,
            "refused": each.refused,
            "number_id": number,
            "recipe": recipe,
        }
        for place, (each, number) in enumerate(zip(every, number_ids(names), strict=True), start=1)
    ]
