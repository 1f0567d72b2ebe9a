"""A rule tried on its own examples: made-up records of one child, and whether the rule makes of them what it says."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

import ibis
import pyarrow as pa

from joinedup.find.concerns import concerns_of, fire
from joinedup.find.records import Records
from joinedup.registry.rules import Example, Pack, Rule, moment_of
from joinedup.settings import Period

CHILD = "the child"
PERIOD = Period.model_validate({"from": datetime.date(2008, 1, 1), "to": datetime.date(2011, 6, 29)})
"""The period in which every example is tried."""

_TEXTS = (
    "person_id",
    "event_id",
    "agency",
    "form",
    "case_ref",
    "type",
    "outcome",
    "details",
    "start_precision",
    "end_precision",
)
_COLUMNS: dict[str, pa.DataType] = {
    **dict.fromkeys(_TEXTS, pa.string()),
    "start": pa.timestamp("us"),
    "end": pa.timestamp("us"),
    "day": pa.date32(),
    "until": pa.date32(),
}
_EVENTS = pa.schema(_COLUMNS)


@dataclass(frozen=True, slots=True)
class Tried:
    """One example of a rule: what it expects, what came of it, and whether that is the same, to the sentence."""

    rule: str
    expect: str
    about: str
    came: str
    reason: str | None
    right: bool


def try_pack(pack: Pack) -> list[Tried]:
    """Every rule of the pack on every one of its examples, in order."""
    return [try_example(pack, rule, example) for rule in pack.rules for example in rule.examples]


def try_example(pack: Pack, rule: Rule, example: Example) -> Tried:
    """The rule on one of its examples; came: fires, just_misses (it could be evaluated) or lacks (it could not)."""
    fired = fire(rule, records(example), PERIOD)
    concerns = concerns_of(rule, pack, fired).to_pyarrow().to_pylist()
    came = "fires" if concerns else "lacks" if fired.untold.count().to_pyarrow().as_py() else "just_misses"
    reason = str(concerns[0]["reason"]) if concerns else None
    return Tried(
        rule.id, example.expect, example.about, came, reason, (came, reason) == (example.expect, example.reason)
    )


def records(example: Example) -> Records:
    """The example's records as a rule sees them."""
    rows = []
    for number, event in enumerate(example.events):
        start, precision = moment_of(event.start) if event.start else (None, None)
        end, end_precision = moment_of(event.end) if event.end else (None, None)
        rows.append({
            "person_id": CHILD, "event_id": f"event {number + 1}", "agency": event.agency, "form": event.form or event.agency,
            "case_ref": event.case, "type": event.type, "start": start,
            "day": start.date() if start and precision in ("minute", "day") else None,
            "start_precision": precision, "end": end, "end_precision": end_precision, "until": end.date() if end else None, "outcome": event.outcome,
            "details": json.dumps(event.details) if event.details else None,
        })  # fmt: skip
    children = ibis.memtable(pa.table({"person_id": pa.array([CHILD], pa.string())}))
    return Records(children, ibis.memtable(pa.Table.from_pylist(rows, _EVENTS)))
