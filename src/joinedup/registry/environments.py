"""Environments: where contact or offending took place, as far as codes and named places say."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import Field, RootModel, model_validator

from joinedup.registry.documents import Entry, read_document


class EnvironmentEvidence(Entry):
    """What says it: an event of one of these types, with one of these codes of a scheme, or with a place where `place`."""

    events: tuple[str, ...] = Field(min_length=1)
    scheme: str | None = None
    codes: tuple[str, ...] = ()
    place: bool = False

    @model_validator(mode="after")
    def _codes_of_a_scheme(self) -> EnvironmentEvidence:
        if bool(self.codes) != bool(self.scheme):
            raise ValueError("codes belong to a scheme")
        return self


class Environment(Entry):
    """One environment, in words, with what says it and where it comes from."""

    id: str
    title: str
    means: str
    evidence: tuple[EnvironmentEvidence, ...] = Field(min_length=1)
    source: str


class _Environments(RootModel[tuple[Environment, ...]]):
    pass


@cache
def environments() -> tuple[Environment, ...]:
    """Every environment, in the order of the registry.

    >>> [each.title for each in environments()]
    ['Online', 'At a named place']
    """
    return read_document(Path(str(files("joinedup.registry"))) / "environments.yaml", _Environments).root
