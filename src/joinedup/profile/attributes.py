"""One row for each person and attribute: the value all their mentions give, that they differ, or how it is not known."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import pyarrow as pa
from ibis.expr.types import StringValue, Table

from joinedup.registry.code_sets import CodeSet

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

OF_MEMBERSHIPS = ("age_band", "sex", "area")
"""Attributes that the memberships already hold for each person."""

SEVERAL_AT_ONCE = ("disability", "nationality")
"""Attributes of which a person can have several values without contradiction: each value has its own row."""


def members(memberships: Table) -> Table:
    """Each person of each population once, under their strongest status, with what memberships hold of them."""
    strongest = memberships.filter(memberships.strongest)
    population = ibis.cases(
        *((strongest.kind == kind, name) for kind, name in POPULATIONS.items()), else_=strongest.kind
    )
    return strongest.select("person_id", *OF_MEMBERSHIPS, population=population + ":" + strongest.status).distinct()


def label_table(code_sets: Mapping[str, CodeSet]) -> Table:
    """Every code of every scheme with its label, as a table: scheme, code, label."""
    rows = [
        (scheme, code, entry.label) for scheme, each in sorted(code_sets.items()) for code, entry in each.codes.items()
    ]
    schema = pa.schema([("scheme", pa.string()), ("code", pa.string()), ("label", pa.string())])
    columns = [[row[place] for row in rows] for place in range(3)]
    return ibis.memtable(pa.table(columns, schema=schema))


def person_attributes(people: Table, memberships: Table, descriptions: Table, labels: Table) -> Table:
    """The table person_attributes."""
    whole = members(memberships)
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
    columns = ["person_id", "population", "attribute", "value", "known"]
    recorded = _recorded(told, labels)
    unrecorded = _unrecorded(told)
    absent = _absent(told, whole)
    return ibis.union(*(part.select(*columns) for part in (*parts, recorded, unrecorded, absent)), distinct=False)


def _told(people: Table, whole: Table, descriptions: Table) -> Table:
    """Every description of every member, its attribute named with its scheme; `recorded` says whether it carries a code."""
    scheme = descriptions.scheme.nullif("").fill_null(NO_SCHEME)
    named = descriptions.select(
        "mention_id",
        "state",
        scheme=scheme,
        code=descriptions.code.nullif(""),
        plain=descriptions.attribute,
        attribute=descriptions.attribute + " (" + scheme + ")",
    )
    joined = named.inner_join(people.select("mention_id", "person_id"), "mention_id").inner_join(
        whole.select("person_id", "population"), "person_id"
    )
    return joined.mutate(recorded=((joined.state == "recorded") & joined.code.notnull()).fill_null(False))


def _recorded(told: Table, labels: Table) -> Table:
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
    """The members of whom no mention was sent with an attribute that others were sent with."""
    person = ["person_id", "population", "attribute"]
    asked = told.select("attribute").distinct()
    every = whole.select("person_id", "population").cross_join(asked)
    missing = every.anti_join(told.select(*person).distinct(), person)
    return missing.select(*person, value=ibis.literal(NOT_RETURNED), known=ibis.literal(False))
