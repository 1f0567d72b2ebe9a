"""A standard or breach rule tried on its own examples: made-up records, and whether it makes of them what it says."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from joinedup.audit.breaches import judge
from joinedup.audit.held import hold
from joinedup.audit.records import Records, Told, gather, held
from joinedup.audit.told import breaches_of, breaches_of_rule
from joinedup.registry.breach_examples import BreachEvent, BreachExample
from joinedup.registry.breach_rules import BreachRule
from joinedup.registry.rules import moment_of
from joinedup.registry.standards import Standard

LAST = datetime.date(2011, 6, 29)
"""The last day of the data of every example, unless its own events go on beyond it."""

APART = ":"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tried:
    """One example: what it expects, what came of it, and whether that is the same, to the sentence."""

    rule: str
    expect: str
    about: str
    came: str
    reason: str | None
    right: bool


def try_standard(standard: Standard) -> list[Tried]:
    """A standard on every one of its examples; the agencies of the examples are of its nation."""
    found = held(hold(standard, records(standard.examples, standard.nation, (standard,))))
    return _tried(standard.id, standard.examples, found, breaches_of(standard, found))


def try_rule(rule: BreachRule) -> list[Tried]:
    """A breach rule on every one of its examples."""
    judged, _ = judge(rule, records(rule.examples))
    found = held(judged)
    return _tried(rule.id, rule.examples, found, breaches_of_rule(rule, found))


def _tried(rule: str, examples: Sequence[BreachExample], found: ibis.Table, breaches: ibis.Table) -> list[Tried]:
    """came: fires; lacks, where the record cannot tell of some pathway and none fires; else just_misses."""
    broken: dict[int, list[str]] = {}
    for row in breaches.order_by("agency", "pathway_id").to_pyarrow().to_pylist():
        broken.setdefault(_place(row["agency"]), []).append(row["reason"])
    unknown = found.filter(found.state == "not_recorded").select("agency").distinct().to_pyarrow()["agency"].to_pylist()
    silent = {_place(agency) for agency in unknown}
    tried = []
    for place, example in enumerate(examples):
        reasons = broken.get(place, [])
        came = "fires" if reasons else "lacks" if place in silent else "just_misses"
        reason = reasons[0] if reasons else None
        right = (came, reason) == (example.expect, example.reason) and len(reasons) <= 1
        tried.append(Tried(rule, example.expect, example.about, came, reason, right))
    return tried


def _place(agency: str) -> int:
    """Which example an agency stands in."""
    return int(agency.partition(APART)[0])


def records(
    examples: Sequence[BreachExample], nation: str = "england", by: Iterable[Standard] | None = None
) -> Records:
    """The examples' records as standards and rules see them, side by side: each has agencies and people of its own."""
    made = _Made()
    for place, example in enumerate(examples):
        for event, child, start in _each(example):
            made.add(f"{place}{APART}", example, event, child, start)
    days = [row[name].date() for row in made.events for name in ("start", "end") if row[name]]
    latest = max([LAST, *days])
    last = latest if latest == LAST else latest + datetime.timedelta(days=365)
    told = Told(
        _table(made.people, _PEOPLE), _table(made.parts, _PARTS), _table(made.events, _EVENTS), _table(made.mentions, _MENTIONS)
    )  # fmt: skip
    agencies = sorted({row["agency"] for row in made.events})
    names = {agency: agency.partition(APART)[2] for agency in agencies}
    return gather(told, last, names, dict.fromkeys(agencies, nation) if nation != "england" else {}, by)


class _Made:
    """Rows of the four tables."""

    def __init__(self) -> None:
        self.people: list[Row] = []
        self.parts: list[Row] = []
        self.events: list[Row] = []
        self.mentions: list[Row] = []

    def add(
        self, apart: str, example: BreachExample, event: BreachEvent, child: str, start: datetime.datetime | None
    ) -> None:
        """One event with its mentions; `apart` sets the example's agencies and people apart from others'."""
        number = f"{len(self.events) + 1:05d}"
        agency = apart + event.agency
        for role, person in [("child", child), *(("suspect", name) for name in event.suspects)]:
            mention = f"m{number}-{person}"
            kind, status = ("child", event.status) if role == "child" else ("adult", None)
            self.people.append({"mention_id": mention, "person_id": apart + person, "agency": agency, "kind": kind})
            self.parts.append({"mention_id": mention, "event_id": f"e{number}", "role": role, "status": status})
            born = moment_of(example.born)[0].date() if role == "child" and example.born else None
            self.mentions.append({
                "mention_id": mention, "agency": agency, "role": role, "dob": born, "dob_precision": "day" if born else None,
            })  # fmt: skip
        case = f"{event.case}-{child}" if event.times > 1 else event.case
        self.events.append(_row(event, f"e{number}", start, case) | {"agency": agency})
        if "passed_to" in event.details:
            details = event.details | {"passed_to": apart + event.details["passed_to"]}
            self.events[-1]["details"] = json.dumps(details)


def _each(example: BreachExample) -> Iterator[tuple[BreachEvent, str, datetime.datetime | None]]:
    """Every event as often as it is repeated: itself, its child and its start."""
    for place, event in enumerate(example.events):
        start = moment_of(event.start)[0] if event.start else None
        for month in range(event.months):
            later = _months_on(start, month) if start and month else start
            for turn in range(event.times):
                child = event.child if event.times * event.months == 1 else f"{event.child} {place}-{month}-{turn}"
                yield event, child, later


def _months_on(start: datetime.datetime, months: int) -> datetime.datetime:
    number = start.year * 12 + start.month - 1 + months
    return start.replace(year=number // 12, month=number % 12 + 1)


def _row(event: BreachEvent, event_id: str, start: datetime.datetime | None, case: str | None) -> Row:
    end, end_precision = moment_of(event.end) if event.end else (None, None)
    return {
        "event_id": event_id, "agency": event.agency, "form": event.form or event.agency, "source_ref": event_id,
        "case_ref": case, "type": event.type, "start": start,
        "start_precision": moment_of(event.start)[1] if event.start else None, "end": end, "end_precision": end_precision,
        "code": event.code, "outcome": event.outcome, "details": json.dumps(event.details) if event.details else None,
    }  # fmt: skip


def _texts(*names: str) -> list[tuple[str, pa.DataType]]:
    return [(name, pa.string()) for name in names]


_PEOPLE = pa.schema(_texts("mention_id", "person_id", "agency", "kind"))
_PARTS = pa.schema(_texts("mention_id", "event_id", "role", "status"))
_MENTIONS = pa.schema([*_texts("mention_id", "agency", "role", "dob_precision", "forename_fold", "surname_fold"), ("dob", pa.date32())])  # fmt: skip
_EVENTS = pa.schema([
    *_texts("event_id", "agency", "form", "source_ref", "case_ref", "type", "start_precision", "end_precision", "code", "outcome", "details"),
    ("start", pa.timestamp("us")), ("end", pa.timestamp("us")),
])  # fmt: skip


def _table(rows: list[Row], schema: pa.Schema) -> ibis.Table:
    return ibis.memtable(pa.Table.from_pylist(rows, schema))
