"""Denominators that the user brings: a table of how many people live where, by age, sex or whatever else it has.

Any year and geography: one row for each combination, one column with the number of people. Columns are known by the names
that official base tables use; whatever else stands in the file is left out, and said.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from joinedup.errors import UnreadableError
from joinedup.registry.bands import BandSet, age_bands

POPULATION = "population"
NAMES = {
    "area": ("area", "area name", "geography", "geography name", "local authority", "local authority name", "force", "police force"),
    "age_band": ("age_band", "age band", "age group", "age", "c_age_name", "age_name"),
    "sex": ("sex", "gender", "c_sex_name", "sex_name"),
    "first_year": ("first_year", "year", "date", "time", "date_name", "reference year"),
    "ethnicity": ("ethnicity", "ethnic group", "ethnic_group", "c_ethpuk11_name"),
    POPULATION: ("population", "observation", "obs_value", "count", "value", "persons", "number"),
}  # fmt: skip
"""What each dimension's column is called in base tables, in lower case; the dimension as the table memberships names it."""

SEXES = {"f": "F", "female": "F", "females": "F", "girls": "F", "m": "M", "male": "M", "males": "M", "boys": "M"}
TOTALS = frozenset({"all", "total", "all persons", "persons", "all ages", "both", "both sexes", "all usual residents"})


@dataclass(frozen=True, slots=True)
class BaseTable:
    """People by the dimensions of a base table; `people` holds one number for each combination, in `dimensions`' order."""

    dimensions: tuple[str, ...]
    people: Mapping[tuple[str, ...], float]
    left_out: tuple[str, ...]
    """Columns of the file that are no dimension here; rows that differ only in them were added together."""

    def by(self, dimensions: Sequence[str], where: Mapping[str, str]) -> dict[tuple[str, ...], float]:
        """People by these dimensions, those of `where` held fixed, all others added together.

        >>> BaseTable(("area", "sex"), {("ZX", "F"): 5.0, ("ZX", "M"): 4.0}, ()).by(["area"], {})
        {('ZX',): 9.0}
        """
        found: dict[tuple[str, ...], float] = defaultdict(float)
        for key, people in self.people.items():
            named = dict(zip(self.dimensions, key, strict=True))
            if all(named[name] == value for name, value in where.items()):
                found[tuple(named[name] for name in dimensions)] += people
        return dict(sorted(found.items()))


def base_table(name: str, headings: Sequence[str], rows: Sequence[Sequence[str]], population: str) -> BaseTable:
    """The base table of a file's headings and rows; ages fall into the registry's bands of `population`, totals are left out.

    Raises UnreadableError naming the file, the row and what was expected.
    """
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        dimension = _dimension(heading)
        if dimension is not None:
            if dimension in places:
                raise UnreadableError(
                    f"{name}: two columns hold {dimension}: {headings[places[dimension]]!r} and {heading!r}",
                    remedy="Keep one of them.",
                )
            places[dimension] = place
    dimensions = tuple(each for each in places if each != POPULATION)
    if POPULATION not in places or not dimensions:
        raise UnreadableError(
            f"{name}: needs a column of people ({', '.join(NAMES[POPULATION])}) and one to count by (area, age, sex or year)",
            remedy="Name the columns so; docs/how-to/compare-with-a-population.md shows one.",
        )
    people: dict[tuple[str, ...], float] = defaultdict(float)
    bands = age_bands()[population]
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(headings):
            raise UnreadableError(
                f"{name}, row {number}: {len(row)} cells under {len(headings)} headings", remedy="Mend the row."
            )
        key = tuple(_value(each, row[places[each]], (name, number), bands) for each in dimensions)
        if None not in key:
            people[tuple(map(str, key))] += _people(row[places[POPULATION]], name, number)
    left_out = tuple(heading for place, heading in enumerate(headings) if place not in places.values())
    return BaseTable(dimensions, dict(sorted(people.items())), left_out)


def _dimension(heading: str) -> str | None:
    """What a column holds: "Ethnic group (6 categories)" and "Ethnic group" hold the same."""
    plain = heading.partition("(")[0].strip().lower()
    return next((each for each, names in NAMES.items() if plain in names), None)


def _people(text: str, name: str, number: int) -> float:
    read = re.fullmatch(r"\d+(\.\d+)?", text.strip().replace(",", ""))
    if read is None:
        raise UnreadableError(
            f"{name}, row {number}: the number of people is no number", remedy="Write it in digits, nought or more."
        )
    return float(read.group())


def _value(dimension: str, text: str, where: tuple[str, int], bands: BandSet) -> str | None:
    """The value as memberships have it; None for a row that is a total."""
    plain = text.strip()
    if plain.lower() in TOTALS:
        return None
    if dimension == "sex":
        return SEXES.get(plain.lower(), plain)
    if dimension == "first_year":
        found = re.search(r"\b(19|20)\d\d\b", plain)
        return found.group() if found else plain
    return _band(plain, where, bands) if dimension == "age_band" else plain


def _band(text: str, where: tuple[str, int], bands: BandSet) -> str:
    """The band that the age, or the whole range of ages, lies in."""
    if any(band.label == text for band in bands.bands):
        return text
    ages = [int(each) for each in re.findall(r"\d+", text)]
    if len(ages) == 1 and re.search(r"\+|over|older|above", text.lower()):
        ages.append(120)
    found = {bands.band_of(age) for age in ages}
    if not ages or len(found) != 1 or None in found:
        labels = ", ".join(band.label for band in bands.bands)
        raise UnreadableError(
            f"{where[0]}, row {where[1]}: an age or range that lies in none or several of the bands {labels}",
            remedy="Give single years of age, or ranges that lie within one band.",
        )
    return str(found.pop())
