"""The one file that knows how to ask Splink: records in, proposed pairs with their codes out, on any engine (engines.py).

Splink proposes the pairs (its blocking rules, each pair once), a lot of records at a time, so that its working tables stay
small. Which level a pair reaches is SQL of this project's own, run on the same engine over the pairs proposed, because the
levels are all that is wanted of a pair: weights are worked out once for each different code (fitting.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from splink import Linker, SettingsCreator

from joinedup.link.engines import Database, Engine, duckdb_engine
from joinedup.link.levels import (
    HOMES_SHARED,
    NAMES,
    alike_sql,
    code_sql,
    columns_compared,
    columns_of_name,
    crossed_sql,
    name_digit_sql,
)
from joinedup.link.narrow import narrow
from joinedup.link.proposals import PROPOSALS
from joinedup.registry.link_model import LinkModel

Numbers = NDArray[np.int64]
Places = NDArray[np.int32]
RECORDS_AT_ONCE = 125_000
"""Pairs are proposed and compared for so many records at a time."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of records by place in the table of records (left < right, each once)."""

    left: Numbers
    right: Numbers

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True, slots=True)
class Proposed:
    """The pairs proposed, by place in the table of records (left < right, each once), and which pattern each shows.

    `codes` are the different codes, rising; `pattern` is each pair's place among them.
    """

    left: Places
    right: Places
    pattern: Places
    codes: Numbers

    def __len__(self) -> int:
        return len(self.left)

    @property
    def count(self) -> NDArray[np.float64]:
        """How many pairs have each code."""
        return np.bincount(self.pattern, minlength=len(self.codes)).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Compared:
    """The pairs proposed, and the codes of each lot of pairs drawn."""

    proposed: Proposed
    drawn: tuple[Numbers, ...]


NO_PAIRS = Pairs(*(np.zeros(0, dtype=np.int64) for _ in range(2)))
_NO_PLACES = np.zeros(0, dtype=np.int32)
_NONE = Proposed(_NO_PLACES, _NO_PLACES, _NO_PLACES, np.zeros(0, dtype=np.int64))


def compare(
    records: pa.Table, model: LinkModel, drawn: Sequence[Pairs] = (), engine: Engine = duckdb_engine, since: int = 0
) -> Compared:
    """The proposed pairs of the records and their codes; and the codes of each lot of pairs `drawn`, by place of record.

    Of the pairs proposed only those whose later record stands at `since` or later. The pairs of a lot are in order.
    """
    if records.num_rows < 2:
        return Compared(_NONE, tuple(np.zeros(0, dtype=np.int64) for _ in drawn))
    given = narrow(records, model)
    with engine() as database:
        lots = _propose(database, given.keys, model, since) if since < records.num_rows else []
        for number, pairs in enumerate(drawn):
            sides = {"l": pa.array(pairs.left, pa.int32()), "r": pa.array(pairs.right, pa.int32())}
            database.give(f"drawn_{number}", pa.table(sides))
        database.give("records", given.compared)
        database.give("crossed_names", given.crossed)
        asked = [*lots, *(f"drawn_{number}" for number in range(len(drawn)))]
        for name in NAMES:
            database.give(f"{name}s", given.names[name])
            _compare_names(database, model, name, asked)
        found = []
        for lot in lots:
            found.append(_coded(database, model, lot))
            database.drop(lot)
        codes = tuple(
            np.asarray(_coded(database, model, lot, " ORDER BY pair_l, pair_r")["code"], dtype=np.int64)
            for lot in asked[len(lots) :]
        )
    return Compared(_together(found), codes)


def _propose(database: Database, keys: pa.Table, model: LinkModel, since: int) -> list[str]:
    """The names of the tables (l, r) of the pairs that Splink proposes, one for each lot of records."""
    database.give("keys", keys)
    given = database.splink.register("keys", dataset_display_name="keys")
    linker = Linker(given, settings(model, since), log_level=None, validate_settings=False)
    lots = 1 + (0 if since else keys.num_rows) // RECORDS_AT_ONCE
    names = [f"proposed_{lot}" for lot in range(lots)]
    for lot, name in enumerate(names, 1):
        chunk = (lot, lots) if lots > 1 else None
        blocked = linker.inference.compute_blocked_pairs_for_predict_chunk(left_chunk=chunk)
        database.make(
            name,
            "SELECT least(join_key_l, join_key_r) AS l, greatest(join_key_l, join_key_r) AS r"
            f" FROM {blocked.physical_name}",
        )
        database.drop(blocked.physical_name)
    return names


