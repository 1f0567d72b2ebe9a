"""People of a run against the population they come from: rates with limits and with what is not known, a funnel beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from joinedup.profile.base_tables import BaseTable
from joinedup.stats.funnel import funnel
from joinedup.stats.rates import Stratum, count_limits, standardised_rate

Row = dict[str, object]
UNKNOWN = frozenset({"not known", "conflicting"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What rates are asked for: by which dimension, of which population, for each so many people, age-standardised or not."""

    by: str
    where: Mapping[str, str]
    per: float = 10_000
    standardised: bool = False


@dataclass(frozen=True, slots=True)
class Rates:
    """One row for each value, and what does not fit: people of no known value, and of values the base table lacks."""

    rows: tuple[Row, ...]
    unknown: int
    outside: int
    dispersion: float
    common: float


def rates(people: Sequence[Mapping[str, object]], base: BaseTable, asked: Asked) -> Rates:
    """The rates of the people (each once, with the dimensions of memberships) by one dimension of the base table.

    `rate` counts those recorded with the value; `highest` counts all those not known as well, so that the true rate lies
    between, but for chance (`lower`, `upper` widen both ends). `chance` and `adjusted` are of the funnel about the common
    rate. Raises ValueError where the base table has nobody.
    """
    counted: dict[str, int] = defaultdict(int)
    for person in people:
        counted[str(person[asked.by])] += 1
    populations = {key[0]: number for key, number in base.by([asked.by], asked.where).items() if number > 0}
    if not populations:
        raise ValueError("the base table has nobody of this kind")
    unknown = sum(number for value, number in counted.items() if value in UNKNOWN)
    outside = sum(number for value, number in counted.items() if value not in UNKNOWN and value not in populations)
    names = list(populations)
    counts = np.array([counted.get(name, 0) for name in names], dtype=np.int64)
    bases = np.array([round(populations[name]) for name in names], dtype=np.int64)
    bases = np.maximum(bases, np.maximum(counts, 1))
    beside = funnel(counts, bases)
    rows = []
    for place, name in enumerate(names):
        number, scale = int(counts[place]), asked.per / populations[name]
        low, high = count_limits(number), count_limits(number + unknown)
        row: Row = {"value": name, "people": number, "population": populations[name]}
        row |= {"rate": number * scale, "highest": (number + unknown) * scale}
        row |= {"lower": low.lower * scale, "upper": high.upper * scale}
        row |= {"outside_funnel": _outside(beside, place), "chance": float(beside.chance[place])}
        row |= {"adjusted": float(beside.adjusted[place])}
        if asked.standardised:
            row |= _standardised(people, base, asked, name)
        rows.append(row)
    return Rates(tuple(rows), unknown, outside, beside.dispersion, beside.common * asked.per)


def _outside(beside: object, place: int) -> str:
    share, lower, upper = (getattr(beside, name)[place] for name in ("share", "outer_lower", "outer_upper"))
    return "below" if share < lower else "above" if share > upper else ""


def _standardised(people: Sequence[Mapping[str, object]], base: BaseTable, asked: Asked, name: str) -> Row:
    """The age-standardised rate of one value, in the base table's own population of all values; empty below ten people."""
    weights = {key[0]: number for key, number in base.by(["age_band"], asked.where).items()}
    here = {key[0]: number for key, number in base.by(["age_band"], {**asked.where, asked.by: name}).items()}
    counted: dict[str, int] = defaultdict(int)
    for person in people:
        if str(person[asked.by]) == name:
            counted[str(person["age_band"])] += 1
    strata = [Stratum(counted[band], here[band], weights[band]) for band in sorted(here) if here[band] > 0]
    found = standardised_rate(strata, per=asked.per) if strata else None
    limits = (None, None, None) if found is None else (found.rate, found.limits.lower, found.limits.upper)
    return dict(zip(("standardised", "standardised_lower", "standardised_upper"), limits, strict=True))
