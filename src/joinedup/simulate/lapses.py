"""What councils and charities left undone: late conferences, closings without reason, in bulk or while a child was missing.

Laid over referrals and answers that are already made, with a stream of chance of its own, so that nothing else moves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from joinedup.simulate.arrays import either
from joinedup.simulate.dates import working_days_after
from joinedup.simulate.filing import Filed
from joinedup.simulate.missing import Episodes
from joinedup.simulate.region import AGENCIES, LAST_RECORD
from joinedup.simulate.region import agency as find_agency
from joinedup.simulate.social import NO_FURTHER_ACTION, Referrals

BULK_COUNCIL = "harrowdale-council"
LEAST_IN_BULK = 15
"""Fewer cases than this in one month are not planted as bulk: no rule could tell them from chance."""
_NAT = np.datetime64("NaT")
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Bulk:
    """Cases closed, or children taken off a list, in one month: the agency, and the row and day of one of them."""

    agency: int
    row: int
    day: np.datetime64
    many: bool = True
    """Whether they are so many that a rule could tell them from chance."""


def lapse(rng: np.random.Generator, episodes: Episodes, referrals: Referrals) -> tuple[Referrals, list[Bulk]]:
    """The referrals with conferences late or not held, closings while a child was missing, and a month of bulk closing."""
    changed = _conferences(rng, referrals)
    changed = _while_missing(rng, episodes, changed)
    return _in_bulk(rng, changed)


def _conferences(rng: np.random.Generator, referrals: Referrals) -> Referrals:
    """Some conferences held after 18 to 30 working days, some never; nothing is planted near the fifteen."""
    conference, protected = referrals.conference.copy(), ~np.isnat(referrals.protection_from)
    enquired = ~np.isnat(referrals.enquiry)
    safe = np.where(enquired, referrals.enquiry, np.datetime64("2010-01-04"))
    later = working_days_after(safe, rng.integers(18, 31, len(conference)))
    room = (later < np.datetime64(LAST_RECORD)) & (np.isnat(referrals.closed) | (later < referrals.closed))
    late = enquired & room & (rng.random(len(conference)) < 0.15)
    never = enquired & ~protected & ~late & (rng.random(len(conference)) < 0.15)
    conference = np.where(late, later, np.where(never, _NAT, conference)).astype("datetime64[D]")
    begins = np.where(late & protected, conference, referrals.protection_from).astype("datetime64[D]")
    return replace(referrals, conference=conference, protection_from=begins)


def last_step(referrals: Referrals) -> np.ndarray:
    """The last day on which anything but an ending happened in each case."""
    steps = [
        referrals.day, referrals.assessed_from, referrals.assessed_to, referrals.enquiry, referrals.conference,
        referrals.plan_from, referrals.protection_from,
    ]  # fmt: skip
    return np.asarray(np.fmax.reduce([step.astype("datetime64[D]") for step in steps]))


def _closed_on(referrals: Referrals, rows: np.ndarray, day: np.ndarray) -> Referrals:
    """The referrals with the cases of these rows closed on these days, plans with them."""
    closed, plan_to, protection_to = (
        one.copy() for one in (referrals.closed, referrals.plan_to, referrals.protection_to)
    )
    closed[rows] = day
    for ends, begins in ((plan_to, referrals.plan_from), (protection_to, referrals.protection_from)):
        ends[rows] = np.where(np.isnat(begins[rows]), _NAT, day)
    return replace(referrals, closed=closed, plan_to=plan_to, protection_to=protection_to)


def _while_missing(rng: np.random.Generator, episodes: Episodes, referrals: Referrals) -> Referrals:
    """Cases closed on a whole day of a missing episode, where the child had one long enough."""
    first = episodes.start.astype("datetime64[D]") + _DAY
    last = np.where(np.isnat(episodes.end), first, episodes.end.astype("datetime64[D]") - _DAY)
    long = np.flatnonzero((first <= last) & (rng.random(len(first)) < 0.5))
    of_child: dict[int, int] = {int(episodes.child[row]): int(row) for row in long[::-1]}
    can_close = ~np.isnat(referrals.closed) & (referrals.fate != NO_FURTHER_ACTION)
    begun = last_step(referrals)
    rows, days = [], []
    for row in np.flatnonzero(can_close).tolist():
        episode = of_child.get(int(referrals.child[row]))
        if episode is not None and first[episode] > begun[row] and episodes.police[episode] >= 0:
            of_child.pop(int(referrals.child[row]))
            rows.append(row)
            days.append(first[episode])
    return (
        _closed_on(referrals, np.array(rows, dtype=int), np.array(days, dtype="datetime64[D]")) if rows else referrals
    )


def _in_bulk(rng: np.random.Generator, referrals: Referrals) -> tuple[Referrals, list[Bulk]]:
    """All that one council had open for a month or more, closed on one day, where that is enough to be told from chance."""
    council = AGENCIES.index(find_agency(BULK_COUNCIL))
    day = np.datetime64("2009-06-01") + int(rng.integers(0, 400))
    open_then = np.isnat(referrals.closed) | (referrals.closed > day)
    worked = (referrals.fate != NO_FURTHER_ACTION) & ~np.isnat(referrals.assessed_to)
    mine = (referrals.council == council) & worked & open_then & (last_step(referrals) < day - np.timedelta64(10, "D"))
    rows = np.flatnonzero(mine)
    if len(rows) < LEAST_IN_BULK:
        return referrals, []
    return _closed_on(referrals, rows, np.full(len(rows), day)), [Bulk(council, int(rows[0]), day)]


def with_reasons(rng: np.random.Generator, rows: Filed) -> Filed:
    """The census's referrals with the reason for each closing, left out of some."""
    closed = ~np.isnat(np.asarray(rows.columns["closed"]))
    given = closed & (rng.random(len(rows)) >= 0.06)
    return replace(rows, columns={**rows.columns, "reason": either(given, "RC7", None)})


