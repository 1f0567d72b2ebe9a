"""Estimates how many people there are from an overlap table, seen and unseen: with limits, range and warnings, or refused."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from joinedup.estimate import averaging, cautions, sample_coverage, spread
from joinedup.estimate.bootstrap import bootstrap, draw_replicates
from joinedup.estimate.cautions import LEAST_LISTS
from joinedup.estimate.loglinear.lattice import MOST_LISTS_PAIRS, Model, lattice, name
from joinedup.estimate.methods import ALWAYS, ASSUMPTIONS, Asked, base_of, largest_term, methods, resolved
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.posterior import ASSUMPTIONS as POSTERIOR_ASSUMPTIONS
from joinedup.estimate.posterior import Answer, answers
from joinedup.estimate.results import MethodRow, Options, PopulationEstimate, Refusal
from joinedup.estimate.select import ByBic, Counts

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

COVERAGE = "Pairs of lists may depend on each other, all three together in no other way."


def estimate_population(table: OverlapTable, options: Options | None = None) -> PopulationEstimate:
    """How many people there are, by the method asked for, beside what the other methods say.

    `auto` is the lowest BIC among all hierarchical models to five lists and among all models of pairs at six, and stepwise
    from seven, its limits widened by models of people who differ in how easily they are found where those fit about as well: of the
    methods tried, such limits held a known truth most often. The order of the lists and of the rows changes nothing, nor does
    a list nobody is on. Raises UsageError for a method that cannot be run on so many lists.

    >>> table = OverlapTable(("a", "b", "c"), {1: 50, 2: 40, 4: 30, 3: 20, 5: 15, 6: 12, 7: 6})
    >>> found = estimate_population(table, Options("independence", replicates=0))
    >>> found.observed, round(found.estimate)
    (173, 273)
    """
    options = options or Options()
    held = table.in_order()
    method = resolved(options, len(held.lists))
    refused = cautions.refused_before(held)
    found = _Found([], cautions.of_table(held), warns=options.beside or options.replicates > 0)
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
    warns: bool = True


def _fit_all(found: _Found, table: OverlapTable, options: Options, method: str) -> None:
    """Runs every method that is wanted and can be run on so many lists; the one that leads is marked."""
    counts, lists = table.dense(), len(table.lists)
    drawn = draw_replicates(counts, options.replicates, options.seed)
    fits = _fits(found, table, options, drawn)
    if lists >= LEAST_LISTS and (options.beside or method == spread.WIDENED):
        _widen(found, table, fits, leads=method == spread.WIDENED)
    if LEAST_LISTS <= lists <= MOST_LISTS_PAIRS and (options.beside or method == averaging.METHOD):
        row = replace(_averaged(table, options), chosen=method == averaging.METHOD)
        found.rows.append(row)
        if row.chosen:
            models = ByBic(lattice(lists, largest_term(options, lists)), table.possible())
            found.warnings += [*cautions.of_limits(row), *cautions.of_rivals(models, counts)]
    if lists == sample_coverage.LISTS and options.beside and options.replicates > 1 and not table.never:
        found.rows.append(_by_coverage(table, options))
    for answer in answers(table, method, options.seed, options.level, beside=options.beside):
        found.rows.append(_row_of(answer, options.level, chosen=answer.method == method))
        if found.rows[-1].chosen:
            found.warnings += answer.warnings
            found.refused = _refused_by(answer)


def _fits(
    found: _Found, table: OverlapTable, options: Options, drawn: Counts
) -> dict[str, tuple[Asked, spread.Fitted]]:
    """The methods of one model that are wanted, by their labels, as fitted; their rows, and what the one that leads says, go to `found`."""
    counts, lists = table.dense(), len(table.lists)
    method = resolved(options, lists)
    fits: dict[str, tuple[Asked, spread.Fitted]] = {}
    wanted = {base_of(lists), spread.METHOD, spread.GAMMA} if method == spread.WIDENED else {method}
    for asked in methods(options, table, counts):
        if not options.beside and not {asked.label, asked.spread} & wanted:
            continue
        fitted = _run(asked, table, options, drawn)
        fits[asked.label] = (asked, fitted)
        if options.beside or method != spread.WIDENED:
            found.rows.append(replace(fitted.row, chosen=asked.label == method))
        if asked.label == method:
            _led_by(found, fitted, asked, counts)
    return fits


def _led_by(found: _Found, leads: spread.Fitted, asked: Asked, counts: Counts) -> None:
    """What the method that leads says of itself."""
    found.totals = tuple(leads.resampled.totals.tolist()) if leads.resampled else ()
    found.warnings += [*cautions.of_bootstrap(leads.resampled, leads.row), *cautions.of_limits(leads.row)]
    # A total alone, as sensitivities ask for by the dozen, is not worth fitting every model again for.
    if isinstance(asked.select, ByBic) and found.warns:
        found.warnings += cautions.of_rivals(asked.select, counts)


def _widen(found: _Found, table: OverlapTable, fits: dict[str, tuple[Asked, spread.Fitted]], *, leads: bool) -> None:
    """The row of the base model's limits widened by the models of people who differ."""
    base, fitted = fits[base_of(len(table.lists))]
    of_spread = [each for asked, each in fits.values() if asked.spread]
    many = table.on_several >= cautions.THIN_ON_SEVERAL
    wide, said = spread.widened(fitted, of_spread, ASSUMPTIONS[spread.WIDENED], many=many)
    found.rows.append(replace(wide.row, chosen=leads))
    if leads:
        _led_by(found, wide, base, table.dense())
        found.warnings += said


def _run(asked: Asked, table: OverlapTable, options: Options, drawn: Counts) -> spread.Fitted:
    counts = table.dense()
    choice = asked.select(counts)
    assumption = ASSUMPTIONS[asked.method]
    nothing = MethodRow(asked.label, None, None, None, None, options.level, False, None, assumption)
    if choice is None:
        nothing = replace(nothing, reason="No model of this method can be fitted to the table.")
        return spread.Fitted(nothing, None, None)
    total = table.observed + choice.unseen
    differ = f", people differing ({asked.spread})" if asked.spread and choice.place == 0 else ""
    row = replace(nothing, model=f"{name(choice.model, table.lists)}{differ}", estimate=total)
    if not len(drawn):
        return spread.Fitted(row, choice, None)
    found = bootstrap(counts, asked.select, total, drawn, (options.level,))
    [limits] = found.limits
    row = replace(row, lower=limits.lower, upper=limits.upper if np.isfinite(limits.upper) else None)
    return spread.Fitted(row, choice, found)


def leading_model(table: OverlapTable, options: Options) -> Model | None:
    """The model behind the method asked for on a table in order: of an average the likeliest; none of the Bayesian methods."""
    method = resolved(options, len(table.lists))
    wanted = {averaging.METHOD: "bic", spread.WIDENED: base_of(len(table.lists))}.get(method, method)
    if cautions.refused_before(table):
        return None
    for asked in methods(options, table, table.dense()):
        if asked.method == wanted and not asked.words:
            choice = asked.select(table.dense())
            return choice.model if choice else None
    return None


def _averaged(table: OverlapTable, options: Options) -> MethodRow:
    """All models by their weights of BIC."""
    lists, level = len(table.lists), options.level
    found = averaging.average(lattice(lists, largest_term(options, lists)), table.possible(), table.dense(), level)
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
