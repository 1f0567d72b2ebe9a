"""Precision and recall from a reviewed sample, beside ER-Evaluation 2.3.0 (O. Binette), which estimates them from reviewed entities.

Its figures were made once, in an environment of its own (it is under the AGPL and no dependency here), with

    er_evaluation.estimators.pairwise_precision_estimator(prediction, sample, weights="cluster_size")
    er_evaluation.estimators.pairwise_recall_estimator(prediction, sample, weights="cluster_size")

on pandas series of the numbers below: `sample` are all records of the entities of RECORDS, one drawn record an entity.
"cluster_size" weighs an entity by one over its records, which is how likely a drawn record is to meet it. It adds a
correction for the bias of a ratio, of the order of one over the number of entities, that ours does not have: hence the
tolerance. With every record drawn ours is exact and its figures are not.
"""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.stats.record_sample import Reviewed, pair_quality

TRUE = """
    0 0 0 1 1 1 1 2 2 2 3 4 4 5 5 5 5 6 7 7 7 8 8 8 9 9 10 10 11 12 13 13 14 14 15 15 16 16 16 16 17 17 17 18 18
    18 19 19 19 19 20 21 22 22 22 23 24 25 25 26 26 27 27 27 27 28 28 28 29 29 30 30 31 32 33 34 34 34 35 36 36
    37 38 38 38 39 40 41 41 41 41 42 42 43 43 43 44 44 44 45 45 45 46 47 47 48 48 49 49 49 49 50 50 51 51 52 53
    53 54 54 55 56 56 56 57 57 58 58 58 58 59 59
"""
LINKED = """
    0 0 0 1 1004 1 1 2 2 2 3 3 3 1013 5 5 5 6 7 7 7 8 1022 8 9 9 10 10 10 12 13 1031 14 14 15 15 16 16 16 16
    1040 17 17 18 18 18 19 19 19 1049 20 21 22 22 22 23 24 20 1058 26 26 27 27 27 27 28 28 1067 29 29 30 30 31
    32 33 34 1076 34 35 36 36 37 38 38 38 1085 40 40 40 40 40 42 42 43 1094 43 44 44 44 45 45 45 46 1103 47 48
    48 49 49 49 49 50 1112 51 51 50 53 53 54 54 55 1121 56 56 57 57 58 58 58 58 1130 59
"""
RECORDS = [
    1,
    6,
    9,
    15,
    18,
    23,
    24,
    33,
    39,
    41,
    43,
    47,
    52,
    56,
    60,
    69,
    71,
    73,
    74,
    75,
    88,
    93,
    101,
    105,
    110,
    112,
    116,
    120,
    122,
    131,
]

ER_EVALUATION = {
    "precision": (0.958880405995526, 0.027626435847864107),
    "recall": (0.7312573451733446, 0.0652089172261147),
}
"""Estimate and standard deviation."""
EXACT = {"precision": 0.8936170212765957, "recall": 0.7636363636363637}
"""er_evaluation.metrics.pairwise_precision and pairwise_recall of all records."""


def sample_of(drawn):
    true, linked = (np.array(text.split(), dtype=np.int64) for text in (TRUE, LINKED))
    size = len(true)
    found = tuple(np.flatnonzero(true == true[record]) for record in drawn)
    return Reviewed(linked, np.full(size, len(drawn) / size), np.zeros(size, dtype=np.int64), np.array(drawn), found)


@pytest.mark.parametrize("measure", ["precision", "recall"])
def test_a_sample_of_entities_gives_the_figures_of_er_evaluation(measure):
    sample = sample_of(RECORDS)
    rate = getattr(pair_quality(sample, np.zeros(len(sample.linked), dtype=np.int64))[-1, -1], measure)
    estimate, deviation = ER_EVALUATION[measure]
    assert rate.share == pytest.approx(estimate, abs=0.002)
    assert rate.limits.lower < estimate - deviation
    assert rate.limits.upper > estimate + deviation


@pytest.mark.parametrize("measure", ["precision", "recall"])
def test_a_census_gives_the_exact_figures(measure):
    sample = sample_of(list(range(len(TRUE.split()))))
    rate = getattr(pair_quality(sample, np.zeros(len(sample.linked), dtype=np.int64))[-1, -1], measure)
    assert rate.share == pytest.approx(EXACT[measure], abs=1e-12)
