"""Counts of children corrected by the review sample: by the strongest status of the child as reviewed, and by what else is known of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.count.numbers import DIMENSIONS, THREAT
from joinedup.stats.intervals import Interval
from joinedup.stats.record_cells import Cells, corrected_cells
from joinedup.stats.record_sample import Reviewed, corrected_patterns
from joinedup.stats.reviewed_records import REPLICATES

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

LEVEL = 0.95

Breakdown = tuple[str, str, str]
"""A status, a dimension and a value of it."""
_LINKED, _TRUE = "L", "T"

NO_SAMPLE = "No review sample was read."
NOT_SUSPECTS = "The review sample is of children's records; suspects are counted as bounds."
UNTOUCHED = "No error of linking that the sample met touches this count, so it gives no limits."


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


def corrected_breakdowns(
    found: tuple[Reviewed, Any] | None, counted: Callable[[pa.Table], tuple[pa.Table, pa.Table]], seed: int
) -> dict[Breakdown, tuple[float, Interval | None]]:
    """By status, dimension and value, what the review adds to the count of children, and the limits of that; no limits where no error of
    linking that the sample met touches it. Empty where nothing was reviewed.

    `counted` makes the tables memberships and threats of people, given as mention_id and person_id. The children as reviewed are counted
    by the same rules as those linked, whatever the dimension.
    """
    if found is None:
        return {}
    sample, names = found
    records = np.concatenate([np.arange(len(sample.linked)), *sample.true])
    drawn = np.repeat(np.arange(len(sample.true)), [len(each) for each in sample.true])
    persons = [f"{_LINKED}{each}" for each in sample.linked.tolist()] + [f"{_TRUE}{each}" for each in drawn.tolist()]
    listed, said = counted(pa.table({"mention_id": names.take(pa.array(records)), "person_id": persons}))
    keys = _keys(listed, said)
    cells = {key: place for place, key in enumerate(sorted({key for _, key in keys}))}

    def of(prefix: str) -> Cells:
        rows = [(int(person[1:]), cells[key]) for person, key in keys if person[0] == prefix]
        groups, places = zip(*rows, strict=True) if rows else ((), ())
        return Cells(np.array(groups, dtype=np.int64), np.array(places, dtype=np.int64), len(cells))

    whole = corrected_cells(sample, of(_LINKED), of(_TRUE), REPLICATES, seed)
    added, limits = whole.counts - whole.linked, whole.limits(LEVEL)
    touched = np.abs(whole.differs).max(axis=0, initial=0.0) > 1e-9

    def spread(place: int) -> Interval | None:
        linked = float(whole.linked[place])
        ends = limits[place].lower - linked, limits[place].upper - linked
        return Interval(*ends, LEVEL) if touched[place] else None

    return {key: (float(added[place]), spread(place)) for key, place in cells.items()}


def _keys(listed: pa.Table, said: pa.Table) -> list[tuple[str, Breakdown]]:
    """Each person with each status, dimension and value they count under."""
    strongest = listed.filter(pc.field("strongest") & (pc.field("kind") == "child"))
    threats = said.filter(pc.field("kind") == "child")
    found = set()
    for table, dimension, column in (
        *((strongest, dimension, column) for dimension, column in DIMENSIONS.items()),
        (threats, THREAT, THREAT),
    ):
        rows = zip(*(table[name].to_pylist() for name in ("person_id", "status", column)), strict=True)
        found |= {(person, (status, dimension, str(value))) for person, status, value in rows}
    return sorted(found)
