"""What every draft for people to complete is made of: the facts it is filled from, its mark, and its form as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from joinedup.report.evidence import Evidence, Frame

TO_COMPLETE = "_[to be completed by a person]_"
_DRAFT = "> **Draft.** Made by Joinedup from the inquiry's own facts. A person completes and answers for it before it is used."

Entries = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the drafts are filled from: `records` is the rows received as published, `rule` the disclosure rule in words."""

    frame: Frame
    evidence: Evidence
    records: str
    rule: str
    agencies: Sequence[str]


def document(title: str, sections: Sequence[tuple[str, Entries]], more: Sequence[str]) -> str:
    """A draft as Markdown: its mark, each section's entries, then lines as they are."""
    lines = [f"# {title}", "", _DRAFT, ""]
    for heading, entries in sections:
        lines += [f"## {heading}", "", *entries_of(entries), ""]
    return "\n".join([*lines, *more]).rstrip() + "\n"


def entries_of(entries: Entries) -> list[str]:
    """One line an entry: its name, then what is said."""
    return [f"- **{name}:** {' '.join(said.split())}" for name, said in entries]
