"""Which kinds of threat the records of each person speak of: one row for each person, role and kind."""

from __future__ import annotations

from functools import reduce

import ibis
from ibis.expr.types import Table

from joinedup.count.memberships import KINDS, NOT_KNOWN, Evidence
from joinedup.registry.threat_types import ThreatEvidence, ThreatTypes

_ROW = ("return_id", "file", "sheet", "row")


def threats(evidence: Evidence, descriptions: Table, memberships: Table, kinds: ThreatTypes) -> Table:
    """The table threats: the people of memberships, in each role, under each kind their records speak of.

    A person of whom no record says a kind stands once, as not known. Only the relationship is read of `descriptions`.
    """
    people = memberships.filter(memberships.strongest).select("person_id", "kind", "status").distinct()
    named = evidence.people.select("mention_id", "person_id")
    every = spoken_of(evidence, descriptions, kinds).inner_join(named, "mention_id")
    by_person = every.group_by("person_id", kind=every.role, threat=every.threat).agg(events=every.event_id.nunique())
    joined = people.left_join(by_person, ["person_id", "kind"])
    return joined.select(
        "person_id",
        "kind",
        "status",
        threat=joined.threat.fill_null(NOT_KNOWN),
        events=joined.events.fill_null(0),
    )


def spoken_of(evidence: Evidence, descriptions: Table, kinds: ThreatTypes) -> Table:
    """Each mention in its role, with each event and kind of threat that the event or a relationship of its row speaks of."""
    said = _said_by_events(evidence, [each for each in kinds.evidence if each.event])
    return said.union(
        _said_by_relationships(evidence, descriptions, [each for each in kinds.evidence if each.relationship])
    )


def _taking_part(evidence: Evidence) -> Table:
    parts = evidence.involvements
    return parts.filter(parts.role.isin(list(KINDS))).select("mention_id", "event_id", "role")


def _said_by_events(evidence: Evidence, wanted: list[ThreatEvidence]) -> Table:
    """Mention, event, role and threat of every event whose type, and code or detail, says a kind."""
    events = evidence.events.select("event_id", "type", "code", "scheme", "details")
    found = [
        events.filter(_matches(events, each)).select("event_id", threat=ibis.literal(each.threat)) for each in wanted
    ]
    return reduce(Table.union, found).distinct().inner_join(_taking_part(evidence), "event_id").select(
        "mention_id", "event_id", "role", "threat"
    )  # fmt: skip


def _matches(events: Table, each: ThreatEvidence) -> ibis.expr.types.BooleanValue:
    of_type = events.type == each.event
    if each.scheme:
        return of_type & (events.scheme == each.scheme) & events.code.isin(each.codes)
    if each.detail:
        # The details are flat JSON; several codes stand in one text, separated by ';'.
        held = ";" + events.details.re_extract(f'"{each.detail}": "([^"]*)"', 1).fill_null("") + ";"
        return of_type & reduce(lambda one, other: one | other, (held.contains(f";{code};") for code in each.codes))
    return of_type


def _said_by_relationships(evidence: Evidence, descriptions: Table, wanted: list[ThreatEvidence]) -> Table:
    """The same of every relationship recorded of a suspect: for the suspect, and for the child of the same row."""
    recorded = descriptions.filter(descriptions.attribute == "relationship", descriptions.state == "recorded")
    threat = ibis.cases(*((recorded.code.isin(each.relationship), each.threat) for each in wanted), else_=None)
    of_suspect = recorded.select("mention_id", threat=threat)
    of_suspect = of_suspect.filter(of_suspect.threat.notnull())
    mentions = evidence.mentions.select("mention_id", *_ROW)
    rows = of_suspect.inner_join(mentions, "mention_id").select(*_ROW, "threat")
    both = mentions.inner_join(rows, list(_ROW)).select("mention_id", "threat").distinct()
    return both.inner_join(_taking_part(evidence), "mention_id").select("mention_id", "event_id", "role", "threat")
