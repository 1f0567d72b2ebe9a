"""The simulator's children as a second population: a region's returns, collected as a run collects them, and the truth.

The simulator was written apart from the population of `population.py`: other names, other homes, other errors, and the
forms that agencies send, many of which carry no name. A record without a name can be joined to another only by a number
that both bear, or by its agency's own person id. Where no other record bears its number, nobody can link it; such records
are marked in the truth, and measured apart.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
import pyarrow.parquet

from benchmarks.linking.datasets import STORE, TRUTH
from joinedup.collect import stage as collect
from joinedup.evaluate.matching import match
from joinedup.evaluate.truth import read_truth
from joinedup.link import stage as link
from joinedup.settings import load_inquiry
from joinedup.simulate import errors
from joinedup.simulate.make import simulate
from joinedup.store.contract import StageRun, from_rows
from joinedup.store.duck import DuckStore

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

DIRTIER = {"typing": 2.5, "dob_slip": 3.0}
"""How many times as often each fault happens in the dirtier population."""


def make(folder: Path, mentions: int, seed: int, faults: Mapping[str, float] | None = None) -> Path:
    """A folder with a store as the stage link meets it and the truth of the children's mentions."""
    inquiry_dir = folder / "region"
    usual = errors.chance

    def chance(agencies: Any, agency: np.ndarray, fault: str) -> np.ndarray:
        return usual(agencies, agency, fault) * (faults or {}).get(fault, 1.0)

    with patch.object(errors, "chance", chance):
        simulate(inquiry_dir, mentions=mentions, seed=seed)
    (folder / STORE).unlink(missing_ok=True)
    store = DuckStore(folder / STORE)
    try:
        inquiry = load_inquiry(inquiry_dir)
        collect.run(StageRun(collect.NAME, collect.READS, collect.WRITES, store, inquiry, inquiry_dir, folder, 1))
        for name in link.READS:
            if name not in collect.WRITES:
                store.write(name, from_rows(name, []))
        pyarrow.parquet.write_table(_truth(store.read("mentions").to_pyarrow(), inquiry_dir / "truth"), folder / TRUTH)
    finally:
        store.close()
    shutil.rmtree(inquiry_dir)
    return folder


def _truth(mentions: pa.Table, directory: Path) -> pa.Table:
    """mention_id, child, household, group (the origin of the name) and whether anybody could link it, of children's mentions."""
    true = read_truth(directory)
    nobody = pa.table({"mention_id": mentions["mention_id"], "person_id": mentions["mention_id"]})
    rows = match(mentions, nobody, true.mentions, true.people).rows
    rows = rows.filter(pc.and_(pc.equal(rows["role"], "child"), pc.starts_with(rows["true"], "C")))
    people = pyarrow.csv.read_csv(directory / "people.csv")
    origin = people["name_origin"].take(pc.index_in(rows["true"], value_set=people["person_id"].combine_chunks()))
    told = mentions.take(pc.index_in(rows["mention_id"], value_set=mentions["mention_id"].combine_chunks()))
    return pa.table(
        {
            "mention_id": rows["mention_id"],
            "child": rows["true"],
            "household": rows["household"],
            "group": origin,
            "linkable": _linkable(told),
        }
    )


def _linkable(mentions: pa.Table) -> Any:
    """Whether the records an agency keeps under a mention's person id have a name, or a number that others bear too."""
    ids = pc.if_else(pc.equal(mentions["local_id"], ""), None, mentions["local_id"])
    kept = pc.coalesce(pc.binary_join_element_wise(mentions["agency"], ids, "\x1f"), mentions["mention_id"])
    of = np.asarray(kept.combine_chunks().dictionary_encode().indices, dtype=np.int64)
    named = np.zeros(len(of), dtype=bool)
    for column in ("forename_fold", "surname_fold"):
        named |= np.asarray(pc.fill_null(pc.not_equal(mentions[column], ""), False))
    found = np.bincount(of, weights=named) > 0
    for column in ("nhs_no", "upn"):
        number = np.asarray(
            pc.fill_null(mentions[column].combine_chunks().dictionary_encode().indices, -1), dtype=np.int64
        )
        held = number >= 0
        bearers = np.unique(number[held] * len(of) + of[held]) // len(of)
        shared = np.append(np.bincount(bearers, minlength=int(number.max(initial=-1)) + 1) > 1, False)
        found |= np.bincount(of, weights=shared[number]) > 0
    return pa.array(found[of])
