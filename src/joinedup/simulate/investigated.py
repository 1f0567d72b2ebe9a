"""What forces did about each crime: whom they spoke with and interviewed, to whom they passed it, and how it was written off.

Laid over crimes that are already made, with a stream of chance of its own, so that nothing else moves.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from joinedup.simulate.arrays import Texts, blank, either, held, pick
from joinedup.simulate.filing import Filed
from joinedup.simulate.population import Population
from joinedup.simulate.region import AREAS
from joinedup.simulate.social import Referrals

NOTHING_FURTHER = ("14", "15", "16", "18", "21")
"""Outcome types with which nothing further is done."""
_NAT = np.datetime64("NaT")


def investigated(rng: np.random.Generator, population: Population, referrals: Referrals, crimes: Filed) -> Filed:
    """The crimes with interviews, contacts and receivers; some outcomes changed to 20 or 21, some offences to contact ones."""
    refs = np.asarray(crimes.columns["crime_ref"], dtype=object).astype(str)
    _, first, crime = np.unique(refs, return_index=True, return_inverse=True)
    child = crimes.named[0].person
    recorded = np.asarray(crimes.columns["recorded_on"]).astype("datetime64[D]")
    closed = np.asarray(crimes.columns["outcome_date"]).astype("datetime64[D]")
    code = np.asarray(crimes.columns["outcome_code"], dtype=object)
    draw = rng.random((4, len(first)))
    ended = ~np.isnat(closed)
    of_victim = ended & np.isin(code, ["14", "15", "16"])
    code = either(of_victim & (draw[0][crime] < 0.18), "20", code)
    code = either(of_victim & (draw[0][crime] >= 0.18) & (draw[0][crime] < 0.25), "21", code)
    closed = _handed_over(rng, referrals, (child[first][crime], recorded, closed, code))
    offence = either(draw[1][crime] < 0.3, "22B", np.asarray(crimes.columns["offence_code"], dtype=object))
    # The day of an outcome that nobody wrote down.
    blanked = ended & np.isin(code, NOTHING_FURTHER) & (draw[2][crime] < 0.03)
    passed = either(
        code == "20", pick([f"{one.name} Council" for one in AREAS], population.area[child[first]][crime]), None
    )
    spoken = _spoken(rng, (crime, child), recorded, closed, code)
    interviewed = _interviewed(rng, (crime, crimes.named[1].person), recorded, closed, code)
    columns = {
        **crimes.columns, "outcome_code": blank(code, blanked), "outcome_date": closed, "offence_code": offence,
        "passed_to": passed, "victim_spoken_to_on": spoken, "suspect_interviewed_on": interviewed,
        "suspect_disrupted_on": _disrupted(rng, (crime, crimes.named[1].person), interviewed),
    }  # fmt: skip
    return replace(crimes, columns=columns)


def _handed_over(
    rng: np.random.Generator, referrals: Referrals, crime: tuple[np.ndarray, np.ndarray, np.ndarray, Texts]
) -> np.ndarray:
    """The days of closing, those of some crimes passed on moved to just before the child's next referral to a council."""
    child, recorded, closed, code = crime
    moved = closed.copy()
    days: dict[int, list[np.datetime64]] = {}
    for person, day in zip(referrals.child.tolist(), referrals.day.astype("datetime64[D]"), strict=True):
        days.setdefault(person, []).append(day)
    luck = rng.random(len(child))
    taken: dict[int, np.datetime64] = {}
    for row in np.flatnonzero(code == "20").tolist():
        later = [day for day in days.get(int(child[row]), []) if day - 4 > recorded[row]]
        # Rows of one crime have one day: the first row's fate is that of all.
        key = int(child[row]) * 1_000_000 + int(recorded[row].astype(int))
        if later and taken.get(key) is None and luck[row] < 0.7:
            taken[key] = later[0] - 3
        moved[row] = taken.setdefault(key, closed[row])
    return moved


def _by_pair(crime: np.ndarray, person: np.ndarray) -> np.ndarray:
    """For every row the number of its crime and person together: rows of one pair share a fate."""
    _, pair = np.unique(np.stack([crime, person]), axis=1, return_inverse=True)
    return np.asarray(pair).reshape(-1)


def _spoken(
    rng: np.random.Generator, who: tuple[np.ndarray, np.ndarray], recorded: np.ndarray, closed: np.ndarray, code: Texts
) -> np.ndarray:
    """The day each victim was first spoken with, NaT where nobody did."""
    pair = _by_pair(*who)
    size = int(pair.max()) + 1 if len(pair) else 0
    luck, gap = rng.random(size)[pair], rng.integers(0, 30, size)[pair]
    day = recorded + gap
    day = np.where(~np.isnat(closed) & (day > closed), closed, day)
    never = (luck < 0.15) & np.isin(code, [*NOTHING_FURTHER, "20"])
    return np.where(never, _NAT, day).astype("datetime64[D]")


def _interviewed(
    rng: np.random.Generator, who: tuple[np.ndarray, np.ndarray], recorded: np.ndarray, closed: np.ndarray, code: Texts
) -> np.ndarray:
    """The day each named suspect was first interviewed; NaT where never, and where the row names none."""
    pair, named = _by_pair(*who), who[1] >= 0
    size = int(pair.max()) + 1 if len(pair) else 0
    luck, gap = rng.random(size)[pair], rng.integers(1, 60, size)[pair]
    day = recorded + gap
    day = np.where(~np.isnat(closed) & (day > closed), closed, day)
    done = named & (np.isin(code, ["1", "2", "3"]) | (luck < 0.72)) & ~(np.isnat(closed) & (luck > 0.4))
    return np.where(done, day, _NAT).astype("datetime64[D]")


def _disrupted(rng: np.random.Generator, who: tuple[np.ndarray, np.ndarray], interviewed: np.ndarray) -> np.ndarray:
    """The day a warning notice or order was served on some of those interviewed."""
    pair = _by_pair(*who)
    size = int(pair.max()) + 1 if len(pair) else 0
    served = ~np.isnat(interviewed) & (rng.random(size)[pair] < 0.12)
    return np.where(served, interviewed + 7, _NAT).astype("datetime64[D]")


def held_anywhere(crime: np.ndarray, values: np.ndarray) -> np.ndarray:
    """For each row whether any row of its crime holds a day."""
    found = np.zeros(int(crime.max()) + 1 if len(crime) else 0, dtype=bool)
    np.logical_or.at(found, crime, ~np.isnat(values))
    return np.asarray(found[crime])


def crime_numbers(crimes: Filed) -> np.ndarray:
    """For each row the number of its crime."""
    refs = np.asarray(crimes.columns["crime_ref"], dtype=object).astype(str)
    return np.asarray(np.unique(refs, return_inverse=True)[1])


def outcome_codes(crimes: Filed) -> Texts:
    """The outcome types, an empty text where none is written."""
    code = np.asarray(crimes.columns["outcome_code"], dtype=object)
    return either(held(code), code, "")
