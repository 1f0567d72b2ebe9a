"""How far published bootstrap limits lie from ours, in units of what redrawing moves them by.

`python -m benchmarks.estimate_published FOLDER` writes docs/benchmarks.md; FOLDER holds the published tables. A published limit is one draw
of 1,000 replicates. Ours is of 4,000; then 1,000 of them are taken again and again, and where the printed limit stands among the limits
these give says whether chance alone explains the difference.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.measure import write_table
from joinedup.estimate.bootstrap import adjusted_limits, bootstrap, draw_replicates
from joinedup.estimate.methods import methods
from joinedup.estimate.reading import read_overlap_table
from joinedup.estimate.results import Options

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
DRAWN, PRINTED_DRAWS, AGAIN = 4000, 1000, 400
# Silverman, Chan and Vincent 2024 (tables 2 and 6); Chan, Silverman and Vincent 2021; Binette and Steorts 2021.
PRINTED = (
    ("kosovo_4list", "bic", None, 0.95, 6947, 18010),
    ("kosovo_4list", "bic", None, 0.8, 7400, 12200),
    ("kosovo_4list", "bic", 2, 0.95, 12451, 16273),
    ("kosovo_4list", "downhill", 2, 0.95, 12525, 16477),
    ("korea_3list", "bic", None, 0.95, 128, 349),
    ("korea_3list", "bic", None, 0.8, 135, 288),
    ("uk2013_5list", "bic", None, 0.95, 11168, 56052),
    ("uk2013_5list", "bic", 2, 0.95, 11456, 43894),
    ("uk2013_5list", "downhill", None, 0.95, 9330, 32115),
    ("uk2013_5list", "downhill", 2, 0.95, 9332, 28954),
    ("uk2013_5list", "stepwise", None, 0.95, 9367, 15219),
    ("uk2013_6list", "downhill", 2, 0.95, 9643, 25508),
    ("neworleans_5list_n185", "stepwise", None, 0.95, 589, 1703),
    ("neworleans_8list_n185", "stepwise", None, 0.95, 717, 1657),
    ("neworleans_8list_n185", "independence", None, 0.95, 644, 1618),
    ("westernus_5list", "stepwise", None, 0.95, 1293, 3670),
    ("netherlands_5list", "stepwise", None, 0.95, 48002, 173698),
)


def main() -> None:
    """Every printed pair of limits, and the table."""
    lines = [
        "| table | method | level | end | printed | of 4,000 draws | middle 95% of limits by 1,000 draws | printed stands above |",
        "|---|---|---:|---|---:|---:|---:|---:|",
    ]
    for case in PRINTED:
        lines += _lines(Path(sys.argv[1]), *case)
        print("\n".join(lines[-2:]), flush=True)
    write_table(DOCUMENT, "published limits", lines)


def _lines(folder: Path, name: str, method: str, order: int | None, level: float, lower: int, upper: int) -> list[str]:  # noqa: PLR0913, PLR0917  (a row of the table above)
    table = read_overlap_table(folder / f"{name}.csv").in_order()
    counts = table.dense()
    [asked] = [each for each in methods(Options(method, order), table, counts) if each.label == method]
    choice = asked.select(counts)
    assert choice is not None
    total = counts.sum() + choice.unseen
    found = bootstrap(counts, asked.select, total, draw_replicates(counts, DRAWN, 99), (level,))
    draw = np.random.default_rng(1)
    again = [draw.choice(found.totals, PRINTED_DRAWS) for _ in range(AGAIN)]
    limits = np.array(
        [adjusted_limits(counts.sum(), total, each, found.acceleration, level) for each in again], dtype=float
    )
    [ours] = found.limits
    words = method if order is None else f"{method}, pairs only"
    made = []
    for end, printed, mine, drawn in (
        ("lower", lower, ours.lower, limits[:, 0]),
        ("upper", upper, ours.upper, limits[:, 1]),
    ):
        low, high = np.quantile(drawn, [0.025, 0.975])
        figures = f"{printed:,} | {mine:,.0f} | {low:,.0f} to {high:,.0f} | {np.mean(drawn < printed):.1%}"
        made.append(f"| {name} | {words} | {level:.0%} | {end} | {figures} |")
    return made


if __name__ == "__main__":
    main()
