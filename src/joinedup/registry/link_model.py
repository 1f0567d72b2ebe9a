"""The reference parameters of linking: how often two mentions of one person, and of two, agree on each thing compared.

A model is data: what is compared, at which levels of agreement, with which probabilities, and how those were made. The
conditions that recognise a level are the engine's business and live with the linking stage.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from joinedup.registry.documents import Entry, read_document


class Level(Entry):
    """One level of agreement on one thing.

    `m` is the probability that two mentions of one person reach this level; `u` that mentions of two people do. `m_home`
    and `u_home` are the same among mentions that share a home, where the two people are brothers and sisters.
    Probabilities of one `family` add up to one: whether two dates can be compared to the day, month or year is nobody's
    evidence, only how they then compare.
    """

    id: str
    m: float = Field(gt=0, lt=1)
    u: float = Field(gt=0, lt=1)
    m_home: float | None = Field(default=None, gt=0, lt=1)
    u_home: float | None = Field(default=None, gt=0, lt=1)
    family: str = ""
    steps: Literal["own", "kin"] | None = None
    """Whether agreement counts by how common the name is: the name's own frequency, or that of it and its kindred."""


class Compared(Entry):
    """One thing that is compared, its levels from strongest to weakest; the last takes whatever is left."""

    id: str
    about: str
    levels: tuple[Level, ...] = Field(min_length=2)
    in_home: bool = True
    """Whether it is compared between mentions that share a home."""

    @model_validator(mode="after")
    def _whole(self) -> Compared:
        parts = (
            [("m", "u"), ("m_home", "u_home")] if self.in_home and self.levels[0].m_home is not None else [("m", "u")]
        )
        for family in {level.family for level in self.levels}:
            of_family = [level for level in self.levels if level.family == family]
            for name in (name for part in parts for name in part):
                given = [getattr(level, name) for level in of_family]
                if None in given or abs(sum(given) - 1) > 0.01:
                    raise ValueError(f"{self.id}: {name} of the levels {family!r} must be given and add up to 1")
        return self


class LinkModel(Entry):
    """The parameters for one kind of person."""

    id: str
    about: str
    population: str = ""
    """Whose mentions it links, children or suspects; its own id, where nothing else is said."""
    on: Literal["fields", "tokens"] = "fields"
    """Whether it compares what mentions say, or the linkage tokens sent in their place."""
    pairs_per_record: float = Field(gt=0)
    """How many other mentions of the same person a mention has on average outside its home: the prior, whatever the number
    of mentions. Without a home part, in all."""
    names_together: float = Field(default=1.0, ge=1)
    """How many times as often strangers who share a surname share a forename too, before anything is seen."""
    home_priors: tuple[float, ...] = ()
    """The share of pairs within one home that are one person, where 2, up to 4, 8, 16 and more mentions share it; empty
    where homes are not weighed apart."""
    learns: bool
    """Whether the parameters are drawn towards what the mentions at hand show."""
    trust: float = Field(gt=0)
    """How many pairs of mentions the reference parameters weigh as much as, for each thing compared."""
    frequency_weight: float = Field(gt=0)
    """How many mentions' worth the reference frequency of a name weighs beside the frequency seen: in a small return a
    name stands often because one child does."""
    largest_block: int = Field(ge=2)
    """A value shared by more mentions than this is not used to propose pairs."""
    largest_home: int = Field(ge=2)
    """A telephone, address or postcode shared by more mentions than this is no home."""
    compared: tuple[Compared, ...]

    @property
    def of(self) -> str:
        """Whose mentions it links: children or suspects."""
        return self.population or self.id

    @property
    def by_home(self) -> bool:
        """Whether pairs that share a home have a model of their own."""
        return bool(self.home_priors)

    def prior(self, mentions: int) -> float:
        """The probability that two mentions drawn from so many are one person.

        >>> link_models().model("children").prior(10_001) == link_models().model("children").pairs_per_record / 5_000
        True
        """
        return min(0.2, 2 * self.pairs_per_record / max(mentions - 1, 1))


class LinkModels(Entry):
    """The reference models, their version and how they were made."""

    version: str
    made: str
    sources: tuple[str, ...]
    least_probability: float = Field(gt=0, lt=1)
    """Pairs less probable than this are not kept."""
    models: tuple[LinkModel, ...]

    def model(self, model_id: str) -> LinkModel:
        """The model with this id: children or suspects, or either with _tokens."""
        return next(model for model in self.models if model.id == model_id)


@cache
def link_models() -> LinkModels:
    """The reference models of linking.

    >>> [model.id for model in link_models().models]
    ['children', 'suspects', 'children_tokens', 'suspects_tokens']
    """
    return read_document(Path(str(files("joinedup.registry"))) / "link_model.json", LinkModels)
