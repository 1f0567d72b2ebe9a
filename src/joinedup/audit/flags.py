"""Flags: a child flagged by one agency, and what the systems of others that have a flag say after it."""

from __future__ import annotations

import ibis

from joinedup.audit.judged import judged, others_of, said, state_of
from joinedup.audit.records import Records
from joinedup.registry.breach_rules import FlagOnOneSystem


def flag_on_one_system(test: FlagOnOneSystem, records: Records) -> tuple[ibis.Table, ibis.Table]:
    """The judged flags, and a pathway for each: the first time an agency flagged a child whom another then recorded.

    A flag is met where another agency flagged the child too; a breach where none did and one that recorded the child on or
    after that day says no; unknown where those that did are silent. Where nobody recorded the child after it there is
    nothing to hold it against.
    """
    said_of = _said(test, records)
    yes = said_of.filter(said_of.says == "yes")
    order = ibis.window(group_by=[yes.person_id, yes.agency], order_by=[yes.day, yes.event_id])
    ranked = yes.mutate(nth=ibis.row_number().over(order))
    first = ranked.filter(ranked.nth == 0).select("person_id", "agency", "event_id", "day")
    first = first.mutate(pathway_id=ibis.literal("f_") + first.event_id + ibis.literal("-") + first.person_id)
    theirs = said_of.select("person_id", "says", agency="agency", event_id="event_id", day="day")
    mine = first.select("pathway_id", "person_id", flagged_on="day", holder="agency")
    met = mine.join(theirs, "person_id")
    met = met.filter(met.agency != met.holder)
    after = met.filter(met.day >= met.flagged_on)
    agreed = met.filter(met.says == "yes").select("pathway_id").distinct().mutate(agreed=True)
    denied = others_of(records, after.filter(after.says == "no"))
    unclear = met.filter((met.says == "silent") & (met.day >= met.flagged_on) | met.day.isnull())
    unsure = unclear.select("pathway_id").distinct().mutate(unsure=True)
    joined = first
    for right in (agreed, denied, unsure):
        joined = joined.left_join(right, "pathway_id").drop("pathway_id_right")
    joined = joined.filter(joined.agreed.notnull() | joined.others.notnull() | joined.unsure.notnull())
    alone = joined.agreed.isnull()
    told = judged(
        joined, state=state_of(alone & joined.others.notnull(), alone & joined.unsure.notnull()), day=said(joined.day),
        second=said(joined.last_day), done=joined.last_day.cast("timestamp"),
        evidence=ibis.literal('["') + joined.event_id + ibis.literal('","') + joined.also + ibis.literal('"]'),
    )  # fmt: skip
    pathways = joined.select(
        "pathway_id", kind=ibis.literal("flag"), person_id="person_id", agency="agency",
        started=joined.day.cast("timestamp"), ended=ibis.null("timestamp"),
        events=ibis.literal('["') + joined.event_id + ibis.literal('"]'),
    )  # fmt: skip
    return told, pathways


def _said(test: FlagOnOneSystem, records: Records) -> ibis.Table:
    """person_id, agency, event_id, day and says (yes, no or silent) of every record in a system that has a flag."""
    parts = []
    for flag in test.flags:
        events = records.children.filter(records.children.type == flag.event)
        value = events.details.cast("json")[flag.detail].str
        flagged = ibis.or_(
            *((ibis.literal(";") + value + ibis.literal(";")).contains(f";{one};") for one in flag.values)
        )
        says = ibis.cases(
            ((value.fill_null("") != "") & flagged, "yes"), (value.fill_null("") != "", "no"), else_="silent"
        )  # fmt: skip
        parts.append(events.select("person_id", "agency", "event_id", "day", says=says))
    return ibis.union(*parts)
