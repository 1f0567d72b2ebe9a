"""Who is on whose list, with which status: one row for each person, list and status, with the person's own attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
from ibis.expr.types import IntegerColumn, StringColumn, Table, Value

from joinedup.registry.bands import BandSet

NOT_KNOWN = "not known"
CONFLICTING = "conflicting"

KINDS = {"child": "children", "suspect": "suspects"}
"""The role a person is counted in, and the population it makes."""

STATUSES: dict[str, tuple[str, ...]] = {
    "child": ("known", "suspected", "at_risk", "not_stated"),
    "suspect": ("charged", "alleged", "not_stated"),
}
"""The statuses of each role, strongest first."""

OLDEST = 120


@dataclass(frozen=True, slots=True)
class Evidence:
    """The tables that memberships are made of, as expressions."""

    people: Table
    mentions: Table
    involvements: Table
    events: Table


def memberships(evidence: Evidence, bands: Mapping[str, BandSet]) -> Table:
    """The table memberships: one row for each person, role, list and status.

    `bands` gives the age bands of the populations children and suspects.
    """
    found = concerns(evidence)
    person = ["person_id", "kind"]
    listed = found.group_by([*person, "list", "status"]).agg(
        list_kind=found.list_kind.max(), rank=found["rank"].min(), first_date=found.day.min()
    )
    whole = found.group_by(person).agg(strongest_rank=found["rank"].min(), lists=found["list"].nunique())
    described = _described(evidence, found, bands)
    joined = listed.inner_join(whole, person).inner_join(described, person)
    return joined.select(
        "person_id",
        "kind",
        "list",
        "list_kind",
        "status",
        "first_date",
        "first_year",
        "area",
        "lists",
        strongest=joined["rank"] == joined.strongest_rank,
        year=_text_of_year(joined.first_date),
        age_band=joined.age_band.fill_null(NOT_KNOWN),
        sex=joined.sex.fill_null(NOT_KNOWN),
        known_or_suspected=joined.status.isin(["known", "suspected"]),
    )


def ages(evidence: Evidence, bands: Mapping[str, BandSet]) -> Table:
    """The age band at first concern of each person with one, in each role: person_id, kind, age_band ('not known' included)."""
    described = _described(evidence, concerns(evidence), bands)
    return described.select("person_id", "kind", age_band=described.age_band.fill_null(NOT_KNOWN))


def _described(evidence: Evidence, found: Table, bands: Mapping[str, BandSet]) -> Table:
    """What is known of each person with a concern: year and area of the first, age band at it, sex."""
    first = _first_concerns(found)
    described = (
        first.left_join(_births(evidence, found), "person_id")
        .drop("person_id_right")
        .left_join(_sexes(evidence, found), "person_id")
        .drop("person_id_right")
    )
    return described.mutate(age_band=_age_band(described, bands)).select(
        "person_id", "kind", "first_year", "age_band", "sex", "area"
    )


def concerns(evidence: Evidence) -> Table:
    """One row for each involvement of a child or suspect that carries a status: person, list, status, rank, day, area."""
    parts = evidence.involvements
    parts = parts.filter(parts.role.isin(list(KINDS)), _present(parts.status)).select(
        "mention_id", "event_id", "role", "status"
    )
    people = evidence.people.select("mention_id", "person_id")
    mentions = evidence.mentions.select("mention_id", "agency", "agency_kind", "area")
    events = evidence.events.select("event_id", "start", "start_precision")
    joined = parts.inner_join(people, "mention_id").inner_join(mentions, "mention_id").left_join(events, "event_id")
    day = joined.start.cast("date")
    return joined.select(
        "mention_id",
        "person_id",
        "status",
        kind=joined.role,
        list=joined.agency,
        list_kind=joined.agency_kind,
        rank=_rank(joined.role, joined.status),
        day=day,
        last_day=_last_day(day, joined.start_precision),
        area=_present_or_null(joined.area),
    )


def _rank(role: StringColumn, status: StringColumn) -> IntegerColumn:
    """0 for the strongest status of the role and upwards; 9 for a status the role does not have."""
    branches = [
        ((role == kind) & (status == name), place)
        for kind, names in STATUSES.items()
        for place, name in enumerate(names)
    ]
    return ibis.cases(*branches, else_=9).cast("int64")


def _present(text: StringColumn) -> Value:
    return text.fill_null("") != ""


def _present_or_null(text: StringColumn) -> StringColumn:
    return text.nullif("")


def _number(day: Value) -> IntegerColumn:
    """A day as the number YYYYMMDD: the difference of two, divided by 10,000, is whole years."""
    return day.year().cast("int64") * 10000 + day.month().cast("int64") * 100 + day.day().cast("int64")


def _last_day(day: Value, precision: StringColumn) -> IntegerColumn:
    """The last day the date can mean, as YYYYMMDD; days past the end of a month stand for its last day."""
    number = _number(day)
    return ibis.cases(
        (precision == "year", number // 10000 * 10000 + 1231),
        (precision == "month", number // 100 * 100 + 31),
        else_=number,
    ).cast("int64")


def _text_of_year(day: Value) -> StringColumn:
    return day.year().cast("string").fill_null(NOT_KNOWN)


def _first_concerns(found: Table) -> Table:
    """Each person's earliest concern in each role: its day, the last day it can mean, its area and year."""
    ranked = found.mutate(
        place=ibis.row_number().over(
            group_by=["person_id", "kind"],
            order_by=[
                found.day.asc(nulls_first=False),
                found.last_day.asc(nulls_first=False),
                found.area.asc(nulls_first=False),
            ],
        )
    )
    first = ranked.filter(ranked.place == 0)
    return first.select(
        "person_id",
        "kind",
        "day",
        "last_day",
        first_year=_text_of_year(first.day),
        area=first.area.fill_null(NOT_KNOWN),
    )


