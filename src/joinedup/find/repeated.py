"""The test `repeated`: enough events of a kind beginning within a window."""

from __future__ import annotations

import ibis

from joinedup.find.fired import Fired
from joinedup.find.records import Records, everyone_unless, happenings, held, matching, told_somewhere, up_to
from joinedup.registry.rule_tests import Repeated
from joinedup.settings import Period


def repeated(records: Records, test: Repeated, period: Period) -> Fired:
    """Children with `test.least` matching events within `test.within_days`, the last of them within the period.

    Of several such windows the latest is told; one happening reported by several sources counts once. A window may reach
    back before the period: what came before is part of the picture.
    """
    events = up_to(records.events.filter(records.events.type.isin(test.events)), period.end)
    may_be, told = matching(events, test)
    found = events.mutate(may_be=may_be, told=told & events.day.notnull())
    found = held(found.filter(found.may_be).select("person_id", "event_id", "agency", "form", "day", "start", "told"))
    dated = happenings(found.filter(found.told))
    concerns = _latest_window(dated, test, period)
    undated = found.filter(~found.told).group_by("person_id").aggregate(gaps=lambda t: t.count())
    concerns = concerns.left_join(undated, "person_id").select(
        "person_id", "count", "first", "last", gaps=undated.gaps.fill_null(0)
    )
    inside = dated.join(concerns, "person_id")
    evidence = inside.filter(inside.day.between(inside["first"], inside["last"])).select(
        "person_id", "event_id", "agency"
    )
    return Fired(concerns, evidence.distinct(), _untold(records, undated, dated, concerns, test))


def _latest_window(dated: ibis.Table, test: Repeated, period: Period) -> ibis.Table:
    """person_id, count, first, last of the latest window that holds enough happenings."""
    once = dated.select("person_id", "day", "nth").distinct()
    in_order = ibis.window(group_by=[once.person_id], order_by=[once.day, once.nth])
    spans = once.mutate(reaches_back_to=once.day.lag(test.least - 1).over(in_order))
    closing = spans.filter(
        spans.reaches_back_to.notnull()
        & (spans.day.epoch_days() - spans.reaches_back_to.epoch_days() <= test.within_days)
        & (spans.day >= period.start)
    )
    anchors = closing.group_by("person_id").aggregate(last=closing.day.max())
    inside = once.join(anchors, "person_id")
    since_anchor = inside["last"].epoch_days() - inside.day.epoch_days()
    inside = inside.filter((since_anchor >= 0) & (since_anchor <= test.within_days))
    return inside.group_by("person_id").aggregate(count=inside.count(), first=inside.day.min(), last=inside.day.max())


def _untold(
    records: Records, undated: ibis.Table, dated: ibis.Table, concerns: ibis.Table, test: Repeated
) -> ibis.Table:
    """Children whose undated records could complete a window; all, where no source of the run records such events."""
    once = dated.select("person_id", "day", "nth").distinct()
    known = once.group_by("person_id").aggregate(known=once.count())
    both = undated.left_join(known, "person_id")
    possible = both.filter(both.gaps + both.known.fill_null(0) >= test.least).select("person_id")
    somewhere = records.events.filter(told_somewhere(records.events, test))
    everyone = everyone_unless(records, somewhere)
    return possible.union(everyone, distinct=True).anti_join(concerns, "person_id")
