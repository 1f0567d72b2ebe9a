"""Pathways: each lead about a child - a missing episode, referral, crime, meeting list or flag - with the events of its case."""

from __future__ import annotations

import ibis

KINDS = ("missing_episode", "referral", "crime", "exploitation_meeting")
"""The events that start a pathway. A flag starts one too (see across.py), and so does a month of closings (see bulk.py)."""

CLOSES_AT_ONCE = ("no_further_action", "advice", "declined", "consent_not_given")
"""Outcomes of a referral that end it when they are given."""
NOT_ENDED = "not_yet_assigned"


def first_events(pairs: ibis.Table, events: ibis.Table) -> ibis.Table:
    """The events that start a pathway: pathway_id, person_id and the event's own columns, one row per child and event.

    `pairs` are event_id and person_id of every child in the child role. pathway_id is "w_" and the event's id; where one
    event concerns several children, the others' ids add a number.
    """
    joined = pairs.join(events.filter(events.type.isin(KINDS)), "event_id")
    place = ibis.row_number().over(group_by=joined.event_id, order_by=joined.person_id)
    suffix = ibis.ifelse(place == 0, ibis.literal(""), ibis.literal("-") + (place + 1).cast("string"))
    return joined.mutate(pathway_id=ibis.literal("w_") + joined.event_id + suffix)


_KEPT = (
    "pathway_id", "event_id", "type", "start", "start_precision", "end", "end_precision", "code", "outcome", "details",
)  # fmt: skip


def case_events(first: ibis.Table, events: ibis.Table) -> ibis.Table:
    """pathway_id and the columns of every event of the pathway's case, the first event included.

    Events are of one case where one agency's form gives them one case reference.
    """
    own = first.select("pathway_id", "agency", "form", "case_ref", root="event_id")
    cased = own.filter(own.case_ref.notnull()).join(events, ["agency", "form", "case_ref"])
    others = cased.filter(cased.event_id != cased.root)
    return others.select(*_KEPT).union(first.select(*_KEPT))


def endings(first: ibis.Table, cases: ibis.Table) -> ibis.Table:
    """How each referral and crime ended, the last time it did; one that is open has no row.

    pathway_id, ending_id, closed (moment), day (where the day is known), code, outcome, `separate` (whether the ending is an
    event of its own) and `reasoned` (whether it gives a reason). A crime ends with an outcome other than type 0; a referral with the closure of its case,
    or at once by what was answered.
    """
    leads = first.filter(first.type.isin(["referral", "crime"]))
    closing = cases.filter(cases.type.isin(["closure", "outcome"]))
    order = ibis.window(group_by=closing.pathway_id, order_by=[closing.start.desc(), closing.event_id.desc()])
    last = closing.mutate(nth=ibis.row_number().over(order))
    last = last.filter(last.nth == 0).select(
        "pathway_id", closing_id="event_id", shut="start", shut_precision="start_precision", shut_code="code", shut_outcome="outcome"
    )  # fmt: skip
    joined = leads.left_join(last, "pathway_id").drop("pathway_id_right")
    own = joined.closing_id.notnull()
    crime = joined.type == "crime"
    outcome = ibis.coalesce(joined.shut_outcome, joined.outcome)
    at_once = joined.outcome.isin(CLOSES_AT_ONCE).fill_null(False)
    answered = joined.end.notnull()
    precision = ibis.cases(
        (own, joined.shut_precision), (crime, ibis.null("string")), (answered, joined.end_precision), else_=joined.start_precision
    )  # fmt: skip
    closed = ibis.cases(
        (own, joined.shut), (crime, ibis.null("timestamp")), else_=ibis.coalesce(joined.end, joined.start)
    )
    told = joined.mutate(
        ending_id=ibis.coalesce(joined.closing_id, joined.event_id),
        closed=closed,
        day=ibis.ifelse(precision.isin(["minute", "day"]), closed.date(), ibis.null("date")),
        ending_code=ibis.cases(
            (own, joined.shut_code),
            (crime, joined.details.cast("json")["outcome_code"].str),
            else_=ibis.null("string"),
        ),
        ending=outcome,
        reasoned=ibis.ifelse(own, joined.shut_code.notnull() | joined.shut_outcome.notnull(), True),
    )
    ended = own | (crime & joined.outcome.notnull()) | (~crime & at_once)
    kept = told.mutate(separate=own).filter(ended & (told.ending.fill_null("") != NOT_ENDED))
    return kept.select(
        "pathway_id", "ending_id", "closed", "day", "reasoned", "separate", code="ending_code", outcome="ending"
    )


def pathways_table(first: ibis.Table, cases: ibis.Table, ended: ibis.Table) -> ibis.Table:
    """The table `pathways`, but for those of flags and of closings in bulk.

    A missing episode's clock begins with the child's return and the pathway is closed by the return interview; a
    referral's or crime's begins with itself and is closed as `endings` has it.
    """
    interviews = cases.filter(cases.type == "return_interview")
    held = interviews.group_by("pathway_id").aggregate(
        interviewed=ibis.coalesce(interviews.start, interviews.end).min()
    )
    listed = cases.group_by("pathway_id").aggregate(
        events=ibis.literal('["')
        + cases.event_id.group_concat('","', order_by=[cases.start, cases.event_id])
        + ibis.literal('"]')
    )
    joined = first.join(listed, "pathway_id").left_join(held, "pathway_id").drop("pathway_id_right")
    joined = joined.left_join(ended.select("pathway_id", "closed"), "pathway_id").drop("pathway_id_right")
    missing = joined.type == "missing_episode"
    return joined.select(
        "pathway_id",
        kind=joined.type,
        person_id=joined.person_id,
        agency=joined.agency,
        started=ibis.ifelse(missing, joined.end, joined.start),
        ended=ibis.ifelse(missing, joined.interviewed, joined.closed),
        events=joined.events,
    )
