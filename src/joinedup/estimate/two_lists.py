"""Chapman's estimate from two lists: for each pair, and for each list against all others taken as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.overlaps import Scope
from joinedup.stats.intervals import TwoListEstimate, chapman

METHOD = "chapman"


@dataclass(frozen=True, slots=True)
class Options:
    """When an estimate is refused, and the nominal level of its limits."""

    least_overlap: int
    level: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lists to be held against each other; `second` may be several lists taken as one."""

    first: str
    second: tuple[str, ...]

    @property
    def name(self) -> str:
        """The pair in the method column."""
        return f"{METHOD}: {self.first} and {self._other}"

    @property
    def _other(self) -> str:
        return self.second[0] if len(self.second) == 1 else "all other lists"

    @property
    def words(self) -> str:
        """The pair in a sentence."""
        return f"the lists {self.first} and {self._other}"


@dataclass(frozen=True, slots=True)
class Result:
    """One estimate or its refusal: exactly one of `estimate` and `refused` is given."""

    pair: Pair
    overlap: int
    observed: int
    estimate: TwoListEstimate | None
    refused: str = ""
    lifted_by: str = ""


def pairs(lists: Sequence[str]) -> list[Pair]:
    """Every two lists, and, from three lists on, each list against all others taken as one."""
    found = [Pair(one, (other,)) for one, other in combinations(lists, 2)]
    if len(lists) > 2:
        found += [Pair(one, tuple(other for other in lists if other != one)) for one in lists]
    return found


def estimate(table: OverlapTable, pair: Pair, options: Options) -> Result:
    """The Chapman estimate of one pair, or its refusal.

    Refused where a list holds nobody, where too few stand on both, and where the estimate is below the number already
    seen on all lists together: there the assumptions cannot hold.
    """
    first, second = table.on_any([pair.first]), table.on_any(pair.second)
    both, observed = table.on_both([pair.first], pair.second), table.observed
    if not first or not second:
        # Which list it is: the one asked for first where both are empty.
        empty = pair.first if not first else " and ".join(pair.second)
        reason = f"No child of this scope stands on the list {empty}."
        return Result(pair, both, observed, None, reason, f"A return from {empty} that names children of this scope.")
    if both < options.least_overlap:
        reason = f"Only {both} children stand on both; fewer than {options.least_overlap} decide nothing."
        lift = f"At least {options.least_overlap} children on both lists: fuller returns, or lists joined in inquiry.toml, [estimate] lists."
        return Result(pair, both, observed, None, reason, lift)
    found = chapman(first, second, both, options.level)
    if found.estimate < observed:
        reason = f"It would give fewer children than the {observed} already on the lists together."
        lift = "Lists that reach the same children; these two do not stand for all."
        return Result(pair, both, observed, None, reason, lift)
    return Result(pair, both, observed, found)


def leading(results: Sequence[Result]) -> Result | None:
    """The result the report leads with: of those not refused, else of all, the one with the largest overlap, ties by name."""
    candidates = [result for result in results if result.estimate] or list(results)
    return min(candidates, key=lambda result: (-result.overlap, result.pair.name), default=None)


CONDITIONS = (
    """Closed population: the children are the same ones throughout the period.""",
    """Independence: standing on one list makes a child neither likelier nor less likely to stand on the other; where one
    agency refers to another this fails, and the estimate is too low.""",
    """Same chance: each child is as likely as any other to stand on a given list; where some are hard for every agency to
    see, the estimate is too low.""",
    """Links: every child on both lists is recognised and nobody else is; a missed link makes the estimate too high, a
    false one too low.""",
    """Same meaning: both lists hold the same kind of child.""",
)
"""What every estimate from two lists stands on."""


def assumptions(scope: Scope, pair: Pair, level: float) -> str:
    """What must hold for the estimate to mean anything, in sentences."""
    asked = f"Estimated: how many {scope.describes}, had every such child stood on a list; from {pair.words}."
    limits = f"""Model-based, nominal {level:.0%}: Chapman's estimate, Seber's variance, Chao's logarithmic limits. The limits
    carry the chance of being listed, not the failing of an assumption."""
    return " ".join(" ".join(sentence.split()) for sentence in (asked, *CONDITIONS, limits))
