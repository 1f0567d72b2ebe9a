"""What people write for the report: findings.toml and recommendations.toml in the inquiry folder.

findings.toml edits the findings that rules draft, adds others and leaves some out. recommendations.toml holds what is to
be done, by whom and until when, and what became of it; it stays from run to run.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from joinedup.errors import SettingsError
from joinedup.registry.documents import read_toml

FINDINGS = "findings.toml"
RECOMMENDATIONS = "recommendations.toml"
CLOSED = ("done", "not_accepted", "replaced")
"""The states in which nothing more is due."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class WrittenFinding(_Strict):
    """One finding as an analyst has it: in the place of the draft with its id, or added to a chapter."""

    id: Name
    by: str
    sentence: str = ""
    wrong_if: str = ""
    chapter: Literal["", "scale", "patterns", "processes", "quality", "answered"] = ""
    headline: bool | None = None
    leave_out: bool = False
    why: str = ""
    plain_numbers: tuple[str, ...] = ()
    """Numbers of the sentence that count nothing of the run: a clock of 72 hours, a section of an Act."""

    @model_validator(mode="after")
    def _says_something(self) -> WrittenFinding:
        if self.leave_out and not self.why.strip():
            raise ValueError("a finding that is left out needs 'why'")
        if not self.leave_out and not self.sentence.strip():
            raise ValueError("needs a 'sentence', or 'leave_out = true' with 'why'")
        return self


class Evidence(_Strict):
    """What was seen of an action, on a day, and where it stands written."""

    on: datetime.date
    says: str
    source: str = ""


class Action(_Strict):
    """One thing that somebody is to do by a day."""

    id: Name
    text: str
    owner: str
    due: datetime.date | None = None
    status: Literal["open", "in_progress", "done", "not_accepted", "replaced"] = "open"
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _done_is_shown(self) -> Action:
        if self.status in CLOSED and not self.evidence:
            raise ValueError(f"{self.id}: an action that is {self.status.replace('_', ' ')} needs dated evidence")
        return self


class WrittenRecommendation(_Strict):
    """What should be done, to whom it is said, the findings it follows from, and its actions."""

    id: Name
    text: str
    to: str
    made: datetime.date
    findings: tuple[str, ...] = ()
    action: tuple[Action, ...] = Field(min_length=1)


class _Findings(_Strict):
    finding: tuple[WrittenFinding, ...] = ()


class _Recommendations(_Strict):
    recommendation: tuple[WrittenRecommendation, ...] = ()


_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Written:
    """Both files as they were read; empty where a file is not there."""

    findings: tuple[WrittenFinding, ...] = ()
    recommendations: tuple[WrittenRecommendation, ...] = ()


def read_written(inquiry_dir: Path) -> Written:
    """What people have written for the report. Raises SettingsError naming the file, the entry and what was expected."""
    findings = _read(inquiry_dir / FINDINGS, _Findings).finding
    recommendations = _read(inquiry_dir / RECOMMENDATIONS, _Recommendations).recommendation
    _once(FINDINGS, [each.id for each in findings])
    _once(RECOMMENDATIONS, [each.id for each in recommendations])
    _once(RECOMMENDATIONS, [action.id for each in recommendations for action in each.action])
    return Written(findings, recommendations)


def _read(path: Path, model: type[_Model]) -> _Model:
    return read_toml(path, model, "docs/how-to/publish.md shows what each entry holds.") if path.is_file() else model()


def _once(file: str, ids: list[str]) -> None:
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if twice:
        raise SettingsError(f"{file}: the id {twice[0]!r} stands twice", remedy="Give each entry an id of its own.")
