from __future__ import annotations

import numpy as np
import pyarrow as pa

from joinedup.count.corrected import corrected_by_status
from joinedup.stats.record_sample import Reviewed

STATUSES = ("known", "suspected", "at_risk", "not_stated")


def test_a_child_counts_once_under_the_strongest_status_of_its_records_as_reviewed():
    """Records 0 and 1 are one child, not linked; 2 is another."""
    linked, everything = np.array([0, 1, 2]), np.ones(3)
    sample = Reviewed(
        linked,
        everything,
        np.zeros(3, dtype=np.int64),
        np.arange(3),
        (np.array([0, 1]), np.array([0, 1]), np.array([2])),
    )
    listed = pa.table({"mention_id": ["a", "b", "c"], "status": ["suspected", "known", "suspected"]})
    found = corrected_by_status((sample, pa.array(["a", "b", "c"])), listed, STATUSES, 1)
    assert {status: (count, limits.lower, limits.upper) for status, (count, limits) in found.items()} == {
        "known": (1, 1, 1), "suspected": (1, 1, 1), "at_risk": (0, 0, 0), "not_stated": (0, 0, 0),
    }  # fmt: skip


def test_without_a_sample_nothing_is_corrected():
    assert corrected_by_status(None, pa.table({"mention_id": ["a"], "status": ["known"]}), STATUSES, 1) == {}
