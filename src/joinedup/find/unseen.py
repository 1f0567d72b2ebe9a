"""The unseen list: children with a concern and nothing open, in a stated order."""

from __future__ import annotations

import ibis


def unseen_of(concerns: ibis.Table, evidence: ibis.Table, open_work: ibis.Table, people: ibis.Table) -> ibis.Table:
    """The table `unseen`: concerns' children about whom no agency has anything open.

    `evidence` holds person_id and agency of all that is behind the concerns; `open_work` what looking.looked_at gives.
    Order: latest concern first, then more agencies, then more different rules, then the person's id. No weights.
    """
    told = concerns.anti_join(open_work, "person_id")
    kinds = told.group_by("person_id").aggregate(
        reasons=told.reason.group_concat("\n", order_by=[told.window_end.desc(), told.rule]),
        kinds=told.rule.nunique(),
        latest=told.window_end.max(),
    )
    holders = evidence.select("person_id", "agency").distinct()
    knows = holders.group_by("person_id").aggregate(
        who_knows=holders.agency.group_concat("|", order_by=holders.agency), sources=holders.count()
    )
    others = people.select("person_id", "agency").distinct().anti_join(holders, ["person_id", "agency"])
    knows_not = others.group_by("person_id").aggregate(
        who_does_not=others.agency.group_concat("|", order_by=others.agency)
    )
    joined = kinds.join(knows, "person_id").left_join(knows_not, "person_id").drop("person_id_right")
    order = [joined.latest.desc(), joined.sources.desc(), joined.kinds.desc(), joined.person_id]
    return joined.select(
        "person_id",
        "reasons",
        "sources",
        "kinds",
        "latest",
        "who_knows",
        rank=ibis.row_number().over(order_by=order) + 1,
        who_does_not=joined.who_does_not.fill_null(""),
    )
