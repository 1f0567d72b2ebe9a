"""What a suspect's mention holds sets of, by how much sharing one says: telephones, vehicles, accounts, other names.

A telephone that one name stands with is one person's; one that many names stand with is a group's, and says little of who is
who. A street name that one mention in fifty bears says less than one that nobody else bears. So each set is split into classes, and
sharing a thing of a rarer class weighs more; what too many mentions share is left out before (fields.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from numpy.typing import NDArray

from joinedup.link import names

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Numbers = NDArray[np.int64]

BEARERS = {"own": 2, "few": 4}
"""Up to how many different forenames a telephone, vehicle or account may stand with to be of each class; more are `many`. Two, since
one person's name is written in more than one way."""
RARE, SOME = 0.004, 0.02
"""Up to which share of mentions a street name is rare, and not common."""
TYPICAL, WEIGHT = 0.004, 500.0
"""What is seen of a street name is drawn towards this share, as if so many more mentions had been seen (as frequencies.py)."""


def by_bearers(row: Numbers, value: Any, forename: Numbers, kind: str) -> dict[str, Any]:
    """The lists KIND, KIND_own, KIND_few and KIND_many of each mention.

    `row` and `value` are the mentions and what each holds; `forename` has a number for each mention's forename, -1 for none.
    """
    codes, size = _codes(value), len(forename)
    named = forename[row] >= 0
    pairs = np.unique(np.stack([codes[named], forename[row][named]]), axis=1)
    bearers = np.bincount(pairs[0], minlength=int(codes.max(initial=-1)) + 1)[codes]
    own, few = bearers <= BEARERS["own"], bearers <= BEARERS["few"]
    chosen = {"": np.ones(len(row), dtype=bool), "_own": own, "_few": few & ~own, "_many": ~few}
    return {f"{kind}{name}": _lists(row[here], value.filter(pa.array(here)), size) for name, here in chosen.items()}


def other_names(aliases: Any, forename_key: Any, surname_key: Any) -> dict[str, Any]:
    """The lists of each mention: `full_names`, its own full name and those among its other names; `called`, its other names of one
    word; and of these `called_rare` and `called_some`."""
    given = aliases.to_pylist()
    size = len(given)
    full: list[list[str]] = [[] for _ in range(size)]
    called: list[list[str]] = [[] for _ in range(size)]
    own = zip(forename_key.to_pylist(), surname_key.to_pylist(), strict=True)
    for place, (first, last) in enumerate(own):
        if first and last:
            full[place].append(_full(first, last))
    for place, listed in enumerate(given):
        for alias in listed or ():
            words = alias.split()
            if len(words) > 1:
                full[place].append(_full(names.forename(" ".join(words[:-1])).key, names.surname(words[-1]).key))
            elif words:
                called[place].append(names.sound(words[0]) if words[0].isalpha() else words[0])
    row = np.repeat(np.arange(size), [len(set(each)) for each in called])
    value = pa.array([name for each in called for name in sorted(set(each))], pa.string())
    codes = _codes(value)
    share = (np.bincount(codes, minlength=1)[codes] + WEIGHT * TYPICAL) / (size + WEIGHT)
    rare, some = share <= RARE, (share > RARE) & (share <= SOME)
    held: Mapping[str, NDArray[np.bool_]] = {
        "called": np.ones(len(row), dtype=bool), "called_rare": rare, "called_some": some,
    }  # fmt: skip
    lists = {name: _lists(row[here], value.filter(pa.array(here)), size) for name, here in held.items()}
    return lists | {"full_names": pa.array([sorted(set(each)) or None for each in full], pa.list_(pa.string()))}


def _full(first: str, last: str) -> str:
    """A full name whichever way round it is written."""
    return "|".join(sorted((first, last)))


def _codes(value: Any) -> Numbers:
    return np.asarray(value.dictionary_encode().indices, dtype=np.int64)


def _lists(row: Numbers, value: Any, size: int) -> Any:
    """A list for each mention of its values; empty (null) where it has none. `row` is rising."""
    counts = np.bincount(row, minlength=size)
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
    list_array: Any = pa.ListArray
    return list_array.from_arrays(offsets, value, mask=pa.array(counts == 0))
