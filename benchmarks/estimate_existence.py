"""Every verdict on every five-list model of published tables against proofs in whole numbers, made without the code judged.

`python -m benchmarks.estimate_existence FOLDER` reads uk2013_5list and netherlands_5list in FOLDER, writes docs/benchmarks.md, and
fails at the first verdict that is not proved.

A linear programme proposes, whole numbers prove. Terms nobody's lists contain go with the cells they empty. The terms can be
told apart when the rank modulo a prime is full; where it is not, a combination of them in whole numbers that is nought in every
cell proves it. The maximum exists when some table of whole numbers has all of the model's margins nought and is above nought in
every empty cell, since a small part of it can be added to the counts. It does not when some combination of terms is nought in every
cell with people, nowhere above nought, and below it somewhere (Gordan's alternative).
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy.optimize import linprog

from benchmarks.measure import write_table
from joinedup.estimate.loglinear.existence import Verdict
from joinedup.estimate.loglinear.lattice import lattice
from joinedup.estimate.reading import read_overlap_table
from joinedup.estimate.select import ByBic

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
TABLES = ("uk2013_5list", "netherlands_5list")
PRIME = 2_147_483_629
MOST_PARTS = 64
"""Directions of the linear programme are taken to be multiples of one over a number up to this."""


def main() -> None:
    """Proves every verdict and writes the table."""
    lines = [
        "| table | models | exist | no maximum | not identified | proved | CPU seconds of the verdicts |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name in TABLES:
        table = read_overlap_table(Path(sys.argv[1]) / f"{name}.csv")
        counts, models = table.dense(), lattice(len(table.lists), len(table.lists) - 1)
        possible = np.arange(counts.size) > 0
        select = ByBic(models, possible)
        select.verdicts(counts)
        began = time.process_time()
        verdicts = select.verdicts(counts)
        seconds = time.process_time() - began
        for place, found in enumerate(verdicts):
            assert proved(counts, models.model(place)) is found, (name, models.model(place), found)
        kinds = Counter(verdicts)
        shown = " | ".join(f"{kinds[kind]:,}" for kind in (Verdict.EXISTS, Verdict.NO_MAXIMUM, Verdict.NOT_IDENTIFIED))
        lines.append(f"| {name} | {len(verdicts):,} | {shown} | all | {seconds:.2f} |")
        print(lines[-1], flush=True)
    write_table(DOCUMENT, "existence", lines)


def proved(counts: np.ndarray, model: tuple[int, ...]) -> Verdict:
    """The verdict with its proof; raises AssertionError where none is found."""
    cells = np.arange(counts.size)
    margin = {term: int(counts[(cells & term) == term].sum()) for term in model}
    terms = [term for term in model if margin[term]]
    emptied = [term for term in model if not margin[term]]
    inside = [cell for cell in cells[1:].tolist() if not any(cell & term == term for term in emptied)]
    design = np.array([[int(cell & term == term) for cell in inside] for term in terms], dtype=np.int64)
    if rank_modulo(design) < len(terms):
        assert has_null_combination(design)
        return Verdict.NOT_IDENTIFIED
    empty = np.array([counts[cell] == 0 for cell in inside])
    if not empty.any() or has_table_of_no_margins(terms, inside, empty):
        return Verdict.EXISTS
    assert has_falling_direction(design, empty)
    return Verdict.NO_MAXIMUM


def rank_modulo(design: np.ndarray) -> int:
    """The rank modulo a prime, which the true rank is at least."""
    rows, rank = [[int(value) for value in row] for row in design], 0
    for column in range(design.shape[1]):
        pivot = next((at for at in range(rank, len(rows)) if rows[at][column] % PRIME), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        inverse = pow(rows[rank][column], -1, PRIME)
        for at in range(rank + 1, len(rows)):
            if rows[at][column]:
                times = rows[at][column] * inverse
                rows[at] = [(value - times * top) % PRIME for value, top in zip(rows[at], rows[rank], strict=True)]
        rank += 1
    return rank


def has_null_combination(design: np.ndarray) -> bool:
    """Whether some rows combine to nought, by fractions."""
    rows = [[Fraction(int(value)) for value in row] for row in design]
    for column in range(design.shape[1]):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows = [row for row in rows if row is not pivot]
        for row in rows:
            if row[column]:
                times = row[column] / pivot[column]
                row[:] = [value - times * top for value, top in zip(row, pivot, strict=True)]
    return bool(rows)


def has_table_of_no_margins(terms: list[int], inside: list[int], empty: np.ndarray) -> bool:
    """Whether whole numbers for the margins of terms outside the model give a table above nought in every empty cell.

    A table whose margins of the model's terms are nought is one number for each other term; cells are the alternating sums
    over the terms that contain them (Moebius), and the cell of those on no list must be nought, as nobody is seen there.
    """
    free = [cell for cell in inside if cell not in set(terms)]
    if not free:
        return False
    sign = np.array([[(-1) ** (t.bit_count() - c.bit_count()) if t & c == c else 0 for t in free] for c in inside])
    total = np.array([(-1) ** term.bit_count() for term in free])
    above = np.column_stack([-sign[empty], np.ones(int(empty.sum()))])
    found = linprog(
        np.append(np.zeros(len(free)), -1.0),
        A_ub=above,
        b_ub=np.zeros(len(above)),
        A_eq=[np.append(total, 0.0)],
        b_eq=[0.0],
        bounds=[(-1, 1)] * (len(free) + 1),
    )
    numbers = [round(value * 10**6) for value in found.x[:-1]]
    numbers[0] -= int(total[0]) * sum(int(s) * number for s, number in zip(total, numbers, strict=True))
    table = [sum(int(s) * number for s, number in zip(row, numbers, strict=True)) for row in sign[empty]]
    return all(value > 0 for value in table)


def has_falling_direction(design: np.ndarray, empty: np.ndarray) -> bool:
    """Whether whole numbers for the terms are nought in cells with people, and below nought in some empty cell, never above."""
    falling = -design.T[empty].astype(float)
    found = linprog(
        falling.sum(axis=0) * -1.0,
        A_ub=np.vstack([-falling, falling]),
        b_ub=np.concatenate([np.zeros(len(falling)), np.ones(len(falling))]),
        A_eq=design.T[~empty],
        b_eq=np.zeros(int((~empty).sum())),
        bounds=[(None, None)] * len(design),
    )
    for parts in range(1, MOST_PARTS + 1):
        numbers = np.rint(found.x * parts).astype(np.int64)
        moved = numbers @ design
        if not moved[~empty].any() and (moved[empty] <= 0).all() and moved.any():
            return True
    return False


if __name__ == "__main__":
    main()
