"""What an estimate turns on: lists left out or merged, links missed or made wrongly, and lists whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Literal

from joinedup.errors import UsageError
from joinedup.estimate import averaging, fixed, spread
from joinedup.estimate.bayes import decomposable
from joinedup.estimate.cautions import CLOSE, LEAST_ON_SEVERAL
from joinedup.estimate.loglinear.lattice import MOST_LISTS_PAIRS, lattice, name
from joinedup.estimate.methods import base_of, largest_term, resolved
from joinedup.estimate.omitted import Assumed, omitted
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import LEAST_LISTS, Options, PopulationEstimate, estimate_population, leading_model
from joinedup.estimate.posterior import MOST_LISTS_BESIDE
from joinedup.estimate.select import ByBic, Rival

PRIORS: tuple[tuple[Literal["1/N", "uniform"], float], ...] = (
    ("1/N", 10.0),
    ("1/N", 30.0),
    ("1/N", 100.0),
    ("uniform", 30.0),
)
"""Priors of the number of people, and the most thought possible as a multiple of those seen."""
MISSED = (0.05, 0.1, 0.2)
FALSE = (0.01, 0.02)


FEWEST_COVERED = 0.8
"""A self-test whose limits hold fewer of the known truths than this is warned of."""
SELF_TEST_REPLICATES = 200
MOST_MODELS = 10
"""Models that fit about as well are named to so many, nearest first; those of the lowest and of the highest total always."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The total by the same method on a changed table, and its ratio to the total on the table as it is; none if refused.

    `on_several`: people on two lists or more of the changed table.
    """

    kind: str
    change: str
    observed: int
    on_several: int
    estimate: float | None
    ratio: float | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class KnownList:
    """One list as known truth: the people on it, estimated from the other lists as if nobody knew the list.

    `observed`: those of them on another list; `on_several`: on two others or more. `covered`: whether the limits hold the known
    number; none where no estimate is given.
    """

    name: str
    truth: int
    observed: int
    on_several: int
    estimate: float | None
    lower: float | None
    upper: float | None
    covered: bool | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class SelfTest:
    """Every list in turn as known truth; `coverage` is the share of estimates given whose limits held it."""

    cases: tuple[KnownList, ...]

    @property
    def given(self) -> int:
        """Lists for which an estimate is given."""
        return sum(case.covered is not None for case in self.cases)

    @property
    def coverage(self) -> float | None:
        """The share of them whose limits held the known number; none where none is given."""
        return sum(bool(case.covered) for case in self.cases) / self.given if self.given else None


@dataclass(frozen=True, slots=True)
class Prior:
    """The median and 95% limits of the average of graphs under one prior and cap, and why that would be refused if it would."""

    prior: str
    cap: float
    median: float
    lower: float
    upper: float
    reason: str | None


@dataclass(frozen=True, slots=True)
class AsGood:
    """A model of lists that depend on one another, how far its BIC is above the lowest, and its total."""

    model: str
    above: float
    estimate: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What an estimate turns on, and how its method fares on the table's own lists.

    `assumed`: ties between lists that the model leaves out. `priors`: the average of graphs under other priors and caps.
    `models`: those whose BIC is within 6 of the lowest, of which there are `close`.
    """

    changes: tuple[Changed, ...]
    self_test: SelfTest
    assumed: tuple[Assumed, ...] = ()
    priors: tuple[Prior, ...] = ()
    models: tuple[AsGood, ...] = ()
    close: int = 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """The self-test's failure, if it fails."""
        coverage = self.self_test.coverage
        if coverage is None or coverage >= FEWEST_COVERED:
            return ()
        held = sum(bool(case.covered) for case in self.self_test.cases)
        cases = f"{held} of {self.self_test.given} cases"
        return (
            f"With each list in turn taken as known truth, the limits held it in {cases}: they are too narrow here.",
        )

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        tested = {"given": self.self_test.given, "coverage": self.self_test.coverage}
        cases = [asdict(case) for case in self.self_test.cases]
        return {
            "changes": [asdict(each) for each in self.changes],
            "ties": [asdict(each) for each in self.assumed],
            "priors": [asdict(each) for each in self.priors],
            "models": {"close": self.close, "shown": [asdict(each) for each in self.models]},
            "self_test": {**tested, "cases": cases},
        }


