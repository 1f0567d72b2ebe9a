"""The report of a run: pages, PDF, spreadsheet and data files, at 10,000 and 100,000 mentions.

    python -m benchmarks.report_speed [MENTIONS ...]

Each region is run once whole; then `joinedup run --stage report` makes the report of the same tables anew, as a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import measure, write_table

ROOT = Path(__file__).resolve().parents[1]
JOINEDUP = str(Path(sys.executable).with_name("joinedup"))
SIZES = (10_000, 100_000)
TARGET = 20.0
"""Seconds that the report of 100,000 mentions may take."""


def bench(mentions: int, folder: Path) -> str:
    """The row of one size."""
    inquiry = folder / f"region-{mentions}"
    measure([JOINEDUP, "simulate", str(inquiry), "--mentions", str(mentions), "--seed", "1", "--json"])
    whole = json.loads(measure([JOINEDUP, "run", str(inquiry), "--json"]).output)
    actual = whole["stages"][0]["tables"]["mentions"]
    alone = measure([JOINEDUP, "run", str(inquiry), "--stage", "report", "--json"])
    made = json.loads(alone.output)
    stage = next(each for each in made["stages"] if each["stage"] == "report")
    report = Path(made["directory"]) / "report"
    numbers = stage["tables"]["released"]
    page = (report / "index.html").stat().st_size / 1e6
    print(f"{actual:,} mentions: the stage took {stage['seconds']:.1f} s of {TARGET:g}", file=sys.stderr)
    return f"| {actual:,} | {stage['seconds']:.1f} | {alone.wall:.1f} | {alone.cpu:.1f} | {alone.peak_mb:,.0f} | {numbers:,} | {page:.1f} |"


def main() -> None:
    """Runs every size asked for and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    sizes = parser.parse_args().sizes
    lines = [
        "| mentions | stage, seconds | whole command, seconds | CPU seconds | peak MB | numbers printed | page, MB |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        lines += [bench(mentions, Path(folder)) for mentions in sizes]
    where = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}."
    write_table(ROOT / "docs" / "benchmarks.md", "report", [*lines, "", where])
    print("\n".join([*lines, "", where]))


if __name__ == "__main__":
    main()
