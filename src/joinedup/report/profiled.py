"""Sections: who they are, as far as the data can say. Counts with unknowns first, then bounds; a bare share never stands alone."""

from __future__ import annotations

import math
import re
from itertools import groupby

from joinedup.domain.numbers import Recipe
from joinedup.registry.code_sets import code_sets
from joinedup.report.blocks import TOO_MANY_UNKNOWN, Finding, Section, Table, text_only
from joinedup.report.evidence import Row, Rows
from joinedup.report.press import Part, Press, Printed, bind, in_brackets
from joinedup.report.words import first_lower, first_upper, listed, plain, status_words, value_words
from joinedup.stats.ladder import RATIOS

CHAPTER = "patterns"
MOST_UNKNOWN = 0.05
"""Above this share of unknowns no share of those known is printed alone (the shape of the table profiles says the same)."""
LONGEST_VALUE = 60
NO_SCHEME = "no scheme"
"""What stands in the place of a code scheme for a value that has none."""
BASES = {
    "self": "as stated by the person",
    "officer": "as an officer recorded it",
    "other": "as somebody else recorded it",
}
NAMES = {
    "age_band": "Age at first concern",
    "age_stated": "Age as stated",
    "first_year": "Year of first concern",
    "threat": "Kind of threat",
    "environment": "Where it took place",
}
POPULATIONS = (
    *(f"children:{status}" for status in ("known", "suspected", "at_risk", "not_stated")),
    *(f"suspects:{status}" for status in ("charged", "alleged", "not_stated")),
)
ATTRIBUTES = (
    "age_band", "age_stated", "sex", "living_arrangement", "ethnicity", "nationality", "disability", "area", "relationship",
    "threat", "environment", "first_year",
)  # fmt: skip
"""The order in which populations and attributes are printed; what is not named here follows."""
LADDERED = ("sex", "ethnicity", "living_arrangement", "disability", "relationship")
"""Attributes whose commonest value is shown rung by rung: those that are argued over."""


_TOO_FEW = "No profile is given: of so few people, what is true of one is soon known to be true of all."


def sections(profiles: Rows, press: Press) -> tuple[list[Section], list[Finding]]:
    """One section for each population with its attributes, and one finding for each on what is too little recorded."""
    made: list[Section] = []
    findings: list[Finding] = []
    ordered = sorted(profiles, key=_order)
    for population, of_population in groupby(ordered, key=lambda row: str(row["population"])):
        rows_of = list(of_population)
        if press.rule.small_from <= rows_of[0]["base"] <= press.rule.small_to:
            made.append(Section(f"Profile: {population_words(population)}", text_only(_TOO_FEW)))
            continue
        grouped = groupby(rows_of, key=lambda row: str(row["attribute"]))
        attributes = [_Attribute(list(rows), population, attribute, press) for attribute, rows in grouped]
        told = [each for each in attributes if each.any_known]
        tables = [table for each in told for table in (each.table(press), each.ladder(press)) if table]
        silent = [row for each in attributes if not each.any_known for row in each.ways_of_not_knowing(press)]
        if silent:
            columns = ("What is not known of anybody", "Why", "People")
            tables.append(Table(f"Recorded for nobody: {population_words(population)}", columns, tuple(silent)))
        made.append(Section(f"Profile: {population_words(population)}", tuple(tables)))
        findings += _finding(population, attributes, press)
    if made:
        intro = text_only(
            "Each table gives the number with each value, then what is not known, then the lowest and highest share of "
            "the whole population: lowest if none of those not known have the value, highest if all of them have, whatever "
            "exact counts stand behind the rounded ones. A share of those known stands only where at most 5% are not known; "
            "elsewhere it would mislead. Where an attribute is argued over, a second table says what the share of its commonest "
            "value can be as more is assumed of those not known. What is recorded for nobody stands in one last table. "
            "Code schemes stand side by side: a person can be in the tables of several, and what an officer recorded is not "
            "what a person says."
        )
        made.insert(0, Section("How to read the profiles", intro))
    return made, findings


def _order(row: Row) -> tuple[object, ...]:
    population, attribute = str(row["population"]), str(row["attribute"])
    name = attribute.partition(" (")[0]
    return (
        POPULATIONS.index(population) if population in POPULATIONS else len(POPULATIONS),
        population,
        ATTRIBUTES.index(name) if name in ATTRIBUTES else len(ATTRIBUTES),
        attribute,
        not row["known"],
        _place(row["value"]),
    )


