"""Exclusions from school: rows of the trusts that keep them, some of them close to a missing episode of the pupil.

Made after everything else and from chance of its own, so that nothing else of a region changes with it.
"""

from __future__ import annotations

import numpy as np

from joinedup.simulate.arrays import Texts, blank, choose, labels, local_ids
from joinedup.simulate.crime import day_within
from joinedup.simulate.errors import Clerk
from joinedup.simulate.filing import Filed, Named, shuffled
from joinedup.simulate.groups import Exploitation
from joinedup.simulate.missing import Episodes
from joinedup.simulate.population import Population
from joinedup.simulate.region import AGENCIES

FORM = "school_exclusions"
_NAT = np.datetime64("NaT")
_RATE, _RATE_OF_EXPLOITED, _NEAR_MISSING = 0.03, 0.25, 0.1
"""Exclusions a pupil, more an exploited one, and the share of pupils with an episode who are excluded within 60 days of one."""


def file_exclusions(
    rng: np.random.Generator,
    population: Population,
    exploitation: Exploitation,
    episodes: Episodes,
    schools: dict[str, Filed],
) -> Filed:
    """Rows of exclusions, one an exclusion, of the pupils whose trust keeps them; never two of a pupil that begin on a day."""
    trust = _trusts(len(population), schools)
    rate = _RATE * np.exp(0.5 * population.exposure)
    rate[exploitation.children] += _RATE_OF_EXPLOITED
    alone = np.repeat(np.arange(len(population)), rng.poisson(np.where(trust >= 0, rate, 0.0)))
    missed, first = np.unique(episodes.child, return_index=True)
    near = (rng.random(len(missed)) < _NEAR_MISSING) & (trust[missed] >= 0)
    beside = episodes.start[first[near]].astype("datetime64[D]") + rng.integers(-60, 61, int(near.sum()))
    pupil = np.concatenate([alone, missed[near]]).astype(int)
    earliest, latest = population.window()
    day = np.concatenate([day_within(rng, population, alone), beside]).astype("datetime64[D]")
    day = np.clip(day, earliest[pupil], latest[pupil]).astype("datetime64[D]")
    # Nobody is excluded at a weekend: such a day becomes the Friday before it.
    day = np.busday_offset(day, 0, roll="backward") if len(day) else day
    _, once = np.unique(np.stack([pupil, day.astype(np.int64)]), axis=1, return_index=True)
    return _rows(rng, population, pupil[once], trust[pupil[once]], day[once])


def _trusts(pupils: int, schools: dict[str, Filed]) -> np.ndarray:
    """The trust of each child among those that keep exclusions, -1 for none."""
    keeps = np.array([*(FORM in one.asked for one in AGENCIES), False])
    trust = np.full(pupils, -1)
    for sheet in ("pupil_no_longer_on_roll", "pupil_on_roll"):
        rows = schools[sheet]
        trust[rows.named[0].person] = np.where(keeps[rows.agency], rows.agency, -1)
    return trust


def _rows(
    rng: np.random.Generator, population: Population, pupil: np.ndarray, trust: np.ndarray, day: np.ndarray
) -> Filed:
    length = len(pupil)
    record = Clerk(rng, AGENCIES).child(population, trust, pupil, day)
    kind = choose(rng, ["Suspension", "Lunchtime", "Permanent", None], [0.86, 0.06, 0.05, 0.03], length)
    back = np.where(kind == "Permanent", _NAT, day + rng.integers(0, 6, length)).astype("datetime64[D]")
    filed = Filed(
        FORM, FORM, trust,
        {
            "pupil_ref": blank(local_ids("P", trust, pupil), rng.random(length) < 0.1),
            "upn": blank(population.upn[pupil], rng.random(length) < 0.04), "forename": record.forename,
            "surname": record.surname, "dob": record.dob, "sex": record.sex, "postcode": record.postcode,
            "excluded_on": day, "back_on": back, "kind": kind,
        },
        "source_ref", (Named("child", pupil),),
    )  # fmt: skip
    mixed = shuffled(rng, filed)
    return Filed(FORM, FORM, mixed.agency, {**mixed.columns, "source_ref": _refs(length)}, "source_ref", mixed.named)


def _refs(length: int) -> Texts:
    return labels("X-", np.arange(1, length + 1))
