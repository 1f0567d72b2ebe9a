"""Dates and moments in the ways people write them, to a value and how much of it is known.

Day before month, always: a date that only makes sense the American way round is a fault, never swapped in silence.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache

from joinedup.collect.values.text import is_absent

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

EXPECTED = "a date, day first: 03/04/2011, 3 Apr 2011 or 2011-04-03; April 2011 or 2011 where no more is known"
NO_SUCH_DAY = "a day that exists in the calendar"
NO_SUCH_MONTH = "day before month, as in 31/12/2011; no month has so high a number"
NO_SUCH_TIME = "a time between 00:00 and 23:59"
NOT_YET_BORN = "a date of birth no later than the end of the inquiry's period"
TOO_EARLY = "a year from 1880"
_EARLIEST_YEAR = 1880
_EVENT_YEARS_AHEAD = 20

_SERIAL_ORIGIN = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - local time, as everywhere
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 73_050
"""Five digits taken for a spreadsheet's day number: 18 May 1927 to 31 December 2099."""


@dataclass(frozen=True, slots=True)
class DateOptions:
    """How to read dates of one column.

    `latest_year` fixes the century of two-digit years: the last that is not after it for a birth; for an event up to
    twenty years after it. `unknown` are the dates the agency writes for an unknown date of birth, as it writes them.
    """

    latest_year: int = 2099
    birth: bool = False
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A moment at the start of what is known, how much is known, or what was expected instead.

    `precision` is minute, day, month, year or placeholder; both are None where the cell is empty or at fault.
    """

    value: datetime.datetime | None = None
    precision: str | None = None
    fault: str | None = None


class _FaultError(Exception):
    """What was expected in place of this value."""


_TIME = (
    r"(?:[ T,]+(?:at +)?(?P<hour>\d{1,2})[:.h]?(?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r" *(?P<half>[ap]\.?m\.?)?(?:hrs?|hours)? *(?P<zone>Z|UTC|GMT|BST|[+-]\d{2}:?\d{2})?)?$"
)
_DAY = r"(?P<day>\d{1,2}) ?(?:st|nd|rd|th)?"
_NAME = r"(?P<name>[A-Za-z]{3,9})\.?"
_YEAR = r"(?P<year>\d{4}|'?\d{2})"
_GAP = r"[-/., ]+"

_SHAPES: tuple[re.Pattern[str], ...] = tuple(
    re.compile("^" + shape, re.IGNORECASE)
    for shape in (
        r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})" + _TIME,
        r"(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ]" + _YEAR + _TIME,
        _DAY + r"(?: of)?[-/., ]*" + _NAME + r"[-/., ]*" + _YEAR + _TIME,
        _NAME + r" *" + _DAY + r"[, ]+" + _YEAR + _TIME,
        r"(?P<year>\d{4})" + _GAP + _NAME + _GAP + r"(?P<day>\d{1,2})" + _TIME,
        _NAME + _GAP + r"(?P<year>\d{4}|'\d{2})$",
        _NAME + r"-" + _YEAR + "$",
        r"(?P<year>\d{4})" + _GAP + _NAME + "$",
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})$",
        r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})$",
        r"(?P<year>\d{4})$",
    )
)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]? +", re.IGNORECASE)
_SERIAL = re.compile(r"^(\d{5})(?:[.,](\d+))?$")
_EIGHT = re.compile(r"^\d{8}$")


def parse_moment(raw: str, options: DateOptions | None = None) -> ParsedDate:
    """The moment a cell states, with its precision, or what was expected instead.

    Midnight is taken for a day without a time, because that is what software writes for one. A time with a zone
    becomes local (United Kingdom) time.

    >>> parse_moment("03/04/2011 22:15")
    ParsedDate(value=datetime.datetime(2011, 4, 3, 22, 15), precision='minute', fault=None)
    >>> parse_moment("31/02/2011").fault
    'a day that exists in the calendar'
    """
    options = options or DateOptions()
    text = " ".join(raw.replace("\u2013", "-").replace("\u2019", "'").split())
    if is_absent(text):
        return ParsedDate()
    try:
        value, precision = _read(_WEEKDAY.sub("", text), options)
    except _FaultError as fault:
        return ParsedDate(fault=str(fault))
    if value.year < _EARLIEST_YEAR:
        return ParsedDate(fault=TOO_EARLY)
    if options.birth and value.year > options.latest_year:
        return ParsedDate(fault=NOT_YET_BORN)
    return ParsedDate(value, precision)


def parse_date(raw: str, options: DateOptions | None = None) -> ParsedDate:
    """The day a cell states, its time of day left out; for births, placeholders are told apart.

    1 January, and any date the agency declares to mean 'unknown', has precision 'placeholder'.

    >>> parse_date("3rd April 2011").precision, parse_date("April 2011").precision, parse_date("40636").value.isoformat()
    ('day', 'month', '2011-04-03T00:00:00')
    >>> parse_date("01/01/1996", DateOptions(2011, birth=True)).precision
    'placeholder'
    """
    options = options or DateOptions()
    found = parse_moment(raw, options)
    if found.value is None:
        return found
    day = found.value.replace(hour=0, minute=0)
    precision = "day" if found.precision == "minute" else found.precision
    if options.birth and precision == "day" and ((day.month, day.day) == (1, 1) or day in _declared(options)):
        precision = "placeholder"
    return ParsedDate(day, precision)


@cache
def _declared(options: DateOptions) -> frozenset[datetime.datetime]:
    """The days the agency writes for 'unknown', in any accepted way of writing them."""
    plain = DateOptions(options.latest_year)
    found = (parse_moment(text, plain).value for text in options.unknown)
    return frozenset(value for value in found if value is not None)


def _read(text: str, options: DateOptions) -> tuple[datetime.datetime, str]:
    if serial := _SERIAL.match(text):
        return _from_serial(serial)
    if _EIGHT.match(text):
        return _from_eight(text, options)
    for shape in _SHAPES:
        found = shape.match(text)
        if found and (month := _month(found.groupdict())) is not None:
            return _from_parts(found.groupdict(), month, options)
    raise _FaultError(EXPECTED)


def _from_serial(found: re.Match[str]) -> tuple[datetime.datetime, str]:
    days = int(found[1])
    if not _FIRST_SERIAL <= days <= _LAST_SERIAL:
        raise _FaultError(EXPECTED)
    minutes = round(float(f"0.{found[2] or 0}") * 1440)
    return _SERIAL_ORIGIN + datetime.timedelta(days=days, minutes=minutes), "minute" if minutes else "day"


def _from_eight(text: str, options: DateOptions) -> tuple[datetime.datetime, str]:
    """Eight digits: year first where that is a day from 1880 on, else day first."""
    for year, month, day in ((text[:4], text[4:6], text[6:]), (text[4:], text[2:4], text[:2])):
        try:
            value = datetime.datetime(int(year), int(month), int(day))  # noqa: DTZ001 - local time
        except ValueError:
            continue
        if _EARLIEST_YEAR <= value.year <= options.latest_year + _EVENT_YEARS_AHEAD:
            return value, "day"
    raise _FaultError(NO_SUCH_DAY)


def _month(parts: dict[str, str | None]) -> int | None:
    """The month stated: 0 where none is; None where a word stands that is no month."""
    if name := parts.get("name"):
        return _MONTHS.get(name.lower())
    return int(parts.get("month") or 0)


def _from_parts(parts: dict[str, str | None], month: int, options: DateOptions) -> tuple[datetime.datetime, str]:
    year = _year(parts["year"] or "", options)
    day = int(parts.get("day") or 0)
    if month > 12:
        raise _FaultError(NO_SUCH_MONTH)
    if (parts.get("day") is not None and not day) or ((parts.get("month") or "1").strip("0") == ""):
        raise _FaultError(NO_SUCH_DAY)
    try:
        value = datetime.datetime(year, month or 1, day or 1)  # noqa: DTZ001 - local time
    except ValueError:
        raise _FaultError(NO_SUCH_DAY) from None
    if not day:
        return value, "month" if month else "year"
    return _with_time(value, parts)


def _year(text: str, options: DateOptions) -> int:
    digits = text.lstrip("'")
    if len(digits) == 4:
        return int(digits)
    latest = options.latest_year if options.birth else min(options.latest_year + _EVENT_YEARS_AHEAD, 2099)
    year = latest // 100 * 100 + int(digits)
    return year if year <= latest else year - 100


def _with_time(day: datetime.datetime, parts: dict[str, str | None]) -> tuple[datetime.datetime, str]:
    if not parts.get("hour"):
        return day, "day"
    hour, minute = int(parts["hour"] or 0), int(parts["minute"] or 0)
    if half := (parts.get("half") or "").lower():
        if not 1 <= hour <= 12:
            raise _FaultError(NO_SUCH_TIME)
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23 or minute > 59 or int(parts.get("second") or 0) > 60:
        raise _FaultError(NO_SUCH_TIME)
    if not hour and not minute:
        return day, "day"
    return _local(day.replace(hour=hour, minute=minute), (parts.get("zone") or "").upper()), "minute"


def _local(moment: datetime.datetime, zone: str) -> datetime.datetime:
    """The moment in local time: an offset is taken off, then an hour added in summer time."""
    if zone in ("", "BST") or (zone == "GMT"):
        return moment
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        offset = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        moment -= offset if zone[0] == "+" else -offset
    start, end = _last_sunday(moment.year, 3), _last_sunday(moment.year, 10)
    return moment + datetime.timedelta(hours=1) if start <= moment < end else moment


def _last_sunday(year: int, month: int) -> datetime.datetime:
    """01:00 on the last Sunday of a 31-day month: when the clocks change (Summer Time Order 2002)."""
    last = datetime.datetime(year, month, 31, 1)  # noqa: DTZ001 - local time
    return last - datetime.timedelta(days=(last.weekday() + 1) % 7)
