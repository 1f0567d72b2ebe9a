"""Protecting and auditing tables: what it costs, what is withheld, and what withholding the small counts alone gives away.

    python -m benchmarks.disclosure [--oracle PYTHON]

Tables are drawn with fixed seeds: the chances of each dimension's categories are log-normal, so that a few are common and
most are rare, as in real tables. `--oracle` names a Python that has pytauargus
(EUPL, so no dependency of this project), whose optimal suppression of the same table is then audited here.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.measure import write_table
from joinedup.stats.disclosure import Counted, PublishedTable, SmallCounts, audit, withhold_together
from joinedup.stats.disclosure.audit import Audit, audit_release
from joinedup.stats.disclosure.releases import release
from joinedup.stats.disclosure.tables import with_margins

ROOT = Path(__file__).resolve().parents[1]
SMALL = SmallCounts(1, 4)
NAMES = ("force", "age", "sex", "ethnicity")
SEED, SPREAD = 2, 1.43
_TAU = """
import json, sys, pytauargus
given = json.load(sys.stdin)
names, rows = given["names"], given["rows"]
data = {name: [row[at] for row in rows for _ in range(row[-1])] for at, name in enumerate(names)}
data["one"] = [1] * len(data[names[0]])
made = pytauargus.protect(data, names, "one", f"FREQ({given['small'] + 1},100)", "OPT(1)")
rows = made.tables[0].rows
rows = rows() if callable(rows) else rows
print(json.dumps([[str(row[each]) for each in (*names, "status")] for row in rows]))
"""


def drawn(shape: Sequence[int], people: int, seed: int = SEED) -> npt.NDArray[np.int64]:
    """A table of so many people, some categories far commoner than others."""
    random = np.random.default_rng(seed)
    chances = np.ones(())
    for size in shape:
        weights = random.lognormal(0, SPREAD, size)
        chances = np.multiply.outer(chances, weights / weights.sum())
    return random.multinomial(people, chances.ravel()).reshape(shape)


def counted(table: npt.NDArray[np.int64], axes: Sequence[int] | None = None) -> Counted:
    """The table, added up over all but the axes, with names."""
    axes = tuple(range(table.ndim)) if axes is None else tuple(axes)
    added = table.sum(axis=tuple(axis for axis in range(table.ndim) if axis not in axes))
    counts = {
        tuple(f"{NAMES[axis]}{at:02d}" for axis, at in zip(axes, where, strict=True)): int(count)
        for where, count in np.ndenumerate(added)
    }
    names = tuple(NAMES[axis] for axis in axes)
    return Counted(" by ".join(names), names, counts)


def only_the_small(tables: Sequence[Counted]) -> tuple[Audit, int, float]:
    """The audit, on the small counts, of tables that withhold those and nothing else; the statements; CPU seconds."""
    published, small = [], set()
    for table in tables:
        whole = with_margins(table)
        counts = {labels: None if 1 <= count <= SMALL.most else count for labels, count in whole.counts.items()}
        small |= {whole.cell(labels) for labels, count in counts.items() if count is None}
        published.append(PublishedTable(whole.name, whole.dimensions, counts))
    began = time.process_time()
    stated = release(published)
    found = audit_release(stated, SMALL, small)
    said = {table.cell(labels) for table in published for labels in table.counts}
    return found, len(said), time.process_time() - began


def measured(name: str, tables: Sequence[Counted], *, protect: bool) -> str:
    """One line of the table of figures."""
    bare, said, audit_seconds = only_the_small(tables)
    exact = sum(each.lower == each.upper for each in bare.cells)
    knowing = sum(each.lower_knowing_rule == each.upper_knowing_rule for each in bare.cells)
    line = f"| {name} | {said:,} | {len(bare.cells)} | {exact} ({bare.unprotected}) | {knowing} | {audit_seconds:.2f} |"
    if not protect:
        return f"{line} | | | | |"
    began = time.process_time()
    made = withhold_together(tables, SMALL, 0.0)
    seconds = time.process_time() - began
    began = time.process_time()
    again = audit([each.published(table.name, "count") for each, table in zip(made.tables, tables, strict=True)], SMALL)
    audited = time.process_time() - began
    return (
        f"{line} {made.secondary} | {again.unprotected} | {100 * made.visible:.0f}% | {seconds:.1f} | {audited:.2f} |"
    )


def oracle(python: str) -> list[str]:
    """Pytauargus's optimal suppression of the table of two dimensions, audited here, beside ours."""
    table = counted(drawn((43, 8), 2379))
    whole = with_margins(table)
    rows = [[*labels, count] for labels, count in table.counts.items() if count]
    given = json.dumps({"names": table.dimensions, "rows": rows, "small": SMALL.most})
    # It leaves its solver's logs where it runs.
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-c", _TAU]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=True, cwd=folder)
    hidden = {tuple(row[:-1]) for row in json.loads(done.stdout.splitlines()[-1]) if row[-1] in ("U", "M")}
    counts = {labels: None if labels in hidden else count for labels, count in whole.counts.items()}
    small = {whole.cell(labels) for labels, count in whole.counts.items() if 1 <= (count or 0) <= SMALL.most}
    found = audit([PublishedTable(whole.name, whole.dimensions, counts)], SMALL, small)
    exact = sum(each.lower == each.upper for each in found.cells if each.primary)
    return [(f"pytauargus withheld {len(hidden)} cells, {len(small)} of them small; {exact} of those exactly known,"
            f" {found.unprotected} with a range short of 0 to {SMALL.most + 1} or of {SMALL.behind} counts.")]  # fmt: skip


def main() -> None:
    """Measures and writes the figures into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oracle", metavar="PYTHON")
    wanted = parser.parse_args()
    cube = drawn((43, 8, 3, 6), 2379)
    lines = [
        (
            "| table | statements | small counts | only those withheld: exactly known (not protected) | exactly known to one"
            " who knows the rule | audit, CPU s | others withheld | not protected | people shown | protect, CPU s |"
            " audit, CPU s |"
        ),
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        measured("43 x 8, 2,379 people", [counted(drawn((43, 8), 2379))], protect=True),
        measured("43 x 8 x 3, 2,379 people", [counted(drawn((43, 8, 3), 2379))], protect=True),
        measured(
            "43 x (8, 3, 6), linked, 2,379 people", [counted(cube, (0, axis)) for axis in (1, 2, 3)], protect=True
        ),
        measured(
            "the same and 8 x 3 x 6: a circle",
            [*(counted(cube, (0, axis)) for axis in (1, 2, 3)), counted(cube, (1, 2, 3))],
            protect=False,
        ),
        measured("43 x 8 x 3 x 6, 20,000 people", [counted(drawn((43, 8, 3, 6), 20_000))], protect=True),
    ]
    lines += ["", f"Peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB."]
    if wanted.oracle:
        lines += ["", *oracle(wanted.oracle)]
    print("\n".join(lines))
    write_table(ROOT / "docs" / "benchmarks.md", "disclosure", lines)


if __name__ == "__main__":
    main()
