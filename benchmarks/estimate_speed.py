"""What log-linear estimates cost, in CPU seconds, with the choice of the model repeated in every replicate.

`python -m benchmarks.estimate_speed FOLDER` reads published tables in FOLDER and writes docs/benchmarks.md. Compiled code is cached;
the last row is a new process that estimates a small table, less one that only imports.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.measure import measure, write_table
from joinedup.estimate.loglinear.lattice import lattice
from joinedup.estimate.population import Options, estimate_population
from joinedup.estimate.reading import read_overlap_table
from joinedup.estimate.select import ByBic

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
ASKED = (
    ("uk2013_5list", "bic", "all 6,893 models", 5.0),
    ("uk2013_6list", "bic", "all 32,768 models of pairs", 60.0),
    ("neworleans_8list_n185", "stepwise", "pairs by p-value", 15.0),
    ("uk2013_5list", "averaged", "all 6,893 models, no replicates", 0.5),
)
SMALL = (
    "from joinedup.estimate.overlap_table import OverlapTable\n"
    "from joinedup.estimate.population import Options, estimate_population\n"
)
CALL = "estimate_population(OverlapTable(('a','b','c'),{1:69,2:55,3:21,4:63,5:17,6:18,7:28}),Options('bic',replicates=100,beside=False))"


def main() -> None:
    """Times everything and writes the table."""
    folder = Path(sys.argv[1])
    lines = [
        "| table | lists | method | models | replicates | CPU seconds | target |",
        "|---|---:|---|---|---:|---:|---:|",
    ]
    counts = read_overlap_table(folder / "uk2013_5list.csv").dense()
    select = ByBic(lattice(5, 4), np.arange(counts.size) > 0)
    select.ranked(counts)
    began = time.process_time()
    select.ranked(counts)
    lines.append(
        f"| uk2013_5list | 5 | bic | all 6,893 models, every one fitted | 0 | {time.process_time() - began:.2f} | 0.5 |"
    )
    for name, method, words, target in ASKED:
        table = read_overlap_table(folder / f"{name}.csv")
        estimate_population(table, Options(method, replicates=2, beside=False))
        began = time.process_time()
        estimate_population(table, Options(method, replicates=1000, beside=False))
        seconds = time.process_time() - began
        replicates = 0 if method == "averaged" else 1000
        lines.append(
            f"| {name} | {len(table.lists)} | {method} | {words} | {replicates:,} | {seconds:.1f} | {target:g} |"
        )
        print(lines[-1], flush=True)
    measure([sys.executable, "-c", SMALL + CALL])
    whole, bare = (measure([sys.executable, "-c", each]).cpu for each in (SMALL + CALL, SMALL))
    lines.append(
        f"| three lists | 3 | bic | a second process: loading its compiled code | 100 | {whole - bare:.1f} | 2 |"
    )
    print(lines[-1], flush=True)
    write_table(DOCUMENT, "estimate speed", lines)


if __name__ == "__main__":
    main()
