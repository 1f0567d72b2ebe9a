"""Age bands: the bands that ages are counted in, each set with its source."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import ConfigDict, Field, model_validator

from joinedup.registry.documents import Entry, read_document


class Band(Entry):
    """One band: its label and its first and last age in whole years."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    label: str
    first: int = Field(alias="from", ge=0)
    last: int = Field(alias="to", ge=0)


class BandSet(Entry):
    """A set of bands that follow one another without a gap or an overlap, from nought upwards."""

    id: str
    title: str
    source: str
    bands: tuple[Band, ...]

    @model_validator(mode="after")
    def _without_gaps(self) -> BandSet:
        expected = 0
        for band in self.bands:
            if band.first != expected or band.last < band.first:
                raise ValueError(f"band {band.label!r} of {self.id!r} should start at {expected}")
            expected = band.last + 1
        return self

    def band_of(self, age: int) -> str | None:
        """The label of the band this age lies in; None outside them all.

        >>> age_bands()["children"].band_of(13)
        '13-15'
        """
        return next((band.label for band in self.bands if band.first <= age <= band.last), None)


class _BandSets(Entry):
    bands: tuple[BandSet, ...]


@cache
def age_bands() -> dict[str, BandSet]:
    """Every set of age bands, by id: children and suspects."""
    document = read_document(Path(str(files("joinedup.registry"))) / "bands.yaml", _BandSets)
    return {entry.id: entry for entry in document.bands}
