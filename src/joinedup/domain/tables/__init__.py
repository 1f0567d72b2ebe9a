"""The shape of every table that passes between stages: the data dictionary, and the promise the store holds writers to.

A stage reads named tables and writes named tables; nothing else passes between them. Each shape here says, for every
column, its type and its meaning in one sentence, and by which columns the rows are ordered (so that the same inputs
give the same bytes). `joinedup show DIR TABLE` prints any of them; docs/reference/tables.md is made from these files.
"""

from __future__ import annotations

from joinedup.domain.tables import audited, counted, found, grouped, linked, profiled, received, reported
from joinedup.domain.tables.shape import Column, Kind, TableShape

__all__ = ["GIVEN", "SHAPES", "Column", "Kind", "TableShape"]

SHAPES: dict[str, TableShape] = {
    shape.name: shape
    for room in (received, linked, counted, grouped, found, audited, profiled, reported)
    for shape in room.TABLES
}
"""Every table of a run, by name, in the order of the stages."""

GIVEN = (
    "decisions", "last_ids", "news", "last_records", "last_pairs", "last_parameters", "sample_frame", "sample_answers",
    "sample_agreement",
)  # fmt: skip
"""The tables a run is given before its first stage: no stage writes them."""
