"""Section: what the estimate turns on, and how its replicates lie, as pictures beside the tables that say the same."""

from __future__ import annotations

import math
from collections.abc import Sequence

from joinedup.domain.numbers import Recipe, number_id
from joinedup.report.blocks import Block, Figure, Section, Sentence, Table, shown
from joinedup.report.estimated import NO_UPPER, modelled, publishable, scope_words
from joinedup.report.evidence import Evidence, Row
from joinedup.report.press import Part, Press, Printed, cell
from joinedup.report.sensitivity_charts import (
    MOST_TIES,
    Limits,
    Line,
    Moved,
    limits_chart,
    moved_chart,
    replicate_chart,
    tie_chart,
)
from joinedup.report.words import first_upper, plain

TITLE = "What the estimate turns on"
AXIS = "Children, as published"
TOO_FEW = "not shown: rests on too few"
NONE = "no total"
WITHOUT_END = "without end"

_LISTS = ("list left out", "lists merged")
_LINKS = ("more links missed", "more false links")


def section(evidence: Evidence, press: Press) -> list[Section]:
    """Everything the leading estimate was made again with one thing otherwise for; no section where there is nothing of it."""
    lead = next((row for row in publishable(evidence, press) if row["chosen"] and not row["refused"]), None)
    if lead is None:
        return []
    rows = [row for row in evidence.sensitivities if row["scope"] == lead["scope"]]
    drawn = [row for row in evidence.redrawn if row["scope"] == lead["scope"]]
    if not rows and not drawn:
        return []
    base = modelled(lead, "estimate", press)
    intro: list[Part] = [
        "By the method that leads there would be ", base, f" in all ({scope_words(lead['scope'])}). Here one thing is otherwise each time."
    ]  # fmt: skip
    if lead.get("unreviewed"):
        intro.append(" The links have not been reviewed, so that none of this is a headline.")
    blocks: list[Block] = [Sentence(tuple(intro))]
    blocks += _replicates([row for row in drawn if row["drawn"] == "people"], base, press)
    blocks += _replicates([row for row in drawn if row["drawn"] == "links"], base, press)
    blocks += _moved([row for row in rows if row["kind"] in _LISTS], "lists", base, press)
    blocks += _moved([row for row in rows if row["kind"] in _LINKS], "links", base, press)
    blocks += _tied([row for row in rows if row["kind"] == "lists tied"], press)
    blocks += _moved([row for row in rows if row["kind"] == "model as good"], "models", base, press)
    blocks += _priors([row for row in rows if row["kind"] == "prior and cap"], press)
    blocks += _self_test([row for row in rows if row["kind"] == "list as known truth"], str(lead["scope"]), press)
    return [Section(TITLE, tuple(blocks))]


def _total(row: Row, press: Press, column: str = "estimate") -> Part:
    """A number of a row as a cell: withheld where so few are on several lists that it could tell how many they are."""
    if row["estimate"] is None:
        return NONE
    if row["on_several"] <= press.rule.small_to:
        return TOO_FEW
    if row[column] is None:
        return NO_UPPER
    words = {"estimate": "Total", "lower": "Lower limit", "upper": "Upper limit"}[column]
    number = str(row["number_id"])
    label = f"{words}, {row['kind']}, {_change(row)}: {scope_words(str(row['scope']))}"
    if row["kind"] == "lists tied":
        label += f", odds ratio {math.exp(row['assumed']):.2f}"
    return press.estimate(
        number if column == "estimate" else f"{number}.{column}", label, row[column], cell("sensitivities", number, column)
    )  # fmt: skip


def _change(row: Row) -> str:
    """What is otherwise, in a few words."""
    change, kind = plain(str(row["change"])), str(row["kind"])
    return {
        "list left out": f"without {change}",
        "lists merged": f"{change} as one",
        "more links missed": f"{change} more links missed",
        "more false links": f"{change} more false links",
        "model as good": model_words(str(row["change"])),
    }.get(kind, change)


def model_words(model: str) -> str:
    """A log-linear model by the lists that it lets depend on one another.

    >>> model_words("[charity*social_care] [police*social_care] [health]"), model_words("[charity] [police] [health]")
    ('charity with social care; police with social care', 'none')
    """
    terms = [term.split("*") for term in model.removeprefix("[").removesuffix("]").split("] [")]
    return "; ".join(plain(" with ".join(term)) for term in terms if len(term) > 1) or "none"


def _drawable(pairs: Sequence[tuple[str, Part]]) -> list[Moved]:
    found = []
    for words, part in pairs:
        if isinstance(part, Printed) and part.released.value is not None:
            found.append(Moved(words, part.released.value, part.shown))
    return found


