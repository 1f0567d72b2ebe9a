"""The table of counts: distinct people by status and by one dimension at a time, each with the recipe that recomputes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from joinedup.count.envelope import Envelope
from joinedup.count.memberships import CONFLICTING, KINDS, NOT_KNOWN, STATUSES
from joinedup.domain.numbers import Recipe, number_ids

DIMENSIONS: dict[str, str] = {
    "source": "list",
    "source_kind": "list_kind",
    "year": "first_year",
    "area": "area",
    "age_band": "age_band",
    "sex": "sex",
    "lists": "lists",
}
"""Each dimension and the column of memberships it counts by. A person can stand on several lists, so source and
source_kind do not add up to the base; the others do."""

THREAT = "threat"
"""The dimension counted from the table threats; a person can have several kinds, so it does not add up to the base."""

EVERYBODY = "all"
UNKNOWN_VALUES = (NOT_KNOWN, CONFLICTING)


@dataclass(frozen=True, slots=True)
class Population:
    """The people of one role whose strongest status is one: who they are, and what the links leave open."""

    kind: str
    status: str
    envelope: Envelope | None
    bounds: Mapping[tuple[str, str], tuple[int, int]]
    """The lowest and highest count by dimension and value."""
    sent: pa.Table
    """Which returns name each person."""


def counts(
    memberships: pa.Table,
    threats: pa.Table,
    sent: pa.Table,
    envelopes: Mapping[tuple[str, str], Envelope],
    bounds: Mapping[tuple[str, str, str, str], tuple[int, int]],
) -> list[dict[str, object]]:
    """The rows of the table counts, from the tables memberships and threats, and the returns that name each person in each role (`sent`).

    Every status has its number of all people, nought included. `envelopes` gives the lowest and highest count by
    (kind, status), `bounds` by (kind, status, dimension, value); what it does not name carries none.
    """
    strongest = memberships.filter(pc.field("strongest"))
    rows: list[dict[str, object]] = []
    for kind, statuses in STATUSES.items():
        for status in statuses:
            chosen = strongest.filter((pc.field("kind") == kind) & (pc.field("status") == status))
            mine = {key[2:]: ends for key, ends in bounds.items() if key[:2] == (kind, status)}
            named = sent.filter(pc.field("kind") == kind).select(["person_id", "return_id"])
            population = Population(kind, status, envelopes.get((kind, status)), mine, named)
            rows += _population(chosen, population)
            said = threats.filter((pc.field("kind") == kind) & (pc.field("status") == status))
            rows += _by_threat(said, population)
    parts = [("count", *(str(row[key]) for key in ("population", "status", "dimension", "value"))) for row in rows]
    return [row | {"number_id": each} for row, each in zip(rows, number_ids(parts), strict=True)]


def _population(rows: pa.Table, population: Population) -> list[dict[str, object]]:
    base = int(pc.count_distinct(rows["person_id"]).as_py())
    envelope = population.envelope or Envelope(base, base, base, base)
    found = [
        _row(population, EVERYBODY, EVERYBODY, base, base)
        | {
            "lower": envelope.lower,
            "merged": envelope.merged,
            "upper": envelope.upper,
            "thin": envelope.thin,
            "returns": int(pc.count_distinct(_named(rows.select(["person_id"]), population)["return_id"]).as_py()),
        }
    ]
    for dimension, column in DIMENSIONS.items():
        values, returns = _distinct_people(rows, column), _returns(rows, column, population)
        unknown = sum(count for value, count in values if value in UNKNOWN_VALUES)
        found += [
            _row(population, dimension, value, count, base)
            | {"unknown": unknown, "returns": returns.get(value, 0)}
            | _ends(population, dimension, value)
            for value, count in values
        ]
    return found


def _ends(population: Population, dimension: str, value: str | int) -> dict[str, object]:
    ends = population.bounds.get((dimension, str(value)))
    if ends is None:
        return {}
    whole = population.envelope
    return {"lower": ends[0], "upper": ends[1] if whole is None else min(ends[1], whole.upper)}


def _by_threat(rows: pa.Table, population: Population) -> list[dict[str, object]]:
    base = int(pc.count_distinct(rows["person_id"]).as_py())
    values, returns = _distinct_people(rows, THREAT), _returns(rows, THREAT, population)
    unknown = sum(count for value, count in values if value in UNKNOWN_VALUES)
    where = {"kind": population.kind, "status": population.status}
    return [
        _row(population, THREAT, value, count, base)
        | {
            "unknown": unknown,
            "returns": returns.get(value, 0),
            "recipe": Recipe("threats", where | {THREAT: str(value)}, "person_id").to_json(),
        }
        | _ends(population, THREAT, value)
        for value, count in values
    ]


def _distinct_people(rows: pa.Table, column: str) -> list[tuple[str | int, int]]:
    """Each value of the column and how many different people have it, by value."""
    grouped = rows.group_by(column).aggregate([("person_id", "count_distinct")]).sort_by(column).to_pylist()
    return [(each[column], int(each["person_id_count_distinct"])) for each in grouped]


def _returns(rows: pa.Table, column: str, population: Population) -> dict[str | int, int]:
    """How many different returns name the people of each value of the column."""
    named = _named(rows.select(["person_id", column]), population)
    grouped = named.group_by(column).aggregate([("return_id", "count_distinct")]).to_pylist()
    return {each[column]: int(each["return_id_count_distinct"]) for each in grouped}


def _named(rows: pa.Table, population: Population) -> pa.Table:
    return rows.join(population.sent, keys="person_id")


def _row(population: Population, dimension: str, value: str | int, count: int, base: int) -> dict[str, object]:
    where: dict[str, str | int | bool] = {"kind": population.kind, "status": population.status, "strongest": True}
    if dimension in DIMENSIONS:
        where[DIMENSIONS[dimension]] = value
    return {
        "population": KINDS[population.kind],
        "status": population.status,
        "dimension": dimension,
        "value": str(value),
        "count": count,
        "lower": None,
        "merged": None,
        "upper": None,
        "thin": None,
        "base": base,
        "unknown": 0,
        "recipe": Recipe("memberships", where, "person_id").to_json(),
    }
