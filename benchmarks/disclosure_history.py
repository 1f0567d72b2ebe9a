"""Auditing long histories as one system: what it costs, and what releases give away together that no two of them do.

    python -m benchmarks.disclosure_history

The tables are those of `benchmarks.disclosure`; from one release to the next some people, drawn with a fixed seed, are
moved to another cell. Every release is protected by itself first.
"""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import numpy as np

from benchmarks.disclosure import SMALL, counted, drawn
from benchmarks.measure import write_table
from joinedup.stats.disclosure import Publication, audit_history, withhold_together

ROOT = Path(__file__).resolve().parents[1]


def releases(shape: tuple[int, ...], people: int, many: int, moved: int) -> list[Publication]:
    """So many releases of one table, each protected by itself, with so many people moved before each but the first."""
    random = np.random.default_rng(5)
    table = drawn(shape, people)
    made = []
    for number in range(many):
        safe = withhold_together([counted(table)], SMALL, 0.0)
        made.append(Publication(f"{number:02d}", (safe.tables[0].published("t", "count"),)))
        flat = table.ravel().copy()
        for _ in range(moved):
            flat[random.choice(np.flatnonzero(flat))] -= 1
            flat[random.integers(len(flat))] += 1
        table = flat.reshape(shape)
    return made


def measured(shape: tuple[int, ...], people: int, many: int, moved: int) -> str:
    """One line of the table of figures."""
    made = releases(shape, people, many, moved)
    began = time.process_time()
    found = audit_history(made, SMALL)
    seconds = time.process_time() - began
    apart = {
        each.cell
        for pair in itertools.pairwise(made)
        for each in audit_history(pair, SMALL).cells
        if not each.protected
    }
    name = " x ".join(map(str, shape))
    return (
        f"| {many} of {name} | {moved} | {len(found.cells):,} | {len(apart)} | {found.unprotected} | {found.in_all} |"
        f" {', '.join(str(len(each)) for each in found.together)} | {seconds:.1f} |"
    )


def main() -> None:
    """Measures and writes the figures into docs/benchmarks.md."""
    lines = [
        (
            "| releases | people moved between each two | withheld cells | not protected, two by two | not protected,"
            " as one system | fewest corrections in all | releases in one system | audit, CPU s |"
        ),
        "|---|---:|---:|---:|---:|---:|---|---:|",
        measured((10, 4), 900, 12, 0),
        measured((10, 4), 900, 12, 1),
        measured((43, 8), 2379, 6, 1),
    ]
    print("\n".join(lines))
    write_table(ROOT / "docs" / "benchmarks.md", "disclosure-history", lines)


if __name__ == "__main__":
    main()
