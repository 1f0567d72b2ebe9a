"""Stable ids: hashes of what the agency wrote, so that order and splitting of rows leave them as they are."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import pyarrow as pa

from joinedup.collect.emit.arrow import Array, pc
from joinedup.collect.emit.columns import SEPARATOR, flat, joined_text, raw
from joinedup.registry.forms import Sheet


def hashed(letter: str, scope: Sequence[str], keys: Array) -> Array:
    """Ids of 64 bits, `letter` first, of the keys within their scope; an empty key has none.

    >>> hashed("m", ("agency", "form"), pa.array(["a", None, "a"])).to_pylist()
    ['m_aa24274acb04d562', None, 'm_aa24274acb04d562']
    """
    base = blake2b((SEPARATOR.join(scope) + SEPARATOR).encode(), digest_size=8)

    def one(value: str) -> str:
        digest = base.copy()
        digest.update(value.encode())
        return f"{letter}_{digest.hexdigest()}"

    return pa.array([None if value is None else one(value) for value in keys.to_pylist()], pa.string())


def row_keys(table: pa.Table, sheet: Sheet) -> Array:
    """A key for each row, never shared by two: its reference where the form gives every row one, else all it says.

    Rows of one reference are told apart by their place among them in the order of what they say; rows that say the
    same in everything are numbered, and nothing depends on which is which. Columns flagged `never` make no key, so that
    no id and no order of ids follows from them; they only tell which of two rows alike in all else is numbered first.
    """
    content = _content(table, sheet)
    base = joined_text([raw(table, column.id) for column in sheet.columns if column.flag != "never"], SEPARATOR)
    if "source_ref" in table.column_names:
        base = pc.coalesce(raw(table, "source_ref"), base)
    ordinals = _ordinals(base, content)
    return joined_text([base, pa.array(ordinals).cast(pa.string())], SEPARATOR)


def _content(table: pa.Table, sheet: Sheet) -> Array:
    return joined_text([raw(table, column.id) for column in sheet.columns], SEPARATOR)


def repeats(values: Array) -> Array:
    """Whether each value stands more than once."""
    counts = values.value_counts()
    repeated = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    return pc.and_(pc.is_valid(values), pc.is_in(values, value_set=repeated))


def _ordinals(base: Array, content: Array) -> np.ndarray:
    ordinals = np.zeros(len(base), dtype=np.int64)
    places = np.flatnonzero(repeats(base).to_numpy(zero_copy_only=False))
    if not len(places):
        return ordinals
    chosen = pa.array(places)
    order = pc.sort_indices(
        pa.table({"base": base.take(chosen), "content": content.take(chosen)}),
        sort_keys=[("base", "ascending"), ("content", "ascending")],
    )
    ordered = flat(base.take(chosen).take(order)).dictionary_encode().indices.to_numpy()
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    within = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.r_[starts, len(ordered)]))
    ordinals[places[order.to_numpy()]] = within
    return ordinals
