"""Numbers that are printed: each has an id, and a recipe by which anyone can recompute it from its run."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST_VALUE = 60
"""In characters: a longer value is no code or label, and may be what somebody wrote at length."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a printed number is made: the rows of `table` where every named column equals its value, counted;
    or, with `distinct`, the different values of that column among them; or, with `total`, the sum of that column.

    >>> Recipe("memberships", {"status": "known"}, "person_id").to_json()
    '{"distinct": "person_id", "table": "memberships", "where": {"status": "known"}}'
    """

    table: str
    where: Mapping[str, str | int | bool] = field(default_factory=dict)
    distinct: str = ""
    total: str = ""

    def __post_init__(self) -> None:
        if self.distinct and self.total:
            raise ValueError("a recipe counts different values of a column or sums a column, not both")

    def to_json(self) -> str:
        """The recipe as JSON with sorted keys."""
        parts: dict[str, object] = {"table": self.table, "where": dict(self.where), "distinct": self.distinct}
        if self.total:
            parts["total"] = self.total
        return json.dumps(parts, sort_keys=True, ensure_ascii=False)

    def in_words(self) -> str:
        """The recipe as a sentence; a value too long to be a code is not repeated, since it may be free text.

        >>> Recipe("memberships", {"status": "known", "strongest": True}, "person_id").in_words()
        'Different values of person_id among the rows of memberships where status is known and strongest is yes.'
        >>> Recipe("responses", {}, total="rows").in_words()
        'The sum of rows over all rows of responses.'
        """
        told = {True: "yes", False: "no"}
        held = [
            f"{column} is {told[value] if isinstance(value, bool) else _short(str(value))}"
            for column, value in sorted(self.where.items())
        ]
        among = f"the rows of {self.table} where {' and '.join(held)}" if held else f"all rows of {self.table}"
        if self.total:
            return f"The sum of {self.total} over {among}."
        return f"Different values of {self.distinct} among {among}." if self.distinct else f"Counted: {among}."

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """The recipe that `to_json` wrote.

        >>> Recipe.from_json('{"table": "people", "where": {}, "distinct": "person_id"}').distinct
        'person_id'
        """
        parts = json.loads(text)
        return cls(parts["table"], parts.get("where", {}), parts.get("distinct", ""), parts.get("total", ""))


def _short(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else "another entry, not shown"


def number_id(*parts: str) -> str:
    """The trace id of a number: its parts joined by dots, in lower case, other signs turned to hyphens.

    >>> number_id("count", "children", "known", "age_band", "10-12")
    'count.children.known.age_band.10-12'
    >>> number_id("count", "children", "any", "area", "North Moor / East")
    'count.children.any.area.north-moor-east'
    """
    return ".".join(re.sub(r"[^0-9a-z_]+", "-", part.lower()).strip("-") or "none" for part in parts)


def number_ids(parts: list[tuple[str, ...]]) -> list[str]:
    """The trace ids of many numbers, each different: where two read the same, the later has its place added.

    The order of `parts` decides which keeps the plain id, so sort them first.

    >>> number_ids([("count", "North Moor"), ("count", "north-moor")])
    ['count.north-moor', 'count.north-moor.2']
    """
    taken: set[str] = set()
    found = []
    for each in parts:
        plain = number_id(*each)
        candidate, place = plain, 1
        while candidate in taken:
            place += 1
            candidate = f"{plain}.{place}"
        taken.add(candidate)
        found.append(candidate)
    return found
