"""The test `repeated`: enough events of a kind beginning within a window."""

from __future__ import annotations

import ibis

from joinedup.find.fired import Fired
from joinedup.find.records import Records, happenings, holds_one_of, speaks_of, up_to
from joinedup.registry.rules import Repeated
from joinedup.settings import Period


def repeated(records: Records, test: Repeated, period: Period) -> Fired:
    """Children with `test.least` matching events within `test.within_days`, the last of them within the period.

    Of several such windows the latest is told; one happening reported by
    several sources counts once. A window may reach back before the period: what came before is part of the picture.
    """
    events = records.events
    of_the_kind = _of_the_kind(events, test)
    matching = up_to(of_the_kind, period.end)
    if test.outcomes:
        matching = matching.filter(matching.outcome.isin(test.outcomes))
    # A record silent on the detail may be of the kind or not: like one without a day, it is not recorded.
    told = ibis.literal(value=True)
    if test.detail:
        told = speaks_of(matching.details, (test.detail,))
        matching = matching.filter(~told | holds_one_of(matching.details, test.detail, test.values))
    matching = matching.mutate(told=told & matching.day.notnull())
    dated = happenings(matching.filter(matching.told))
    concerns = _latest_window(dated, test, period)
    undated = matching.filter(~matching.told).group_by("person_id").aggregate(gaps=lambda t: t.count())
    concerns = concerns.left_join(undated, "person_id").select(
        "person_id", "count", "first", "last", gaps=undated.gaps.fill_null(0)
    )
    inside = dated.join(concerns, "person_id")
    evidence = inside.filter(inside.day.between(inside["first"], inside["last"])).select(
        "person_id", "event_id", "agency"
    )
    return Fired(concerns, evidence.distinct(), _untold(records, undated, dated, concerns, test))


def _of_the_kind(events: ibis.Table, test: Repeated) -> ibis.Table:
    """The events of the test's types and forms, whatever came of them."""
    found = events.filter(events.type.isin(test.events))
    return found.filter(found.form.isin(test.forms)) if test.forms else found


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
    of_the_kind = _of_the_kind(records.events, test)
    if test.outcomes:
        of_the_kind = of_the_kind.filter(of_the_kind.outcome.notnull())
    if test.detail:
        of_the_kind = of_the_kind.filter(speaks_of(of_the_kind.details, (test.detail,)))
    # Nobody sent such records: that no child has any says nothing of any child.
    nowhere = of_the_kind.aggregate(nowhere=of_the_kind.count() == 0)
    everyone = records.children.cross_join(nowhere)
    everyone = everyone.filter(everyone.nowhere).select("person_id")
    return possible.union(everyone, distinct=True).anti_join(concerns, "person_id")
