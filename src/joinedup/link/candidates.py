"""The records put beside a drawn one for a reader: found by a wide search that is not the one linking makes.

Linking proposes pairs by exact keys; what no key proposes it cannot find. A reader must be able to find just that. So every
record of a child is held against the drawn one, by rough likeness of names, date of birth and whatever else both carry.
The points below only decide who is shown, never who is one person; records that linking joined or holds for review are
always shown, in their place by points, so that nothing tells the reader what the links say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from numpy.typing import NDArray
from scipy.sparse import csr_array

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

MOST_SHOWN = 20
LEAST_POINTS = 3.5
_SAME = {"nhs_no": 6.0, "upn": 6.0, "postcode": 2.0, "address_fold": 2.0, "outcode": 0.5}
_NAME, _PHONE, _YEAR, _MONTH, _DAY, _WHOLE, _OTHER_SEX = 3.0, 3.0, 1.0, 1.0, 1.5, 1.0, -1.0
_TO_MONTH, _TO_DAY = ("day", "month"), ("day",)

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Names:
    """The different values of both name columns, which each record carries, and how alike any two are."""

    codes: tuple[Whole, Whole]
    pairs: Any
    sizes: Real

    @classmethod
    def of(cls, mentions: pa.Table) -> _Names:
        columns = [pc.fill_null(mentions[name], "").combine_chunks() for name in ("forename_fold", "surname_fold")]
        known = pc.unique(pa.concat_arrays(columns))
        codes = [np.asarray(pc.index_in(column, value_set=known), dtype=np.int64) for column in columns]
        letters: dict[str, int] = {}
        starts, places = [0], list[int]()
        for name in [str(each) for each in known.to_pylist()]:
            text = f" {name} " if name else ""
            places += sorted({letters.setdefault(text[at : at + 2], len(letters)) for at in range(len(text) - 1)})
            starts.append(len(places))
        pairs = csr_array((np.ones(len(places)), places, starts), shape=(len(known), max(len(letters), 1)))
        return cls((codes[0], codes[1]), pairs, np.diff(starts).astype(np.float64))

    def alike(self, code: int) -> Real:
        """Dice's coefficient of the pairs of letters of one name and every other; 0 where either is empty."""
        common = self.pairs @ np.asarray(self.pairs[[code]].todense()).ravel()
        found: Real = 2 * common / np.maximum(self.sizes + self.sizes[code], 1)
        return found


class Search:
    """Every record of a child, held ready to be searched. `mentions` are in the order of mention_id."""

    def __init__(self, mentions: pa.Table, phones: pa.Table) -> None:
        self._names = _Names.of(mentions)
        self._codes = {name: _codes(mentions[name]) for name in _SAME}
        self._sex = _codes(mentions["sex"])
        precision = mentions["dob_precision"]
        born = mentions["dob"]
        self._born = [
            np.asarray(pc.fill_null(pc.if_else(pc.is_in(precision, value_set=pa.array(known)), part(born), 0), 0))
            for part, known in ((pc.year, ("day", "month", "year")), (pc.month, _TO_MONTH), (pc.day, _TO_DAY))
        ]
        ids = mentions["mention_id"].combine_chunks()
        owners = np.asarray(pc.fill_null(pc.index_in(phones["mention_id"], value_set=ids), -1))
        self._phone_of: dict[int, list[str]] = {}
        self._with_phone: dict[str, list[int]] = {}
        for owner, value in zip(owners.tolist(), map(str, phones["value"].to_pylist()), strict=True):
            if owner >= 0:
                self._phone_of.setdefault(owner, []).append(value)
                self._with_phone.setdefault(value, []).append(owner)

    def points(self, record: int) -> Real:
        """How alike every record and this one are."""
        first, last = (codes[record] for codes in self._names.codes)
        forename, surname = self._names.alike(first), self._names.alike(last)
        straight = forename[self._names.codes[0]] + surname[self._names.codes[1]]
        swapped = forename[self._names.codes[1]] + surname[self._names.codes[0]]
        found: Real = _NAME * np.maximum(straight, swapped)
        for name, weight in _SAME.items():
            codes = self._codes[name]
            if codes[record] >= 0:
                found += weight * (codes == codes[record])
        if self._sex[record] >= 0:
            found += _OTHER_SEX * ((self._sex >= 0) & (self._sex != self._sex[record]))
        found += self._births(record)
        for phone in self._phone_of.get(record, ()):
            found[self._with_phone[phone]] += _PHONE
        return found

    def _births(self, record: int) -> Real:
        year, month, day = (int(part[record]) for part in self._born)
        years, months, days = self._born
        found: Real = np.zeros(len(years))
        if year:
            found += _YEAR * (years == year)
        if month:
            found += _MONTH * (months == month)
        if day:
            found += _DAY * (days == day) + _WHOLE * ((years == year) & (months == month) & (days == day))
            found += (_MONTH + _DAY) * ((days == month) & (months == day) & (months != days))
        return found

    def beside(self, record: int, always: Whole, most: int = MOST_SHOWN) -> Whole:
        """The records to show beside one: the most alike, and `always` those, the most alike first."""
        points = self.points(record)
        points[record] = -np.inf
        likely = np.flatnonzero(points >= LEAST_POINTS)
        if len(likely) > most:
            likely = likely[np.argsort(-points[likely], kind="stable")[:most]]
        shown = np.union1d(likely, always[always != record]).astype(np.int64)
        ordered: Whole = shown[np.argsort(-points[shown], kind="stable")]
        return ordered


def _codes(column: Any) -> Whole:
    """A number for each different value, -1 where there is none."""
    held = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
    return np.asarray(pc.fill_null(held.combine_chunks().dictionary_encode().indices, -1), dtype=np.int64)