_TOLD = {
    "lists": (
        "Lists left out, and lists merged",
        "What is otherwise",
        "Whoever was on the list left out alone is then among those to be estimated.",
    ),
    "links": (
        "Links missed, and false links, beyond those there are",
        "What is otherwise",
        (
            "Of children on several lists so many more not recognised on one of them; of children on one list alone so many more taken "
            "for one on another. Errors already in the lists may have moved the total as far the other way."
        ),
    ),
    "models": (
        "Models that fit about as well",
        "Lists that depend on one another",
        (
            "Their BIC is at most 6 above the lowest; nearest first, to ten, and those of the lowest and highest total. "
            "Models in which children differ in how easily they are found stand among the methods above."
        ),
    ),
}


def _moved(rows: Sequence[Row], what: str, base: Printed, press: Press) -> list[Block]:
    """Totals with one thing otherwise, each beside the total with nothing otherwise."""
    title, heading, note = _TOLD[what]
    words = [first_upper(_change(row)) for row in rows]
    made = [(said, _total(row, press)) for said, row in zip(words, rows, strict=True)]
    if not made:
        return []
    table = Table(title, (heading, "Estimated in all"), tuple(made), note=note)
    points = _drawable(made)
    if not points or base.released.value is None:
        return [table]
    name = f"chart-turns-{what}"
    said = "; ".join(f"{each.category}: {each.shown}" for each in points)
    alternative = f"Points beside a line at {base.shown}, the total with nothing otherwise. {said}."
    return [Figure(name, title, alternative, moved_chart(name, points, base.released.value, AXIS), table)]


def _tied(rows: Sequence[Row], press: Press) -> list[Block]:
    """The total against the odds ratio assumed of two lists, or of all, that the model takes to be 1."""
    by_tie: dict[str, list[tuple[float, Part]]] = {}
    for row in rows:
        by_tie.setdefault(plain(str(row["change"])), []).append((math.exp(row["assumed"]), _total(row, press)))
    if not by_tie:
        return []
    odds = list(dict.fromkeys(f"{math.exp(row['assumed']):.2f}" for row in rows))
    table = Table(
        "Lists tied that the model takes to be independent, by the odds ratio assumed",
        ("Lists tied", *odds),
        tuple((first_upper(tie), *(part for _, part in totals)) for tie, totals in by_tie.items()),
        note="At 1 the model is as it was chosen among models of ties between lists. No list can show what these odds ratios are.",
    )
    lines = []
    for tie, totals in by_tie.items():
        points = [
            (odds, part.released.value)
            for odds, part in totals
            if isinstance(part, Printed) and part.released.value is not None
        ]
        if len(points) > 1:
            lines.append(Line(first_upper(tie), tuple(points)))
    if not lines:
        return [table]
    lines.sort(key=lambda line: min(total for _, total in line.points) - max(total for _, total in line.points))
    said = "; ".join(
        f"{line.category}: " + ", ".join(f"{total:,.0f} at {odds:.2f}" for odds, total in line.points)
        for line in lines[:MOST_TIES]
    )
    title = "The total against a tie that is assumed"
    if len(lines) > MOST_TIES:
        title += ", for the ties that move it most"
    drawn = tie_chart("chart-turns-ties", lines, AXIS)
    return [Figure("chart-turns-ties", title, f"Line chart. {said}.", drawn, table)]


def _priors(rows: Sequence[Row], press: Press) -> list[Block]:
    made = [
        (first_upper(str(row["change"])), *(_total(row, press, column) for column in ("estimate", "lower", "upper")))
        for row in rows
    ]
    if not made:
        return []
    table = Table(
        "The average of graphs under other priors and caps",
        ("Prior and cap", "Median", "Lower limit", "Upper limit"),
        tuple(made),
        note="1/N: before the lists are seen a total is as likely as one over itself; uniform: all totals alike. The "
        "cap is the most thought possible, as a multiple of those seen. Where these differ, it "
        "is the prior that decides and not the lists.",
    )
    limits = [_limits(str(said), numbers, None) for said, *numbers in made]
    return [_with_limits("chart-turns-priors", table, limits)]


