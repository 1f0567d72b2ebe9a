"""Sections: who they are, as far as the data can say. Counts with unknowns first, then bounds; a bare share never stands alone."""

from __future__ import annotations

from itertools import groupby

from joinedup.domain.numbers import Recipe
from joinedup.report.blocks import Finding, Section, Table, text_only
from joinedup.report.evidence import Row, Rows
from joinedup.report.press import Part, Press, Printed, Share, bind, cell, in_brackets
from joinedup.report.words import first_upper, plain, status_words, value_words

CHAPTER = "patterns"
MOST_UNKNOWN = 0.05
"""Above this share of unknowns no share of those known is printed alone (the shape of the table profiles says the same)."""
LONGEST_VALUE = 60


def sections(profiles: Rows, press: Press) -> tuple[list[Section], list[Finding]]:
    """One section for each population with its attributes, and a finding for each attribute too little recorded."""
    made: list[Section] = []
    findings: list[Finding] = []
    ordered = sorted(profiles, key=lambda row: (row["population"], row["attribute"], not row["known"], row["value"]))
    for population, of_population in groupby(ordered, key=lambda row: str(row["population"])):
        tables: list[Table] = []
        for attribute, rows in groupby(of_population, key=lambda row: str(row["attribute"])):
            table, finding = _attribute(list(rows), population, attribute, press)
            tables.append(table)
            findings += finding
        made.append(Section(f"Profile: {population_words(population)}", tuple(tables)))
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


def _attribute(rows: list[Row], population: str, attribute: str, press: Press) -> tuple[Table, list[Finding]]:
    title = f"{first_upper(plain(attribute))}: {population_words(population)}"
    first = rows[0]
    stem = str(first["number_id"])
    base = press.people(f"{stem}.base", f"People: {title}", first["base"], cell("profiles", stem, "base"))
    unknown = press.people(
        f"{stem}.unknown", f"Not known: {title}", first["unknown"], cell("profiles", stem, "unknown")
    )
    share_unknown = press.share(f"Share not known: {title}", unknown, base)
    body = [_row(row, title, (base, unknown), press) for row in rows]
    body.append(("All not known", unknown, "", share_unknown, share_unknown))
    body.append(("All", base, "", "", ""))
    columns = (
        first_upper(plain(attribute)),
        "People",
        "Share of those known",
        "Lowest share of all",
        "Highest share of all",
    )
    return Table(title, columns, tuple(body)), _finding(title, (base, unknown), share_unknown, press)


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


def _finding(title: str, whole: tuple[Printed, Printed], share: Share, press: Press) -> list[Finding]:
    base, unknown = whole
    if press.is_small(base) or not _too_many_unknown(unknown, base, press):
        return []
    sentence = f"{title}: not known for {{{{{unknown.number_id}}}}} of {{{{{base.number_id}}}}}{in_brackets('unknown', share)}, so only bounds are given."
    return [Finding("", CHAPTER, bind(sentence, {"unknown": share}, press), "unknown")]


def value_of(value: str) -> str:
    """The value in words; one too long to be a code or label of a scheme is not repeated, since it may be free text.

    >>> value_of("not_stated"), value_of("x" * 80)
    ('not stated', 'other entry, not shown')
    """
    return value_words(value) if len(value) <= LONGEST_VALUE else "other entry, not shown"
