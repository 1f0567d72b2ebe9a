"""The lists of exploitation meetings that two councils keep: children they hold a case of, and children they do not."""

from __future__ import annotations

import numpy as np

from joinedup.simulate.arrays import blank, either, labels
from joinedup.simulate.crime import day_within
from joinedup.simulate.errors import Clerk
from joinedup.simulate.filing import Filed, Named, covering
from joinedup.simulate.groups import Exploitation
from joinedup.simulate.lapses import LEAST_IN_BULK, Bulk
from joinedup.simulate.population import Population
from joinedup.simulate.region import AGENCIES, LAST_RECORD
from joinedup.simulate.region import agency as find_agency
from joinedup.simulate.social import council_child_ids

BULK_LIST = "northmoor-council"
_NAT = np.datetime64("NaT")


def file_meetings(
    rng: np.random.Generator,
    population: Population,
    exploitation: Exploitation,
    known_to_police: np.ndarray,
    known: tuple[np.ndarray, np.ndarray],
) -> tuple[Filed, list[Bulk]]:
    """Rows of meeting lists, one a meeting a child was on, and the month in which one council emptied its list.

    `known` are the councils and children of the councils' own returns: only there does a row carry the council's reference.
    """
    # A meeting talks of children whom the police brought to it, mostly: the lists depend on one another.
    talked_of = rng.random(len(exploitation.children)) < np.where(known_to_police, 0.6, 0.2)
    child = exploitation.children[talked_of]
    agency = covering(np.random.default_rng(int(rng.integers(2**31))), "meeting_list", population.area[child])
    child, agency = child[agency >= 0], agency[agency >= 0]
    first = day_within(rng, population, child, 0.85).astype("datetime64[D]")
    again = np.repeat(np.arange(len(child)), 1 + (rng.random(len(child)) < 0.5))
    nth = np.arange(len(again)) - np.searchsorted(again, again)
    day = np.minimum(first[again] + 91 * nth, np.datetime64(LAST_RECORD))
    removed, bulk = _removed(rng, agency[again], day)
    # A child leaves the list once: earlier meetings' rows carry no removal.
    last = np.concatenate([again[1:] != again[:-1], [True]]) if len(again) else np.zeros(0, dtype=bool)
    removed = np.where(last, removed, _NAT).astype("datetime64[D]")
    clerk = Clerk(rng, AGENCIES)
    who, by = child[again], agency[again]
    record = clerk.child(population, by, who, day)
    pairs = set(zip(known[0].tolist(), known[1].tolist(), strict=True))
    holds = np.array([pair in pairs for pair in zip(by.tolist(), who.tolist(), strict=True)], dtype=bool)
    filed = Filed(
        "meeting_list", "meeting_list", by,
        {
            "source_ref": labels("ML-", np.arange(1, len(who) + 1)[rng.permutation(len(who))]), "meeting_on": day,
            "child_ref": blank(council_child_ids(by, who), ~holds), "forename": record.forename, "surname": record.surname,
            "aliases": record.aliases, "dob": record.dob, "sex": record.sex, "postcode": record.postcode,
            "status": np.full(len(who), "At risk", dtype=object), "removed_on": removed,
            "removed_reason": either(~np.isnat(removed), "Step down", None),
        },
        "source_ref", (Named("child", who, np.full(len(who), "at_risk", dtype=object)),),
    )  # fmt: skip
    # The bulk is kept by the row of one of its removals that stands.
    standing = [(one, np.flatnonzero((by == one.agency) & (removed == one.day))) for one in bulk]
    return filed, [
        Bulk(one.agency, int(rows[0]), one.day, len(rows) >= LEAST_IN_BULK) for one, rows in standing if len(rows)
    ]


def _removed(rng: np.random.Generator, agency: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, list[Bulk]]:
    """When each row's child was taken off the list, NaT while on it; one council takes off all it had on one day."""
    off = day + rng.integers(60, 500, len(day))
    off = np.where(rng.random(len(day)) < 0.75, off, _NAT)
    emptied = np.datetime64("2009-09-01") + int(rng.integers(0, 300))
    council = AGENCIES.index(find_agency(BULK_LIST))
    mine = (agency == council) & (day < emptied - 20) & (np.isnat(off) | (off > emptied))
    off = np.where(mine, emptied, off)
    off = np.where(off < np.datetime64(LAST_RECORD), off, _NAT).astype("datetime64[D]")
    return off, [Bulk(council, -1, emptied)]
