"""What a parser of values gives: for one value, and for a whole column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa


class Item(NamedTuple):
    """One entry of a list cell, or one identifier: its normalised value, the value as given, and whether it is valid.

    `value` equals `raw` where it could not be normalised.
    """

    value: str
    raw: str
    valid: bool


ITEMS = pa.list_(pa.struct([("value", pa.string()), ("raw", pa.string()), ("valid", pa.bool_())]))
"""The Arrow type of a list of items."""


@dataclass(frozen=True, slots=True)
class ParsedColumn:
    """A column's values as parsed, row for row.

    `parts` holds arrays by name; which names a column type has is said by `joinedup.collect.values.columns.PARTS`.
    `fault` says what was expected where a value was lost, else None; `changed` says what was mended where a value was
    read as other than it stands, else None. Neither ever holds the value itself.
    """

    parts: Mapping[str, pa.Array[Any]]
    fault: pa.Array[Any]
    changed: pa.Array[Any]

    def __getitem__(self, part: str) -> pa.Array[Any]:
        return self.parts[part]

    def __len__(self) -> int:
        return len(self.fault)
