"""Kinds of threat: the crosswalk from the codes of events and relationships to the kind they speak of."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import model_validator

from joinedup.registry.documents import Entry, read_document


class ThreatType(Entry):
    """One kind of threat, in words, with where the kind comes from."""

    id: str
    title: str
    means: str
    source: str


class ThreatEvidence(Entry):
    """What says that a person's record speaks of one kind of threat: an event, with a code or a detail, or a relationship."""

    threat: str
    event: str | None = None
    scheme: str | None = None
    detail: str | None = None
    codes: tuple[str, ...] = ()
    relationship: tuple[str, ...] = ()
    source: str

    @model_validator(mode="after")
    def _one_way(self) -> ThreatEvidence:
        if (self.event is None) == (not self.relationship):
            raise ValueError("evidence of a threat is an event or a relationship")
        if bool(self.codes) != bool(self.scheme or self.detail):
            raise ValueError("codes belong to a scheme or a detail of an event")
        return self


class ThreatTypes(Entry):
    """Every kind of threat, and what says each."""

    types: tuple[ThreatType, ...]
    evidence: tuple[ThreatEvidence, ...]

    @model_validator(mode="after")
    def _known(self) -> ThreatTypes:
        strange = {each.threat for each in self.evidence} ^ {each.id for each in self.types}
        if strange:
            raise ValueError(f"kinds of threat without evidence, or evidence of no kind: {sorted(strange)}")
        return self

    def title(self, threat: str) -> str:
        """The kind in words; what is not a kind stays as it is.

        >>> threat_types().title("familial")
        'In the family'
        """
        return next((each.title for each in self.types if each.id == threat), threat)


@cache
def threat_types() -> ThreatTypes:
    """The kinds of threat of the registry.

    >>> [each.id for each in threat_types().types]
    ['localised', 'online', 'peer', 'familial', 'institutional', 'trafficking']
    """
    return read_document(Path(str(files("joinedup.registry"))) / "threat_types.yaml", ThreatTypes)
