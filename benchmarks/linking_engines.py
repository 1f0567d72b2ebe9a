"""The stage link on DuckDB and on Spark (`local[*]`), on the same populations with known truth, into docs/benchmarks.md.

    python -m benchmarks.linking_engines [--rows 10000 100000]

Each linking is a process of its own, the whole stage from the store and back; its Java and its workers are counted with it.
The lines of a population that is not asked for stay in the table as they are.
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
NAME = "linking engines"
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


def line(name: str, found: dict[str, float], links: int, other: int, cost: Spent) -> str:
    """One linking in the table, without its population."""
    return (
        f" {name} | {found['precision']:.4f} | {found['recall']:.4f} | {found['f1']:.4f} | {links:,} | {other:,} |"
        f" {cost.cpu:.0f} | {cost.peak_mb:,.0f} |"
    )


def compared(mentions: int, folder: Path) -> list[str]:
    """The lines of one population, linked on each engine; fails where the engines differ by more than .002 F1."""
    made(folder, mentions, 1)
    lines, f1, before = [], [], None
    for engine, name in ENGINES.items():
        cost = spent([sys.executable, "-m", "benchmarks.linking.stage_once", str(folder), engine])
        found, now = measured(outcome(folder)), tables(folder)
        before = before or now
        other = sum(len(rows(one) ^ rows(first)) for one, first in zip(now, before, strict=True))
        f1.append(found["f1"])
        lines.append(f"| {mentions:,} rows |" + line(name, found, now[0].num_rows, other, cost))
        print(lines[-1], flush=True)
    assert max(f1) - min(f1) <= 0.002, "the engines differ by more than .002 F1"
    return lines


def main() -> None:
    """Links each population asked for on each engine, and writes the table after each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    where = f"Python {platform.python_version()}, {os.cpu_count()} cores that other work shared, {platform.system()} {platform.machine()}."
    document = ROOT / "docs" / "benchmarks.md"
    for mentions in parser.parse_args().rows:
        with tempfile.TemporaryDirectory() as temporary:
            lines = compared(mentions, Path(temporary, "population"))
        inside = document.read_text(encoding="utf-8").partition(f"{NAME}: from here -->")[2].partition("<!--")[0]
        kept = [
            text for text in inside.splitlines() if " rows |" in text and not text.startswith(f"| {mentions:,} rows |")
        ]
        every = sorted([*kept, *lines], key=lambda text: len(text.split("|")[1]))
        write_table(document, NAME, [*HEAD, *every, "", where])


if __name__ == "__main__":
    main()
