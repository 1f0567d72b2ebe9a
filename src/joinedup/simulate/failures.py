"""pathway_failures.csv: every failure that the records hold, for each standard and breach rule, and whether they make it visible.

Worked out from what was planted and filed, never by the program's own stages. A failure is not visible where the return that
would show it was not made or cannot be read, where the record is silent, where a bulk is too small to be told from chance, or
where no record could join the two halves of it: a council's return names no child, so that another agency's record joins it
through a pupil number and a school alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from joinedup.simulate.arrays import Texts, either, held
from joinedup.simulate.dates import days
from joinedup.simulate.filing import Filed
from joinedup.simulate.lapses import Bulk
from joinedup.simulate.missing import failed
from joinedup.simulate.planted import Region
from joinedup.simulate.region import AGENCIES
from joinedup.simulate.social import NO_FURTHER_ACTION, assessment_failures, council_child_ids
from joinedup.simulate.truth import person_ids, readable

Days = np.ndarray[Any, Any]
_NAT = np.datetime64("NaT")


@dataclass(frozen=True)
class Recorded:
    """The region, and the further rows that breach rules look at."""

    region: Region
    intelligence: Filed
    online: Filed
    meetings: Filed
    census: tuple[Filed, Filed]
    schools: tuple[Filed, ...]
    closed_in_bulk: list[Bulk]
    removed_in_bulk: list[Bulk]


@dataclass
class Failures:
    """Rows of the truth as they are found."""

    rule: list[Texts] = field(default_factory=list)
    agency: list[Days] = field(default_factory=list)
    form: list[Texts] = field(default_factory=list)
    ref: list[Texts] = field(default_factory=list)
    day: list[Days] = field(default_factory=list)
    person: list[Days] = field(default_factory=list)
    visible: list[Days] = field(default_factory=list)

    def add(
        self, rule: str, form: str, rows: tuple[Days, Texts, Days], visible: Days | bool, day: Days | None = None
    ) -> None:
        """Failures of one rule: agency, reference and person of each; `day` where one reference stands for several leads."""
        agency, ref, person = rows
        size, real = len(agency), agency >= 0
        for values, value in ((self.rule, rule), (self.form, form)):
            values.append(np.full(size, value, dtype=object)[real])
        self.agency.append(agency[real])
        self.ref.append(ref[real])
        self.person.append(person[real])
        self.day.append(
            (np.full(size, _NAT, dtype="datetime64[D]") if day is None else day.astype("datetime64[D]"))[real]
        )
        self.visible.append((np.broadcast_to(visible, (size,)) & readable()[agency])[real])

    def columns(self, region: Region) -> dict[str, Any]:
        """The columns of pathway_failures.csv, in a fixed order, each failure once."""
        rule, form, ref = (np.concatenate(one).astype(object) for one in (self.rule, self.form, self.ref))
        agency, person, visible = (np.concatenate(one) for one in (self.agency, self.person, self.visible))
        detail = days(np.concatenate(self.day), "iso")
        order = np.lexsort(
            (~visible, either(held(detail), detail, "").astype(str), ref.astype(str), agency, rule.astype(str))
        )
        seen: set[tuple[str, int, str, str | None]] = set()
        kept = []
        for place in order.tolist():
            key = (rule[place], int(agency[place]), ref[place], detail[place])
            if key not in seen:
                seen.add(key)
                kept.append(place)
        at = np.array(kept, dtype=int)
        names = np.array([one.id for one in AGENCIES], dtype=object)
        return {
            "rule": rule[at], "agency": names[agency[at]], "form": form[at], "source_ref": ref[at], "detail": detail[at],
            "person_id": person_ids(region.population, person[at]), "visible": visible[at].astype(int),
        }  # fmt: skip


def linkable(recorded: Recorded) -> set[tuple[int, int]]:
    """The councils and children whose return carries a pupil number that a school's return, with the child's name, holds too."""
    read = readable()
    in_school: set[int] = set()
    for rows in recorded.schools:
        in_school |= set(rows.named[0].person[read[rows.agency]].tolist())
    found: set[tuple[int, int]] = set()
    for rows in (recorded.census[0], recorded.region.care["header"]):
        numbered = held(np.asarray(rows.columns["upn"], dtype=object))
        pairs = zip(rows.agency[numbered].tolist(), rows.named[0].person[numbered].tolist(), strict=True)
        found |= {pair for pair in pairs if pair[1] in in_school}
    return found


def standards_failed(failures: Failures, region: Region) -> None:
    """Return interviews and assessments that were late or not done."""
    episodes, referrals = region.episodes, region.referrals
    day_only = np.array([*(not one.writing.interview_times for one in AGENCIES), False])[episodes.police]
    late, shown = failed(episodes, day_only)
    failures.add(
        "return_interview_72h", "police_missing",
        (episodes.police[late], region.missing.refs()[late], episodes.child[late]), shown[late],
    )  # fmt: skip
    unassessed = assessment_failures(referrals)
    failures.add(
        "assessment_45_working_days", "cin_census", _referral(region, unassessed), True, referrals.day[unassessed]
    )


def _referral(region: Region, mask: Days) -> tuple[Days, Texts, Days]:
    council, child = region.referrals.council[mask], region.referrals.child[mask]
    return council, council_child_ids(council, child), child


def again_failed(failures: Failures, region: Region) -> None:
    """Referrals closed with no further action and followed by another to the same council within 365 days."""
    referrals = region.referrals
    order = np.lexsort((referrals.day, referrals.child, referrals.council))
    child, council, day = referrals.child[order], referrals.council[order], referrals.day[order].astype("datetime64[D]")
    same = np.zeros(len(order), dtype=bool)
    if len(order):
        gap = (day[1:] - day[:-1]).astype(int)
        same[:-1] = (child[1:] == child[:-1]) & (council[1:] == council[:-1]) & (gap >= 1) & (gap <= 365)
    again = np.zeros(len(order), dtype=bool)
    again[order] = same
    again &= referrals.fate == NO_FURTHER_ACTION
    failures.add(
        "referred_again_after_no_further_action", "cin_census", _referral(region, again), True, referrals.day[again]
    )


def reasons_failed(failures: Failures, recorded: Recorded) -> None:
    """Closings without a reason, of cases and of crimes, and what was closed in bulk."""
    rows = recorded.census[1]
    bare = ~np.isnat(np.asarray(rows.columns["closed"])) & ~held(np.asarray(rows.columns["reason"], dtype=object))
    # The census's rows carry the council's own id alone; who it is stands in its list of children.
    whose = dict(zip(zip(recorded.census[0].agency.tolist(), recorded.census[0].refs().tolist(), strict=True), recorded.census[0].named[0].person.tolist(), strict=True))  # fmt: skip
    person = np.array([whose[pair] for pair in zip(rows.agency.tolist(), rows.refs().tolist(), strict=True)], dtype=int)
    failures.add(
        "closed_without_reason", "cin_census", (rows.agency[bare], rows.refs()[bare], person[bare]), True,
        np.asarray(rows.columns["day"])[bare],
    )  # fmt: skip
    referrals = recorded.region.referrals
    for one in recorded.closed_in_bulk:
        at = np.array([one.row])
        failures.add("bulk_closure", "cin_census", _referral(recorded.region, at), True, np.array([one.day]))
        assert referrals.closed[one.row] == one.day  # noqa: S101  (a bulk that was undone again is no truth)
    meetings = recorded.meetings
    for one in recorded.removed_in_bulk:
        at = np.array([one.row])
        failures.add("bulk_removal_from_monitoring", "meeting_list", (meetings.agency[at], meetings.refs()[at], meetings.named[0].person[at]), one.many)  # fmt: skip


def list_failed(failures: Failures, recorded: Recorded) -> None:
    """Children on a meeting's list whom no council that answered holds a case of."""
    read, region = readable(), recorded.region
    worked = (region.referrals.fate != NO_FURTHER_ACTION) & read[region.referrals.council]
    cared = region.care["header"]
    on_case = set(region.referrals.child[worked].tolist()) | set(cared.named[0].person[read[cared.agency]].tolist())
    meetings = recorded.meetings
    day, child = np.asarray(meetings.columns["meeting_on"]), meetings.named[0].person
    order = np.lexsort((meetings.refs().astype(str), day, child, meetings.agency))
    first = np.concatenate([[True], (child[order][1:] != child[order][:-1]) | (meetings.agency[order][1:] != meetings.agency[order][:-1])]) if len(order) else np.zeros(0, dtype=bool)  # fmt: skip
    at = order[first]
    absent = at[np.array([int(one) not in on_case for one in child[at].tolist()], dtype=bool)] if len(at) else at
    failures.add(
        "meeting_list_no_case", "meeting_list", (meetings.agency[absent], meetings.refs()[absent], child[absent]), True
    )


