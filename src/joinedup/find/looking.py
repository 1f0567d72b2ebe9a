"""Who is looking: the agencies with something open about a child on a day."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import ibis


def looked_at(events: ibis.Table, work: Sequence[str], on: datetime.date) -> ibis.Table:
    """person_id and agency of every piece of work open at the end of the day `on`.

    `work` names the event types that mean somebody is looking while they are open. Work counts as open from its start
    until the day it ended; work with no end is open, work with no start is not, since nothing says that it ever began.
    """
    begun = events.filter(events.type.isin(list(work)) & (events.start.date() <= on))
    return begun.filter(begun.until.isnull() | (begun.until > on)).select("person_id", "agency").distinct()
