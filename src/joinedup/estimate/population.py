"""Estimates how many people there are from an overlap table, seen and unseen: with limits, range and warnings, or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version

import numpy as np
import pyarrow as pa

from joinedup.errors import UsageError
from joinedup.estimate.bootstrap import Bootstrap, bootstrap, draw_replicates
from joinedup.estimate.bounds import LowerBound
from joinedup.estimate.loglinear.lattice import MOST_LISTS_ALL, MOST_LISTS_PAIRS, lattice, main_effects, name
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.posterior import ASSUMPTIONS as POSTERIOR_ASSUMPTIONS
from joinedup.estimate.posterior import BAYESIAN, Answer, answers
from joinedup.estimate.reading import MOST_LISTS_READ
from joinedup.estimate.select import ByBic, Choice, Counts, Downhill, Fixed, Stepwise

LOGLINEAR = ("bic", "downhill", "stepwise", "independence", "chao")
LEAST_LISTS = 3
LEAST_ON_SEVERAL = 5
THIN_ON_SEVERAL = 50
WIDE = 4.0
CLOSE = 6.0
"""Models whose BIC is within this of the lowest are said to fit about as well."""

ASSUMPTIONS: dict[str, str] = {
    "bic": "The lists depend on one another only through the terms of the chosen model, and not all lists together: "
    "nothing in the lists can show whether that holds.",
    "downhill": "The lists depend on one another only through the terms of the chosen model, and not all lists together: "
    "nothing in the lists can show whether that holds; nor need the model be the best there is.",
    "stepwise": "The lists depend on one another only in the pairs of the chosen model: nothing in the lists can show "
    "whether that holds.",
    "independence": "Being on one list makes a person neither more nor less likely to be on any other.",
    "chao": "People may differ in how easily they are found, by a factor that is the same for all lists, and lists do not "
    "feed one another; it is a lower bound of the total, not an estimate of it.",
}
ALWAYS = "The lists stand for the same population and period, nobody enters or leaves it, and records are linked without error."


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked: a method, the largest term of a model (none: as large as is tried), replicates, seed and level.

    Without replicates there are no limits. `beside`: whether the other methods are run too.
    """

    method: str = "auto"
    max_order: int | None = None
    replicates: int = 1000
    seed: int = 1
    level: float = 0.95
    beside: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no headline is given, and what would lift it."""

    reason: str
    lifted_by: str


@dataclass(frozen=True, slots=True)
class MethodRow:
    """What one method says: a total with its limits, infinite limits as none; or nothing, with the reason."""

    method: str
    model: str | None
    estimate: float | None
    lower: float | None
    upper: float | None
    level: float
    chosen: bool
    reason: str | None
    assumption: str


@dataclass(frozen=True, slots=True)
class PopulationEstimate:
    """The answer to one overlap table. Where it is refused, the estimate and its limits are none and the range stays."""

    observed: int
    on_several: int
    lists: tuple[str, ...]
    method: str
    model: str | None
    estimate: float | None
    lower: float | None
    upper: float | None
    level: float
    refused: Refusal | None
    warnings: tuple[str, ...]
    range: tuple[MethodRow, ...]
    assumption: str
    table: str
    seed: int
    replicates: int

    @property
    def words(self) -> str:
        """The answer in a sentence or two, the known count first."""
        known = f"{self.observed:,} people are on the lists."
        if self.refused or self.estimate is None:
            return f"{known} No total is given: {self.refused.reason if self.refused else 'no model can be fitted.'}"
        limits = ""
        if self.lower is not None:
            upper = f"{self.upper:,.0f}" if self.upper is not None else "no upper limit"
            limits = f" ({self.lower:,.0f} to {upper}; model-based, nominal {self.level:.0%})"
        return f"{known} In all there are about {self.estimate:,.0f}{limits}."

    def to_dict(self) -> dict[str, object]:
        """The answer as plain values; `nominal` repeats the level, which limits that rest on a model are not sure to reach."""
        found = asdict(self)
        found["nominal"] = self.level
        found["interval"] = f"model-based, nominal {self.level:.0%}"
        found["words"] = self.words
        found["versions"] = {each: version(each) for each in ("joinedup", "numba", "numpy", "scipy")}
        return found

    def to_json(self) -> str:
        """The answer as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_table(self) -> pa.Table:
        """One row for each method of the range."""
        return pa.Table.from_pylist([asdict(row) for row in self.range], schema=_RANGE)


