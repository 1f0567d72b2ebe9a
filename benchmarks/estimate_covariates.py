"""Whether allowing for covariates removes what they do to a two-list estimate, on populations whose size is known.

`python -m benchmarks.estimate_covariates` writes docs/benchmarks.md. In each population all lists find people by sex, age and area in much
the same way, the first two also by one combination of those that no sum of single effects gives. The third list holds more of those on
either of the first two, and the fourth more of those on the third. The total is that of the first two lists.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.measure import write_table
from joinedup.estimate.covariates import Options, adjusted

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
POPULATIONS = 40
PAIR = ("one", "two")
NAMES = ("one", "two", "three", "four")


@dataclass(frozen=True)
class Setting:
    """How many people and lists; the log odds ratio that ties the first two lists beyond the covariates; the spread of what nobody recorded."""

    words: str
    people: int
    lists: int
    tie: float = 0.0
    unrecorded: float = 0.0


SETTINGS = (
    Setting("holds", 2000, 3),
    Setting("holds", 2000, 4),
    Setting("holds", 8000, 3),
    Setting("holds", 8000, 4),
    Setting("broken: odds ratio 1.6 between the two", 8000, 3, tie=0.5),
    Setting("broken: odds ratio 2.7 between the two", 8000, 3, tie=1.0),
    Setting("broken: people differ in what no record says", 8000, 3, unrecorded=0.8),
)


def main() -> None:
    """Draws every population, asks for the first two lists, and writes the table."""
    lines = [
        f"{POPULATIONS} populations a row, the total of the first two lists of three or four; the others depend on both. The mean of the",
        "estimate over the truth without covariates and with them, its standard deviation, and the share of nominal 95% limits that hold",
        "the truth.",
        "",
        "| independence given the covariates | people | lists | without them | with them | standard deviation | limits hold | upper / lower | CPU seconds |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for setting in SETTINGS:
        lines.append(_line(setting))
        print(lines[-1], flush=True)
    write_table(DOCUMENT, "covariates", lines)


def _line(setting: Setting) -> str:
    began, people = time.process_time(), setting.people
    found = []
    for seed in range(POPULATIONS):
        held = population(setting, np.random.default_rng([people, setting.lists, seed]))
        [each] = adjusted(*held, Options(seed=seed), [PAIR])
        if each.estimate is not None:
            hold = each.lower <= people <= each.upper
            found.append((each.unadjusted / people, each.estimate / people, hold, each.upper / each.lower))
    seconds = (time.process_time() - began) / POPULATIONS
    crude, given, hold, width = (np.array(part, dtype=float) for part in zip(*found, strict=True))
    figures = f"{crude.mean():.2f} | {given.mean():.2f} | {given.std():.2f} | {hold.mean():.2f} | {np.median(width):.1f} | {seconds:.2f}"
    return f"| {setting.words} | {people:,} | {setting.lists} | {figures} |"


def population(setting: Setting, generator: np.random.Generator) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The lists and covariates of those on any list."""
    people = setting.people
    sex = generator.choice(["F", "M"], people)
    age = generator.choice(["10-12", "13-15", "16-17"], people, p=[0.3, 0.4, 0.3])
    area = generator.choice(["north", "south", "east", "west"], people)
    reach = 0.8 * (sex == "F") + 0.9 * (age == "13-15") - 0.6 * (age == "10-12") + 0.5 * (area == "north")
    both = 0.6 * ((sex == "F") & (area == "north"))
    apart = setting.unrecorded * generator.normal(size=people)
    one = _found(-1.6 + reach + both + apart, generator)
    two = _found(-1.7 + 0.9 * reach + both + apart + setting.tie * one, generator)
    three = _found(-1.5 + 0.8 * reach + apart + 1.0 * (one | two), generator)
    four = _found(-1.8 + 0.5 * reach + apart + 1.0 * three, generator)
    held = np.column_stack([one, two, three, four][: setting.lists]).astype(np.int64)
    seen = held.any(axis=1)
    lists = {name: held[seen, at] for at, name in enumerate(NAMES[: setting.lists])}
    return lists, {"sex": sex[seen], "age band": age[seen], "area": area[seen]}


def _found(logits: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    return generator.random(logits.size) < 1 / (1 + np.exp(-logits))


if __name__ == "__main__":
    main()
