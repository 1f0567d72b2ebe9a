"""What every method says, and which lists hold how many children, as pictures beside the tables that say the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from joinedup.domain.numbers import Recipe, number_id
from joinedup.report.blocks import Block, Figure, Table
from joinedup.report.charts import Span, span_chart
from joinedup.report.evidence import Row
from joinedup.report.press import Part, Press, Printed
from joinedup.report.upset import Overlap, upset_chart
from joinedup.report.words import plain

MOST_PATTERNS = 12
"""Patterns drawn; the table under the picture holds the same ones."""

Modelled = Callable[[Row, str, Press], Part]
"""A limit of a row, printed, or the words that there is none."""


def methods(rows: Sequence[Row], observed: Printed, press: Press, modelled: Modelled) -> list[Block]:
    """Each method's total with its limits, on one scale, the people on a list first; nothing where fewer than two give one."""
    given = [row for row in rows if not row["refused"] and row["estimate"] is not None and row["lower"] is not None]
    made = [
        (row, modelled(row, "estimate", press), modelled(row, "lower", press), modelled(row, "upper", press))
        for row in given
    ]
    spans = [span for row, *numbers in made if (span := _span(_named(row), numbers))]
    seen = observed.released.value
    if len(spans) < 2 or seen is None:
        return []
    table = Table(
        "What every method of all lists says",
        ("Method", "Estimated", "Lower limit", "Upper limit"),
        tuple((_named(row), middle, lower, upper) for row, middle, lower, upper in made),
        note="They are of the same lists and differ in what they assume of how lists depend on one another.",
    )
    drawn = span_chart(
        "chart-methods", [Span("On a list", seen, seen, observed.shown), *spans], "Children, as published"
    )
    said = "; ".join(f"{span.category}: {span.shown}" for span in spans)
    open_ended = [_named(row) for row, *_, upper in made if isinstance(upper, str)]
    if open_ended:
        said += f". Without an upper limit, and so not drawn: {', '.join(open_ended)}"
    return [
        Figure(
            "chart-methods",
            "What every method says",
            f"Interval chart. On a list: {observed.shown}. {said}.",
            drawn,
            table,
        )
    ]


def _span(name: str, numbers: Sequence[Part]) -> Span | None:
    """A method's limits as drawn; none where one of them is not published, or there is no upper one."""
    printed = [each for each in numbers if isinstance(each, Printed)]
    if len(printed) < len(numbers):
        return None
    middle, lower, upper = printed
    if lower.released.value is None or upper.released.value is None:
        return None
    ends = lower.released.value, upper.released.value
    return Span(name, *ends, f"{lower.shown} to {upper.shown}", middle.released.value)


def overlaps(rows: Sequence[Row], who: str, press: Press) -> list[Block]:
    """How many children hold which lists, each count protected by itself; nothing where nobody is on any."""
    if not rows:
        return []
    lists = str(rows[0]["lists"]).split("|")
    made = sorted(
        ((row, _count(row, lists, who, press)) for row in rows),
        key=lambda each: (-(each[1].released.value or 0.0), each[0]["pattern"]),
    )
    cells: list[tuple[Part, ...]] = [(_words(row, lists), number) for row, number in made]
    note = "Each count is protected apart from the others, so they need not add up to the totals."
    if len(made) > MOST_PATTERNS:
        note += " Only the patterns with the most children are drawn."
    table = Table(
        f"Which lists hold the same children: {who}",
        ("On these lists and no other", "Children"),
        tuple(cells),
        note=note,
    )
    bars = [
        Overlap(
            tuple(plain(name) for name, held in zip(lists, row["pattern"], strict=True) if held == "1"),
            number.released.value or 0.0,
            number.shown,
        )
        for row, number in made[:MOST_PATTERNS]
    ]
    held = [plain(name) for place, name in enumerate(lists) if any(row["pattern"][place] == "1" for row in rows)]
    drawn = upset_chart("chart-overlaps", held, bars, "Children, as published")
    said = "; ".join(f"{_words(row, lists)}: {number.shown}" for row, number in made[:MOST_PATTERNS])
    return [Figure("chart-overlaps", "Which lists hold the same children", f"Bars over dots. {said}.", drawn, table)]


def _named(row: Row) -> str:
    marked = " (the lead)" if row["chosen"] and not row.get("unreviewed") else ""
    return plain(str(row["method"]).removeprefix("log-linear: ")) + marked


def _words(row: Row, lists: Sequence[str]) -> str:
    held = [plain(name) for name, each in zip(lists, row["pattern"], strict=True) if each == "1"]
    return held[0] + " alone" if len(held) == 1 else " and ".join(held)


def _count(row: Row, lists: Sequence[str], who: str, press: Press) -> Printed:
    where = {"scope": row["scope"], "pattern": row["pattern"]}
    label = f"Different children on {_words(row, lists)}: {who}"
    identity = number_id("overlap", str(row["scope"]), str(row["pattern"]))
    return press.people(identity, label, row["count"], Recipe("overlaps", where, total="count"))
