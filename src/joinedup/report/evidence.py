"""What the report is made from: small tables as rows, large ones already counted. Nothing here names or numbers a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from joinedup.registry.standards import Standard, standards

Row = Mapping[str, Any]
Rows = Sequence[Row]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The tables of a run as the report needs them.

    `problems` has agency, severity, count; `members` has role, count (different people in groups); `hubs` has kind,
    state, count; `groups`, `unseen`, `concerned` are numbers of groups, unseen children, children with a concern,
    `in_groups` different people in groups.
    """

    responses: Rows = ()
    counts: Rows = ()
    estimates: Rows = ()
    overlaps: Rows = ()
    sensitivities: Rows = ()
    redrawn: Rows = ()
    rule_coverage: Rows = ()
    reviews: Rows = ()
    timeliness: Rows = ()
    audit_quarters: Rows = ()
    profiles: Rows = ()
    claims: Rows = ()
    associations: Rows = ()
    link_quality: Rows = ()
    problems: Rows = ()
    members: Rows = ()
    hubs: Rows = ()
    groups: int = 0
    in_groups: int = 0
    concerned: int = 0
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A number that the last report printed otherwise; None where one of the two does not print it.

    `why` holds what can be behind it: the reason, what differs, and the file below returns/ where it is a return.
    """

    number_id: str
    label: str
    before: str | None
    after: str | None
    why: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the report says of itself: the inquiry's words and what the run was made with."""

    name: str
    title: str
    question: str
    period: str
    agencies: Mapping[str, str]
    facts: Sequence[tuple[str, str]] = field(default=())
    run: str = "not given"
    """The end of the run's id, which every run of the same inputs, settings, decisions, seed and version has."""
    version: str = ""
    allowed_numbers: frozenset[str] = frozenset()
    """Numbers that come from inquiry.toml and may stand in sentences of earlier stages."""
    standards: Mapping[str, Standard] = field(default_factory=standards)
    """The standards that pathways were held against, by id: the registered ones and the inquiry's own."""

    def agency(self, agency_id: str) -> str:
        """The agency's name; its id where inquiry.toml does not name it."""
        return self.agencies.get(agency_id, agency_id)
