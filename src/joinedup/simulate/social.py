"""Children's services: referrals and what followed them (the children in need census), and children in care (SSDA903)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.simulate.arrays import Texts, blank, choose, either, local_ids, nothing, same
from joinedup.simulate.contacts import Referred
from joinedup.simulate.crime import day_within
from joinedup.simulate.dates import working_days_after
from joinedup.simulate.errors import Clerk, chance
from joinedup.simulate.ethnicity import as_education
from joinedup.simulate.filing import Filed, Named, covering
from joinedup.simulate.groups import Exploitation
from joinedup.simulate.lists import Seen
from joinedup.simulate.missing import Episodes
from joinedup.simulate.population import Population
from joinedup.simulate.region import LAST_RECORD, LAST_REFERRAL_LEFT_OPEN, PERIOD_START

ON_TIME, LATE, NEVER, NO_FURTHER_ACTION = range(4)
"""What became of a referral: assessed within 45 working days, later, not at all, or closed with no further action."""

_FATES = (0.42, 0.12, 0.05, 0.41)
_NAT = np.datetime64("NaT")


@dataclass(frozen=True)
class Referrals:
    """Referrals to children's services, one a row; days are NaT where nothing of the kind happened."""

    child: np.ndarray
    council: np.ndarray
    day: np.ndarray
    source: Texts
    fate: np.ndarray
    assessed_from: np.ndarray
    assessed_to: np.ndarray
    factors: Texts
    enquiry: np.ndarray
    conference: np.ndarray
    plan_from: np.ndarray
    plan_to: np.ndarray
    protection_from: np.ndarray
    protection_to: np.ndarray
    closed: np.ndarray
    need: Texts

    def __len__(self) -> int:
        return len(self.child)


def council_child_ids(council: np.ndarray, child: np.ndarray) -> Texts:
    """A council's own ids of children, the same in both of its returns."""
    return local_ids("LA", council, child)


def make_referrals(
    rng: np.random.Generator, population: Population, exploitation: Exploitation, seen: Seen, referred: Referred
) -> Referrals:
    """Every referral to a council: from charities as they made them, and from all others."""
    rate = np.where(np.isnat(population.care_from), 0.13, 0.6) * np.exp(0.5 * population.exposure)
    rate[exploitation.children] += np.where(seen.social_care, 0.7, 0.15)
    number = rng.poisson(rate)
    certain = exploitation.children[seen.social_care]
    number[certain] = np.maximum(number[certain], 1)
    others = np.repeat(np.arange(len(population)), number)
    child = np.concatenate([others, referred.child])
    sources = choose(rng, ["1A", "2A", "3A", "3E", "5A", "6", "9", "10"], [0.12, 0.22, 0.06, 0.08, 0.1, 0.32, 0.05, 0.05], len(others))  # fmt: skip
    day = np.concatenate([day_within(rng, population, others), referred.day])
    source = np.concatenate([sources, same("8", len(referred.child))])
    fate = np.concatenate(
        [rng.choice(4, len(others), p=_FATES), np.where(referred.refused, NO_FURTHER_ACTION, ON_TIME)]
    )
    recent = day > np.datetime64(LAST_REFERRAL_LEFT_OPEN)
    fate = np.where(recent & np.isin(fate, [LATE, NEVER]), ON_TIME, fate)
    order = np.lexsort((day, child))
    child, day, source, fate = child[order], day[order], source[order], fate[order]
    # A council keeps one referral of a child a day; a second would be the same one.
    keep = np.concatenate([[True], (child[1:] != child[:-1]) | (day[1:] != day[:-1])]) if len(child) else child == 0
    child, day, source, fate = child[keep], day[keep], source[keep], fate[keep]
    return _worked(
        rng, exploitation, seen, (child, covering(rng, "cin_census", population.area[child]), day, source, fate)
    )