def answered(rng: np.random.Generator, charities: Filed) -> Filed:
    """The charities' referrals, a third of the answers within one working day."""
    asked, told = (np.asarray(charities.columns[name]) for name in ("referred_on", "outcome_date"))
    dated = ~np.isnat(told)
    soon = dated & (rng.random(len(charities)) < 0.35)
    safe = np.where(np.isnat(asked), np.datetime64("2010-01-04"), asked).astype("datetime64[D]")
    quick = working_days_after(safe, rng.integers(0, 2, len(charities)))
    # A day counts as nought or one working day later; from a weekend it never goes back before the referral.
    quick = np.maximum(quick, safe)
    return replace(
        charities, columns={**charities.columns, "outcome_date": np.where(soon, quick, told).astype("datetime64[D]")}
    )


def answer_failures(charities: Filed) -> np.ndarray:
    """Which referrals of charities were answered later than one working day, or never."""
    asked, told = (np.asarray(charities.columns[name]) for name in ("referred_on", "outcome_date"))
    safe = np.where(np.isnat(asked), np.datetime64("2010-01-04"), asked).astype("datetime64[D]")
    late = ~np.isnat(told) & (told > working_days_after(safe, np.ones(len(charities), dtype=int)))
    never = np.isnat(told) & (np.asarray(charities.columns["outcome"]) == "No reply")
    return np.asarray(~np.isnat(asked) & (late | never))


def conference_failures(referrals: Referrals) -> np.ndarray:
    """Which enquiries led to no initial conference within 15 working days."""
    enquired = ~np.isnat(referrals.enquiry)
    safe = np.where(enquired, referrals.enquiry, np.datetime64("2010-01-04"))
    due = working_days_after(safe, np.full(len(safe), 15))
    return np.asarray(enquired & (np.isnat(referrals.conference) | (referrals.conference > due)))
