"""What forces left undone of the crimes they recorded, as the rows that were filed have it."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from joinedup.simulate.failures import Failures, Recorded, Signal, linkable
from joinedup.simulate.investigated import NOTHING_FURTHER, crime_numbers, held_anywhere, outcome_codes
from joinedup.simulate.region import AGENCIES, AREAS
from joinedup.simulate.region import agency as find_agency
from joinedup.simulate.social import NO_FURTHER_ACTION
from joinedup.simulate.truth import readable

FORM = "police_crime"
_DAY = np.timedelta64(1, "D")
_LAST = np.datetime64("2100-01-01")


def crimes_failed(failures: Failures, recorded: Recorded, told: dict[int, list[Signal]]) -> None:
    """Every failure of a crime's own closing; one of a crime is filed once, whichever of its rows shows it."""
    crimes, population = recorded.region.crimes, recorded.region.population
    crime, code = crime_numbers(crimes), outcome_codes(crimes)
    refs = np.asarray(crimes.columns["crime_ref"], dtype=object)
    child, suspect = crimes.named[0].person, crimes.named[1].person
    closed = np.asarray(crimes.columns["outcome_date"]).astype("datetime64[D]")
    ended = ~np.isnat(closed)
    interviewed = np.asarray(crimes.columns["suspect_interviewed_on"]).astype("datetime64[D]")
    spoken = np.asarray(crimes.columns["victim_spoken_to_on"]).astype("datetime64[D]")
    offence = np.asarray(crimes.columns["offence_code"], dtype=object)

    def add(rule: str, rows: np.ndarray, visible: np.ndarray | bool = True) -> None:
        shown = visible if isinstance(visible, bool) else visible[rows]
        failures.add(rule, FORM, (crimes.agency[rows], refs[rows], child[rows]), shown)

    add("closed_without_reason", ended & (code == ""))
    pair = _pairs(crime, suspect)
    add(
        "suspect_never_interviewed",
        ended & (suspect >= 0) & ~held_anywhere(pair, interviewed) & ~np.isin(code, ["5", "11", "12"]),
    )
    add("outcome_15_no_interview", ended & (code == "15") & ~held_anywhere(crime, interviewed))
    young = _birthday(population.born[child], 18) > closed
    for outcome in ("14", "16"):
        add(f"outcome_{outcome}_child", ended & (code == outcome) & young)
    add("outcome_21_contact_offence", ended & (code == "21") & (offence == "22B"))
    add(
        "no_further_action_without_contact",
        ended & np.isin(code, NOTHING_FURTHER) & ~held_anywhere(_pairs(crime, child), spoken),
    )
    # Who names a suspect with the child, and whether by a record that names could join to the crime.
    by_then = [
        [join for _, day, _, names, join in told.get(int(one), ()) if outcome == "18" and names and day <= when]
        for one, when, outcome in zip(child.tolist(), closed, code.tolist(), strict=True)
    ]
    named, joins = np.array([bool(one) for one in by_then], bool), np.array([any(one) for one in by_then], bool)
    add("outcome_18_suspect_named", ended & named, joins)
    passed = ended & (code == "20")
    nothing, shown = _nothing_received(recorded, child, closed, passed)
    add("outcome_20_not_received", passed & nothing, shown)


def _birthday(born: np.ndarray, years: int) -> np.ndarray:
    """The day on which each person is so many years old; born on 29 February, it is the 28th, as engines have it."""
    month = born.astype("datetime64[M]")
    day = (born - month.astype("datetime64[D]")).astype(int)
    later = month + 12 * years
    last = ((later + 1).astype("datetime64[D]") - later.astype("datetime64[D]")).astype(int) - 1
    return np.asarray(later.astype("datetime64[D]") + np.minimum(day, last))


def _pairs(crime: np.ndarray, person: np.ndarray) -> np.ndarray:
    return np.asarray(np.unique(np.stack([crime, person]), axis=1, return_inverse=True)[1]).reshape(-1)