def _worked(
    rng: np.random.Generator,
    exploitation: Exploitation,
    seen: Seen,
    referral: tuple[np.ndarray, np.ndarray, np.ndarray, Texts, np.ndarray],
) -> Referrals:
    """What the council did after each referral."""
    child, council, day, source, fate = referral
    length, last = len(child), np.datetime64(LAST_RECORD)
    assessed = np.isin(fate, [ON_TIME, LATE])
    # Nothing is planted within three working days of the 45, where ways of counting differ.
    done = np.where(fate == LATE, 48 + rng.geometric(0.06, length), rng.integers(5, 43, length))
    to = working_days_after(day, done)
    unfinished = to > last
    close_by = working_days_after(day, np.minimum(done, 9))
    to = np.where((fate == ON_TIME) & unfinished, np.minimum(close_by, last), to)
    still_open = (fate == LATE) & unfinished
    since = working_days_after(day, np.minimum(rng.integers(0, 8, length), 4))
    since = np.minimum(since, to)
    assessed_to = np.where(assessed & ~still_open, to, _NAT).astype("datetime64[D]")
    worked = fate != NO_FURTHER_ACTION
    enquiry = worked & assessed & (rng.random(length) < 0.2)
    enquiry_on = since + np.timedelta64(2, "D")
    conference = enquiry_on + rng.integers(8, 20, length)
    enquiry &= conference < last
    protected = enquiry & (rng.random(length) < 0.6)
    planned = assessed & ~still_open & ~protected & (rng.random(length) < 0.45)
    work_from = np.where(protected, conference, np.where(assessed & ~still_open, to, day + 60))
    work_to = work_from + rng.integers(30, 500, length)
    ended = (work_to < last) & ~still_open
    ongoing_needs_plan = ~ended & assessed & ~still_open & ~protected & (to < last)
    planned |= ongoing_needs_plan
    # A case nobody assessed and nobody plans in is shut: left open it would look like work.
    closed = worked & (ended | ~(assessed & (still_open | planned | protected)))
    shut = np.where(
        ended,
        work_to,
        np.minimum(np.maximum(work_from + 5, np.where(np.isnat(assessed_to), work_from, assessed_to)), last),
    )
    until = np.where(closed, shut, _NAT)

    def if_so(mask: np.ndarray, values: np.ndarray) -> np.ndarray:
        return np.where(mask, values, _NAT).astype("datetime64[D]")

    return Referrals(
        child=child, council=council, day=day, source=source, fate=fate, assessed_from=if_so(assessed, since),
        assessed_to=assessed_to, factors=_factors(rng, exploitation, seen, child, assessed & ~still_open),
        enquiry=if_so(enquiry, enquiry_on), conference=if_so(enquiry, conference), plan_from=if_so(planned, work_from),
        plan_to=if_so(planned, until), protection_from=if_so(protected, work_from),
        protection_to=if_so(protected, until), closed=if_so(closed, shut),
        need=choose(rng, ["N1", "N2", "N3", "N4", "N5", "N6", "N8", "N0"], [0.5, 0.05, 0.05, 0.1, 0.18, 0.05, 0.04, 0.03], length),
    )  # fmt: skip


def _factors(
    rng: np.random.Generator,
    exploitation: Exploitation,
    seen: Seen,
    child: np.ndarray,
    known: np.ndarray,
) -> Texts:
    """Assessment factors, separated by ';'; 11A and 24A on children social care sees to be exploited, seldom on others."""
    noticed = np.isin(child, exploitation.children[seen.social_care])
    flagged = np.where(noticed, rng.random(len(child)) < 0.85, rng.random(len(child)) < 0.004)
    first = choose(rng, ["4B", "3B", "2B", "14A", "16A", "17A"], [0.2, 0.3, 0.1, 0.15, 0.15, 0.1], len(child))
    second = choose(rng, ["", ";10A", ";15A", ";1A"], [0.6, 0.2, 0.1, 0.1], len(child))
    last = either(flagged, either(rng.random(len(child)) < 0.85, ";11A", ";24A"), "")
    return either(known, first + second + last, None)


def assessment_failures(referrals: Referrals) -> np.ndarray:
    """Which referrals had no assessment authorised within 45 working days, though not closed with no further action."""
    return np.isin(referrals.fate, [LATE, NEVER])


