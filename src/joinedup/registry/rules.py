"""Rule packs: the reasons for which a person should look at a child, as a domain expert writes them.

A pack is one YAML file in registry/rules. Each rule says what fires it, what it needs, the sentence a practitioner
reads, what would clear it, where it comes from and what it cannot mean. No rule has a weight and none is a score.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from joinedup.errors import UsageError
from joinedup.registry.documents import Entry, folder, read_document

PLACEHOLDERS = frozenset({"count", "first", "last"})
"""What a reason sentence may have filled in: how many events, the first day and the last day of the evidence."""


class Repeated(Entry):
    """Fires when enough events of a kind begin within a window."""

    kind: Literal["repeated"]
    events: tuple[str, ...] = Field(min_length=1)
    outcomes: tuple[str, ...] = ()
    """Only events with one of these harmonised outcomes; every event when empty."""
    least: int = Field(ge=2)
    within_days: int = Field(ge=1)


class StepAbsent(Entry):
    """Fires when an ended event's own record shows that the step which should follow it was not taken."""

    kind: Literal["step_absent"]
    event: str
    step: str
    recorded_by: tuple[str, ...] = Field(min_length=1)
    """Details of the event that speak of the step: where none of them says anything, the step is not recorded."""


class Rule(Entry):
    """One reason to look at a child."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    test: Annotated[Repeated | StepAbsent, Field(discriminator="kind")]
    reason: str
    needs: str
    not_recorded: str
    """The sentence on what the rule would have used and the records do not hold; {count} is how often."""
    clears: str
    source: str
    caveat: str

    @model_validator(mode="after")
    def _sentences_can_be_filled(self) -> Rule:
        for name, allowed in (("reason", PLACEHOLDERS), ("not_recorded", frozenset({"count"}))):
            named = {field for _, field, _, _ in string.Formatter().parse(getattr(self, name)) if field is not None}
            if unknown := sorted(named - allowed):
                raise ValueError(f"{self.id}: {name} speaks of {unknown}; it may speak of {sorted(allowed)}")
        return self


class Pack(Entry):
    """Rules that are switched on together by inquiry.toml's rule_packs."""

    id: str
    title: str
    version: str
    about: str
    rules: tuple[Rule, ...] = Field(min_length=1)

    @property
    def label(self) -> str:
        """The pack's id and version, as concerns carry it."""
        return f"{self.id} {self.version}"


@cache
def packs() -> dict[str, Pack]:
    """Every rule pack, by id."""
    return {pack.id: pack for pack in (read_document(path, Pack) for path in folder("rules"))}


def chosen_packs(names: Sequence[str]) -> tuple[Pack, ...]:
    """The packs an inquiry names, each once, in the order it names them.

    Raises UsageError for a pack that is not there, naming those that are.

    >>> [pack.id for pack in chosen_packs(["missing", "missing"])]
    ['missing']
    """
    known = packs()
    if unknown := [name for name in names if name not in known]:
        raise UsageError(
            f"inquiry.toml asks for the rule pack {unknown[0]!r}, which is not there",
            remedy=f"Rule packs: {', '.join(sorted(known))}.",
        )
    return tuple(known[name] for name in dict.fromkeys(names))
