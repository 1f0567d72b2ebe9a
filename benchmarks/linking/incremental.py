"""A new return of 1,000 rows against 99,000 already linked, written into docs/benchmarks.md.

    python -m benchmarks.linking.incremental [--records 100000] [--new 1000]

Three runs of the stage link, each a process of its own: on all but the new rows; on all rows, with what the first one kept;
and on all rows with nothing kept, which learns its parameters anew. The cost is that of the stage alone, from the tables of
the store and back, after the program is loaded: CPU seconds, since other work shares the machine.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.linking import datasets, population
from benchmarks.linking.measures import Outcome, measured
from benchmarks.measure import measure, write_table
from joinedup.link import stage
from joinedup.link.stage import NAME, READS, WRITES
from joinedup.settings import Inquiry
from joinedup.store.carried import SCORES
from joinedup.store.contract import StageRun
from joinedup.store.duck import DuckStore

ROOT = Path(__file__).resolve().parents[2]


def once(folder: Path, warm: Path) -> None:
    """The stage on a folder's store; prints what it cost as JSON. It is run on the small store `warm` first, so that what
    a process loads once is not counted."""
    for at in (warm, folder):
        gc.freeze()  # as a run does
        store = DuckStore(at / datasets.STORE)
        inquiry = Inquiry.model_validate({"name": "N", "question": "Q", "period": {"from": "2008-01-01", "to": "2011-06-29"}})  # fmt: skip
        try:
            cpu, wall = time.process_time(), time.perf_counter()
            stage.run(StageRun(NAME, READS, WRITES, store, inquiry, at, at, 1))
            cost = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
        finally:
            store.close()
    print(json.dumps(cost))


def linked(folder: Path, warm: Path) -> dict[str, float]:
    """One run of the stage in a process of its own, and its cost."""
    found: dict[str, float] = json.loads(measure([sys.executable, "-m", "benchmarks.linking.incremental", "--once", str(folder), "--warm", str(warm)]).output)  # fmt: skip
    return found


def carry(before: Path, after: Path) -> None:
    """Gives a store what another kept: its person ids and its scores."""
    given, taking = DuckStore(before / datasets.STORE, read_only=True), DuckStore(after / datasets.STORE)
    try:
        for name, of in SCORES.items():
            taking.write(name, given.read(of).to_pyarrow())
        people = given.read("people").select("mention_id", "person_id", "since", "person_since").to_pyarrow()
        taking.write("last_ids", people.append_column("held_until", pa.nulls(people.num_rows, pa.int64())))
    finally:
        given.close()
        taking.close()


def read(folder: Path, name: str) -> pa.Table:
    """A table of a folder's store."""
    store = DuckStore(folder / datasets.STORE, read_only=True)
    try:
        found: pa.Table = store.read(name).to_pyarrow()
        return found
    finally:
        store.close()


def together(people: pa.Table) -> set[tuple[str, str]]:
    """The pairs of mentions of one person."""
    mentions = [np.array(people[name].to_pylist()) for name in ("person_id", "mention_id")]
    order = np.lexsort((mentions[1], mentions[0]))
    person, mention = mentions[0][order], mentions[1][order]
    found: set[tuple[str, str]] = set()
    for step in range(1, int(np.unique(person, return_counts=True)[1].max())):
        same = person[:-step] == person[step:]
        found.update(zip(mention[:-step][same].tolist(), mention[step:][same].tolist(), strict=True))
    return found


def main() -> None:
    """Makes the population and runs it three ways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--once", type=Path)
    parser.add_argument("--warm", type=Path)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    if asked.once:
        once(asked.once, asked.warm)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        lines = compared(folder, asked.records, asked.new)
        print("\n".join(lines))
        if asked.records == 100_000:
            write_table(ROOT / "docs" / "benchmarks.md", "incremental", lines)


def compared(folder: Path, records: int, new: int) -> list[str]:
    """The lines of the table."""
    lists = population.make(records, 1, population.CLEAN)
    mentions, identifiers = datasets.mentions_of(lists)
    truth = datasets.truth_of(lists)
    records = len(lists)
    came = np.zeros(records, dtype=bool)
    came[np.random.default_rng(1).choice(records, new, replace=False)] = True
    earlier = {
        "before": ~came,
        "little": np.ones(records, dtype=bool),
        "whole": came | True,
        "warm": np.arange(records) < 500,
    }
    for name, chosen in earlier.items():
        datasets.write(folder / name, mentions.filter(pa.array(chosen)), identifiers, truth)
    first = linked(folder / "before", folder / "warm")
    carry(folder / "before", folder / "little")
    little, whole = (linked(folder / name, folder / "warm") for name in ("little", "whole"))
    said = {
        (row["measure"], row["scope"]): int(row["value"]) for row in read(folder / "little", "link_quality").to_pylist()
    }
    again = [said[name, "children"] for name in ("records_compared_again", "pairs_compared_again")]
    people = {name: read(folder / name, "people") for name in ("little", "whole")}
    pairs = {name: together(table) for name, table in people.items()}
    f1 = {
        name: measured(Outcome.of(truth, table, read(folder / name, "links")))["f1"] for name, table in people.items()
    }
    apart = len(pairs["little"] ^ pairs["whole"])
    return [
        "| run | records compared | pairs compared | CPU s | F1 |", "|---|---:|---:|---:|---:|",
        f"| the first, {records - new:,} rows | {records - new:,} | | {first['cpu']:.1f} | |",
        f"| {new:,} rows more, with what the first kept | {again[0]:,} | {again[1]:,} | {little['cpu']:.1f} | {f1['little']:.4f} |",
        f"| all {records:,} anew | {records:,} | | {whole['cpu']:.1f} | {f1['whole']:.4f} |", "",
        (f"Of {len(pairs['whole']):,} pairs of mentions of one person in the run that learnt anew, the two runs differ in {apart:,}"
        f" ({apart / max(len(pairs['whole']), 1):.2%}): the parameters differ a little. That they differ in none with the same parameters is held by tests/link/test_rescoring.py, not measured here."),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
