"""Planted failures and concerns, recomputed here from the files alone."""

from __future__ import annotations

import csv
import datetime
from collections import defaultdict

import holidays
from defusedxml import ElementTree

from joinedup.simulate import Simulated

Rows = list[dict[str, str]]
_COUNCILS = {
    "northmoor-council": "2011-03-31",
    "harrowdale-council": "2011-04-18",
    "eastmere-council": "",
    "saltby-council": "2011-03-30",
}


_PARTS = {
    "day": "CINreferralDate",
    "nfa": "ReferralNFA",
    "begun": "Assessments/AssessmentActualStartDate",
    "done": "Assessments/AssessmentAuthorisationDate",
    "closed": "CINclosureDate",
    "plan": "CINPlanDates/CINPlanStartDate",
    "plan_end": "CINPlanDates/CINPlanEndDate",
    "protection": "ChildProtectionPlans/CPPstartDate",
    "protection_end": "ChildProtectionPlans/CPPendDate",
}


OFF = {"repeat_health_contacts", "persistent_absence", "exclusion_and_missing"}
"""Rules of which truth is planted and that the made inquiry leaves off."""


def moment(text: str, style: str) -> datetime.datetime:
    return datetime.datetime.strptime(text, style)  # noqa: DTZ007  (agencies' local times carry no zone)


def forces(region: Simulated) -> dict[str, list[dict[str, object]]]:
    """Missing episodes as each force's file has them, moments read; an interview without a time is its day's two ends."""
    found: dict[str, list[dict[str, object]]] = {}
    for agency, path, encoding, delimiter, style in (
        ("northmoor-police", "2011-05-02", "utf-8", ",", "%d/%m/%Y"),
        ("saltby-constabulary", "2011-04-11", "cp1252", ";", "%d-%b-%y"),
    ):
        rows = []
        with (region.directory / "returns" / agency / path / "police_missing.csv").open(
            encoding=encoding, newline=""
        ) as file:
            for row in csv.DictReader(file, delimiter=delimiter):
                held = row["Return interview date"]
                timed = " " in held
                rows.append({
                    "ref": row["Reference"],
                    "start": moment(row["Missing since"], style + " %H:%M"),
                    "end": moment(row["Returned"], style + " %H:%M") if row["Returned"] else None,
                    "held": moment(held, style + (" %H:%M" if timed else "")) if held else None,
                    "offered": row["Return interview offered"], "accepted": row["Return interview accepted"],
                })  # fmt: skip
        found[agency] = rows
    return found


def census(region: Simulated) -> dict[str, list[tuple[str, dict[str, str | None]]]]:
    """Each council's referrals: the child's id and the days and marks of the referral."""
    found = {}
    for council, received in _COUNCILS.items():
        tree = ElementTree.parse(region.directory / "returns" / council / received / "cin_census.xml")
        rows = []
        for child in tree.iter("Child"):
            ref = child.findtext("ChildIdentifiers/LAchildID") or ""
            rows.extend(
                (ref, {name: detail.findtext(path) for name, path in _PARTS.items()})
                for detail in child.iter("CINdetails")
            )
        found[council] = rows
    return found


def test_every_visible_interview_failure_and_no_other_is_shown_by_the_records(
    region: Simulated, truth: dict[str, Rows]
) -> None:
    limit = datetime.timedelta(hours=72)
    shown = set()
    for agency, rows in forces(region).items():
        for row in rows:
            end, held = row["end"], row["held"]
            never = held is None and (row["offered"] == "No" or row["accepted"] == "No")
            if end is not None and (never or (held is not None and held - end > limit)):  # type: ignore[operator]
                shown.add((agency, row["ref"]))
    planted = [row for row in truth["pathway_failures"] if row["rule"] == "return_interview_72h"]
    assert shown == {(row["agency"], row["source_ref"]) for row in planted if row["visible"] == "1"}
    assert {row["visible"] for row in planted} == {"0", "1"}


