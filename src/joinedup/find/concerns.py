"""Concerns and rule coverage: each rule's test put into the shape a person reads."""

from __future__ import annotations

import string
from collections.abc import Mapping

import ibis

from joinedup.domain.numbers import Recipe, number_id
from joinedup.find.fired import Fired
from joinedup.find.lasted import lasted
from joinedup.find.records import Records
from joinedup.find.repeated import repeated
from joinedup.find.step_absent import step_absent
from joinedup.registry.rules import Lasted, Pack, Repeated, Rule
from joinedup.settings import Period

DAY = "%-d %B %Y"


def fire(rule: Rule, records: Records, period: Period) -> Fired:
    """The rule's test over all children."""
    if isinstance(rule.test, Repeated):
        return repeated(records, rule.test, period)
    if isinstance(rule.test, Lasted):
        return lasted(records, rule.test, period)
    return step_absent(records, rule.test, period)


def filled(template: str, values: Mapping[str, ibis.Value]) -> ibis.Value:
    """The template with each {name} replaced by the text column of that name, row by row."""
    sentence: ibis.Value = ibis.literal("")
    for text, name, _, _ in string.Formatter().parse(template):
        sentence = sentence + ibis.literal(text)
        if name is not None:
            sentence = sentence + values[name]
    return sentence


def json_list(table: ibis.Table, column: str) -> ibis.Value:
    """A JSON list of the column's values in order; the values are ids that need no escaping."""
    return ibis.literal('["') + table[column].group_concat('","', order_by=table[column]) + ibis.literal('"]')


def concerns_of(rule: Rule, pack: Pack, fired: Fired) -> ibis.Table:
    """The rule's concerns, in the shape of the table `concerns`."""
    events = fired.evidence.select("person_id", "event_id").distinct()
    agencies = fired.evidence.select("person_id", "agency").distinct()
    behind = events.group_by("person_id").aggregate(evidence=json_list(events, "event_id"))
    holders = agencies.group_by("person_id").aggregate(
        agencies=agencies.agency.group_concat("|", order_by=agencies.agency)
    )
    joined = fired.concerns.join(behind, "person_id").join(holders, "person_id")
    values = {
        "count": joined["count"].cast("string"),
        "first": joined["first"].strftime(DAY),
        "last": joined["last"].strftime(DAY),
    }
    return joined.select(
        "person_id",
        rule=ibis.literal(rule.id),
        pack=ibis.literal(pack.label),
        reason=filled(rule.reason, values),
        evidence=joined.evidence,
        agencies=joined.agencies,
        window_start=joined["first"],
        window_end=joined["last"],
        not_recorded=ibis.ifelse(
            joined.gaps > 0, filled(rule.not_recorded, {"count": joined.gaps.cast("string")}), ibis.null("string")
        ),
        clears=ibis.literal(rule.clears),
    )


def coverage_of(rule: Rule, pack: Pack, fired: Fired, children: ibis.Table) -> ibis.Table:
    """The rule's one row of the table `rule_coverage`: fired + not_fired + not_evaluable is every child."""
    base = children.aggregate(base=children.count())
    did = fired.concerns.aggregate(fired=fired.concerns.person_id.nunique())
    untold = fired.untold.semi_join(children, "person_id")
    cannot = untold.aggregate(not_evaluable=untold.person_id.nunique())
    joined = base.cross_join(did).cross_join(cannot)
    return joined.select(
        rule=ibis.literal(rule.id),
        pack=ibis.literal(pack.label),
        fired=joined.fired,
        not_fired=joined.base - joined.fired - joined.not_evaluable,
        not_evaluable=joined.not_evaluable,
        number_id=ibis.literal(number_id("rule", rule.id)),
        recipe=ibis.literal(Recipe("concerns", {"rule": rule.id}, "person_id").to_json()),
    )
