"""The tables profiles and profile_bounds: people by value, with the unknowns, what the share can be, rung by rung, and a
bare share only where little is unknown."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from joinedup.domain.numbers import Recipe, number_ids
from joinedup.profile.attributes import ENVIRONMENT, SEVERAL_AT_ONCE, THREAT
from joinedup.stats.bounds import ShareBounds, worst_case
from joinedup.stats.ladder import RATIOS, Group, imputed, ladder

MOST_UNKNOWN = 0.05
"""The largest share not known at which a share of those known is given at all."""

SCENARIO = "scenario: those not known are like those known of the same kinds of agency"

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Leeway:
    """How many fewer and how many more people a population can be, by the links it stands on."""

    merges: int = 0
    splits: int = 0

    def widened(self, with_value: int, known: int, unknown: int) -> ShareBounds:
        """The worst-case bounds when so many of the people may be one with others, and so many more may stand apart.

        A merge takes at most one person from the value and always one from the base; a split adds one who may have it.

        >>> Leeway(merges=10, splits=5).widened(50, 80, 20)
        ShareBounds(lower=0.42105263157894735, upper=0.7894736842105263)
        """
        base = known + unknown - self.merges + self.splits
        if base <= 0:
            return ShareBounds(0.0, 1.0)
        plain = worst_case(with_value, known, unknown)
        lower = max(0, with_value - self.merges) / base
        upper = min(1.0, (with_value + unknown + self.splits) / base)
        return ShareBounds(min(lower, plain.lower), max(upper, plain.upper))


def profiles(attributes: pa.Table, leeway: Mapping[str, Leeway]) -> list[Row]:
    """The rows of the table profiles, from person_attributes. `leeway` is given by population where links leave one."""
    grouped = attributes.group_by(["population", "attribute", "value", "known"]).aggregate(
        [("person_id", "count_distinct")]
    )
    ordered = grouped.sort_by([(name, "ascending") for name in ("population", "attribute", "value")]).to_pylist()
    bases = _distinct_people(attributes)
    unknowns: dict[tuple[str, str], int] = defaultdict(int)
    for each in ordered:
        if not each["known"]:
            unknowns[each["population"], each["attribute"]] += each["person_id_count_distinct"]
    rows = [
        _row(
            each,
            bases[each["population"], each["attribute"]],
            unknowns[each["population"], each["attribute"]],
            leeway.get(each["population"], Leeway()),
        )
        for each in ordered
    ]
    ids = number_ids([("profile", *(str(row[key]) for key in ("population", "attribute", "value"))) for row in rows])
    return [row | {"number_id": each} for row, each in zip(rows, ids, strict=True)]


def _distinct_people(attributes: pa.Table) -> dict[tuple[str, str], int]:
    keys = ["population", "attribute"]
    grouped = attributes.group_by(keys).aggregate([("person_id", "count_distinct")])
    columns = [grouped[name].to_pylist() for name in (*keys, "person_id_count_distinct")]
    return {(population, attribute): count for population, attribute, count in zip(*columns, strict=True)}


def _row(each: dict[str, object], base: int, unknown: int, leeway: Leeway) -> Row:
    count, known = int(str(each["person_id_count_distinct"])), bool(each["known"])
    bounds = leeway.widened(count, base - unknown, unknown) if known else None
    little_unknown = unknown <= MOST_UNKNOWN * base
    where: dict[str, str | int | bool] = {key: str(each[key]) for key in ("population", "attribute", "value")}
    return {
        **where,
        "count": count,
        "base": base,
        "unknown": unknown,
        "known": known,
        "share_known": count / (base - unknown) if known and little_unknown else None,
        "lower": bounds.lower if bounds else None,
        "upper": bounds.upper if bounds else None,
        "merges": leeway.merges,
        "splits": leeway.splits,
        "recipe": Recipe("person_attributes", where, "person_id").to_json(),
    }


def profile_bounds(rows: Iterable[Row], attributes: pa.Table, kinds: Mapping[str, str], seed: int) -> list[Row]:
    """The rows of the table profile_bounds: every known value's ladder, and the scenario last where much is not known.

    `kinds` says of each person the kinds of agency that hold them, by which the scenario groups people.
    """
    found: list[Row] = []
    groups = _Groups(attributes, kinds)
    for row in rows:
        if not row["known"]:
            continue
        key = {name: row[name] for name in ("population", "attribute", "value")}
        count, base, unknown = (int(str(row[name])) for name in ("count", "base", "unknown"))
        for place, rung in enumerate(ladder(count, base - unknown, unknown), start=1):
            found.append(
                key
                | {"place": place, "assumption": _assumption(rung.ratio), "ratio": rung.ratio}
                | {"lower": rung.bounds.lower, "upper": rung.bounds.upper}
                | {"lower_limit": rung.limits.lower, "upper_limit": rung.limits.upper}
            )
        plain = str(row["attribute"]).partition(" (")[0]
        if unknown > MOST_UNKNOWN * base and plain not in (*SEVERAL_AT_ONCE, THREAT, ENVIRONMENT):
            scenario = imputed(groups.of(str(row["population"]), str(row["attribute"]), str(row["value"])), seed)
            found.append(
                key
                | {"place": len(RATIOS) + 1, "assumption": SCENARIO, "ratio": None}
                | {"lower": scenario.share, "upper": scenario.share}
                | {"lower_limit": scenario.limits.lower, "upper_limit": scenario.limits.upper}
            )
    return found


def _assumption(ratio: float) -> str:
    if math.isinf(ratio):
        return "nothing assumed of those not known"
    if ratio == 1:
        return "those not known are like those known"
    return f"the odds of those not known differ by at most {ratio:g} times"


class _Groups:
    """Counts people by population, attribute, value and the kinds of agency that hold them."""

    def __init__(self, attributes: pa.Table, kinds: Mapping[str, str]) -> None:
        self._known: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._unknown: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._with: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        columns = [attributes[name].to_pylist() for name in ("population", "attribute", "value", "known", "person_id")]
        for population, attribute, value, known, person in zip(*columns, strict=True):
            kind = kinds.get(person, "")
            (self._known if known else self._unknown)[population, attribute][kind] += 1
            if known:
                self._with[population, attribute, value][kind] += 1

    def of(self, population: str, attribute: str, value: str) -> list[Group]:
        key = population, attribute
        names = sorted({*self._known[key], *self._unknown[key]})
        counted = self._with[population, attribute, value]
        return [Group(counted[name], self._known[key][name], self._unknown[key][name]) for name in names]