def test_no_interview_is_planted_so_near_72_hours_that_the_minute_decides(region: Simulated) -> None:
    for row in forces(region)["northmoor-police"]:
        if row["held"] and row["end"]:
            hours = (row["held"] - row["end"]).total_seconds() / 3600  # type: ignore[operator]
            assert not 71 < hours < 73


def test_every_visible_assessment_failure_and_no_other_is_shown_by_the_census(
    region: Simulated, truth: dict[str, Rows]
) -> None:
    closed = holidays.country_holidays("GB", subdiv="ENG", years=range(2007, 2013))

    def working_days(first: str, last: str) -> int:
        start, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
        span = (start + datetime.timedelta(days=number) for number in range(1, (end - start).days + 1))
        return sum(day.weekday() < 5 and day not in closed for day in span)

    shown = set()
    for council, rows in census(region).items():
        for ref, referral in rows:
            day = referral["day"] or ""
            if referral["nfa"] == "true":
                assert referral["begun"] is None
                continue
            taken = working_days(day, referral["done"]) if referral["done"] else None
            assert taken is None or not 44 <= taken <= 46
            if (taken is None and working_days(day, "2011-03-25") >= 45) or (taken or 0) > 45:
                shown.add((council, ref, day))
    planted = [row for row in truth["pathway_failures"] if row["rule"] == "assessment_45_working_days"]
    visible = {(row["agency"], row["source_ref"], row["detail"]) for row in planted if row["visible"] == "1"}
    assert shown == visible
    assert {row["agency"] for row in planted if row["visible"] == "0"} == {"thornwick-council"}


def people_of(truth: dict[str, Rows], agency: str, form: str) -> dict[str, str]:
    return {
        row["source_ref"]: row["person_id"]
        for row in truth["mentions"]
        if (row["agency"], row["form"], row["role"]) == (agency, form, "child")
    }


def test_repeat_missing_is_who_the_files_show_missing_three_times_in_ninety_days(
    region: Simulated, truth: dict[str, Rows]
) -> None:
    days: dict[str, set[datetime.date]] = defaultdict(set)
    for agency, rows in forces(region).items():
        who = people_of(truth, agency, "police_missing")
        for row in rows:
            days[who[str(row["ref"])]].add(row["start"].date())  # type: ignore[attr-defined]
    for council, received in _COUNCILS.items():
        who = people_of(truth, council, "ssda903")
        with (region.directory / "returns" / council / received / "missing.csv").open(
            encoding="utf-8", newline=""
        ) as file:
            for row in csv.DictReader(file):
                days[who[row["CHILD"]]].add(moment(row["MIS_START"], "%d/%m/%Y").date())
    fired = {
        person
        for person, dates in days.items()
        if any(sum(0 <= (later - first).days <= 90 for later in dates) >= 3 for first in dates)
    }
    assert fired
    assert fired == {row["person_id"] for row in truth["concerns"] if row["rule"] == "repeat_missing"}


def test_missing_without_interview_is_who_the_files_show_it_of(region: Simulated, truth: dict[str, Rows]) -> None:
    fired = set()
    for agency, rows in forces(region).items():
        who = people_of(truth, agency, "police_missing")
        for row in rows:
            told = row["offered"] == "No" or row["accepted"] == "No"
            if row["end"] is not None and row["held"] is None and told:
                fired.add(who[str(row["ref"])])
    assert fired == {row["person_id"] for row in truth["concerns"] if row["rule"] == "missing_no_return_interview"}


