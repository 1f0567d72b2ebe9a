"""Code sets: what a code of a published scheme means, and how labels seen in real files map to it."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field, model_validator

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
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The scheme's own headings above its codes, by name: a claim may speak of one. They are not compared across schemes."""
    ambiguous: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Labels that published maps send to more than one code: reported, never silently resolved."""

    @model_validator(mode="after")
    def _groups_of_codes(self) -> CodeSet:
        grouped = [code for codes in self.groups.values() for code in codes]
        if len(set(grouped)) != len(grouped) or not set(grouped) <= set(self.codes):
            raise ValueError(f"a group of {self.id!r} names a code that is not in it, or one that another group has")
        return self


@cache
def code_sets() -> dict[str, CodeSet]:
    """Every code set, by id."""
    return {entry.id: entry for entry in (read_document(path, CodeSet) for path in folder("code_sets"))}