def sensitivity(table: OverlapTable, options: Options) -> Sensitivity:
    """Every change and the self-test, its limits from 200 replicates at most. Lists nobody is on change nothing."""
    fewer = replace(options, replicates=min(options.replicates, SELF_TEST_REPLICATES))
    held = table.in_order()
    model = leading_model(held, options)
    ties = tuple(omitted(held, model)) if model else ()
    close = models_as_good(held, options)
    return Sensitivity(
        tuple(changes(held, options)),
        self_test(held, fewer),
        ties,
        tuple(priors(held)),
        tuple(_named(held, close)),
        len(close),
    )


def models_as_good(table: OverlapTable, options: Options) -> list[Rival]:
    """The models whose BIC is within 6 of the lowest, nearest first, where the method asked for chooses among all by BIC."""
    lists = len(table.lists)
    if not LEAST_LISTS <= lists <= MOST_LISTS_PAIRS or table.on_several < LEAST_ON_SEVERAL:
        return []
    method = resolved(options, lists)
    if method not in {"bic", averaging.METHOD, spread.WIDENED} or base_of(lists) != "bic":
        return []
    select = ByBic(lattice(lists, largest_term(options, lists)), table.possible())
    return select.ranked(table.dense(), within=CLOSE)


def _named(table: OverlapTable, close: Sequence[Rival]) -> list[AsGood]:
    """The nearest of them, and those of the lowest and the highest total."""
    by_total = sorted(range(len(close)), key=lambda place: close[place].choice.unseen)
    shown = sorted({*range(min(len(close), MOST_MODELS)), *by_total[:1], *by_total[-1:]})
    return [
        AsGood(
            name(close[place].choice.model, table.lists),
            close[place].above,
            table.observed + close[place].choice.unseen,
        )
        for place in shown
    ]


def priors(table: OverlapTable) -> list[Prior]:
    """The average of decomposable graphs under other priors and caps, to five lists; where it moves, the prior decides."""
    lists = len(table.lists)
    if not LEAST_LISTS <= lists <= MOST_LISTS_BESIDE or table.never:
        return []
    found = []
    for prior, cap in PRIORS:
        answer = decomposable.average(lists, table.dense(), decomposable.Options(prior=prior, cap=cap))
        if answer.graphs:
            low, middle, high = (answer.quantile(share) for share in (0.025, 0.5, 0.975))
            found.append(Prior(prior, cap, middle, low, high, answer.refused.reason if answer.refused else None))
    return found


def self_test(table: OverlapTable, options: Options) -> SelfTest:
    """How the method fares where the truth is known: each list's own people, from the lists that remain.

    The people on one list are a population of known size, of whom the other lists hold some; those the others do not hold
    are the unseen. It needs four lists, since three must remain. A method that fails here is not to be trusted with
    those no list holds; one that does well may still fail, since people on no list may differ.
    Source: O. Binette and R. C. Steorts, Journal of the Royal Statistical Society A 185 (2022), 640-676.

    >>> table = OverlapTable(("a", "b", "c", "d"), dict.fromkeys(range(1, 16), 50))
    >>> found = self_test(table, Options("independence", replicates=200))
    >>> found.cases[0].truth, round(found.cases[0].estimate), found.coverage
    (400, 400, 1.0)
    """
    return SelfTest(tuple(_known(table, place, options) for place in range(len(table.lists))))


def _known(table: OverlapTable, place: int, options: Options) -> KnownList:
    known = table.lists[place]
    others = [each for each in table.lists if each != known]
    within = OverlapTable(table.lists, {p: count for p, count in table.counts.items() if p >> place & 1}).taking(others)
    found = _estimated(within, _on_fewer(options, within, {}))
    truth = table.on_any([known])
    covered = None
    if found.estimate is not None and found.lower is not None:
        covered = found.lower <= truth and (found.upper is None or truth <= found.upper)
    reason = found.refused.reason if found.refused else None
    seen = within.observed, within.on_several
    return KnownList(known, truth, *seen, found.estimate, found.lower, found.upper, covered, reason)