def _place(value: str) -> tuple[float, str]:
    """Where a value stands among others: bands and years by the number they begin with, words after them."""
    begins = re.match(r"\d+", value)
    return (float(begins.group()) if begins else math.inf, value)


def population_words(population: str) -> str:
    """The population in words.

    >>> population_words("children:at_risk")
    'children, at risk'
    """
    people, _, status = population.partition(":")
    return f"{people}, {status_words(status)}" if status else people


def attribute_words(attribute: str) -> str:
    """The attribute in words, its code scheme by the title the registry gives it, and who said so where that does not say it.

    >>> attribute_words("age_band"), attribute_words("ethnicity (ethnicity_16_1, self)")
    ('Age at first concern', 'Self-defined ethnicity (16+1)')
    >>> attribute_words("ethnicity (ethnicity_dfe, other)"), attribute_words("disability (disability)")
    ('Ethnicity (Department for Education), as somebody else recorded it', 'Disability')
    """
    name, _, inside = attribute.partition(" (")
    scheme, _, basis = inside.removesuffix(")").partition(", ")
    words = NAMES.get(name, first_upper(plain(name)))
    if known := code_sets().get(scheme):
        words = known.title if words[:6].lower() in known.title.lower() else f"{words} ({known.title})"
    elif scheme and scheme != NO_SCHEME:
        words += f" ({plain(scheme)})"
    said = basis and basis not in words.lower()
    return f"{words}, {BASES.get(basis, basis)}" if said else words


class _Attribute:
    """One attribute of one population: its base and its unknowns, printed."""

    def __init__(self, rows: list[Row], population: str, attribute: str, press: Press) -> None:
        self.rows = rows
        self.name = attribute.partition(" (")[0]
        self.words = attribute_words(attribute)
        self.title = f"{self.words}: {population_words(population)}"
        stem, base, unknown = str(rows[0]["number_id"]), rows[0]["base"], rows[0]["unknown"]
        where = {"population": population, "attribute": attribute}
        others = [row for row in rows if not row["known"]]
        nobody_knows = Recipe("person_attributes", {**where, "known": False}, "person_id")
        # The one way of not knowing is all that is not known: one number, which is a line of the table.
        self.unknown = (
            self.number(others[0], press)
            if len(others) == 1
            else press.people(f"{stem}.unknown", f"Not known: {self.title}", unknown, nobody_knows)
        )
        # Where it is known of nobody, those not known are everybody: one number, not two.
        everybody = Recipe("person_attributes", where, "person_id")
        self.base = (
            press.people(f"{stem}.base", f"People: {self.title}", base, everybody) if self.any_known else self.unknown
        )
        self.leeway = (int(rows[0].get("merges") or 0), int(rows[0].get("splits") or 0))
        self.share = press.share(f"Share not known: {self.title}", self.unknown, self.base)
        self.too_little_recorded = not press.is_small(self.base) and _too_many_unknown(self.unknown, self.base, press)

    @property
    def any_known(self) -> bool:
        """Whether the attribute is known of anybody."""
        return any(row["known"] for row in self.rows)

    def ways_of_not_knowing(self, press: Press) -> list[tuple[Part, ...]]:
        """One line for each reason why the attribute is not known, and one for all together where there are several."""
        if len(self.rows) == 1:
            return [(self.words, first_upper(value_of(self.rows[0]["value"])), self.unknown)]
        lines = [(self.words, first_upper(value_of(row["value"])), self.number(row, press)) for row in self.rows]
        return [*lines, (self.words, "All of these", self.unknown)]

    def number(self, row: Row, press: Press) -> Printed:
        """How many people one row counts, printed."""
        label = f"{self.title}: {value_of(row['value'])}"
        return press.people(str(row["number_id"]), label, row["count"], Recipe.from_json(row["recipe"]))

    def table(self, press: Press) -> Table:
        """Values with bounds, ways of not knowing, all not known, all; shares of those known only where there is one."""
        known, others = [row for row in self.rows if row["known"]], [row for row in self.rows if not row["known"]]
        ends: tuple[Part, ...] = (
            press.lowest(f"Lowest share not known: {self.title}", self.unknown, self.base),
            press.highest(f"Highest share not known: {self.title}", (self.unknown,), self.base),
        )
        body = [_row(row, self, press) for row in known]
        only = first_upper(value_of(others[0]["value"])) if len(others) == 1 else "All not known"
        body += [_row(row, self, press) for row in others] if len(others) > 1 else []
        everybody: tuple[Part, ...] = ("All", self.base, "", "", "")
        body += [(only, self.unknown, "", *ends), everybody]
        notes = [_LINKS] if any(self.leeway) else []
        columns: tuple[str, ...] = (
            self.words,
            "People",
            "Share of those known",
            "Lowest share of all",
            "Highest share of all",
        )
        if all(row[2] in ("", TOO_MANY_UNKNOWN) for row in body):
            columns, body = (*columns[:2], *columns[3:]), [row[:2] + row[3:] for row in body]
            notes.insert(0, "No share of those known is given: too many are not known, or too few are counted.")
        return Table(self.title, columns, tuple(body), note=" ".join(notes))

    def ladder(self, press: Press) -> Table | None:
        """The commonest known value under one assumption after another; None where there is nothing to assume."""
        known = [row for row in self.rows if row["known"]]
        if self.name not in LADDERED or not known or press.is_small(self.unknown) or self.unknown.is_nought:
            return None
        row = max(known, key=lambda each: (int(each["count"]), str(each["value"])))
        number = press[str(row["number_id"])]
        if press.is_small(number) or press.is_small(self.base):
            return None
        value = value_of(row["value"])
        body = []
        for ratio in RATIOS:
            lower, upper = press.between(
                f"{value}: {self.title}, {_assumption(ratio)}", number, (self.unknown, self.base), ratio, self.leeway
            )
            body.append((_assumption(ratio), lower, upper))
        title = f"{self.title}: share with {value}, by what is assumed"
        return Table(title, ("What is assumed of those not known", "Lowest share", "Highest share"), tuple(body))


