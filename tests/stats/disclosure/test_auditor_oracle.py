"""The auditor against pytauargus's optimal suppression, where that is installed: uv sync --group oracle (EUPL-1.2, tests alone)."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import numpy as np
import pytest

from joinedup.stats.disclosure import Counted, PublishedTable, SmallCounts, audit
from joinedup.stats.disclosure.tables import with_margins

pytauargus = pytest.importorskip(
    "pytauargus",
    reason="pytauargus is absent: uv sync --group oracle (EUPL-1.2; it is no part of a user's installation)",
)
SMALL = 4


def drawn(seed, shape=(5, 4), people=150):
    random = np.random.default_rng(seed)
    chances = np.multiply.outer(random.lognormal(0, 1.2, shape[0]), random.lognormal(0, 1.2, shape[1]))
    table = random.multinomial(people, (chances / chances.sum()).ravel()).reshape(shape)
    return {(f"r{i}", f"c{j}"): int(count) for (i, j), count in np.ndenumerate(table)}


def suppressed(counts, folder):
    """The statuses pytauargus gives the cells of the table with its totals: U small, M withheld for their sake."""
    names = ["row", "column"]
    people = [labels for labels, count in counts.items() for _ in range(count)]
    data = {name: [labels[at] for labels in people] for at, name in enumerate(names)}
    data["one"] = [1] * len(people)
    # It leaves its solver's logs where it runs.
    with contextlib.chdir(folder), Path(os.devnull).open("w") as quiet, contextlib.redirect_stdout(quiet):
        made = pytauargus.protect(data, names, "one", f"FREQ({SMALL + 1},100)", "OPT(1)")
    rows = made.tables[0].rows
    return {tuple(str(row[name]) for name in names): str(row["status"]) for row in (rows() if callable(rows) else rows)}


def ranges(whole, hidden):
    counts = {labels: None if labels in hidden else count for labels, count in whole.counts.items()}
    return {
        each.cell: each for each in audit([PublishedTable("t", whole.dimensions, counts)], SmallCounts(1, SMALL)).cells
    }


@pytest.mark.parametrize("seed", range(6))
def test_what_it_protects_is_as_wide_here_and_what_it_needs_is_needed(seed, tmp_path):
    """It protects a count x from nought to 2x: so wide is each here, and without any one of its withheld cells one is not."""
    whole = with_margins(Counted("t", ("row", "column"), drawn(seed)))
    status = suppressed(drawn(seed), tmp_path)
    hidden = {labels for labels, sign in status.items() if sign in ("U", "M")}
    small = {labels for labels, count in whole.counts.items() if 1 <= count <= SMALL}
    assert {labels for labels, sign in status.items() if sign == "U"} == small

    def wide_enough(withheld):
        found = ranges(whole, withheld)
        cells = [(found[_name(whole, labels)], whole.counts[labels]) for labels in small & withheld]
        return all(each.lower == 0 and (each.upper is None or each.upper >= 2 * count) for each, count in cells)

    assert wide_enough(hidden)
    for secondary in sorted(hidden - small):
        assert not wide_enough(hidden - {secondary}), secondary


def _name(whole, labels):
    return ", ".join(f"{name}={label}" for name, label in whole.cell(labels)) or "Total"
