"""The whole simulation in order: people, exploitation, what happened, what was recorded, and the files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from joinedup.registry.rules import chosen_packs
from joinedup.simulate import numbers_given, truth
from joinedup.simulate.contacts import (
    file_charities,
    file_health,
    file_licensing,
    file_schools,
    file_youth_justice,
)
from joinedup.simulate.crime import file_crimes, file_intelligence, file_online
from joinedup.simulate.errors import Clerk
from joinedup.simulate.exclusions import file_exclusions
from joinedup.simulate.failures import Recorded, linkable
from joinedup.simulate.filing import Filed
from joinedup.simulate.groups import Exploitation, exploit
from joinedup.simulate.inquiry import RULE_PACKS, write_inquiry
from joinedup.simulate.investigated import investigated
from joinedup.simulate.joined_failures import pathway_failures
from joinedup.simulate.lapses import answered, lapse, with_reasons
from joinedup.simulate.lists import see
from joinedup.simulate.meetings import file_meetings
from joinedup.simulate.missing import file_missing, make_episodes
from joinedup.simulate.planted import Concerned, Region, concerns, looking, unseen
from joinedup.simulate.planted_ties import Ties
from joinedup.simulate.population import Population, make_population
from joinedup.simulate.region import AGENCIES
from joinedup.simulate.signs import Signs
from joinedup.simulate.social import file_care, file_children, make_referrals

DEFAULT_CHILDREN = 6000
MENTIONS_A_CHILD = 3.4
"""How many readable mentions the returns hold for each child of the region, on average over seeds."""

_MOST_CHILDREN = 900_000
"""As many as there are NHS numbers set aside for tests."""


@dataclass(frozen=True)
class Simulated:
    """What was made: where, and how much of it."""

    directory: Path
    seed: int
    children: int
    suspects: int
    exploited: int
    known_to_any: int
    groups: int
    mentions: int
    agencies: int


@dataclass(frozen=True)
class _Records:
    """All rows, and the region they tell of."""

    filed: list[Filed]
    census: tuple[Filed, Filed]
    recorded: Recorded

    @property
    def region(self) -> Region:
        """What happened."""
        return self.recorded.region


def simulate(out: Path, *, children: int | None = None, mentions: int | None = None, seed: int = 1) -> Simulated:
    """Writes a fictional region's inquiry into `out`: inquiry.toml, returns/ and truth/. Says what it made.

    Give the number of children, or the number of mentions wanted (met to within a few per cent). The same seed and
    size give the same bytes; no clock is read. Raises ValueError for sizes below 50 or above 900,000 children.
    """
    wanted = DEFAULT_CHILDREN if mentions is None else round(mentions / MENTIONS_A_CHILD)
    wanted = wanted if children is None else children
    if not 50 <= wanted <= _MOST_CHILDREN:
        raise ValueError(f"a region has 50 to {_MOST_CHILDREN:,} children")
    rng = np.random.default_rng(seed)
    phones = numbers_given.phones(17_000)
    for_groups = round(min(0.6 * len(phones), max(300, 0.12 * wanted)))
    population = make_population(rng, wanted, phones[for_groups:])
    exploitation = exploit(rng, population, phones[:for_groups])
    signs = Signs(np.random.default_rng([seed, 1]), population, exploitation)
    apart = tuple(np.random.default_rng([seed, stream]) for stream in (5, 7))
    records = _record(rng, apart, population, exploitation, signs)
    write_inquiry(out, seed, records.filed, records.census)
    return _write_truth(out, seed, exploitation, records)


def _record(
    rng: np.random.Generator,
    apart: tuple[np.random.Generator, ...],
    population: Population,
    exploitation: Exploitation,
    signs: Signs,
) -> _Records:
    """All rows; `apart` are the streams of chance by which agencies leave things undone, and by which schools exclude."""
    lapses, excluding = apart
    clerk = Clerk(rng, AGENCIES)
    seen = see(rng, population, exploitation)
    episodes = make_episodes(rng, population, exploitation)
    missing = signs.missing(file_missing(rng, clerk, population, exploitation, episodes))
    charities, referred = file_charities(rng, clerk, population, exploitation, seen)
    referrals = make_referrals(rng, population, exploitation, seen, referred)
    referrals, closed_in_bulk = lapse(lapses, episodes, referrals)
    charities = signs.charities(answered(lapses, charities))
    children, referral_rows = file_children(rng, clerk, population, referrals)
    census = (children, with_reasons(lapses, referral_rows))
    care = file_care(rng, clerk, population, episodes)
    crimes = file_crimes(rng, clerk, population, exploitation, seen)
    crimes = investigated(lapses, population, referrals, crimes)
    youth_justice = file_youth_justice(rng, clerk, population, exploitation, seen)
    intelligence = signs.intelligence(file_intelligence(rng, clerk, population, exploitation, seen))
    online = file_online(rng, clerk, population, exploitation, seen)
    schools = file_schools(rng, clerk, population)
    exclusions = file_exclusions(excluding, population, exploitation, episodes, schools)
    health = file_health(rng, clerk, population, exploitation, seen)
    councils = np.concatenate([children.agency, care["header"].agency])
    people = np.concatenate([children.named[0].person, care["header"].named[0].person])
    meetings, removed_in_bulk = file_meetings(lapses, population, exploitation, seen.police, (councils, people))
    filed = [
        missing.rows(np.argsort(missing.refs().astype(str), kind="stable")),
        crimes,
        intelligence,
        online,
        charities,
        *care.values(),
        *schools.values(),
        exclusions,
        health,
        youth_justice,
        file_licensing(rng, clerk, population, exploitation, seen),
        meetings.rows(np.argsort(meetings.refs().astype(str), kind="stable")),
    ]
    region = Region(
        population, episodes, referrals, missing, care, charities, crimes, youth_justice, health, schools, exclusions
    )
    pupils = (schools["pupil_on_roll"], schools["pupil_no_longer_on_roll"])
    return _Records(
        filed, census, Recorded(region, intelligence, online, meetings, census, pupils, closed_in_bulk, removed_in_bulk)
    )


def _write_truth(out: Path, seed: int, exploitation: Exploitation, records: _Records) -> Simulated:
    region, directory = records.region, out / "truth"
    population = region.population
    # A looked-after child is one mention of its return; its missing rows are further rows of that mention.
    naming = [rows for rows in [*records.filed, records.census[0]] if (rows.form, rows.sheet) != ("ssda903", "missing")]
    named = truth.mentions(naming)
    truth.write_mentions(directory, population, named)
    held = truth.on_lists(exploitation, named)
    truth.write_people(directory, population, exploitation, held)
    truth.write_table(directory / "pathway_failures.csv", pathway_failures(records.recorded))
    found = (
        concerns(region, linkable(records.recorded))
        | Ties((*records.filed, *records.census), exploitation, len(population)).concerns()
    )
    people = _write_concerns(directory, population, found)
    work = looking(region)
    truth.write_looking(directory, population, work)
    on = {rule.id for pack in chosen_packs(RULE_PACKS) for rule in pack.rules}
    nobody = unseen({rule: one for rule, one in found.items() if rule in on}, work)
    truth.write_table(directory / "unseen.csv", {"person_id": truth.person_ids(population, nobody)})
    statuses = list(held.values())
    known = len({child for child, _ in held})
    made = Simulated(
        out, seed, len(population), len(exploitation.suspects), len(exploitation.children), known, exploitation.groups,
        len(named.person), len(AGENCIES),
    )  # fmt: skip
    firm = len({child for (child, _), status in held.items() if status in ("known", "suspected")})
    truth.write_population(
        directory,
        {
            "seed": seed, "children": made.children, "suspects": made.suspects, "exploited_children": made.exploited,
            "known_to_any": known, "known_or_suspected_anywhere": firm, "on_no_list": made.exploited - known,
            "groups": made.groups, "mentions": made.mentions, "agencies": made.agencies,
            "list_rows_by_status": {status: statuses.count(status) for status in ("known", "suspected", "at_risk")},
            "concerns_by_rule": people, "unseen": len(nobody),
        },
    )  # fmt: skip
    return made


def _write_concerns(directory: Path, population: Population, found: dict[str, Concerned]) -> dict[str, int]:
    """concerns.csv: person_id, rule, sure, visible, agencies. Returns how many children each rule has."""
    rows: list[tuple[int, str, int, int, str]] = []
    for rule, one in found.items():
        holders: dict[int, set[str]] = {}
        for person, agency in zip(one.person.tolist(), one.agency.tolist(), strict=True):
            holders.setdefault(person, set()).update([AGENCIES[agency].id] if agency >= 0 else [])
        sure, hidden = set(one.person[one.sure].tolist()), set(one.hidden.tolist())
        rows += [
            (person, rule, int(person in sure), int(person not in hidden), "|".join(sorted(by)))
            for person, by in holders.items()
        ]
    rows.sort()
    columns = {"rule": 1, "sure": 2, "visible": 3, "agencies": 4}
    ids = truth.person_ids(population, np.array([row[0] for row in rows], dtype=int))
    truth.write_table(
        directory / "concerns.csv",
        {"person_id": ids, **{name: [row[place] for row in rows] for name, place in columns.items()}},
    )
    return {rule: sum(row[1] == rule for row in rows) for rule in found if any(row[1] == rule for row in rows)}
