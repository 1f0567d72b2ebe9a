"""What a reader meets on opening a number: how it is made, and how many records of which return stand behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from joinedup.domain.numbers import Recipe
from joinedup.domain.tables import SHAPES
from joinedup.report.evidence import Frame
from joinedup.report.press import INSTITUTIONS, Press
from joinedup.report.words import day_of_return, first_lower
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
    definition, rule = _definition(recipe), _rule(number.released, press)
    if press.is_small(number):
        return Trace(definition, rule, said=SMALL)
    counted = behind.get(number_id, {})
    if not counted:
        nobody = "No record stands behind it." if number.is_nought else NO_RECORDS
        return Trace(definition, rule, said=nobody)
    protection = press.rule.for_counts()
    returns = [(return_words(each, frame), protect(records, **protection)) for each, records in counted.items()]
    return Trace(definition, rule, tuple(sorted(returns, key=lambda each: each[0])))


def _definition(recipe: Recipe) -> str:
    """How the number is made, and what the table it is made from holds, in the words of the tables themselves."""
    table = SHAPES.get(recipe.table)
    about = f" The table {recipe.table} of the run, a row each: {first_lower(table.row)}" if table else ""
    if not recipe.total or set(recipe.where) != {"number_id"}:
        return recipe.in_words() + about
    means = next((column.means for column in table.columns if column.name == recipe.total), "") if table else ""
    return f"{means} Column {recipe.total} of the row {recipe.where['number_id']}.{about}".strip()


def _rule(number: ReleasedNumber, press: Press) -> str:
    """The rule of protection in words, with its id."""
    words = {press.rule.id: press.rule.title, INSTITUTIONS: "Printed as it is: it counts agencies or files, not people"}
    said = words.get(number.rule, "Rounded, since it is modelled: its last digits mean nothing")
    return f"{said} ({number.rule})"


def return_words(return_id: str, frame: Frame) -> str:
    """The return as its agency's name and the day it came."""
    agency, _, day = return_id.partition("@")
    return f"{frame.agency(agency)}, {day_of_return(day)}"
