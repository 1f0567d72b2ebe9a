"""What a report gives away by itself and beside every earlier one: its numbers put as tables to the disclosure audit.

The counts of one population are tables of its people: by year, age, sex, area, number of agencies, or one attribute of a
profile, each with the whole as its total. Where a person can stand in several lines (agencies, kinds of threat), each
line is a table of its own, of those in it and those not. A category that one publication prints and another does not
held nobody there, since a report prints every category that holds anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from joinedup.domain.numbers import Recipe
from joinedup.registry.disclosure import DisclosureRule
from joinedup.report.checked import Check
from joinedup.stats.disclosure import (
    TOTAL,
    Between,
    HistoryAudit,
    Publication,
    PublishedTable,
    SmallCounts,
    audit,
    audit_history,
)

_WHOLE = {"memberships": ("kind", "status", "strongest"), "person_attributes": ("population", "attribute")}
"""The columns that say which people a table is of; one column more is its dimension."""
_OVERLAPPING = ("list", "threat", "environment", "disability", "nationality")
"""Dimensions, and attributes, of which one person can stand in several lines."""
_NO_TABLE = "known"
"""Those not known are a sum of lines, not a line."""
MOST_NAMED = 3

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What one published number says: its recipe, and the smallest and largest count that may stand behind it."""

    recipe: Recipe
    least: int
    most: int

    @property
    def count(self) -> int | Between:
        """The count, or the range of counts."""
        return self.least if self.least == self.most else Between(self.least, self.most)


@dataclass(frozen=True, slots=True)
class Published:
    """One publication by its name, and what its numbers say."""

    name: str
    numbers: Sequence[Told]


def disclosure(now: Published, before: Sequence[Published], rule: DisclosureRule) -> list[Check]:
    """The audit of each population's numbers, alone and with every earlier publication; an open question blocks."""
    found: list[Check] = []
    every = [*before, now]
    systems = [_populations(each.numbers) for each in every]
    for population in sorted(systems[-1]):
        named = " ".join(population)
        publications = [
            Publication(each.name, _tables(population, systems, at))
            for at, each in enumerate(every)
            if population in systems[at]
        ]
        try:
            found += _judged(named, publications, rule)
        except (ValueError, ArithmeticError) as error:
            found.append(Check("disclosure", "blocking", named, f"it could not be audited: {error}"))
    said = f"{len(systems[-1])} populations audited, alone and with {len(before)} earlier publications."
    return found or [Check("disclosure", "passed", "", said)]


def _judged(named: str, publications: Sequence[Publication], rule: DisclosureRule) -> list[Check]:
    limits = SmallCounts(least=rule.small_from, most=rule.small_to)
    alone = audit(publications[-1].tables, limits)
    found = []
    if not alone.safe:
        cells = [each.cell for each in alone.cells if not each.protected]
        said = f"by itself it tells too much of {_some(cells)}" if cells else "an audit question was left open"
        found.append(Check("disclosure", "blocking", named, said))
    if len(publications) > 1:
        together = audit_history(publications, limits)
        if not together.safe:
            found.append(Check("disclosure", "blocking", named, _history_words(together)))
    return found


def _history_words(found: HistoryAudit) -> str:
    if found.revealed:
        cells = [f"{each.cell} (since {each.earlier})" for each in found.revealed]
        return f"beside an earlier report it shows that a few people changed: {_some(cells)}"
    if found.unprotected:
        cells = [each.cell for each in found.cells if not each.protected]
        return f"with an earlier report it tells too much of {_some(cells)}"
    return "an audit question about earlier reports was left open"


def _some(cells: Sequence[str]) -> str:
    more = f" and {len(cells) - MOST_NAMED} more" if len(cells) > MOST_NAMED else ""
    return "; ".join(cells[:MOST_NAMED]) + more


_Lines = dict[str, dict[str, Told]]
"""By dimension and category; the whole under TOTAL alone."""


def _populations(numbers: Iterable[Told]) -> dict[Key, _Lines]:
    """What is published of each population, by dimension and category."""
    found: dict[Key, _Lines] = defaultdict(lambda: defaultdict(dict))
    for told in numbers:
        columns = _WHOLE.get(told.recipe.table)
        where = told.recipe.where
        if columns is None or not set(columns) <= set(where) or _NO_TABLE in where or told.recipe.total:
            continue
        key = tuple(str(where[column]) for column in columns if column != "strongest")
        rest = [column for column in where if column not in columns]
        if not rest:
            found[key][TOTAL][TOTAL] = told
        elif len(rest) == 1:
            found[key][rest[0]][str(where[rest[0]])] = told
    return {key: dict(lines) for key, lines in found.items() if TOTAL in lines}


def _tables(population: Key, systems: Sequence[Mapping[Key, _Lines]], at: int) -> tuple[PublishedTable, ...]:
    """The tables of a population in one publication, with every category that any publication prints."""
    lines = systems[at][population]
    total = lines[TOTAL][TOTAL]
    made = []
    categories: dict[str, dict[str, None]] = defaultdict(dict)
    for system in systems:
        for dimension, found in system.get(population, {}).items():
            categories[dimension].update(dict.fromkeys(found))
    for dimension, printed in sorted(categories.items()):
        if dimension == TOTAL:
            continue
        held = lines.get(dimension, {})
        counts = {each: held[each].count if each in held else 0 for each in sorted(printed)}
        if dimension in _OVERLAPPING or population[-1].partition(" (")[0] in _OVERLAPPING:
            others = Between(0, total.most)
            for category, count in counts.items():
                split: dict[Key, int | Between | None] = {("in",): count, ("not in",): others, (TOTAL,): total.count}
                made.append(PublishedTable(dimension, (f"{dimension} {category}",), split))
        else:
            whole: dict[Key, int | Between | None] = {
                **{(category,): count for category, count in counts.items()},
                (TOTAL,): total.count,
            }
            made.append(PublishedTable(dimension, (dimension,), whole))
    return tuple(made)
