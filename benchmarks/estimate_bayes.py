"""What the Bayesian estimates of published tables come to, how often their limits hold, and what they cost.

`python -m benchmarks.estimate_bayes FOLDER` reads the published tables in FOLDER and writes docs/benchmarks.md.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.measure import write_table
from joinedup.estimate.bayes import decomposable, latent_class

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
SMALL = ("hepatitis_a_3list", "korea_3list", "spina_bifida_3list", "kosovo_4list", "diabetes_casale_4list")
LARGE = ("neworleans_5list_n185", "westernus_5list", "uk2013_5list", "netherlands_5list", "uk2013_6list")
POPULATIONS = 21
"""Simulated populations for each number of lists."""


def main() -> None:
    """Runs everything and writes the tables."""
    folder = Path(sys.argv[1])
    write_table(DOCUMENT, "bayesian estimates", [*published(folder), "", *simulated()])


def published(folder: Path) -> list[str]:
    """Estimates of published tables: median (95% limits), or the refusal."""
    lines = [
        f"Published tables, cap 30 times those observed, at most 40,000 sweeps a chain, {os.cpu_count()} cores that other work",
        "shared, compiled code cached:",
        "",
        "| table | observed | decomposable graphs | seconds | latent classes | R-hat | sweeps a chain | seconds |",
        "|---|---:|---|---:|---|---:|---:|---:|",
    ]
    warm = read(folder, SMALL[0])
    latent_class.sample(*warm, latent_class.Options(sweeps=160, most_sweeps=160))
    for name in SMALL + LARGE:
        lists, counts = read(folder, name)
        decomposable.decomposable_graphs(lists)  # listed once a process
        began = time.perf_counter()
        graphs = decomposable.average(lists, counts)
        between = time.perf_counter()
        classes = latent_class.sample(lists, counts, latent_class.Options(most_sweeps=40_000))
        ended = time.perf_counter()
        lines.append(
            f"| {name} | {graphs.observed:,} | {shown(graphs)} | {between - began:.2f} | {shown(classes)} | "
            f"{classes.r_hat:.3f} | {classes.sweeps:,} | {ended - between:.1f} |"
        )
        print(lines[-1], flush=True)
    return lines


def shown(found: decomposable.GraphAverage | latent_class.LatentClassEstimate) -> str:
    """An estimate with its limits, or what it would have been and why it is refused."""
    figures = f"{found.quantile(0.5):,} ({found.quantile(0.025):,} to {found.quantile(0.975):,})"
    return figures if found.refused is None else f"refused: {figures}"


def read(folder: Path, name: str) -> tuple[int, np.ndarray]:
    """Counts by bit pattern of a published table: one 0/1 column a list, and the count."""
    heading, *lines = (folder / f"{name}.csv").read_text(encoding="utf-8").split()
    lists = heading.count(",")
    counts = np.zeros(2**lists, dtype=np.int64)
    for line in lines:
        *held, count = (int(each) for each in line.split(","))
        counts[sum(each << place for place, each in enumerate(held))] += count
    return lists, counts


def simulated() -> list[str]:
    """Coverage of nominal 95% limits on populations whose size is known."""
    lines = [
        f"Simulated populations, {POPULATIONS} a row, 3 to 5 lists: the share of nominal 95% limits that hold the truth, the median",
        "error of the logarithm (below nought: too low), the median of upper over lower limit, and the share refused.",
        "Independent: lists independent. Paired: the first two lists depend, odds ratio 3. Mixed: a third of people found often,",
        "two thirds seldom.",
        "",
        "| population | method | limits hold | error | upper / lower | refused |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for kind in ("independent", "paired", "mixed"):
        generator = np.random.default_rng(20)
        results: dict[str, list[tuple[bool, float, float] | None]] = {"decomposable graphs": [], "latent classes": []}
        for place in range(POPULATIONS):
            people, lists, counts = population(kind, 3 + place % 3, generator)
            options = latent_class.Options(seed=place, sweeps=5_000, most_sweeps=10_000)
            for method, found in (
                ("decomposable graphs", decomposable.average(lists, counts)),
                ("latent classes", latent_class.sample(lists, counts, options)),
            ):
                results[method].append(judged(found, people))
        for method, every in results.items():
            kept = [each for each in every if each]
            hold, error, width = (np.array(part) for part in zip(*kept, strict=True))
            lines.append(
                f"| {kind} | {method} | {hold.mean():.2f} | {np.median(error):+.2f} | {np.median(width):.1f} | "
                f"{1 - len(kept) / len(every):.2f} |"
            )
            print(lines[-1], flush=True)
    return lines


def population(kind: str, lists: int, generator: np.random.Generator) -> tuple[int, int, np.ndarray]:
    """People, lists, and the counts by pattern of one population of 500 to 5,000."""
    people = int(np.exp(generator.uniform(np.log(500), np.log(5000))))
    chances = generator.uniform(0.08, 0.35, lists)
    often = generator.random(people) < 1 / 3
    logits = np.tile(np.log(chances / (1 - chances)), (people, 1))
    if kind == "mixed":
        logits += np.where(often, 1.2, -0.6)[:, None]
    held = np.zeros((people, lists), dtype=bool)
    for each in range(lists):
        if kind == "paired" and each == 1:
            logits[:, 1] += np.where(held[:, 0], np.log(3.0), 0.0)
        held[:, each] = generator.random(people) < 1 / (1 + np.exp(-logits[:, each]))
    counts = np.bincount(held @ (1 << np.arange(lists)), minlength=2**lists)
    counts[0] = 0
    return people, lists, counts


def judged(
    found: decomposable.GraphAverage | latent_class.LatentClassEstimate, people: int
) -> tuple[bool, float, float] | None:
    """Whether the limits hold the truth, the error of the logarithm, and upper over lower limit; None if refused."""
    if found.estimate is None or found.lower is None or found.upper is None:
        return None
    return found.lower <= people <= found.upper, float(np.log(found.estimate / people)), found.upper / found.lower


if __name__ == "__main__":
    main()
