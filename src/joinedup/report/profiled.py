"""Sections: who they are, as far as the data can say. Counts with unknowns first, then bounds; a bare share never stands alone."""

from __future__ import annotations

from itertools import groupby

from joinedup.domain.numbers import Recipe
from joinedup.registry.code_sets import code_sets
from joinedup.report.blocks import Finding, Section, Table, text_only
from joinedup.report.evidence import Row, Rows
from joinedup.report.press import Part, Press, Printed, bind, in_brackets
from joinedup.report.words import first_upper, listed, plain, status_words, value_words

CHAPTER = "patterns"
MOST_UNKNOWN = 0.05
"""Above this share of unknowns no share of those known is printed alone (the shape of the table profiles says the same)."""
LONGEST_VALUE = 60


def sections(profiles: Rows, press: Press) -> tuple[list[Section], list[Finding]]:
    """One section for each population with its attributes, and one finding for each on what is too little recorded."""
    made: list[Section] = []
    findings: list[Finding] = []
    ordered = sorted(profiles, key=lambda row: (row["population"], row["attribute"], not row["known"], row["value"]))
    for population, of_population in groupby(ordered, key=lambda row: str(row["population"])):
        grouped = groupby(of_population, key=lambda row: str(row["attribute"]))
        attributes = [_Attribute(list(rows), population, attribute, press) for attribute, rows in grouped]
        made.append(
            Section(f"Profile: {population_words(population)}", tuple(each.table(press) for each in attributes))
        )
        findings += _finding(population, attributes, press)
    if made:
        intro = text_only(
            "Each table gives the number with each value, then what is not known, then the lowest and highest share of "
            "the whole population: lowest if none of those not known have the value, highest if all of them have. A share "
            "of those known stands only where at most 5% are not known."
        )
        made.insert(0, Section("How to read the profiles", intro))
    return made, findings


def population_words(population: str) -> str:
    """The population in words.

    >>> population_words("children:at_risk")
    'children, at risk'
    """
    people, _, status = population.partition(":")
    return f"{people}, {status_words(status)}" if status else people


def attribute_words(attribute: str) -> str:
    """The attribute in words, its code scheme by the title the registry gives it.

    >>> attribute_words("age_band")
    'Age band'
    """
    name, _, scheme = attribute.partition(" (")
    known = code_sets().get(scheme.removesuffix(")"))
    return f"{first_upper(plain(name))} ({known.title})" if known else first_upper(plain(attribute))


class _Attribute:
    """One attribute of one population: its base and its unknowns, printed."""

    def __init__(self, rows: list[Row], population: str, attribute: str, press: Press) -> None:
        self.rows = rows
        self.words = attribute_words(attribute)
        self.title = f"{self.words}: {population_words(population)}"
        stem, base, unknown = str(rows[0]["number_id"]), rows[0]["base"], rows[0]["unknown"]
        where = {"population": population, "attribute": attribute}
        everybody = Recipe("person_attributes", where, "person_id")
        self.base = press.people(f"{stem}.base", f"People: {self.title}", base, everybody)
        nobody_knows = Recipe("person_attributes", {**where, "known": False}, "person_id")
        self.unknown = press.people(f"{stem}.unknown", f"Not known: {self.title}", unknown, nobody_knows)
        self.share = press.share(f"Share not known: {self.title}", self.unknown, self.base)
        self.too_little_recorded = not press.is_small(self.base) and _too_many_unknown(self.unknown, self.base, press)

    def table(self, press: Press) -> Table:
        """Values with bounds, ways of not knowing, all not known, all."""
        body = [_row(row, self.title, (self.base, self.unknown), press) for row in self.rows]
        body += [("All not known", self.unknown, "", self.share, self.share), ("All", self.base, "", "", "")]
        columns = (self.words, "People", "Share of those known", "Lowest share of all", "Highest share of all")
        return Table(self.title, columns, tuple(body))


def _row(row: Row, title: str, whole: tuple[Printed, Printed], press: Press) -> tuple[Part, ...]:
    base, unknown = whole
    value = value_of(row["value"])
    number = press.people(str(row["number_id"]), f"{title}: {value}", row["count"], Recipe.from_json(row["recipe"]))
    if not row["known"]:
        return (value, number, "", "", "")
    lowest = press.lowest(f"Lowest share {value}: {title}", number, base)
    highest = press.highest(f"Highest share {value}: {title}", (number, unknown), base)
    return (value, number, _of_known(number, whole, value, press), lowest, highest)


def _of_known(number: Printed, whole: tuple[Printed, Printed], value: str, press: Press) -> Part:
    """The share of those known, where the unknowns are few whatever counts stand behind the published ones."""
    base, unknown = whole
    if _too_many_unknown(unknown, base, press):
        return "too many unknown"
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
    silent = [each for each in attributes if each.too_little_recorded]
    if not silent:
        return []
    said = [
        f"{each.words[:1].lower()}{each.words[1:]} for {{{{{each.unknown.number_id}}}}}{in_brackets(each.unknown.number_id, each.share)}"
        for each in silent
    ]
    base = silent[0].base.number_id
    sentence = (
        f"Of {{{{{base}}}}} people ({population_words(population)}) the records do not say: {listed(said)}. Only bounds "
        "are given of these."
    )
    shares = {each.unknown.number_id: each.share for each in silent}
    return [Finding("", CHAPTER, bind(sentence, shares, press), "unknown")]


def value_of(value: str) -> str:
    """The value in words; one too long to be a code or label of a scheme is not repeated, since it may be free text.

    >>> value_of("not_stated"), value_of("x" * 80)
    ('not stated', 'other entry, not shown')
    """
    return value_words(value) if len(value) <= LONGEST_VALUE else "other entry, not shown"
