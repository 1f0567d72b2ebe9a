"""Whether allowing for covariates removes what they do to a two-list estimate, on populations whose size is known.

`python -m benchmarks.estimate_covariates` writes docs/benchmarks.md. In each population three lists find people by sex, age and area in
much the same way, two of them also by one combination of those that no sum of single effects gives, and in no other way depend.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from benchmarks.measure import write_table
from joinedup.estimate.covariates import Options, adjusted

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
POPULATIONS = 60
PEOPLE = (2000, 8000)


def main() -> None:
    """Draws every population, asks for every pair, and writes the table."""
    lines = [
        f"{POPULATIONS} populations of each size, three lists each, every pair: the mean of the estimate over the truth without covariates",
        "and with them, and the share of nominal 95% limits that hold the truth.",
        "",
        "| people | pairs | without covariates | with them | limits hold | upper / lower | CPU seconds a pair |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for people in PEOPLE:
        began = time.process_time()
        found = [
            (
                each.unadjusted / people,
                each.estimate / people,
                each.lower <= people <= each.upper,
                each.upper / each.lower,
            )
            for seed in range(POPULATIONS)
            for each in adjusted(*population(people, np.random.default_rng([people, seed])), Options(seed=seed))
            if each.estimate is not None
        ]
        seconds = (time.process_time() - began) / len(found)
        crude, with_them, held, width = (np.array(part, dtype=float) for part in zip(*found, strict=True))
        lines.append(
            f"| {people:,} | {len(found)} | {crude.mean():.2f} | {with_them.mean():.2f} | {held.mean():.2f} | {np.median(width):.1f} | {seconds:.2f} |"
        )
        print(lines[-1], flush=True)
    write_table(DOCUMENT, "covariates", lines)


def population(people: int, generator: np.random.Generator) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The lists and covariates of those on any list."""
    sex = generator.choice(["F", "M"], people)
    age = generator.choice(["10-12", "13-15", "16-17"], people, p=[0.3, 0.4, 0.3])
    area = generator.choice(["north", "south", "east", "west"], people)
    reach = 0.8 * (sex == "F") + 0.9 * (age == "13-15") - 0.6 * (age == "10-12") + 0.5 * (area == "north")
    both = 0.6 * ((sex == "F") & (area == "north"))
    logits = (-1.6 + reach + both, -1.7 + 0.9 * reach + both, -1.5 + 0.8 * reach)
    held = np.column_stack([generator.random(people) < 1 / (1 + np.exp(-each)) for each in logits]).astype(np.int64)
    seen = held.any(axis=1)
    lists = {name: held[seen, at] for at, name in enumerate(("one", "two", "three"))}
    return lists, {"sex": sex[seen], "age band": age[seen], "area": area[seen]}


if __name__ == "__main__":
    main()
