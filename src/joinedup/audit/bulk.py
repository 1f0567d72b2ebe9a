"""Closings in bulk: an agency's months held against the months about them."""

from __future__ import annotations

import datetime
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
from scipy.stats import false_discovery_control

from joinedup.audit.judged import BREACHED, MET, NOT_RECORDED, judged
from joinedup.audit.records import Records
from joinedup.registry.breach_rules import InBulk
from joinedup.stats.series import chance_of_count

Row = dict[str, Any]
_KEY = ("agency", "form", "type")


def in_bulk(rule: str, test: InBulk, records: Records) -> tuple[ibis.Table, ibis.Table]:
    """The judged months, and a pathway for each month in bulk: one of no child, holding every closing of the month.

    Every month between an agency's first and last such event is held against its neighbours; in a series too short to say
    anything the months that have any count as unknown. An event whose day is not known to the month is left out.
    """
    events = records.told.events
    dated = events.filter(events.type.isin(test.events) & events.start_precision.isin(["minute", "day", "month"]))
    dated = dated.mutate(month=dated.start.date().truncate("M"))
    counted = dated.group_by([*_KEY, "month"]).aggregate(number=dated.count())
    months = _judge(test, counted.order_by([*_KEY, "month"]).to_pyarrow().to_pylist())
    for row in months:
        row["pathway_id"] = f"b_{rule}_{row['agency']}_{row['form']}_{row['month']:%Y-%m}"
    table = ibis.memtable(pa.Table.from_pylist(months, _SCHEMA))
    steps = table.filter(table.state == BREACHED)
    behind = dated.join(steps.select("pathway_id", *_KEY, "month"), [*_KEY, "month"])
    listed = behind.group_by("pathway_id").aggregate(
        events=ibis.literal('["') + behind.event_id.group_concat('","', order_by=behind.event_id) + ibis.literal('"]'),
        started=behind.start.min(), ended=behind.start.max(),
    )  # fmt: skip
    joined = table.left_join(listed, "pathway_id").drop("pathway_id_right")
    said = joined.month.cast("timestamp").strftime("%B %Y")
    told = judged(joined, day=said, count=joined.number, done=joined.ended, evidence=joined.events)
    pathways = joined.filter(joined.state == BREACHED).select(
        "pathway_id", kind=ibis.literal("closures"), person_id=ibis.null("string"), agency="agency", started="started",
        ended="ended", events="events",
    )  # fmt: skip
    return told, pathways


_COLUMNS: dict[str, pa.DataType] = {
    **dict.fromkeys(("pathway_id", *_KEY, "state"), pa.string()),
    "month": pa.date32(),
    "number": pa.int64(),
    "expected": pa.int64(),
}
_SCHEMA = pa.schema(_COLUMNS)


def _judge(test: InBulk, rows: list[Row]) -> list[Row]:
    """Every month of every series with its expected number and state; the false discovery rate is over all of them."""
    series: dict[tuple[str, ...], dict[datetime.date, int]] = {}
    for row in rows:
        series.setdefault(tuple(row[name] for name in _KEY), {})[row["month"]] = row["number"]
    judged_months: list[Row] = []
    chances: list[float] = []
    for key, counts in sorted(series.items()):
        months = _months(min(counts), max(counts))
        own = dict(zip(_KEY, key, strict=True))
        if len(months) < test.months:
            short = [month for month in months if month in counts]
            judged_months += [
                {**own, "month": month, "number": counts[month], "state": NOT_RECORDED} for month in short
            ]
            chances += [1.0] * len(short)
            continue
        numbers = np.array([counts.get(month, 0) for month in months])
        expected, chance = chance_of_count(numbers)
        chances += chance.tolist()
        judged_months += [
            {**own, "month": month, "number": number, "expected": round(mean), "state": MET, "mean": mean}
            for month, number, mean in zip(months, numbers.tolist(), expected.tolist(), strict=True)
        ]
    adjusted = false_discovery_control(np.array(chances)) if chances else np.zeros(0)
    for row, chance in zip(judged_months, adjusted.tolist(), strict=True):
        mean = row.pop("mean", None)
        many = mean is not None and row["number"] >= max(test.least, test.times * mean)
        if many and chance <= test.false_discovery:
            row["state"] = BREACHED
    return judged_months


def _months(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The first day of every month from the one to the other."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [datetime.date(number // 12, number % 12 + 1, 1) for number in numbers]
