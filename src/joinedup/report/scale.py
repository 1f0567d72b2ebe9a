"""Chapter: how many different children and suspects, by what is known of them, and how many more."""

from __future__ import annotations

from dataclasses import replace

from joinedup.domain.numbers import Recipe, number_id
from joinedup.registry.bands import age_bands
from joinedup.registry.threat_types import threat_types
from joinedup.report.blocks import Block, Chapter, Figure, Finding, Section, Sentence, Table, text_only
from joinedup.report.charts import Bar, bar_chart
from joinedup.report.estimated import section as estimate_section
from joinedup.report.evidence import Evidence, Frame, Row, Rows
from joinedup.report.press import Part, Press, Printed, bind, cell, in_brackets
from joinedup.report.turned_on import section as turned_on_section
from joinedup.report.words import UNKNOWN_VALUES, first_upper, status_words, value_words

NAME = "scale"
CHILD_STATUSES = ("known", "suspected", "at_risk", "not_stated")
SUSPECT_STATUSES = ("charged", "alleged", "not_stated")
DIMENSIONS = {
    "year": ("By year of first concern", "Year of first concern"),
    "age_band": ("By age at first concern", "Age at first concern"),
    "sex": ("By sex", "Sex"),
    "area": ("By area", "Area"),
    "lists": ("By how many agencies hold the child", "Agencies that hold the child"),
    "source": ("By agency", "Agency"),
    "threat": ("By kind of threat", "Kind of threat the records speak of"),
}
_SEVERAL_LINES = {
    "source": "A child on the lists of several agencies stands in several lines.",
    "threat": (
        "A child can stand in several lines. Kinds are read from codes alone, by the registry's crosswalk; most records "
        "carry none, so no share of those known is given."
    ),
}
_WIDEST = "Any two records joined can move these, so that their bounds are the widest."
CHARTED = ("year", "age_band", "area")
MOST_BARS = 16
NAMED = ("source", "area")
"""Dimensions whose values are names."""


class _Counts:
    """The table counts, opened by population, status, dimension and value, each number printed when asked for."""

    def __init__(self, rows: Rows, press: Press, frame: Frame) -> None:
        self._rows = {(row["population"], row["status"], row["dimension"], row["value"]): row for row in rows}
        self._press = press
        self._frame = frame

    def row(self, population: str, status: str, dimension: str = "all", value: str = "all") -> Row | None:
        return self._rows.get((population, status, dimension, value))

    def number(self, population: str, status: str, dimension: str = "all", value: str = "all") -> Printed:
        label = f"Different {population}, {status_words(status)}"
        if dimension != "all":
            words = self.words(dimension, value)
            label += f": {DIMENSIONS[dimension][1].lower()} {words if dimension in NAMED else words.lower()}"
        row = self.row(population, status, dimension, value)
        if row is not None:
            return self._press.people(str(row["number_id"]), label, row["count"], Recipe.from_json(row["recipe"]))
        where: dict[str, str | int | bool] = {
            "population": population,
            "status": status,
            "dimension": dimension,
            "value": value,
        }
        nobody = number_id("no_count", population, status, dimension, value)
        return self._press.people(nobody, label, 0, Recipe("counts", where, total="count"))

    def end(self, population: str, status: str, column: str, dimension: str = "all", value: str = "all") -> Printed:
        """The lowest or highest number the links allow."""
        row = self.row(population, status, dimension, value)
        if row is None or row[column] is None:
            return self.number(population, status, dimension, value)
        label = f"{'Lowest' if column == 'lower' else 'Highest'} number of {population}, {status_words(status)}, that the links allow"
        if dimension != "all":
            label += f": {DIMENSIONS[dimension][1].lower()} {self.words(dimension, value)}"
        number = str(row["number_id"])
        return self._press.people(f"{number}.{column}", label, row[column], cell("counts", number, column))

    def moved(self, population: str, status: str, dimension: str, value: str) -> bool:
        """Whether the lowest and the highest number the links allow are told apart by what is published of them."""
        row = self.row(population, status, dimension, value)
        if row is None or row["lower"] is None or row["upper"] is None:
            return False
        number = str(row["number_id"])
        lower, upper = (self._press.as_published(f"{number}.{end}", row[end]) for end in ("lower", "upper"))
        return lower != upper

    def any_thin(self, population: str, status: str) -> bool:
        """Whether anybody of the status is recorded too thinly to be told from others; of a status that few have it is not said."""
        row = self.row(population, status) or {}
        return bool(row.get("thin")) and not self._press.is_small(self.number(population, status))

    def thin(self, population: str, status: str) -> Printed:
        """How many are recorded too thinly to be told from others; of a status that few have, their number."""
        row, every = self.row(population, status), self.number(population, status)
        if row is None or row.get("thin") is None or self._press.is_small(every):
            return every
        label = f"Different {population}, {status_words(status)}, recorded too thinly to be told from others"
        number = str(row["number_id"])
        return self._press.people(f"{number}.thin", label, row["thin"], cell("counts", number, "thin"))

    def statuses(self, population: str, among: tuple[str, ...]) -> list[str]:
        """The statuses anybody of the population has, strongest first."""
        return [status for status in among if (row := self.row(population, status)) is not None and row["count"]]

    def values(self, population: str, dimension: str) -> list[str]:
        """Every value of the dimension in its own order, ways of not knowing last."""
        found = {key[3] for key in self._rows if key[0] == population and key[2] == dimension}
        return sorted(found, key=lambda value: (value in UNKNOWN_VALUES, *self._place(population, dimension, value)))

    def words(self, dimension: str, value: str) -> str:
        if dimension == "threat":
            return first_upper(value_words(threat_types().title(value)))
        return self._frame.agency(value) if dimension == "source" else value_words(value)

    def _place(self, population: str, dimension: str, value: str) -> tuple[int, str]:
        if dimension == "age_band":
            labels = [band.label for band in age_bands()[population].bands]
            return (labels.index(value) if value in labels else len(labels), value)
        if dimension == "lists":
            return (int(value) if value.isdecimal() else 0, value)
        return (0, self.words(dimension, value))


