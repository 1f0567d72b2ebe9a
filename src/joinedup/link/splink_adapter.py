"""The one file that knows how to ask Splink: records in, proposed pairs with their codes out, on any engine (engines.py).

Splink proposes the pairs (its blocking rules, each pair once). Which level a pair reaches is SQL of this project's own,
run on the same engine over Splink's table of proposed pairs, because the levels are all that is wanted of a pair: weights
are worked out once for each different code (fitting.py).
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
from joinedup.link.fields import PROPOSALS
from joinedup.link.levels import ALIKE, code_sql, columns_compared
from joinedup.registry.link_model import LinkModel

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of records by place in the table of records (left < right, in order, each once), and the code of each."""

    left: Numbers
    right: Numbers
    code: Numbers

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True, slots=True)
class Compared:
    """The pairs proposed, and the codes of each lot of pairs drawn."""

    proposed: Pairs
    drawn: tuple[Numbers, ...]


NO_PAIRS = Pairs(*(np.zeros(0, dtype=np.int64) for _ in range(3)))


def compare(
    records: pa.Table, model: LinkModel, drawn: Sequence[Pairs] = (), engine: Engine = duckdb_engine
) -> Compared:
    """The proposed pairs of the records and their codes; and the codes of each lot of pairs `drawn`, by place of record."""
    if records.num_rows < 2:
        return Compared(NO_PAIRS, tuple(NO_PAIRS.code for _ in drawn))
    placed = records.append_column("place", pa.array(np.arange(records.num_rows), pa.int64()))
    with engine() as database:
        given = database.splink.register(placed, dataset_display_name="records")
        linker = Linker(given, settings(model), log_level=None, validate_settings=False)
        blocked = linker.inference.compute_blocked_pairs_for_predict()
        database.make(
            "proposed",
            "SELECT least(join_key_l, join_key_r) AS l, greatest(join_key_l, join_key_r) AS r"
            f" FROM {blocked.physical_name}",
        )
        database.drop(blocked.physical_name)
        proposed = _coded(database, given.physical_name, model, "proposed")
        codes = []
        for number, lot in enumerate(drawn):
            database.give(f"drawn_{number}", pa.table({"l": lot.left, "r": lot.right}))
            codes.append(_coded(database, given.physical_name, model, f"drawn_{number}").code)
    return Compared(proposed, tuple(codes))


def _coded(database: Database, records: str, model: LinkModel, pairs: str) -> Pairs:
    """The pairs of a table (l, r) with their codes, in order."""
    sides = ", ".join(f"{side}.{column} AS {column}_{side}" for side in "lr" for column in columns_compared(model))
    found = database.ask(
        f"SELECT pair_l, pair_r, {code_sql(model)} AS code FROM (SELECT *, {ALIKE} FROM (SELECT pairs.l AS pair_l,"
        f" pairs.r AS pair_r, {sides} FROM {pairs} AS pairs JOIN {records} AS l ON l.place = pairs.l"
        f" JOIN {records} AS r ON r.place = pairs.r))"
        " ORDER BY pair_l, pair_r"
    )
    return Pairs(*(np.asarray(found[name], dtype=np.int64) for name in ("pair_l", "pair_r", "code")))


def settings(model: LinkModel) -> SettingsCreator:
    """What Splink needs to propose pairs: the keys of which one in common is enough."""
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
            *({"blocking_rule": f"l.{key} = r.{key}"} for key in proposals.plain),
            *({"blocking_rule": f"l.{key} = r.{key}", "arrays_to_explode": [key]} for key in proposals.lists),
        ],
    )
