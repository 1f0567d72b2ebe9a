"""Code sets: what a code of a published scheme means, and how labels seen in real files map to it."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field

from joinedup.registry.documents import Entry, folder, read_document

State = Literal["recorded", "refused", "not_yet_obtained", "not_stated", "not_asked"]


class Code(Entry):
    """One code: its label, other spellings seen for it, and what it says of knowing."""

    label: str
    synonyms: tuple[str, ...] = ()
    state: State = "recorded"
    means: str = ""
    """The value of a harmonised vocabulary it stands for (sex F/M, outcome, status, event type); empty when none."""
    since: int | None = None
    until: int | None = None


class CodeSet(Entry):
    """One published scheme, never merged with another."""

    id: str
    title: str
    version: str
    source: str
    codes: dict[str, Code]
    ambiguous: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Labels that published maps send to more than one code: reported, never silently resolved."""


@cache
def code_sets() -> dict[str, CodeSet]:
    """Every code set, by id."""
    return {entry.id: entry for entry in (read_document(path, CodeSet) for path in folder("code_sets"))}
