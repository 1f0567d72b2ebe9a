"""How many others bear a full name: those seen by their dates of birth, and how often two names are borne together.

Names are not given independently: families who bear a surname tend to choose certain forenames. Taking the frequencies of
both names as independent makes too much of a shared full name wherever a surname and a forename belong to the same habit
of naming, and too little wherever they do not. How strongly they do is counted for each name by itself, in pairs of
records that are two people beyond doubt, since neither year nor day of birth agrees. Nothing but the names and the dates is
read, and no name is put into a class with others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from joinedup.stats.distinct import distinct

Numbers = NDArray[np.int64]
Shares = NDArray[np.float64]

TRUST = 4.0
"""So many namesakes, as expected of all names, are taken to be seen before those of a name are counted."""
FEW = 8
"""Up to so many dates of birth with one name, those a slip away from another are taken for slips."""
_WHOLE_DATE = 100_000_000
TOGETHER_STEPS = 9
"""Steps of how much oftener than by chance two names are borne together: about 1, 2, 4 ... times; the last takes all above."""


@dataclass(frozen=True, slots=True)
class Together:
    """How often the names of a column of forenames and one of surnames are borne together, by number of name.

    `seen` and `expected` are, of forenames and of surnames, the pairs of two people who bear a name and agree in the other one too:
    as many as there are, and as many as there would be by chance. `usual` is how much oftener than by chance over all names.
    """

    seen: tuple[Shares, Shares]
    expected: tuple[Shares, Shares]
    usual: float

    @classmethod
    def counted(cls, forename: Numbers, surname: Numbers, year: Numbers, day: Numbers, prior: float) -> Together:
        """As the records have it; the columns are those of borne_together."""
        rows = np.flatnonzero((forename >= 0) & (surname >= 0) & (year >= 0) & (day >= 0))
        first, last = forename[rows], surname[rows]
        of_forename, of_surname = (int(codes.max(initial=-1)) + 2 for codes in (forename, surname))
        both = first * of_surname + last
        pairs, at = np.unique(both, return_inverse=True)
        alike = _apart(at, len(pairs), year[rows], day[rows])
        seen = (
            _summed(pairs // of_surname, alike, of_forename),
            _summed(pairs % of_surname, alike, of_surname),
        )
        expected = (
            _apart(first, of_forename, year[rows], day[rows]) * _mean_share(first, last, of_forename, of_surname),
            _apart(last, of_surname, year[rows], day[rows]) * _mean_share(last, first, of_surname, of_forename),
        )
        return cls(seen, expected, float((seen[0].sum() + TRUST * prior) / (expected[0].sum() + TRUST)))

    def steps(self, forename: Numbers, surname: Numbers) -> Numbers:
        """By row, the step of how much oftener than by chance its surname is borne with its forename; -1 without both."""
        found = self.seen[0][forename] + self.seen[1][surname] + TRUST * self.usual
        found /= self.expected[0][forename] + self.expected[1][surname] + TRUST
        step = np.clip(np.round(np.log2(np.maximum(found, 1e-6))), 0, TOGETHER_STEPS - 1).astype(np.int64)
        return np.where((forename >= 0) & (surname >= 0), step, -1)


def borne_together(forename: Numbers, surname: Numbers, year: Numbers, day: Numbers, prior: float) -> Numbers:
    """By row, the step of how much oftener than by chance its surname is borne with its forename; -1 without both names.

    `forename` and `surname` number each row's names (-1 for none), `year` and `day` its year and day of the year of birth (-1
    where not known to the day). `prior` is what to take where nothing is seen.

    >>> names = np.arange(40) % 2, np.arange(40) % 2
    >>> borne_together(*names, np.arange(40), np.arange(40), 1.0).tolist()[:2]
    [1, 1]
    """
    return Together.counted(forename, surname, year, day, prior).steps(forename, surname)


def _summed(of: Numbers, values: Shares, names: int) -> Shares:
    """The sum of the values for each name."""
    return np.asarray(np.bincount(of, weights=values, minlength=names), dtype=np.float64)


def _mean_share(of: Numbers, other: Numbers, names: int, others: int) -> Shares:
    """For each name, how likely a stranger bears the other name of one of its bearers, on average over them."""
    share = np.bincount(other, minlength=others) / max(len(other), 1)
    bearers = np.bincount(of, minlength=names)
    return np.bincount(of, weights=share[other], minlength=names) / np.maximum(bearers, 1)


def _apart(group: Numbers, groups: int, year: Numbers, day: Numbers) -> Shares:
    """For each group, how many pairs of its rows agree in neither year nor day of birth."""
    whole = year * (int(day.max(initial=0)) + 1) + day
    all_pairs, of_one_date = (_pairs(group, groups, value) for value in (np.zeros_like(group), whole))
    return all_pairs - _pairs(group, groups, year) - _pairs(group, groups, day) + of_one_date


def _pairs(group: Numbers, groups: int, value: Numbers) -> Shares:
    width = int(value.max(initial=0)) + 1
    cell, times = np.unique(group * width + value, return_counts=True)
    return np.asarray(np.bincount(cell // width, weights=times * (times - 1) / 2, minlength=groups), dtype=np.float64)


def born_with_name(forename: Numbers, surname: Numbers, born: Numbers, readable: bool = True) -> tuple[Any, int]:
    """By row, how many others' dates of birth stand with the row's full name beside one; and the sum over all names.

    `forename` and `surname` number each row's names (-1 for none), `born` is its date of birth to the day as yyyymmdd, -1 for
    none; where it is not `readable`, any number for each date. A readable date that another of the name is a slip away from is no other child's, as long as the name is borne by few: of
    many, two are so near by chance.

    >>> born_with_name(np.zeros(4, int), np.zeros(4, int), np.array([19990403, 19990413, 20011201, -1]))[0].to_pylist()
    [2, 2, 2, 2]
    """
    width = int(surname.max(initial=-1)) + 2
    name = np.where((forename >= 0) & (surname >= 0), forename * width + surname, -1)
    names, codes = np.unique(name, return_inverse=True)
    codes = np.where(name >= 0, codes, len(names))
    known = (name >= 0) & (born >= 0)
    dated = distinct(codes[known] * _WHOLE_DATE + born[known])
    of, date = dated // _WHOLE_DATE, dated % _WHOLE_DATE
    times = np.bincount(of, minlength=len(names) + 1)
    if not readable:
        return pa.array(times[codes], pa.int32()), len(of)
    year, month, day = date // 10_000, date // 100 % 100, date % 100
    low, high = np.minimum(month, day), np.maximum(month, day)
    apart = np.ones(len(of), dtype=bool)
    for near in (year * 100 + month, year * 100 + day, month * 100 + day, (year * 100 + low) * 100 + high):
        apart &= _first(of * _WHOLE_DATE + near)
    few = np.bincount(of, weights=apart, minlength=len(times)).astype(np.int64)
    return pa.array(np.where(times <= FEW, few, times)[codes], pa.int32()), len(of)


def _first(values: Numbers) -> NDArray[np.bool_]:
    """Whether each row is the first with its value."""
    found = np.zeros(len(values), dtype=bool)
    found[np.unique(values, return_index=True)[1]] = True
    return found
