"""Failures that only two agencies' records together show: closings another's record contradicts, and flags on one system."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from joinedup.simulate.arrays import held
from joinedup.simulate.crime_failures import crime_signals, crimes_failed
from joinedup.simulate.failures import (
    Failures,
    Recorded,
    Signal,
    again_failed,
    linkable,
    list_failed,
    reasons_failed,
    signals,
    standards_failed,
)
from joinedup.simulate.lapses import answer_failures, conference_failures
from joinedup.simulate.region import AGENCIES
from joinedup.simulate.social import NO_FURTHER_ACTION, council_child_ids
from joinedup.simulate.truth import readable

_OPEN_DAYS = np.timedelta64(90, "D")
_YEAR = np.timedelta64(365, "D")


def clocks_failed(failures: Failures, recorded: Recorded) -> None:
    """Referrals answered late or never, and conferences late or not held."""
    region, charities = recorded.region, recorded.region.charities
    late = answer_failures(charities)
    failures.add(
        "referral_decision_1_working_day", "charity_referrals",
        (charities.agency[late], charities.refs()[late], charities.named[0].person[late]), True,
    )  # fmt: skip
    missed = conference_failures(region.referrals)
    council, child = region.referrals.council[missed], region.referrals.child[missed]
    failures.add(
        "conference_15_working_days", "cin_census", (council, council_child_ids(council, child), child), True,
        region.referrals.day[missed],
    )  # fmt: skip


def contradicted(failures: Failures, recorded: Recorded, told: dict[int, list[Signal]]) -> None:
    """Councils' closings with nothing further, while another agency held the child or a suspect in the year before."""
    referrals = recorded.region.referrals
    ended = _reasoned_ends(recorded)
    join = linkable(recorded)
    rows, visible = [], []
    for row in np.flatnonzero(~np.isnat(ended)).tolist():
        child, council, day = int(referrals.child[row]), int(referrals.council[row]), ended[row]
        against = [one for one in told.get(child, ()) if day - _YEAR <= one[1] <= day and one[0] != council]
        if against:
            rows.append(row)
            visible.append((council, child) in join and any(one[4] for one in against))
    at = np.array(rows, dtype=int)
    council, child = referrals.council[at], referrals.child[at]
    failures.add(
        "closed_contradicted", "cin_census", (council, council_child_ids(council, child), child),
        np.array(visible, dtype=bool), referrals.day[at],
    )  # fmt: skip


def _reasoned_ends(recorded: Recorded) -> np.ndarray:
    """The day on which each referral was closed with nothing further, as its record says; NaT where it was not, or gives no reason."""
    referrals, rows = recorded.region.referrals, recorded.census[1]
    given = held(np.asarray(rows.columns["reason"], dtype=object))
    reasoned = set(
        zip(rows.agency[given].tolist(), rows.refs()[given].tolist(), np.asarray(rows.columns["day"])[given].astype(str).tolist(), strict=True)
    )  # fmt: skip
    ids = council_child_ids(referrals.council, referrals.child)
    keys = zip(
        referrals.council.tolist(),
        ids.tolist(),
        referrals.day.astype("datetime64[D]").astype(str).tolist(),
        strict=True,
    )
    told = np.array([key in reasoned for key in keys], dtype=bool)
    refused = referrals.fate == NO_FURTHER_ACTION
    day = np.where(refused, referrals.day.astype("datetime64[D]"), referrals.closed.astype("datetime64[D]"))
    return np.asarray(np.where((refused | told) & (referrals.council >= 0), day, np.datetime64("NaT")))


def while_missing(failures: Failures, recorded: Recorded) -> None:
    """Closings of referrals and crimes on a day within a missing episode of the child."""
    gone = _gone(recorded)
    region, join, read = recorded.region, linkable(recorded), readable()
    referrals, crimes, charities = region.referrals, region.crimes, region.charities
    refused = referrals.fate == NO_FURTHER_ACTION
    ends = np.where(refused, referrals.day.astype("datetime64[D]"), referrals.closed.astype("datetime64[D]"))
    ids = council_child_ids(referrals.council, referrals.child)
    parts = (
        ("cin_census", referrals.council, ids, referrals.child, ends, referrals.day),
        ("police_crime", crimes.agency, np.asarray(crimes.columns["crime_ref"], dtype=object), crimes.named[0].person,
         np.asarray(crimes.columns["outcome_date"]).astype("datetime64[D]"), None),
        ("charity_referrals", charities.agency, charities.refs(), charities.named[0].person,
         np.where(np.isin(np.asarray(charities.columns["outcome"], dtype=object).astype(str), ["No further action", "Advice"]),
                  np.asarray(charities.columns["outcome_date"]).astype("datetime64[D]"), np.datetime64("NaT")), None),
    )  # fmt: skip
    for form, agency, ref, child, end, day in parts:
        rows, visible = [], []
        for row in np.flatnonzero(~np.isnat(end) & (agency >= 0)).tolist():
            who, by = int(child[row]), int(agency[row])
            inside = [one for one in gone.get(who, ()) if one[0] < end[row] < one[1]]
            if inside:
                rows.append(row)
                nameless = form == "cin_census"
                ours = not nameless or (by, who) in join
                shown = (of == by or (ours and (names or (of, who) in join)) for _, _, of, names in inside if read[of])
                visible.append(any(shown))
        at = np.array(rows, dtype=int)
        failures.add("closed_while_missing", form, (agency[at], ref[at], child[at]), np.array(visible, dtype=bool), None if day is None else day[at])  # fmt: skip


