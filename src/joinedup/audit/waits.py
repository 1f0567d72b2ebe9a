"""How long each standard's step took, open cases included: the Kaplan-Meier curve at set times, and quarters as an XmR chart."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt

from joinedup.audit.told import ALL
from joinedup.domain.numbers import Recipe, number_id
from joinedup.registry.calendars import bank_holidays
from joinedup.registry.standards import Standard
from joinedup.stats.series import control_chart
from joinedup.stats.timeliness import kaplan_meier

Row = dict[str, Any]
TIMES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
"""Where the curve is read: these many times the clock's length."""
LEAST = 20
"""An agency with fewer cases has no curve of its own."""
LEAST_QUARTERS = 6


def waits(
    standard: Standard, held: ibis.Table, last: datetime.date
) -> tuple[list[str], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """For each case that can be timed its agency, the wait in the clock's unit, and whether the step was taken.

    A case without the step waits to the end of the data's last day, if its record would show the step. Left out are cases
    whose record cannot tell, and steps recorded before their clock began. Moments known to the day are taken at its start.
    """
    kept = held.filter((held.done.notnull() & ~held.too_early.fill_null(False)) | (held.step_id.isnull() & held.told))
    kept = kept.filter(held.began.notnull()).order_by("pathway_id")
    table = kept.select("agency", "began", "done").to_pyarrow()
    agencies: list[str] = table["agency"].to_pylist()
    began = _moments(table["began"])
    ended = _moments(table["done"])
    done = ~np.isnat(ended)
    end_of_data = np.datetime64(last, "m") + np.timedelta64(24 * 60 - 1, "m")
    waited = _between(standard, began, np.where(done, ended, end_of_data))
    return agencies, np.maximum(waited, 0.0), done


def _moments(column: Any) -> npt.NDArray[np.datetime64]:
    found: npt.NDArray[np.datetime64] = column.to_numpy().astype("datetime64[m]")
    return found


def _between(
    standard: Standard, start: npt.NDArray[np.datetime64], end: npt.NDArray[np.datetime64]
) -> npt.NDArray[np.float64]:
    """The time between, in the clock's unit."""
    if standard.clock.unit == "hours":
        return np.asarray((end - start).astype(float) / 60)
    first, last = start.astype("datetime64[D]"), end.astype("datetime64[D]")
    if standard.clock.unit == "calendar_days" or not len(first):
        return np.asarray((last - first).astype(float))
    years = np.concatenate([first, last]).astype("datetime64[Y]").astype(int) + 1970
    closed = np.array(bank_holidays(standard.nation, int(years.min()), int(years.max()) + 1), "datetime64[D]")
    one = np.timedelta64(1, "D")
    return np.busday_count(first + one, last + one, holidays=closed).astype(float)


def timeliness_of(standard: Standard, held: ibis.Table, last: datetime.date) -> list[Row]:
    """The standard's rows of the table `timeliness`: the curve of all agencies together, and of each with cases enough."""
    agencies, waited, done = waits(standard, held, last)
    rows: list[Row] = []
    names = np.array(agencies, dtype=object)
    for agency in (ALL, *sorted({*agencies})):
        mine = np.ones(len(names), dtype=bool) if agency == ALL else names == agency
        if mine.sum() >= LEAST:
            rows += _curve(standard, agency, waited[mine], done[mine])
    return rows


def _curve(standard: Standard, agency: str, waited: npt.NDArray[np.float64], done: npt.NDArray[np.bool_]) -> list[Row]:
    curve = kaplan_meier(waited, done)
    rows = []
    for place, after in enumerate(_times(standard)):
        at_risk = int((waited >= after).sum())
        if at_risk == 0:
            break
        before = int(np.searchsorted(curve.times, after, side="right")) - 1
        lower, upper = (curve.lower[before], curve.upper[before]) if before >= 0 else (np.nan, np.nan)
        name = number_id("timeliness", standard.id, agency, str(place))
        rows.append({
            "rule": standard.id, "agency": agency, "unit": standard.clock.unit, "after": after, "at_risk": at_risk,
            "percent_taken": round(100 * (1 - curve.at(after)), 6), "lower": _percent(upper), "upper": _percent(lower),
            "number_id": name, "recipe": Recipe("timeliness", {"number_id": name}, total="percent_taken").to_json(),
        })  # fmt: skip
    return rows


def _times(standard: Standard) -> list[float]:
    """The times of a curve, in the clock's unit: days are whole, so a part of one counts as the day it ends on."""
    times = [part * standard.clock.length for part in TIMES]
    return times if standard.clock.unit == "hours" else list(dict.fromkeys(float(math.ceil(time)) for time in times))


def _percent(share: float) -> float | None:
    """The percentage of steps taken that a share still waiting leaves; empty where there is no limit."""
    return None if np.isnan(share) else round(100 * (1 - float(share)), 6)


def quarters_of(standard: Standard, held: ibis.Table) -> list[Row]:
    """The standard's rows of the table `audit_quarters`: by the quarter in which a step fell due, over all agencies."""
    due = held.filter(held.state != "not_due")
    quarter = due.due.year().cast("string") + ibis.literal(" Q") + due.due.quarter().cast("string")
    counted = due.group_by(quarter=quarter, state=due.state).aggregate(number=due.count()).to_pyarrow().to_pylist()
    states: dict[str, dict[str, int]] = {}
    for row in counted:
        states.setdefault(row["quarter"], {})[row["state"]] = row["number"]
    rows = [_quarter(standard, name, states[name]) for name in sorted(states)]
    return _charted(rows)


def _quarter(standard: Standard, name: str, states: dict[str, int]) -> Row:
    due, met, silent = sum(states.values()), states.get("met", 0), states.get("not_recorded", 0)
    number = number_id("quarter", standard.id, name)
    return {
        "rule": standard.id, "quarter": name, "due": due, "met": met, "not_recorded": silent,
        "share": met / (due - silent) if due > silent else None, "number_id": number,
        "recipe": Recipe("audit_quarters", {"number_id": number}, total="met").to_json(),
    }  # fmt: skip


def _charted(rows: Sequence[Row]) -> list[Row]:
    """The rows with the mean, limits and signal of an XmR chart of the share, where there are quarters enough."""
    told = [row for row in rows if row["share"] is not None]
    if len(told) < LEAST_QUARTERS:
        return list(rows)
    chart = control_chart(np.array([row["share"] for row in told]))
    for row, signal in zip(told, chart.signals, strict=True):
        row |= {"mean": chart.mean, "lower": max(0.0, chart.lower), "upper": min(1.0, chart.upper), "signal": signal}
    return list(rows)
