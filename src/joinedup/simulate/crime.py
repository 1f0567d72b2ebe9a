"""Police crimes, intelligence logs and reports from platforms: the records that name suspects."""

from __future__ import annotations

import numpy as np

from joinedup.simulate.arrays import Texts, blank, choose, either, held, labels, nothing
from joinedup.simulate.dates import BirthDates
from joinedup.simulate.errors import Clerk
from joinedup.simulate.ethnicity import as_officer, as_stated
from joinedup.simulate.filing import Cells, Filed, Named, births, covering, one_after_the_other
from joinedup.simulate.groups import HUBS, Exploitation
from joinedup.simulate.lists import Seen
from joinedup.simulate.missing import nominals
from joinedup.simulate.population import Population
from joinedup.simulate.region import AGENCIES, LAST_RECORD
from joinedup.simulate.region import agency as find_agency

OFFENCES = ("71", "88A", "72")
_OUTCOMES = ("0", "1", "3", "14", "15", "16", "18", "21")
_OUTCOME_SHARES = (0.10, 0.16, 0.02, 0.14, 0.24, 0.18, 0.12, 0.04)
_KNOWN_OUTCOMES = ("1", "2", "3")


def day_within(rng: np.random.Generator, population: Population, child: np.ndarray, share: float = 1.0) -> np.ndarray:
    """A day on which something could have happened to each child, in the first `share` of its window."""
    first, last = population.window()
    span = np.maximum((last - first).astype(int), 1)[child]
    return np.asarray(first[child] + (rng.random(len(child)) * span * share).astype(int))


def group_things(
    rng: np.random.Generator, values: tuple[Texts, Texts], group: np.ndarray, chance: float, otherwise: Texts
) -> Texts:
    """One of the group's two things of a kind with some chance, else what stands otherwise."""
    if len(values[0]) == 0:
        return otherwise
    known = np.maximum(group, 0)
    thing = np.where(rng.random(len(group)) < 0.6, values[0][known], values[1][known])
    mask = (group >= 0) & (rng.random(len(group)) < chance) & held(thing)
    return np.where(mask, thing, otherwise)


def places(rng: np.random.Generator, exploitation: Exploitation, group: np.ndarray) -> Texts:
    """Where: a place of the group, a hub, or nothing recorded."""
    elsewhere = choose(rng, [*HUBS, None], [0.12, 0.1, 0.08, 0.7], len(group))
    return group_things(rng, exploitation.places, group, 0.6, elsewhere)


def suspect_columns(
    clerk: Clerk, exploitation: Exploitation, agency: np.ndarray, suspect: np.ndarray, prefix: str
) -> dict[str, Cells]:
    """The columns of a suspect; nothing in a row whose suspect is -1."""
    rng, known = clerk.rng, suspect >= 0
    who = np.maximum(suspect, 0)
    people = exploitation.suspects
    record = clerk.suspect(people, agency, who)
    group = np.where(known, exploitation.suspect_group[who], -1)
    own_vehicle = either(rng.random(len(who)) < 0.5, people.vehicle[who], None)
    columns: dict[str, Cells] = {
        "forename": record.forename, "surname": record.surname, "aliases": record.aliases, "sex": record.sex,
        "address": record.address, "postcode": record.postcode,
        "phones": group_things(rng, exploitation.phones, group, 0.35, record.phones),
        "vehicles": group_things(rng, exploitation.vehicles, group, 0.3, own_vehicle),
        "accounts": either(rng.random(len(who)) < 0.25, people.account[who], None),
        "ethnicity": as_officer(clerk, agency, people.ethnicity[who]),
    }  # fmt: skip
    named = {prefix + name: blank(np.asarray(values), ~known) for name, values in columns.items()}
    return {
        **named,
        prefix + "dob": BirthDates(record.dob.day, np.where(known, record.dob.precision, 0).astype(np.int8)),
    }


def names_somebody(columns: dict[str, Cells], prefix: str, keys: tuple[str, ...]) -> np.ndarray:
    """Whether any column by which a form knows that a row names this person holds a value."""
    cells = [columns[prefix + key] for key in keys]
    return np.asarray(
        np.any([one.precision > 0 if isinstance(one, BirthDates) else held(one) for one in cells], axis=0)
    )


