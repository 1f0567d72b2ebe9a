"""What each thing weighed in a pair, in bits: written once for each pattern, and read again to explain a pair."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from joinedup.link.fitting import Fitted, digits_of
from joinedup.link.frequencies import STEPS
from joinedup.registry.link_model import Compared, LinkModel

PRIOR, TOGETHER = "prior", "going together"
_WORDS = {
    "nhs_number": "NHS number", "pupil_number": "pupil number", "date_of_birth": "date of birth", "place": "where they live",
    "shared_identifier": "telephone, vehicle or account", "phone": "telephone", "other_names": "other names",
    PRIOR: "before anything is compared", TOGETHER: "things that go together among strangers, and namesakes",
}  # fmt: skip

_LEVELS = {
    "swapped": "forename and surname in changed places",
    "crossed": "forename and surname in changed places, with a slip",
}
"""Levels whose own names would not say what was found."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What one thing weighed: the thing, the level of agreement reached, and the bits it added (one bit doubles the odds)."""

    thing: str
    level: str
    bits: float

    @property
    def words(self) -> str:
        """The weight in words, which repeat nothing that the records say.

        >>> Weight("date_of_birth", "two_parts", 1.3).words, Weight("prior", "one_home", -0.2).words
        ('date of birth (two parts) +1.3', 'before anything is compared (one home) -0.2')
        """
        level = f" ({_LEVELS.get(self.level, self.level.replace('_', ' '))})" if self.level else ""
        return f"{self.about}{level} {self.bits:+.1f}"

    @property
    def about(self) -> str:
        """The thing in words."""
        return _WORDS.get(self.thing, self.thing)


def tell(model: LinkModel, fitted: Fitted, codes: NDArray[np.int64]) -> list[str]:
    """What weighed in each pattern, as the column weights of the table links."""
    digits = digits_of(fitted.coding, codes)
    home = fitted.coding.home.of(codes)
    levels = {compared.id: _levels(compared) for compared in model.compared}
    parts = [(fitted.elsewhere, home == 0)] + ([(fitted.home, home > 0)] if fitted.home else [])
    told = np.full(len(codes), "", dtype=object)
    for part, chosen in parts:
        rows = np.flatnonzero(chosen)
        here = {name: values[rows] for name, values in digits.items()}
        # What one level says is written once, however many patterns have it.
        entries = {name: _entries(name, levels[name], part.weights(name)) for name in part.m}
        of_home = home[rows]
        priors = [
            _entry(PRIOR, "one_home" if part is fitted.home else "no_shared_home", log(prior / (1 - prior)))
            for prior in part.prior
        ]
        lines = [[priors[place] for place in np.maximum(of_home - 1, 0).tolist()]]
        lines += [[entries[name][digit] for digit in here[name].tolist()] for name in part.m]
        lines.append(
            [_entry(TOGETHER, "", nats) if abs(nats) > 1e-9 else "" for nats in part.going_together(here).tolist()]
        )
        told[rows] = [";".join(filter(None, each)) for each in zip(*lines, strict=True)]
    return told.tolist()


def read(text: str) -> tuple[Weight, ...]:
    """The weights of a pair, from the column weights of the table links.

    >>> [weight.words for weight in read("prior/no_shared_home:-14.2;sex/same:0.9")]
    ['before anything is compared (no shared home) -14.2', 'sex (same) +0.9']
    """
    found = []
    for entry in (text or "").split(";"):
        thing, _, rest = entry.partition("/")
        level, _, bits = rest.rpartition(":")
        if thing and bits:
            found.append(Weight(thing, level, float(bits)))
    return tuple(found)


def _entry(thing: str, level: str, nats: float) -> str:
    return f"{thing}/{level}:{nats / log(2):.2f}"


def _entries(thing: str, levels: list[str], nats: NDArray[np.float64]) -> list[str]:
    """The entry of each digit; empty for the digit of what is not known."""
    return ["", *(_entry(thing, level, one) for level, one in zip(levels[1:], nats.tolist()[1:], strict=True))]


def _levels(compared: Compared) -> list[str]:
    """The level of each digit."""
    return ["", *(level.id for level in compared.levels for _ in range(STEPS if level.steps else 1))]
