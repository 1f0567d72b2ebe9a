"""How many source records of each return stand behind printed numbers: many numbers at once, in a few queries.

`store.numbers.trace` opens one number fully; this counts for all of them what a report shows beside each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

import ibis

from joinedup.domain.numbers import Recipe


class Reads(Protocol):
    """Whatever hands out the tables of a run: a store, or what a stage is given."""

    def read(self, name: str) -> ibis.Table:
        """The named table."""


def records_by_return(reads: Reads, recipes: Iterable[Recipe], among: Collection[str]) -> dict[str, dict[str, int]]:
    """The number of source records behind each recipe (as its JSON), by the return they came in.

    Records are those of events where the rows name events, otherwise every mention of the people the rows name. A
    recipe whose table is not `among` those that can be read, or holds nothing that leads to records, is left out.
    """
    wanted: dict[tuple[str, tuple[str, ...]], dict[tuple[object, ...], list[str]]] = defaultdict(dict)
    for recipe in recipes:
        if recipe.table in among:
            columns = tuple(sorted(recipe.where))
            values = tuple(recipe.where[column] for column in columns)
            wanted[recipe.table, columns].setdefault(values, []).append(recipe.to_json())
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for (table, columns), asked in wanted.items():
        counted = _counted(reads, table, columns)
        if counted is None:
            continue
        for row in counted.filter(counted.return_id.notnull()).to_pyarrow().to_pylist():
            values = tuple(row[_key(place)] for place in range(len(columns)))
            for recipe_json in asked.get(values, ()):
                found[recipe_json][row["return_id"]] = int(row["records"])
    return {recipe: dict(sorted(returns.items())) for recipe, returns in found.items()}


def _key(place: int) -> str:
    return f"key_{place}"


def _counted(reads: Reads, table: str, columns: tuple[str, ...]) -> ibis.Table | None:
    """Records by the values of the columns and by return; None where the table's rows lead to no records."""
    rows = reads.read(table)
    keys = {_key(place): rows[column] for place, column in enumerate(columns)}
    if table == "returns":
        return _of_returns(rows.select("return_id", "rows", **keys), list(keys))
    if table == "responses":
        sent = reads.read("returns").select("agency", "form", "return_id", "rows")
        answers = rows.select("agency", "form", **keys)
        return _of_returns(answers.join(sent, ["agency", "form"]), list(keys))
    if "return_id" in rows.columns:
        return _totalled(rows.select("return_id", **keys), list(keys))
    if "evidence" in rows.columns:
        events = rows.select(event_id=rows.evidence.cast("json").cast("array<string>").unnest(), **keys).distinct()
        return _joined(events, reads.read("events"), "event_id", list(keys))
    if "person_id" in rows.columns:
        people = rows.select("person_id", **keys).distinct()
        mentions = people.join(reads.read("people").select("person_id", "mention_id"), "person_id")
        return _joined(mentions.drop("person_id"), reads.read("mentions"), "mention_id", list(keys))
    return None


def _joined(rows: ibis.Table, records: ibis.Table, by: str, keys: list[str]) -> ibis.Table:
    return _totalled(rows.join(records.select(by, "return_id"), by), keys)


def _totalled(rows: ibis.Table, keys: list[str]) -> ibis.Table:
    return rows.group_by([*keys, "return_id"]).agg(records=rows.count())


def _of_returns(rows: ibis.Table, keys: list[str]) -> ibis.Table:
    return rows.group_by([*keys, "return_id"]).agg(records=rows.rows.sum().coalesce(0))


def followed(recipe: Recipe, own: Mapping[str, Recipe]) -> Recipe:
    """The recipe that leads to records: for a number that stands beside another in its row, that other's own recipe.

    `own` holds the recipes of the rows of `counts` and `estimates` by number id; there alone every column of a row
    speaks of the same people.
    """
    if recipe.total and recipe.table in ("counts", "estimates"):
        return own.get(str(recipe.where.get("number_id", "")), recipe)
    return recipe
