"""What a rule's test gives, whatever the test."""

from __future__ import annotations

from dataclasses import dataclass

import ibis


@dataclass(frozen=True)
class Fired:
    """Outcome of one rule's test over all children.

    `concerns`: person_id, count, first, last (days), gaps (records that do not hold what the rule would have used).
    `evidence`: person_id, event_id, agency; every event behind a concern.
    `untold`: person_id of children for whom the rule did not fire and whose records cannot rule it out.
    """

    concerns: ibis.Table
    evidence: ibis.Table
    untold: ibis.Table
