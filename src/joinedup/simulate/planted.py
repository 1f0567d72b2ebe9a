"""What the returns hold for each rule to find, worked out from what was planted, never by the program's own stages."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import numpy as np

from joinedup.simulate.filing import Filed
from joinedup.simulate.missing import NEVER, Episodes
from joinedup.simulate.population import Population
from joinedup.simulate.social import NO_FURTHER_ACTION, Referrals, open_work
from joinedup.simulate.truth import readable

_PERSISTENT = 0.1
_ADDED_UP = (
    "Adds up a form most of whose lines no record holds, and only for children of whom a record speaks already: what a "
    "filled form would say of a child is not simulated, and the weights and bands have golden tests of their own."
)
NOT_PLANTED = {"seraf_wales_sum": _ADDED_UP, "occ_2013_signs": _ADDED_UP}
"""The registered rules of which a region plants nothing, and why."""


@dataclass(frozen=True)
class Region:
    """What happened, and the rows that tell of it, as far as rules look at them."""

    population: Population
    episodes: Episodes
    referrals: Referrals
    missing: Filed
    """In the order of `episodes`."""
    care: dict[str, Filed]
    charities: Filed
    crimes: Filed
    youth_justice: Filed
    health: Filed
    schools: dict[str, Filed]
    exclusions: Filed


@dataclass(frozen=True)
class Concerned:
    """The children of one rule, a row for each and each agency that holds a part of what fires it.

    `sure`: the records, joined without error, fire it; else it is true of the child and a rule may find it. `hidden`: the
    children of whom no record could join the halves of it, so that nothing but joining without error would fire it.
    """

    person: np.ndarray
    agency: np.ndarray
    sure: np.ndarray
    hidden: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def concerned(person: np.ndarray, agency: np.ndarray, sure: np.ndarray | None = None) -> Concerned:
    """Each child and agency once, in order."""
    sure = np.ones(len(person), bool) if sure is None else sure
    rows = np.unique(np.stack([person, agency, sure]).astype(np.int64), axis=1)
    return Concerned(rows[0], rows[1], rows[2].astype(bool))


def repeated_within(person: np.ndarray, day: np.ndarray, agency: np.ndarray, least: int, within: int) -> Concerned:
    """The people with at least `least` different days within `within` days, and who holds their latest such days.

    >>> day = np.array(["2010-01-01", "2010-02-01", "2010-04-01", "2010-01-05"], dtype="datetime64[D]")
    >>> found = repeated_within(np.array([7, 7, 7, 8]), day, np.array([0, 1, 1, 0]), 3, 90)
    >>> found.person.tolist(), found.agency.tolist()
    ([7, 7], [0, 1])
    """
    when = day.astype("datetime64[D]").astype(np.int64)
    who, days_of = np.unique(np.stack([person.astype(np.int64), when]), axis=1) if len(person) else (person, when)
    reach = least - 1
    close = np.zeros(len(who), bool)
    if len(who) > reach:
        close[reach:] = (who[reach:] == who[: len(who) - reach]) & (
            days_of[reach:] - days_of[: len(who) - reach] <= within
        )
    last = np.full(int(person.max(initial=0)) + 1, np.iinfo(np.int64).min)
    np.maximum.at(last, who[close], days_of[close])
    inside = (when <= last[person]) & (when >= last[person] - within)
    return concerned(person[inside], agency[inside])


@dataclass(frozen=True)
class _Told:
    """Events of children in readable rows."""

    person: np.ndarray
    day: np.ndarray
    agency: np.ndarray

    def __add__(self, other: _Told) -> _Told:
        both = zip((self.person, self.day, self.agency), (other.person, other.day, other.agency), strict=True)
        return _Told(*(np.concatenate(pair) for pair in both))

    def rows(self, mask: np.ndarray) -> _Told:
        return _Told(self.person[mask], self.day[mask], self.agency[mask])


def _told(filed: Filed, day: str, mask: np.ndarray | None = None) -> _Told:
    """The rows of a form's first-named children in readable returns, by the day of one column."""
    keep = readable()[filed.agency] if mask is None else readable()[filed.agency] & mask
    when = np.asarray(filed.columns[day]).astype("datetime64[D]")
    return _Told(filed.named[0].person[keep], when[keep], filed.agency[keep])


