"""Concerns and rule coverage: each rule's test put into the shape a person reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.domain.numbers import Recipe, number_id
from joinedup.find.added_up import added_up
from joinedup.find.fired import CONCERNS, Fired
from joinedup.find.lasted import lasted
from joinedup.find.records import Records
from joinedup.find.repeated import repeated
from joinedup.find.shares import named_with, shares
from joinedup.find.step_absent import step_absent
from joinedup.find.tied import in_group, near_victim
from joinedup.find.together import share_of, together
from joinedup.registry.rules import Pack, Rule
from joinedup.settings import Period

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

DAY = "%-d %B %Y"
UNDATED = "a day not recorded"

TESTS: Mapping[str, Callable[[Records, Any, Period], Fired]] = {
    "repeated": repeated, "lasted": lasted, "step_absent": step_absent, "together": together, "share_of": share_of,
    "shares": shares, "named_with": named_with, "in_group": in_group, "near_victim": near_victim, "added_up": added_up,
}  # fmt: skip
"""How each kind of test of the registry is tried."""


@dataclass(frozen=True)
class Tried:
    """A rule tried over all children: its concerns, evidence and untold, worked out (see Fired)."""

    rule: Rule
    pack: Pack
    concerns: pa.Table
    evidence: pa.Table
    untold: pa.Table


def fire(rule: Rule, records: Records, period: Period) -> Fired:
    """The rule's test over all children."""
    return TESTS[rule.test.kind](records, rule.test, period)


def tried(rule: Rule, pack: Pack, records: Records, period: Period) -> Tried:
    """The rule's test over all children, worked out."""
    fired = fire(rule, records, period)
    concerns = fired.concerns.to_pyarrow()
    for name in ("band", "items"):
        if name not in concerns.column_names:
            concerns = concerns.append_column(name, pa.nulls(concerns.num_rows, pa.string()))
    named = pa.array([rule.id] * concerns.num_rows, pa.string())
    concerns = concerns.select(CONCERNS.names).cast(CONCERNS).append_column("rule", named)
    evidence = fired.evidence.select("person_id", "event_id", "agency").to_pyarrow()
    evidence = evidence.append_column("rule", pa.array([rule.id] * evidence.num_rows, pa.string()))
    return Tried(rule, pack, concerns, evidence, fired.untold.to_pyarrow())


def concerns_of(found: Sequence[Tried]) -> ibis.Table:
    """The concerns of all the rules, in the shape of the table `concerns`."""
    concerns = ibis.memtable(pa.concat_tables([one.concerns for one in found]))
    evidence = ibis.memtable(pa.concat_tables([one.evidence for one in found]))
    key = ["person_id", "rule"]
    behind = evidence.group_by(key).aggregate(
        evidence=_json_list(evidence, "event_id"),
        agencies=evidence.agency.collect(distinct=True, order_by=evidence.agency).join("|"),
    )
    joined = concerns.join(ibis.memtable(_said(found)), "rule").join(behind, key)
    values = {
        "count": joined["count"].cast("string"),
        "first": joined["first"].strftime(DAY).fill_null(UNDATED),
        "last": joined["last"].strftime(DAY).fill_null(UNDATED),
        "band": joined.band.fill_null(""),
        "items": joined["items"].fill_null(""),
    }
    missing = joined.missing.replace("{count}", joined.gaps.cast("string"))
    return joined.select(
        "person_id",
        "rule",
        "pack",
        reason=_filled(joined.reason, values),
        evidence="evidence",
        agencies="agencies",
        window_start="first",
        window_end="last",
        not_recorded=ibis.ifelse(joined.gaps > 0, missing, ibis.null("string")),
        clears="clears",
    )


def _said(found: Sequence[Tried]) -> pa.Table:
    """What the rules say, one row each: rule, pack, reason, missing, clears."""
    rows = [
        {
            "rule": one.rule.id, "pack": one.pack.label, "reason": one.rule.reason, "missing": one.rule.not_recorded,
            "clears": one.rule.clears,
        }
        for one in found
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def _filled(template: ibis.Value, values: Mapping[str, ibis.Value]) -> ibis.Value:
    """The template with each {name} replaced by the text of that name, row by row."""
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template


def _json_list(table: ibis.Table, column: str) -> ibis.Value:
    """A JSON list of the column's values in order; the values are ids that need no escaping."""
    listed = table[column].collect(distinct=True, order_by=table[column]).join('","')
    return ibis.literal('["') + listed + ibis.literal('"]')


def coverage_of(found: Sequence[Tried], children: ibis.Table) -> list[dict[str, object]]:
    """The rows of the table `rule_coverage`: for each rule fired + not_fired + not_evaluable is every child."""
    everyone = pc.unique(children.to_pyarrow()["person_id"])
    rows: list[dict[str, object]] = []
    for one in found:
        did = len(pc.unique(one.concerns["person_id"]))
        cannot = int(pc.sum(pc.is_in(everyone, value_set=pc.unique(one.untold["person_id"]))).as_py() or 0)
        rows.append({
            "rule": one.rule.id, "pack": one.pack.label, "fired": did, "not_fired": len(everyone) - did - cannot,
            "not_evaluable": cannot, "number_id": number_id("rule", one.rule.id),
            "recipe": Recipe("concerns", {"rule": one.rule.id}, "person_id").to_json(),
        })  # fmt: skip
    return rows


def untold_of(found: Sequence[Tried]) -> pa.Table:
    """person_id and rule of what could not be evaluated, of children for whom some rule fired."""
    concerned = pc.unique(pa.concat_tables([one.concerns for one in found])["person_id"])
    parts = []
    for one in found:
        people = one.untold["person_id"].filter(pc.is_in(one.untold["person_id"], value_set=concerned))
        parts.append(pa.table({"person_id": people, "rule": pa.array([one.rule.id] * len(people), pa.string())}))
    return pa.concat_tables(parts)
