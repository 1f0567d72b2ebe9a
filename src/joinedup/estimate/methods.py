"""The methods of one model: which there are, what each assumes, and which can be run on a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from joinedup.errors import UsageError
from joinedup.estimate import averaging, fixed, spread
from joinedup.estimate.bounds import LowerBound
from joinedup.estimate.cautions import LEAST_LISTS
from joinedup.estimate.loglinear.lattice import MOST_LISTS_ALL, MOST_LISTS_PAIRS, lattice, main_effects
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.posterior import BAYESIAN
from joinedup.estimate.reading import MOST_LISTS_READ
from joinedup.estimate.results import Options
from joinedup.estimate.select import ByBic, Cells, Choice, Counts, Downhill, Fixed, Stepwise

LOGLINEAR = (
    "bic",
    averaging.METHOD,
    "downhill",
    "stepwise",
    fixed.METHOD,
    "independence",
    "chao",
    spread.METHOD,
    spread.WIDENED,
)

ASSUMPTIONS: dict[str, str] = {
    "bic": "The lists depend on one another only through the terms of the chosen model, and not all lists together: "
    "nothing in the lists can show whether that holds.",
    averaging.METHOD: "The lists depend on one another only through the terms of one of the models, each as likely beforehand, and "
    "not all lists together: nothing in the lists can show whether that holds.",
    spread.METHOD: "People differ in how easily they are found, by a number that is the same for all lists and spread as the model says; "
    "among people alike the lists are independent: nothing in the lists can show how it is spread.",
    spread.WIDENED: "The lists depend on one another only through the terms of the chosen model, and not all lists together, or people "
    "differ in how easily every list finds them in one of the ways tried: nothing in the lists can show whether that holds.",
    "downhill": "The lists depend on one another only through the terms of the chosen model, and not all lists together: "
    "nothing in the lists can show whether that holds; nor need the model be the best there is.",
    "stepwise": "The lists depend on one another only in the pairs of the chosen model: nothing in the lists can show "
    "whether that holds.",
    fixed.METHOD: "The lists depend on one another only through the terms of the model that was given, which was not chosen by the lists: "
    "nothing in them can show whether that holds.",
    "independence": "Being on one list makes a person neither more nor less likely to be on any other.",
    "chao": "People may differ in how easily they are found, by a factor that is the same for all lists, and lists do not "
    "feed one another; it is a lower bound of the total, not an estimate of it.",
}
ALWAYS = "The lists stand for the same population and period, nobody enters or leaves it, and records are linked without error."


@dataclass(frozen=True, slots=True)
class Asked:
    """One method set up for one table; `words` tell it from others of its name, `spread` says how people are taken to differ."""

    method: str
    select: Callable[[Counts], Choice | None]
    words: str = ""
    spread: str = ""

    @property
    def label(self) -> str:
        """The method with its words."""
        return f"{self.method}{self.words}"


def base_of(lists: int) -> str:
    """The method whose limits are widened: BIC where all models can be tried, else stepwise."""
    return "bic" if lists <= MOST_LISTS_PAIRS else "stepwise"


def resolved(options: Options, lists: int) -> str:
    """The method asked for by its own name. Raises UsageError for one that cannot be run on so many lists."""
    if lists > MOST_LISTS_READ:
        raise UsageError(
            f"{lists} lists; models are fitted to at most {MOST_LISTS_READ}.", remedy="Merge lists of one kind."
        )
    if options.method == "auto" and not options.model:
        return spread.WIDENED
    if (options.method == fixed.METHOD) != bool(options.model):
        raise UsageError(
            "A model is given with the method fixed, and with no other.", remedy="--method fixed --model '[a*b] [c]'."
        )
    methods = (*LOGLINEAR, *BAYESIAN)
    if options.method not in methods:
        raise UsageError(f"There is no method {options.method}.", remedy=f"One of: auto, {', '.join(methods)}.")
    if options.method in {"bic", averaging.METHOD} and lists > MOST_LISTS_PAIRS:
        raise UsageError(
            f"All models over {lists} lists are too many to try; {options.method} takes at most {MOST_LISTS_PAIRS} lists.",
            remedy="Use --method stepwise or downhill, or merge lists of one kind.",
        )
    return options.method


def largest_term(options: Options, lists: int) -> int:
    """The most lists in one term of a model. Raises UsageError for more than are tried."""
    most = lists - 1 if lists <= MOST_LISTS_ALL else 2
    order = most if options.max_order is None else options.max_order
    if order < 1 or (lists > MOST_LISTS_ALL and order > most):
        raise UsageError(
            f"Models over {lists} lists with terms of up to {order} lists are not tried.",
            remedy=f"Give --max-order from 1 to {most}.",
        )
    return min(order, most)


def methods(options: Options, table: OverlapTable, counts: Counts) -> list[Asked]:
    """Every method of one model that can be run on so many lists, the bound and the baseline first."""
    possible, lists = table.possible(), len(table.lists)
    asked = [Asked("chao", LowerBound(possible)), Asked("independence", Fixed(main_effects(lists), possible))]
    if lists < LEAST_LISTS:
        return asked
    asked.append(Asked("stepwise", Stepwise(possible)))
    if options.method == fixed.METHOD:
        asked.append(Asked(fixed.METHOD, Fixed(fixed.model_of(options.model, table.lists), possible)))
    if options.method == "downhill":
        asked.append(Asked("downhill", Downhill(possible, largest_term(options, lists))))
    if lists <= MOST_LISTS_PAIRS:
        order = largest_term(options, lists)
        asked.append(Asked("bic", _by_bic(lists, order, possible, counts, options)))
        if order > 2 and options.beside:
            asked.append(Asked("bic", _by_bic(lists, 2, possible, counts, options), ", pairs only"))
    asked.append(Asked(spread.METHOD, spread.Spread(possible, spread.NORMAL), spread=spread.NORMAL))
    asked.append(Asked(spread.METHOD, spread.Spread(possible, spread.GAMMA), ", gamma", spread=spread.GAMMA))
    return asked


def _by_bic(lists: int, order: int, possible: Cells, counts: Counts, options: Options) -> ByBic:
    """The selection by BIC; told beforehand which models do best where it is to be repeated on replicates, which pays from a few on."""
    select = ByBic(lattice(lists, order), possible)
    return select.informed(counts) if options.replicates else select
