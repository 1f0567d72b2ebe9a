"""Rule packs: the reasons for which a person should look at a child, as a domain expert writes them.

A pack is one YAML file, in registry/rules or in an inquiry's own folder. Each rule says what fires it, what it needs, the
sentence a practitioner reads, what would clear it, where it comes from and what it cannot mean, and carries examples: made-up
records that fire it, that just miss, and that lack what it needs. No rule has a weight and none is a score.
"""

from __future__ import annotations

import datetime
import string
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from joinedup.errors import UsageError
from joinedup.registry.documents import Entry, folder, read_document
from joinedup.registry.events import event_types, outcomes
from joinedup.registry.forms import forms
from joinedup.registry.rule_tests import (
    AddedUp,
    Matching,
    NamedWith,
    Repeated,
    ShareOf,
    StepAbsent,
    Test,
    Thing,
    Together,
)

PLACEHOLDERS = frozenset({"count", "first", "last"})
"""What a reason sentence may have filled in: how many events, the first day and the last day of the evidence."""
OF_A_FORM = frozenset({"band", "items"})
"""And what it may have besides of a published form: the band that the sum falls into, and the lines that records show."""


Moment = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2}( \d{2}:\d{2})?)?)?$")]
"""2010-03-01 21:00, 2010-03-01, 2010-03 or 2010: as precise as the record that it stands for."""


_WRITTEN = {16: ("%Y-%m-%d %H:%M", "minute"), 10: ("%Y-%m-%d", "day"), 7: ("%Y-%m", "month"), 4: ("%Y", "year")}


def moment_of(written: str) -> tuple[datetime.datetime, str]:
    """A Moment as a moment and its precision; raises ValueError where there was no such day.

    >>> moment_of("2010-03")
    (datetime.datetime(2010, 3, 1, 0, 0), 'month')
    """
    form, precision = _WRITTEN[len(written)]
    return datetime.datetime.strptime(written, form), precision  # noqa: DTZ007  (local time, as in the records)


CHILD = "the child"
"""Who an example's event is about unless it says somebody else."""


class ExampleEvent(Entry):
    """One made-up event of an example: of its child, or of somebody else whom `who` names."""

    type: str
    who: str = CHILD
    role: Literal["child", "suspect"] = "child"
    status: str | None = None
    place: str | None = None
    things: dict[Thing | Literal["postcode"], str] = Field(default_factory=dict)
    """What the person is recorded with there."""
    start: Moment | None = None
    end: Moment | None = None
    outcome: str | None = None
    details: dict[str, str] = Field(default_factory=dict)
    agency: str = "police"
    form: str | None = None
    case: str | None = None

    @field_validator("start", "end", mode="before")
    @classmethod
    def _as_written(cls, value: object) -> object:
        """YAML makes a date or a number of what looks like one; it is put back as it was written."""
        if isinstance(value, datetime.datetime):
            return value.isoformat(sep=" ", timespec="minutes")
        return str(value) if isinstance(value, datetime.date | int) else value

    @field_validator("start", "end")
    @classmethod
    def _a_day_that_was(cls, value: str | None) -> str | None:
        if value is not None:
            moment_of(value)
        return value


