"""What a rule's test gives, whatever the test."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pyarrow as pa

_TYPES: dict[str, pa.DataType] = {
    "person_id": pa.string(), "count": pa.int64(), "first": pa.date32(), "last": pa.date32(), "gaps": pa.int64(),
    "band": pa.string(), "items": pa.string(),
}  # fmt: skip
CONCERNS = pa.schema(list(_TYPES.items()))
"""The columns of Fired.concerns, those of a published form among them."""
EVIDENCE = pa.schema([(name, pa.string()) for name in ("person_id", "event_id", "agency")])
"""The columns of Fired.evidence."""


@dataclass(frozen=True)
class Fired:
    """Outcome of one rule's test over all children.

    `concerns`: person_id, count, first, last (days; empty where no record bears one), gaps (records that do not hold what
    the rule would have used), and for a published form band and items.
    `evidence`: person_id, event_id, agency; every event behind a concern.
    `untold`: person_id of children for whom the rule did not fire and whose records cannot rule it out.
    """

    concerns: ibis.Table
    evidence: ibis.Table
    untold: ibis.Table


"""What a test gives before it is worked out; see concerns.tried."""
