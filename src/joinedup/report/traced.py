"""What a reader meets on opening a number: how it is made, and how many records of which return stand behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from joinedup.domain.numbers import Recipe
from joinedup.report.evidence import Frame
from joinedup.report.press import Press
from joinedup.report.words import day_of_return
from joinedup.stats.disclosure import ReleasedNumber, protect

SMALL = "Not shown by return: the number is small, and its returns could point at somebody."
NO_RECORDS = "Not shown by return: it is counted from results of the run and not from single records."
NO_RULE = "not a count of people"


@dataclass(frozen=True, slots=True)
class Trace:
    """One number opened: `returns` are source records by return, protected like people; `said` stands where none are."""

    definition: str
    rule: str
    returns: tuple[tuple[str, ReleasedNumber], ...] = ()
    said: str = ""
    ends: tuple[int, int] | None = None
    """The smallest and largest count that may stand behind it, as its reader knows."""


def traces(press: Press, behind: Mapping[str, Mapping[str, int]], frame: Frame) -> dict[str, Trace]:
    """Every number of the press opened, by trace id; `behind` has its source records by return id."""
    ends = {str(row["number_id"]): (row["least"], row["most"]) for row in press.rows()}
    return {
        number.number_id: replace(_trace(number.number_id, press, behind, frame), ends=_both(*ends[number.number_id]))
        for number in press.numbers()
    }


def _both(least: object, most: object) -> tuple[int, int] | None:
    return (least, most) if isinstance(least, int) and isinstance(most, int) else None


def _trace(number_id: str, press: Press, behind: Mapping[str, Mapping[str, int]], frame: Frame) -> Trace:
    number, recipe = press[number_id], press.recipe(number_id)
    definition = _definition(recipe)
    if press.is_small(number):
        return Trace(definition, number.released.rule, said=SMALL)
    counted = behind.get(number_id, {})
    if not counted:
        nobody = "No record stands behind it." if number.is_nought else NO_RECORDS
        return Trace(definition, number.released.rule, said=nobody)
    protection = press.rule.for_counts()
    returns = [(return_words(each, frame), protect(records, **protection)) for each, records in counted.items()]
    return Trace(definition, number.released.rule, tuple(sorted(returns, key=lambda each: each[0])))


def _definition(recipe: Recipe) -> str:
    said = recipe.in_words()
    if recipe.total and set(recipe.where) == {"number_id"}:
        said = f"Column {recipe.total} of the row {recipe.where['number_id']} of {recipe.table}."
    return said


def return_words(return_id: str, frame: Frame) -> str:
    """The return as its agency's name and the day it came."""
    agency, _, day = return_id.partition("@")
    return f"{frame.agency(agency)}, {day_of_return(day)}"
