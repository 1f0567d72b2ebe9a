"""One standard over time: how long its step took, open cases included, and whether quarters differ by more than chance."""

from __future__ import annotations

from joinedup.domain.numbers import Recipe
from joinedup.registry.standards import Standard
from joinedup.report.blocks import Block, Figure, Sentence, Table
from joinedup.report.evidence import Evidence, Row
from joinedup.report.press import Part, Press, Printed, cell
from joinedup.report.process_charts import quarters_chart, taken_chart

LEAST_AT_RISK = 50
"""A point of the curve is published only where so many cases were still watched."""
LEAST_QUARTERS = 6
_UNITS = {"hours": "Hours", "calendar_days": "Calendar days", "working_days": "Working days"}


def timed(rule: str, title: str, standard: Standard | None, evidence: Evidence, press: Press) -> tuple[Block, ...]:
    """The Kaplan-Meier curve and the XmR chart of all agencies together, where there is enough to publish."""
    taken = _taken(rule, title, standard, evidence, press) if standard else ()
    return (*taken, *_quarters(rule, title, evidence, press))


def _taken(rule: str, title: str, standard: Standard, evidence: Evidence, press: Press) -> tuple[Block, ...]:
    points = [
        row for row in evidence.timeliness
        if row["rule"] == rule and row["agency"] == "all" and row["at_risk"] >= LEAST_AT_RISK
    ]  # fmt: skip
    if len(points) < 3:
        return ()
    rows: list[tuple[Part, ...]] = []
    drawn: list[tuple[float, float]] = []
    unit = _UNITS[str(points[0]["unit"])]
    for row in points:
        label = f"Steps taken within {row['after']:g} {unit.lower()}, in percent: {title}"
        number = press.estimate(str(row["number_id"]), label, row["percent_taken"], Recipe.from_json(row["recipe"]))
        rows.append((f"{row['after']:g} {unit.lower()}", number))
        if number.released.value is not None:
            drawn.append((float(row["after"]), float(number.released.value)))
    note = (
        "In percent, rounded. Kaplan-Meier: a case that is open counts as waiting for as long as it was watched, so that slow cases "
        "are not left out as a mean of closed cases would."
    )
    table = Table(
        f"{title}: steps taken by time", ("Time since the clock began", "Percent taken by then"), tuple(rows), note=note
    )
    if len(drawn) < 3:
        return (table,)
    name = f"taken-{rule.replace('_', '-')}"
    said = "; ".join(f"{after:g}: {percent:g}%" for after, percent in drawn)
    svg = taken_chart(name, drawn, standard.clock.length, unit)
    return (
        Figure(
            name,
            f"{title}: steps taken over time",
            f"Line of the percentage of steps taken by time. {said}.",
            svg,
            table,
        ),
    )


def _quarters(rule: str, title: str, evidence: Evidence, press: Press) -> tuple[Block, ...]:
    rows: list[tuple[Part, ...]] = []
    drawn: list[tuple[str, float]] = []
    for row in (row for row in evidence.audit_quarters if row["rule"] == rule):
        quarter = str(row["quarter"])
        due, met, silent = (_number(row, column, title, press) for column in ("due", "met", "not_recorded"))
        share = press.share(f"Share done in time in {quarter}: {title}", met, due, less=silent)
        rows.append((quarter, due, met, silent, share))
        if share.released.value is not None:
            drawn.append((quarter, float(share.released.value)))
    if not rows:
        return ()
    columns = ("Quarter", "Step due", "Done in time", "Record cannot tell", "Share in time")
    table = Table(f"{title}: by quarter", columns, tuple(rows), note="Share: of those the record can tell of.")
    if len(drawn) < LEAST_QUARTERS:
        return (table,)
    name = f"quarters-{rule.replace('_', '-')}"
    chart = quarters_chart(name, drawn, "Share done in time")
    words = {
        "outside": "outside the limits",
        "shift": "in a run of seven on one side",
        "trend": "in a run of seven up or down",
    }
    found = "; ".join(f"{quarter} {words[signal]}" for quarter, signal in chart.signals)
    said = (
        f"Beyond what chance explains: {found}."
        if found
        else "No quarter differs from the others by more than chance explains."
    )
    return (
        Figure(
            name,
            f"{title}: quarters",
            f"Line of the share done in time by quarter, with limits. {said}",
            chart.svg,
            table,
        ),
        Sentence((said,)),
    )


def _number(row: Row, column: str, title: str, press: Press) -> Printed:
    words = {"due": "Step due", "met": "Done in time", "not_recorded": "Record cannot tell"}[column]
    number = str(row["number_id"])
    name = number if column == "met" else f"{number}.{column}"
    recipe = Recipe.from_json(row["recipe"]) if column == "met" else cell("audit_quarters", number, column)
    return press.people(name, f"{words} in {row['quarter']}: {title}", row[column], recipe)