def file_crimes(
    rng: np.random.Generator, clerk: Clerk, population: Population, exploitation: Exploitation, seen: Seen
) -> Filed:
    """Rows of crimes: one a victim and suspect; crimes of one group against two children can be one crime."""
    caught = np.flatnonzero(seen.police)
    member = np.repeat(caught, 1 + rng.poisson(0.35, len(caught)))
    own = _other_victims(rng, population, len(member) // 60 + 1)
    child = np.concatenate([exploitation.children[member], own])
    group = np.concatenate([exploitation.group[member], np.full(len(own), -1)])
    member = np.concatenate([member, np.full(len(own), -1)])
    agency = covering(rng, "police_crime", population.area[child])
    crime = np.arange(len(child))
    joins = (group[1:] >= 0) & (group[1:] == group[:-1]) & (agency[1:] == agency[:-1]) & (child[1:] != child[:-1])
    joined = np.concatenate([[False], joins & (rng.random(len(child) - 1) < 0.3)])
    crime = np.maximum.accumulate(np.where(joined, -1, crime))
    recorded = day_within(rng, population, child, 0.97)[crime]
    outcome = choose(rng, _OUTCOMES, _OUTCOME_SHARES, len(child))[crime]
    decided = recorded + np.clip(rng.lognormal(4.6, 0.8, len(child)), 5, 900).astype(int)[crime]
    open_still = (outcome == "0") | (decided > np.datetime64(LAST_RECORD))
    outcome = either(open_still, "0", outcome)
    where = places(rng, exploitation, group)[crime]
    offence = choose(rng, OFFENCES, [0.35, 0.5, 0.15], len(child))[crime]
    flagged = choose(rng, ["Y", "N", None], [0.4, 0.2, 0.4], len(child))[crime]
    from_day = (recorded - rng.integers(0, 200, len(child)))[crime]
    rows = np.repeat(np.arange(len(child)), 1 + (rng.random(len(child)) < 0.35))
    suspect = np.where(member[rows] >= 0, exploitation.suspect_for(rng, np.maximum(member[rows], 0)), -1)
    suspect = np.where((outcome[rows] == "18") | (rng.random(len(rows)) < 0.15), -1, suspect)
    return _crime_rows(
        clerk, population, exploitation, (child[rows], suspect, agency[rows]),
        {
            "crime_ref": labels("CR/", crime[rows] + 1), "offence_code": offence[rows], "recorded_on": recorded[rows],
            "offence_from": from_day[rows], "location": where[rows], "cse_flag": flagged[rows],
            "outcome_code": outcome[rows],
            "outcome_date": np.where(open_still, np.datetime64("NaT"), decided).astype("datetime64[D]")[rows],
        },
    )  # fmt: skip


def _other_victims(rng: np.random.Generator, population: Population, number: int) -> np.ndarray:
    """A few children recorded as victims who were not exploited: records are wrong both ways."""
    first, last = population.window()
    return rng.choice(np.flatnonzero((last - first).astype(int) > 100), number)


def _crime_rows(
    clerk: Clerk,
    population: Population,
    exploitation: Exploitation,
    who: tuple[np.ndarray, np.ndarray, np.ndarray],
    crime: dict[str, np.ndarray],
) -> Filed:
    child, suspect, agency = who
    rng = clerk.rng
    record = clerk.child(population, agency, child, crime["recorded_on"])
    suspects = suspect_columns(clerk, exploitation, agency, suspect, "suspect_")
    age = ((crime["recorded_on"] - exploitation.suspects.born[np.maximum(suspect, 0)]).astype(int) / 365.25).astype(int)
    suspect_ref = blank(nominals(rng, agency, np.maximum(suspect, 0) + len(population)), suspect < 0)
    suspect_ref = blank(suspect_ref, rng.random(len(suspect)) < 0.5)
    columns: dict[str, Cells] = {
        "source_ref": labels("CR/ROW/", np.arange(1, len(child) + 1)), **crime,
        "relationship": choose(rng, ["stranger", "acquaintance", "partner", "not known", None], [0.1, 0.3, 0.15, 0.2, 0.25], len(child)),
        "victim_ref": nominals(rng, agency, child), "victim_forename": record.forename, "victim_surname": record.surname,
        "victim_aliases": record.aliases, "victim_dob": record.dob, "victim_sex": record.sex,
        "victim_postcode": record.postcode, "victim_address": record.address, "victim_phones": record.phones,
        "victim_ethnicity": as_officer(clerk, agency, population.ethnicity[child]),
        "victim_ethnicity_self": blank(as_stated(clerk, agency, population.ethnicity[child]), rng.random(len(child)) < 0.6),
        "suspect_ref": suspect_ref, **suspects,
        "suspect_age": either((suspect >= 0) & (births(suspects["suspect_dob"]).precision == 0) & (rng.random(len(child)) < 0.5), age.astype(str).astype(object), None),
    }  # fmt: skip
    named_by = ("ref", "forename", "surname", "aliases", "dob", "phones", "vehicles", "accounts")
    named = names_somebody({**columns}, "suspect_", named_by)
    status = either(np.isin(crime["outcome_code"], _KNOWN_OUTCOMES), "known", "suspected")
    return Filed(
        "police_crime", "police_crime", agency, columns, "source_ref",
        (Named("child", child, status), Named("suspect", np.where(named, suspect + len(population), -1))),
    )  # fmt: skip


def file_intelligence(
    rng: np.random.Generator, clerk: Clerk, population: Population, exploitation: Exploitation, seen: Seen
) -> Filed:
    """Rows of logs: one a person named; logs on a group name its suspects and some of the children seen with them."""
    groups = exploitation.groups
    caught = np.flatnonzero(seen.intelligence)
    about = np.repeat(np.arange(groups), 2 + rng.poisson(2.0, groups))
    alone = caught[exploitation.group[caught] < 0]
    group = np.concatenate([about, np.full(len(alone), -1)])
    lead = np.concatenate([exploitation.first_suspect[about], exploitation.partner[alone]]).astype(int)
    agency = covering(rng, "intelligence", exploitation.suspects.area[lead])
    agency = np.where(rng.random(len(group)) < 0.15, AGENCIES.index(find_agency("north-railway-police")), agency)
    one_child = np.concatenate([_any_member(rng, exploitation, caught, about), alone]).astype(int)
    day = day_within(rng, population, exploitation.children[np.maximum(one_child, 0)])
    no_child = (one_child < 0) | (rng.random(len(group)) < 0.25) & (group >= 0)
    log_of_suspect, suspect = _named_in_logs(rng, exploitation, group, lead)
    log_of_child = np.flatnonzero(~no_child)
    child = exploitation.children[one_child[log_of_child]]
    where = places(rng, exploitation, group)
    grade = choose(rng, ["A1", "B1", "B2", "C2", "D2"], [0.1, 0.2, 0.4, 0.2, 0.1], len(group))
    suspects = suspect_columns(clerk, exploitation, agency[log_of_suspect], suspect, "")
    record = clerk.child(population, agency[log_of_child], child, day[log_of_child])
    log = np.concatenate([log_of_suspect, log_of_child])
    in_agency = agency[log]
    status = choose(rng, ["known", "suspected", "at risk", None], [0.08, 0.42, 0.25, 0.25], len(child))
    members = len(suspect)
    both = {
        "forename": record.forename, "surname": record.surname, "aliases": record.aliases, "sex": record.sex,
        "postcode": record.postcode, "address": record.address,
        "phones": group_things(rng, exploitation.phones, group[log_of_child], 0.2, record.phones),
        "vehicles": nothing(len(child)), "accounts": nothing(len(child)),
        "ethnicity": as_officer(clerk, agency[log_of_child], population.ethnicity[child]),
    }  # fmt: skip
    columns: dict[str, Cells] = {
        "source_ref": labels("IR/ROW/", np.arange(1, len(log) + 1)), "log_ref": labels("IR/", log + 1),
        "logged_on": day[log], "grading": grade[log], "place": where[log],
        "role": np.concatenate([np.full(members, "suspect"), np.full(len(child), "child")]).astype(object),
        "status": np.concatenate([nothing(members), status]),
        "person_ref": blank(nominals(rng, in_agency, np.concatenate([suspect + len(population), child])), rng.random(len(log)) < 0.4),
        **{name: np.concatenate([np.asarray(suspects[name]), values]) for name, values in both.items()},
        "dob": one_after_the_other(births(suspects["dob"]), record.dob),
    }  # fmt: skip
    return Filed(
        "intelligence", "intelligence", in_agency, columns, "source_ref",
        (
            Named("suspect", np.concatenate([suspect + len(population), np.full(len(child), -1)])),
            Named("child", np.concatenate([np.full(members, -1), child]), np.concatenate([nothing(members), either(status == "at risk", "at_risk", status)])),
        ),
    )  # fmt: skip


def _named_in_logs(
    rng: np.random.Generator, exploitation: Exploitation, group: np.ndarray, lead: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One to three suspects of each log's group, each once in a log; `lead` alone where there is no group."""
    each = np.where(group >= 0, 1 + rng.integers(0, 3, len(group)), 1)
    log = np.repeat(np.arange(len(group)), each)
    nth = np.arange(len(log)) - np.repeat(np.cumsum(each) - each, each)
    sizes = np.diff(exploitation.first_suspect)
    size = np.where(group >= 0, sizes[np.maximum(group, 0)], 1) if exploitation.groups else np.ones(len(group), int)
    offset = rng.integers(0, 1_000, len(group))
    suspect = lead[log] + (offset[log] + nth) % size[log]
    # A small group's third suspect would be its first again: such a row is left out.
    fresh = nth < size[log]
    return log[fresh], suspect[fresh]


def _any_member(
    rng: np.random.Generator, exploitation: Exploitation, caught: np.ndarray, about: np.ndarray
) -> np.ndarray:
    """For each group a child of it that intelligence knows, -1 where it knows none."""
    in_groups = caught[exploitation.group[caught] >= 0]
    ordered = in_groups[np.argsort(exploitation.group[in_groups], kind="stable")]
    groups = exploitation.group[ordered]
    low, high = np.searchsorted(groups, about, side="left"), np.searchsorted(groups, about, side="right")
    at = low + (rng.random(len(about)) * (high - low)).astype(int)
    return np.where(high > low, ordered[np.minimum(at, max(len(ordered) - 1, 0))] if len(ordered) else -1, -1)


def file_online(
    rng: np.random.Generator, clerk: Clerk, population: Population, exploitation: Exploitation, seen: Seen
) -> Filed:
    """Rows of reports that a hotline passed on: accounts, dates and a kind of threat as a code."""
    member = np.flatnonzero(seen.online)
    child = exploitation.children[member]
    suspect = exploitation.suspect_for(rng, member)
    agency = covering(rng, "online_reports", population.area[child])
    day = day_within(rng, population, child)
    record = clerk.child(population, agency, child, day)
    suspects = suspect_columns(clerk, exploitation, agency, suspect, "suspect_")
    full = rng.random(len(child)) < 0.4
    age = ((day - population.born[child]).astype(int) / 365.25).astype(int)
    columns: dict[str, Cells] = {
        "source_ref": labels("OR/ROW/", np.arange(1, len(child) + 1)), "report_ref": labels("OR/", np.arange(1, len(child) + 1)),
        "received_on": day.astype("datetime64[m]") + rng.integers(0, 1440, len(child)),
        "reported_by": choose(rng, ["platform", "hotline", "public", "school"], [0.5, 0.2, 0.2, 0.1], len(child)),
        "platform": choose(rng, ["Chatter", "PicWall", "GameRoom"], [0.5, 0.3, 0.2], len(child)),
        "threat_kind": choose(rng, ["contact", "meeting", "account"], [0.6, 0.2, 0.2], len(child)),
        "child_account": labels("user", rng.permutation(900_000)[: len(child)]),
        "child_forename": record.forename, "child_surname": blank(record.surname, ~full),
        "child_dob": BirthDates(record.dob.day, np.where(full, record.dob.precision, 0).astype(np.int8)),
        "child_age": age.astype(str).astype(object), "child_sex": record.sex, "child_postcode": blank(record.postcode, ~full),
        "child_phones": record.phones, "suspect_account": suspects["suspect_accounts"],
        "suspect_forename": suspects["suspect_forename"], "suspect_surname": suspects["suspect_surname"],
        "suspect_phones": suspects["suspect_phones"],
    }  # fmt: skip
    named = names_somebody(columns, "suspect_", ("account", "forename", "surname", "phones"))
    return Filed(
        "online_reports", "online_reports", agency, columns, "source_ref",
        (
            Named("child", child, np.full(len(child), "suspected", dtype=object)),
            Named("suspect", np.where(named, suspect + len(population), -1)),
        ),
    )  # fmt: skip
