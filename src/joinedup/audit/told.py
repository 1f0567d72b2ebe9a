"""Breaches and reviews: what standards and rules made of the pathways, put into the shape a person reads."""

from __future__ import annotations

import string

import ibis

from joinedup.audit.held import NOT_DUE
from joinedup.audit.judged import BREACHED, DAY
from joinedup.domain.numbers import Recipe, number_id
from joinedup.registry.breach_rules import BreachRule
from joinedup.registry.standards import Standard

ALL = "all"
"""The review of every agency together."""


def breaches_of(standard: Standard, held: ibis.Table) -> ibis.Table:
    """The standard's breaches, in the shape of the table `breaches`: steps that were late or not done, and no others."""
    broken = held.filter(held.state.isin(["late", "not_done"]))
    before, after = standard.late.split("{done}")
    late = ibis.literal(before) + broken.done.strftime(DAY) + ibis.literal(after)
    behind = ibis.ifelse(
        broken.step_id.isnull() | (broken.step_id == broken.event_id),
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


def breaches_of_rule(rule: BreachRule, judged: ibis.Table) -> ibis.Table:
    """A breach rule's breaches, in the shape of the table `breaches`, each with its reason filled in."""
    broken = judged.filter(judged.state == BREACHED)
    sentence = ibis.literal("")
    for text, name, _, _ in string.Formatter().parse(rule.reason):
        sentence = sentence + ibis.literal(text)
        if name is not None:
            sentence = sentence + broken[name].cast("string").fill_null("a day not known")
    return broken.select(
        "pathway_id",
        "person_id",
        "agency",
        rule=ibis.literal(rule.id),
        reason=sentence,
        due=ibis.null("timestamp"),
        done=broken.done,
        outcome=ibis.literal(rule.says),
        evidence=broken.evidence,
    )


def reviews_of(rule: str, label: str, held: ibis.Table) -> list[dict[str, object]]:
    """A standard's or rule's rows of the table `reviews`: one an agency, in order, and one for all.

    The share met lies between met / due, were every pathway whose record cannot tell a breach, and (met + not recorded) /
    due, were none of them.
    """
    due = held.filter(held.state != NOT_DUE)
    states = due.group_by(["agency", "state"]).aggregate(number=due.count()).to_pyarrow().to_pylist()
    counted: dict[str, dict[str, int]] = {ALL: {}}
    for row in sorted(states, key=lambda row: (row["agency"], row["state"])):
        for agency in (row["agency"], ALL):
            mine = counted.setdefault(agency, {})
            mine[row["state"]] = mine.get(row["state"], 0) + row["number"]
    return [_review(rule, label, agency, counted[agency]) for agency in sorted(counted)]


def _review(rule: str, label: str, agency: str, states: dict[str, int]) -> dict[str, object]:
    due, met, silent = sum(states.values()), states.get("met", 0), states.get("not_recorded", 0)
    where = {"rule": rule} if agency == ALL else {"rule": rule, "agency": agency}
    return {
        "rule": rule,
        "agency": agency,
        "due": due,
        "met": met,
        "breached": due - met - silent,
        "not_recorded": silent,
        "share_lower": met / due if due else None,
        "share_upper": (met + silent) / due if due else None,
        "standard": label,
        "number_id": number_id("review", rule, agency),
        "recipe": Recipe("breaches", where).to_json(),
    }
