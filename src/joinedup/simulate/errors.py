"""How an agency writes a person down: the recorded name, date of birth, sex and home, with that agency's faults."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.simulate.arrays import Texts, blank, either, held
from joinedup.simulate.dates import BirthDates
from joinedup.simulate.groups import Suspects
from joinedup.simulate.names import spellings
from joinedup.simulate.population import Homes, Population
from joinedup.simulate.region import Agency

_NEIGHBOURS = {
    "a": "s",
    "e": "r",
    "i": "o",
    "o": "p",
    "u": "y",
    "s": "a",
    "r": "t",
    "n": "m",
    "m": "n",
    "t": "y",
    "l": "k",
}


@dataclass(frozen=True)
class Recorded:
    """People as their records name them, one row a record."""

    forename: Texts
    surname: Texts
    aliases: Texts
    dob: BirthDates
    sex: Texts
    address: Texts
    postcode: Texts
    phones: Texts


def chance(agencies: tuple[Agency, ...], agency: np.ndarray, fault: str) -> np.ndarray:
    """The chance of one fault in each record, by the agency that made it."""
    return np.asarray(np.array([getattr(one.recording, fault) for one in agencies])[agency])


def mistyped(text: str, kind: int, place: int) -> str:
    """The text with one slip of the keyboard: two letters changed over, one left out, doubled or hit beside.

    >>> mistyped("Adam", 0, 0), mistyped("Adam", 1, 0), mistyped("Adam", 2, 0), mistyped("Adam", 3, 1)
    ('Aadm', 'Aam', 'Addam', 'Adsm')
    """
    if len(text) < 3:
        return text + text[-1:]
    at = 1 + place % (len(text) - 2)
    if kind == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    return text[:at] + _NEIGHBOURS.get(text[at].lower(), "e") + text[at + 1 :]


@dataclass(frozen=True)
class Clerk:
    """Writes people down for agencies, with their chances of fault."""

    rng: np.random.Generator
    agencies: tuple[Agency, ...]

    def _happens(self, agency: np.ndarray, fault: str) -> np.ndarray:
        return self.rng.random(len(agency)) < chance(self.agencies, agency, fault)

    def _typed(self, names: Texts, mask: np.ndarray) -> Texts:
        changed = names.copy()
        rows = np.flatnonzero(mask)
        kinds = self.rng.integers(0, 4, len(rows)).tolist()
        places = self.rng.integers(0, 30, len(rows)).tolist()
        for row, kind, place in zip(rows.tolist(), kinds, places, strict=True):
            if changed[row] is not None:
                changed[row] = mistyped(changed[row], kind, place)
        return changed

    def _spelled(self, names: Texts, sexes: Texts | None, mask: np.ndarray) -> Texts:
        changed = names.copy()
        rows = np.flatnonzero(mask)
        for row, draw in zip(rows.tolist(), self.rng.random(len(rows)).tolist(), strict=True):
            ways = spellings(names[row], None if sexes is None else sexes[row])
            if ways:
                changed[row] = ways[int(draw * len(ways))]
        return changed

    def names(
        self, agency: np.ndarray, forename: Texts, surname: Texts, sex: Texts, other_surname: Texts
    ) -> tuple[Texts, Texts, Texts]:
        """Forename, surname and aliases as written; `other_surname` stands in where the wrong one is taken."""
        known_as = self._happens(agency, "other_name")
        first = self._spelled(forename, sex, known_as)
        both = known_as & (first != forename) & (self.rng.random(len(agency)) < 0.15)
        last = self._spelled(surname, None, self._happens(agency, "other_name") & (self.rng.random(len(agency)) < 0.6))
        last = np.where(self._happens(agency, "wrong_surname"), other_surname, last)
        first = self._typed(first, self._happens(agency, "typing"))
        last = self._typed(last, self._happens(agency, "typing"))
        swapped = self._happens(agency, "names_swapped")
        return np.where(swapped, last, first), np.where(swapped, first, last), either(both, forename, None)

    def births(self, agency: np.ndarray, born: np.ndarray) -> BirthDates:
        """Dates of birth as written: slips of the day or year, day and month changed over, partial, placeholder, none."""
        slip = np.where(self._happens(agency, "dob_slip"), self.rng.integers(1, 5, len(agency)), 0)
        months = born.astype("datetime64[M]")
        day = (born - months).astype(int) + 1
        month = months.astype(int) % 12 + 1
        years = born.astype("datetime64[Y]")
        swap = (slip == 1) & (day <= 12)
        swapped = (years.astype("datetime64[M]") + (day - 1)).astype("datetime64[D]") + (month - 1)
        written = np.where(swap, swapped, born)
        other_day = months.astype("datetime64[D]") + (day + self.rng.integers(0, 20, len(agency))) % 28
        written = np.where((slip == 2) | ((slip == 1) & ~swap), other_day, written)
        nearby = written + self.rng.choice(np.array([-365, 365, -10, 10, 1, -1]), len(agency))
        written = np.where(slip >= 3, nearby, written).astype("datetime64[D]")
        precision = np.full(len(agency), 3, dtype=np.int8)
        partial = self._happens(agency, "dob_partial")
        precision = np.where(partial, np.where(self.rng.random(len(agency)) < 0.5, 2, 1), precision)
        placeholder = self._happens(agency, "dob_placeholder")
        written = np.where(placeholder, years.astype("datetime64[D]"), written)
        precision = np.where(placeholder, 3, precision)
        precision = np.where(self._happens(agency, "dob_missing"), 0, precision)
        return BirthDates(written, precision.astype(np.int8))

    def sexes(self, agency: np.ndarray, sex: Texts) -> Texts:
        """Sex as written: seldom the other one, sometimes nothing."""
        written = either(self._happens(agency, "sex_wrong"), either(sex == "F", "M", "F"), sex)
        return blank(written, self._happens(agency, "sex_missing"))

    def home(self, agency: np.ndarray, homes: Homes, home: np.ndarray) -> tuple[Texts, Texts]:
        """Address and postcode as written."""
        line = blank(homes.line[home], self._happens(agency, "address_missing"))
        postcode = homes.postcode[home]
        short = self.rng.random(len(agency)) < 0.02
        postcode = np.where(short, np.array([text.split()[0] for text in postcode.tolist()], dtype=object), postcode)
        return line, blank(postcode, self._happens(agency, "postcode_missing"))

    def child(self, population: Population, agency: np.ndarray, person: np.ndarray, day: np.ndarray) -> Recorded:
        """Children as records of one day name them; an old address is the family's home before it moved."""
        first, last = population.forename[person], population.surname[person]
        length = len(population)
        other = population.surname[(person + self.rng.integers(1, 3, len(person))) % length]
        forename, surname, aliases = self.names(agency, first, last, population.sex[person], other)
        home = population.home_on(person, day)
        home = np.where(self._happens(agency, "address_old"), population.home_before[person], home)
        address, postcode = self.home(agency, population.homes, home)
        phones = either(self._happens(agency, "phone_held"), population.phone[person], None)
        births = self.births(agency, population.born[person])
        return Recorded(
            forename, surname, aliases, births, self.sexes(agency, population.sex[person]), address, postcode, phones
        )

    def suspect(self, suspects: Suspects, agency: np.ndarray, person: np.ndarray) -> Recorded:
        """Suspects as records name them: half in full, the others by a forename, a nickname, a street name or nothing.

        The shares follow the reference note on linkage (20,439 simulated mentions: full 50%, forename 24%, nickname
        12%, street name 8%, none 6%); they are planning figures.
        """
        first, last = suspects.forename[person], suspects.surname[person]
        other = suspects.surname[(person + 1) % len(suspects)]
        forename, surname, _ = self.names(agency, first, last, suspects.sex[person], other)
        how = np.searchsorted(np.cumsum([0.5, 0.24, 0.12, 0.08, 0.06]), self.rng.random(len(person)), side="right")
        how = np.minimum(how, 4)
        street = suspects.street_name[person]
        nickname = self._spelled(first, suspects.sex[person], how == 2)
        no_street = ~held(street)
        named_in_full = (how == 0) | ((how == 3) & no_street)
        written_first = either(named_in_full, forename, either(how == 1, first, either(how == 2, nickname, None)))
        aliases = either((how == 3) | (self.rng.random(len(person)) < 0.3), street, None)
        address, postcode = self.home(agency, suspects.homes, suspects.home[person])
        full = named_in_full
        births = self.births(agency, suspects.born[person])
        precision = np.where(full & (self.rng.random(len(person)) < 0.75), births.precision, 0).astype(np.int8)
        phones = either(self.rng.random(len(person)) < 0.5, suspects.phone[person], None)
        return Recorded(
            written_first, either(full, surname, None), aliases, BirthDates(births.day, precision),
            self.sexes(agency, suspects.sex[person]), either(full, address, None), either(full, postcode, None), phones,
        )  # fmt: skip