def _self_test(rows: Sequence[Row], scope: str, press: Press) -> list[Block]:
    """Each list in turn as a population of known size, estimated from the others."""
    made: list[tuple[Part, ...]] = []
    limits: list[Limits | None] = []
    for row in rows:
        name, number = first_upper(plain(str(row["change"]))), str(row["number_id"])
        label = f"Children on the list {plain(str(row['change']))}: {scope_words(scope)}"
        truth = press.people(f"{number}.truth", label, row["truth"], cell("sensitivities", number, "truth"))
        numbers = [_total(row, press, column) for column in ("estimate", "lower", "upper")]
        told = isinstance(numbers[0], Printed) and row["held"] is not None
        made.append((name, truth, *numbers, ("yes" if row["held"] else "no") if told else "cannot be told"))
        limits.append(_limits(name, numbers, truth))
    if not made:
        return []
    table = Table(
        "Each list as known truth, estimated from the others",
        ("List", "Children on it", "Estimated", "Lower limit", "Upper limit", "Limits hold it"),
        tuple(made),
        note="A method that fails here is not to be trusted with those no list holds; one that does well may still fail, since children "
        "on no list may differ.",
    )
    return [*_held(scope, rows, press), _with_limits("chart-turns-known", table, limits)]


def _held(scope: str, rows: Sequence[Row], press: Press) -> list[Block]:
    """For how many lists the limits held what is known of them."""
    if all(row["held"] is None for row in rows):
        return []
    counted = []
    for held, words in ((True, "Lists whose limits held how many are on them"), (False, "Lists whose limits did not")):
        where: dict[str, str | int | bool] = {"scope": scope, "kind": "list as known truth", "held": held}
        number = number_id("sensitivity", scope, "held" if held else "not-held")
        exact = sum(row["held"] is held for row in rows)
        counted.append(press.institutions(number, words, exact, Recipe("sensitivities", where)))
    said = "Each list in turn was taken for a population of known size. The limits held how many are on it for "
    return [Sentence((said, counted[0], " of the lists and did not for ", counted[1], "."))]


def _limits(category: str, numbers: Sequence[Part], truth: Printed | None) -> Limits | None:
    """A total with its limits as drawn; none where one of them is not published."""
    values = [part.released.value if isinstance(part, Printed) else None for part in numbers]
    middle, lower, upper = values
    if middle is None or lower is None or (upper is None and numbers[2] != NO_UPPER):
        return None
    ends = " to ".join(part if isinstance(part, str) else part.shown for part in numbers[1:])
    return Limits(category, middle, lower, upper, ends, truth.released.value if truth else None)


def _with_limits(name: str, table: Table, limits: Sequence[Limits | None]) -> Block:
    drawn = [each for each in limits if each is not None]
    if not drawn:
        return table
    said = "; ".join(
        f"{each.category}: {each.shown}" + (f", known {each.truth:,.0f}" if each.truth is not None else "") for each in drawn
    )  # fmt: skip
    return Figure(name, table.caption, f"Interval chart. {said}.", limits_chart(name, drawn, AXIS), table)


def _replicates(rows: Sequence[Row], base: Printed, press: Press) -> list[Block]:
    """The totals that shares of the replicates come to at most."""
    if not rows:
        return []
    again = "people" if rows[0]["drawn"] == "people" else "links"
    made: list[tuple[str, Part]] = []
    for row in rows:
        number, share = str(row["number_id"]), f"{row['share']:.1%}".replace(".0%", "%")
        label = (
            f"Total that {share} of replicates come to at most, {again} drawn again: {scope_words(str(row['scope']))}"
        )
        recipe = cell("redrawn", number, "total")
        total: Part = WITHOUT_END if row["total"] is None else press.estimate(number, label, row["total"], recipe)
        made.append((share, total))
    title, note = _DRAWN[again]
    table = Table(title, ("Share of replicates", "Come to at most"), tuple(made), note=note)
    points = [
        (row["share"], part.released.value)
        for row, (_, part) in zip(rows, made, strict=True)
        if isinstance(part, Printed) and part.released.value is not None
    ]
    if len(points) < 2 or points[0][1] == points[-1][1] or base.released.value is None:
        return [table]
    name = f"chart-replicates-{again}"
    said = "; ".join(f"{share} of replicates at most {shown(part)}" for share, part in made)
    drawn = replicate_chart(name, points, [Moved("as it is:", base.released.value, base.shown)], AXIS)
    alternative = f"Bars, high where replicates crowd; a line at {base.shown}, the total as it is. {said}."
    return [Figure(name, title, alternative, drawn, table)]


_DRAWN = {
    "people": (
        "What replicates come to, the children drawn again",
        "Children are drawn again with replacement and the model is chosen anew each time. Limits that also hold those of other models are wider.",
    ),
    "links": (
        "What replicates come to, the links drawn again",
        "The reviewed records are drawn again, which says what the review leaves open of the links; the children are not.",
    ),
}
