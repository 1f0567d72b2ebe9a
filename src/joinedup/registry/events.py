"""What can happen to a child or be done, and what can come of it: the vocabularies of events and outcomes."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import Field, RootModel

from joinedup.errors import InternalError
from joinedup.registry.documents import Entry, read_document


class EventType(Entry):
    """One kind of event; `work` says whether an agency is looking at the child while it is open.

    `work_days`: how long it counts as open where no source gives its end.
    """

    id: str
    title: str
    work: bool
    work_days: int | None = Field(default=None, ge=1)
    source: str = Field(min_length=1)
    means: str = ""


class Outcome(Entry):
    """One harmonised outcome; `further` says whether somebody went on to do something, None where it does not say."""

    id: str
    title: str
    further: bool | None = None
    source: str = Field(min_length=1)


class _EventTypes(RootModel[tuple[EventType, ...]]):
    pass


class _Outcomes(RootModel[tuple[Outcome, ...]]):
    pass


def _by_id(entries: tuple[EventType, ...] | tuple[Outcome, ...], name: str) -> list[str]:
    ids = [entry.id for entry in entries]
    if twice := sorted({entry for entry in ids if ids.count(entry) > 1}):
        raise InternalError(f"registry file {name}: ids stand twice: {twice}")
    return ids


def _path(name: str) -> Path:
    return Path(str(files("joinedup.registry"))) / name


@cache
def event_types() -> dict[str, EventType]:
    """Every type of event, by id.

    >>> event_types()["child_in_need"].work, event_types()["referral"].work
    (True, False)
    """
    entries = read_document(_path("event_types.yaml"), _EventTypes).root
    return dict(zip(_by_id(entries, "event_types.yaml"), entries, strict=True))


@cache
def outcomes() -> dict[str, Outcome]:
    """Every harmonised outcome, by id.

    >>> outcomes()["no_reply"].title
    'No reply'
    """
    entries = read_document(_path("outcomes.yaml"), _Outcomes).root
    return dict(zip(_by_id(entries, "outcomes.yaml"), entries, strict=True))


def work_types() -> tuple[str, ...]:
    """The ids of event types during which an agency is looking, in the registry's order."""
    return tuple(entry.id for entry in event_types().values() if entry.work)


def work_days() -> dict[str, int]:
    """For each type of work that no source ends, the days for which it counts as open.

    >>> work_days()["strategy_discussion"]
    21
    """
    return {entry.id: entry.work_days for entry in event_types().values() if entry.work and entry.work_days}