def file_children(
    rng: np.random.Generator, clerk: Clerk, population: Population, referrals: Referrals
) -> tuple[Filed, Filed]:
    """The census: its children, one a council, and its referrals, sorted by council and child."""
    order = np.lexsort((referrals.day, referrals.child, referrals.council))
    child, council = referrals.child[order], referrals.council[order]
    ids = council_child_ids(council, child)
    first = (
        np.concatenate([[True], (child[1:] != child[:-1]) | (council[1:] != council[:-1])])
        if len(child)
        else child == 0
    )
    person, of = child[first], council[first]
    refused = np.ones(len(population), dtype=bool)
    refused[referrals.child[referrals.fate != NO_FURTHER_ACTION]] = False
    dropped = np.where(refused[person], 0.6, chance(clerk.agencies, of, "number_missing"))
    no_number = rng.random(len(person)) < dropped
    births = clerk.births(of, population.born[person])
    births = type(births)(births.day, np.full(len(person), 3, dtype=np.int8))
    sexes = either(clerk.sexes(of, population.sex[person]) == "F", "2", "1")
    status = _status(referrals)[order]
    status_of = nothing(len(person))
    each = np.cumsum(first) - 1 if len(child) else np.zeros(0, dtype=int)
    status_of[each[np.array([one is not None for one in status.tolist()], dtype=bool)]] = "suspected"
    children = Filed(
        "cin_census", "children", of,
        {
            "child_id": ids[first], "upn": blank(population.upn[person], no_number),
            "upn_unknown": either(no_number, either(refused[person], "UN7", "UN5"), None),
            "dob": births, "sex": sexes, "ethnicity": as_education(clerk, of, population.ethnicity[person]),
        },
        "child_id", (Named("child", person, status_of),),
    )  # fmt: skip
    day_columns = {
        name: getattr(referrals, name)[order]
        for name in ("day", "assessed_from", "assessed_to", "enquiry", "conference", "plan_from", "plan_to", "protection_from", "protection_to", "closed")
    }  # fmt: skip
    rows = Filed(
        "cin_census", "referrals", council,
        {
            "child_id": ids, **day_columns, "source": referrals.source[order], "need": referrals.need[order],
            "nfa": either(referrals.fate[order] == NO_FURTHER_ACTION, "true", "false"),
            "factors": referrals.factors[order],
        },
        "child_id", (),
    )  # fmt: skip
    return children, rows


def _status(referrals: Referrals) -> Texts:
    """What the record of each referral says of exploitation: suspected where a factor says so."""
    return np.array(
        [None if text is None or ("11A" not in text and "24A" not in text) else "suspected" for text in referrals.factors.tolist()],
        dtype=object,
    )  # fmt: skip


def file_care(rng: np.random.Generator, clerk: Clerk, population: Population, episodes: Episodes) -> dict[str, Filed]:
    """The looked-after return's sheets header, episodes, missing and reviews, by the council of each child's home."""
    until = population.care_to
    in_period = np.isnat(until) | (until >= np.datetime64(PERIOD_START))
    person = np.flatnonzero(~np.isnat(population.care_from) & in_period)
    council = covering(rng, "ssda903", population.area[person])
    ids = council_child_ids(council, person)
    births = clerk.births(council, population.born[person])
    births = type(births)(births.day, np.full(len(person), 3, dtype=np.int8))
    sexes = either(population.sex[person] == "F", "2", "1")
    header = Filed(
        "ssda903", "header", council,
        {
            "child": ids, "sex": sexes, "dob": births, "ethnic": as_education(clerk, council, population.ethnicity[person]),
            "upn": blank(population.upn[person], rng.random(len(person)) < 0.05), "mother": nothing(len(person)), "mc_dob": nothing(len(person)),
        },
        "child", (Named("child", person),),
    )  # fmt: skip
    return {
        "header": header, "episodes": _care_episodes(rng, population, person, council, ids),
        "missing": _care_missing(rng, population, episodes), "reviews": _reviews(rng, population, person, council, ids),
    }  # fmt: skip


