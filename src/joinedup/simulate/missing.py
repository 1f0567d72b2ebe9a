"""Missing episodes and the return interviews that followed, late, or never; in police records, with times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.simulate.arrays import Texts, blank, choose, either, labels, local_ids
from joinedup.simulate.errors import Clerk
from joinedup.simulate.ethnicity import as_officer
from joinedup.simulate.filing import Cells, Filed, Named, covering
from joinedup.simulate.groups import HUBS, Exploitation
from joinedup.simulate.population import Population
from joinedup.simulate.region import AGENCIES, LAST_RECORD

HELD, LATE, NEVER, SILENT_HELD, SILENT_NEVER = range(5)
"""What became of the return interview; the last two with nothing on record."""

_INTERVIEWS = {
    "northmoor-police": (0.57, 0.12, 0.22, 0.05, 0.04),
    "saltby-constabulary": (0.36, 0.20, 0.28, 0.06, 0.10),
}
_MINUTES_OF_72_HOURS = 72 * 60


@dataclass(frozen=True)
class Episodes:
    """Every missing episode: the child, when (NaT end while still missing), and the interview after it.

    `minutes` is from the return to the interview (-1 where none was held); `police` the agency whose record holds it.
    """

    child: np.ndarray
    start: np.ndarray
    end: np.ndarray
    fate: np.ndarray
    minutes: np.ndarray
    police: np.ndarray

    def __len__(self) -> int:
        return len(self.child)


def make_episodes(rng: np.random.Generator, population: Population, exploitation: Exploitation) -> Episodes:
    """The region's missing episodes; those of one child never overlap and begin on different days."""
    rate = np.where(np.isnat(population.care_from), 0.03, 0.9) * np.exp(0.5 * population.exposure)
    rate[exploitation.children] += 1.6 * np.exp(0.4 * population.exposure[exploitation.children])
    first, last = population.window()
    span = (last - first).astype(int)
    number = np.where(span > 30, rng.poisson(rate), 0)
    child = np.repeat(np.arange(len(population)), number)
    hours = np.clip(rng.lognormal(2.3, 1.1, len(child)), 1.5, 240)
    gap = np.ceil(hours / 24) + 1 + np.where(rng.random(len(child)) < 0.6, rng.exponential(25, len(child)), rng.exponential(150, len(child)))  # fmt: skip
    total = np.cumsum(gap)
    begins = np.concatenate([[0], np.cumsum(number)[:-1]])
    since_first = (
        total - gap - np.repeat((total - gap)[np.minimum(begins, max(len(total) - 1, 0))], number)
        if len(child)
        else total
    )
    day_nought = (rng.random(len(population)) * np.maximum(span - 30, 1) * 0.8)[child]
    start_day = first[child] + (day_nought + since_first).astype(int)
    start = start_day.astype("datetime64[m]") + rng.choice(np.arange(15 * 60, 24 * 60), len(child))
    keep = start_day < last[child]
    child, start, hours = child[keep], start[keep], hours[keep]
    end = start + (hours * 60).astype(int).astype("timedelta64[m]")
    gone = rng.random(len(child)) < 0.005
    latest = np.concatenate([child[1:] != child[:-1], [True]]) if len(child) else gone
    end = np.where(gone & latest, np.datetime64("NaT"), end).astype("datetime64[m]")
    police = covering(rng, "police_missing", population.area[child])
    return _interviews(rng, Episodes(child, start, end, np.full(len(child), HELD), np.full(len(child), -1), police))


def _interviews(rng: np.random.Generator, episodes: Episodes) -> Episodes:
    """What followed each return; nothing is planted within two hours of the 72, where recording decides."""
    length = len(episodes)
    fate = np.full(length, HELD)
    for agency, shares in _INTERVIEWS.items():
        mask = episodes.police == [one.id for one in AGENCIES].index(agency)
        fate[mask] = rng.choice(5, size=int(mask.sum()), p=shares)
    minutes = rng.integers(3 * 60, _MINUTES_OF_72_HOURS - 120, length)
    late = _MINUTES_OF_72_HOURS + 120 + rng.exponential(5 * 24 * 60, length).astype(int)
    room = np.datetime64(LAST_RECORD, "m") - np.where(
        np.isnat(episodes.end), np.datetime64(LAST_RECORD, "m"), episodes.end
    )
    late = np.minimum(late, np.maximum(room.astype(int), _MINUTES_OF_72_HOURS + 120))
    minutes = np.where(fate == LATE, late, minutes)
    returned = ~np.isnat(episodes.end)
    fate = np.where(returned, fate, SILENT_HELD)
    minutes = np.where(np.isin(fate, [HELD, LATE, SILENT_HELD]) & returned, minutes, -1)
    return Episodes(episodes.child, episodes.start, episodes.end, fate, minutes, episodes.police)


