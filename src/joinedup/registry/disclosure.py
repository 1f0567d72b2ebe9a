"""Disclosure rules: how counts of people may leave an inquiry, each with its source."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypedDict

from pydantic import Field, model_validator

from joinedup.registry.documents import Entry, read_document


class CountProtection(TypedDict):
    """What stats.disclosure needs of a rule, as keywords."""

    rule: str
    small_from: int
    small_to: int
    small_shown: str
    round_to: int


class DisclosureRule(Entry):
    """One rule: which counts are small, what stands in their place, and how the others are rounded."""

    id: str
    title: str
    source: str
    unconfirmed: str = ""
    """The part of the rule that its source was not seen to say; empty when the source says it all."""
    small_from: int = Field(ge=1)
    small_to: int = Field(ge=1)
    small_shown: str
    round_to: int = Field(ge=1)
    estimates_round_to: int = Field(ge=1)

    @model_validator(mode="after")
    def _hides_what_it_calls_small(self) -> DisclosureRule:
        if self.small_to < self.small_from:
            raise ValueError("small_to must not be below small_from")
        if self.small_to - self.small_from + 1 < 3:
            raise ValueError("a rule must hide at least three different counts behind one sign")
        return self

    @property
    def smallest_shown(self) -> int:
        """The smallest count above nought that is not hidden."""
        return self.small_to + 1

    def behind(self, shown: int) -> tuple[int, int] | None:
        """The smallest and the largest count that the rule shows as this number; None for a number it never shows.

        >>> disclosure_rules()["nhs_round_5"].behind(10)
        (8, 12)
        """
        first = (self.small_to // self.round_to + 1) * self.round_to
        if shown == 0:
            return 0, 0
        if shown < first or shown % self.round_to:
            return None
        least = self.smallest_shown if shown == first else max(shown - self.round_to // 2, self.smallest_shown)
        return least, shown + (self.round_to - 1) // 2

    def for_counts(self) -> CountProtection:
        """The rule's values for stats.disclosure: `protect(count, **rule.for_counts())`."""
        return CountProtection(
            rule=self.id,
            small_from=self.small_from,
            small_to=self.small_to,
            small_shown=self.small_shown,
            round_to=self.round_to,
        )


class SuppressionRule(Entry):
    """Which counts a body withholds in its tables: 1 to `small_to`."""

    id: str
    title: str
    source: str
    unconfirmed: str = ""
    """The part of the rule that its source was not seen to say; empty when the source says it all."""
    small_to: int = Field(ge=1)


class _Rules(Entry):
    rules: tuple[DisclosureRule, ...]
    suppression: tuple[SuppressionRule, ...]


@cache
def disclosure_rules() -> dict[str, DisclosureRule]:
    """Every disclosure rule, by id.

    >>> disclosure_rules()["nhs_round_5"].smallest_shown
    8
    """
    return {rule.id: rule for rule in _document().rules}


@cache
def suppression_rules() -> dict[str, SuppressionRule]:
    """Every rule for withholding, by id, in the order of the registry.

    >>> suppression_rules()["ons_srs_threshold"].small_to
    9
    """
    return {rule.id: rule for rule in _document().suppression}


@cache
def _document() -> _Rules:
    return read_document(Path(str(files("joinedup.registry"))) / "disclosure.yaml", _Rules)
