"""How many people hold which pattern of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from joinedup.domain.numbers import Recipe
from joinedup.estimate.overlap_table import OverlapTable

KNOWN_OR_SUSPECTED = "children:known or suspected"
NOT_STATED = "children:not_stated"


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

    def under(self, names: Sequence[str]) -> Lists:
        """The same rows on lists numbered as these names are; every list here is among them."""
        place = np.array([list(names).index(name) for name in self.names], dtype=np.int64)
        return Lists(tuple(names), place[self.places] if len(self.places) else self.places)


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
