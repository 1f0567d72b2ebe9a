"""How often nominal 95% limits hold the truth, by method, on 200 populations whose size is known.

`python -m benchmarks.estimate_coverage FOLDER [FIRST LAST [METHOD]]` runs the populations FIRST to LAST (all of them if not given), each
in some seconds, by every method or by one, keeps what each gave in FOLDER/estimate_coverage.csv, and writes docs/benchmarks.md from
all that is kept.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.measure import write_table
from joinedup.estimate.loglinear.lattice import closed
from joinedup.estimate.overlap_table import OverlapTable
from joinedup.estimate.population import Options, estimate_population

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
POPULATIONS = 200
REPLICATES = 400
KINDS = ("independent", "pairs", "triple", "mixed")
REACHES = {"thin": (0.02, 0.08), "middling": (0.06, 0.2), "rich": (0.15, 0.45)}
MISSED, FALSE = 0.05, 0.005
METHODS = ("widened", "bic", "bic, pairs only", "averaged", "dga", "stepwise", "heterogeneity", "independence", "chao")
COLUMNS = (
    "population",
    "lists",
    "kind",
    "reach",
    "linkage",
    "people",
    "observed",
    "on_several",
    "method",
    "estimate",
    "lower",
    "upper",
)

Row = dict[str, object]


@dataclass(frozen=True)
class Population:
    """What is planted: the kind of dependence, how far the lists reach, and whether linking errs."""

    number: int
    lists: int
    kind: str
    reach: str
    errs: bool


def planned(number: int) -> Population:
    """The population of a number: every kind, reach and linkage as often; six lists, which take longest, half as often."""
    lists = (3, 4, 5, 3, 4, 5, 6)[number // 24 % 7]
    return Population(number, lists, KINDS[number % 4], tuple(REACHES)[number // 4 % 3], number // 12 % 2 == 1)


def main() -> None:
    """Runs what is asked for, and writes the tables from all that is kept."""
    path = Path(sys.argv[1]) / "estimate_coverage.csv"
    first, last = (int(each) for each in sys.argv[2:4]) if len(sys.argv) > 3 else (0, POPULATIONS)
    kept = {(int(str(row["population"])), str(row["method"])): row for row in read(path)}
    method = sys.argv[4] if len(sys.argv) > 4 else ""
    for number in range(first, last):
        for row in judged(planned(number), method):
            kept[number, str(row["method"])] = row
        write(path, [kept[key] for key in sorted(kept)])
        print(number, flush=True)
    write_table(DOCUMENT, "coverage", list(tables(read(path))))


def judged(plan: Population, method: str = "") -> Iterator[Row]:
    """What every method says of one population, or one of them."""
    generator = np.random.default_rng([7, plan.number])
    people, held = drawn(plan, generator)
    table = seen(held if not plan.errs else mislinked(held, generator))
    replicates = REPLICATES if plan.lists < 6 else REPLICATES // 2
    options = Options(method or "auto", replicates=replicates, seed=1, beside=not method)
    found = estimate_population(table, options)
    for row in found.range:
        limits = (row.estimate, row.lower, row.upper) if found.refused is None else (None, None, None)
        yield dict(
            zip(
                COLUMNS,
                (
                    plan.number,
                    plan.lists,
                    plan.kind,
                    plan.reach,
                    plan.errs,
                    people,
                    table.observed,
                    table.on_several,
                    row.method,
                    *limits,
                ),
                strict=True,
            )
        )


def drawn(plan: Population, generator: np.random.Generator) -> tuple[int, np.ndarray]:
    """How many people there are, and each person's pattern of lists; 0 for those on none.

    Of the first three kinds the cells' chances are those of a log-linear model without the term of all lists, so that the truth is
    in the class of models tried; of the kind mixed a third of people are found often and the rest seldom, by every list.
    """
    people = int(np.exp(generator.uniform(np.log(800), np.log(6000))))
    lists = plan.lists
    chances = generator.uniform(*REACHES[plan.reach], lists)
    logits = np.log(chances / (1 - chances))
    if plan.kind == "mixed":
        often = generator.random(people) < 1 / 3
        reached = 1 / (1 + np.exp(-(logits + np.where(often, 1.2, -0.6)[:, None])))
        return people, (generator.random((people, lists)) < reached) @ (1 << np.arange(lists))
    strengths = terms(plan.kind, lists, generator)
    patterns = np.arange(1 << lists)
    log_chance = np.array([sum(logits[place] for place in range(lists) if p >> place & 1) for p in patterns])
    for term, strength in strengths.items():
        log_chance = log_chance + np.where(patterns & term == term, strength, 0.0)
    chance = np.exp(log_chance)
    return people, generator.choice(patterns, size=people, p=chance / chance.sum())


def terms(kind: str, lists: int, generator: np.random.Generator) -> dict[int, float]:
    """The planted interactions, as log odds ratios: none; one pair for every two lists; or of three lists a pair each and all three."""
    if kind == "independent":
        return {}
    pairs = [term for term in range(1 << lists) if term.bit_count() == 2]
    if kind == "triple" and lists > 3:
        chosen = sum(1 << int(place) for place in generator.choice(lists, 3, replace=False))
        inside = closed([chosen], lists)
        return {term: float(generator.uniform(0.4, 1.0)) for term in inside if term.bit_count() > 1}
    some = generator.choice(len(pairs), max(1, lists // 2), replace=False)
    return {pairs[int(each)]: float(generator.choice([-1, 1, 1]) * generator.uniform(0.5, 1.6)) for each in some}


def mislinked(held: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """The patterns as linking would give them: 5% of those on several lists split, 0.5% of those on one taken for another's."""
    split: list[int] = []
    for pattern in held.tolist():
        if pattern.bit_count() > 1 and generator.random() < MISSED:
            places = [place for place in range(pattern.bit_length()) if pattern >> place & 1]
            lost = 1 << int(generator.choice(places))
            split += [lost, pattern ^ lost]
        else:
            split.append(pattern)
    made = np.array(split)
    alone = generator.permutation(np.flatnonzero(np.bitwise_count(made) == 1))
    for one, other in alone[: 2 * int(FALSE * alone.size)].reshape(-1, 2):
        if made[one] != made[other]:
            made[one] |= made[other]
            made[other] = 0
    return made


