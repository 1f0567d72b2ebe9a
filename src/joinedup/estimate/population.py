"""Estimates how many people there are from an overlap table, seen and unseen: with limits, range and warnings, or refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from joinedup.errors import UsageError
from joinedup.estimate import averaging, cautions, sample_coverage
from joinedup.estimate.bootstrap import Bootstrap, bootstrap, draw_replicates
from joinedup.estimate.bounds import LowerBound
from joinedup.estimate.cautions import LEAST_LISTS
from joinedup.estimate.loglinear.lattice import MOST_LISTS_ALL, MOST_LISTS_PAIRS, Model, lattice, main_effects, name
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.posterior import ASSUMPTIONS as POSTERIOR_ASSUMPTIONS
from joinedup.estimate.posterior import BAYESIAN, Answer, answers
from joinedup.estimate.reading import MOST_LISTS_READ
from joinedup.estimate.results import MethodRow, Options, PopulationEstimate, Refusal
from joinedup.estimate.select import ByBic, Choice, Counts, Downhill, Fixed, Stepwise

__all__ = [
    "ALWAYS",
    "ASSUMPTIONS",
    "LEAST_LISTS",
    "MethodRow",
    "Options",
    "PopulationEstimate",
    "Refusal",
    "estimate_population",
    "leading_model",
]

LOGLINEAR = ("bic", averaging.METHOD, "downhill", "stepwise", "independence", "chao")

ASSUMPTIONS: dict[str, str] = {
    "bic": "The lists depend on one another only through the terms of the chosen model, and not all lists together: "
    "nothing in the lists can show whether that holds.",
    averaging.METHOD: "The lists depend on one another only through the terms of one of the models, each as likely beforehand, and "
    "not all lists together: nothing in the lists can show whether that holds.",
    "downhill": "The lists depend on one another only through the terms of the chosen model, and not all lists together: "
    "nothing in the lists can show whether that holds; nor need the model be the best there is.",
    "stepwise": "The lists depend on one another only in the pairs of the chosen model: nothing in the lists can show "
    "whether that holds.",
    "independence": "Being on one list makes a person neither more nor less likely to be on any other.",
    "chao": "People may differ in how easily they are found, by a factor that is the same for all lists, and lists do not "
    "feed one another; it is a lower bound of the total, not an estimate of it.",
}
COVERAGE = "Pairs of lists may depend on each other, all three together in no other way."
ALWAYS = "The lists stand for the same population and period, nobody enters or leaves it, and records are linked without error."


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
    method = _resolved(options, len(held.lists))
    refused = cautions.refused_before(held)
    found = _Found([], cautions.of_table(held))
    if held.observed and len(held.lists) > 1:
        _fit_all(found, held, options, method)
        refused = refused or found.refused
    leads = next((row for row in found.rows if row.chosen), None)
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
        warnings=tuple(found.warnings),
        range=tuple(found.rows),
        assumption=f"{(ASSUMPTIONS | POSTERIOR_ASSUMPTIONS)[method]} {ALWAYS}",
        table=held.digest,
        seed=options.seed,
        replicates=options.replicates,
        overlaps=held.named(),
        totals=found.totals,
    )


@dataclass(slots=True)
class _Found:
    """What is gathered while the methods run: rows, warnings, and what the method that leads says of itself."""

    rows: list[MethodRow]
    warnings: list[str]
    refused: Refusal | None = None
    totals: tuple[float, ...] = ()


def _fit_all(found: _Found, table: OverlapTable, options: Options, method: str) -> None:
    """Runs every method that is wanted and can be run on so many lists; the one that leads is marked."""
    counts, lists = table.dense(), len(table.lists)
    drawn = draw_replicates(counts, options.replicates, options.seed)
    for asked in _methods(options, table, counts):
        chosen = asked.method == method and not asked.words
        if not options.beside and not chosen:
            continue
        row, resampled = _run(asked, table, options, drawn)
        found.rows.append(replace(row, chosen=chosen))
        if chosen:
            found.totals = tuple(resampled.totals.tolist()) if resampled else ()
            found.warnings += [*cautions.of_bootstrap(resampled, row), *cautions.of_limits(row)]
            if isinstance(asked.select, ByBic):
                found.warnings += cautions.of_rivals(asked.select, counts)
    if LEAST_LISTS <= lists <= MOST_LISTS_PAIRS and (options.beside or method == averaging.METHOD):
        row = replace(_averaged(table, options), chosen=method == averaging.METHOD)
        found.rows.append(row)
        if row.chosen:
            models = ByBic(lattice(lists, _order(options, lists)), table.possible())
            found.warnings += [*cautions.of_limits(row), *cautions.of_rivals(models, counts)]
    if lists == sample_coverage.LISTS and options.beside and options.replicates > 1 and not table.never:
        found.rows.append(_by_coverage(table, options))
    for answer in answers(table, method, options.seed, options.level, beside=options.beside):
        found.rows.append(_row_of(answer, options.level, chosen=answer.method == method))
        if found.rows[-1].chosen:
            found.warnings += answer.warnings
            found.refused = _refused_by(answer)


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
    if options.method in {"bic", averaging.METHOD} and lists > MOST_LISTS_PAIRS:
        raise UsageError(
            f"All models over {lists} lists are too many to try; {options.method} takes at most {MOST_LISTS_PAIRS} lists.",
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


def _methods(options: Options, table: OverlapTable, counts: Counts) -> list[_Asked]:
    """Every method of one model that can be run on so many lists, the bound and the baseline first."""
    possible, lists = table.possible(), len(table.lists)
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


def leading_model(table: OverlapTable, options: Options) -> Model | None:
    """The model behind the method asked for on a table in order: of an average the likeliest; none of the Bayesian methods."""
    method = _resolved(options, len(table.lists))
    wanted = "bic" if method == averaging.METHOD else method
    if cautions.refused_before(table):
        return None
    for asked in _methods(options, table, table.dense()):
        if asked.method == wanted and not asked.words:
            choice = asked.select(table.dense())
            return choice.model if choice else None
    return None


def _averaged(table: OverlapTable, options: Options) -> MethodRow:
    """All models by their weights of BIC."""
    lists, level = len(table.lists), options.level
    found = averaging.average(lattice(lists, _order(options, lists)), table.possible(), table.dense(), level)
    assumption = ASSUMPTIONS[averaging.METHOD]
    if found is None:
        reason = "No model of this method can be fitted to the table."
        return MethodRow(averaging.METHOD, None, None, None, None, level, False, reason, assumption)
    model = f"average of {found.models} models; likeliest, weight {found.weight:.2f}: {name(found.best, table.lists)}"
    return MethodRow(averaging.METHOD, model, found.estimate, found.lower, found.upper, level, False, None, assumption)


def _by_coverage(table: OverlapTable, options: Options) -> MethodRow:
    """The sample coverage estimate that the coverage of three lists advises."""
    label, level = "sample coverage", options.level
    found = sample_coverage.sample_coverage(
        len(table.lists), table.dense(), replicates=options.replicates, seed=options.seed, level=level
    )
    limits = {"one_step": found.one_step, "high_coverage": found.high_coverage}.get(found.advised or "")
    if limits is None:
        reason = found.refused.reason if found.refused else "The estimate does not exist for this table."
        return MethodRow(label, None, None, None, None, level, False, reason, COVERAGE)
    model = f"{str(found.advised).replace('_', ' ')}; another list covers {found.coverage:.0%} of each"
    upper = limits.upper if np.isfinite(limits.upper) else None
    return MethodRow(label, model, limits.estimate, limits.lower, upper, level, False, None, COVERAGE)


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