_LINKS = (
    "Suspects are mentions before they are people: the lowest and highest shares also allow every pair of records held for "
    "review to be one suspect, and every link that is not certain to be none."
)


def _assumption(ratio: float) -> str:
    if math.isinf(ratio):
        return "Nothing"
    return "That they are like those known" if ratio == 1 else f"That their odds differ by at most {ratio:g} times"


def _row(row: Row, whole: _Attribute, press: Press) -> tuple[Part, ...]:
    title, base, unknown = whole.title, whole.base, whole.unknown
    value = first_upper(value_of(row["value"]))
    number = whole.number(row, press)
    if not row["known"]:
        return (value, number, "", "", "")
    lowest, highest = press.between(f"{value}: {title}", number, (unknown, base), math.inf, whole.leeway)
    return (value, number, _of_known(number, (base, unknown), value, press), lowest, highest)


def _of_known(number: Printed, whole: tuple[Printed, Printed], value: str, press: Press) -> Part:
    """The share of those known, where the unknowns are few whatever counts stand behind the published ones."""
    base, unknown = whole
    if _too_many_unknown(unknown, base, press):
        return TOO_MANY_UNKNOWN
    # Few unknowns, hidden or none, do not move a share of a base that is large beside them.
    less = None if unknown.is_nought or press.is_small(unknown) else unknown
    return press.share(f"Share {value} of those known", number, base, less=less)


def _too_many_unknown(unknown: Printed, base: Printed, press: Press) -> bool:
    missing, whole = press.ends(unknown), press.ends(base)
    if missing is None or whole is None:
        return True
    return missing[1] > MOST_UNKNOWN * whole[0]


def _finding(population: str, attributes: list[_Attribute], press: Press) -> list[Finding]:
    """What the records of a population do not say often enough for a share of those known to mean anything."""
    short = [each for each in attributes if each.too_little_recorded]
    partly, nowhere = [each for each in short if each.any_known], [each for each in short if not each.any_known]
    if not short:
        return []
    said = [
        f"{first_lower(each.words)}{',' * (', ' in each.words)} for {{{{{each.unknown.number_id}}}}}{in_brackets(each.unknown.number_id, each.share)}"
        for each in partly
    ]
    sentence = f"Of {{{{{(partly or short)[0].base.number_id}}}}} people ({population_words(population)}) "
    sentence += (
        f"the records do not say: {'; '.join(said)}. Only bounds are given of these."
        if partly
        else "the records say little."
    )
    if nowhere:
        sentence += f" Recorded for nobody: {listed([first_lower(each.words) for each in nowhere])}."
    shares = {each.unknown.number_id: each.share for each in partly}
    return [Finding("", CHAPTER, bind(sentence, shares, press), "unknown")]


def value_of(value: str) -> str:
    """The value in words; one too long to be a code or label of a scheme is not repeated, since it may be free text.

    >>> value_of("not_stated"), value_of("x" * 80)
    ('not stated', 'other entry, not shown')
    """
    return value_words(value) if len(value) <= LONGEST_VALUE else "other entry, not shown"
