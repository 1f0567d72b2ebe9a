"""Cell-key perturbation: a little noise on every count, the same for the same people wherever they are counted.

Every person has a random key. The keys of those in a cell, added up and reduced, give the cell's key, and the key picks
the noise from a table of probabilities: so a cell of the same people gets the same noise in every table, and averaging
over tables takes nothing away (B. Fraser and J. Wooton, UNECE/Eurostat work session on statistical confidentiality,
Geneva 2005; J. K. Marley and V. L. Leaver, 58th World Statistical Congress, 2011). The probabilities are those of the
greatest entropy with no bias and a given variance; noughts stay noughts and no count becomes small.

Totals are perturbed apart from their parts and need not be their sums. It lowers what can be known, it does not forbid
it: nobody can say of a count that it is right, and of a small one nothing but that it may be within the largest noise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from joinedup.stats.disclosure.audit import Audit, SmallCounts, audit
from joinedup.stats.disclosure.balances import Floats
from joinedup.stats.disclosure.deviations import UnprotectedError
from joinedup.stats.disclosure.released import _MADE_HERE, ReleasedNumber, ReleasedTable
from joinedup.stats.disclosure.tables import Between, Cell, Counted, PublishedTable, with_margins

KEYS = 1 << 32
"""Record keys and cell keys run from nought to below this."""
_INSIDE = 0.02


@dataclass(frozen=True, slots=True)
class Noise:
    """How counts are perturbed: by at most `most`, with this variance, and never to 1 up to `small`."""

    most: int = 5
    variance: float = 3.0
    small: int = 4

    def __post_init__(self) -> None:
        if not 0 < self.variance <= self.most**2 or self.small < 0 or self.most <= self.small:
            raise ValueError("noise needs a variance its largest value allows, and to reach further than what is small")

    def probabilities(self, count: int) -> dict[int, float]:
        """For each noise a count may get, its probability; without bias, and with the variance where that can be.

        >>> sorted(Noise(2, 1.0, 1).probabilities(1))
        [-1, 1, 2]
        """
        if count < 0:
            raise ValueError("a count of people cannot be below nought")
        if count == 0:
            return {0: 1.0}
        able = [
            noise
            for noise in range(-self.most, self.most + 1)
            if count + noise >= 0 and not 1 <= count + noise <= self.small
        ]
        values = np.array(able, dtype=np.float64)
        return dict(zip(able, _greatest_entropy(values, self.variance).tolist(), strict=True))

    def of(self, count: int, key: float) -> int:
        """The noise for a count whose cell has this key, in [0, 1)."""
        found = self.probabilities(min(count, self.most + self.small + 1))
        ends = np.cumsum(list(found.values()))
        return list(found)[min(int(np.searchsorted(ends, key * ends[-1], side="right")), len(found) - 1)]


def _greatest_entropy(values: Floats, variance: float) -> Floats:
    """Probabilities of greatest entropy with mean 0 and the variance, or the nearest variance that mean 0 leaves.

    They are of the form exp(a v - b v^2); a and b are the least point of a convex function.
    """
    # Mean 0 takes a loss and a gain: the nearest two give the least variance, the farthest two the greatest.
    losses, gains = -values[values < 0], values[values > 0]
    least = 0.0 if 0.0 in values else float(losses.min() * gains.min())
    greatest = float(losses.max() * gains.max())
    edge = _INSIDE * (greatest - least)
    if not edge:
        chances: Floats = np.array([gains[0], losses[0]]) / (gains[0] + losses[0])
        return chances
    squares = values**2 - np.clip(variance, least + edge, greatest - edge)

    def steepness(powers: Floats) -> tuple[float, Floats]:
        logs = powers[0] * values + powers[1] * squares
        top = logs.max()
        weights = np.exp(logs - top)
        whole = weights.sum()
        chances = weights / whole
        return float(top + np.log(whole)), np.array([chances @ values, chances @ squares])

    bounds = [(-60.0, 60.0), (-30.0, 30.0)]
    found = minimize(
        steepness, np.zeros(2), jac=True, bounds=bounds, method="L-BFGS-B", options={"ftol": 1e-15, "gtol": 1e-10}
    )
    logs = found.x[0] * values + found.x[1] * squares
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    return chances


def person_keys(people: Sequence[str], secret: str) -> dict[str, int]:
    """A key for each person's id, the same in every run with the same secret; without the secret nobody can work it out.

    Raises ValueError for an empty secret.
    """
    if not secret:
        raise ValueError("keys need a secret that is kept, or nobody could publish the same noise again")
    digests = (
        (each, hashlib.blake2b(each.encode(), key=secret.encode()[:64], digest_size=4).digest()) for each in people
    )
    return {each: int.from_bytes(digest, "big") for each, digest in digests}


def cell_keys(table: Counted, keys: Mapping[tuple[str, ...], Sequence[int]]) -> dict[tuple[str, ...], int]:
    """The cell key of each innermost combination: the record keys of its people, added up and reduced.

    Raises ValueError where there is not one record key for each person.
    """
    for labels, count in table.counts.items():
        if len(keys.get(labels, ())) != count:
            raise ValueError(f"{table.name}: a combination has another number of keys than of people")
    return {labels: sum(keys.get(labels, ())) % KEYS for labels in table.counts}


def perturbed_tables(
    tables: Sequence[Counted],
    keys: Sequence[Mapping[tuple[str, ...], int]],
    noise: Noise,
    small: SmallCounts | None = None,
) -> tuple[tuple[ReleasedTable, ...], Audit]:
    """The tables with their margins, every count perturbed by its cell's key, and the audit of all of them together.

    `keys` holds, for each table, the cell key of each innermost combination that is not nought, from 0 to below `KEYS`;
    those of totals are their sums. The audit reads each count as within `noise.most` of what is shown. Raises ValueError
    where a key is missing, or tables said to be of the same people are not, and UnprotectedError where the audit is not
    clean.

    >>> made, _ = perturbed_tables([Counted("t", ("a",), {("x",): 30, ("y",): 4})], [{("x",): 7, ("y",): 9}], Noise())
    >>> made[0].columns
    ('a', 'count')
    """
    made, said = [], []
    for table, mine in zip(tables, keys, strict=True):
        released, behind = _perturbed(table, mine, noise)
        made.append(released)
        said.append(behind)
    found = audit(said, small)
    if not found.safe:
        raise UnprotectedError("what the perturbed totals say together narrows some count down too far")
    return tuple(made), found


def _perturbed(
    table: Counted, keys: Mapping[tuple[str, ...], int], noise: Noise
) -> tuple[ReleasedTable, PublishedTable]:
    """The table perturbed, and what a reader knows of each of its counts."""
    whole = with_margins(table)
    sums: dict[Cell, int] = {}
    for labels, count in table.counts.items():
        if count and labels not in keys:
            raise ValueError(f"{table.name}: {', '.join(labels)} has people and no cell key")
        for wider in whole.within(labels):
            cell = whole.cell(wider)
            sums[cell] = (sums.get(cell, 0) + keys.get(labels, 0)) % KEYS
    rule = f"cell-key-{noise.most}-{noise.variance:g}-{noise.small}"
    rows: list[tuple[str | ReleasedNumber, ...]] = []
    behind = {}
    for labels, stated in whole.counts.items():
        count = stated if isinstance(stated, int) else 0  # every margin of whole counts is one
        shown = count + noise.of(count, sums.get(whole.cell(labels), 0) / KEYS)
        # A true nought is shown as nought, so whatever else is shown stands for somebody.
        behind[labels] = Between(max(min(shown, 1), shown - noise.most), shown + noise.most)
        rows.append((*labels, ReleasedNumber(f"{shown:,}", rule, float(shown), behind[labels], _MADE_HERE)))
    released = ReleasedTable((*whole.dimensions, "count"), tuple(rows), rule, _MADE_HERE)
    return released, PublishedTable(whole.name, whole.dimensions, behind, whole.parts)
