"""Pathway standards: which step should follow which event, by when, whom it binds, and who says so."""

from __future__ import annotations

import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, RootModel, model_validator

from joinedup.registry.breach_examples import BreachExample, every_kind_of_example
from joinedup.registry.calendars import Nation
from joinedup.registry.documents import Entry, read_document

PathwayKind = Literal["missing_episode", "referral"]


class Clock(Entry):
    """When the clock starts (an event's start or end) and how long it runs."""

    event: str | None = None
    """The event of the pathway's case at which the clock starts, the first of its kind; the pathway's own first event
    where none is named."""
    starts_at: Literal["start", "end"]
    unit: Literal["hours", "calendar_days", "working_days"]
    length: int = Field(ge=1)


class Step(Entry):
    """The step that should be taken, and by which of its dates it counts as taken."""

    event: str
    at: Literal["start", "end"]
    any_agency: bool = False
    """Whether another agency's record of the step for the same child, before the next such event, counts."""
    recorded_by: tuple[str, ...] = ()
    """Details of the pathway's first event that speak of the step. Where these are named and silent, the record cannot
    tell; where none are named, a step that is absent from a source which records such steps was not done."""
    not_taken: tuple[str, ...] = ()
    """Outcomes of the pathway's first event that say the step was not taken."""


class Standard(Entry):
    """One standard."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    nation: Nation
    binds: tuple[str, ...] = Field(min_length=1)
    """The kinds of agency whose duty the step is, whoever's record shows it."""
    version: str
    since: datetime.date
    """The day from which the cited text binds."""
    until: datetime.date | None = None
    """The last day on which it bound, where a later version took its place: later pathways are not held to it."""
    also_before: bool = False
    """Whether pathways older than the text are held to its clock too, so that years can be compared; the report says from when it bound."""
    source: str
    caveat: str
    pathway: PathwayKind
    forms: tuple[str, ...] = Field(min_length=1)
    """The forms whose records can show whether it was met."""
    excused_outcomes: tuple[str, ...] = ()
    """Outcomes of the first event after which the step is not due."""
    excused_details: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Details of the event that makes the step due, and the values of them with which it is not."""
    after: str | None = None
    """An event without which the step is not due: the pathway's case must hold it. For clocks that start before it."""
    clock: Clock
    step: Step
    late: str
    not_done: str
    examples: tuple[BreachExample, ...]

    @model_validator(mode="after")
    def _sentences_can_be_filled(self) -> Standard:
        if "{done}" not in self.late or "{" in self.not_done:
            raise ValueError(f"{self.id}: 'late' must say {{done}}, and 'not_done' has nothing to fill in")
        return self

    @model_validator(mode="after")
    def _versions_in_order(self) -> Standard:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"{self.id}: 'until' lies before 'since'")
        return self

    @model_validator(mode="after")
    def _examples_of_each_kind(self) -> Standard:
        every_kind_of_example(self.id, self.examples)
        return self

    @property
    def label(self) -> str:
        """The standard and its source, as reviews carry it."""
        nation = self.nation.replace("_", " ").title()
        return f"{self.title} ({nation}, from {self.since.day} {self.since:%B %Y}). {self.source}"

    @property
    def first_step(self) -> str:
        """The event at which the clock starts."""
        return self.clock.event or self.pathway

    @property
    def makes_due(self) -> str:
        """The event that makes the step due: the one at which the clock starts, or a later one that has to follow."""
        return self.after or self.first_step


class Standards(RootModel[tuple[Standard, ...]]):
    """A file: a list of standards."""


@cache
def standards() -> dict[str, Standard]:
    """Every standard, by id."""
    path = Path(str(files("joinedup.registry"))).joinpath("standards.yaml")
    return {entry.id: entry for entry in read_document(path, Standards).root}
