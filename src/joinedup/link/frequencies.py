"""How common a name is, in steps: agreeing on a rare name says more than agreeing on a common one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from joinedup.link.names import Forms

STEPS = 11
"""Names are sorted by how common they are into so many steps, each half as common as the one before; rarer ones share
the last. A name that stands once or twice is not known to be that rare: relatives share rare names."""

Numbers = NDArray[np.int64]
Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Of each different name its step, and that of it with its kindred names; and of each step what agreement is worth."""

    rarity: Numbers
    kin_rarity: Numbers
    share: Shares
    """By step: the share of people whose name is in it."""
    agree: Shares
    """By step: the chance that two different people both have one and the same name of it."""
    kin_share: Shares
    kin_agree: Shares
    """The same for two names that are kindred and not the same: Becky beside Rebecca, Husain beside Hussein."""


def step_of(frequency: Shares) -> Numbers:
    """The step of a frequency.

    >>> step_of(np.array([0.9, 0.25, 0.01, 1e-9])).tolist()
    [0, 2, 6, 10]
    """
    return np.clip(np.floor(-np.log2(np.clip(frequency, 1e-12, 1.0))), 0, STEPS - 1).astype(np.int64)


def frequencies(
    codes: Numbers, folds: list[str], forms: list[Forms], weight: float, typical: float = 0.004
) -> Frequencies:
    """How common the names of a column are. `codes` gives each row's name (-1 for none), `forms` those of each name.

    What is seen is drawn towards `typical` as if `weight` more people had been seen: in a small return a name stands
    often because one child does.
    """
    counts = np.bincount(codes[codes >= 0], minlength=len(folds)).astype(np.float64)
    total = counts.sum() + weight
    own = (counts + weight * typical) / total
    by_form: Counter[str] = Counter()
    for one, count in zip(forms, counts.tolist(), strict=True):
        for form in one.forms:
            by_form[form] += count
    # Of each form, those who bear it under another name.
    others_of = [
        sum(by_form[form] - count for form in one.forms) for one, count in zip(forms, counts.tolist(), strict=True)
    ]
    seen_kin = np.minimum(np.array(others_of, dtype=np.float64), counts.sum() - counts)
    kin = seen_kin / total + own
    rarity, kin_rarity = step_of(own), step_of(kin)
    people = counts / max(counts.sum(), 1.0)
    others = seen_kin / total
    has_kin = people * (seen_kin > 0)

    def by_step(step: Numbers, values: Shares) -> Shares:
        return np.bincount(step, weights=values, minlength=STEPS).astype(np.float64)

    kin_people = by_step(kin_rarity, has_kin)
    return Frequencies(
        rarity, kin_rarity, by_step(rarity, people), by_step(rarity, people * own),
        kin_people / kin_people.sum() if kin_people.sum() else kin_people, by_step(kin_rarity, people * others),
    )  # fmt: skip
