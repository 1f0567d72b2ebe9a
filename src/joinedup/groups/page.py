"""A group as a page tells it: members, ties with reasons, what holds it together, and who knows which part."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from joinedup.groups.cautions import CAUTIONS
from joinedup.groups.reading import GroupRecords, Row
from joinedup.groups.told import HOW

Page = dict[str, Any]


def group_page(records: GroupRecords) -> Page:
    """The page of one group as a document: what `joinedup group --json` writes, and a screen shows.

    `ties` are pairs within the group with their reasons and the source records of each; `ties_outside` counts those to
    people of another part of the same lump or of no group. No member is ranked.
    """
    inside = {row["person_id"] for row in records.members}
    mentions = {row["mention_id"]: row for row in records.mentions}
    edges = [row for row in records.edges if {row["person_l"], row["person_r"]} <= inside]
    said = {(row["kind"], row["value"], row["mention_id"]): row for row in records.incidences}
    ties = [_tie(row, mentions, said) for row in edges]
    return {
        "group": {**records.group},
        "cautions": list(CAUTIONS),
        "cut": _cut(records.group),
        "begun": _begun(ties),
        "members": _members(records),
        "ties": ties,
        "how": {name: told for name, told in HOW.items() if any(tie["how"] == name for tie in ties)},
        "ties_outside": len(records.edges) - len(edges),
        "holds_together": holds_together(ties, inside),
        "timeline": _timeline(records.events),
        "events_not_shown": records.others,
        "knowledge": knowledge(records, ties),
        "investigations": _investigations(records.events),
        "not_recorded": _not_recorded(records, ties),
    }


def _cut(group: Row) -> str:
    if group["cut_from"] is None:
        return ""
    return (
        f"This is one part of a lump of {group['cut_from']} people tied together, cut where its ties are weakest because it"
        " is larger than one group is likely to be. Ties across the cut remain."
    )


def _begun(ties: list[Page]) -> str:
    if any(tie["how"] == "tie" for tie in ties) or not any(tie["how"] == "trio" for tie in ties):
        return ""
    return (
        "No two people of this group are recorded with two of the same things. It was begun from three people or more"
        " joined two by two, each pair by another thing: the weakest ground on which a group is formed."
    )


def _members(records: GroupRecords) -> dict[str, list[Page]]:
    """The members by role, children and suspects apart; somebody recorded as both stands under both."""
    held: dict[str, set[str]] = defaultdict(set)
    number: dict[str, int] = defaultdict(int)
    for mention in records.mentions:
        held[mention["person_id"]].add(mention["agency"])
        number[mention["person_id"]] += 1
    found: dict[str, list[Page]] = {"children": [], "suspects": [], "others": []}
    for row in records.members:
        person = row["person_id"]
        member = {
            "person_id": person,
            "part": row["part"],
            "stability": row["stability"],
            "attached_by": row["attached_by"],
            "records": number[person],
            "agencies": sorted(held[person]),
            "also": {"both": "recorded as child and as suspect"}.get(row["role"], ""),
        }
        found["children"] += [member] if row["role"] in {"child", "both"} else []
        found["suspects"] += [member] if row["role"] in {"suspect", "both"} else []
        found["others"] += [member] if row["role"] == "other" else []
    return found


def _tie(edge: Row, mentions: Mapping[str, Row], said: Mapping[tuple[str, str, str], Row]) -> Page:
    """A tie with, for every reason, the source records that say so of each of the two: when, on what basis, how surely."""
    reasons = []
    for reason in json.loads(edge["reasons"]):
        records = [
            {
                name: mentions[mention][name]
                for name in ("person_id", "mention_id", "agency", "form", "file", "sheet", "row")
            }
            | {name: said[reason["kind"], reason["value"], mention][name] for name in ("date", "basis", "probability")}
            for mention in reason["mentions"]
            if mention in mentions
        ]
        reasons.append({"kind": reason["kind"], "value": reason["value"], "records": records})
    return {
        "people": [edge["person_l"], edge["person_r"]],
        "how": edge["how"],
        "shared": edge["shared"],
        "probability": edge["probability"],
        "reasons": reasons,
    }


def counted(reasons: Iterable[Page]) -> int:
    """How many things the reasons are: all homes one, and a place that a counted record names, none.

    A place is named by a record when, for each of the two people, one source record says both.
    """
    homes, others, named = 0, 0, []
    listed = list(reasons)
    records = [{row["mention_id"] for row in reason["records"]} for reason in listed if reason["kind"] == "record"]
    for reason in listed:
        if reason["kind"] == "address":
            homes = 1
        elif reason["kind"] == "place" and _names(records, reason["records"]):
            named.append(reason)
        else:
            others += 1
    return homes + others


def _names(records: list[set[str]], place: list[Page]) -> bool:
    both = {row["person_id"] for row in place}
    return any({row["person_id"] for row in place if row["mention_id"] in record} == both for record in records)


def holds_together(ties: list[Page], people: set[str]) -> list[Page]:
    """Each shared thing with how many members share it, how many ties rest on it, and what would be left without it.

    `ties_that_need_it`: ties that would share fewer than two things, or nothing, without it. `pieces_without_it`: into
    how many pieces the group would fall, people left alone counted as pieces. Most needed first.
    """
    users: dict[tuple[str, str], set[str]] = defaultdict(set)
    for tie in ties:
        for reason in tie["reasons"]:
            users[reason["kind"], reason["value"]] |= set(tie["people"])
    found = []
    for (kind, value), who in users.items():
        left, needed, touched = [], 0, 0
        for tie in ties:
            rest = [reason for reason in tie["reasons"] if (reason["kind"], reason["value"]) != (kind, value)]
            touched += len(rest) < len(tie["reasons"])
            stands = len(rest) == len(tie["reasons"]) or counted(rest) >= min(2, tie["shared"])
            needed += not stands
            left += [tie] if stands else []
        found.append(
            {
                "kind": kind, "value": value, "people": len(who), "ties": touched, "ties_that_need_it": needed,
                "pieces_without_it": _pieces(left, people),
            }
        )  # fmt: skip
    return sorted(found, key=lambda row: (-row["ties_that_need_it"], -row["people"], row["kind"], row["value"]))


def _pieces(ties: Iterable[Page], people: set[str]) -> int:
    part = {person: person for person in people}

    def top(person: str) -> str:
        while part[person] != person:
            person = part[person]
        return person

    pieces = len(people)
    for tie in ties:
        one, other = (top(person) for person in tie["people"])
        pieces -= one != other
        part[max(one, other)] = min(one, other)
    return pieces


def knowledge(records: GroupRecords, ties: list[Page]) -> Page:
    """Which agency knows which part, and which part no single agency knows.

    An agency knows a member of whom it holds a record, and sees a tie when its own records alone show as many shared
    things as a tie needs (two; one for somebody attached).
    """
    members: dict[str, set[str]] = defaultdict(set)
    for mention in records.mentions:
        members[mention["agency"]].add(mention["person_id"])
    seen = {agency: [tie for tie in ties if _sees(agency, tie)] for agency in members}
    together = {frozenset(tie["people"]) for found in seen.values() for tie in found}
    unseen = [tie for tie in ties if frozenset(tie["people"]) not in together]
    everybody = {row["person_id"] for row in records.members}
    nobody_alone = everybody - {person for found in seen.values() for tie in found for person in tie["people"]}
    return {
        "agencies": [
            {
                "agency": agency, "members": len(members[agency]), "of_members": len(everybody),
                "people": sorted(members[agency]), "ties": len(seen[agency]), "of_ties": len(ties),
            }
            for agency in sorted(members, key=lambda name: (-len(seen[name]), -len(members[name]), name))
        ],
        "whole_seen_by": sorted(agency for agency in members if _pieces(seen[agency], everybody) == 1),
        "ties_no_agency_sees": [tie["people"] for tie in unseen],
        "people_no_agency_ties": sorted(nobody_alone),
    }  # fmt: skip


def _sees(agency: str, tie: Page) -> bool:
    own = []
    for reason in tie["reasons"]:
        records = [row for row in reason["records"] if row["agency"] == agency]
        if {row["person_id"] for row in records} == set(tie["people"]):
            own.append({**reason, "records": records})
    least = min(2, int(tie["shared"]))
    return counted(own) >= least


def _timeline(events: list[Row]) -> list[Page]:
    """Each event once, with the members in it and their roles; undated ones last."""
    found: dict[str, Page] = {}
    for row in events:
        event = found.setdefault(
            row["event_id"],
            {name: row[name] for name in ("event_id", "start", "end", "type", "agency", "outcome", "place", "form", "file", "sheet", "row")}
            | {"people": []},
        )  # fmt: skip
        event["people"].append({"person_id": row["person_id"], "role": row["role"]})
    return sorted(found.values(), key=lambda event: (event["start"] is None, str(event["start"]), event["event_id"]))


def _investigations(events: list[Row]) -> Page:
    """The investigations of crimes that touch a member: open ones have no end recorded."""
    known = {row["event_id"]: row for row in events if row["type"] == "investigation"}
    rows = [
        {
            "event_id": key,
            "agency": row["agency"],
            "case_ref": row["case_ref"],
            "start": row["start"],
            "end": row["end"],
        }
        for key, row in sorted(known.items(), key=lambda item: (str(item[1]["start"]), item[0]))
    ]
    return {"open": [row for row in rows if row["end"] is None], "closed": [row for row in rows if row["end"]]}


def _not_recorded(records: GroupRecords, ties: list[Page]) -> list[str]:
    """What the records do not say that a reader of this page would look for, each in a sentence."""
    people = {row["person_id"] for row in records.members}
    with_dob = {row["person_id"] for row in records.mentions if row["has_dob"]}
    with_home = {row["person_id"] for row in records.mentions if row["has_home"]}
    events = {row["event_id"]: row for row in records.events}
    evidence = [row for row in events.values() if row["type"] in {"crime", "intelligence", "missing_episode"}]
    said = [
        (len(people - with_dob), "{} of {} members have no date of birth on any record.", len(people)),
        (len(people - with_home), "{} of {} members have no address or postcode on any record.", len(people)),
        (sum(row["start"] is None for row in events.values()), "{} of {} events shown have no date.", len(events)),
        (sum(not row["place"] for row in evidence),
         "{} of {} crimes, intelligence logs and missing episodes name no place.", len(evidence)),
        (sum(tie["probability"] < 0.95 for tie in ties), "{} of {} ties rest on links less certain than 0.95.", len(ties)),
    ]  # fmt: skip
    found = [sentence.format(number, base) for number, sentence, base in said if number]
    if not any(row["type"] == "investigation" for row in events.values()):
        found.append("No investigation of a crime is recorded that touches a member.")
    if records.unanswered:
        names = ", ".join(records.unanswered)
        found.append(f"What these agencies know is not in the evidence, for a form they were asked for: {names}.")
    return found