_FIELDS: list[tuple[str, pa.DataType]] = [
    ("method", pa.string()),
    ("model", pa.string()),
    ("estimate", pa.float64()),
    ("lower", pa.float64()),
    ("upper", pa.float64()),
    ("level", pa.float64()),
    ("chosen", pa.bool_()),
    ("reason", pa.string()),
    ("assumption", pa.string()),
]
_RANGE = pa.schema(_FIELDS)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One method set up for one table."""

    method: str
    select: Callable[[Counts], Choice | None]
    words: str = ""

    @property
    def label(self) -> str:
        return f"{self.method}{self.words}"


def estimate_population(table: OverlapTable, options: Options | None = None) -> PopulationEstimate:
    """How many people there are, by the method asked for, beside what the other methods say.

    `auto` is the lowest BIC among all hierarchical models to five lists and among all models of pairs at six, and stepwise
    from seven: of the methods tried, the limits by BIC held a known truth most often. The order of the lists and of the
    rows changes nothing, nor does a list nobody is on. Raises UsageError for a method that cannot be run on so many lists.

    >>> table = OverlapTable(("a", "b", "c"), {1: 50, 2: 40, 4: 30, 3: 20, 5: 15, 6: 12, 7: 6})
    >>> found = estimate_population(table, Options("independence", replicates=0))
    >>> found.observed, round(found.estimate)
    (173, 273)
    """
    options = options or Options()
    held = table.in_order()
    lists = len(held.lists)
    method = _resolved(options, lists)
    refused = _refused_before(held)
    rows: list[MethodRow] = []
    warnings = _warnings(held)
    if held.observed and lists > 1:
        counts = held.dense()
        drawn = draw_replicates(counts, options.replicates, options.seed)
        for asked in _methods(options, counts, lists):
            if not options.beside and (asked.method != method or asked.words):
                continue
            row, found = _run(asked, held, options, drawn)
            chosen = asked.method == method and not asked.words
            rows.append(replace(row, chosen=chosen))
            if chosen:
                warnings += _warnings_of(asked, counts, found, rows[-1])
        for answer in answers(held, method, options.seed, options.level, beside=options.beside):
            rows.append(_row_of(answer, options.level, chosen=answer.method == method))
            if rows[-1].chosen:
                warnings += answer.warnings
                refused = refused or _refused_by(answer)
    leads = next((row for row in rows if row.chosen), None)
    if refused is None and leads is not None and leads.estimate is None:
        refused = Refusal(
            leads.reason or "No model can be fitted.", "People on more lists: fuller returns, or lists merged."
        )
    shown = leads if refused is None else None
    return PopulationEstimate(
        observed=held.observed,
        on_several=held.on_several,
        lists=held.lists,
        method=method,
        model=leads.model if leads else None,
        estimate=shown.estimate if shown else None,
        lower=shown.lower if shown else None,
        upper=shown.upper if shown else None,
        level=options.level,
        refused=refused,
        warnings=tuple(warnings),
        range=tuple(rows),
        assumption=f"{(ASSUMPTIONS | POSTERIOR_ASSUMPTIONS)[method]} {ALWAYS}",
        table=held.digest,
        seed=options.seed,
        replicates=options.replicates,
    )


def _resolved(options: Options, lists: int) -> str:
    if lists > MOST_LISTS_READ:
        raise UsageError(
            f"{lists} lists; models are fitted to at most {MOST_LISTS_READ}.", remedy="Merge lists of one kind."
        )
    if options.method == "auto":
        return "bic" if lists <= MOST_LISTS_PAIRS else "stepwise"
    methods = (*LOGLINEAR, *BAYESIAN)
    if options.method not in methods:
        raise UsageError(f"There is no method {options.method}.", remedy=f"One of: auto, {', '.join(methods)}.")
    if options.method == "bic" and lists > MOST_LISTS_PAIRS:
        raise UsageError(
            f"All models over {lists} lists are too many to try; bic takes at most {MOST_LISTS_PAIRS} lists.",
            remedy="Use --method stepwise or downhill, or merge lists of one kind.",
        )
    return options.method


def _order(options: Options, lists: int) -> int:
    most = lists - 1 if lists <= MOST_LISTS_ALL else 2
    order = most if options.max_order is None else options.max_order
    if order < 1 or (lists > MOST_LISTS_ALL and order > most):
        raise UsageError(
            f"Models over {lists} lists with terms of up to {order} lists are not tried.",
            remedy=f"Give --max-order from 1 to {most}.",
        )
    return min(order, most)


def _methods(options: Options, counts: Counts, lists: int) -> list[_Asked]:
    """Every method that can be run on so many lists, the bound and the baseline first."""
    possible = np.ones(counts.size, dtype=np.bool_)
    possible[0] = False
    asked = [_Asked("chao", LowerBound(possible)), _Asked("independence", Fixed(main_effects(lists), possible))]
    if lists < LEAST_LISTS:
        return asked
    asked.append(_Asked("stepwise", Stepwise(possible)))
    if options.method == "downhill":
        asked.append(_Asked("downhill", Downhill(possible, _order(options, lists))))
    if lists <= MOST_LISTS_PAIRS:
        order = _order(options, lists)
        asked.append(_Asked("bic", ByBic(lattice(lists, order), possible).informed(counts)))
        if order > 2:
            pairs = ByBic(lattice(lists, 2), possible).informed(counts)
            asked.append(_Asked("bic", pairs, ", pairs only"))
    return asked


def _run(asked: _Asked, table: OverlapTable, options: Options, drawn: Counts) -> tuple[MethodRow, Bootstrap | None]:
    counts = table.dense()
    choice = asked.select(counts)
    assumption = ASSUMPTIONS[asked.method]
    nothing = MethodRow(asked.label, None, None, None, None, options.level, False, None, assumption)
    if choice is None:
        return replace(nothing, reason="No model of this method can be fitted to the table."), None
    total = table.observed + choice.unseen
    row = replace(nothing, model=name(choice.model, table.lists), estimate=total)
    if not len(drawn):
        return row, None
    found = bootstrap(counts, asked.select, total, drawn, (options.level,))
    [limits] = found.limits
    return replace(row, lower=limits.lower, upper=limits.upper if np.isfinite(limits.upper) else None), found


def _row_of(answer: Answer, level: float, *, chosen: bool) -> MethodRow:
    return MethodRow(
        answer.method,
        answer.model,
        answer.estimate,
        answer.lower,
        answer.upper,
        level,
        chosen,
        answer.reason,
        POSTERIOR_ASSUMPTIONS[answer.method],
    )


def _refused_by(answer: Answer) -> Refusal | None:
    return Refusal(answer.reason, answer.lifted_by) if answer.reason and answer.lifted_by else None


def _refused_before(table: OverlapTable) -> Refusal | None:
    """The refusal that needs no fit: too few lists, or too few people on several."""
    if len(table.lists) < LEAST_LISTS:
        return Refusal(
            f"Only {len(table.lists)} lists hold anybody; a model of how lists depend on one another needs three.",
            "A third list of the same population and period.",
        )
    if table.on_several < LEAST_ON_SEVERAL:
        return Refusal(
            f"Only {table.on_several} people are on two lists or more; fewer than {LEAST_ON_SEVERAL} decide nothing.",
            "Fuller returns, or lists merged so that more people are on several.",
        )
    return None


def _warnings(table: OverlapTable) -> list[str]:
    found = []
    if LEAST_ON_SEVERAL <= table.on_several < THIN_ON_SEVERAL:
        found.append(
            f"Only {table.on_several} people are on two lists or more; below {THIN_ON_SEVERAL} an estimate gives no more "
            "than an order of magnitude."
        )
    found += [
        f"Nobody is on both {one} and {other}. If practice makes that impossible, or one feeds the other, the models are "
        "wrong about the pair."
        for one, other in table.apart()
    ]
    return found


def _warnings_of(asked: _Asked, counts: Counts, found: Bootstrap | None, row: MethodRow) -> list[str]:
    warnings = []
    if found is not None and row.lower is not None:
        [limits] = found.limits
        if row.upper is None:
            warnings.append("The limits have no upper end: in too many replicates no model can be fitted.")
        elif limits.upper > WIDE * limits.lower:
            warnings.append(
                f"The upper limit is {limits.upper / limits.lower:.1f} times the lower: the lists decide little."
            )
        if found.without_model:
            share = found.without_model / len(found.totals)
            warnings.append(f"In {share:.1%} of replicates no model can be fitted; they count as totals without end.")
        if found.bias is None:
            warnings.append("The limits are plain percentiles: the corrections of BCa are undefined for this table.")
    if isinstance(asked.select, ByBic):
        warnings += _close_models(asked.select, counts)
    return warnings


def _close_models(select: ByBic, counts: Counts) -> list[str]:
    totals = [counts.sum() + rival.choice.unseen for rival in select.ranked(counts) if rival.above <= CLOSE]
    if len(totals) < 2 or max(totals) <= 2.0 * min(totals):
        return []
    spread = f"{min(totals):,.0f} to {max(totals):,.0f}"
    return [
        f"{len(totals)} models fit about as well (BIC within {CLOSE:.0f} of the lowest) and give totals from {spread}."
    ]
