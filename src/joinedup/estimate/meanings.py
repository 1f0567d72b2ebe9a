"""Whether lists mean the same children and the same days: what agencies say of their returns, and what refuses a total."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from joinedup.estimate.results import Refusal

LEAST_COMMON = 0.9
"""The share of all days any list answers for that all must answer for; below it the lists are of other times."""

Span = tuple[datetime.date, datetime.date]


@dataclass(frozen=True, slots=True)
class Meanings:
    """By list: the definitions its agencies say they used, and the days they say their returns answer for.

    Of each list as many as its agencies say; a list of which nothing is said is absent. `silent`: lists of which some agency says
    neither. `period`: the days the inquiry asks about. `dated`: the first and last day of a list whose children are all dated.
    """

    definitions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    windows: Mapping[str, frozenset[Span]] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    period: Span | None = None
    dated: Mapping[str, Span] = field(default_factory=dict)

    def refusal(self, lists: Sequence[str]) -> Refusal | None:
        """Why lists give no total together: they mean different children, or answer for different days.

        >>> said = {"police": frozenset({"guidance of 2009"}), "health": frozenset({"own list"})}
        >>> print(Meanings(said).refusal(["police", "health"]).reason)
        The lists do not mean the same children: police by 'guidance of 2009'; health by 'own list'.
        >>> Meanings(said).refusal(["police", "charity"]) is None
        True
        """
        said = {name: self.definitions[name] for name in lists if name in self.definitions}
        if len(frozenset().union(*said.values())) > 1:
            each = "; ".join(f"{name} by {_listed(words)}" for name, words in said.items())
            return Refusal(
                f"The lists do not mean the same children: {each}.",
                "Returns by one definition, or the agencies of one definition as lists and the others left out of the inquiry.",
            )
        spans = [(name, span) for name in lists for span in sorted(self.windows.get(name, ()))]
        if len(spans) > 1 and (share := _common([span for _, span in spans])) < LEAST_COMMON:
            each = "; ".join(f"{name} {first:%d.%m.%Y} to {last:%d.%m.%Y}" for name, (first, last) in spans)
            return Refusal(
                f"The lists answer for different days, {share:.0%} of them in common: {each}.",
                "Returns for the same days.",
            )
        return None

    def sentences(self, lists: Sequence[str]) -> tuple[str, ...]:
        """What is not known of lists that give a total: who says nothing, and whose children all stand in a small part of the period."""
        said = []
        silent = [name for name in lists if name in self.silent]
        if silent:
            said.append(
                f"Whether they mean the same children and answer for the same days is not stated: {', '.join(silent)}."
            )
        spans = {span for name in lists for span in self.windows.get(name, ())}
        if len(spans) > 1:
            said.append("The days the lists answer for differ by a little.")
        if self.period:
            whole = _days(self.period)
            for name in lists:
                if name in self.dated and name not in self.windows and 2 * _days(self.dated[name]) < whole:
                    first, last = self.dated[name]
                    days = f"{first:%d.%m.%Y} to {last:%d.%m.%Y}"
                    said.append(
                        f"All children on the list {name} are dated {days}, less than half of the period asked about."
                    )
        return tuple(said)


def _listed(words: frozenset[str]) -> str:
    return " and ".join(f"'{each}'" for each in sorted(words))


def _days(span: Span) -> int:
    return max((span[1] - span[0]).days + 1, 0)


def _common(spans: Sequence[Span]) -> float:
    """Of the days from the first to the last of all, the share that is within every one.

    >>> year, half = (datetime.date(2011, 1, 1), datetime.date(2011, 12, 31)), (datetime.date(2011, 7, 2), datetime.date(2011, 12, 31))
    >>> round(_common([year, half]), 3)
    0.501
    """
    within = max(first for first, _ in spans), min(last for _, last in spans)
    return _days(within) / _days((min(first for first, _ in spans), max(last for _, last in spans)))