def concerns(region: Region, joined: AbstractSet[tuple[int, int]]) -> dict[str, Concerned]:
    """For each rule on events the children whose records in readable returns, joined without error, fire it.

    `joined`: the councils and children whose returns, which name nobody, a pupil number joins to other records.
    """
    episodes, referrals = region.episodes, region.referrals
    police, care = _told(region.missing, "missing_from"), _told(region.care["missing"], "mis_start")
    everywhere = police + care
    never = _told(region.missing, "missing_from", (episodes.fate == NEVER) & ~np.isnat(episodes.end))
    council = readable()[referrals.council]
    closed = council & (referrals.fate == NO_FURTHER_ACTION)
    refused = _Told(referrals.child[closed], referrals.day[closed], referrals.council[closed])
    charity = _told(
        region.charities, "referred_on", np.asarray(region.charities.columns["outcome"]) == "No further action"
    )
    named = np.array(
        [text is not None and ("11A" in text or "24A" in text) for text in referrals.factors.tolist()], bool
    )
    factor = council & named & ~np.isnat(referrals.assessed_from)
    again = np.isin(np.asarray(region.health.columns["kind"]), ["Did not wait", "Did not attend", "Repeat attendance"])
    seen = _told(region.health, "contact_on", again)
    both = refused + charity
    return {
        "repeat_missing": repeated_within(everywhere.person, everywhere.day, everywhere.agency, 3, 90),
        "missing_no_return_interview": concerned(never.person, never.agency),
        "missing_24_hours": _long(region),
        "missing_from_home_and_care": _home_and_care(region, police, care),
        "exclusion_and_missing": _together(_told(region.exclusions, "excluded_on"), everywhere, 90),
        "repeat_no_further_action": _with_hidden(
            repeated_within(both.person, both.day, both.agency, 2, 365), refused, charity, joined
        ),
        "charity_referral_closed": repeated_within(charity.person, charity.day, charity.agency, 1, 365),
        "earlier_exploitation_factor": repeated_within(
            referrals.child[factor], referrals.assessed_from[factor], referrals.council[factor], 1, 1095
        ),
        "repeat_health_contacts": repeated_within(seen.person, seen.day, seen.agency, 3, 180),
        "persistent_absence": _absent(region),
    }


def _long(region: Region) -> Concerned:
    """Missing for 24 hours or more: by times, or by days that leave no doubt."""
    episodes, care = region.episodes, region.care["missing"]
    hours = (episodes.end - episodes.start).astype("timedelta64[m]").astype(float) / 60
    by_time = _told(region.missing, "missing_from", ~np.isnat(episodes.end) & (hours >= 24))
    first, last = (np.asarray(care.columns[name]).astype("datetime64[D]") for name in ("mis_start", "mis_end"))
    by_day = _told(care, "mis_start", ~np.isnat(last) & ((last - first).astype(int) >= 2))
    both = by_time + by_day
    return concerned(both.person, both.agency)


def _home_and_care(region: Region, police: _Told, care: _Told) -> Concerned:
    """Missing from home and from care within two years: the latest pair and all that lies between."""
    from_care = np.asarray(region.missing.columns["missing_kind"])[readable()[region.missing.agency]] == "care"
    return _together(police.rows(~from_care), police.rows(from_care) + care, 730)


