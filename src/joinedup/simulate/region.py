"""The fictional region: its areas, and the agencies that were asked, each with its own way of recording.

Nothing here is a real place or body. The postcode areas are letters the post has not given out.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

PERIOD_START = datetime.date(2008, 1, 1)
PERIOD_END = datetime.date(2011, 6, 29)
DUE = datetime.date(2011, 3, 31)
LAST_RECORD = datetime.date(2011, 3, 25)
"""No return was made before this day, so no record is later."""
LAST_REFERRAL_LEFT_OPEN = datetime.date(2011, 1, 14)
"""Of later referrals a return made in March cannot tell whether the 45 working days were kept; they are simply done."""
PERIOD = f"{{ from = {PERIOD_START}, to = {PERIOD_END} }}"


@dataclass(frozen=True, slots=True)
class Area:
    """One local authority area; `letters` begin its postcodes."""

    id: str
    name: str
    letters: str
    share: float


AREAS: tuple[Area, ...] = (
    Area("northmoor", "Northmoor", "ZA", 0.38),
    Area("harrowdale", "Harrowdale", "ZB", 0.22),
    Area("eastmere", "Eastmere", "ZC", 0.17),
    Area("saltby", "Saltby", "ZD", 0.14),
    Area("thornwick", "Thornwick", "ZH", 0.09),
)


@dataclass(frozen=True, slots=True)
class Recording:
    """How well an agency writes people down: the chance of each fault in one record.

    Assumed, in the order of magnitude of published work: two records of one person disagree in about one surname in
    six and one forename in eight (ALSPAC linkage study, IJPDS 2389); dates of birth are lacking on about half of
    voluntary-sector rows (a planning figure, not a finding).
    """

    typing: float = 0.02
    other_name: float = 0.06
    wrong_surname: float = 0.01
    names_swapped: float = 0.003
    dob_missing: float = 0.02
    dob_partial: float = 0.01
    dob_placeholder: float = 0.005
    dob_slip: float = 0.015
    sex_missing: float = 0.01
    sex_wrong: float = 0.002
    address_missing: float = 0.05
    address_old: float = 0.08
    postcode_missing: float = 0.05
    phone_held: float = 0.3
    number_missing: float = 0.1
    ethnicity_missing: float = 0.2


CAREFUL = Recording(typing=0.01, other_name=0.03, dob_missing=0.005, dob_slip=0.006, ethnicity_missing=0.1)
POLICE = Recording(
    typing=0.025, other_name=0.07, dob_missing=0.03, dob_slip=0.02, phone_held=0.35, ethnicity_missing=0.33
)
STREET = Recording(
    typing=0.03, other_name=0.22, wrong_surname=0.03, names_swapped=0.006, dob_missing=0.5, dob_partial=0.15,
    dob_placeholder=0.03, dob_slip=0.03, sex_missing=0.05, address_missing=0.35, postcode_missing=0.4, phone_held=0.45,
    ethnicity_missing=0.4,
)  # fmt: skip
HOSPITAL = Recording(
    typing=0.012,
    other_name=0.02,
    dob_missing=0.004,
    postcode_missing=0.03,
    address_old=0.12,
    phone_held=0.0,
    number_missing=0.08,
)
SCHOOL = Recording(
    typing=0.008, other_name=0.04, dob_missing=0.001, dob_slip=0.004, number_missing=0.02, phone_held=0.0
)


@dataclass(frozen=True, slots=True)
class Writing:
    """How an agency writes its files."""

    dates: str = "slashes"
    """slashes 03/04/2011, iso 2011-04-03, dashes 3-Apr-11, dots 03.04.2011, words 3 April 2011, serial 40636."""
    file: str = "csv"
    """csv, xlsx, xml."""
    delimiter: str = ","
    encoding: str = "utf-8"
    sexes: tuple[str, str] = ("F", "M")
    no_birth_date: str | None = None
    """What it writes where it does not know the date of birth of a child; nothing, without it."""
    interview_times: bool = True
    """Whether return interviews carry a time, or only the day."""


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency asked: what for, where it works, how it records, how it answers."""

    id: str
    name: str
    kind: str
    asked: tuple[str, ...]
    areas: tuple[str, ...]
    recording: Recording = CAREFUL
    writing: Writing = field(default_factory=Writing)
    received: str | None = "2011-03-28"
    """The dated folder its return lies in; None for files that came without a date."""
    answer: str = "data"
    """data, no_answer, holds_nothing, truncated (its workbook is cut short) or unreadable (nothing in it is recognised)."""
    share: float = 1.0
    """Its part of what happens in its areas, where several agencies of its kind work side by side."""

    @property
    def answered(self) -> bool:
        """Whether its rows can be read."""
        return self.answer == "data"


_ALL = tuple(area.id for area in AREAS)
_WEST = ("northmoor", "harrowdale", "eastmere")
_COAST = ("saltby", "thornwick")
_SEMICOLONS = Writing(
    dates="dashes",
    delimiter=";",
    encoding="cp1252",
    sexes=("Female", "Male"),
    no_birth_date="N/K",
    interview_times=False,
)


KEEP_MEETING_LISTS = ("northmoor", "harrowdale")
"""The areas whose councils keep the list of an exploitation meeting."""


def _council(area: Area, dates: str, received: str | None, answer: str = "data") -> Agency:
    return Agency(
        f"{area.id}-council", f"{area.name} Council Children's Services", "social_care",
        ("cin_census", "ssda903", "meeting_list") if area.id in KEEP_MEETING_LISTS else ("cin_census", "ssda903"),
        (area.id,), CAREFUL, Writing(dates), received, answer,
    )  # fmt: skip


