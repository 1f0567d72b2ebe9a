"""A rule tried on its own examples: made-up records of one child, and whether the rule makes of them what it says."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

import ibis
import pyarrow as pa

from joinedup.domain.tables import SHAPES
from joinedup.find.concerns import concerns_of, tried
from joinedup.find.records import Records, records_of
from joinedup.registry.rules import CHILD, Example, ExampleEvent, Pack, Rule, moment_of
from joinedup.settings import Period

PERIOD = Period.model_validate({"from": datetime.date(2008, 1, 1), "to": datetime.date(2011, 6, 29)})
"""The period in which every example is tried."""

Rows = list[dict[str, object]]

_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "truth": pa.bool_(), "date": pa.date32(),
    "moment": pa.timestamp("us"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """One example of a rule: what it expects, what came of it, and whether that is the same, to the sentence."""

    rule: str
    expect: str
    about: str
    came: str
    reason: str | None
    right: bool


def try_pack(pack: Pack) -> list[Outcome]:
    """Every rule of the pack on every one of its examples, in order."""
    return [try_example(pack, rule, example) for rule in pack.rules for example in rule.examples]


def try_example(pack: Pack, rule: Rule, example: Example) -> Outcome:
    """The rule on one of its examples; came: fires, just_misses (it could be evaluated) or lacks (it could not)."""
    found = tried(rule, pack, records(example), PERIOD)
    about_child = ibis._.person_id == CHILD
    fired = found.concerns.num_rows and concerns_of([found]).filter(about_child).to_pyarrow().to_pylist()
    cannot = CHILD in found.untold["person_id"].to_pylist()
    came = "fires" if fired else "lacks" if cannot else "just_misses"
    reason = str(fired[0]["reason"]) if fired else None
    return Outcome(
        rule.id, example.expect, example.about, came, reason, (came, reason) == (example.expect, example.reason)
    )


def records(example: Example) -> Records:
    """The example's records as a rule sees them: the tables of a run that hold nothing else."""
    rows: dict[str, Rows] = {
        name: [] for name in ("people", "mentions", "involvements", "events", "identifiers", "edges", "group_members")
    }
    for number, event in enumerate(example.events):
        _record(rows, number, event)
    if not any(event.who == CHILD for event in example.events):
        rows["people"].append({"mention_id": "m", "person_id": CHILD, "agency": "police", "kind": "child"})
    for number, members in enumerate(example.groups):
        _group(rows, f"group {number + 1}", members, example)
    tables = {name: _table(name, found) for name, found in [*rows.items(), ("hubs", [])]}
    return records_of(tables, sorted({event.type for event in example.events}), PERIOD.end)


def _table(name: str, rows: Rows) -> ibis.Table:
    """A table of a run in its declared shape; what a row does not carry is empty."""
    columns = {
        column.name: pa.array([row.get(column.name) for row in rows], _TYPES[column.kind])
        for column in SHAPES[name].columns
    }
    return ibis.memtable(pa.table(columns))


def _record(rows: dict[str, Rows], number: int, event: ExampleEvent) -> None:
    """One event with its one mention, as the stages before would have written them."""
    mention, name = f"mention {number + 1}", f"event {number + 1}"
    start, precision = moment_of(event.start) if event.start else (None, None)
    end, end_precision = moment_of(event.end) if event.end else (None, None)
    kind = "child" if event.who == CHILD or event.role == "child" else "adult"
    rows["people"].append({"mention_id": mention, "person_id": event.who, "agency": event.agency, "kind": kind})
    forename, _, surname = event.who.lower().partition(" ")
    rows["mentions"].append({
        "mention_id": mention, "role": event.role, "forename_fold": forename, "surname_fold": surname or None,
    })  # fmt: skip
    rows["involvements"].append({
        "mention_id": mention, "event_id": name, "role": event.role, "status": event.status,
    })  # fmt: skip
    rows["events"].append({
        "event_id": name, "agency": event.agency, "form": event.form or event.agency, "case_ref": event.case or name,
        "type": event.type, "start": start, "start_precision": precision, "end": end, "end_precision": end_precision,
        "outcome": event.outcome, "place": event.place, "details": json.dumps(event.details) if event.details else None,
    })  # fmt: skip
    for thing, value in event.things.items():
        rows["identifiers"].append({"mention_id": mention, "kind": thing, "value": value, "raw": value, "valid": True})


def _group(rows: dict[str, Rows], group: str, members: tuple[str, ...], example: Example) -> None:
    """A group of the run: its members, and a tie between every two of them by their first records."""
    first: dict[str, int] = {}
    for number, event in enumerate(example.events):
        first.setdefault(event.who, number + 1)
    for member in members:
        roles = {event.role for event in example.events if event.who == member}
        role = "both" if len(roles) > 1 else next(iter(roles), "other")
        rows["group_members"].append({
            "group_id": group, "person_id": member, "part": "core", "role": role, "stability": 1.0,
        })  # fmt: skip
    for place, one in enumerate(members):
        for other in members[place + 1 :]:
            left, right = sorted((one, other))
            mentions = [f"mention {first[each]}" for each in (left, right)]
            reason = [{"kind": "phone", "value": "made up", "mentions": mentions}]
            rows["edges"].append({
                "person_l": left, "person_r": right, "shared": 2, "probability": 1.0, "reasons": json.dumps(reason),
            })  # fmt: skip
