"""What `review` and `explain` show of a run: mentions with their identifiers, the people around a home, the links near."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import ibis

from joinedup.domain.judgements import ON_PAIRS, UNSURE
from joinedup.domain.nouns import Decision
from joinedup.errors import UsageError
from joinedup.store.contract import Store

Row = dict[str, Any]
_SHOWN = (
    "mention_id", "agency", "form", "source_ref", "local_id", "role", "forename", "surname", "aliases", "forename_fold",
    "surname_fold", "dob", "dob_precision", "sex", "postcode", "outcode", "address", "address_fold", "nhs_no", "upn",
    "first_date",
)  # fmt: skip
_HOUSEHOLD = 40
"""More mentions at one address or telephone than this are an institution, not a household."""


class Beside:
    """One finished run, as far as pairs of mentions go."""

    def __init__(self, store: Store) -> None:
        self._store = store
        people = store.read("people").select("mention_id", "person_id").to_pyarrow()
        self.person_of: dict[str, str] = dict(
            zip(people["mention_id"].to_pylist(), people["person_id"].to_pylist(), strict=True)
        )
        self.size_of = Counter(self.person_of.values())
        given = store.read("decisions").select("sequence").to_pyarrow() if "decisions" in store.tables() else None
        self.decisions: frozenset[int] = frozenset(given["sequence"].to_pylist() if given else ())
        """The decisions that the run was made with, by number."""

    def for_review(self) -> list[Row]:
        """The pairs held for review."""
        links = self._store.read("links")
        return _rows(links.filter(links.zone == "review"))

    def links_of(self, mentions: Iterable[str]) -> list[Row]:
        """Every kept pair that one of the mentions stands in."""
        links, wanted = self._store.read("links"), sorted(mentions)
        return _rows(links.filter(links.mention_l.isin(wanted) | links.mention_r.isin(wanted)))

    def of_person(self, person: str) -> list[str]:
        """The mentions of a person."""
        return sorted(mention for mention, found in self.person_of.items() if found == person)

    def mentions(self, wanted: Iterable[str]) -> dict[str, Row]:
        """The mentions, each with its valid telephones, vehicles and accounts. Raises UsageError for one that is not there."""
        ids = sorted(set(wanted))
        table, held = self._store.read("mentions"), self._store.read("identifiers")
        found: dict[str, Row] = {
            row["mention_id"]: row | {"person_id": self.person_of[row["mention_id"]], "identifiers": set()}
            for row in _rows(table.filter(table.mention_id.isin(ids)).select(*_SHOWN))
        }
        if missing := len(ids) - len(found):
            raise UsageError(
                f"{missing} of these {len(ids)} mentions {'is' if missing == 1 else 'are'} not in the run",
                remedy="joinedup show DIR mentions --csv lists them.",
            )
        kinds = held.kind.isin(["phone", "vehicle", "account"])
        for row in _rows(held.filter(held.mention_id.isin(ids) & held.valid & kinds)):
            found[row["mention_id"]]["identifiers"].add((row["kind"], row["value"]))
        return found

    def household(self, pair: Iterable[Row]) -> list[Row]:
        """One row for each other person who shares a postcode, an address or a telephone with one of the pair."""
        rows = list(pair)
        table, held = self._store.read("mentions"), self._store.read("identifiers")
        near: set[str] = set()
        for column in ("postcode", "address_fold"):
            if values := sorted({row[column] for row in rows if row[column]}):
                at_home = table.filter(table[column].isin(values))
                if column == "address_fold":
                    at_home = at_home.filter(at_home.outcode.isin(sorted({row["outcode"] or "" for row in rows})))
                near |= _few(at_home.mention_id)
        for kind, value in sorted({one for row in rows for one in row["identifiers"] if one[0] == "phone"}):
            near |= _few(held.filter((held.kind == kind) & (held.value == value) & held.valid).mention_id)
        known = {row["person_id"] for row in rows}
        others = self.mentions(mention for mention in near if self.person_of[mention] not in known)
        people: dict[str, Row] = {}
        for mention in sorted(others):
            people.setdefault(others[mention]["person_id"], others[mention])
        return [people[person] for person in sorted(people)]


def judged(decisions: Iterable[Decision]) -> dict[frozenset[str], bool]:
    """The pairs of mentions on which a decision stands, and whether it is only that it cannot be told."""
    return {
        frozenset((decision.subject, decision.other)): decision.kind == UNSURE
        for decision in decisions
        if decision.kind in ON_PAIRS
    }


def _few(mentions: Any) -> set[str]:
    found = mentions.as_table().distinct().limit(_HOUSEHOLD + 1).to_pyarrow()["mention_id"].to_pylist()
    return set(found) if len(found) <= _HOUSEHOLD else set()


def _rows(table: ibis.Table) -> list[Row]:
    found: list[Row] = table.to_pyarrow().to_pylist()
    return found
