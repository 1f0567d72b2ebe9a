"""Whether allowing for covariates removes what they do to a two-list estimate, on populations whose size is known.

`python -m benchmarks.estimate_covariates` writes docs/benchmarks.md. In each population all lists find people by sex, age and area in much
the same way, the first two also by one combination of those that no sum of single effects gives. The third list holds more of those on
either of the first two, which is a tie of all three, or more of those on each, which is ties of pairs alone; the fourth more of those on the
third. Totals are those of the first two lists, and of all lists together.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.measure import write_table
from joinedup.estimate.all_lists import all_lists
from joinedup.estimate.covariates import Adjusted, Options, adjusted

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
POPULATIONS = 40
PAIR = ("one", "two")
NAMES = ("one", "two", "three", "four")


@dataclass(frozen=True)
class Setting:
    """How many people and lists; the log odds ratio that ties the first two lists beyond the covariates; the spread of what nobody recorded;
    whether the third list is tied to each of the first two, and not to either."""

    words: str
    people: int
    lists: int
    tie: float = 0.0
    unrecorded: float = 0.0
    in_pairs: bool = True


SETTINGS = (
    Setting("the first two independent, ties of pairs", 2000, 3),
    Setting("the first two independent, ties of pairs", 8000, 3),
    Setting("the first two independent, ties of pairs", 8000, 4),
    Setting("every pair tied: odds ratio 1.6 between the first two", 2000, 3, tie=0.5),
    Setting("every pair tied: odds ratio 1.6 between the first two", 8000, 3, tie=0.5),
    Setting("every pair tied: odds ratio 1.6 between the first two", 8000, 4, tie=0.5),
    Setting("every pair tied: odds ratio 2.7 between the first two", 8000, 3, tie=1.0),
    Setting("the first two independent, all three tied", 2000, 3, in_pairs=False),
    Setting("the first two independent, all three tied", 8000, 3, in_pairs=False),
    Setting("people differ in what no record says, every pair tied", 8000, 3, unrecorded=0.8),
)


def main() -> None:
    """Draws every population, asks for both totals, and writes the table."""
    lines = [
        f"{POPULATIONS} populations a row. The median of the total over the truth without covariates and with them, the standard deviation of the",
        "latter, the share of nominal 95% limits that hold the truth, the median of upper over lower limit, and the share without a total. CPU",
        "seconds a population, of both totals.",
        "",
        "| given the covariates | people | lists | total of | without them | with them | standard deviation | limits hold | upper / lower | no total | CPU seconds |",
        "|---|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for setting in SETTINGS:
        lines += _lines(setting)
        print("\n".join(lines[-2:]), flush=True)
    write_table(DOCUMENT, "covariates", lines)


def _lines(setting: Setting) -> list[str]:
    began = time.process_time()
    made: dict[str, list[Adjusted]] = {"the first two": [], "all lists": []}
    for seed in range(POPULATIONS):
        held = population(setting, np.random.default_rng([setting.people, setting.lists, seed]))
        made["the first two"] += adjusted(*held, Options(seed=seed), [PAIR])
        made["all lists"].append(all_lists(*held, Options(seed=seed)))
    seconds = (time.process_time() - began) / POPULATIONS
    where = f"| {setting.words} | {setting.people:,} | {setting.lists}"
    return [f"{where} | {words} | {_figures(found, setting.people)} | {seconds:.2f} |" for words, found in made.items()]


def _figures(found: list[Adjusted], people: int) -> str:
    given = [each for each in found if each.estimate is not None]
    if not given:
        return " |  |  |  |  | 1.00"
    crude, total, lower, upper = (
        np.array([getattr(each, name) for each in given], dtype=float) / people
        for name in ("unadjusted", "estimate", "lower", "upper")
    )
    hold = (lower <= 1) & (upper >= 1)
    middle = f"{np.median(crude):.2f} | {np.median(total):.2f} | {total.std():.2f} | {hold.mean():.2f}"
    return f"{middle} | {np.median(upper / lower):.1f} | {1 - len(given) / len(found):.2f}"


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
    held = 0.7 * one + 0.4 * two if setting.in_pairs else 1.0 * (one | two)
    three = _found(-1.5 + 0.8 * reach + apart + held, generator)
    four = _found(-1.8 + 0.5 * reach + apart + 1.0 * three, generator)
    on = np.column_stack([one, two, three, four][: setting.lists]).astype(np.int64)
    seen = on.any(axis=1)
    lists = {name: on[seen, at] for at, name in enumerate(NAMES[: setting.lists])}
    return lists, {"sex": sex[seen], "age band": age[seen], "area": area[seen]}


def _found(logits: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    return generator.random(logits.size) < 1 / (1 + np.exp(-logits))


if __name__ == "__main__":
    main()
