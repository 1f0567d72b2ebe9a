"""What a report gives away by itself and beside every earlier one: its numbers put as tables to the disclosure audit.

The counts of one population are tables with the whole as their total (`stated`): children by year, age, sex, area and each
attribute of a profile; the steps of a standard by agency, quarter and outcome; rows by return. A category that one publication
prints and another does not held nobody there, since a report prints every category that holds anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from joinedup.domain.numbers import Recipe
from joinedup.registry.disclosure import DisclosureRule
from joinedup.report.checked import Check
from joinedup.report.stated import SAYS_NOTHING, TWO_STATUSES, Said, Told, counts_people, publication_of, said_of, tied
from joinedup.stats.disclosure import (
    WITHHELD,
    Audit,
    HistoryAudit,
    Publication,
    RevealedGroup,
    SmallCounts,
    audit,
    audit_history,
)
from joinedup.stats.disclosure.releases import release

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Published:
    """One publication by its name, and what its numbers say."""

    name: str
    numbers: Sequence[Told]


def told_of(row: Mapping[str, object]) -> Told | None:
    """What a row of the table released, or of a publication's record, says of a count; None where it says nothing of one."""
    recipe = Recipe.from_json(str(row["recipe"]))
    if row["least"] is not None:
        return Told(recipe, int(str(row["least"])), int(str(row["most"])))
    return Told(recipe, 0, 0, withheld=True) if row["shown"] == WITHHELD else None


def disclosure(now: Published, before: Sequence[Published], rule: DisclosureRule) -> list[Check]:
    """The audit of each population's numbers, alone and with every earlier publication; an open question blocks."""
    found: list[Check] = []
    every = [*before, now]
    stated = [said_of(each.numbers) for each in every]
    for said in stated:
        found += _tied(said)
    for population in sorted(stated[-1]):
        told = [said[population] for said in stated if population in said]
        names = [each.name for each, said in zip(every, stated, strict=True) if population in said]
        try:
            publications = [
                publication_of(name, population, said, told) for name, said in zip(names, told, strict=True)
            ]
            found += _judged(population, publications, rule)
        except (ValueError, ArithmeticError) as error:
            found.append(Check("disclosure", "blocking", population, f"it could not be audited: {error}"))
    beside = f", alone and beside the publications before it ({len(before)})" if before else ", alone"
    said_so = f"Populations audited{beside}: {len(stated[-1])}."
    return found or [Check("disclosure", "passed", "", said_so)]


def _tied(said: dict[str, Said]) -> list[Check]:
    """Holds the wholes of one publication that add up against each other, each as narrow as its own tables leave it."""
    narrowed = {}
    for population in TWO_STATUSES:
        if population not in said or () not in said[population].cells:
            return []
        try:
            one = publication_of("", population, said[population], [said[population]])
            stated = release(one.tables, one.statements)
            narrow = stated.system.propagated()
        except ValueError:
            # It is told where this population is audited.
            return []
        place = stated.cells.index(())
        narrowed[population] = int(narrow.lower[place]), int(narrow.upper[place])
    try:
        tied(said, narrowed)
    except ValueError as error:
        return [Check("disclosure", "blocking", TWO_STATUSES[-1], f"it could not be audited: {error}")]
    return []


def _judged(population: str, publications: Sequence[Publication], rule: DisclosureRule) -> list[Check]:
    """An open cell or group blocks. That a few steps or rows came or went is told, and blocks only where they are people."""
    found = []
    alone = judged_alone(population, publications[-1], rule)
    if cells := open_cells(alone):
        found.append(Check("disclosure", "blocking", population, f"by itself it tells too much of {_some(cells)}"))
    elif alone.incomplete:
        found.append(Check("disclosure", "blocking", population, "an audit question was left open"))
    if len(publications) > 1:
        found += _beside(population, audit_history(publications, _limits(population, rule)))
    return found


def _beside(population: str, together: HistoryAudit) -> list[Check]:
    """What the publications give away together."""
    found = []
    if together.revealed:
        changed = [f"{each.cell} (since {each.earlier})" for each in together.revealed]
        words = f"beside an earlier report it shows that a few people changed: {_some(changed)}"
        if counts_people(population):
            return [Check("disclosure", "blocking", population, words)]
        found.append(Check("disclosure", "warning", population, words.replace("people", "of them")))
    cells = [*(each.cell for each in together.cells if not each.protected), *_alike(together.groups)]
    if cells:
        found.append(
            Check("disclosure", "blocking", population, f"with an earlier report it tells too much of {_some(cells)}")
        )
    elif together.incomplete:
        found.append(
            Check("disclosure", "blocking", population, "an audit question about earlier reports was left open")
        )
    return found


def _limits(population: str, rule: DisclosureRule) -> SmallCounts:
    """What is small; and of people, which groups are too small to be known to be all alike."""
    return SmallCounts(rule.small_from, rule.small_to, group=rule.small_to if counts_people(population) else 0)


def judged_alone(population: str, publication: Publication, rule: DisclosureRule) -> Audit:
    """The audit of what one publication says of one population, beside nothing else."""
    return audit(publication.tables, _limits(population, rule), statements=publication.statements)


def open_cells(found: Audit) -> list[str]:
    """What an audit leaves open, in words: cells, and groups known to be all alike in what is known of them."""
    return [*(each.cell for each in found.cells if not each.protected), *_alike(found.groups)]


def _alike(groups: Sequence[RevealedGroup]) -> list[str]:
    """That nothing is known of any of a group gives nothing away."""
    return [each.group for each in groups if each.alike.rpartition("=")[2] not in SAYS_NOTHING]


def _some(cells: Sequence[str]) -> str:
    more = f" and {len(cells) - MOST_NAMED} more" if len(cells) > MOST_NAMED else ""
    return "; ".join(cells[:MOST_NAMED]) + more
