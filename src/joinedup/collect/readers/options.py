"""What a reader is told: the registered forms, an agency's own headings, and how many rows are wanted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from joinedup.collect.sheets import fold_heading
from joinedup.registry.forms import Form


@dataclass(frozen=True)
class ReadOptions:
    """How to read one file: `limit` is the most rows wanted of each sheet (None for all)."""

    forms: Mapping[str, Form]
    own_headings: Collection[str] = ()
    limit: int | None = None

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every heading that a registered form or the agency's own mapping knows, folded."""
        known = {fold_heading(heading) for heading in self.own_headings}
        for form in self.forms.values():
            for sheet in form.sheets:
                for column in sheet.columns:
                    known |= {fold_heading(name) for name in (column.id, column.label, *column.synonyms)}
        return frozenset(known - {""})
