"""What the returns hold for each rule to find, worked out from what was planted, never by the program's own stages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.simulate.filing import Filed
from joinedup.simulate.missing import NEVER, Episodes
from joinedup.simulate.population import Population
from joinedup.simulate.social import NO_FURTHER_ACTION, Referrals, open_work
from joinedup.simulate.truth import readable

RULES = ("repeat_missing", "missing_no_return_interview", "repeat_no_further_action")


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


def repeated_within(person: np.ndarray, day: np.ndarray, least: int, within: int) -> np.ndarray:
    """The people with at least `least` different days within a span of `within` days.

    >>> day = np.array(["2010-01-01", "2010-02-01", "2010-04-01", "2010-01-05"], dtype="datetime64[D]")
    >>> repeated_within(np.array([7, 7, 7, 8]), day, 3, 90).tolist()
    [7]
    """
    pairs = np.unique(np.stack([person.astype(np.int64), day.astype("datetime64[D]").astype(np.int64)]), axis=1)
    who, when = pairs
    reach = least - 1
    if len(who) <= reach:
        return np.zeros(0, dtype=np.int64)
    close = (who[reach:] == who[:-reach]) & (when[reach:] - when[:-reach] <= within)
    return np.unique(who[reach:][close])


def concerns(region: Region) -> dict[str, np.ndarray]:
    """For each rule the children whose records in readable returns, joined without error, fire it."""
    read = readable()
    police = read[region.episodes.police]
    care = region.care["missing"]
    told = read[care.agency]
    person = np.concatenate([region.episodes.child[police], care.named[0].person[told]])
    starts = np.concatenate(
        [region.episodes.start[police].astype("datetime64[D]"), np.asarray(care.columns["mis_start"])[told]]
    )
    never = police & (region.episodes.fate == NEVER) & ~np.isnat(region.episodes.end)
    refused = read[region.referrals.council] & (region.referrals.fate == NO_FURTHER_ACTION)
    charity = region.charities
    turned_away = read[charity.agency] & (np.asarray(charity.columns["outcome"]) == "No further action")
    referred = np.concatenate([region.referrals.child[refused], charity.named[0].person[turned_away]])
    referral_days = np.concatenate(
        [region.referrals.day[refused], np.asarray(charity.columns["referred_on"])[turned_away]]
    )
    return {
        "repeat_missing": repeated_within(person, starts, 3, 90),
        "missing_no_return_interview": np.unique(region.episodes.child[never]),
        "repeat_no_further_action": repeated_within(referred, referral_days, 2, 365),
    }


def somebody_looking(region: Region) -> np.ndarray:
    """The children with work open at the period's end, as the readable returns have it."""
    read = readable()
    population = region.population
    social = region.referrals.child[read[region.referrals.council] & open_work(region.referrals)]
    header = region.care["header"]
    person = header.named[0].person
    looked_after = person[read[header.agency] & np.isnat(population.care_to[person])]
    charity = _open(region.charities, "case_opened", "case_closed")
    youth = _open(region.youth_justice, "case_opened", "case_closed")
    crimes = region.crimes
    investigated = read[crimes.agency] & (np.asarray(crimes.columns["outcome_code"]) == "0")
    return np.unique(np.concatenate([social, looked_after, charity, youth, crimes.named[0].person[investigated]]))


def _open(filed: Filed, start: str, end: str) -> np.ndarray:
    begun, ended = np.asarray(filed.columns[start]), np.asarray(filed.columns[end])
    return np.asarray(filed.named[0].person[readable()[filed.agency] & ~np.isnat(begun) & np.isnat(ended)])
