"""Working days: Monday to Friday without the bank holidays of a nation of the United Kingdom."""

from __future__ import annotations

from functools import cache
from typing import Literal

import holidays
import numpy as np
import numpy.typing as npt

Nation = Literal["england", "wales", "scotland", "northern_ireland"]

_SUBDIVISIONS: dict[Nation, str] = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}

Days = npt.NDArray[np.datetime64]


@cache
def bank_holidays(nation: Nation, first_year: int, last_year: int) -> tuple[str, ...]:
    """The nation's bank holidays from the first to the last of these years, as ISO dates in order.

    Source: the `holidays` library, whose United Kingdom calendar follows gov.uk/bank-holidays.
    """
    found = holidays.country_holidays(
        "GB", subdiv=_SUBDIVISIONS[nation], years=range(first_year, last_year + 1), language="en_GB"
    )
    return tuple(sorted(day.isoformat() for day in found))


def add_working_days(days: Days, count: int, nation: Nation) -> Days:
    """The day on which `count` working days have passed after each of `days`; the day itself is day nought.

    A clock that starts on a weekend or bank holiday has its first working day on the next one. Days must be NumPy
    dates; a missing date gives a missing date.

    >>> add_working_days(np.array(["2011-04-21"], "datetime64[D]"), 1, "england")  # Easter follows
    array(['2011-04-26'], dtype='datetime64[D]')
    """
    days = days.astype("datetime64[D]")
    known = ~np.isnat(days)
    result = np.full(days.shape, np.datetime64("NaT"), "datetime64[D]")
    if not known.any():
        return result
    years = days[known].astype("datetime64[Y]").astype(int) + 1970
    # Four calendar years of 250 working days are more than enough room for the longest clock there is.
    last = int(years.max()) + 2 + count // 250
    closed = np.array(bank_holidays(nation, int(years.min()) - 1, last), "datetime64[D]")
    result[known] = np.busday_offset(days[known], count, roll="backward", holidays=closed)
    return result
