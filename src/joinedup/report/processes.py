"""Chapter: how well the processes work: each standard held against the pathways, with what the record cannot tell."""

from __future__ import annotations

from itertools import groupby

from joinedup.domain.numbers import Recipe
from joinedup.registry.standards import standards
from joinedup.report.blocks import Block, Chapter, Figure, Finding, Section, Sentence, Table, text_only
from joinedup.report.charts import Span, span_chart
from joinedup.report.evidence import Evidence, Frame, Row
from joinedup.report.press import Part, Press, Printed, Share, bind, cell
from joinedup.report.words import first_upper, plain

NAME = "processes"
EVERY_AGENCY = "all"
COLUMNS = {
    "due": "Step due",
    "met": "Done in time",
    "breached": "Late or not done",
    "not_recorded": "Record cannot tell",
}
MOST_SPANS = 14


class _Reviewed:
    """One row of the table reviews, its numbers printed."""

    def __init__(self, row: Row, title: str, frame: Frame, press: Press) -> None:
        self.agency = "All agencies" if row["agency"] == EVERY_AGENCY else frame.agency(row["agency"])
        self.every = row["agency"] == EVERY_AGENCY
        number = str(row["number_id"])
        self.numbers: dict[str, Printed] = {}
        for column, words in COLUMNS.items():
            # The row's own id and recipe are those of the breaches; the other columns stand beside it.
            own = column == "breached"
            recipe = Recipe.from_json(row["recipe"]) if own else cell("reviews", number, column)
            label = f"{words}: {title}, {self.agency}"
            self.numbers[column] = press.people(number if own else f"{number}.{column}", label, row[column], recipe)
        due, met, silent = (self.numbers[column] for column in ("due", "met", "not_recorded"))
        self.lowest: Share = press.lowest(f"Lowest share met: {title}, {self.agency}", met, due)
        self.highest: Share = press.highest(f"Highest share met: {title}, {self.agency}", (met, silent), due)


def chapter(evidence: Evidence, frame: Frame, press: Press) -> Chapter:
    """Each standard: what fell due, what was done in time, what was not, what cannot be told, and the bounds of the share."""
    sections: list[Section] = []
    findings: list[Finding] = []
    ordered = sorted(evidence.reviews, key=lambda row: (row["rule"], row["agency"] != EVERY_AGENCY, row["agency"]))
    for rule, rows in groupby(ordered, key=lambda row: str(row["rule"])):
        listed = list(rows)
        title = standards()[rule].title if rule in standards() else first_upper(plain(rule))
        reviewed = [_Reviewed(row, title, frame, press) for row in listed]
        sections.append(_section(rule, title, str(listed[0]["standard"]), reviewed))
        findings += [_finding(title, review, press) for review in reviewed if review.every]
    if not sections:
        sections.append(
            Section("Standards", text_only("No return holds pathways that a standard could be held against."))
        )
        findings.append(Finding("", NAME, ("No standard could be held against these returns.",), "no_pathways"))
    numbered = tuple(
        Finding(f"{NAME}-{place:02d}", NAME, finding.parts, finding.matters)
        for place, finding in enumerate(findings, start=1)
    )
    return Chapter(NAME, "How well the processes work", tuple(sections), numbered)


def _finding(title: str, review: _Reviewed, press: Press) -> Finding:
    due, met, breached, silent = (f"{{{{{review.numbers[column].number_id}}}}}" for column in COLUMNS)
    sentence = f"{title}: of {due} due, {met} were done in time and {breached} were late or not done; for {silent} the record cannot tell."
    if review.lowest.released.value is not None and review.highest.released.value is not None:
        sentence += " Between {{%lowest}} and {{%highest}} were done in time."
    if review.numbers["due"].is_nought:
        return Finding("", NAME, bind(f"{title}: {due} fell due within the data.", {}, press), "not_due")
    shares = {"lowest": review.lowest, "highest": review.highest}
    matters = "silent" if not review.numbers["not_recorded"].is_nought else ""
    matters = "breached" if not review.numbers["breached"].is_nought else matters
    return Finding("", NAME, bind(sentence, shares, press), matters)


def _section(rule: str, title: str, standard: str, reviewed: list[_Reviewed]) -> Section:
    rows: list[tuple[Part, ...]] = [
        (review.agency, *review.numbers.values(), review.lowest, review.highest) for review in reviewed
    ]
    table = Table(
        title,
        ("Agency", *COLUMNS.values(), "Lowest share in time", "Highest share in time"),
        tuple(rows),
        note="Lowest: none of those the record cannot tell of was done in time. Highest: all of them were.",
    )
    blocks: list[Block] = [Sentence((f"The standard: {standard}",))]
    spans = [
        Span(review.agency, low, high, f"{review.lowest.shown} to {review.highest.shown}")
        for review in reviewed
        if (low := review.lowest.released.value) is not None and (high := review.highest.released.value) is not None
    ]
    if not 3 <= len(spans) <= MOST_SPANS:
        return Section(title, (*blocks, table))
    said = "; ".join(f"{span.category}: {span.shown}" for span in spans)
    name = f"chart-{rule.replace('_', '-')}"
    drawn = span_chart(name, spans, "Share done in time, lowest to highest", percent=True)
    figure = Figure(
        name, f"{title}: share done in time", f"Interval chart of the share done in time. {said}.", drawn, table
    )
    return Section(title, (*blocks, figure))
