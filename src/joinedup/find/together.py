"""The tests `together` and `share_of`: two kinds of event close to each other, and a large part of a counted whole."""

from __future__ import annotations

import ibis

from joinedup.find.fired import Fired
from joinedup.find.records import Records, everyone_unless, held, matching, said, speaks_of, told_somewhere, up_to
from joinedup.registry.rule_tests import Part, ShareOf, Together
from joinedup.settings import Period


def together(records: Records, test: Together, period: Period) -> Fired:
    """Children with an event of each part at most `test.within_days` apart, the later of the two within the period.

    Of several such pairs the latest is told, with all that lies between. Events without a full day, or silent on what
    would tell the part, are gaps.
    """
    events = up_to(records.events.filter(records.events.type.isin(test.event_types)), period.end)
    found = events.mutate(**_belonging(events, test))
    found = held(
        found.filter(found.first_may | found.second_may).select(
            "person_id", "event_id", "agency", "day", "first_is", "second_is", "told"
        )
    )
    dated = found.filter(found.day.notnull())
    one = dated.filter(dated.first_is).select("person_id", "day")
    other = dated.filter(dated.second_is).select("person_id", day_of_other="day")
    pairs = one.join(other, "person_id")
    pairs = pairs.mutate(
        first=ibis.least(pairs.day, pairs.day_of_other), last=ibis.greatest(pairs.day, pairs.day_of_other)
    )
    close = pairs.filter(
        (pairs["last"].epoch_days() - pairs["first"].epoch_days() <= test.within_days) & (pairs["last"] >= period.start)
    )
    latest = close.group_by("person_id").aggregate(last=close["last"].max())
    close = close.join(latest, ["person_id", "last"])
    spans = close.group_by(["person_id", "last"]).aggregate(first=close["first"].max())
    inside = dated.filter(dated.first_is | dated.second_is).join(spans, "person_id")
    inside = held(inside.filter(inside.day.between(inside["first"], inside["last"])))
    counted = inside.group_by(["person_id", "first", "last"]).aggregate(count=inside.day.nunique())
    unclear = found.filter(found.day.isnull() | ~found.told)
    gaps = unclear.group_by("person_id").aggregate(gaps=unclear.count())
    concerns = counted.left_join(gaps, "person_id").select(
        "person_id", "count", "first", "last", gaps=gaps.gaps.fill_null(0)
    )
    nowhere = [everyone_unless(records, records.events.filter(_told(records.events, part))) for part in test.parts]
    untold = ibis.union(gaps.select("person_id"), *nowhere, distinct=True).anti_join(concerns, "person_id")
    return Fired(concerns, inside.select("person_id", "event_id", "agency").distinct(), untold)


def _belonging(events: ibis.Table, test: Together) -> dict[str, ibis.Value]:
    """Whether each event may be of either part, is of it, and whether it is surely of one: then it is told."""
    columns: dict[str, ibis.Value] = {}
    for name, part in zip(("first", "second"), test.parts, strict=True):
        found = [matching(events, each) for each in part.any_of]
        columns[f"{name}_may"] = ibis.or_(*(may for may, _ in found)).fill_null(False)
        columns[f"{name}_is"] = ibis.or_(*(may & told for may, told in found)).fill_null(False)
    return columns | {"told": columns["first_is"] | columns["second_is"]}


def _told(events: ibis.Table, part: Part) -> ibis.Value:
    return ibis.or_(*(told_somewhere(events, each) for each in part.any_of)).fill_null(False)


def share_of(records: Records, test: ShareOf, period: Period) -> Fired:
    """Children of whom one record's part is at least `test.least` of its whole.

    The days told are those of the records, where they bear one. Records silent on the whole, or on all of the part, are gaps.
    """
    events = up_to(records.events.filter(records.events.type == test.event), period.end)
    parts = [_number(events, name) for name in test.part]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    told = speaks_of(events.details, test.part) & speaks_of(events.details, (test.whole,))
    whole = _number(events, test.whole)
    held_events = held(
        events.mutate(told=told & (whole > 0), reached=(whole > 0) & (total >= whole * test.least)).select(
            "person_id", "event_id", "agency", "day", "told", "reached"
        )
    )
    hit = held_events.filter(held_events.told & held_events.reached)
    silent = held_events.filter(~held_events.told)
    gaps = silent.group_by("person_id").aggregate(gaps=silent.count())
    counted = hit.group_by("person_id").aggregate(count=hit.count(), first=hit.day.min(), last=hit.day.max())
    concerns = counted.left_join(gaps, "person_id").select(
        "person_id", "count", "first", "last", gaps=gaps.gaps.fill_null(0)
    )
    nowhere = everyone_unless(records, held_events.filter(held_events.told))
    untold = gaps.select("person_id").union(nowhere, distinct=True).anti_join(concerns, "person_id")
    return Fired(concerns, hit.select("person_id", "event_id", "agency").distinct(), untold)


def _number(events: ibis.Table, name: str) -> ibis.Value:
    return said(events.details, name).try_cast("float64").fill_null(0.0)
