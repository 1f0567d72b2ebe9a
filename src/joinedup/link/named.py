"""A column of names: each different name once, in the forms it is compared in, and how common it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.link import names
from joinedup.link.frequencies import Frequencies
from joinedup.link.namesakes import Together

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Steps = Mapping[str, tuple[int, int]]
"""Of each name the step of how common it is, and that of it with its kindred names (frequencies.py)."""
Pairs = Mapping[str, tuple[float, float]]
"""Of each name the pairs of its bearers who agree in their other name: seen, and expected by chance (namesakes.py)."""


@dataclass(frozen=True, slots=True)
class Held:
    """What was counted of names over all records, by column and name: a later record moves none of it for names known before."""

    steps: Mapping[str, Steps]
    together: Mapping[str, Pairs]
    usual: float
    """How much oftener than by chance two names are borne together, over all names."""


@dataclass(frozen=True, slots=True)
class Named:
    """A column of names: each row's name by number (-1 for none), and each different name in its forms."""

    codes: Any
    folds: list[str]
    forms: list[names.Forms]

    @classmethod
    def of(cls, column: Any, change: Callable[[Sequence[str]], list[names.Forms]]) -> Named:
        """From a column of names and what gives the forms of different names."""
        encoded = _whole(column).dictionary_encode()
        folds = encoded.dictionary.to_pylist()
        return cls(np.asarray(pc.fill_null(encoded.indices, -1), dtype=np.int64), folds, change(folds))

    def steps(self, counted: Frequencies, known: Steps) -> dict[str, tuple[int, int]]:
        """The steps of each different name: as known, else as counted."""
        counts = zip(counted.rarity.tolist(), counted.kin_rarity.tolist(), strict=True)
        return {fold: known.get(fold, own) for fold, own in zip(self.folds, counts, strict=True)}

    def pairs(self, seen: Any, expected: Any, known: Pairs) -> dict[str, tuple[float, float]]:
        """Of each different name the pairs seen and expected: as known, else as counted."""
        counts = zip(seen.tolist(), expected.tolist(), strict=True)
        return {fold: known.get(fold, own) for fold, own in zip(self.folds, counts, strict=False)}

    def columns(self, name: str, steps: Steps) -> dict[str, Any]:
        """NAME_key, NAME_forms, NAME_parts, NAME_rarity and NAME_kin_rarity, by row; the lists of a name are held once."""
        rows = pa.array(self.codes, pa.int32(), mask=self.codes < 0)
        by_name = {
            "key": pa.array([one.key for one in self.forms], pa.string()),
            "forms": pa.array([list(one.forms) for one in self.forms], pa.list_(pa.string())),
            "parts": pa.array([list(one.parts) for one in self.forms], pa.list_(pa.string())),
            "rarity": pa.array([steps[fold][0] for fold in self.folds], pa.int32()),
            "kin_rarity": pa.array([steps[fold][1] for fold in self.folds], pa.int32()),
        }
        return {
            f"{name}_{form}": pa.DictionaryArray.from_arrays(rows, values)
            if pa.types.is_list(values.type)
            else values.take(rows)
            for form, values in by_name.items()
        }


def held_together(
    counted: Together, given: Mapping[str, Named], known: Held | None
) -> tuple[Together, dict[str, Pairs]]:
    """How often names are borne together, as known where they are, else as counted; and the same by column and name."""
    found: dict[str, Pairs] = {}
    columns = []
    for at, (name, one) in enumerate(given.items()):
        found[name] = one.pairs(counted.seen[at], counted.expected[at], known.together[name] if known else {})
        columns.append(np.array([*found[name].values(), (0.0, 0.0)], dtype=np.float64).T)
    (seen, expected), (of_surname, by_chance) = columns
    usual = known.usual if known else counted.usual
    return Together((seen, of_surname), (expected, by_chance), usual), found


def _whole(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