def chapter(evidence: Evidence, frame: Frame, press: Press) -> Chapter:
    """Size and scale: children by status, suspects as bounds, the estimate, and children by year, age, sex, area, source."""
    counts = _Counts(evidence.counts, press, frame)
    children = counts.statuses("children", CHILD_STATUSES)
    estimate, estimated = estimate_section(evidence, frame, press, NAME)
    findings = (
        *_children_findings(counts, press, children),
        *_suspects_findings(counts, press),
        *_one_list_finding(counts, press, children),
        *estimated,
    )
    numbered = tuple(
        replace(finding, finding_id=f"{NAME}-{place:02d}") for place, finding in enumerate(findings, start=1)
    )
    sections = [_by_status(counts), _suspects(counts), estimate, *turned_on_section(evidence, press)]
    # Of a few children, what is true of one is soon true of all: nothing but their number is given.
    several = [status for status in children if not press.is_small(counts.number("children", status))]
    sections += [_by_dimension(counts, several, dimension) for dimension in DIMENSIONS if several]
    return Chapter(NAME, "Size and scale", tuple(sections), numbered)


def _children_findings(counts: _Counts, press: Press, statuses: list[str]) -> list[Finding]:
    found = []
    for status in statuses:
        number = counts.number("children", status)
        lower, upper = counts.end("children", status, "lower"), counts.end("children", status, "upper")
        said = {
            "known": "children are recorded as known victims",
            "suspected": "children are recorded as suspected victims and not as known ones",
            "at_risk": "children are recorded as at risk and neither as known nor as suspected victims",
        }.get(status, "children stand on lists that do not say what is known of them")
        sentence = f"{{{{{number.number_id}}}}} different {said}"
        if counts.any_thin("children", status):
            thin = counts.thin("children", status)
            sentence += f", {{{{{thin.number_id}}}}} of them too thinly to be told from the others"
        matters = "counted"
        if lower.shown != upper.shown:
            matters = "review"
            ends = f"{{{{{lower.number_id}}}}} to {{{{{upper.number_id}}}}}"
            sentence += f" (with what the links between records leave open, {ends})"
        found.append(Finding("", NAME, bind(f"{sentence}.", {}, press), matters))
    if not found:
        found.append(Finding("", NAME, ("No return names a child with a status.",), "no_status"))
    return found


def _suspects_findings(counts: _Counts, press: Press) -> list[Finding]:
    found = []
    for status in counts.statuses("suspects", SUSPECT_STATUSES):
        lower, upper = counts.end("suspects", status, "lower"), counts.end("suspects", status, "upper")
        number, matters = f"Between {{{{{lower.number_id}}}}} and {{{{{upper.number_id}}}}}", "bounded"
        if lower.shown == upper.shown:
            number, matters = f"{{{{{lower.number_id}}}}}", "counted"
        sentence = f"{number} different suspects are recorded ({status_words(status)})."
        found.append(Finding("", NAME, bind(sentence, {}, press), matters))
    return found


def _one_list_finding(counts: _Counts, press: Press, statuses: list[str]) -> list[Finding]:
    if "known" not in statuses or counts.row("children", "known", "lists", "1") is None:
        return []
    every = counts.number("children", "known")
    if press.is_small(every):
        return []
    one = counts.number("children", "known", "lists", "1")
    shares = {"one": press.share("Known victims one agency alone holds", one, every)}
    sentence = f"{{{{{one.number_id}}}}} of {{{{{every.number_id}}}}} known victims{in_brackets('one', shares['one'])} are held by one agency alone."
    return [Finding("", NAME, bind(sentence, shares, press), "one_list")]


