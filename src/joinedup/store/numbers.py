"""Printed numbers of a finished run: read, recomputed, followed to the rows and files behind them."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from joinedup.domain.numbers import Recipe
from joinedup.errors import UsageError
from joinedup.store.contract import Store

NUMBER_TABLES = {
    "responses": "files",
    "counts": "count",
    "estimates": "estimate",
    "rule_coverage": "fired",
    "associations": "count",
    "reviews": "breached",
    "profiles": "count",
    "released": "exact",
}
"""The tables that hold printed numbers, and the column that is the number; the report's own come last."""

RECOMPUTED = {"estimates": "observed"}
"""Where a recipe recomputes another column than the number itself: an estimate follows from a formula, and what can be
counted again is what it stands on, the people observed."""


@dataclass(frozen=True, slots=True)
class Number:
    """One printed number: its trace id, where it stands, its value and its recipe."""

    number_id: str
    table: str
    value: float | None
    recipe: Recipe
    counted: float | None
    """What the recipe recomputes: the value itself, but for estimates."""


@dataclass(frozen=True)
class Trace:
    """What is behind a printed number: `recomputed` from the recipe, the `evidence` rows and the source `records`
    (agency, form, file, sheet, row, sha256), and the `decisions` that touch them."""

    number: Number
    stands: dict[str, Any]
    recomputed: int | float
    evidence: pa.Table
    records: pa.Table
    decisions: pa.Table


def read_numbers(store: Store) -> dict[str, Number]:
    """Every printed number of a run, by trace id."""
    found: dict[str, Number] = {}
    present = store.tables()
    for table, value in NUMBER_TABLES.items():
        if table not in present:
            continue
        columns = {"value": value, "counted": RECOMPUTED.get(table, value)}
        for row in store.read(table).select("number_id", "recipe", **columns).to_pyarrow().to_pylist():
            exact, counted = (None if row[name] is None else float(row[name]) for name in columns)
            made = Number(row["number_id"], table, exact, Recipe.from_json(row["recipe"]), counted)
            found.setdefault(made.number_id, made)
    return found


def recipe_rows(store: Store, recipe: Recipe) -> ibis.Table:
    """The rows a recipe counts."""
    table = store.read(recipe.table)
    for column, value in sorted(recipe.where.items()):
        table = table.filter(table[column] == value)
    return table


def recompute(store: Store, recipe: Recipe) -> int | float:
    """The number a recipe gives on a run: its rows counted, the different values of one column of them, or its sum."""
    rows = recipe_rows(store, recipe)
    if recipe.total:
        summed = rows[recipe.total].sum().to_pyarrow().as_py() or 0
        return int(summed) if float(summed).is_integer() else float(summed)
    counted = rows[recipe.distinct].nunique() if recipe.distinct else rows.count()
    return int(counted.to_pyarrow().as_py())


def trace(store: Store, number_id: str, *, limit: int = 1000) -> Trace:
    """What is behind the printed number; at most `limit` evidence rows and `limit` source records are brought."""
    numbers = read_numbers(store)
    if number_id not in numbers:
        near = difflib.get_close_matches(number_id, numbers, n=3, cutoff=0.3)
        remedy = f"Near it: {', '.join(near)}." if near else "Every number's id stands beside it in the report."
        raise UsageError(f"this run printed no number {number_id!r}", remedy=remedy)
    number = numbers[number_id]
    stands = store.read(number.table)
    rows = recipe_rows(store, number.recipe)
    mentions, events = _ids_behind(store, rows)
    return Trace(
        number,
        stands.filter(stands.number_id == number_id).to_pyarrow().to_pylist()[0],
        recompute(store, number.recipe),
        rows.limit(limit).to_pyarrow(),
        _records(store, mentions, events, rows if number.recipe.table == "returns" else None).head(limit).to_pyarrow(),
        _decisions(store, rows, mentions),
    )


def files_behind(store: Store, recipe: Recipe) -> set[str]:
    """The files, as paths below returns/, that hold rows behind a recipe."""
    rows = recipe_rows(store, recipe)
    if recipe.table == "returns":
        places = rows.select("agency", "file").distinct()
    else:
        places = _records(store, *_ids_behind(store, rows), None).select("agency", "file").distinct()
    return {f"{row['agency']}/{row['file']}" for row in places.to_pyarrow().to_pylist()}


def _ids_behind(store: Store, rows: ibis.Table) -> tuple[ibis.Table | None, ibis.Table | None]:
    """The mentions and events behind evidence rows, by whichever ids the rows carry."""
    mentions = events = None
    if "mention_id" in rows.columns:
        mentions = rows.select("mention_id").distinct()
    elif "person_id" in rows.columns:
        people = store.read("people")
        mentions = people.semi_join(rows, "person_id").select("mention_id").distinct()
    if "event_id" in rows.columns:
        events = rows.select("event_id").distinct()
    elif "evidence" in rows.columns:
        listed = rows.select("evidence").distinct().to_pyarrow()["evidence"].to_pylist()
        events = _memory("event_id", (event for text in listed if text for event in json.loads(text)))
    return mentions, events


def _memory(column: str, values: Iterable[str]) -> ibis.Table:
    return ibis.memtable(pa.table({column: pa.array(sorted(set(values)), pa.string())}))


def _records(
    store: Store, mentions: ibis.Table | None, events: ibis.Table | None, returns: ibis.Table | None
) -> ibis.Table:
    place = ["return_id", "agency", "form", "file", "sheet", "row"]
    parts = []
    if events is not None:
        parts.append(store.read("events").semi_join(events, "event_id").select(place))
    elif mentions is not None:
        parts.append(store.read("mentions").semi_join(mentions, "mention_id").select(place))
    if returns is not None:
        parts.append(returns.mutate(row=ibis.null("int64")).select(place))
    if not parts:
        return store.read("mentions").select(place).limit(0)
    hashes = store.read("returns").select("agency", "file", "sha256").distinct()
    records = ibis.union(*parts, distinct=True) if len(parts) > 1 else parts[0].distinct()
    return records.left_join(hashes, ["agency", "file"]).select(*place, "sha256").order_by(place)


def _decisions(store: Store, rows: ibis.Table, mentions: ibis.Table | None) -> pa.Table:
    decisions = store.read("decisions")
    ids = []
    if mentions is not None:
        ids.append(mentions.select(id="mention_id"))
    if "person_id" in rows.columns:
        ids.append(rows.select(id="person_id").distinct())
    if not ids:
        none: pa.Table = decisions.limit(0).to_pyarrow()
        return none
    known = ibis.union(*ids, distinct=True) if len(ids) > 1 else ids[0]
    by_subject = decisions.semi_join(known, decisions.subject == known.id)
    by_other = decisions.semi_join(known, decisions.other == known.id)
    found: pa.Table = ibis.union(by_subject, by_other, distinct=True).order_by("sequence").to_pyarrow()
    return found