def _nothing_received(
    recorded: Recorded, child: np.ndarray, closed: np.ndarray, passed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """For each crime row passed on: whether the council holds nothing about that day, and whether its return can show it."""
    spans = council_spans(recorded)
    join = linkable(recorded)
    place = recorded.region.population.area[child]
    nothing, shown = np.zeros(len(child), dtype=bool), np.zeros(len(child), dtype=bool)
    councils = [AGENCIES.index(find_agency(f"{area.id}-council")) for area in AREAS]
    for row in np.flatnonzero(passed).tolist():
        council = councils[int(place[row])]
        first, last = closed[row] - 7 * _DAY, closed[row] + 28 * _DAY
        held = spans.get((council, int(child[row])), [])
        nothing[row] = not any(begin <= last and end >= first for begin, end in held)
        shown[row] = bool(held) and (council, int(child[row])) in join and bool(readable()[council])
    return nothing, shown


def council_spans(recorded: Recorded) -> dict[tuple[int, int], list[tuple[np.datetime64, np.datetime64]]]:
    """For each council and child the spans of time of which the council's returns hold anything; open ones never end."""
    spans: dict[tuple[int, int], list[tuple[np.datetime64, np.datetime64]]] = defaultdict(list)
    region = recorded.region
    one = region.referrals
    ends = [one.assessed_to, one.enquiry, one.conference, one.plan_to, one.protection_to, one.closed]
    open_still = (one.fate != NO_FURTHER_ACTION) & np.isnat(one.closed)
    last = np.fmax.reduce([one.day.astype("datetime64[D]"), *(end.astype("datetime64[D]") for end in ends)])
    last = np.where(open_still, _LAST, last)
    for council, child, begin, end in zip(one.council.tolist(), one.child.tolist(), one.day.astype("datetime64[D]"), last, strict=True):  # fmt: skip
        spans[council, child].append((begin, end))
    header, population = region.care["header"], region.population
    people = header.named[0].person
    for council, child in zip(header.agency.tolist(), people.tolist(), strict=True):
        until = population.care_to[child]
        spans[council, child].append((population.care_from[child], _LAST if np.isnat(until) else until))
    missing = region.care["missing"]
    for council, child, begin in zip(missing.agency.tolist(), missing.named[0].person.tolist(), np.asarray(missing.columns["mis_start"]).astype("datetime64[D]"), strict=True):  # fmt: skip
        spans[council, child].append((begin, begin))
    meetings = recorded.meetings
    for column in ("meeting_on", "removed_on"):
        dated = np.asarray(meetings.columns[column]).astype("datetime64[D]")
        for council, child, begin in zip(
            meetings.agency.tolist(), meetings.named[0].person.tolist(), dated, strict=True
        ):
            if not np.isnat(begin):
                spans[council, child].append((begin, begin))
    return spans


def crime_signals(recorded: Recorded, told: dict[int, list[Signal]]) -> dict[int, list[Signal]]:
    """The signals, and those of crimes beside them: the child always suspected or known, and any suspect named."""
    crimes = recorded.region.crimes
    crime, read = crime_numbers(crimes), readable()
    child, suspect = crimes.named[0].person, crimes.named[1].person
    any_suspect = np.zeros(int(crime.max()) + 1 if len(crime) else 0, dtype=bool)
    np.logical_or.at(any_suspect, crime, suspect >= 0)
    found = {person: list(held) for person, held in told.items()}
    dates = {
        "recorded_on": (np.ones(len(crimes), dtype=bool), any_suspect[crime]),
        "outcome_date": (np.zeros(len(crimes), dtype=bool), any_suspect[crime]),
        "suspect_interviewed_on": (np.zeros(len(crimes), dtype=bool), suspect >= 0),
    }
    for column, (status, names) in dates.items():
        day = np.asarray(crimes.columns[column]).astype("datetime64[D]")
        for row in np.flatnonzero(~np.isnat(day) & (status | names) & read[crimes.agency]).tolist():
            found.setdefault(int(child[row]), []).append((int(crimes.agency[row]), day[row], bool(status[row]), bool(names[row]), True))  # fmt: skip
    return found