class Example(Entry):
    """Made-up records of one child, and what the rule must make of them; `reason` is the sentence where it fires."""

    expect: Literal["fires", "just_misses", "lacks"]
    about: str
    events: tuple[ExampleEvent, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    """People (by `who`) whom the run has tied together, group by group."""
    reason: str | None = None

    @model_validator(mode="after")
    def _a_reason_where_it_fires(self) -> Example:
        if (self.expect == "fires") != (self.reason is not None):
            raise ValueError("an example that fires says the reason it must give, and no other does")
        return self


class Rule(Entry):
    """One reason to look at a child."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    test: Test
    reason: str
    needs: str
    not_recorded: str
    """The sentence on what the rule would have used and the records do not hold; {count} is how often."""
    clears: str
    source: str
    caveat: str
    examples: tuple[Example, ...]

    @model_validator(mode="after")
    def _sentences_can_be_filled(self) -> Rule:
        reason = PLACEHOLDERS | OF_A_FORM if isinstance(self.test, AddedUp) else PLACEHOLDERS
        for name, allowed in (("reason", reason), ("not_recorded", frozenset({"count"}))):
            named = {field for _, field, _, _ in string.Formatter().parse(getattr(self, name)) if field is not None}
            if unknown := sorted(named - allowed):
                raise ValueError(f"{self.id}: {name} speaks of {unknown}; it may speak of {sorted(allowed)}")
        return self

    @model_validator(mode="after")
    def _examples_of_each_kind(self) -> Rule:
        shown = {example.expect for example in self.examples}
        if missing := [kind for kind in ("fires", "just_misses", "lacks") if kind not in shown]:
            raise ValueError(f"{self.id}: there is no example that {' or '.join(missing)}")
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


Place = tuple[str | int, ...]
"""Where in a pack's document something stands: keys and positions from the top."""


def unknown_names(pack: Pack) -> list[tuple[Place, str]]:
    """What the pack's rules name that is not registered: where, and what is wrong with it."""
    found: list[tuple[Place, str]] = []
    for position, rule in enumerate(pack.rules):
        at: Place = ("rules", position)
        if [other.id for other in pack.rules].count(rule.id) > 1:
            found.append(((*at, "id"), f"the rule {rule.id!r} stands twice"))
        if [other.reason for other in pack.rules].count(rule.reason) > 1:
            found.append(((*at, "reason"), "another rule of the pack has the same reason sentence"))
        used = [((*at, "test"), name) for name in rule.test.event_types]
        used += [
            ((*at, "examples", number, "events", place), event.type)
            for number, example in enumerate(rule.examples)
            for place, event in enumerate(example.events)
        ]
        found += [(where, f"no event type {name!r} is registered") for where, name in used if name not in event_types()]
        found += [((*at, "test", key), message) for key, message in _unknown_in_test(rule.test)]
    return found


def _unknown_in_test(test: Test) -> list[tuple[str, str]]:
    """The keys of a test that name an outcome, form or detail which is not registered, and what is wrong with each."""
    if isinstance(test, StepAbsent):
        return _silent("recorded_by", test.event, test.recorded_by)
    if isinstance(test, ShareOf):
        return [*_silent("part", test.event, test.part), *_silent("whole", test.event, (test.whole,))]
    if isinstance(test, NamedWith):
        return _silent("detail", test.event, (test.detail,))
    if isinstance(test, Repeated):
        return _unknown_in_matching(test)
    if isinstance(test, Together | AddedUp):
        key = "parts" if isinstance(test, Together) else "items"
        return [(key, message) for matching in test.matchings for _, message in _unknown_in_matching(matching)]
    return []


def _silent(key: str, event: str, details: Sequence[str]) -> list[tuple[str, str]]:
    told = details_of(event)
    return [(key, f"no form records the detail {name!r} of {event}") for name in details if name not in told]


def _unknown_in_matching(matching: Matching) -> list[tuple[str, str]]:
    found = [("outcomes", f"no outcome {name!r} is registered") for name in matching.outcomes if name not in outcomes()]
    found += [("forms", f"no form {name!r} is registered") for name in matching.forms if name not in forms()]
    if (matching.detail is None) != (not matching.values):
        found.append(("values", "'detail' and 'values' stand together or not at all"))
    elif matching.detail is not None and not any(matching.detail in details_of(name) for name in matching.events):
        found.append(("detail", f"no form records the detail {matching.detail!r} of {', '.join(matching.events)}"))
    return found


@cache
def details_of(event_type: str) -> frozenset[str]:
    """The details that some registered form records of events of a type."""
    sheets = [sheet for form in forms().values() for sheet in form.sheets]
    rules = [event for sheet in sheets for event in sheet.events if event.type == event_type]
    return frozenset(detail for event in rules for detail in event.details)


def chosen_packs(names: Sequence[str], local: Mapping[str, Pack] | None = None) -> tuple[Pack, ...]:
    """The packs an inquiry names, registered or its own (`local`), each once, in the order it names them.

    Raises UsageError for a pack that is not there, naming those that are.

    >>> [pack.id for pack in chosen_packs(["missing", "missing"])]
    ['missing']
    """
    known = {**packs(), **(local or {})}
    if unknown := [name for name in names if name not in known]:
        raise UsageError(
            f"inquiry.toml asks for the rule pack {unknown[0]!r}, which is not there",
            remedy=f"Rule packs: {', '.join(sorted(known))}.",
        )
    return tuple(known[name] for name in dict.fromkeys(names))
