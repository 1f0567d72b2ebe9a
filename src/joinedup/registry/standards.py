"""Pathway standards: which step should follow which event, by when, whom it binds, and who says so."""

from __future__ import annotations

import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import Field, RootModel, model_validator

from joinedup.registry.calendars import Nation
from joinedup.registry.documents import Entry, read_document

PathwayKind = Literal["missing_episode", "referral"]


class Clock(Entry):
    """When the clock starts (the event's start or end) and how long it runs."""

    starts_at: Literal["start", "end"]
    unit: Literal["hours", "working_days"]
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


class Standard(Entry):
    """One standard."""

    id: str
    title: str
    nation: Nation
    version: str
    since: datetime.date
    """The day from which the cited text binds. A standard is measured over the whole inquiry; the report says from when it bound."""
    source: str
    pathway: PathwayKind
    forms: tuple[str, ...] = Field(min_length=1)
    """The forms whose records can show whether it was met."""
    excused_outcomes: tuple[str, ...] = ()
    """Outcomes of the first event after which the step is not due."""
    clock: Clock
    step: Step
    late: str
    not_done: str

    @model_validator(mode="after")
    def _sentences_can_be_filled(self) -> Standard:
        if "{done}" not in self.late or "{" in self.not_done:
            raise ValueError(f"{self.id}: 'late' must say {{done}}, and 'not_done' has nothing to fill in")
        return self

    @property
    def label(self) -> str:
        """The standard and its source, as reviews carry it."""
        return f"{self.title} ({self.nation}, from {self.since}). {self.source}"


class _Standards(RootModel[tuple[Standard, ...]]):
    """The file: a list of standards."""


@cache
def standards() -> dict[str, Standard]:
    """Every standard, by id."""
    path = Path(str(files("joinedup.registry"))).joinpath("standards.yaml")
    return {entry.id: entry for entry in read_document(path, _Standards).root}
