"""How alike two ways of dividing the same items are: pairwise, B-cubed, adjusted mutual information."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_mutual_info_score

Labels = Sequence[object] | NDArray[Any]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, each 0 to 1, and their harmonic mean. Where nothing was claimed, precision is 1; where there was nothing to find, recall is."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean; 0 where both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def as_dict(self) -> dict[str, float]:
        """The three figures by name."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True, slots=True)
class Crossed:
    """How many items stand in each cluster of the one and class of the other: sizes of both, and of their crossings."""

    clusters: NDArray[np.int64]
    classes: NDArray[np.int64]
    cells: NDArray[np.int64]
    cell_cluster: NDArray[np.int64]
    cell_class: NDArray[np.int64]

    @property
    def items(self) -> int:
        """How many items there are."""
        return int(self.clusters.sum())


def cross(found: Labels, truth: Labels) -> Crossed:
    """The crossing of two divisions of the same items, given as one label an item in the same order.

    Raises ValueError when they are of different lengths.
    """
    if len(found) != len(truth):
        raise ValueError("the two divisions must be of the same items")
    ours, our_sizes = _codes(found)
    theirs, their_sizes = _codes(truth)
    cells, counts = np.unique(ours * max(len(their_sizes), 1) + theirs, return_counts=True)
    width = max(len(their_sizes), 1)
    return Crossed(our_sizes, their_sizes, counts.astype(np.int64), cells // width, cells % width)


def _codes(labels: Labels) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    given = np.asarray(labels)
    if not len(given):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    _, inverse, counts = np.unique(given, return_inverse=True, return_counts=True)
    return inverse.astype(np.int64), counts.astype(np.int64)


def _pairs(sizes: NDArray[np.int64]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def pairwise(found: Labels, truth: Labels) -> Score:
    """Of the pairs put together, the share rightly so; of the pairs that belong together, the share put together.

    >>> pairwise([1, 1, 1, 2], ["a", "a", "b", "b"])
    Score(precision=0.3333333333333333, recall=0.5)
    """
    crossed = cross(found, truth)
    both, ours, theirs = _pairs(crossed.cells), _pairs(crossed.clusters), _pairs(crossed.classes)
    return Score(both / ours if ours else 1.0, both / theirs if theirs else 1.0)


def pairs_together(found: Labels, truth: Labels) -> int:
    """How many pairs of items stand together in both divisions.

    >>> pairs_together([1, 1, 1, 2], ["a", "a", "b", "b"])
    1
    """
    return _pairs(cross(found, truth).cells)


def bcubed(found: Labels, truth: Labels) -> Score:
    """The mean over items of the share of their cluster that belongs with them, and of their class that is with them.

    >>> bcubed([1, 1, 1, 2], ["a", "a", "b", "b"])
    Score(precision=0.6666666666666666, recall=0.75)
    """
    crossed = cross(found, truth)
    if not crossed.items:
        return Score(1.0, 1.0)
    squares = crossed.cells.astype(np.float64) ** 2
    precision = float((squares / crossed.clusters[crossed.cell_cluster]).sum()) / crossed.items
    recall = float((squares / crossed.classes[crossed.cell_class]).sum()) / crossed.items
    return Score(min(precision, 1.0), min(recall, 1.0))


def adjusted_mutual_information(found: Labels, truth: Labels) -> float:
    """What the one division tells of the other beyond chance: 1 for equal divisions, about 0 for unrelated ones.

    Normalised by the mean of both entropies; the expectation is that of the permutation model, exactly.

    >>> adjusted_mutual_information([0, 0, 1, 1], ["a", "a", "b", "b"])
    1.0
    >>> round(adjusted_mutual_information([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]), 6)
    0.298792
    """
    if len(found) != len(truth):
        raise ValueError("the two divisions must be of the same items")
    if not len(found):
        return 1.0
    ours, theirs = (_codes(labels)[0] for labels in (found, truth))
    return float(adjusted_mutual_info_score(ours, theirs))
