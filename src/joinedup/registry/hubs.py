"""What may tie two people, and the caps beyond which a thing shared by many ties nobody."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import Field

from joinedup.registry.documents import Entry, read_document

EntityKind = Literal["phone", "vehicle", "account", "address", "place", "record"]


class Cap(Entry):
    """The most people a thing of one kind may join, and why."""

    cap: int = Field(ge=2)
    reason: str


class PlaceByNature(Entry):
    """Words in a place's name that make it a hub however few share it, and why."""

    words: str
    reason: str


class TieFigures(Entry):
    """What a tie needs, and a person with one thing; when a lump is cut and how often links are drawn anew, with reasons."""

    least_chance: float = Field(gt=0, le=1)
    lone_at_least: float = Field(gt=0, le=1)
    vouches_from: float = Field(gt=0, le=1)
    lump_cap: int = Field(ge=2)
    redraws: int = Field(ge=1)
    reason: str


class Hubs(Entry):
    """What makes ties and what does not."""

    source: str
    caps: dict[EntityKind, Cap]
    places_by_nature: tuple[PlaceByNature, ...]
    takes_part: tuple[str, ...]
    places_of: tuple[str, ...]
    records_of: tuple[str, ...]
    household_cap: int = Field(ge=2)
    ties: TieFigures


@cache
def hubs() -> Hubs:
    """The registered caps and exceptions."""
    return read_document(Path(str(files("joinedup.registry"))).joinpath("hubs.yaml"), Hubs)
