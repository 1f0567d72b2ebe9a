"""The stage link on DuckDB and on Spark (`local[*]`), on the same populations with known truth, into docs/benchmarks.md.

    python -m benchmarks.linking_engines [--quick]

Each linking is a process of its own, the whole stage from the store and back; its Java and its workers are counted with it.
`--quick` stops at 10,000 rows and writes nothing.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyarrow as pa

from benchmarks.linking import datasets
from benchmarks.linking.__main__ import made, outcome
from benchmarks.linking.measures import measured
from benchmarks.measure import write_table
from joinedup.store.duck import DuckStore

ROOT = Path(__file__).resolve().parents[1]
ENGINES = {"duckdb": "DuckDB", "spark": "Spark"}
HEAD = ["| population | engine | P | R | F1 | links | not on DuckDB too | CPU s | peak MB |", "|---|---|---:|---:|---:|---:|---:|---:|---:|"]  # fmt: skip


@dataclass(frozen=True)
class Spent:
    """CPU seconds and the peak of memory, in megabytes, of a process and all its children."""

    cpu: float
    peak_mb: float


def spent(command: list[str]) -> Spent:
    """Runs a command and watches it and its children five times a second; memory shared by some of them counts once."""
    process = subprocess.Popen(command)
    cpu: dict[int, float] = {}
    peak = 0
    while process.poll() is None:
        memory = 0
        for one in (psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)):
            try:
                used = one.cpu_times()
                memory += one.memory_full_info().pss
            except psutil.Error:
                continue  # it has ended meanwhile
            cpu[one.pid] = used.user + used.system
        peak = max(peak, memory)
        time.sleep(0.2)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Spent(sum(cpu.values()), peak / 2**20)


def tables(folder: Path) -> tuple[pa.Table, pa.Table]:
    """The links and people of a finished linking."""
    store = DuckStore(folder / datasets.STORE, read_only=True)
    try:
        return store.read("links").to_pyarrow(), store.read("people").to_pyarrow()
    finally:
        store.close()


def rows(table: pa.Table) -> set[tuple[object, ...]]:
    """The rows of a table, every column of each."""
    return set(zip(*(column.to_pylist() for column in table.columns), strict=True))


def main() -> None:
    """Links each population on each engine, and writes the table after each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    lines = list(HEAD)
    with tempfile.TemporaryDirectory() as temporary:
        for mentions in (10_000,) if quick else (10_000, 100_000):
            folder = made(Path(temporary, str(mentions)), mentions, 1)
            f1, before = [], None
            for engine, name in ENGINES.items():
                cost = spent([sys.executable, "-m", "benchmarks.linking.stage_once", str(folder), engine])
                found, (links, people) = measured(outcome(folder)), tables(folder)
                before = before or (rows(links), rows(people))
                other = len(rows(links) ^ before[0]) + len(rows(people) ^ before[1])
                f1.append(found["f1"])
                lines.append(
                    f"| {mentions:,} rows | {name} | {found['precision']:.4f} | {found['recall']:.4f} | {found['f1']:.4f} |"
                    f" {links.num_rows:,} | {other:,} | {cost.cpu:.0f} | {cost.peak_mb:,.0f} |"
                )
                print(lines[-1], flush=True)
            assert max(f1) - min(f1) <= 0.002, "the engines differ by more than .002 F1"
            if not quick:
                where = f"Python {platform.python_version()}, {os.cpu_count()} cores that other work shared, {platform.system()} {platform.machine()}."
                write_table(ROOT / "docs" / "benchmarks.md", "linking engines", [*lines, "", where])


if __name__ == "__main__":
    main()
