"""One lead followed across agencies: what its own case holds, what others hold of the child meanwhile, and what nobody recorded."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

Row = Mapping[str, Any]

STEPS: dict[str, tuple[str, ...]] = {
    "decision": ("referral",),
    "contact with the child": ("child_contact", "return_interview"),
    "strategy discussion": ("strategy_discussion",),
    "section 47 enquiry": ("section_47",),
    "conference": ("child_protection_conference",),
    "assessment": ("assessment", "early_help_assessment"),
    "interview of suspects": ("suspect_interview",),
    "disruption": ("disruption",),
    "outcome": ("outcome",),
    "closure": ("closure",),
}
"""The steps that may follow a lead, in order, and the events that show each."""

EXPECTED: dict[str, tuple[str, ...]] = {
    "missing_episode": ("contact with the child",),
    "referral": (
        "decision", "contact with the child", "strategy discussion", "section 47 enquiry", "conference", "assessment", "closure",
    ),
    "crime": ("contact with the child", "interview of suspects", "disruption", "outcome"),
}  # fmt: skip
"""The steps that a lead of each kind may take; that one is absent is a question, not a breach."""


def followed(pathway: Row, events: Iterable[Row]) -> dict[str, list[dict[str, Any]]]:
    """The lead's steps: for each of STEPS that its kind may take, or that somebody recorded, the events that show it.

    `events` are the child's, of every agency, with their start and end. The lead's own case counts whole; other events
    count from the day the lead began to the day it was closed or, while it is open, until the child's next lead of its
    kind: what was done after that may belong to that one. A decision is shown only by the lead's own outcome.
    """
    events = list(events)
    own = set(json.loads(pathway["events"]))
    first, last = _days(pathway)
    following = _next_lead(pathway["kind"], own, first, events) if last is None else None
    steps: dict[str, list[dict[str, Any]]] = {name: [] for name in EXPECTED.get(pathway["kind"], ())}
    for event in sorted(events, key=lambda row: (str(row["start"]), row["event_id"])):
        step = next((name for name, kinds in STEPS.items() if event["type"] in kinds), None)
        mine = event["event_id"] in own
        day = event["start"].date() if event["start"] else None
        meanwhile = day is not None and (first is None or day >= first) and (last is None or day <= last)
        meanwhile = meanwhile and (following is None or day is None or day < following)
        if step is None or not (mine or meanwhile):
            continue
        if step == "decision" and not (mine and event["outcome"]):
            continue
        steps.setdefault(step, []).append({
            "agency": event["agency"], "type": event["type"], "start": event["start"], "end": event["end"],
            "outcome": event["outcome"], "code": event["code"], "own_case": mine, "event_id": event["event_id"],
        })  # fmt: skip
    return {name: steps[name] for name in STEPS if name in steps}


def _next_lead(
    kind: str, own: AbstractSet[str], first: datetime.date | None, events: Iterable[Row]
) -> datetime.date | None:
    """The day of the child's next event of the kind that began later than the lead's own."""
    others = [event for event in events if event["type"] == kind and event["event_id"] not in own and event["start"]]
    begun = [event["start"].date() for event in events if event["event_id"] in own and event["start"]]
    since = min(begun, default=first)
    return min((day for event in others if since and (day := event["start"].date()) > since), default=None)


def _days(pathway: Row) -> tuple[datetime.date | None, datetime.date | None]:
    began, ended = pathway["started"], pathway["ended"]
    return (began.date() if began else None), (ended.date() if ended else None)
