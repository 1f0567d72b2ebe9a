"""The reference parameters of linking: how often two mentions of one person, and of two, agree on each thing compared.

A model is data: what is compared, at which levels of agreement, with which probabilities, and how those were made. The
conditions that recognise a level are the engine's business and live with the linking stage.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import Field, model_validator

from joinedup.registry.documents import Entry, read_document


class Level(Entry):
    """One level of agreement on one thing.

    `m` is the probability that two mentions of the same person reach this level; `u` that two mentions of different
    people do; `u_home` the same for different people who share a home (brothers and sisters, twins). `pairs_per_record`
    stands in place of `u` where the number of different people who agree does not grow with the square of the
    mentions: each mention has so many brothers and sisters on file, however large the inquiry.
    """

    id: str
    m: float = Field(gt=0, lt=1)
    u: float | None = Field(default=None, gt=0, lt=1)
    u_home: float | None = Field(default=None, gt=0, lt=1)
    pairs_per_record: float | None = Field(default=None, gt=0)
    frequency_of: str | None = None
    """The column whose own frequency takes the place of `u`: agreeing on a rare name says more."""
    least_frequency: float = Field(default=0.002, gt=0, lt=1)

    @model_validator(mode="after")
    def _one_way_of_saying_u(self) -> Level:
        if (self.u is None) == (self.pairs_per_record is None):
            raise ValueError(f"level {self.id!r} needs either u or pairs_per_record")
        return self


class Compared(Entry):
    """One thing that is compared, its levels from strongest to weakest; the last takes whatever is left."""

    id: str
    about: str
    levels: tuple[Level, ...] = Field(min_length=2)


class LinkModel(Entry):
    """The parameters for one kind of person."""

    id: str
    about: str
    pairs_per_record: float = Field(gt=0)
    """How many other mentions of the same person a mention has, on average: the prior, whatever the number of mentions."""
    most_probable_prior: float = Field(gt=0, lt=1)
    frequency_weight: float = Field(gt=0)
    """How many mentions' worth the reference frequency of a name weighs beside the frequency seen: in a small return a
    name stands often because one child does."""
    largest_block: int = Field(ge=2)
    """A value shared by more mentions than this is not used to propose pairs."""
    largest_home: int = Field(ge=2)
    """A telephone, address or postcode shared by more mentions than this is no home."""
    compared: tuple[Compared, ...]

    def prior(self, mentions: int) -> float:
        """The probability that two mentions drawn from so many are one person.

        >>> link_models().model("children").prior(10_001) == link_models().model("children").pairs_per_record / 5_000
        True
        """
        return min(self.most_probable_prior, self.as_share(self.pairs_per_record, mentions))

    @staticmethod
    def as_share(pairs_per_record: float, mentions: int) -> float:
        """So many pairs for each mention, as a share of all pairs of that many mentions; at most a twentieth."""
        return min(0.05, 2 * pairs_per_record / max(mentions - 1, 1))


class LinkModels(Entry):
    """The reference models, their version and how they were made."""

    version: str
    made: str
    sources: tuple[str, ...]
    least_probability: float = Field(gt=0, lt=1)
    """Pairs less probable than this are not kept."""
    models: tuple[LinkModel, ...]

    def model(self, model_id: str) -> LinkModel:
        """The model with this id: children or suspects."""
        return next(model for model in self.models if model.id == model_id)


@cache
def link_models() -> LinkModels:
    """The reference models of linking.

    >>> [model.id for model in link_models().models]
    ['children', 'suspects']
    """
    return read_document(Path(str(files("joinedup.registry"))) / "link_model.yaml", LinkModels)
