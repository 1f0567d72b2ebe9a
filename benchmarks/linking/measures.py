"""What is measured of a linking: pairs and children, overall and by name group, calibration, and the review band."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.evaluate.partitions import bcubed, pairs_together, pairwise

pc: Any = pyarrow_compute

SURE = 0.95
REVIEW_FROM = 0.1


@dataclass(frozen=True)
class Outcome:
    """One linking: each mention's true child, household, name group and person found, in one order; and its pairs."""

    child: np.ndarray
    household: np.ndarray
    group: np.ndarray
    person: np.ndarray
    left: np.ndarray
    right: np.ndarray
    probability: np.ndarray

    @classmethod
    def of(cls, truth: pa.Table, people: pa.Table, links: pa.Table, *, linkable: bool = False) -> Outcome:
        """`truth` has mention_id, child, household and group; every mention of it is measured, and no other.

        With `linkable` those are left out of which the truth says that nobody could link them.
        """
        if linkable and "linkable" in truth.column_names:
            truth = truth.filter(truth["linkable"])
        ids = truth["mention_id"].combine_chunks()
        places = pc.index_in(ids, value_set=people["mention_id"].combine_chunks())
        person = people["person_id"].take(places).combine_chunks().dictionary_encode().indices
        ends = [pc.index_in(links[side], value_set=ids) for side in ("mention_l", "mention_r")]
        both = pc.and_(pc.is_valid(ends[0]), pc.is_valid(ends[1]))
        left, right = (np.asarray(end.filter(both)) for end in ends)
        group = np.asarray(truth["group"].combine_chunks().dictionary_encode().dictionary.to_pylist(), dtype=object)
        codes = np.asarray(truth["group"].combine_chunks().dictionary_encode().indices)
        return cls(
            np.asarray(truth["child"].combine_chunks().dictionary_encode().indices),
            np.asarray(truth["household"].combine_chunks().dictionary_encode().indices),
            group[codes], np.asarray(person), left, right, np.asarray(links["probability"].filter(both)),
        )  # fmt: skip


def _crossed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return one.astype(np.int64) * (int(other.max(initial=0)) + 1) + other


def measured(outcome: Outcome) -> dict[str, float]:
    """The figures of one linking."""
    child, person = outcome.child, outcome.person
    pairs, items = pairwise(person, child), bcubed(person, child)
    found, right = pairs_together(person, person), pairs_together(person, child)
    at_home = pairs_together(person, outcome.household) - right
    truly = len(np.unique(child))
    sure = outcome.probability >= SURE
    same = child[outcome.left] == child[outcome.right]
    mean = float(outcome.probability[sure].mean()) if sure.any() else 0.0
    band = (outcome.probability >= REVIEW_FROM) & (outcome.probability < SURE)
    figures = {
        "precision": pairs.precision, "recall": pairs.recall, "f1": pairs.f1, "bcubed_f1": items.f1,
        "count_bias": (len(np.unique(person)) - truly) / truly, "false_pairs": float(found - right),
        "false_at_home": float(at_home), "calibration": mean - float(same[sure].mean()) if sure.any() else 0.0,
        "review": float(band.sum()),
    }  # fmt: skip
    return figures | gap(outcome)


def gap(outcome: Outcome, draws: int = 300) -> dict[str, float]:
    """How far apart the name groups' count biases lie, twice its standard error, and what chance alone would make of it.

    The error is the spread of the gap with households drawn anew (a Poisson bootstrap); chance is the mean gap with the groups
    of whole households dealt out anew. A bias is the mean over a group's children of people counted for each, less one.
    """
    _, first, child = np.unique(outcome.child, return_index=True, return_inverse=True)
    _, household = np.unique(outcome.household[first], return_inverse=True)
    names, group = np.unique(outcome.group[first].astype(str), return_inverse=True)
    if len(names) == 1:
        return {"gap": 0.0, "gap_error": 0.0, "gap_by_chance": 0.0}
    sizes = np.bincount(outcome.person)
    counted = np.bincount(child, weights=1 / sizes[outcome.person])
    chance = np.random.default_rng(1)

    def apart(group: np.ndarray, weight: np.ndarray) -> float:
        truly = np.maximum(np.bincount(group, weights=weight, minlength=len(names)), 1e-9)
        bias = np.bincount(group, weights=weight * counted, minlength=len(names)) / truly
        return float(bias.max() - bias.min())

    homes, every = int(household.max()) + 1, np.ones(len(first))
    drawn = [apart(group, chance.poisson(1.0, homes)[household].astype(float)) for _ in range(draws)]
    of_home = np.zeros(homes, dtype=np.int64)
    of_home[household] = group
    dealt = [apart(chance.permutation(of_home)[household], every) for _ in range(draws)]
    return {"gap": apart(group, every), "gap_error": 2 * float(np.std(drawn)), "gap_by_chance": float(np.mean(dealt))}


def by_group(outcome: Outcome) -> dict[str, dict[str, float]]:
    """Missed pairs, false pairs and count bias of each name group.

    A false pair counts in each of its two mentions' groups by a half; a person found is shared between groups by mentions.
    """
    child, person = outcome.child, outcome.person
    sizes = np.bincount(person)
    rows = {}
    for name in sorted(set(outcome.group.tolist())):
        chosen = outcome.group == name
        theirs, ours = child[chosen], person[chosen]
        true, together = pairs_together(theirs, theirs), pairs_together(ours, theirs)
        reached = float((sizes[ours] - 1).sum()) / 2
        truly = len(np.unique(theirs))
        counted = float((1 / sizes[ours]).sum())
        rows[name] = {
            "missed": 1 - together / true if true else 0.0,
            "false": 1 - together / reached if reached else 0.0,
            "count_bias": (counted - truly) / truly,
        }
    return rows


def calibration(
    outcome: Outcome, edges: Iterable[float] = (0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 1.0000001)
) -> list[tuple[float, int, float, float]]:
    """In each band of probability: its lower edge, the pairs, their mean probability, and the share truly one child."""
    limits, rows = list(edges), []
    same = outcome.child[outcome.left] == outcome.child[outcome.right]
    for low, high in itertools.pairwise(limits):
        band = (outcome.probability >= low) & (outcome.probability < high)
        if band.any():
            rows.append((low, int(band.sum()), float(outcome.probability[band].mean()), float(same[band].mean())))
    return rows
