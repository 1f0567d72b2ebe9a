"""Breach rules: what a lead's own records, or another agency's, show to have been left undone, as an inspector writes it.

Standards say what was due by when; these rules say what stands against how a lead was ended. Each has its reason
sentence, its source, what it needs, a caveat, and made-up records that fire it, that just miss, and that lack what it needs.
"""

from __future__ import annotations

import string
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, RootModel, model_validator

from joinedup.registry.breach_examples import BreachExample, every_kind_of_example
from joinedup.registry.documents import Entry, read_document

PLACEHOLDERS = frozenset({"day", "second", "others", "count", "expected"})
"""What a reason sentence may have filled in: the day it is about (of a closing, mostly; a month for what happened in bulk), a
second day, other agencies, and numbers."""

ClosedPathway = Literal["referral", "crime"]


class ClosedWithoutReason(Entry):
    """Fires when a case was closed and the closing record gives no reason, where the source gives reasons of others."""

    kind: Literal["closed_without_reason"]
    pathways: tuple[ClosedPathway, ...]


class ClosedContradicted(Entry):
    """Fires when a lead was closed so, while another agency's dated record held the child under one of these statuses or
    named a suspect with the child, within so many days before the closing."""

    kind: Literal["closed_contradicted"]
    pathways: tuple[ClosedPathway, ...]
    forms: tuple[str, ...] = Field(min_length=1)
    """The forms of the agency that closes: only there is it the closer's own record."""
    outcomes: tuple[str, ...] = Field(min_length=1)
    statuses: tuple[str, ...] = Field(min_length=1)
    within_days: int = Field(ge=1)


class ClosedWhileMissing(Entry):
    """Fires when a lead was closed on a day between the first and the last of a missing episode of the child.

    An episode without an end is taken to last for `open_days` at most.
    """

    kind: Literal["closed_while_missing"]
    pathways: tuple[ClosedPathway, ...]
    open_days: int = Field(ge=1)


class NeverInterviewed(Entry):
    """Fires when a crime was closed under one of these outcome types (any when none is named) and `whom` holds: a named
    suspect was not interviewed (`any_named`), or nobody was (`nobody`)."""

    kind: Literal["never_interviewed"]
    codes: tuple[str, ...] = ()
    excused_codes: tuple[str, ...] = ()
    whom: Literal["any_named", "nobody"]


class OutcomeOfChild(Entry):
    """Fires when the crime of a victim who was a child on the day was closed under one of these outcome types."""

    kind: Literal["outcome_of_child"]
    codes: tuple[str, ...] = Field(min_length=1)


class OutcomeOfOffence(Entry):
    """Fires when a crime of one of these offence codes was closed under one of these outcome types."""

    kind: Literal["outcome_of_offence"]
    codes: tuple[str, ...] = Field(min_length=1)
    offences: tuple[str, ...] = Field(min_length=1)
    vague: tuple[str, ...] = ()
    """Offence codes that do not say which offence it was: of these the record cannot tell."""


class SuspectNamedElsewhere(Entry):
    """Fires when a crime was closed under one of these outcome types and by then another agency, or another system of the
    same agency, had named a suspect with the child."""

    kind: Literal["suspect_named_elsewhere"]
    codes: tuple[str, ...] = Field(min_length=1)


class NotReceived(Entry):
    """Fires when a crime was passed to another body under one of these outcome types and that body's return, which knows
    the child or names its children, holds nothing of the child from `before_days` before to `within_days` after."""

    kind: Literal["not_received"]
    codes: tuple[str, ...] = Field(min_length=1)
    before_days: int = Field(ge=0)
    within_days: int = Field(ge=1)


class NoContact(Entry):
    """Fires when a lead was closed so and no contact with the child is recorded, where the source records such contacts."""

    kind: Literal["no_contact"]
    pathways: tuple[ClosedPathway, ...]
    outcomes: tuple[str, ...] = Field(min_length=1)
    contacts: tuple[str, ...] = Field(min_length=1)


class ReferredAgain(Entry):
    """Fires when a referral closed so was followed by another to the same agency within so many days."""

    kind: Literal["referred_again"]
    forms: tuple[str, ...] = Field(min_length=1)
    outcomes: tuple[str, ...] = Field(min_length=1)
    within_days: int = Field(ge=1)


class InBulk(Entry):
    """Fires for an agency's month with so many of these events that chance does not explain it: at least `least`, at least
    `times` the expected number, and standing out at this false discovery rate over every agency's months."""

    kind: Literal["in_bulk"]
    events: tuple[str, ...] = Field(min_length=1)
    least: int = Field(ge=2)
    times: float = Field(gt=1)
    false_discovery: float = Field(gt=0, lt=1)
    months: int = Field(ge=6)
    """The shortest series, in months, of which anything can be said."""


class OnNoCaseList(Entry):
    """Fires when a child on a meeting list is on no case list: no event of these types, of any agency, at any time."""

    kind: Literal["on_no_case_list"]
    events: tuple[str, ...] = Field(min_length=1)


class Flag(Entry):
    """Where one system says that a record is about exploitation: an event's detail, and the values that mean it.

    Another value says that it is not; where the detail is blank the record does not say."""

    event: str
    detail: str
    values: tuple[str, ...] = Field(min_length=1)


class FlagOnOneSystem(Entry):
    """Fires when one agency flagged the child and another's later record of the child, in a system that has a flag, says no."""

    kind: Literal["flag_on_one_system"]
    flags: tuple[Flag, ...] = Field(min_length=2)


Test = Annotated[
    ClosedWithoutReason
    | ClosedContradicted
    | ClosedWhileMissing
    | NeverInterviewed
    | OutcomeOfChild
    | OutcomeOfOffence
    | SuspectNamedElsewhere
    | NotReceived
    | NoContact
    | ReferredAgain
    | InBulk
    | OnNoCaseList
    | FlagOnOneSystem,
    Field(discriminator="kind"),
]


class BreachRule(Entry):
    """One way in which a lead was not followed to its end."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    test: Test
    says: Literal["not_done", "contradicted"]
    """What a breach of it is: something left undone, or an ending that a record stands against."""
    reason: str
    needs: str
    source: str
    caveat: str
    examples: tuple[BreachExample, ...]

    @model_validator(mode="after")
    def _sentence_can_be_filled(self) -> BreachRule:
        named = {field for _, field, _, _ in string.Formatter().parse(self.reason) if field is not None}
        if unknown := sorted(named - PLACEHOLDERS):
            raise ValueError(f"{self.id}: reason speaks of {unknown}; it may speak of {sorted(PLACEHOLDERS)}")
        return self

    @model_validator(mode="after")
    def _examples_of_each_kind(self) -> BreachRule:
        every_kind_of_example(self.id, self.examples)
        return self

    @property
    def label(self) -> str:
        """The rule and its source, as reviews carry it."""
        return f"{self.title}. {self.source}"


class _Rules(RootModel[tuple[BreachRule, ...]]):
    """The file: a list of rules."""


@cache
def breach_rules() -> dict[str, BreachRule]:
    """Every breach rule, by id."""
    path = Path(str(files("joinedup.registry"))).joinpath("breach_rules.yaml")
    return {rule.id: rule for rule in read_document(path, _Rules).root}
