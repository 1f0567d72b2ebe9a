"""The table profiles: people by value, with the unknowns, the worst-case bounds, and a share only where little is unknown."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa

from joinedup.domain.numbers import Recipe, number_ids
from joinedup.stats.bounds import worst_case

MOST_UNKNOWN = 0.05
"""The largest share not known at which a share of those known is given at all."""

Row = dict[str, object]


def profiles(attributes: pa.Table) -> list[Row]:
    """The rows of the table profiles, from person_attributes."""
    grouped = attributes.group_by(["population", "attribute", "value", "known"]).aggregate(
        [("person_id", "count_distinct")]
    )
    ordered = grouped.sort_by([(name, "ascending") for name in ("population", "attribute", "value")]).to_pylist()
    bases = _distinct_people(attributes)
    unknowns: dict[tuple[str, str], int] = defaultdict(int)
    for each in ordered:
        if not each["known"]:
            unknowns[each["population"], each["attribute"]] += each["person_id_count_distinct"]
    rows = [
        _row(each, bases[each["population"], each["attribute"]], unknowns[each["population"], each["attribute"]])
        for each in ordered
    ]
    ids = number_ids([("profile", *(str(row[key]) for key in ("population", "attribute", "value"))) for row in rows])
    return [row | {"number_id": each} for row, each in zip(rows, ids, strict=True)]


def _distinct_people(attributes: pa.Table) -> dict[tuple[str, str], int]:
    keys = ["population", "attribute"]
    grouped = attributes.group_by(keys).aggregate([("person_id", "count_distinct")])
    columns = [grouped[name].to_pylist() for name in (*keys, "person_id_count_distinct")]
    return {(population, attribute): count for population, attribute, count in zip(*columns, strict=True)}


def _row(each: dict[str, object], base: int, unknown: int) -> Row:
    count, known = int(str(each["person_id_count_distinct"])), bool(each["known"])
    bounds = worst_case(count, base - unknown, unknown) if known else None
    little_unknown = unknown <= MOST_UNKNOWN * base
    where: dict[str, str | int | bool] = {key: str(each[key]) for key in ("population", "attribute", "value")}
    return {
        **where,
        "count": count,
        "base": base,
        "unknown": unknown,
        "known": known,
        "share_known": count / (base - unknown) if known and little_unknown else None,
        "lower": bounds.lower if bounds else None,
        "upper": bounds.upper if bounds else None,
        "recipe": Recipe("person_attributes", where, "person_id").to_json(),
    }
