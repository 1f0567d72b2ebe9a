"""Who is looking: the agencies with something open about a child, and since when."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import ibis


def work_of(events: ibis.Table, work: Sequence[str], days: Mapping[str, int]) -> ibis.Table:
    """The table `looking`: every span in which an agency had work of one type open about a child.

    `work` names the event types that mean somebody is looking while they are open. Work counts as open from its start
    until the day it ended; work with no end stays open, or, where the registry gives its type so many `days` because no
    source ends it, until these are over. Work with no start is left out, since nothing says that it ever began.
    """
    begun = events.filter(events.type.isin(list(work)) & events.start.notnull())
    lengths = [(begun.type == name, length) for name, length in sorted(days.items())]
    least = ibis.cases(*lengths, else_=ibis.null("int64")) if lengths else ibis.null("int64")
    since = begun.start.date()
    until = ibis.coalesce(begun.until, (since + least.cast("int32").as_interval("D")).cast("date"))
    return begun.select("person_id", "agency", "type", since=since, until=until, event_id="event_id").distinct()


def open_on(work: ibis.Table, on: datetime.date) -> ibis.Table:
    """The rows of `looking` that are open at the end of the day `on`."""
    return work.filter((work.since <= on) & (work.until.isnull() | (work.until > on)))