def _care_episodes(
    rng: np.random.Generator, population: Population, person: np.ndarray, council: np.ndarray, ids: Texts
) -> Filed:
    """One or two episodes a child: a change of placement on a day between."""
    start, end = population.care_from[person], population.care_to[person]
    to = np.where(np.isnat(end), np.datetime64(LAST_RECORD), end)
    changed = start + ((to - start).astype(int) * rng.uniform(0.2, 0.8, len(person))).astype(int)
    two = (rng.random(len(person)) < 0.4) & (changed > start) & (changed < to)
    first_end = np.where(two, changed, end)
    both = np.concatenate([np.arange(len(person)), np.flatnonzero(two)])
    later = np.arange(len(both)) >= len(person)
    begin = np.where(later, changed[both], start[both])
    finish = np.where(later, end[both], first_end[both]).astype("datetime64[D]")
    more = two[both] & ~later
    homes = population.homes
    columns = {
        "child": ids[both], "decom": begin, "rne": either(later, "P", "S"),
        "ls": choose(rng, ["C1", "C2", "V2"], [0.2, 0.45, 0.35], len(both)), "cin": choose(rng, ["N1", "N4", "N5", "N6", "N8"], [0.6, 0.1, 0.15, 0.1, 0.05], len(both)),
        "place": choose(rng, ["K2", "H5", "R1"], [0.75, 0.15, 0.1], len(both)), "place_provider": choose(rng, ["PR1", "PR4"], [0.4, 0.6], len(both)),
        "dec": finish, "rec": either(np.isnat(finish), None, either(more, "X1", "E4A")),
        "reason_place_change": either(more, "LAREQ", None),
        "home_post": homes.postcode[population.home_before[person[both]]],
        "pl_post": homes.postcode[np.maximum(population.placement[person[both]], 0)], "urn": nothing(len(both)),
    }  # fmt: skip
    return Filed("ssda903", "episodes", council[both], columns, "child")


def _care_missing(rng: np.random.Generator, population: Population, episodes: Episodes) -> Filed:
    """The missing episodes of children in care that the council recorded: dates only."""
    day = episodes.start.astype("datetime64[D]")
    told = population.in_care(episodes.child, day) & (rng.random(len(episodes)) < 0.75)
    child = episodes.child[told]
    council = covering(rng, "ssda903", population.area[child])
    columns = {
        "child": council_child_ids(council, child), "dob": population.born[child],
        "missing": choose(rng, ["M", "A"], [0.6, 0.4], len(child)), "mis_start": day[told],
        "mis_end": episodes.end[told].astype("datetime64[D]"),
    }  # fmt: skip
    # Who each row names is the header's business; the child is kept here for what the records show of them.
    return Filed("ssda903", "missing", council, columns, "child", (Named("child", child),))


def _reviews(
    rng: np.random.Generator, population: Population, person: np.ndarray, council: np.ndarray, ids: Texts
) -> Filed:
    """A review about every half year."""
    start = population.care_from[person]
    to = np.where(np.isnat(population.care_to[person]), np.datetime64(LAST_RECORD), population.care_to[person])
    number = np.clip((to - start).astype(int) // 180, 0, 8)
    row = np.repeat(np.arange(len(person)), number)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    columns = {
        "child": ids[row], "dob": population.born[person[row]], "review": start[row] + (nth + 1) * 180 - 3,
        "review_code": choose(rng, ["PN1", "PN3", "PN6"], [0.6, 0.2, 0.2], len(row)),
    }  # fmt: skip
    return Filed("ssda903", "reviews", council[row], columns, "child")


def open_work(referrals: Referrals) -> np.ndarray:
    """Which referrals still show an open assessment, plan, protection plan or case in the council's return."""

    def started_and_open(start: np.ndarray, end: np.ndarray) -> np.ndarray:
        return np.asarray(~np.isnat(start) & np.isnat(end))

    return np.asarray(
        started_and_open(referrals.assessed_from, referrals.assessed_to)
        | started_and_open(referrals.plan_from, referrals.plan_to)
        | started_and_open(referrals.protection_from, referrals.protection_to)
        | ((referrals.fate != NO_FURTHER_ACTION) & np.isnat(referrals.closed))
    )
