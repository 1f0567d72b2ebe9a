"""Counts of children corrected by the review sample: by the strongest status any record of the child as reviewed gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.stats.intervals import Interval
from joinedup.stats.record_sample import Reviewed, corrected_patterns
from joinedup.stats.reviewed_records import REPLICATES

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

LEVEL = 0.95


def corrected_by_status(
    found: tuple[Reviewed, Any] | None, listed: pa.Table, statuses: Sequence[str], seed: int
) -> dict[str, tuple[float, Interval]]:
    """The corrected number of children with each strongest status, and its limits; empty where nothing was reviewed.

    `listed` has mention_id and status, one row for each status a record gives its child; `statuses` are strongest first.
    """
    if found is None:
        return {}
    sample, names = found
    records = np.asarray(pc.fill_null(pc.index_in(listed["mention_id"], value_set=names), -1))
    rank = np.asarray(pc.fill_null(pc.index_in(listed["status"], value_set=pa.array(list(statuses))), -1))
    here = (records >= 0) & (rank >= 0)
    on = np.zeros(len(sample.linked), dtype=np.int64)
    np.bitwise_or.at(on, records[here], np.left_shift(np.int64(1), rank[here].astype(np.int64)))
    patterns, cells = corrected_patterns(sample, on, REPLICATES, seed)
    result = {}
    for place, status in enumerate(statuses):
        # The strongest status is the lowest bit that is set.
        whole = cells.added((patterns & -patterns) == 1 << place)
        [limits] = whole.limits(LEVEL)
        result[status] = (float(whole.counts[0]), limits)
    return result