_KEEP_NO_EXCLUSIONS = ("Dale Academies", "Coastal Academies")
"""The trusts that were asked for the census alone."""


def _schools(number: int, name: str, areas: tuple[str, ...], answer: str = "data") -> Agency:
    asked = ("school_census",) if name in _KEEP_NO_EXCLUSIONS else ("school_census", "school_exclusions")
    return Agency(
        f"{name.lower().replace(' ', '-')}", name, "school", asked, areas, SCHOOL, Writing("iso"),
        ("2011-03-28", "2011-03-30", None, "2011-04-04")[number % 4], answer,
    )  # fmt: skip


AGENCIES: tuple[Agency, ...] = (
    Agency("northmoor-police", "Northmoor Police", "police", ("police_missing", "police_crime", "intelligence"), _WEST, POLICE),
    Agency(
        "saltby-constabulary", "Saltby and Thornwick Constabulary", "police",
        ("police_missing", "police_crime", "intelligence"), _COAST, POLICE, _SEMICOLONS, "2011-04-11",
    ),
    Agency(
        "north-railway-police", "North Railway Police", "police", ("intelligence",), _ALL, POLICE, Writing("iso"),
        "2011-03-30", share=0.15,
    ),
    Agency("online-harm-hotline", "Online Harm Hotline", "police", ("online_reports",), _ALL, STREET, Writing("iso"), "2011-03-21"),
    _council(AREAS[0], "slashes", "2011-03-31"),
    _council(AREAS[1], "slashes", "2011-04-18"),
    _council(AREAS[2], "slashes", None),
    _council(AREAS[3], "slashes", "2011-03-30"),
    _council(AREAS[4], "slashes", None, "no_answer"),
    Agency("harbour-project", "The Harbour Project", "charity", ("charity_referrals",), _WEST, STREET, Writing("words", "xlsx"), "2011-03-25", share=0.45),
    Agency("lantern-trust", "Lantern Trust", "charity", ("charity_referrals",), _COAST, STREET, Writing("dashes", "xlsx"), "2011-04-01", share=0.7),
    Agency("open-door", "Open Door Northmoor", "charity", ("charity_referrals",), ("northmoor", "harrowdale"), STREET, Writing("dots", no_birth_date="not known"), "2011-03-29", share=0.3),
    Agency("stepping-stones", "Stepping Stones", "charity", ("charity_referrals",), ("eastmere",), STREET, Writing("slashes", "xlsx"), "2011-03-31", "truncated", 0.3),
    Agency("second-chance", "Second Chance", "charity", ("charity_referrals",), ("saltby",), STREET, Writing(), None, "no_answer", 0.3),
    Agency("night-bus", "Night Bus", "charity", ("charity_referrals",), ("northmoor",), STREET, Writing(), None, "holds_nothing", 0.0),
    _schools(0, "Moorside Schools Trust", ("northmoor",)),
    _schools(1, "Beacon Learning Trust", ("northmoor",)),
    _schools(2, "Harrowdale Schools", ("harrowdale",)),
    _schools(3, "Dale Academies", ("harrowdale",)),
    _schools(4, "Mere Federation", ("eastmere",)),
    _schools(5, "Saltby Schools", ("saltby",)),
    _schools(6, "Thornwick Schools", ("thornwick",)),
    _schools(7, "Coastal Academies", ("saltby",)),
    Agency("northmoor-hospitals", "Northmoor Hospitals", "health", ("health_contacts",), ("northmoor", "harrowdale"), HOSPITAL, Writing("iso"), "2011-03-28"),
    Agency("eastmere-health", "Eastmere Community Health", "health", ("health_contacts",), ("eastmere",), HOSPITAL, Writing("dots", delimiter="\t"), "2011-04-06"),
    Agency("saltby-hospitals", "Saltby Hospitals", "health", ("health_contacts",), _COAST, HOSPITAL, Writing("slashes"), None),
    Agency("harrowdale-clinics", "Harrowdale Clinics", "health", ("health_contacts",), ("harrowdale",), HOSPITAL, Writing(), None, "no_answer", 0.2),
    Agency("northmoor-youth-justice", "Northmoor Youth Justice Service", "youth_justice", ("youth_justice",), ("northmoor", "harrowdale"), CAREFUL, Writing("slashes"), "2011-03-31"),
    Agency("eastmere-youth-justice", "Eastmere Youth Justice Service", "youth_justice", ("youth_justice",), ("eastmere",), CAREFUL, Writing(), "2011-03-31", "unreadable"),
    Agency("coast-youth-justice", "Coast Youth Justice Service", "youth_justice", ("youth_justice",), _COAST, CAREFUL, Writing("words", "xlsx"), "2011-04-04"),
    Agency("northmoor-licensing", "Northmoor Licensing Office", "other", ("people",), ("northmoor", "harrowdale"), STREET, Writing("iso"), "2011-03-29"),
)  # fmt: skip
"""Thirty-one agencies: three do not answer, one holds nothing, two send what cannot be read."""

CORRECTED = ("northmoor-police", "police_missing", "2011-05-02")
"""Who sends a corrected return, of which form, and when; it takes the place of the one before."""
SENT_TWICE = "saltby-hospitals"
"""Who sends the same file twice."""


def agency(agency_id: str) -> Agency:
    """The agency with this id.

    >>> agency("night-bus").answer
    'holds_nothing'
    """
    return next(one for one in AGENCIES if one.id == agency_id)


def asked_for(form: str) -> tuple[Agency, ...]:
    """The agencies asked for one form, in the order of AGENCIES."""
    return tuple(one for one in AGENCIES if form in one.asked)
