"""The unseen list: children with a concern and nothing open, or open only where the concern is not known, in a stated order."""

from __future__ import annotations

import ibis

NOBODY = "nobody"
ELSEWHERE = "elsewhere"


def unseen_of(
    concerns: ibis.Table, evidence: ibis.Table, open_work: ibis.Table, people: ibis.Table, untold: ibis.Table
) -> ibis.Table:
    """The table `unseen`: concerns' children about whom no agency that holds a part of a concern has anything open.

    `evidence` holds person_id and agency of all that is behind the concerns; `open_work` what looking.open_on gives;
    `untold` person_id and rule of what could not be evaluated.
    Order: latest concern first (undated last), then more agencies, then more different rules, then the person's id.
    Nothing is weighed: where a child stands says how recent and how manifold the records are, not how likely anything is.
    """
    holders = evidence.select("person_id", "agency").distinct()
    at = (
        open_work.select("person_id", "agency", "since")
        .group_by(["person_id", "agency"])
        .aggregate(since=ibis._.since.min())
    )
    aware = at.semi_join(holders, ["person_id", "agency"])
    told = concerns.anti_join(aware, "person_id")
    kinds = told.group_by("person_id").aggregate(
        reasons=told.reason.group_concat("\n", order_by=[told.window_end.desc(nulls_first=False), told.rule]),
        kinds=told.rule.nunique(),
        latest=told.window_end.max(),
    )
    knows = holders.group_by("person_id").aggregate(
        who_knows=holders.agency.group_concat("|", order_by=holders.agency), sources=holders.count()
    )
    others = people.select("person_id", "agency").distinct().anti_join(holders, ["person_id", "agency"])
    knows_not = others.group_by("person_id").aggregate(
        who_does_not=others.agency.group_concat("|", order_by=others.agency)
    )
    blind = at.group_by("person_id").aggregate(
        open_at=at.agency.group_concat("|", order_by=at.agency), open_since=at.since.min()
    )
    joined = kinds.join(knows, "person_id").left_join(knows_not, "person_id").drop("person_id_right")
    joined = joined.left_join(blind, "person_id").drop("person_id_right")
    silent = untold.group_by("person_id").aggregate(not_evaluable=untold.rule.group_concat("|", order_by=untold.rule))
    joined = joined.left_join(silent, "person_id").drop("person_id_right")
    order = [joined.latest.desc(nulls_first=False), joined.sources.desc(), joined.kinds.desc(), joined.person_id]
    return joined.select(
        "person_id",
        "reasons",
        "sources",
        "kinds",
        "latest",
        "who_knows",
        rank=ibis.row_number().over(order_by=order) + 1,
        who_does_not=joined.who_does_not.fill_null(""),
        state=ibis.ifelse(joined.open_at.isnull(), NOBODY, ELSEWHERE),
        open_at=joined.open_at.fill_null(""),
        open_since="open_since",
        not_evaluable=joined.not_evaluable.fill_null(""),
    )