def seen(held: np.ndarray) -> OverlapTable:
    """The overlap table of those on any list."""
    patterns, counts = np.unique(held[held > 0], return_counts=True)
    lists = max(int(held.max()).bit_length(), 3)
    return OverlapTable(
        tuple(f"list {place + 1}" for place in range(lists)),
        {int(each): int(count) for each, count in zip(patterns, counts, strict=True)},
    )


def tables(rows: list[Row]) -> Iterator[str]:
    """The tables of the document: by method over all, where the truth is in the class, and by what is planted."""
    numbers = {str(row["population"]) for row in rows}

    def in_class(row: Row) -> bool:
        return row["kind"] != "mixed" and row["linkage"] == "False"

    def many(row: Row) -> bool:
        return int(str(row["on_several"])) >= 50

    yield from (
        f"{len(numbers)} populations of 800 to 6,000 people: 3 to 6 lists; lists independent, pairs that depend (log odds ratios",
        "of 0.5 to 1.6 either way), a term of three lists, or people of two kinds (mixed); chances of a list 2-8%, 6-20% or 15-45%;",
        "with and without errors of linking (5% of those on several lists split, 0.5% of those on one joined to another). The share of",
        "nominal 95% limits that hold the truth; the median error of the logarithm, below nought too low; the median of upper over",
        "lower limit; the share refused or without limits; the share without an upper limit alone, which hold the truth if their lower limit",
        f"does. {REPLICATES} replicates, half as many at six lists.",
        "",
    )
    sections: list[tuple[str, Callable[[Row], bool]]] = [
        ("all", lambda _: True),
        (
            "the truth in the class of models, 50 or more people on several lists",
            lambda row: in_class(row) and many(row),
        ),
        ("the truth in the class, fewer than 50", lambda row: in_class(row) and not many(row)),
        ("mixed people, links true", lambda row: row["kind"] == "mixed" and row["linkage"] == "False"),
        ("links in error", lambda row: row["linkage"] == "True"),
        (
            "of them linked in error, the model else in the class",
            lambda row: row["linkage"] == "True" and row["kind"] != "mixed",
        ),
    ]
    yield "| populations | method | of them | limits hold | error | upper / lower | refused | no upper |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    for words, wanted in sections:
        chosen = [row for row in rows if wanted(row)]
        for method in METHODS:
            yield summary(words, method, [row for row in chosen if row["method"] == method])
    for lists in (3, 4, 5, 6):
        for method in ("widened", "bic"):
            chosen = [row for row in rows if row["lists"] == str(lists) and row["method"] == method]
            yield summary(f"all of {lists} lists", method, chosen)


def summary(words: str, method: str, rows: list[Row]) -> str:
    """One line: of those for which limits are given, how they fare. A lower bound is not held to an upper limit."""
    given = [row for row in rows if row["estimate"] and row["lower"]]
    if not given:
        return f"| {words} | {method} | {len(rows)} | | | | 1.00 | |"
    truth, estimate, lower = (
        np.array([float(str(row[name])) for row in given]) for name in ("people", "estimate", "lower")
    )
    upper = np.array([float(str(row["upper"])) if row["upper"] else np.inf for row in given])
    hold = (lower <= truth) & (truth <= upper)
    error = np.median(np.log(estimate / truth))
    refused = 1 - len(given) / len(rows)
    return f"| {words} | {method} | {len(rows)} | {hold.mean():.2f} | {error:+.2f} | {np.median(upper / lower):.1f} | {refused:.2f} | {np.isinf(upper).mean():.2f} |"


def read(path: Path) -> list[Row]:
    """What is kept of earlier populations."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def write(path: Path, rows: list[Row]) -> None:
    """Keeps all rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
