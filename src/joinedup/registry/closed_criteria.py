"""The criteria by which closed leads are looked at again, as a reviewer writes them in a TOML file."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from joinedup.registry.documents import Entry, read_toml
from joinedup.registry.events import outcomes

_REMEDY = "Mend those keys; docs/how-to/review-closed-cases.md shows a whole file."


class Criteria(Entry):
    """Which closed leads are in scope; a criterion that is left out lets every lead through."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    kinds: tuple[Literal["crime", "referral"], ...] = ("crime",)
    agencies: tuple[str, ...] = ()
    closed_from: datetime.date
    closed_to: datetime.date
    outcomes: tuple[str, ...] = ()
    outcome_types: tuple[str, ...] = ()
    least_suspects: int | None = Field(default=None, ge=1)
    suspects_alive: bool = False
    victim_under: int | None = Field(default=None, ge=1, le=18)
    not_reviewed_before: bool = False

    @model_validator(mode="after")
    def _can_be_met(self) -> Criteria:
        if self.closed_to < self.closed_from:
            raise ValueError("closed_to lies before closed_from")
        if unknown := sorted(set(self.outcomes) - set(outcomes())):
            raise ValueError(f"no outcome {unknown[0]!r} is registered")
        return self


def read_criteria(path: Path) -> Criteria:
    """The criteria of one TOML file.

    Raises SettingsError naming each key that is wrong and what was expected.
    """
    return read_toml(path, Criteria, _REMEDY)
