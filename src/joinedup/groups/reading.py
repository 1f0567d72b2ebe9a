"""What a finished run holds of one group, read for its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis

from joinedup.groups.evidence import recorded
from joinedup.registry.events import event_types
from joinedup.registry.hubs import Hubs, hubs

Row = Mapping[str, Any]
Read = Callable[[str], ibis.Table]

FURTHER = ("investigation", "outcome", "return_interview", "strategy_discussion", "section_47", "closure")
"""Types of event on a timeline beside those that make evidence and those that are work."""


@dataclass(frozen=True)
class GroupRecords:
    """The rows about one group: itself, its members, the ties with an end in it, its members' mentions and events.

    `mentions`: mention_id, person_id, agency, source_ref, return_id, form, file, sheet, row, and whether dob and home are
    recorded. `incidences`: kind, value, mention_id, date, basis and
    probability of what their records say they used. `events`: the events of its members, with person_id and role. `others`: events not on the timeline.
    `unanswered`: the agencies asked that sent nothing readable.
    """

    group: Row
    members: list[Row]
    edges: list[Row]
    mentions: list[Row]
    incidences: list[Row]
    events: list[Row]
    others: int
    unanswered: list[str]


def records_of(read: Read, group_id: str) -> GroupRecords | None:
    """The rows about the group of that id, or None where the run has none; `read` gives a run's tables."""
    groups, members = read("groups"), read("group_members")
    found = _rows(groups.filter(groups.group_id == group_id))
    if not found:
        return None
    mine = members.filter(members.group_id == group_id)
    edges = read("edges")
    ids = mine.select("person_id")
    ends = edges.filter(edges.person_l.isin(ids.person_id) | edges.person_r.isin(ids.person_id))
    people = read("people").select("mention_id", "person_id").semi_join(ids, "person_id")
    mentions = read("mentions")
    told = mentions.select(
        "mention_id", "agency", "source_ref", "return_id", "form", "file", "sheet", "row",
        has_dob=mentions.dob.notnull(), has_home=mentions.address_fold.notnull() | mentions.postcode.notnull(),
    )  # fmt: skip
    said = read("incidences").semi_join(ids, "person_id")
    events = _events(read, people)
    shown = events.type.isin(_timeline_types(hubs()))
    responses = read("responses")
    silent = responses.filter(responses.state.isin(["no_answer", "unreadable"])).select("agency").distinct()
    return GroupRecords(
        found[0],
        _rows(mine.order_by("person_id")),
        _rows(ends.order_by("person_l", "person_r")),
        _rows(told.join(people, "mention_id").order_by("mention_id")),
        _rows(said.select("kind", "value", "mention_id", "date", "basis", "probability")),
        _rows(events.filter(shown).order_by("start", "event_id", "person_id", "role")),
        int(events.filter(~shown).event_id.nunique().to_pyarrow().as_py() or 0),
        sorted(row["agency"] for row in _rows(silent)),
    )


def layout_of(read: Read, group_id: str) -> list[Row]:
    """kind, value, x, y of the nodes drawn of the group, people first, in the order of their names."""
    layout = read("group_layout")
    rows = _rows(layout.filter(layout.group_id == group_id).select("kind", "value", "x", "y"))
    return sorted(rows, key=lambda row: (row["kind"] != "person", row["kind"], row["value"]))


def _timeline_types(registered: Hubs) -> list[str]:
    work = [name for name, kind in event_types().items() if kind.work]
    return sorted({*registered.takes_part, *registered.records_of, *work, *FURTHER})


def _events(read: Read, people: ibis.Table) -> ibis.Table:
    """Each event of a member once for each role the member has in it."""
    parts = read("involvements").select("mention_id", "event_id", "role").join(people, "mention_id")
    parts = parts.select("event_id", "person_id", "role").distinct()
    events = read("events").select(
        "event_id", "agency", "form", "file", "sheet", "row", "type", "start", "end", "outcome", "place", "case_ref"
    )
    return parts.join(events, "event_id")


def shared_places(read: Read) -> list[Row]:
    """place, children, suspects, agencies, records, first, last, set_aside: places that several children were recorded at.

    Places that are hubs by nature are left out; a place set aside for the number of people is told as such. Most
    children first, then the place's name.
    """
    registered = hubs()
    people, involvements, events = read("people"), read("involvements"), read("events")
    seen = recorded(involvements, events, registered).select("mention_id", "place")
    seen = seen.filter(seen.place.fill_null("") != "").distinct()
    for nature in registered.places_by_nature:
        seen = seen.filter(~seen.place.contains(nature.words))
    at = events.filter(events.type.isin(registered.places_of)).select("event_id", "place", "agency", "start")
    parts = involvements.filter(involvements.role.isin(["child", "suspect"])).select("mention_id", "event_id", "role")
    parts = parts.join(people.select("mention_id", "person_id"), "mention_id").join(at, "event_id")
    parts = parts.semi_join(seen, "place")
    child, suspect = parts.role == "child", parts.role == "suspect"
    places = parts.group_by("place").aggregate(
        children=parts.person_id.nunique(where=child),
        suspects=parts.person_id.nunique(where=suspect),
        agencies=parts.agency.nunique(),
        records=parts.event_id.nunique(),
        first=parts.start.date().min(),
        last=parts.start.date().max(),
    )
    aside = read("hubs")
    aside = aside.filter((aside.kind == "place") & (aside.state != "brought_back")).select(place="value")
    places = places.filter(places.children >= 2).mutate(set_aside=places.place.isin(aside.place))
    return _rows(places.order_by(ibis.desc("children"), "place"))


def _rows(table: ibis.Table) -> list[Row]:
    rows: list[Row] = table.to_pyarrow().to_pylist()
    return rows