def failed(episodes: Episodes, date_only: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which episodes had no return interview within 72 hours, and for which of them the record shows it.

    Where an agency writes only the interview's day (`date_only`), the record shows lateness only if even the day's
    first minute is late.
    """
    returned = ~np.isnat(episodes.end)
    fail = returned & np.isin(episodes.fate, [LATE, NEVER, SILENT_NEVER])
    held = episodes.end + np.maximum(episodes.minutes, 0).astype("timedelta64[m]")
    earliest = np.where(date_only, held.astype("datetime64[D]").astype("datetime64[m]"), held)
    must_be_late = (earliest - episodes.end).astype("timedelta64[m]") > np.timedelta64(_MINUTES_OF_72_HOURS, "m")
    shown = (episodes.fate == NEVER) | ((episodes.fate == LATE) & must_be_late)
    return fail, fail & shown


def file_missing(
    rng: np.random.Generator, clerk: Clerk, population: Population, exploitation: Exploitation, episodes: Episodes
) -> Filed:
    """The police forces' rows, one an episode and in the order of the episodes; references are in no order."""
    child, length = episodes.child, len(episodes)
    day = episodes.start.astype("datetime64[D]")
    record = clerk.child(population, episodes.police, child, day)
    held = np.isin(episodes.fate, [HELD, LATE])
    silent = np.isin(episodes.fate, [SILENT_HELD, SILENT_NEVER])
    declined = (episodes.fate == NEVER) & (rng.random(length) < 0.3)
    interview = np.where(
        held, episodes.end + np.maximum(episodes.minutes, 0).astype("timedelta64[m]"), np.datetime64("NaT")
    )
    offered = blank(either(held | declined, "Yes", "No"), silent)
    accepted = either(held, "Yes", either(declined, "No", None))
    in_care = population.in_care(child, day)
    columns: dict[str, Cells] = {
        "source_ref": labels("MP/", np.arange(1, length + 1)[rng.permutation(length)]),
        "person_ref": nominals(rng, episodes.police, child),
        "forename": record.forename, "surname": record.surname, "aliases": record.aliases, "dob": record.dob,
        "sex": record.sex, "ethnicity": as_officer(clerk, episodes.police, population.ethnicity[child]),
        "home_address": record.address, "home_postcode": record.postcode,
        "phones": _phones(rng, population, exploitation, child, record.phones),
        "missing_kind": either(in_care, "care", "home"),
        "missing_from": episodes.start, "missing_to": episodes.end,
        "risk": choose(rng, ["no apparent risk", "low", "medium", "high"], [0.1, 0.25, 0.5, 0.15], length),
        "found_at": _found_at(rng, exploitation, child, length, len(population)),
        "rhi_offered": offered, "rhi_accepted": accepted, "rhi_date": interview.astype("datetime64[m]"),
    }  # fmt: skip
    return Filed("police_missing", "police_missing", episodes.police, columns, "source_ref", (Named("child", child),))


def nominals(rng: np.random.Generator, agency: np.ndarray, person: np.ndarray) -> Texts:
    """A force's references of people: one a person, except where it has made a second, or kept none."""
    second = rng.random(len(person)) < 0.1
    written = local_ids("N", agency, np.where(second, person + 3_000_000 + rng.integers(0, 3_000_000), person))
    return blank(written, rng.random(len(person)) < 0.15)


def group_of_child(exploitation: Exploitation, children: int) -> np.ndarray:
    """For every child of the region the group that exploits them, -1 for none."""
    group = np.full(children, -1)
    group[exploitation.children] = exploitation.group
    return group


def _phones(
    rng: np.random.Generator, population: Population, exploitation: Exploitation, child: np.ndarray, phones: Texts
) -> Texts:
    """Phones found with the child: their household's, now and then one the group gave out."""
    group = group_of_child(exploitation, len(population))[child]
    given = (group >= 0) & (rng.random(len(child)) < 0.12)
    if not exploitation.groups:
        return phones
    return np.where(given, exploitation.phones[0][np.maximum(group, 0)], phones)


def _found_at(
    rng: np.random.Generator, exploitation: Exploitation, child: np.ndarray, length: int, children: int
) -> Texts:
    """Where the child was found: home, a hub everybody passes, or, for some, a place of the group."""
    where = choose(rng, ["Home address", *HUBS, None], [0.4, 0.08, 0.1, 0.07, 0.35], length)
    if not exploitation.groups:
        return where
    group = group_of_child(exploitation, children)[child]
    with_group = (group >= 0) & (rng.random(length) < 0.4)
    side = rng.random(length) < 0.6
    known = np.maximum(group, 0)
    place = np.where(side, exploitation.places[0][known], exploitation.places[1][known])
    return np.where(with_group, place, where)
