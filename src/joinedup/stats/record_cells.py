"""Counts of any kind corrected by a reviewed sample of records: by whatever is said of a child, not of which lists hold it alone.

The estimator is that of `record_sample`: what the links count, plus what the reviewed children's true cells differ from the links', each
weighed by how likely the sample was to meet it. A child can stand in several cells, such as the lists that hold it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from joinedup.stats.record_sample import Corrected, Reviewed, Whole, parts_of


@dataclass(frozen=True, slots=True)
class Cells:
    """Which cells each of some groups of records stands in: two columns of the same length, the group's number and the cell's.

    `number` is how many cells there are.
    """

    group: Whole
    cell: Whole
    number: int

    def of(self, groups: int) -> list[Whole]:
        """The cells of each group, by number."""
        order = np.argsort(self.group, kind="stable")
        ends = np.searchsorted(self.group[order], np.arange(groups + 1))
        return [self.cell[order][start:end] for start, end in pairwise(ends.tolist())]


def corrected_cells(sample: Reviewed, linked: Cells, true: Cells, replicates: int, seed: int) -> Corrected:
    """The count of each cell as the sample corrects it; `linked` by linked person, `true` by drawn record, both of the sample's.

    >>> linked = np.array([0, 0, 1, 2])  # the third and fourth record are one child, and were not linked
    >>> sample = Reviewed(linked, np.full(4, 1.0), np.zeros(4, int), np.arange(4),
    ...     (np.array([0, 1]), np.array([0, 1]), np.array([2, 3]), np.array([2, 3])))
    >>> found = corrected_cells(sample, Cells(np.arange(3), np.zeros(3, int), 2), Cells(np.arange(4), np.array([0, 0, 1, 1]), 2), 0, 1)
    >>> found.linked.tolist(), found.counts.tolist()
    ([3.0, 0.0], [1.0, 1.0])
    """
    persons, numbers = np.unique(sample.linked, return_inverse=True)
    held = linked.of(int(persons.max(initial=-1)) + 1)
    found = true.of(len(sample.drawn))
    part = parts_of(sample.probability, numbers)
    differs = np.zeros((len(sample.drawn), linked.number))
    for place, records in enumerate(sample.true):
        for record in records.tolist():
            differs[place, held[int(sample.linked[record])]] -= part[record]
        differs[place, found[place]] += 1
        differs[place] /= sample.probability[records].sum()
    counts = np.bincount(linked.cell, minlength=linked.number).astype(np.float64)
    again = counts + sample.weights(replicates, seed) @ differs
    left = 1 - sample.probability[sample.drawn]
    return Corrected(counts, counts + differs.sum(axis=0), again, differs, sample.stratum[sample.drawn], left)