def _compare_names(database: Database, model: LinkModel, name: str, lots: Sequence[str]) -> None:
    """Makes the table NAME_digits: the digit of every two names that stand in a pair of these tables."""
    columns = columns_of_name(model, name)
    sides = ", ".join(f"{side}.{column} AS {column}_{side}" for side in "lr" for column in columns)
    pairs = " UNION ALL ".join(f"SELECT l, r FROM {lot}" for lot in lots)
    value = f"{name}_value"
    database.make(
        f"{name}_digits",
        f"SELECT l, r, {name_digit_sql(model, name)} AS digit FROM (SELECT *, {alike_sql(model, name)} FROM"
        f" (SELECT pairs.l, pairs.r, {sides} FROM"
        f" (SELECT DISTINCT least(one.{value}, other.{value}) AS l, greatest(one.{value}, other.{value}) AS r"
        f" FROM ({pairs}) AS met JOIN records AS one ON one.place = met.l JOIN records AS other ON other.place = met.r"
        f" WHERE one.{value} IS NOT NULL AND other.{value} IS NOT NULL) AS pairs"
        f" JOIN {name}s AS l ON l.value = pairs.l JOIN {name}s AS r ON r.value = pairs.r) AS named) AS alike",
    )


def _coded(database: Database, model: LinkModel, pairs: str, order: str = "") -> pa.Table:
    """The pairs of a table (l, r) with their codes."""
    sides = ", ".join(f"{side}.{column} AS {column}_{side}" for side in "lr" for column in columns_compared(model))
    digits = "".join(
        f" LEFT JOIN {name}_digits AS {name}_digits ON {name}_digits.l = least(l.{name}_value, r.{name}_value)"
        f" AND {name}_digits.r = greatest(l.{name}_value, r.{name}_value)"
        for name in NAMES
    )
    crossing, crossed = crossed_sql(model)
    looked_up = ", ".join(f"{name}_digits.digit AS {name}_digit" for name in NAMES) + crossed
    return database.ask(
        f"SELECT pair_l, pair_r, {code_sql(model)} AS code FROM (SELECT pairs.l AS pair_l, pairs.r AS pair_r, {sides},"
        f" {looked_up}, {HOMES_SHARED} FROM {pairs} AS pairs JOIN records AS l ON l.place = pairs.l"
        f" JOIN records AS r ON r.place = pairs.r{digits}{crossing}) AS pair{order}"
    )


def _together(lots: list[pa.Table]) -> Proposed:
    """The pairs of all lots, with one numbering of their codes. Empties `lots`, so that nothing is held twice for long."""
    encoded = [lot["code"].combine_chunks().dictionary_encode() for lot in lots]
    known = [np.asarray(one.dictionary, dtype=np.int64) for one in encoded]
    if not lots:
        return _NONE
    codes = np.unique(np.concatenate(known))
    pattern = np.concatenate([
        np.searchsorted(codes, own).astype(np.int32)[np.asarray(one.indices)] if len(own) else np.zeros(0, dtype=np.int32)
        for one, own in zip(encoded, known, strict=True)
    ])  # fmt: skip
    encoded.clear()
    sides = [np.concatenate([np.asarray(lot[side], dtype=np.int32) for lot in lots]) for side in ("pair_l", "pair_r")]
    lots.clear()
    return Proposed(sides[0], sides[1], pattern, codes)


def settings(model: LinkModel, since: int = 0) -> SettingsCreator:
    """What Splink needs to propose pairs: the keys of which one in common is enough, and from where on a record is new."""
    new = f" AND r.place >= {since}" if since else ""
    proposals = PROPOSALS[model.id]
    nothing: dict[str, Any] = {
        "output_column_name": "sex",
        "comparison_levels": [
            {"sql_condition": "sex_l IS NULL OR sex_r IS NULL", "is_null_level": True},
            {"sql_condition": "sex_l = sex_r"},
            {"sql_condition": "ELSE"},
        ],
    }
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="place",
        comparisons=[nothing],
        blocking_rules_to_generate_predictions=[
            *({"blocking_rule": f"l.{key} = r.{key}{new}"} for key in proposals.plain),
            *({"blocking_rule": f"l.{key} = r.{key}{new}", "arrays_to_explode": [key]} for key in proposals.lists),
        ],
    )
