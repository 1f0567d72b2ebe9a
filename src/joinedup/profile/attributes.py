"""One row for each person and attribute: the value all their mentions give, that they differ, or how it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import pyarrow as pa
from ibis.expr.types import BooleanValue, DateValue, StringColumn, StringValue, Table

from joinedup.registry.bands import age_bands
from joinedup.registry.code_sets import CodeSet
from joinedup.registry.environments import EnvironmentEvidence, environments

CONFLICTING = "conflicting"
NOT_KNOWN = "not known"
NOT_RETURNED = "not returned"
NO_SCHEME = "no scheme"

STATES = {
    "refused": "refused",
    "not_yet_obtained": "not yet obtained",
    "not_stated": "not stated",
    "ambiguous": "ambiguous",
    "not_in_scheme": "not in scheme",
    "not_asked": "not asked",
}
"""How a value is not known, as it is written, in the order that decides where a person's mentions give several: what
came of asking goes before what could not be read, and that before not having asked."""

POPULATIONS = {"child": "children", "suspect": "suspects"}

OF_MEMBERSHIPS = ("age_band", "sex", "area", "first_year")
"""Attributes that the memberships already hold for each person."""

THREAT = "threat"
ENVIRONMENT = "environment"

CARE = ("care_episode", "care_period")
"""Events whose time is a time in care."""

SEVERAL_AT_ONCE = ("disability", "nationality")
"""Attributes of which a person can have several values without contradiction: each value has its own row."""

AGE_STATED = "age_stated"

EXPECTED = {
    "children": ("ethnicity", "nationality", "disability"),
    "suspects": ("ethnicity", "nationality", "disability", "relationship"),
}
"""Attributes that a profile speaks of though no return holds them: what nobody was sent with is not returned, and is said."""


def members(memberships: Table) -> Table:
    """Each person of each population once, under their strongest status, with what memberships hold of them."""
    strongest = memberships.filter(memberships.strongest)
    population = _population(strongest.kind, strongest.status)
    return strongest.select("person_id", *OF_MEMBERSHIPS, population=population).distinct()


def label_table(code_sets: Mapping[str, CodeSet]) -> Table:
    """Every code of every scheme with its label, as a table: scheme, code, label."""
    rows = [
        (scheme, code, entry.label) for scheme, each in sorted(code_sets.items()) for code, entry in each.codes.items()
    ]
    schema = pa.schema([("scheme", pa.string()), ("code", pa.string()), ("label", pa.string())])
    columns = [[row[place] for row in rows] for place in range(3)]
    return ibis.memtable(pa.table(columns, schema=schema))


@dataclass(frozen=True, slots=True)
class Recorded:
    """The tables a profile is made of, as expressions."""

    people: Table
    memberships: Table
    threats: Table
    descriptions: Table
    events: Table
    involvements: Table


def person_attributes(recorded: Recorded, labels: Table) -> Table:
    """The table person_attributes."""
    people, descriptions = recorded.people, recorded.descriptions
    whole = members(recorded.memberships)
    parts = [
        whole.select(
            "person_id",
            "population",
            attribute=ibis.literal(name),
            value=whole[name],
            known=~whole[name].isin([NOT_KNOWN, CONFLICTING]),
        )
        for name in OF_MEMBERSHIPS
    ]
    told = _told(people, whole, descriptions)
    parts += [_living_arrangements(recorded, whole), _threats(recorded.threats), _environments(recorded, whole)]
    parts += [_coded(told, labels), _unrecorded(told), _absent(told, whole)]
    columns = ["person_id", "population", "attribute", "value", "known"]
    return ibis.union(*(part.select(*columns) for part in parts), distinct=False)


def _population(kind: StringColumn, status: StringColumn) -> StringValue:
    return ibis.cases(*((kind == each, name) for each, name in POPULATIONS.items()), else_=kind) + ":" + status


def _threats(threats: Table) -> Table:
    return threats.select(
        "person_id",
        population=_population(threats.kind, threats.status),
        attribute=ibis.literal(THREAT),
        value=threats.threat,
        known=threats.threat != NOT_KNOWN,
    )


def _living_arrangements(recorded: Recorded, whole: Table) -> Table:
    """Whether each child was in care or at home when the first concern arose, as far as records of care and of missing
    episodes within a year of it say; not being on a list of children in care says nothing."""
    children = whole.filter(whole.population.startswith("children:")).select("person_id", "population")
    listed = recorded.memberships.filter(recorded.memberships.kind == "child")
    first = listed.group_by("person_id").agg(day=listed.first_date.min())
    part = recorded.involvements.filter(recorded.involvements.role == "child")
    of_child = part.inner_join(recorded.people.select("mention_id", "person_id"), "mention_id").select(
        "event_id", "person_id"
    )
    events = recorded.events
    events = events.filter(events.type.isin([*CARE, "missing_episode"])).select(
        "event_id", "type", "details", begun=events.start.cast("date"), ended=events.end.cast("date")
    )
    held = events.inner_join(of_child.distinct(), "event_id").inner_join(first, "person_id")
    near = _within_a_year(held.begun, held.day)
    care = held.type.isin(CARE) & (held.begun <= held.day) & (held.ended.isnull() | (held.ended >= held.day))
    from_care = (held.type == "missing_episode") & near & held.details.contains('"missing_kind": "care"')
    from_home = (held.type == "missing_episode") & near & held.details.contains('"missing_kind": "home"')
    said = held.mutate(care=care | from_care.fill_null(False), home=from_home.fill_null(False))
    by_child = said.group_by("person_id").agg(care=said.care.any(), home=said.home.any())
    joined = children.left_join(by_child, "person_id")
    value = ibis.cases((joined.care, "in care"), (joined.home, "family home"), else_=NOT_KNOWN)
    return joined.select(
        "person_id",
        "population",
        attribute=ibis.literal("living_arrangement"),
        value=value,
        known=value != NOT_KNOWN,
    )


def _environments(recorded: Recorded, whole: Table) -> Table:
    """Where the contact or offending took place that each person has a part in, by the registry; a person can have several."""
    role = ibis.cases((whole.population.startswith("suspects:"), "suspect"), else_="child")
    members = whole.select("person_id", "population", role=role)
    part = recorded.involvements.inner_join(recorded.people.select("mention_id", "person_id"), "mention_id")
    held = (
        part.select("event_id", "person_id", "role")
        .inner_join(members, ["person_id", "role"])
        .inner_join(recorded.events.select("event_id", "type", "code", "scheme", "place"), "event_id")
    )
    found = [
        held.filter(_says(held, evidence)).select("person_id", "population", value=ibis.literal(each.title))
        for each in environments()
        for evidence in each.evidence
    ]
    told = ibis.union(*found, distinct=True).mutate(known=True)
    rest = members.anti_join(told, ["person_id", "population"])
    silent = rest.select("person_id", "population", value=ibis.literal(NOT_KNOWN), known=ibis.literal(False))
    return told.union(silent).mutate(attribute=ibis.literal(ENVIRONMENT))


def _says(events: Table, evidence: EnvironmentEvidence) -> BooleanValue:
    said = events.type.isin(evidence.events)
    if evidence.scheme:
        said &= (events.scheme == evidence.scheme) & events.code.isin(evidence.codes)
    if evidence.place:
        said &= events.place.nullif("").notnull()
    return said.fill_null(False)


def _within_a_year(one: DateValue, other: DateValue) -> BooleanValue:
    year = ibis.interval(days=365)
    return (one <= other + year) & (other <= one + year)


def _told(people: Table, whole: Table, descriptions: Table) -> Table:
    """Every description of every member; `recorded` says whether it carries a code.

    The attribute is named with its scheme and with who said so (self, officer, other), where that is known: what an officer
    saw and what a person said of themselves are never put together.
    """
    basis = descriptions.basis.nullif("").nullif("not_known")
    by = ibis.cases((basis.notnull(), ", " + basis), else_="")
    scheme = descriptions.scheme.nullif("").fill_null(NO_SCHEME)
    plain = descriptions.attribute.re_replace("_self$", "")
    named = descriptions.select(
        "mention_id",
        "state",
        scheme=scheme,
        code=descriptions.code.nullif(""),
        plain=plain,
        attribute=plain + " (" + scheme + by + ")",
    )
    joined = named.inner_join(people.select("mention_id", "person_id"), "mention_id").inner_join(
        whole.select("person_id", "population", kind=_kind(whole.population)), "person_id"
    )
    joined = joined.mutate(code=ibis.ifelse(joined.plain == AGE_STATED, _band(joined), joined.code))
    return joined.mutate(recorded=((joined.state == "recorded") & joined.code.notnull()).fill_null(False))


def _kind(population: StringColumn) -> StringValue:
    """Children or suspects, without their status."""
    return population.re_replace(":.*$", "")


def _band(joined: Table) -> StringValue:
    """The band of a stated age: a record that gives 22 and another that gives 23 do not contradict one another."""
    age = joined.code.try_cast("int64")
    return ibis.cases(
        *(
            ((joined.kind == kind) & age.between(band.first, band.last), band.label)
            for kind, each in age_bands().items()
            for band in each.bands
        ),
        else_=joined.code,
    )


def _coded(told: Table, labels: Table) -> Table:
    """The members with a code: the code with its label, or conflicting where a single-valued attribute has two."""
    person = ["person_id", "population", "attribute"]
    coded = told.filter(told.recorded).select(*person, "plain", "scheme", "code").distinct()
    counted = coded.mutate(codes=coded.count().over(group_by=person))
    labelled = counted.left_join(labels, ["scheme", "code"])
    conflicting = (labelled.codes > 1) & ~labelled.plain.isin(SEVERAL_AT_ONCE)
    value = ibis.cases(
        (conflicting, CONFLICTING),
        (labelled.label.notnull(), labelled.code + ": " + labelled.label),
        else_=labelled.code,
    )
    return labelled.select(*person, value=value, known=~conflicting).distinct()


def _unrecorded(told: Table) -> Table:
    """The members whose mentions give no code of a scheme that one of them was sent in: the way it is not known."""
    person = ["person_id", "population", "attribute"]
    coded = told.filter(told.recorded).select(*person).distinct()
    states = list(STATES)
    rest = told.anti_join(coded, person)
    place = ibis.cases(
        *((rest.state == state, place) for place, state in enumerate(states)),
        # A value said to be recorded that carries no code of its scheme is not in it.
        else_=states.index("not_in_scheme"),
    )
    first = rest.mutate(place=place).group_by(person).agg(place=ibis._.place.min())
    return first.select(*person, value=_state_text(first), known=ibis.literal(False))


def _state_text(first: Table) -> StringValue:
    return ibis.cases(*((first.place == place, text) for place, text in enumerate(STATES.values())), else_=NOT_KNOWN)


def _absent(told: Table, whole: Table) -> Table:
    """The members of whom no mention was sent with an attribute that others of their kind were sent with, or that a profile
    speaks of in any case."""
    person = ["person_id", "population", "attribute"]
    expected = ibis.memtable(
        [{"kind": kind, "plain": name} for kind, names in EXPECTED.items() for name in names],
        schema={"kind": "string", "plain": "string"},
    )
    unheard = expected.anti_join(told.select("kind", "plain").distinct(), ["kind", "plain"])
    asked = told.select("kind", "attribute").distinct().union(unheard.select("kind", attribute="plain"))
    every = whole.select("person_id", "population", kind=_kind(whole.population)).inner_join(asked, "kind")
    missing = every.anti_join(told.select(*person).distinct(), person)
    return missing.select(*person, value=ibis.literal(NOT_RETURNED), known=ibis.literal(False))