def _mentions_of(evidence: Evidence, found: Table) -> Table:
    """Every mention of the people with a concern, whether or not that mention carries one."""
    people = evidence.people.select("mention_id", "person_id")
    wanted = people.semi_join(found.select("person_id").distinct(), "person_id")
    return wanted.inner_join(evidence.mentions.select("mention_id", "sex", "dob", "dob_precision"), "mention_id")


def _sexes(evidence: Evidence, found: Table) -> Table:
    told = _mentions_of(evidence, found)
    told = told.mutate(sex=_present_or_null(told.sex))
    grouped = told.group_by("person_id").agg(different=told.sex.nunique(), one=told.sex.min())
    return grouped.select("person_id", sex=ibis.cases((grouped.different > 1, CONFLICTING), else_=grouped.one))


def birth_days(mentions: Table) -> Table:
    """The mentions whose date of birth tells something, with the first and last day it can mean (born_from, born_to, as YYYYMMDD)."""
    told = mentions.filter(mentions.dob.notnull())
    number = _number(told.dob)
    precision = _present_or_null(told.dob_precision).fill_null("day")
    told = told.mutate(
        number=number,
        precise=ibis.cases((precision == "day", 1), (precision == "month", 2), else_=3).cast("int64"),
        usable=(precision != "placeholder") | (number % 10000 == 101),
    )
    told = told.filter(told.usable)
    return told.mutate(
        born_from=ibis.cases(
            (told.precise == 3, told.number // 10000 * 10000 + 101),
            (told.precise == 2, told.number // 100 * 100 + 1),
            else_=told.number,
        ).cast("int64"),
        born_to=ibis.cases(
            (told.precise == 3, told.number // 10000 * 10000 + 1231),
            (told.precise == 2, told.number // 100 * 100 + 31),
            else_=told.number,
        ).cast("int64"),
    )


def _births(evidence: Evidence, found: Table) -> Table:
    """The earliest and latest day each person can have been born, as YYYYMMDD.

    The most precise dates count; of those the one most mentions give; of a tie, all. 1 January as a placeholder tells
    the year; any other placeholder tells nothing.
    """
    told = birth_days(_mentions_of(evidence, found))
    counted = told.group_by(["person_id", "precise", "born_from", "born_to"]).agg(mentions=told.count())
    ranked = counted.mutate(
        place=ibis.rank().over(group_by="person_id", order_by=[counted.precise.asc(), counted.mentions.desc()])
    )
    best = ranked.filter(ranked.place == 0)
    return best.group_by("person_id").agg(born_from=best.born_from.min(), born_to=best.born_to.max())


def _age_band(described: Table, bands: Mapping[str, BandSet]) -> StringColumn:
    """The band the age at first concern lies in; null unless every age the dates allow lies in that one band."""
    oldest = (described.last_day - described.born_from) // 10000
    youngest = (_number(described.day) - described.born_to) // 10000
    branches = [
        ((described.kind == kind) & (youngest >= band.first) & (oldest <= min(band.last, OLDEST)), band.label)
        for kind, population in KINDS.items()
        for band in bands[population].bands
    ]
    return ibis.cases(*branches, else_=ibis.null("string"))