def changes(table: OverlapTable, options: Options) -> list[Changed]:
    """The total with each list left out, each two lists merged, and links missed or false, all by the method asked for.

    The errors of linking are made on the table as it is: the ratio says how far a further share of links missed, or of people
    wrongly joined, would move the total, and so how far such errors already in the lists may have moved it.
    """
    plain = replace(options, replicates=0)
    base = _estimated(table, plain).estimate
    lists = table.lists
    varied: list[tuple[str, str, OverlapTable, Options]] = []
    if len(lists) > LEAST_LISTS:
        for one in lists:
            less = table.taking([each for each in lists if each != one])
            varied.append(("left out", one, less, _on_fewer(plain, less, {})))
        for one, other in combinations(lists, 2):
            joined = f"{one} or {other}"
            less = table.merged({joined: [one, other], **{each: [each] for each in lists if each not in {one, other}}})
            varied.append(("merged", f"{one} and {other}", less, _on_fewer(plain, less, {one: joined, other: joined})))
    varied += [("more links missed", f"{share:.0%}", links_missed(table, share), plain) for share in MISSED]
    varied += [("more false links", f"{share:.0%}", links_made(table, share), plain) for share in FALSE]
    return [_changed(kind, change, each, base, asked) for kind, change, each, asked in varied]


def _on_fewer(options: Options, table: OverlapTable, renamed: Mapping[str, str]) -> Options:
    """What was asked, of a table of fewer lists: a model that was given is given of those."""
    if options.method != fixed.METHOD:
        return options
    return replace(options, model=fixed.changed(options.model, table.in_order().lists, renamed))


def _changed(kind: str, change: str, table: OverlapTable, base: float | None, options: Options) -> Changed:
    found = _estimated(table, options)
    ratio = found.estimate / base if found.estimate is not None and base else None
    reason = found.refused.reason if found.refused else None
    return Changed(kind, change, table.observed, table.on_several, found.estimate, ratio, reason)


def _estimated(table: OverlapTable, options: Options) -> PopulationEstimate:
    """The method on a table; where it cannot be run on so many lists, what `auto` takes."""
    try:
        return estimate_population(table, replace(options, beside=False))
    except UsageError:
        return estimate_population(table, replace(options, method="auto", model="", max_order=None, beside=False))


def links_missed(table: OverlapTable, share: float) -> OverlapTable:
    """The table had that share of the people on several lists not been recognised on one of them, each of theirs alike often.

    In expectation, rounded to whole people: each such person stands twice, on that list alone and on the others.

    >>> links_missed(OverlapTable(("a", "b"), {1: 20, 2: 10, 3: 10}), 0.2).counts
    {1: 22, 2: 12, 3: 8}
    """
    counts = dict.fromkeys(range(1, 1 << len(table.lists)), 0.0) | {p: float(n) for p, n in table.counts.items()}
    for pattern, people in table.counts.items():
        places = [place for place in range(len(table.lists)) if pattern >> place & 1]
        if len(places) > 1:
            lost = share * people
            counts[pattern] -= lost
            for place in places:
                counts[1 << place] += lost / len(places)
                counts[pattern ^ (1 << place)] += lost / len(places)
    return _rounded(table, counts)


def links_made(table: OverlapTable, share: float) -> OverlapTable:
    """The table had that share of the people on one list alone each taken in another, wrongly, from another list alone.

    In expectation, rounded to whole people: two lists meet in proportion to those on each alone.
    """
    counts = dict.fromkeys(range(1, 1 << len(table.lists)), 0.0) | {p: float(n) for p, n in table.counts.items()}
    alone = [table.counts.get(1 << place, 0) for place in range(len(table.lists))]
    meetings = {(one, other): alone[one] * alone[other] for one, other in combinations(range(len(alone)), 2)}
    joined = share * sum(alone)
    for (one, other), weight in meetings.items():
        wrong = min(joined * weight / max(sum(meetings.values()), 1), alone[one], alone[other])
        counts[1 << one] -= wrong
        counts[1 << other] -= wrong
        counts[1 << one | 1 << other] += wrong
    return _rounded(table, counts)


def _rounded(table: OverlapTable, counts: Mapping[int, float]) -> OverlapTable:
    whole = {pattern: round(people) for pattern, people in sorted(counts.items())}
    return OverlapTable(table.lists, {pattern: people for pattern, people in whole.items() if people > 0})
