"""What each readable row says that its people are recorded with, and where they were: for the truth of ties alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from joinedup.simulate.arrays import Texts
from joinedup.simulate.filing import Filed
from joinedup.simulate.truth import readable

CHILD, SUSPECT = 0, 1
WHERE = "where"
_CAP = 25
_STROKES = str.maketrans("łŁ", "lL")
_BROUGHT_THERE = ("police station", "custody", "hospital", "social services", "home address")


@dataclass(frozen=True)
class _Part:
    """Where a form's row holds what one of its people is recorded with: column prefix and the days of places."""

    role: str
    prefix: str
    phones: bool = True
    accounts: str = ""
    vehicles: str = ""
    address: str = ""


@dataclass(frozen=True)
class _Form:
    day: str
    case: str
    parts: tuple[_Part, ...]
    place: str = ""
    place_days: tuple[str, ...] = ()


_FORMS = {
    "police_crime": _Form(
        "recorded_on", "crime_ref",
        (_Part("child", "victim_", address="address"), _Part("suspect", "suspect_", accounts="accounts", vehicles="vehicles", address="address")),
        "location", ("recorded_on",),
    ),
    "intelligence": _Form(
        "logged_on", "log_ref",
        tuple(_Part(role, "", accounts="accounts", vehicles="vehicles", address="address") for role in ("child", "suspect")),
        "place", ("logged_on",),
    ),
    "online_reports": _Form(
        "received_on", "report_ref", (_Part("child", "child_", accounts="account"), _Part("suspect", "suspect_", accounts="account")),
    ),
    "charity_referrals": _Form(
        "first_contact_on", "source_ref",
        (_Part("child", "", accounts="accounts", address="address"), _Part("suspect", "associate_", vehicles="vehicles")),
        "place", ("first_contact_on", "referred_on"),
    ),
    "police_missing": _Form("missing_from", "source_ref", (_Part("child", "", address="home_address"),), "found_at", ("missing_from",)),
    "people": _Form("event_date", "source_ref", tuple(_Part(role, "", vehicles="vehicles", address="address") for role in ("child", "suspect"))),
    "youth_justice": _Form("offence_on", "source_ref", (_Part("child", ""),)),
}  # fmt: skip


@dataclass(frozen=True)
class Uses:
    """One row a person, thing and record: who, in which part, the sort of thing and the thing, when, where recorded.

    `kind` tells an address and a place apart, `sort` does not. `case` ties rows of one case; `missing` marks the places
    where missing children were found.
    """

    person: np.ndarray
    role: np.ndarray
    kind: Texts
    value: Texts
    day: np.ndarray
    agency: np.ndarray
    case: Texts
    missing: np.ndarray

    def rows(self, mask: np.ndarray) -> Uses:
        """Some of the rows."""
        columns = (self.person, self.role, self.kind, self.value, self.day, self.agency, self.case, self.missing)
        return Uses(*(column[mask] for column in columns))

    @property
    def sort(self) -> Texts:
        """The kind, an address and a place being one sort."""
        return np.where(np.isin(self.kind.astype(str), ["address", "place"]), WHERE, self.kind)


def uses(filed: Iterable[Filed]) -> Uses:
    """What children and suspects are recorded with in readable rows, without what is shared by too many."""
    parts: list[tuple[np.ndarray, ...]] = []
    for rows in filed:
        if rows.form in _FORMS:
            parts += _of_form(rows, _FORMS[rows.form])
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return _without_hubs(Uses(*columns))


def _of_form(filed: Filed, form: _Form) -> list[tuple[np.ndarray, ...]]:
    read = readable()[filed.agency]
    found: list[tuple[np.ndarray, ...]] = []
    case = np.array([f"{agency}|{filed.form}|{ref}" for agency, ref in zip(filed.agency.tolist(), _texts(filed, form.case).tolist(), strict=True)], object)  # fmt: skip

    def add(part: _Part, kind: str, values: Texts, day: np.ndarray) -> None:
        person = next(named.person for named in filed.named if named.role == part.role)
        keep = read & (person >= 0) & np.array([value is not None for value in values.tolist()], bool) & ~np.isnat(day)
        size = int(keep.sum())
        folded = np.array([folded_text(value) for value in values[keep].tolist()], object)
        found.append((
            person[keep], np.full(size, CHILD if part.role == "child" else SUSPECT), np.full(size, kind, object), folded,
            day[keep].astype("datetime64[D]"), filed.agency[keep], case[keep], np.full(size, filed.form == "police_missing"),
        ))  # fmt: skip

    day = np.asarray(filed.columns[form.day]).astype("datetime64[D]")
    for part in form.parts:
        named = {"phone": "phones" if part.phones else "", "account": part.accounts, "vehicle": part.vehicles}
        for kind, column in named.items():
            if column and part.prefix + column in filed.columns:
                add(part, kind, _texts(filed, part.prefix + column), day)
        if part.address:
            name = part.address if part.address in filed.columns else part.prefix + part.address
            add(part, "address", _texts(filed, name), day)
        for column in form.place_days:
            add(part, "place", _texts(filed, form.place), np.asarray(filed.columns[column]).astype("datetime64[D]"))
    return found


def _texts(filed: Filed, column: str) -> Texts:
    return np.asarray(filed.columns[column], dtype=object)


def folded_text(text: str) -> str:
    """A text without case, accents and punctuation; the l with a stroke, which has no accent to lose, is an l.

    >>> folded_text(" Zoë O'Brien "), folded_text("Łukasz")
    ('zoe obrien', 'lukasz')
    """
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", text.translate(_STROKES)) if not unicodedata.combining(sign)
    ).casefold()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in plain.replace("'", "")).split())


def coded(*columns: np.ndarray) -> np.ndarray:
    """Numbers that are equal where all the columns are."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        _, number = np.unique(column.astype(str), return_inverse=True)
        _, code = np.unique(code * (int(number.max(initial=0)) + 1) + number, return_inverse=True)
    return code


def _without_hubs(found: Uses) -> Uses:
    """Without what more people use than may, and places that people are brought to."""
    thing = coded(found.sort, found.value)
    pairs = np.unique(np.stack([thing, found.person]), axis=1)
    users = np.bincount(pairs[0], minlength=int(thing.max(initial=0)) + 1)
    natural = np.array([any(words in value for words in _BROUGHT_THERE) for value in found.value.tolist()], bool)
    where = found.sort.astype(str) == WHERE
    return found.rows((users[thing] <= _CAP) & ~(natural & where))
