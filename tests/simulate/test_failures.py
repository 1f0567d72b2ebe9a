"""Planted failures of breach rules, recomputed here from the files alone, another way than the simulator's."""

from __future__ import annotations

import csv
import datetime
from collections import defaultdict

import pytest
from defusedxml import ElementTree

from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.rules import chosen_packs, packs
from joinedup.registry.standards import standards
from joinedup.settings import Inquiry
from joinedup.simulate import Simulated
from joinedup.simulate.lapses import BULK_COUNCIL
from joinedup.simulate.planted import NOT_PLANTED

Rows = list[dict[str, str]]
COUNCILS = {"northmoor-council": "2011-03-31", "harrowdale-council": "2011-04-18", "eastmere-council": "", "saltby-council": "2011-03-30"}  # fmt: skip
OF_OTHER_NATIONS = {name for name, standard in standards().items() if standard.nation != "england"}


def planted(truth: dict[str, Rows], rule: str, *parts: str) -> set[tuple[str, ...]]:
    """The visible failures of a rule by the columns named."""
    rows = truth["pathway_failures"]
    return {tuple(row[part] for part in parts) for row in rows if (row["rule"], row["visible"]) == (rule, "1")}


@pytest.fixture(scope="module")
def crimes(region: Simulated) -> dict[tuple[str, str], Rows]:
    """The rows of each crime that a force's return holds, by force and crime reference."""
    found: dict[tuple[str, str], Rows] = defaultdict(list)
    for force, path, encoding, delimiter in (
        ("northmoor-police", "2011-03-28", "utf-8", ","), ("saltby-constabulary", "2011-04-11", "cp1252", ";"),
    ):  # fmt: skip
        file = region.directory / "returns" / force / path / "police_crime.csv"
        with file.open(encoding=encoding, newline="") as stream:
            for row in csv.DictReader(stream, delimiter=delimiter):
                found[force, row["Crime reference"]].append(row)
    return found


def by_crime(crimes: dict[tuple[str, str], Rows], fails) -> set[tuple[str, str]]:
    return {key for key, rows in crimes.items() if rows[0]["Outcome date"] and fails(rows)}


NAMED = ("Suspect reference", "Suspect forename", "Suspect surname", "Suspect also known as", "Suspect date of birth", "Suspect phones", "Suspect vehicles", "Suspect accounts")  # fmt: skip


def test_outcomes_without_an_interview_or_a_contact_or_a_code(crimes, truth) -> None:
    no_interview = by_crime(
        crimes, lambda rows: rows[0]["Outcome type"] == "15" and not any(row["Suspect interviewed on"] for row in rows)
    )
    assert no_interview == planted(truth, "outcome_15_no_interview", "agency", "source_ref")
    of_force = {key for key in crimes if key in by_crime(crimes, lambda rows: not rows[0]["Outcome type"])}
    closed = planted(truth, "closed_without_reason", "agency", "source_ref", "form")
    assert of_force == {(agency, ref) for agency, ref, form in closed if form == "police_crime"}
    contact_offence = by_crime(crimes, lambda rows: (rows[0]["Outcome type"], rows[0]["Offence code"]) == ("21", "22B"))
    assert contact_offence == planted(truth, "outcome_21_contact_offence", "agency", "source_ref")


def test_a_suspect_is_interviewed_on_every_row_or_on_none(crimes) -> None:
    assert all(
        not row["Suspect interviewed on"] or any(row[column] for column in NAMED)
        for rows in crimes.values()
        for row in rows
    )
    assert all(row["Passed to"] for rows in crimes.values() for row in rows if row["Outcome type"] == "20")


def census(region: Simulated) -> list[tuple[str, str, dict[str, str | None]]]:
    parts = {"day": "CINreferralDate", "nfa": "ReferralNFA", "closed": "CINclosureDate", "reason": "ReasonForClosure"}
    found = []
    for council, received in COUNCILS.items():
        tree = ElementTree.parse(region.directory / "returns" / council / received / "cin_census.xml")
        for child in tree.iter("Child"):
            ref = child.findtext("ChildIdentifiers/LAchildID") or ""
            details = child.iter("CINdetails")
            found += [(council, ref, {name: one.findtext(path) for name, path in parts.items()}) for one in details]
    return found


def test_closings_without_a_reason_and_second_referrals_are_those_of_the_census(region, truth) -> None:
    rows = census(region)
    bare = {(council, ref, row["day"]) for council, ref, row in rows if row["closed"] and not row["reason"]}
    told = planted(truth, "closed_without_reason", "agency", "source_ref", "detail", "form")
    assert bare == {row[:3] for row in told if row[3] == "cin_census"}
    days = defaultdict(list)
    for council, ref, row in rows:
        days[council, ref].append(datetime.date.fromisoformat(row["day"] or ""))
    again = {
        (council, ref, row["day"])
        for council, ref, row in rows
        if row["nfa"] == "true"
        and any(1 <= (day - datetime.date.fromisoformat(row["day"] or "")).days <= 365 for day in days[council, ref])
    }
    assert again == planted(truth, "referred_again_after_no_further_action", "agency", "source_ref", "detail")


def test_every_rule_has_something_planted_and_a_month_of_bulk_closing_is_in_the_files(tmp_path) -> None:
    from joinedup.simulate import simulate

    made = simulate(tmp_path, children=4000, seed=3)
    with (tmp_path / "truth" / "pathway_failures.csv").open(encoding="utf-8", newline="") as stream:
        planted_here = list(csv.DictReader(stream))
    # Every standard of England and every rule has a failure.
    assert {row["rule"] for row in planted_here} == {*standards(), *breach_rules()} - OF_OTHER_NATIONS
    # And so has every rule of finding that is not listed with a reason.
    with (tmp_path / "truth" / "concerns.csv").open(encoding="utf-8", newline="") as stream:
        found = {row["rule"] for row in csv.DictReader(stream) if row["sure"] == row["visible"] == "1"}
    assert found == {rule.id for pack in packs().values() for rule in pack.rules} - set(NOT_PLANTED)
    on = {rule.id for pack in chosen_packs(Inquiry.model_fields["rule_packs"].default) for rule in pack.rules}
    assert on.isdisjoint(NOT_PLANTED)
    rows = [row for row in planted_here if row["rule"] == "bulk_closure"]
    assert [row["agency"] for row in rows] == [BULK_COUNCIL]
    closed = [row["closed"] for council, _, row in census(made) if council == BULK_COUNCIL and row["closed"]]
    most = max(set(closed), key=closed.count)
    assert closed.count(most) >= 15
