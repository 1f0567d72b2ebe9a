"""What can fire a rule: the kinds of test, each with what it needs to be told."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from joinedup.registry.documents import Entry

Thing = Literal["phone", "vehicle", "account", "address", "place"]
"""What two people can be recorded with. A place is where an event says that somebody was."""


class Matching(Entry):
    """Events of a kind: of these types and, where named, of these outcomes, of these forms, with one of these values."""

    events: tuple[str, ...] = Field(min_length=1)
    outcomes: tuple[str, ...] = ()
    """Only events with one of these harmonised outcomes; every event when empty."""
    forms: tuple[str, ...] = ()
    """Only events of these forms; of every form when empty."""
    detail: str | None = None
    values: tuple[str, ...] = ()
    """Only events whose detail holds one of these values; an event without the detail is one that is not recorded."""


class Repeated(Matching):
    """Fires when enough events of a kind begin within a window."""

    kind: Literal["repeated"]
    least: int = Field(ge=1)
    within_days: int = Field(ge=1)

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of event the test reads."""
        return self.events


class Lasted(Entry):
    """Fires when an event lasted so long, to be sure, from its start to its end."""

    kind: Literal["lasted"]
    event: str
    least_hours: int = Field(ge=1)

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of event the test reads."""
        return (self.event,)


class StepAbsent(Entry):
    """Fires when an ended event's own record shows that the step which should follow it was not taken."""

    kind: Literal["step_absent"]
    event: str
    step: str
    recorded_by: tuple[str, ...] = Field(min_length=1)
    """Details of the event that speak of the step: where none of them says anything, the step is not recorded."""

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of event the test reads."""
        return (self.event, self.step)


class Part(Entry):
    """One of the two kinds that must come together; an event is of it when it matches any of the descriptions."""

    any_of: tuple[Matching, ...] = Field(min_length=1)


class Together(Entry):
    """Fires when an event of each of two kinds begins within a window."""

    kind: Literal["together"]
    parts: tuple[Part, Part]
    within_days: int = Field(ge=1)

    @property
    def matchings(self) -> tuple[Matching, ...]:
        """Every description of events, of both parts."""
        return tuple(matching for part in self.parts for matching in part.any_of)

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of event the test reads."""
        return tuple(dict.fromkeys(name for matching in self.matchings for name in matching.events))


class ShareOf(Entry):
    """Fires when a part of a whole that one record counts reaches a share. Such records may bear no day."""

    kind: Literal["share_of"]
    event: str
    part: tuple[str, ...] = Field(min_length=1)
    """Details whose sum is the part; one that is not recorded counts as nought where another is."""
    whole: str
    least: float = Field(gt=0, le=1)

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of event the test reads."""
        return (self.event,)


class Shares(Entry):
    """Fires when the child is recorded with a thing that a suspect is recorded with too, within a window of days."""

    kind: Literal["shares"]
    things: tuple[Thing, ...] = Field(min_length=1)
    suspects: tuple[Thing, ...] = ()
    """What a suspect is recorded with; the same as `things` when empty. A place and an address can be the same."""
    events: tuple[str, ...] = ()
    """Only what the child is recorded with in such events; in any when empty."""
    within_days: int = Field(ge=1)

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of event the test reads by themselves: none, since things come with events of every type."""
        return self.events


class NamedWith(Entry):
    """Fires when an event of the child names another person in a detail, and that is the full name of a suspect."""

    kind: Literal["named_with"]
    event: str
    detail: str

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of event the test reads."""
        return (self.event,)


class InGroup(Entry):
    """Fires when the child stands in a group of tied people with enough suspects."""

    kind: Literal["in_group"]
    least_suspects: int = Field(default=1, ge=1)
    least_stability: float = Field(default=0.5, ge=0, le=1)

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of event the test reads: none."""
        return ()


class NearVictim(Entry):
    """Fires when another child, of the same home or tied by shared things, is on record with one of these statuses."""

    kind: Literal["near_victim"]
    by: Literal["home", "tie"]
    statuses: tuple[Literal["known", "suspected", "at_risk"], ...] = ("known",)

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of event the test reads: none."""
        return ()


class Item(Entry):
    """One line of a published form, and which records show it; a line that no record can show has none."""

    id: str
    text: str
    section: str
    shown_by: tuple[Matching, ...] = ()


class Section(Entry):
    """A section of a published form: what an item counts when it is recent, when it is older, and when it is both.

    An event is recent within `recent_days` before the period's last day, and older beyond it, up to `older_days`.
    """

    id: str
    title: str
    recent: int = Field(ge=0)
    older: int = Field(default=0, ge=0)
    both: int = Field(ge=0)
    recent_days: int | None = None
    """Everything up to the last day is recent when empty."""
    older_days: int | None = None
    complete: bool = True
    """Whether every item of the section is known to this project; what is not known is never filled in."""


class Band(Entry):
    """A published band of the sum: from which sum on it holds, and its name."""

    least: int = Field(ge=0)
    title: str


class AddedUp(Entry):
    """Fires when what the records show of a published form adds up to a sum; only children with a concern on record."""

    kind: Literal["added_up"]
    sections: tuple[Section, ...] = Field(min_length=1)
    items: tuple[Item, ...] = Field(min_length=1)
    bands: tuple[Band, ...] = Field(min_length=1)
    fires_from: int = Field(ge=1)

    @model_validator(mode="after")
    def _fits(self) -> AddedUp:
        known = {section.id for section in self.sections}
        if unknown := sorted({item.section for item in self.items} - known):
            raise ValueError(f"items stand in sections that are not there: {unknown}")
        if [band.least for band in self.bands] != sorted({0, *(band.least for band in self.bands)}):
            raise ValueError("bands begin at 0 and rise")
        return self

    @property
    def matchings(self) -> tuple[Matching, ...]:
        """Every description of events, of all items."""
        return tuple(matching for item in self.items for matching in item.shown_by)

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of event the test reads."""
        return tuple(dict.fromkeys(name for matching in self.matchings for name in matching.events))

    def band(self, total: int) -> str:
        """The name of the band that a sum falls into."""
        return [band.title for band in self.bands if band.least <= total][-1]


Test: TypeAlias = Annotated[
    Repeated | Lasted | StepAbsent | Together | ShareOf | Shares | NamedWith | InGroup | NearVictim | AddedUp,
    Field(discriminator="kind"),
]
"""Any kind of test."""
