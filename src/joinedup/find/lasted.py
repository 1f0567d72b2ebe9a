"""The test `lasted`: an event that lasted so long, to be sure, however exactly its start and end are known."""

from __future__ import annotations

import ibis

from joinedup.find.fired import Fired
from joinedup.find.records import Records, everyone_unless, happenings, held, up_to
from joinedup.find.things import FULL_DATES
from joinedup.registry.rule_tests import Lasted
from joinedup.settings import Period

_LAST_MINUTE = 24 * 3600 - 60
"""Seconds from the first to the last minute of a day."""


def lasted(records: Records, test: Lasted, period: Period) -> Fired:
    """Children with an event of at least `test.least_hours`, ended within the period.

    A day without a time may be any minute of it: the event counts where its shortest possible length is long enough, and
    cannot be told where only its longest is. One happening is long where any source shows it so, and not told where no
    source shows it either way. An event without an end, or whose day is not known, cannot be told.
    """
    events = happenings(up_to(records.events.filter(records.events.type == test.event), period.end))
    inside = events.filter(events.until.isnull() | events.until.between(period.start, period.end))
    states = held(_states(inside, test.least_hours * 3600))
    happening = ["person_id", "day", "nth"]
    by_happening = states.group_by(happening).aggregate(
        long=states.long.max(), short=states.short.max(), until=states.until.max()
    )
    long = by_happening.filter(by_happening.long == 1)
    unclear = by_happening.filter((by_happening.long == 0) & (by_happening.short == 0))
    gaps = unclear.group_by("person_id").aggregate(gaps=unclear.count())
    counted = long.group_by("person_id").aggregate(count=long.count(), first=long.day.min(), last=long.until.max())
    concerns = counted.left_join(gaps, "person_id").select(
        "person_id", "count", "first", "last", gaps=gaps.gaps.fill_null(0)
    )
    evidence = states.semi_join(long, happening).select("person_id", "event_id", "agency").distinct()
    everywhere = records.events.filter(records.events.type == test.event)
    everyone = everyone_unless(records, everywhere)
    untold = gaps.select("person_id").union(everyone, distinct=True).anti_join(concerns, "person_id")
    return Fired(concerns, evidence, untold)


def _states(events: ibis.Table, seconds: int) -> ibis.Table:
    """The events with long and short (1 or 0): whether each was long enough, or not, to be sure; else neither."""
    known = events.start_precision.isin(FULL_DATES) & events.end_precision.isin(FULL_DATES) & events.end.notnull()
    length = events.end.epoch_seconds() - events.start.epoch_seconds()
    # A day stands as its first minute: a start may be later by a day, and an end too.
    start_slack = ibis.ifelse(events.start_precision == "day", _LAST_MINUTE, 0)
    end_slack = ibis.ifelse(events.end_precision == "day", _LAST_MINUTE, 0)
    return events.mutate(
        long=ibis.ifelse((known & (length - start_slack >= seconds)).fill_null(False), 1, 0),
        short=ibis.ifelse((known & (length + end_slack < seconds)).fill_null(False), 1, 0),
    )
