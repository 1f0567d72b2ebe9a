"""A moment known to the minute, the day, the month or the year, as the earliest and latest it can have been."""

from __future__ import annotations

import ibis


def earliest(moment: ibis.Value, precision: ibis.Value) -> ibis.Value:
    """The earliest the moment can have been; empty when the moment is."""
    return ibis.cases(
        (precision == "minute", moment),
        (precision == "day", moment.truncate("D")),
        (precision == "month", moment.truncate("M")),
        (precision == "year", moment.truncate("Y")),
        else_=ibis.null("timestamp"),
    )


def latest(moment: ibis.Value, precision: ibis.Value) -> ibis.Value:
    """The latest the moment can have been, to the minute; empty when the moment is."""
    minute = ibis.interval(minutes=1)
    return ibis.cases(
        (precision == "minute", moment),
        (precision == "day", moment.truncate("D") + ibis.interval(days=1) - minute),
        (precision == "month", moment.truncate("M") + ibis.interval(months=1) - minute),
        (precision == "year", moment.truncate("Y") + ibis.interval(years=1) - minute),
        else_=ibis.null("timestamp"),
    )
