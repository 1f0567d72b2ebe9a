"""The tests `in_group` and `near_victim`: a child tied to suspects, or near a child on record as exploited."""

from __future__ import annotations

import ibis

from joinedup.find.fired import Fired
from joinedup.find.records import Records, held
from joinedup.find.things import FULL_DATES
from joinedup.registry.hubs import hubs
from joinedup.registry.rule_tests import InGroup, NearVictim
from joinedup.settings import Period

_TWO_THINGS = 2
_REASONS = "array<struct<kind: string, value: string, mentions: array<string>>>"


def in_group(records: Records, test: InGroup, period: Period) -> Fired:
    """Children of a group in which at least `test.least_suspects` others are suspects, by ties that stay where links change.

    The evidence is what ties the child to the members of the group. A child who is recorded with nothing that could tie
    cannot be told.
    """
    members = records.tables["group_members"]
    suspects = members.filter(members.role.isin(["suspect", "both"])).select("group_id", other="person_id")
    mine = members.filter(members.role.isin(["child", "both"]) & (members.stability >= test.least_stability))
    mine = mine.select("group_id", "person_id").semi_join(records.children, "person_id")
    beside = mine.join(suspects, "group_id")
    beside = beside.filter(beside.person_id != beside.other)
    counted = beside.group_by(["person_id", "group_id"]).aggregate(count=beside.other.nunique())
    counted = counted.filter(counted["count"] >= test.least_suspects)
    group = members.select("group_id", member="person_id")
    inside = counted.select("person_id", "group_id").join(group, "group_id").select("person_id", other="member")
    rows = held(_behind(records, inside.filter(inside.person_id != inside.other)))
    dates = rows.group_by("person_id").aggregate(first=rows.day.min(), last=rows.day.max())
    most = counted.group_by("person_id").aggregate(count=counted["count"].max())
    concerns = most.join(dates, "person_id").select("person_id", "count", "first", "last", gaps=ibis.literal(0))
    concerns = concerns.filter(concerns["last"].isnull() | (concerns["last"] >= period.start))
    untold = records.children.anti_join(records.carried, "person_id").anti_join(concerns, "person_id")
    evidence = rows.semi_join(concerns, "person_id").select("person_id", "event_id", "agency").distinct()
    return Fired(concerns, evidence, untold.select("person_id"))


def near_victim(records: Records, test: NearVictim, period: Period) -> Fired:
    """Children of one home with, or tied by shared things to, another child whose record gives one of the statuses.

    An address of more people than the registry's largest household is no home. Two who share one thing alone are not tied to
    each other, though a group may hold both. Other children's records without a day count all the same: that it was ever said
    is the reason to look.
    """
    told = records.standing.filter(records.standing.status.isin(test.statuses))
    told = told.select(other="person_id", event_id="event_id", agency="agency", day="day")
    pairs = _of_one_home(records) if test.by == "home" else _tied(records)
    near = pairs.filter(pairs.person_id != pairs.other).semi_join(records.children, "person_id")
    rows = held(near.join(told, "other").select("person_id", "other", "event_id", "agency", "day"))
    rows = rows.filter(rows.day.isnull() | (rows.day <= period.end))
    gaps = ibis.ifelse(rows.day.isnull(), 1, 0)
    concerns = rows.group_by("person_id").aggregate(
        count=rows.other.nunique(), first=rows.day.min(), last=rows.day.max(), gaps=gaps.sum()
    )
    known = records.homes if test.by == "home" else records.carried
    untold = records.children.anti_join(known, "person_id").anti_join(concerns, "person_id")
    return Fired(concerns, rows.select("person_id", "event_id", "agency").distinct(), untold.select("person_id"))


def _of_one_home(records: Records) -> ibis.Table:
    homes = records.homes
    size = homes.group_by("home").aggregate(people=homes.person_id.nunique())
    homes = homes.semi_join(size.filter(size.people.between(2, hubs().household_cap)), "home")
    return homes.join(homes.select("home", other="person_id"), "home").select("person_id", "other").distinct()


def _tied(records: Records) -> ibis.Table:
    edges = records.tables["edges"]
    edges = edges.filter(edges.shared >= _TWO_THINGS)
    one = edges.select(person_id="person_l", other="person_r")
    return one.union(edges.select(person_id="person_r", other="person_l"), distinct=True)


def _behind(records: Records, pairs: ibis.Table) -> ibis.Table:
    """person_id, event_id, agency and day of the first event of every mention by which the pairs are tied."""
    edges = records.tables["edges"]
    said = edges.select("person_l", "person_r", reason=edges.reasons.cast("json").cast(_REASONS).unnest())
    said = said.select("person_l", "person_r", mention_id=said.reason["mentions"].unnest())
    both = said.select("mention_id", person_id="person_l", other="person_r").union(
        said.select("mention_id", person_id="person_r", other="person_l")
    )
    mine = both.semi_join(pairs, ["person_id", "other"]).select("person_id", "mention_id").distinct()
    events, parts = records.tables["events"], records.tables["involvements"]
    when = ibis.ifelse(events.start_precision.isin(FULL_DATES), events.start.date(), ibis.null("date"))
    dated = parts.select("mention_id", "event_id").join(events.select("event_id", "agency", day=when), "event_id")
    rows = mine.join(dated, "mention_id")
    nth = ibis.row_number().over(
        group_by=[rows.person_id, rows.mention_id], order_by=[rows.day.asc(nulls_first=False), rows.event_id]
    )
    return rows.mutate(nth=nth).filter(ibis._.nth == 0).select("person_id", "event_id", "agency", "day")