Span = tuple[np.datetime64, np.datetime64, int, bool]
"""First and last day of an episode, the agency that holds it, and whether its record names the child."""


def _gone(recorded: Recorded) -> dict[int, list[Span]]:
    """For each child the missing episodes on record: those of forces, and of councils for children in care."""
    found: dict[int, list[Span]] = defaultdict(list)
    episodes, care = recorded.region.episodes, recorded.region.care["missing"]
    police = (episodes.child, episodes.start, episodes.end, episodes.police, True)
    council = (
        care.named[0].person,
        np.asarray(care.columns["mis_start"]),
        np.asarray(care.columns["mis_end"]),
        care.agency,
        False,
    )
    for child, start, end, agency, names in (police, council):
        begin, until = start.astype("datetime64[D]"), end.astype("datetime64[D]")
        until = np.where(np.isnat(until), begin + _OPEN_DAYS, until)
        for row in np.flatnonzero(agency >= 0).tolist():
            found[int(child[row])].append((begin[row], until[row], int(agency[row]), names))
    return found


Said = tuple[np.datetime64, int, str, str, str]
"""A day, an agency, yes, no or silent, and the form and reference of a record in a system that has a flag."""


def flags_failed(failures: Failures, recorded: Recorded) -> None:
    """Flags by one agency alone, where another recorded the child on or after that day and said no."""
    join = linkable(recorded)
    council_ids = {AGENCIES.index(one) for one in AGENCIES if one.kind == "social_care"}
    rows: list[tuple[int, str, str, int, np.datetime64, bool]] = []
    for child, told in sorted(_said(recorded).items()):
        flagged = {agency for _, agency, says, _, _ in told if says == "yes"}
        if len(flagged) != 1:
            continue
        (holder,) = flagged
        day, _, _, form, ref = min(one for one in told if one[1] == holder and one[2] == "yes")
        denied = {agency for when, agency, says, _, _ in told if agency != holder and says == "no" and when >= day}

        def joins(agency: int, child: int = child) -> bool:
            return agency not in council_ids or (agency, child) in join

        if denied:
            rows.append((holder, form, ref, child, day, joins(holder) and any(joins(one) for one in denied)))
    for form in ("police_crime", "cin_census", "youth_justice"):
        mine = [row for row in rows if row[1] == form]
        failures.add(
            "flag_on_one_system", form,
            (np.array([row[0] for row in mine], dtype=int), np.array([row[2] for row in mine], dtype=object), np.array([row[3] for row in mine], dtype=int)),
            np.array([row[5] for row in mine], dtype=bool), np.array([row[4] for row in mine], dtype="datetime64[D]"),
        )  # fmt: skip


def _said(recorded: Recorded) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = defaultdict(list)
    region, read = recorded.region, readable()
    crimes, youth, referrals = region.crimes, region.youth_justice, region.referrals
    words = {"Y": "yes", "N": "no", "Yes": "yes", "No": "no"}
    for rows, column, dated, ref in ((crimes, "cse_flag", "recorded_on", "crime_ref"), (youth, "exploitation_flag", "offence_on", "source_ref")):  # fmt: skip
        day = np.asarray(rows.columns[dated]).astype("datetime64[D]")
        values, refs = np.asarray(rows.columns[column], dtype=object), np.asarray(rows.columns[ref], dtype=object)
        for row in np.flatnonzero(read[rows.agency] & ~np.isnat(day)).tolist():
            says = words.get(str(values[row]), "silent")
            found[int(rows.named[0].person[row])].append(
                (day[row], int(rows.agency[row]), says, rows.form, str(refs[row]))
            )
    ids = council_child_ids(referrals.council, referrals.child)
    for row in np.flatnonzero(read[referrals.council] & ~np.isnat(referrals.assessed_from)).tolist():
        factors = referrals.factors[row]
        says = "silent" if factors is None else "yes" if {"11A", "24A"} & set(str(factors).split(";")) else "no"
        found[int(referrals.child[row])].append((referrals.assessed_from[row].astype("datetime64[D]"), int(referrals.council[row]), says, "cin_census", str(ids[row])))  # fmt: skip
    return found


def pathway_failures(recorded: Recorded) -> dict[str, Any]:
    """The columns of pathway_failures.csv: every standard and breach rule, and whether the returned records show it."""
    failures, region = Failures(), recorded.region
    told = signals(recorded)
    standards_failed(failures, region)
    clocks_failed(failures, recorded)
    again_failed(failures, region)
    reasons_failed(failures, recorded)
    list_failed(failures, recorded)
    crimes_failed(failures, recorded, told)
    contradicted(failures, recorded, crime_signals(recorded, told))
    while_missing(failures, recorded)
    flags_failed(failures, recorded)
    return failures.columns(region)
