"""Pathways: each missing episode and referral of a child, with the other events of its case."""

from __future__ import annotations

import ibis

KINDS = ("missing_episode", "referral")
"""The events that start a pathway."""


def first_events(people: ibis.Table, involvements: ibis.Table, events: ibis.Table) -> ibis.Table:
    """The events that start a pathway: pathway_id, person_id and the event's own columns, one row per child and event.

    pathway_id is "w_" and the event's id; where one event concerns several children, the others' ids add a number.
    """
    children = people.filter(people.kind == "child").select("mention_id", "person_id")
    parts = involvements.filter(involvements.role == "child").select("mention_id", "event_id")
    pairs = parts.join(children, "mention_id").select("event_id", "person_id").distinct()
    joined = pairs.join(events.filter(events.type.isin(KINDS)), "event_id")
    place = ibis.row_number().over(group_by=joined.event_id, order_by=joined.person_id)
    suffix = ibis.ifelse(place == 0, ibis.literal(""), ibis.literal("-") + (place + 1).cast("string"))
    return joined.mutate(pathway_id=ibis.literal("w_") + joined.event_id + suffix)


def case_events(first: ibis.Table, events: ibis.Table) -> ibis.Table:
    """pathway_id and the columns of every event of the pathway's case, the first event included.

    Events are of one case where one agency's form gives them one case reference.
    """
    own = first.select("pathway_id", "agency", "form", "case_ref", root="event_id")
    cased = own.filter(own.case_ref.notnull()).join(events, ["agency", "form", "case_ref"])
    others = cased.filter(cased.event_id != cased.root)
    kept = ["pathway_id", "event_id", "type", "start", "start_precision", "end", "end_precision"]
    return others.select(kept).union(first.select(kept))


def pathways_table(first: ibis.Table, cases: ibis.Table) -> ibis.Table:
    """The table `pathways`.

    A missing episode's clock begins with the child's return and the pathway is closed by the return interview; a
    referral's begins with the referral and is closed by the case's closure, or at once by no further action.
    """
    closes = cases.filter(cases.type.isin(["return_interview", "closure"]))
    closing = closes.group_by(["pathway_id", "type"]).aggregate(closed=ibis.coalesce(closes.start, closes.end).min())
    listed = cases.group_by("pathway_id").aggregate(
        events=ibis.literal('["')
        + cases.event_id.group_concat('","', order_by=[cases.start, cases.event_id])
        + ibis.literal('"]')
    )
    interviews = closing.filter(closing.type == "return_interview").select("pathway_id", interviewed="closed")
    closures = closing.filter(closing.type == "closure").select("pathway_id", shut="closed")
    joined = first.join(listed, "pathway_id").left_join(interviews, "pathway_id").drop("pathway_id_right")
    joined = joined.left_join(closures, "pathway_id").drop("pathway_id_right")
    missing = joined.type == "missing_episode"
    at_once = ibis.ifelse(joined.outcome == "no_further_action", joined.start, ibis.null("timestamp"))
    return joined.select(
        "pathway_id",
        kind=joined.type,
        person_id=joined.person_id,
        agency=joined.agency,
        started=ibis.ifelse(missing, joined.end, joined.start),
        ended=ibis.ifelse(missing, joined.interviewed, ibis.coalesce(joined.shut, joined.end, at_once)),
        events=joined.events,
    )