def test_unseen_have_a_concern_and_no_open_case_in_the_census_of_a_council_that_holds_a_part_of_it(
    region: Simulated, truth: dict[str, Rows]
) -> None:
    concerned = {row["person_id"] for row in truth["concerns"]}
    unseen = {row["person_id"] for row in truth["unseen"]}
    assert unseen
    assert unseen < concerned
    looking = set()
    for council, rows in census(region).items():
        who = people_of(truth, council, "cin_census")
        for ref, referral in rows:
            if referral["nfa"] == "false" and referral["closed"] is None:
                looking.add((who[ref], council))
    holders = {(row["person_id"], agency) for row in truth["concerns"] for agency in row["agencies"].split("|")}
    aware = {person for person, _ in looking & holders}
    assert aware & concerned
    assert {person for person, _ in looking} & unseen, "some are looked at only where nothing of the concern is known"
    assert unseen.isdisjoint(aware - {row["person_id"] for row in truth["concerns"] if row["rule"] in OFF})


def test_an_open_case_shows_open_work_and_a_closed_one_none(region: Simulated) -> None:
    for rows in census(region).values():
        for _, referral in rows:
            parts = (("begun", "done"), ("plan", "plan_end"), ("protection", "protection_end"))
            open_parts = [begin for begin, end in parts if referral[begin] and not referral[end]]
            if referral["nfa"] == "false":
                assert bool(open_parts) == (referral["closed"] is None)
            else:
                assert not any(referral[begin] for begin, _ in parts)


def missing_days(region: Simulated, truth: dict[str, Rows]) -> dict[str, set[datetime.date]]:
    """The days on which each child went missing, as forces' and councils' files have them."""
    days: dict[str, set[datetime.date]] = defaultdict(set)
    for agency, rows in forces(region).items():
        who = people_of(truth, agency, "police_missing")
        for row in rows:
            days[who[str(row["ref"])]].add(row["start"].date())  # type: ignore[attr-defined]
    for council, received in _COUNCILS.items():
        who = people_of(truth, council, "ssda903")
        with (region.directory / "returns" / council / received / "missing.csv").open(
            encoding="utf-8", newline=""
        ) as file:
            for row in csv.DictReader(file):
                days[who[row["CHILD"]]].add(moment(row["MIS_START"], "%d/%m/%Y").date())
    return days


def test_excluded_and_missing_is_who_the_files_show_so_within_ninety_days(
    region: Simulated, truth: dict[str, Rows]
) -> None:
    excluded: dict[str, set[datetime.date]] = defaultdict(set)
    paths = sorted((region.directory / "returns").rglob("school_exclusions.csv"))
    for path in paths:
        who = people_of(truth, path.relative_to(region.directory / "returns").parts[0], "school_exclusions")
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                day = moment(row["Excluded from"], "%Y-%b-%d 00:00:00").date()
                assert day.weekday() < 5
                excluded[who[row["Exclusion reference"]]].add(day)
    assert len(paths) == 6
    gone = missing_days(region, truth)
    fired = {
        person
        for person, days in excluded.items()
        if any(abs((day - other).days) <= 90 for day in days for other in gone.get(person, ()))
    }
    assert fired
    assert set(excluded) - fired
    assert fired == {row["person_id"] for row in truth["concerns"] if row["rule"] == "exclusion_and_missing"}


def test_what_takes_a_council_s_nameless_row_without_a_number_and_another_agency_s_is_not_visible(
    region: Simulated, truth: dict[str, Rows]
) -> None:
    numbered = set()
    for council, received in _COUNCILS.items():
        who = people_of(truth, council, "cin_census")
        tree = ElementTree.parse(region.directory / "returns" / council / received / "cin_census.xml")
        for child in tree.iter("Child"):
            if child.findtext("ChildIdentifiers/UPN"):
                numbered.add(who[child.findtext("ChildIdentifiers/LAchildID") or ""])
    rows = [row for row in truth["concerns"] if row["rule"] == "repeat_no_further_action"]
    hidden = {row["person_id"] for row in rows if row["visible"] == "0"}
    assert hidden
    assert hidden < {row["person_id"] for row in rows}
    assert hidden.isdisjoint(numbered)
    assert all(len(row["agencies"].split("|")) > 1 for row in rows if row["visible"] == "0")
    assert {row["visible"] for row in truth["concerns"] if row["rule"] != "repeat_no_further_action"} == {"1"}
