"""How many source records of each return stand behind printed numbers: many numbers at once, in a few queries.

`store.numbers.trace` opens one number fully; this counts for all of them what a report shows beside each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Literal, Protocol

import ibis

from joinedup.domain.numbers import Recipe

Place = Literal["return_id", "file"]
"""Where records came from: a return by its id, or a file as its path below returns/."""


class Reads(Protocol):
    """Whatever hands out the tables of a run: a store, or what a stage is given."""

    def read(self, name: str) -> ibis.Table:
        """The named table."""


def records_by_return(
    reads: Reads, recipes: Iterable[Recipe], among: Collection[str], by: Place = "return_id"
) -> dict[str, dict[str, int]]:
    """The number of source records behind each recipe (as its JSON), by the return they came in, or by its file.

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
        counted = _counted(reads, table, columns, by)
        if counted is None:
            continue
        for row in counted.filter(counted.place.notnull()).to_pyarrow().to_pylist():
            values = tuple(row[_key(place)] for place in range(len(columns)))
            for recipe_json in asked.get(values, ()):
                found[recipe_json][row["place"]] = int(row["records"])
    return {recipe: dict(sorted(returns.items())) for recipe, returns in found.items()}


def _key(place: int) -> str:
    return f"key_{place}"


def _counted(reads: Reads, table: str, columns: tuple[str, ...], by: Place) -> ibis.Table | None:
    """Records by the values of the columns and by place; None where the table's rows lead to no records."""
    rows = reads.read(table)
    keys = {_key(place): rows[column] for place, column in enumerate(columns)}
    if table == "returns":
        return _of_returns(rows.select("rows", place=_place(rows, by), **keys), list(keys))
    if table == "responses":
        returns = reads.read("returns")
        sent = returns.select("agency", "form", "rows", place=_place(returns, by))
        answers = rows.select("agency", "form", **keys)
        return _of_returns(answers.join(sent, ["agency", "form"]), list(keys))
    if "return_id" in rows.columns:
        return _totalled(rows.select(place=_place(rows, by), **keys), list(keys))
    if "evidence" in rows.columns:
        events = rows.select(event_id=rows.evidence.cast("json").cast("array<string>").unnest(), **keys).distinct()
        return _joined(events, _placed(reads.read("events"), "event_id", by), "event_id", list(keys))
    if "person_id" in rows.columns:
        people = rows.select("person_id", **keys).distinct()
        mentions = people.join(reads.read("people").select("person_id", "mention_id"), "person_id")
        placed = _placed(reads.read("mentions"), "mention_id", by)
        return _joined(mentions.drop("person_id"), placed, "mention_id", list(keys))
    return None


def _place(rows: ibis.Table, by: Place) -> ibis.Value:
    return rows.return_id if by == "return_id" else rows.agency + "/" + rows.file


def _placed(records: ibis.Table, identity: str, by: Place) -> ibis.Table:
    return records.select(identity, place=_place(records, by))


def _joined(rows: ibis.Table, records: ibis.Table, identity: str, keys: list[str]) -> ibis.Table:
    return _totalled(rows.join(records, identity), keys)


def _totalled(rows: ibis.Table, keys: list[str]) -> ibis.Table:
    return rows.group_by([*keys, "place"]).agg(records=rows.count())


def _of_returns(rows: ibis.Table, keys: list[str]) -> ibis.Table:
    return rows.group_by([*keys, "place"]).agg(records=rows.rows.sum().coalesce(0))


def own_recipes(reads: Reads) -> dict[str, Recipe]:
    """The recipes of the rows of `counts` and `estimates`, by number id."""
    found: dict[str, Recipe] = {}
    for name in ("counts", "estimates"):
        for row in reads.read(name).select("number_id", "recipe").to_pyarrow().to_pylist():
            found[row["number_id"]] = Recipe.from_json(row["recipe"])
    return found


def own_recipe(recipe: Recipe, own: Mapping[str, Recipe]) -> Recipe:
    """The recipe that leads to records: for a number that stands beside another in its row, that other's own recipe.

    `own` holds the recipes of the rows of `counts` and `estimates` by number id; there alone every column of a row
    speaks of the same people.
    """
    if recipe.total and recipe.table in ("counts", "estimates"):
        return own.get(str(recipe.where.get("number_id", "")), recipe)
    return recipe