def _by_status(counts: _Counts) -> Section:
    told = any(counts.any_thin("children", status) for status in CHILD_STATUSES)
    rows: list[tuple[Part, ...]] = [
        (
            first_upper(status_words(status)),
            counts.number("children", status),
            *((counts.thin("children", status),) if told else ()),
            counts.end("children", status, "lower"),
            counts.end("children", status, "upper"),
        )
        for status in CHILD_STATUSES
    ]
    note = (
        "Known, suspected and at risk are never added together; of a status that only a few children have nothing but their "
        "number is given. Lowest: every pair of records held for review is one child, and every child recorded too thinly is one of the others. Highest: only links certain enough to act on are kept."
    )
    if told:
        note += (
            " Too thinly recorded: without a full name, a forename and date of birth, or a number by which those with a name "
            "would be known. Each may be one of the other children; the rest can be told apart."
        )
    table = Table(
        "Different children by the strongest status any agency gives them",
        ("Status", "Children", *(("Of them too thinly recorded",) if told else ()), "Lowest", "Highest"),
        tuple(rows),
        note=note,
    )
    return Section("Children by status", (table,))


def _suspects(counts: _Counts) -> Section:
    rows: list[tuple[Part, ...]] = [
        (
            first_upper(status_words(status)),
            counts.end("suspects", status, "lower"),
            counts.end("suspects", status, "upper"),
        )
        for status in SUSPECT_STATUSES
    ]
    intro = text_only(
        "Suspects are often recorded by part of a name. How many different people they are is given as bounds and not as one "
        "number: those who must differ, with everybody recorded by part of a name taken as one of the others, and those who "
        "may, with only certain links kept."
    )
    table = Table(
        "Different suspects by the strongest status any agency gives them", ("Status", "Lowest", "Highest"), tuple(rows)
    )
    return Section("Suspects", (*intro, table))


def _by_dimension(counts: _Counts, statuses: list[str], dimension: str) -> Section:
    title, heading = DIMENSIONS[dimension]
    values = counts.values("children", dimension)
    rows: list[tuple[Part, ...]] = [
        (counts.words(dimension, value), *(counts.number("children", status, dimension, value) for status in statuses))
        for value in values
    ]
    rows.append(("All, each child once", *(counts.number("children", status) for status in statuses)))
    note = _SEVERAL_LINES.get(dimension, "")
    columns = (heading, *(first_upper(status_words(status)) for status in statuses))
    table = Table(f"Different children: {title.lower()}", columns, tuple(rows), note=note)
    blocks: list[Block] = list(_unknowns(counts, statuses, dimension))
    drawable = len([value for value in values if value not in UNKNOWN_VALUES]) > 2 and len(values) <= MOST_BARS
    if dimension in CHARTED and drawable:
        blocks.append(_figure(counts, statuses, dimension, table))
    else:
        blocks.append(table)
    return Section(title, (*blocks, *_left_open(counts, statuses, dimension)))


def _left_open(counts: _Counts, statuses: list[str], dimension: str) -> list[Table]:
    """The counts that links may move, with how far, as published; no table where they move none.

    Lowest and highest are protected like any count. That the one is not above the count and the other not below tells nothing
    more of it: rounded values stand for ranges of counts that do not meet, in the same order.
    """
    rows: list[tuple[Part, ...]] = []
    for value in counts.values("children", dimension):
        for status in statuses:
            if counts.moved("children", status, dimension, value):
                ends = [counts.end("children", status, column, dimension, value) for column in ("lower", "upper")]
                named = counts.words(dimension, value), first_upper(status_words(status))
                rows.append((*named, counts.number("children", status, dimension, value), *ends))
    if not rows:
        return []
    title, heading = DIMENSIONS[dimension]
    columns = (heading, "Status", "Children", "Lowest", "Highest")
    note = _WIDEST if dimension in {"age_band", "lists"} else ""
    return [Table(f"What the links leave open of children: {title.lower()}", columns, tuple(rows), note=note)]


def _unknowns(counts: _Counts, statuses: list[str], dimension: str) -> list[Sentence]:
    """What is not known of the dimension, before its numbers."""
    parts: list[Part] = []
    for status in statuses:
        row = counts.row("children", status, dimension, "not known")
        if row is None:
            continue
        unknown, base = counts.number("children", status, dimension, "not known"), counts.number("children", status)
        parts += ["; " if parts else "Not known: ", unknown, " of ", base, f" ({status_words(status)})"]
    return [Sentence((*parts, "."))] if parts else []


def _figure(counts: _Counts, statuses: list[str], dimension: str, table: Table) -> Figure:
    title = DIMENSIONS[dimension][0]
    bars = [
        Bar(
            first_upper(status_words(status)),
            counts.words(dimension, value),
            number.released.value,
            number.shown,
            value not in UNKNOWN_VALUES,
        )
        for status in statuses
        for value in counts.values("children", dimension)
        for number in (counts.number("children", status, dimension, value),)
    ]
    said = "; ".join(f"{bar.panel}, {bar.category}: {bar.shown}" for bar in bars)
    return Figure(
        f"chart-{dimension.replace('_', '-')}",
        f"Different children {title.lower()}",
        f"Bar chart of different children {title.lower()}, one panel for each status. {said}.",
        bar_chart(f"chart-{dimension.replace('_', '-')}", bars, "Children, as published"),
        table,
    )
