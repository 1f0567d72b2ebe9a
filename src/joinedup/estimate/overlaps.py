"""How many people hold which pattern of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from joinedup.domain.numbers import Recipe

KNOWN_OR_SUSPECTED = "children:known or suspected"
NOT_STATED = "children:not_stated"
MOST_LISTS = 62
"""A pattern is one bit a list of one 64-bit number."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom an estimate is about: its name, its description, and the rows of memberships that put a person on a list."""

    name: str
    describes: str
    column: str
    value: str | bool

    @property
    def recipe(self) -> Recipe:
        """How the number of people on any list of the scope is recomputed."""
        return Recipe("memberships", {"kind": "child", self.column: self.value}, "person_id")


SCOPES = (
    Scope(
        KNOWN_OR_SUSPECTED,
        "different children whom a list holds as known or as suspected; a child on several lists, or with both statuses, "
        "stands once, so it is not a sum of statuses",
        "known_or_suspected",
        True,
    ),
    Scope("children:known", "different children whom a list holds as known", "status", "known"),
    Scope(
        "children:suspected",
        "different children whom a list holds as suspected, whatever another list holds of them",
        "status",
        "suspected",
    ),
    Scope(
        "children:at_risk",
        "different children whom a list holds as at risk, whatever another list holds of them",
        "status",
        "at_risk",
    ),
    Scope(
        NOT_STATED,
        "different children on a list that does not say what it knows of them",
        "status",
        "not_stated",
    ),
)
"""One scope for each status, and one for victims whether known or suspected."""


@dataclass(frozen=True, slots=True)
class OverlapTable:
    """How many people hold each pattern of lists: the list names in order, and a positive count for each pattern seen.

    Bit i of a pattern says whether list i holds the people; no pattern is nought, since nobody on no list is seen.
    """

    lists: tuple[str, ...]
    counts: Mapping[int, int]

    def __post_init__(self) -> None:
        if len(set(self.lists)) != len(self.lists) or len(self.lists) > MOST_LISTS:
            raise ValueError(f"an overlap table has at most {MOST_LISTS} lists, each with its own name")
        if any(not 0 < pattern < 2 ** len(self.lists) or count < 1 for pattern, count in self.counts.items()):
            raise ValueError("an overlap table holds positive counts of people who are on one of its lists at least")

    @property
    def observed(self) -> int:
        """People on any list."""
        return sum(self.counts.values())

    def on_any(self, lists: Sequence[str]) -> int:
        """People on at least one of the named lists."""
        mask = self._mask(lists)
        return sum(count for pattern, count in self.counts.items() if pattern & mask)

    def on_both(self, first: Sequence[str], second: Sequence[str]) -> int:
        """People on at least one of the first lists and at least one of the second."""
        one, other = self._mask(first), self._mask(second)
        return sum(count for pattern, count in self.counts.items() if pattern & one and pattern & other)

    def _mask(self, lists: Sequence[str]) -> int:
        return sum(1 << self.lists.index(name) for name in lists)

    def rows(self, scope: str) -> list[dict[str, object]]:
        """The rows of the table overlaps: each pattern written as one 0 or 1 a list, in the order of the lists."""
        names = "|".join(self.lists)
        return [
            {
                "scope": scope,
                "lists": names,
                "pattern": "".join("1" if pattern >> place & 1 else "0" for place in range(len(self.lists))),
                "count": count,
            }
            for pattern, count in sorted(self.counts.items())
        ]


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of an inquiry by name, in order, and on which of them each row of memberships stands (its place there)."""

    names: tuple[str, ...]
    places: NDArray[np.int64]

    @classmethod
    def of(cls, memberships: pa.Table, groups: Mapping[str, Sequence[str]]) -> Lists:
        """Each agency on the list of the group it is named in, else of its kind; a group nobody stands on is a list too."""
        group_of = {agency: name for name, agencies in groups.items() for agency in agencies}
        kinds = memberships.group_by("list").aggregate([("list_kind", "max")]).to_pylist()
        list_of = {str(each["list"]): group_of.get(each["list"], each["list_kind_max"] or "other") for each in kinds}
        names = tuple(sorted({*list_of.values(), *groups}))
        place_of_agency = np.array([names.index(name) for name in list_of.values()], dtype=np.int64)
        agencies = pa.array(list(list_of), pa.string())
        rows = np.asarray(pc.index_in(memberships["list"], value_set=agencies), dtype=np.int64)
        return cls(names, place_of_agency[rows])


def overlap_table(memberships: pa.Table, scope: Scope, lists: Lists) -> OverlapTable:
    """The overlap table of one scope over the lists."""
    marked = memberships.append_column("place", pa.array(lists.places))
    wanted = marked.filter((pc.field("kind") == "child") & (pc.field(scope.column) == scope.value))
    people = wanted["person_id"]
    person = np.asarray(pc.index_in(people, value_set=people.unique()), dtype=np.int64)
    patterns = np.zeros(int(person.max(initial=-1)) + 1, dtype=np.int64)
    np.bitwise_or.at(patterns, person, np.left_shift(np.int64(1), np.asarray(wanted["place"], dtype=np.int64)))
    seen, counts = np.unique(patterns, return_counts=True)
    return OverlapTable(lists.names, {int(each): int(count) for each, count in zip(seen, counts, strict=True)})