Signal = tuple[int, np.datetime64, bool, bool, bool]
"""An agency, a day, whether the child is known or suspected there, whether a suspect is named, and whether names join it."""


def signals(recorded: Recorded) -> dict[int, list[Signal]]:
    """For each child what agencies other than councils held: who, when, how."""
    found: dict[int, list[Signal]] = defaultdict(list)
    read = readable()

    def put(rows: Filed, dates: Days, status: Days, names: Days, joins: Days | None = None) -> None:
        child, day = rows.named[0].person, dates.astype("datetime64[D]")
        good = read[rows.agency] & ~np.isnat(day) & (status | names) & (child >= 0)
        join = np.ones(len(rows), dtype=bool) if joins is None else joins
        for row in np.flatnonzero(good).tolist():
            found[int(child[row])].append((int(rows.agency[row]), day[row], bool(status[row]), bool(names[row]), bool(join[row])))  # fmt: skip

    charities = recorded.region.charities
    held_so = np.isin(np.asarray(charities.columns["status"], dtype=object).astype(str), ["Known", "Suspected"])
    named = charities.named[1].person >= 0
    for column, naming in (("first_contact_on", named), ("referred_on", named), ("case_opened", named & False)):
        put(charities, np.asarray(charities.columns[column]), held_so, naming)
    logs = recorded.intelligence
    child_status = logs.named[1].status
    rows = Filed(logs.form, logs.sheet, logs.agency, logs.columns, logs.ref, (logs.named[1], logs.named[0]))
    held_so = np.isin(np.asarray(child_status, dtype=object).astype(str), ["known", "suspected"])
    put(rows, np.asarray(logs.columns["logged_on"]), held_so, np.ones(len(logs), dtype=bool))
    online = recorded.online
    every = np.ones(len(online), dtype=bool)
    named = held(np.asarray(online.columns["child_surname"], dtype=object))
    put(online, np.asarray(online.columns["received_on"]), every, online.named[1].person >= 0, named)
    youth = recorded.region.youth_justice
    flagged = np.asarray(youth.columns["exploitation_flag"], dtype=object) == "Yes"
    put(youth, np.asarray(youth.columns["offence_on"]), flagged, flagged & False)
    return found
