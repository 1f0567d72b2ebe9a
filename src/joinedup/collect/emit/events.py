"""What the rows say happened or was done: the tables `events` and `involvements`."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from joinedup.collect.emit.arrow import Array, pc
from joinedup.collect.emit.columns import (
    SEPARATOR,
    among,
    any_holds,
    constant,
    details,
    key,
    nothing,
    part,
    raw,
    text,
)
from joinedup.collect.emit.mentions import Named
from joinedup.collect.emit.merging import distinct, merge
from joinedup.collect.emit.rows import Rows
from joinedup.registry.forms import EventRule, Involve

_MOMENT = pa.timestamp("us")
_STRENGTH = pa.array(["known", "charged", "suspected", "alleged", "at_risk", "not_stated"])
"""From the strongest: of two statuses one row each for the same part in the same event, the stronger is kept."""


def happened(rows: Rows, rule: EventRule) -> Array:
    """The event's id on each row that tells of it; empty on the others."""
    present = any_holds(rows.table, rows.sheet, rule.when)
    for column, codes in rule.when_code.items():
        present = pc.and_(present, pc.fill_null(among(rows.table, rows.sheet, column, codes), fill_value=False))
    return pc.if_else(present, rows.ids("e", f"{rows.sheet.id}.{rule.id}", rule.key), pa.scalar(None, pa.string()))


def started(rows: Rows, rule: EventRule) -> Array:
    """When the event began, row for row, as a moment."""
    return _moment(rows, rule.start)[0]


def event_rows(rows: Rows, rule: EventRule, ids: Array) -> pa.Table:
    """The rows of the table `events` that one rule makes of one sheet, each event once."""
    table, sheet, length = rows.table, rows.sheet, len(rows)
    start, start_precision = _moment(rows, rule.start)
    end, end_precision = _moment(rows, rule.end)
    code, scheme = _code(rows, rule.code)
    place, place_raw = _place(rows, rule.place)
    found = pa.table(
        {
            "event_id": ids,
            **rows.places(),
            "source_ref": text(table, sheet, rule.source_ref) if rule.source_ref else nothing(length),
            "case_ref": _case(rows, rule.case_ref),
            "type": constant(rule.type, length),
            "start": start,
            "start_precision": start_precision,
            "end": end,
            "end_precision": end_precision,
            "code": code,
            "scheme": scheme,
            "outcome": _outcome(rows, rule.outcome),
            "place": place,
            "place_raw": place_raw,
            "details": details(table, sheet, rule.details),
            "_key": rows.keys,
        }
    ).filter(pc.is_valid(ids))
    if rule.key:
        found = merge(found, "event_id", ["_key"])
    return found.drop_columns(["_key"])


def involvement_rows(rows: Rows, rule: EventRule, ids: Array, people: Mapping[str, Named]) -> list[pa.Table]:
    """The rows of the table `involvements` that one rule makes of one sheet."""
    found = []
    for involve in rule.involve:
        named = people[involve.mention]
        table = pa.table(
            {
                "mention_id": named.ids,
                "event_id": ids,
                "role": constant(involve.role, len(rows)) if involve.role else named.roles,
                "status": _status(rows, involve),
                "basis": constant(involve.basis, len(rows)),
            }
        ).filter(pc.and_(pc.is_valid(ids), named.present))
        found.append(_once(table) if rule.key or named.rule.key else table)
    return found


def _once(table: pa.Table) -> pa.Table:
    strength = pc.fill_null(pc.index_in(table.column("status"), value_set=_STRENGTH), len(_STRENGTH))
    ranked = table.append_column("_strength", strength)
    return distinct(ranked, ["event_id", "mention_id", "role"], ["_strength"]).drop_columns(["_strength"])


def _moment(rows: Rows, column: str | None) -> tuple[Array, Array]:
    if column is None:
        return nothing(len(rows), _MOMENT), nothing(len(rows))
    kind = pa.date32() if rows.sheet.column(column).type == "date" else _MOMENT
    value = part(rows.table, column, "value", kind).cast(_MOMENT)
    precision = part(rows.table, column, "precision")
    placeholder = pc.fill_null(pc.equal(precision, "placeholder"), fill_value=False)
    return value, pc.if_else(placeholder, pa.scalar("day"), precision)


def _case(rows: Rows, columns: tuple[str, ...]) -> Array:
    if not columns:
        return nothing(len(rows))
    return pc.replace_substring(key(rows.table, rows.sheet, columns), SEPARATOR, "|")


def _code(rows: Rows, column: str | None) -> tuple[Array, Array]:
    if column is None:
        return nothing(len(rows)), nothing(len(rows))
    code = text(rows.table, rows.sheet, column)
    registered = rows.sheet.column(column).codes
    scheme = constant(registered, len(rows))
    return code, pc.if_else(pc.is_valid(code), scheme, pa.scalar(None, pa.string()))


def _outcome(rows: Rows, outcome: str | None) -> Array:
    if outcome is None:
        return nothing(len(rows))
    if outcome.startswith("="):
        return constant(outcome[1:], len(rows))
    if rows.sheet.column(outcome).type == "code":
        return part(rows.table, outcome, "means")
    return text(rows.table, rows.sheet, outcome)


def _place(rows: Rows, column: str | None) -> tuple[Array, Array]:
    if column is None:
        return nothing(len(rows)), nothing(len(rows))
    folded = part(rows.table, column, "fold")
    return folded, pc.if_else(pc.is_valid(folded), raw(rows.table, column), pa.scalar(None, pa.string()))


def _status(rows: Rows, involve: Involve) -> Array:
    statuses = {"known", "suspected", "at_risk", "alleged", "charged", "not_stated"}
    if involve.status is None:
        status = nothing(len(rows))
    elif involve.status in statuses:
        status = constant(involve.status, len(rows))
    else:
        # A list that has a place for the status and leaves it empty does not say: that is an answer of its own.
        status = pc.fill_null(part(rows.table, involve.status, "value"), "not_stated")
    for when in reversed(involve.status_when):
        hit = pc.fill_null(among(rows.table, rows.sheet, when.column, when.among), fill_value=False)
        status = pc.if_else(hit, constant(when.status, len(rows)), status)
    return status
