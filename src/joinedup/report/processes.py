"""Chapter: how well the processes work: standards and breach rules held against the pathways, with what records cannot tell."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from joinedup.domain.numbers import Recipe
from joinedup.registry.breach_rules import breach_rules
from joinedup.report import falsified
from joinedup.report.blocks import Block, Chapter, Figure, Finding, Section, Sentence, Table, text_only
from joinedup.report.charts import Span, span_chart
from joinedup.report.evidence import Evidence, Frame, Row
from joinedup.report.press import Part, Press, Printed, Share, bind, cell
from joinedup.report.process_charts import Body, funnel_chart
from joinedup.report.timed import timed
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
LEAST_IN_FUNNEL = 10


class _Reviewed:
    """One row of the table reviews, its numbers printed."""

    def __init__(self, row: Row, title: str, frame: Frame, press: Press, caveat: str = "") -> None:
        self.caveat = caveat
        self.agency = "All agencies" if row["agency"] == EVERY_AGENCY else frame.agency(row["agency"])
        self.every = row["agency"] == EVERY_AGENCY
        self.title = title
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
    """Each standard: what fell due, was done in time, was not, and cannot be told; then what stands against how leads ended."""
    sections: list[Section] = []
    findings: list[Finding] = []
    ordered = sorted(evidence.reviews, key=lambda row: (row["rule"], row["agency"] != EVERY_AGENCY, row["agency"]))
    against: list[_Reviewed] = []
    for rule, rows in groupby(ordered, key=lambda row: str(row["rule"])):
        listed = list(rows)
        if rule in breach_rules():
            against += _against(rule, listed[0], frame, press)
            continue
        if not listed[0]["due"]:
            continue
        standard = frame.standards.get(rule)
        title = standard.title if standard else first_upper(plain(rule))
        over_time = timed(rule, title, standard, evidence, press)
        reviewed = [_Reviewed(row, title, frame, press) for row in listed]
        sections.append(_section(rule, title, str(listed[0]["standard"]), reviewed, over_time))
        findings += [_finding(title, review, press) for review in reviewed if review.every]
    if not sections:
        sections.append(
            Section("Standards", text_only("No return holds pathways that a standard could be held against."))
        )
        findings.append(Finding("", NAME, ("No standard could be held against these returns.",), "no_pathways"))
    if against:
        sections.append(_endings(against))
        findings += [_broken(review, press) for review in against if not review.numbers["breached"].is_nought]
    numbered = tuple(
        replace(finding, finding_id=f"{NAME}-{place:02d}") for place, finding in enumerate(findings, start=1)
    )
    return Chapter(NAME, "How well the processes work", tuple(sections), numbered)


def _against(rule: str, row: Row, frame: Frame, press: Press) -> list[_Reviewed]:
    """What a breach rule made of all agencies' pathways together; nothing where it speaks of none."""
    said = breach_rules()[rule]
    return [_Reviewed(row, said.title, frame, press, said.caveat)] if row["due"] else []


def _endings(against: list[_Reviewed]) -> Section:
    """One table of the breach rules: agencies are not set side by side, since what they record differs too much."""
    rows: tuple[tuple[Part, ...], ...] = tuple(
        (review.title, *(review.numbers[column] for column in ("due", "met", "breached", "not_recorded"))) for review in against
    )  # fmt: skip
    note = (
        "Each row counts pathways of all agencies: those the rule asks of, those with nothing against them, and those with; one pathway may stand in several. A breach is a reason to open the rows behind "
        "it, not a finding of fault."
    )
    columns = ("What stands against it", "Asked of", "Nothing against", "Against", "Record cannot tell")
    return Section("How leads were ended", (Table("How leads were ended", columns, rows, note=note),))


def _broken(review: _Reviewed, press: Press) -> Finding:
    due, breached = (f"{{{{{review.numbers[column].number_id}}}}}" for column in ("due", "breached"))
    wrong = f"{falsified.BY_MATTER['against']} {review.caveat}"
    return Finding("", NAME, bind(f"{review.title}: {breached} of {due} pathways.", {}, press), "against", wrong)


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


def _section(rule: str, title: str, standard: str, reviewed: list[_Reviewed], over_time: tuple[Block, ...]) -> Section:
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
    blocks.append(_spans(rule, title, spans, table))
    compared = _funnel(rule, title, reviewed, table)
    return Section(title, (*blocks, *compared, *over_time))


def _spans(rule: str, title: str, spans: list[Span], table: Table) -> Block:
    """The shares as intervals where there are enough of them to draw, else the table alone."""
    if not 3 <= len(spans) <= MOST_SPANS:
        return table
    said = "; ".join(f"{span.category}: {span.shown}" for span in spans)
    name = f"chart-{rule.replace('_', '-')}"
    drawn = span_chart(name, spans, "Share done in time", percent=True)
    return Figure(
        name, f"{title}: share done in time", f"Interval chart of the share done in time. {said}.", drawn, table
    )


def _funnel(rule: str, title: str, reviewed: list[_Reviewed], table: Table) -> tuple[Block, ...]:
    """Agencies in a funnel, from published counts alone, where at least three have counts that are shown."""
    bodies = []
    for review in reviewed:
        met, broken = (review.numbers[column].released.value for column in ("met", "breached"))
        if not review.every and met is not None and broken is not None and met + broken >= LEAST_IN_FUNNEL:
            bodies.append(Body(review.agency, int(met + broken), int(met)))
    if len(bodies) < 3:
        return ()
    name = f"funnel-{rule.replace('_', '-')}"
    drawn = funnel_chart(name, bodies, "Share done in time")
    wider = "; limits are widened, since agencies differ by more than chance" if drawn.dispersion > 1 else ""
    beyond = (
        f"Beyond the outer limit: {', '.join(drawn.outside)}."
        if drawn.outside
        else "No agency lies beyond the outer limit."
    )
    numbered = "; ".join(f"{place} {body.name}" for place, body in enumerate(bodies, start=1))
    said = (
        f"{numbered}. Of the cases the record can tell of, agencies about their common share, with limits within which chance alone leaves 95 and 99.8 of 100{wider}. {beyond} "
        "It is no ranking: what agencies record differs, and so do the children they serve."
    )
    picture = Figure(name, f"{title}: agencies compared", said, drawn.svg, table, after_table=True)
    return (picture, Sentence((said,)))
