"""A population as the stage link meets it: a store of mentions and identifiers, and beside it the truth."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from benchmarks.linking.population import Lists
from joinedup.collect.values.text import fold_address, parse_name
from joinedup.link import stage
from joinedup.store.contract import from_rows
from joinedup.store.duck import DuckStore

KINDS = {"charity": "charity", "police": "police", "social_care": "social_care", "school": "school"}
STORE, TRUTH = "evidence.duckdb", "truth.parquet"


def _each(values: np.ndarray, change: Callable[[str], str | None]) -> list[str | None]:
    """The change made to every value, once for each different one."""
    known = {value: change(value) for value in set(values.tolist()) if value is not None}
    return [known.get(value) for value in values.tolist()]


def mentions_of(lists: Lists) -> tuple[pa.Table, pa.Table]:
    """The rows as collect would hand them on: the tables mentions and identifiers."""
    columns, size = lists.columns, len(lists)
    ids = [f"m_{number:08}" for number in range(size)]
    full = re.compile(r" \d[A-Z]{2}$")
    given = {
        "mention_id": ids, "agency": [f"{name}-a" for name in columns["list"].tolist()], "form": ["people"] * size,
        "source_ref": ids, "role": ["child"] * size, "forename": columns["forename"].tolist(),
        "surname": columns["surname"].tolist(),
        "forename_fold": _each(columns["forename"], lambda text: parse_name(text).fold),
        "surname_fold": _each(columns["surname"], lambda text: parse_name(text).fold),
        "dob": columns["born"], "dob_precision": columns["precision"].tolist(), "sex": columns["sex"].tolist(),
        "postcode": _each(columns["postcode"], lambda text: text if full.search(text) else None),
        "outcode": _each(columns["postcode"], lambda text: text.split()[0]), "address": columns["address"].tolist(),
        "address_fold": _each(columns["address"], fold_address), "nhs_no": columns["nhs"].tolist(),
        "upn": columns["upn"].tolist(),
    }  # fmt: skip
    empty = from_rows("mentions", [])
    mentions = pa.table(
        {
            name: pa.array(given[name], empty.schema.field(name).type)
            if name in given
            else pa.nulls(size, empty.schema.field(name).type)
            for name in empty.schema.names
        }
    )
    rows = np.flatnonzero(columns["phone"] != None)  # noqa: E711 - elementwise
    held = from_rows("identifiers", [])
    phones = {"mention_id": [ids[row] for row in rows.tolist()], "kind": ["phone"] * len(rows), "value": columns["phone"][rows].tolist(), "valid": [True] * len(rows)}  # fmt: skip
    identifiers = pa.table(
        {
            name: pa.array(phones[name], held.schema.field(name).type)
            if name in phones
            else pa.nulls(len(rows), held.schema.field(name).type)
            for name in held.schema.names
        }
    )
    return mentions, identifiers


def truth_of(lists: Lists) -> pa.Table:
    """mention_id and what is true of it: child, household, group, and whether the child is the later of twins."""
    return pa.table(
        {
            "mention_id": [f"m_{number:08}" for number in range(len(lists))],
            "child": pa.array(lists.child, pa.int64()),
            "household": pa.array(lists.household, pa.int64()),
            "group": pa.array(lists.group.tolist(), pa.string()),
        }
    )


def write(folder: Path, mentions: pa.Table, identifiers: pa.Table, truth: pa.Table) -> None:
    """Puts a population into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STORE).unlink(missing_ok=True)
    store = DuckStore(folder / STORE)
    try:
        store.write("mentions", mentions)
        store.write("identifiers", identifiers)
        for name in stage.READS:
            if name not in ("mentions", "identifiers"):
                store.write(name, from_rows(name, []))
    finally:
        store.close()
    pyarrow.parquet.write_table(truth, folder / TRUTH)
