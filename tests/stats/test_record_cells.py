"""Counts of cells in which a child can stand several times over, held against the truth and against the counts of patterns."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from joinedup.stats.record_cells import Cells, corrected_cells
from joinedup.stats.record_sample import Reviewed, corrected_patterns

TRUE = np.array([0, 0, 0, 1, 2, 2, 3, 4])
LINKED = np.array([0, 0, 1, 1, 2, 3, 4, 5])
ON = np.array([1, 2, 2, 1, 1, 2, 4, 3])
"""Which of three lists each record stands on, by bit."""
BITS = np.arange(3)


def sample_of(drawn, probability, stratum):
    found = tuple(np.flatnonzero(TRUE[record] == TRUE) for record in drawn)
    return Reviewed(LINKED, probability, stratum, np.array(drawn), found)


def lists_of(groups, number):
    """The lists of each group of records, as cells."""
    rows = [(at, bit) for at, records in enumerate(groups) for bit in BITS if (ON[records] >> bit & 1).any()]
    return Cells(*(np.array(column) for column in zip(*rows, strict=True)), number)


def corrected(sample):
    linked = [np.flatnonzero(person == LINKED) for person in range(6)]
    return corrected_cells(sample, lists_of(linked, 3), lists_of(sample.true, 3), 50, 1)


def test_over_all_samples_that_could_be_drawn_the_mean_is_the_truth():
    stratum, probability = np.array([0] * 4 + [1] * 4), np.array([0.5] * 4 + [0.25] * 4)
    draws = list(product(combinations(range(4), 2), combinations(range(4, 8), 1)))
    counts = [corrected(sample_of([*one, *other], probability, stratum)).counts for one, other in draws]
    truth = [len({child for child, on in zip(TRUE, ON, strict=True) if on >> bit & 1}) for bit in BITS]
    assert np.mean(counts, axis=0) == pytest.approx(truth)


def test_it_is_the_count_of_patterns_added_up():
    sample = sample_of([0, 3, 4, 6], np.full(8, 0.5), np.zeros(8, dtype=np.int64))
    patterns, whole = corrected_patterns(sample, ON, 50, 1)
    found = corrected(sample)
    for bit in BITS:
        added = whole.added((patterns >> bit & 1).astype(bool))
        assert found.counts[bit] == pytest.approx(added.counts[0])
        assert found.replicates[:, bit] == pytest.approx(added.replicates[:, 0])
        assert found.freedom(bit) == pytest.approx(added.freedom(0))
