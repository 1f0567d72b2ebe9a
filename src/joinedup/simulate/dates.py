"""Dates as agencies write them, and the working days of England."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import holidays
import numpy as np

from joinedup.simulate.arrays import Texts, nothing, words

_MONTHS = words("January February March April May June July August September October November December")
_EXCEL_DAY_NOUGHT = np.datetime64("1899-12-30")

STYLES: dict[str, Callable[[int, int, int], str]] = {
    "slashes": lambda year, month, day: f"{day:02d}/{month:02d}/{year}",
    "iso": lambda year, month, day: f"{year}-{month:02d}-{day:02d}",
    "dashes": lambda year, month, day: f"{day}-{_MONTHS[month - 1][:3]}-{year % 100:02d}",
    "dots": lambda year, month, day: f"{day:02d}.{month:02d}.{year}",
    "words": lambda year, month, day: f"{day} {_MONTHS[month - 1]} {year}",
    "school": lambda year, month, day: f"{year}-{_MONTHS[month - 1][:3]}-{day:02d} 00:00:00",
}


@dataclass(frozen=True)
class BirthDates:
    """Dates of birth as recorded: the day, and how much of it is written (3 day, 2 month, 1 year, 0 nothing)."""

    day: np.ndarray
    precision: np.ndarray

    def written(self, style: str) -> Texts:
        """The dates in the agency's style; a month reads 'April 1996', a year '1996'."""
        text = days(self.day, style)
        years = (self.day.astype("datetime64[Y]").astype(int) + 1970).tolist()
        months = (self.day.astype("datetime64[M]").astype(int) % 12).tolist()
        for row in np.flatnonzero(self.precision < 3).tolist():
            known = int(self.precision[row])
            text[row] = (None, str(years[row]), f"{_MONTHS[months[row]]} {years[row]}")[known]
        return text

    def rows(self, mask: np.ndarray) -> BirthDates:
        """The dates of some rows."""
        return BirthDates(self.day[mask], self.precision[mask])


def days(values: np.ndarray, style: str) -> Texts:
    """Days as text in one style, nothing where there is no day.

    >>> days(np.array(["2011-04-03", "NaT"], dtype="datetime64[D]"), "dashes").tolist()
    ['3-Apr-11', None]
    """
    distinct, place = np.unique(values.astype("datetime64[D]"), return_inverse=True)
    texts = nothing(len(distinct))
    write = STYLES[style]
    for row, value in enumerate(distinct.tolist()):
        texts[row] = None if value is None else write(value.year, value.month, value.day)
    return texts[place]


def moments(values: np.ndarray, style: str) -> Texts:
    """Moments as text: the day in the agency's style and the time to the minute.

    >>> moments(np.array(["2011-04-03T22:15"], dtype="datetime64[m]"), "slashes").tolist()
    ['03/04/2011 22:15']
    """
    written = days(values.astype("datetime64[D]"), style)
    minutes = (values - values.astype("datetime64[D]").astype(values.dtype)).astype("timedelta64[m]").astype(int)
    return np.array(
        [
            None if day is None else f"{day} {minute // 60:02d}:{minute % 60:02d}"
            for day, minute in zip(written.tolist(), minutes.tolist(), strict=True)
        ],
        dtype=object,
    )


@cache
def _calendar() -> np.busdaycalendar:
    years = range(2007, 2013)
    return np.busdaycalendar(holidays=sorted(holidays.country_holidays("GB", subdiv="ENG", years=years)))


def working_days_after(start: np.ndarray, count: np.ndarray) -> np.ndarray:
    """The day that lies `count` working days after each start, bank holidays in England left out.

    >>> str(working_days_after(np.array(["2010-12-24"], dtype="datetime64[D]"), np.array([1]))[0])
    '2010-12-29'
    """
    return np.busday_offset(start, count, roll="backward", busdaycal=_calendar())


def working_days_between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """How many working days lie after each start, up to and with the end."""
    one = np.timedelta64(1, "D")
    return np.busday_count(start + one, end + one, busdaycal=_calendar())
