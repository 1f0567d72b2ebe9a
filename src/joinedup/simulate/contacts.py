"""Charities, health services, youth justice, schools and a bare list: the records children's lives leave elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.simulate.arrays import blank, choose, either, labels, local_ids, nothing, pick
from joinedup.simulate.crime import day_within, names_somebody, places, suspect_columns
from joinedup.simulate.errors import Clerk, chance
from joinedup.simulate.ethnicity import as_stated
from joinedup.simulate.filing import Cells, Filed, Named, births, covering, one_after_the_other, shuffled
from joinedup.simulate.groups import Exploitation
from joinedup.simulate.lists import Seen
from joinedup.simulate.missing import group_of_child
from joinedup.simulate.population import Population
from joinedup.simulate.region import AGENCIES, AREAS, LAST_RECORD

_NAT = np.datetime64("NaT")
_STATUSES = {"Known": "known", "Suspected": "suspected", "At risk": "at_risk"}


@dataclass(frozen=True)
class Referred:
    """Referrals that charities made and councils recorded, and whether they closed them with no further action."""

    child: np.ndarray
    day: np.ndarray
    refused: np.ndarray


def file_charities(
    rng: np.random.Generator, clerk: Clerk, population: Population, exploitation: Exploitation, seen: Seen
) -> tuple[Filed, Referred]:
    """Charities' rows, and those of their referrals that reached a council's books."""
    caught = np.flatnonzero(seen.charity)
    known = exploitation.children[caught]
    others = np.flatnonzero(rng.random(len(population)) < 0.012 * np.exp(0.5 * population.exposure))
    others = np.setdiff1d(others, exploitation.children)
    child = np.concatenate([np.repeat(known, 1 + rng.poisson(0.6, len(known))), np.repeat(others, 1 + rng.poisson(0.3, len(others)))])  # fmt: skip
    agency = covering(rng, "charity_referrals", population.area[child])
    met = agency >= 0
    child, agency = child[met], agency[met]
    exploited = np.isin(child, exploitation.children)
    length = len(child)
    first = day_within(rng, population, child, 0.9)
    referred = rng.random(length) < 0.8
    booked = referred & (rng.random(length) < 0.55)
    refused = rng.random(length) < 0.4
    day = np.minimum(first + rng.integers(0, 120, length), np.datetime64(LAST_RECORD) - 40)
    day = np.maximum(day, first)
    # Where the council booked the referral it is the council that holds the answer; where it did not, the charity may.
    told = choose(rng, ["No further action", "Advice", "No reply", None], [0.4, 0.15, 0.3, 0.15], length)
    answer = either(booked, either(refused, "No reply", "Accepted"), told)
    answer = either(referred, answer, None)
    answered = np.isin(answer.astype(str), ["No further action", "Advice", "Accepted"])
    answered_on = day + rng.integers(3, 30, length)
    opened = rng.random(length) < 0.7
    closed_on = first + rng.integers(60, 700, length)
    ended = opened & (closed_on < np.datetime64(LAST_RECORD))
    status = either(
        exploited,
        choose(rng, ["Known", "Suspected", "At risk", None], [0.3, 0.42, 0.18, 0.1], length),
        choose(rng, ["Suspected", "At risk", None], [0.03, 0.57, 0.4], length),
    )
    associate, suspect = _associate(rng, clerk, population, exploitation, agency, child)
    columns: dict[str, Cells] = {
        **_client(rng, clerk, population, agency, child, first), "first_contact_on": first, "status": status,
        "reason": choose(rng, ["Missing episodes", "Older associate", "Exploitation concern", "Absence from school", None], [0.3, 0.25, 0.25, 0.1, 0.1], length),
        "referred_on": np.where(referred, day, _NAT).astype("datetime64[D]"),
        "referred_to": either(referred, pick([f"{one.name} Council" for one in AREAS], population.area[child]), None),
        "outcome": answer, "outcome_date": np.where(referred & answered, answered_on, _NAT).astype("datetime64[D]"),
        "case_opened": np.where(opened, first, _NAT).astype("datetime64[D]"),
        "case_closed": np.where(ended, closed_on, _NAT).astype("datetime64[D]"),
        **associate,
    }  # fmt: skip
    named = names_somebody(columns, "associate_", ("forename", "surname", "aliases", "phones", "vehicles"))
    mapped = np.array([_STATUSES.get(one) for one in status.tolist()], dtype=object)
    filed = Filed(
        "charity_referrals", "charity_referrals", agency, columns, "source_ref",
        (Named("child", child, mapped), Named("suspect", np.where(named & (suspect >= 0), suspect + len(population), -1))),
    )  # fmt: skip
    readable = np.array([one.answered for one in AGENCIES])[agency]
    counted = booked & readable
    return _renumbered(rng, filed, "R-"), Referred(child[counted], day[counted], refused[counted])


def _renumbered(rng: np.random.Generator, filed: Filed, prefix: str) -> Filed:
    """The rows in random order with references in that order."""
    mixed = shuffled(rng, filed)
    return Filed(
        mixed.form, mixed.sheet, mixed.agency,
        {**mixed.columns, "source_ref": labels(prefix, np.arange(1, len(mixed) + 1))}, "source_ref", mixed.named,
    )  # fmt: skip


def _client(
    rng: np.random.Generator,
    clerk: Clerk,
    population: Population,
    agency: np.ndarray,
    child: np.ndarray,
    day: np.ndarray,
) -> dict[str, Cells]:
    record = clerk.child(population, agency, child, day)
    return {
        "client_ref": blank(local_ids("C-", agency, child), rng.random(len(child)) < 0.3), "forename": record.forename,
        "surname": blank(record.surname, rng.random(len(child)) < 0.08), "aliases": record.aliases, "dob": record.dob,
        "sex": record.sex, "postcode": record.postcode, "address": record.address, "phones": record.phones,
        "accounts": nothing(len(child)), "ethnicity": as_stated(clerk, agency, population.ethnicity[child]),
    }  # fmt: skip


def _associate(
    rng: np.random.Generator, clerk: Clerk, population: Population, exploitation: Exploitation, agency: np.ndarray, child: np.ndarray
) -> tuple[dict[str, Cells], np.ndarray]:  # fmt: skip
    """The columns of the older person a charity worries about, named on a third of the rows of exploited children, and of the place; who it is."""
    member_of = np.full(len(population), -1)
    member_of[exploitation.children] = np.arange(len(exploitation.children))
    member = member_of[child]
    group = group_of_child(exploitation, len(population))[child]
    suspect = np.where(
        (member >= 0) & (rng.random(len(child)) < 0.35), exploitation.suspect_for(rng, np.maximum(member, 0)), -1
    )
    columns = suspect_columns(clerk, exploitation, agency, suspect, "associate_")
    kept = {name: columns[f"associate_{name}"] for name in ("forename", "surname", "aliases", "phones", "vehicles")}
    where = places(rng, exploitation, group)
    return {"place": where, **{f"associate_{name}": values for name, values in kept.items()}}, suspect


def file_health(
    rng: np.random.Generator, clerk: Clerk, population: Population, exploitation: Exploitation, seen: Seen
) -> Filed:
    """Rows of contacts with health services."""
    number = rng.poisson(1.7 * np.exp(0.3 * population.exposure - 0.045))
    certain = exploitation.children[seen.health]
    number[certain] = np.maximum(number[certain], 1)
    child = np.repeat(np.arange(len(population)), number)
    agency = covering(rng, "health_contacts", population.area[child])
    child, agency = child[agency >= 0], agency[agency >= 0]
    length = len(child)
    day = day_within(rng, population, child)
    record = clerk.child(population, agency, child, day)
    noticed = np.zeros(len(population), dtype=bool)
    noticed[certain] = True
    concern = np.where(noticed[child], rng.random(length) < 0.7, rng.random(length) < 0.003)
    missing = rng.random(length) < chance(clerk.agencies, agency, "number_missing")
    wrong = rng.random(length) < 0.003
    numbers = population.nhs_no[child]
    numbers = np.where(wrong, numbers[rng.permutation(length)], numbers) if length else numbers
    columns: dict[str, Cells] = {
        "nhs_no": blank(numbers, missing), "patient_ref": blank(local_ids("H", agency, child), rng.random(length) < 0.35), "forename": record.forename,
        "surname": record.surname, "dob": record.dob, "sex": record.sex, "postcode": record.postcode,
        "ethnicity": as_stated(clerk, agency, population.ethnicity[child]),
        "contact_on": day.astype("datetime64[m]") + rng.integers(0, 1440, length),
        "setting": choose(rng, ["A&E", "Walk-in centre", "GUM clinic", "CAMHS", "School nursing"], [0.45, 0.2, 0.08, 0.12, 0.15], length),
        "kind": choose(rng, ["Attended", "Did not wait", "Did not attend", "Repeat attendance"], [0.75, 0.08, 0.1, 0.07], length),
        "concern": either(concern, "Yes", either(rng.random(length) < 0.6, "No", None)),
        "referred_to_social_care": choose(rng, ["No", None], [0.7, 0.3], length),
        "referred_on": np.full(length, _NAT, dtype="datetime64[D]"),
    }  # fmt: skip
    status = either(concern, "at_risk", None)
    filed = Filed("health_contacts", "health_contacts", agency, columns, "source_ref", (Named("child", child, status),))
    return _renumbered(rng, filed, "H-")


def file_youth_justice(
    rng: np.random.Generator, clerk: Clerk, population: Population, exploitation: Exploitation, seen: Seen
) -> Filed:
    """Rows of offences of children a youth justice service works with; some of them are exploited."""
    number = rng.poisson(0.035 * np.exp(0.5 * population.exposure))
    certain = exploitation.children[seen.youth_justice]
    number[certain] = np.maximum(number[certain], 1)
    child = np.repeat(np.arange(len(population)), number)
    agency = covering(rng, "youth_justice", population.area[child])
    length = len(child)
    day = day_within(rng, population, child, 0.95)
    record = clerk.child(population, agency, child, day)
    known = np.zeros(len(population), dtype=bool)
    known[certain] = True
    flagged = known[child] & (rng.random(length) < 0.6)
    disposed = day + rng.integers(14, 120, length)
    opened = day + rng.integers(5, 14, length)
    ended = opened + rng.integers(60, 300, length)
    last = np.datetime64(LAST_RECORD)
    columns: dict[str, Cells] = {
        "person_ref": local_ids("Y", agency, child), "forename": record.forename, "surname": record.surname,
        "aliases": record.aliases, "dob": record.dob, "sex": record.sex, "postcode": record.postcode,
        "phones": record.phones, "ethnicity": as_stated(clerk, agency, population.ethnicity[child]), "offence_on": day,
        "offence_kind": choose(rng, ["theft", "violence", "drugs", "criminal damage", "public order"], [0.35, 0.25, 0.15, 0.15, 0.1], length),
        "disposal": choose(rng, ["referral order", "reprimand", "final warning", "no further action"], [0.3, 0.35, 0.2, 0.15], length),
        "disposal_on": np.where(disposed < last, disposed, _NAT).astype("datetime64[D]"),
        "case_opened": opened, "case_closed": np.where(ended < last, ended, _NAT).astype("datetime64[D]"),
        "exploitation_flag": either(flagged, "Yes", either(rng.random(length) < 0.5, "No", None)),
    }  # fmt: skip
    status = either(flagged, "suspected", None)
    filed = Filed("youth_justice", "youth_justice", agency, columns, "source_ref", (Named("child", child, status),))
    return _renumbered(rng, filed, "YJ-")


def file_licensing(
    rng: np.random.Generator, clerk: Clerk, population: Population, exploitation: Exploitation, seen: Seen
) -> Filed:
    """A bare list of people from an office that keeps no more: children, suspects and a few others."""
    member = np.flatnonzero(seen.licensing)
    child = exploitation.children[member]
    agency = covering(rng, "people", population.area[child])
    child, member, agency = child[agency >= 0], member[agency >= 0], agency[agency >= 0]
    suspect = exploitation.suspect_for(rng, member)
    day = day_within(rng, population, child)
    record = clerk.child(population, agency, child, day)
    suspects = suspect_columns(clerk, exploitation, agency, suspect, "")
    length = len(child)
    columns: dict[str, Cells] = {
        name: np.concatenate([np.asarray(getattr(record, name)), np.asarray(suspects[name])])
        for name in ("forename", "surname", "aliases", "sex", "postcode", "address", "phones")
    }
    columns["vehicles"] = np.concatenate([nothing(length), np.asarray(suspects["vehicles"])])
    columns["dob"] = one_after_the_other(record.dob, births(suspects["dob"]))
    columns["role"] = np.concatenate([np.full(length, "child"), np.full(length, "suspect")]).astype(object)
    columns["event_date"] = np.concatenate([day, day])
    filed = Filed(
        "people", "people", np.concatenate([agency, agency]), columns, "source_ref",
        (
            Named("child", np.concatenate([child, np.full(length, -1)])),
            Named("suspect", np.concatenate([np.full(length, -1), suspect + len(population)])),
        ),
    )  # fmt: skip
    return _renumbered(rng, filed, "L-")


def file_schools(rng: np.random.Generator, clerk: Clerk, population: Population) -> dict[str, Filed]:
    """The school census: pupils on roll, pupils who left, and the addresses of those who left."""
    trusts = {area: [number for number, one in enumerate(AGENCIES) if one.kind == "school" and one.areas == (name.id,)] for area, name in enumerate(AREAS)}  # fmt: skip
    draw = rng.random(len(population))
    trust = np.array([trusts[area][int(chance * len(trusts[area]))] for area, chance in zip(population.area.tolist(), draw.tolist(), strict=True)])  # fmt: skip
    age = (np.datetime64(LAST_RECORD) - population.born).astype(int) / 365.25
    enrolled = rng.random(len(population)) < 0.94
    moved = enrolled & (age < 17) & (rng.random(len(population)) < 0.08)
    pupil = np.flatnonzero(enrolled & (age < 17))
    left = np.concatenate([np.flatnonzero(enrolled & (age >= 17)), np.flatnonzero(moved)])
    gone = _pupils(rng, clerk, population, left, trust[left], "pupil_no_longer_on_roll")
    who = gone.named[0].person
    homes = population.homes.postcode[population.home_on(who, np.full(len(who), np.datetime64("2010-07-20")))]
    addresses = Filed(
        "school_census", "addresses_off_roll", gone.agency,
        {
            "pupil_id": gone.refs(), "school": np.asarray(gone.columns["school"]),
            "addressesoffrolltableid": labels("a", np.arange(len(left)), 8), "addressesoffrollorderseqcolumn": np.full(len(left), "1", dtype=object),
            "postcode": homes,
        },
        "pupil_id",
    )  # fmt: skip
    return {
        "pupil_on_roll": _pupils(rng, clerk, population, pupil, trust[pupil], "pupil_on_roll"),
        "pupil_no_longer_on_roll": gone,
        "addresses_off_roll": addresses,
    }


def _pupils(
    rng: np.random.Generator, clerk: Clerk, population: Population, child: np.ndarray, trust: np.ndarray, sheet: str
) -> Filed:
    length = len(child)
    day = np.full(length, np.datetime64("2010-09-06"))
    record = clerk.child(population, trust, child, day)
    eleven = population.born[child] + np.timedelta64(4080, "D")
    entered = np.where(eleven < np.datetime64("2010-07-01"), eleven, population.born[child] + np.timedelta64(1700, "D"))
    absent = rng.poisson(np.clip(5 + 3 * population.exposure[child], 0.5, 40))
    columns: dict[str, Cells] = {
        "school": pick([f"SCH{number}" for number in range(60)], trust * 3 % 57 + rng.integers(0, 3, length)),
        "dob": record.dob, "surname": record.surname, "forename": record.forename, "preferred_surname": nothing(length),
        "upn": blank(population.upn[child], rng.random(length) < 0.02), "sex": record.sex, "entry_date": entered,
        "sessions_possible": np.full(length, "132", dtype=object), "sessions_authorised": (absent // 2).astype(str).astype(object),
        "sessions_unauthorised": (absent - absent // 2).astype(str).astype(object),
    }  # fmt: skip
    if sheet == "pupil_on_roll":
        columns["enrolment_status"] = np.full(length, "C", dtype=object)
    else:
        columns["leaving_date"] = np.full(length, np.datetime64("2010-07-20"))
    filed = Filed("school_census", sheet, trust, columns, "pupil_id", (Named("child", child),))
    mixed = shuffled(rng, filed)
    prefix = "r" if sheet == "pupil_on_roll" else "l"
    return Filed(
        mixed.form, mixed.sheet, mixed.agency, {"pupil_id": labels(prefix, np.arange(length), 9), **mixed.columns},
        "pupil_id", mixed.named,
    )  # fmt: skip
