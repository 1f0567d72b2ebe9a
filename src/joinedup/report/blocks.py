"""What a chapter is made of: sentences, tables and charts, all of published numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from joinedup.report.press import Part, Printed, Share
from joinedup.stats.disclosure import ReleasedTable, protect_table

MOST_NARROW = 5
"""Columns that still stand beside one another on the smallest screen, the first of them above the others."""
TOO_MANY_UNKNOWN = "too many unknown"
"""Stands where a share would, of those known."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One paragraph; `standing` says whether it is plain text, a finding, or a warning to be read before the numbers."""

    parts: tuple[Part, ...]
    standing: Literal["plain", "finding", "warning"] = "plain"
    finding_id: str = ""
    kind: Literal["sentence"] = "sentence"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[tuple[Part, ...], ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; the first cell of each row is its heading. Its numbers went through disclosure control."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Part, ...], ...]
    note: str = ""
    kind: Literal["table"] = "table"

    @property
    def numeric(self) -> tuple[bool, ...]:
        """For each column, whether it holds numbers and is to stand right-aligned."""
        columns = [[row[place] for row in self.rows] for place in range(len(self.columns))]
        return tuple(any(is_number(part) or part == TOO_MANY_UNKNOWN for part in column) for column in columns)

    @property
    def narrow(self) -> Literal["pair", "columns", "lines"]:
        """How it is shown on a small screen: one number beside the heading of its row, a few below it, or a line each."""
        if len(self.columns) == 2 and all(self.numeric[1:]):
            return "pair"
        return "columns" if len(self.columns) <= MOST_NARROW and all(self.numeric[1:]) else "lines"

    @property
    def released(self) -> ReleasedTable:
        """The same table as disclosure control hands it out; raises ValueError for a cell that no rule was applied to."""
        plain = [
            [cell.released if isinstance(cell, Printed | Share) else shown(cell) for cell in row] for row in self.rows
        ]
        return protect_table(self.columns, plain, counts=[], protection={})


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as SVG, its text alternative, and the table that says the same; `after_table` where that is printed already."""

    name: str
    title: str
    alternative: str
    svg: str
    table: Table
    after_table: bool = False
    kind: Literal["figure"] = "figure"


Block = Sentence | Bullets | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under one heading within a chapter."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """The title as the end of an id of the page.

        >>> Section("Whom the links may serve worse", ()).anchor
        'whom-the-links-may-serve-worse'
        """
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of the report, its numbers bound; `matters` is what recommendations look at, `wrong_if` says what
    would have to be different for it to be wrong."""

    finding_id: str
    chapter: str
    parts: tuple[Part, ...]
    matters: str = ""
    wrong_if: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: its findings first, then its sections."""

    name: str
    title: str
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...] = field(default=())


def text_only(*sentences: str) -> tuple[Sentence, ...]:
    """Plain paragraphs without numbers of the run."""
    return tuple(Sentence((sentence,)) for sentence in sentences)


def is_number(part: Part) -> bool:
    """Whether a cell holds a number (and stands right-aligned)."""
    return isinstance(part, Printed | Share)


def shown(part: Part) -> str:
    """The part as it is read."""
    return part if isinstance(part, str) else part.shown