def _together(one: _Told, other: _Told, within: int) -> Concerned:
    """The children with an event of both so many days apart or less: the latest such pair and all that lies between."""
    found: list[tuple[int, int]] = []
    for person in np.intersect1d(one.person, other.person).tolist():
        pairs = [
            (max(first, second), min(first, second))
            for first in one.day[one.person == person].astype(int).tolist()
            for second in other.day[other.person == person].astype(int).tolist()
            if abs(first - second) <= within
        ]
        if pairs:
            last, begin = max(pairs)
            for part in (one, other):
                inside = (part.person == person) & (part.day.astype(int) >= begin) & (part.day.astype(int) <= last)
                found += [(person, agency) for agency in part.agency[inside].tolist()]
    rows = np.array(found, dtype=np.int64).reshape(-1, 2)
    return concerned(rows[:, 0], rows[:, 1])


def _with_hidden(found: Concerned, refused: _Told, charity: _Told, joined: AbstractSet[tuple[int, int]]) -> Concerned:
    """What was found, with those hidden of whom it takes a council's nameless row and another agency's to see it."""
    open_to_all = np.array([pair in joined for pair in zip(refused.agency.tolist(), refused.person.tolist(), strict=True)], bool)  # fmt: skip
    seen = [refused.rows(open_to_all) + charity]
    alone = refused.rows(~open_to_all)
    seen += [alone.rows(alone.agency == council) for council in np.unique(alone.agency)]
    shown = [repeated_within(one.person, one.day, one.agency, 2, 365).person for one in seen if len(one.person)]
    return replace(found, hidden=np.setdiff1d(found.person, np.concatenate([np.zeros(0, dtype=np.int64), *shown])))


def _absent(region: Region) -> Concerned:
    """Absent from a tenth or more of a term's sessions."""
    people, agencies = [], []
    for sheet in ("pupil_on_roll", "pupil_no_longer_on_roll"):
        rows = region.schools[sheet]
        missed = sum(
            np.asarray(rows.columns[f"sessions_{name}"]).astype(int) for name in ("authorised", "unauthorised")
        )
        possible = np.asarray(rows.columns["sessions_possible"]).astype(int)
        hit = readable()[rows.agency] & (missed >= possible * _PERSISTENT)
        people.append(rows.named[0].person[hit])
        agencies.append(rows.agency[hit])
    return concerned(np.concatenate(people), np.concatenate(agencies))


def looking(region: Region) -> tuple[np.ndarray, np.ndarray]:
    """The children with work open at the period's end, as the readable returns have it, and the agency whose work it is."""
    read, population, referrals = readable(), region.population, region.referrals
    social = read[referrals.council] & open_work(referrals)
    header = region.care["header"]
    person = header.named[0].person
    cared = read[header.agency] & np.isnat(population.care_to[person])
    crimes = region.crimes
    investigated = read[crimes.agency] & (np.asarray(crimes.columns["outcome_code"]) == "0")
    parts = [
        (referrals.child[social], referrals.council[social]),
        (person[cared], header.agency[cared]),
        _open(region.charities, "case_opened", "case_closed"),
        _open(region.youth_justice, "case_opened", "case_closed"),
        (crimes.named[0].person[investigated], crimes.agency[investigated]),
    ]
    people, agencies = (np.concatenate(column) for column in zip(*parts, strict=True))
    found = np.unique(np.stack([people, agencies]), axis=1)
    return found[0], found[1]


def unseen(found: dict[str, Concerned], work: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The children with a sure concern about whom no agency that holds a part of any concern has work open."""
    sure = [one.person[one.sure] for one in found.values()]
    holds = {pair for one in found.values() for pair in zip(one.person.tolist(), one.agency.tolist(), strict=True)}
    aware = [
        person for person, agency in zip(work[0].tolist(), work[1].tolist(), strict=True) if (person, agency) in holds
    ]
    return np.setdiff1d(np.concatenate(sure) if sure else np.zeros(0, int), np.array(aware, dtype=int))


def _open(filed: Filed, start: str, end: str) -> tuple[np.ndarray, np.ndarray]:
    begun, ended = np.asarray(filed.columns[start]), np.asarray(filed.columns[end])
    now = readable()[filed.agency] & ~np.isnat(begun) & np.isnat(ended)
    return filed.named[0].person[now], filed.agency[now]
