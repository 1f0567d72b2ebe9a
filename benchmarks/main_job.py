"""The main job at 10,000, 100,000 and 1,000,000 mentions: simulate, check the biggest file, collect, the whole run.

    python -m benchmarks.main_job [MENTIONS ...]

Each is a process of its own; the whole-run figures are those of `joinedup run`. Needs about 3 GB of disk at a million.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Cost, measure, write_table

ROOT = Path(__file__).resolve().parents[1]
JOINEDUP = str(Path(sys.executable).with_name("joinedup"))
SIZES = (10_000, 100_000, 1_000_000)


def bench(mentions: int, folder: Path) -> list[str]:
    """The rows of the table for one size."""
    inquiry = str(folder / f"region-{mentions}")
    simulated = measure([JOINEDUP, "simulate", inquiry, "--mentions", str(mentions), "--seed", "1", "--json"])
    whole = measure([JOINEDUP, "run", inquiry, "--json"])
    made = json.loads(whole.output)
    stages = {stage["stage"]: stage for stage in made["stages"]}
    actual = stages["collect"]["tables"]["mentions"]
    scores = json.loads(measure([JOINEDUP, "evaluate", inquiry, "--truth", f"{inquiry}/truth", "--json"]).output)
    rows = [row("simulate", actual, simulated), row("whole run", actual, whole)]
    for name, stage in stages.items():
        rows.append(f"| {actual:,} | of it {name} | {stage['seconds']:.1f} | | |")
    f1 = scores["linkage"]["pairwise"]["f1"]
    print(f"{mentions:,}: pairwise F1 of linking {f1:.3f}", file=sys.stderr)
    return rows


def row(what: str, mentions: int, cost: Cost) -> str:
    """One line of the table."""
    return f"| {mentions:,} | {what} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak_mb:,.0f} |"


def main() -> None:
    """Runs every size asked for and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    sizes = parser.parse_args().sizes
    lines = ["| mentions | what | wall seconds | CPU seconds | peak MB |", "|---:|---|---:|---:|---:|"]
    where = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}."
    with tempfile.TemporaryDirectory() as folder:
        for mentions in sizes:
            lines += bench(mentions, Path(folder))
            # Written after each size, so that a million that does not end leaves what was measured.
            write_table(ROOT / "docs" / "benchmarks.md", "main job", [*lines, "", where])
    print("\n".join([*lines, "", where]))


if __name__ == "__main__":
    main()
