"""When a step was due: a standard's clock run from a moment, in hours, calendar days or working days."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa

from joinedup.registry.calendars import add_working_days
from joinedup.registry.standards import Standard


def with_due(table: ibis.Table, standard: Standard) -> ibis.Table:
    """`table` (with from_earliest and from_latest) with due_earliest and due_latest, the last minute in time.

    Hours run on every day and night. Days run to the end of the last of them: a clock that starts on a day has that day as
    its day nought. Calendar days are all days, working days those that are no weekend and no bank holiday of the nation.
    """
    clock = standard.clock
    if clock.unit == "hours":
        length = ibis.interval(hours=clock.length)
        return table.mutate(due_earliest=table.from_earliest + length, due_latest=table.from_latest + length)
    if clock.unit == "calendar_days":
        whole = ibis.interval(days=clock.length + 1) - ibis.interval(minutes=1)
        return table.mutate(
            due_earliest=table.from_earliest.truncate("D") + whole, due_latest=table.from_latest.truncate("D") + whole
        )
    ends = _ends(table, standard)
    low, high = ends.rename(from_day_low="from_day"), ends.rename(from_day_high="from_day")
    dated = table.mutate(from_day_low=table.from_earliest.date(), from_day_high=table.from_latest.date())
    both = dated.left_join(low, "from_day_low").rename(due_earliest="due").drop("from_day_low", "from_day_low_right")
    return both.left_join(high, "from_day_high").rename(due_latest="due").drop("from_day_high", "from_day_high_right")


def _ends(table: ibis.Table, standard: Standard) -> ibis.Table:
    """from_day and due of every different day from which a clock runs: few days, however many pathways."""
    days = table.select(day=table.from_earliest.date()).union(table.select(day=table.from_latest.date()), distinct=True)
    known = days.filter(days.day.notnull()).to_pyarrow()["day"].combine_chunks()
    start = known.to_numpy(zero_copy_only=False).astype("datetime64[D]")
    due = add_working_days(start, standard.clock.length, standard.nation)
    last_minute = due.astype("datetime64[m]") + np.timedelta64(24 * 60 - 1, "m")
    return ibis.memtable(
        pa.table(
            {"from_day": pa.array(start), "due": pa.array(last_minute.astype("datetime64[us]"), pa.timestamp("us"))}
        )
    )
