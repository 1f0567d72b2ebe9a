"""Breaches and reviews: what was held, put into the shape a person reads."""

from __future__ import annotations

import ibis

from joinedup.domain.numbers import Recipe, number_id
from joinedup.registry.standards import Standard

DAY = "%-d %B %Y"
ALL = "all"
"""The review of every agency together."""


def breaches_of(standard: Standard, held: ibis.Table) -> ibis.Table:
    """The standard's breaches, in the shape of the table `breaches`: steps that were late or not done, and no others."""
    broken = held.filter(held.state.isin(["late", "not_done"]))
    before, after = standard.late.split("{done}")
    late = ibis.literal(before) + broken.done.strftime(DAY) + ibis.literal(after)
    behind = ibis.ifelse(
        broken.step_id.isnull(),
        ibis.literal('["') + broken.event_id + '"]',
        ibis.literal('["') + broken.event_id + '","' + broken.step_id + '"]',
    )
    return broken.select(
        "pathway_id",
        "person_id",
        "agency",
        rule=ibis.literal(standard.id),
        reason=ibis.ifelse(broken.state == "late", late, ibis.literal(standard.not_done)),
        due=broken.due,
        done=broken.done,
        outcome=broken.state,
        evidence=behind,
    )


def reviews_of(standard: Standard, held: ibis.Table) -> list[dict[str, object]]:
    """The standard's rows of the table `reviews`: one an agency, in order, and one for all.

    The share met lies between met / due, were every pathway whose record cannot tell a breach, and (met + not recorded) /
    due, were none of them.
    """
    states = held.group_by(["agency", "state"]).aggregate(number=held.count()).to_pyarrow().to_pylist()
    counted: dict[str, dict[str, int]] = {ALL: {}}
    for row in sorted(states, key=lambda row: (row["agency"], row["state"])):
        for agency in (row["agency"], ALL):
            mine = counted.setdefault(agency, {})
            mine[row["state"]] = mine.get(row["state"], 0) + row["number"]
    return [_review(standard, agency, counted[agency]) for agency in sorted(counted)]


def _review(standard: Standard, agency: str, states: dict[str, int]) -> dict[str, object]:
    due, met, silent = sum(states.values()), states.get("met", 0), states.get("not_recorded", 0)
    where = {"rule": standard.id} if agency == ALL else {"rule": standard.id, "agency": agency}
    return {
        "rule": standard.id,
        "agency": agency,
        "due": due,
        "met": met,
        "breached": due - met - silent,
        "not_recorded": silent,
        "share_lower": met / due if due else None,
        "share_upper": (met + silent) / due if due else None,
        "standard": standard.label,
        "number_id": number_id("review", standard.id, agency),
        "recipe": Recipe("breaches", where).to_json(),
    }
