"""What log-linear models of three lists or more say of a scope, as rows of the table estimates."""

from __future__ import annotations

from dataclasses import dataclass, replace

from joinedup.estimate.averaging import METHOD
from joinedup.estimate.known_of_lists import KnownOfLists
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.overlaps import Scope
from joinedup.estimate.population import (
    ALWAYS,
    LEAST_LISTS,
    MethodRow,
    Options,
    PopulationEstimate,
    Refusal,
    estimate_population,
)
from joinedup.estimate.reading import MOST_LISTS_READ

WORDS = {
    "chao": "log-linear: lower bound",
    "independence": "log-linear: independence",
    "stepwise": "log-linear: stepwise",
    "bic": "log-linear: lowest BIC",
    "heterogeneity": "log-linear: people who differ",
    "widened": "log-linear: widened limits",
    "averaged": "log-linear: all models by BIC",
}
"""The method column. The variant of `bic` with pairs only has no row here: it is for `joinedup estimate`."""

_REFERRAL = (
    "Lists that feed one another, and lists for different kinds of children, are what the terms of the model are for."
)
_NO_LIMITS = Refusal(
    "It has no limits: in most replicates no model can be fitted.",
    "More children on several lists: fuller returns, or lists joined in inquiry.toml, [estimate] lists.",
)
_FEWER = Refusal(
    "It comes to fewer children than are on the lists, those left out of the models included.",
    "Every list in the models, or fuller returns.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One method's total with its limits, none for no upper one, or its refusal; `leads` marks the method the rule takes."""

    method: str
    estimate: float | None
    lower: float | None
    upper: float | None
    refused: Refusal | None
    assumptions: str
    warnings: str
    leads: bool
    level: float


def method_of(words: str) -> str:
    """The method whose row is named so.

    >>> method_of("log-linear: lowest BIC")
    'bic'
    """
    return next(method for method, named in WORDS.items() if named == words)


def can_be_modelled(table: OverlapTable) -> bool:
    """Whether enough lists hold somebody for a model of how they depend on one another, and not too many to fit one."""
    return LEAST_LISTS <= sum(size > 0 for size in table.sizes) <= MOST_LISTS_READ


@dataclass(frozen=True, slots=True)
class Modelled:
    """What the models say of a scope: the table they were fitted to, their answer, and one row a method."""

    table: OverlapTable
    found: PopulationEstimate
    rows: tuple[Row, ...]


def modelled(scope: Scope, table: OverlapTable, options: Options, known: KnownOfLists) -> Modelled:
    """One row a method. The one that leads is that whose limits held a known truth most often: by BIC, from seven lists stepwise, widened by models of
    people who differ in how easily they are found.

    Where the table as a whole is too thin, every row is refused. So where lists mean different
    children or days. Pairs of lists that nobody can be on both of are marked, and lists
    that can hold one kind of child alone left out of the models, as `known` has it.
    """
    kept, left_out = known.modelled(table)
    marked, barred = known.marked(kept)
    found = estimate_population(marked, options)
    refused = known.refusal(marked)
    if refused:
        found = replace(found, refused=refused, estimate=None, lower=None, upper=None)
    said = (*left_out, *barred, *known.sentences_of(table))
    rows = tuple(_row(scope, each, found, table.observed, said) for each in found.range if each.method in WORDS)
    return Modelled(marked, found, rows)


def _row(scope: Scope, row: MethodRow, found: PopulationEstimate, observed: int, known: tuple[str, ...]) -> Row:
    refused = found.refused or _refused(row, observed)
    asked = f"Estimated: how many {scope.describes}, had every such child stood on a list."
    model = f"Model: {row.model}." if row.model else ""
    warned = " ".join(found.warnings) if row.chosen else ""
    how = "all models together" if row.method == METHOD else "bootstrap, the model chosen anew in every replicate"
    limits = f"Model-based, nominal {row.level:.0%}: {how}."
    parts = (
        asked,
        row.assumption,
        ALWAYS,
        _REFERRAL if row.method in {"bic", "averaged", "stepwise", "widened"} else "",
        model,
        warned,
        *(known if row.chosen else ()),
        limits,
    )
    said = " ".join(part for part in parts if part)
    against = " ".join([*(found.warnings if row.chosen else ()), *known])
    if refused:
        return Row(WORDS[row.method], None, None, None, refused, said, against, row.chosen, row.level)
    lower = None if row.lower is None else max(row.lower, float(observed))
    return Row(WORDS[row.method], row.estimate, lower, row.upper, None, said, against, row.chosen, row.level)


def _refused(row: MethodRow, observed: int) -> Refusal | None:
    if row.estimate is not None and row.estimate < observed * (1 - 1e-9):
        return _FEWER
    if row.estimate is None:
        return Refusal(row.reason or "No model can be fitted.", _NO_LIMITS.lifted_by)
    return _NO_LIMITS if row.lower is None else None
