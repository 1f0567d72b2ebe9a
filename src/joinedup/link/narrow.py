"""Records as an engine is given them: keys, names and codes as whole numbers, and each different name once.

Pairs are only asked whether two such values are equal, so a number says as much as the text, in a fraction of the room and
time. Names alone are compared by their letters; they are kept aside, each different one once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.link import token_levels
from joinedup.link.levels import NAMES, asks_crossed, columns_compared, columns_of_name
from joinedup.link.proposals import PROPOSALS
from joinedup.link.slips import MOST_LETTERS, near_pairs
from joinedup.registry.link_model import LinkModel

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

LEAST_LETTERS = 4
_AS_THEY_ARE = (
    "born_year", "born_month", "born_day", "home_size", "namesakes", "borne_together", "dob", *token_levels.COLUMNS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Narrow:
    """What proposes pairs and what pairs are compared by, by `place` of record; and the names, by `value`."""

    keys: pa.Table
    compared: pa.Table
    names: Mapping[str, pa.Table]
    crossed: pa.Table
    """The forenames and surnames, by `value`, that are one slip apart."""


def narrow(records: pa.Table, model: LinkModel) -> Narrow:
    """The records of prepare() in numbers. Equal values have equal numbers; of names the numbers follow the alphabet."""
    place = pa.array(np.arange(records.num_rows), pa.int32())
    proposals = PROPOSALS[model.id]
    keys = {name: _numbers(records[name]) for name in (*proposals.plain, *proposals.lists)}
    values, names = {}, {}
    for name in NAMES:
        values[f"{name}_value"], names[name] = _names(records, columns_of_name(model, name))
    values["forename_key"], values["surname_key"] = _shared_numbers([records[f"{name}_key"] for name in NAMES])
    values |= dict(zip(NAMES, _shared_numbers([records[name] for name in NAMES]), strict=True))
    values |= {"home": keys["home"] if "home" in keys else _numbers(records["home"])}
    values["home_bits"] = _bits(values["home"])
    compared = {
        name: values[name] if name in values else records[name] if name in _AS_THEY_ARE else _numbers(records[name])
        for name in ("home", *columns_compared(model))
    }
    return Narrow(
        pa.table({"place": place, **keys}), pa.table({"place": place, **compared}), names, _crossed(names, model)
    )


def _crossed(names: Mapping[str, pa.Table], model: LinkModel) -> pa.Table:
    """Which forename is which surname but for one slip, among names long enough for that to say something."""
    value, text = {}, {}
    for name in NAMES:
        word = pc.replace_substring(_combined(names[name][name]), " ", "")
        letters = pc.binary_length(word)
        fit = pc.and_(pc.greater_equal(letters, LEAST_LETTERS), pc.less_equal(letters, MOST_LETTERS))
        fit = pc.and_(fit, asks_crossed(model))
        value[name], text[name] = np.asarray(names[name]["value"].filter(fit)), word.filter(fit)
    forename, surname = near_pairs(text["forename"], text["surname"])
    return pa.table({"forename": pa.array(value["forename"][forename], pa.int32()), "surname": pa.array(value["surname"][surname], pa.int32())})  # fmt: skip


def _numbers(column: Any) -> Any:
    """A number for each different value, or for each in each list; empty where there is none."""
    whole = _combined(column)
    if not pa.types.is_list(whole.type):
        return whole.dictionary_encode().indices.cast(pa.int32())
    sizes = np.asarray(pc.fill_null(pc.list_value_length(whole), 0), dtype=np.int64)
    offsets = pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int32())
    numbers = pc.list_flatten(whole).dictionary_encode().indices.cast(pa.int32())
    list_array: Any = pa.ListArray
    return list_array.from_arrays(offsets, numbers, mask=whole.is_null())


def _bits(lists: Any) -> Any:
    """For each list of numbers a whole number with one bit set for each: two without a bit in common share no number."""
    sizes = np.asarray(pc.fill_null(pc.list_value_length(lists), 0), dtype=np.int64)
    bits = np.zeros(len(lists), dtype=np.int64)
    owner = np.repeat(np.arange(len(lists)), sizes)
    np.bitwise_or.at(bits, owner, np.int64(1) << (np.asarray(pc.list_flatten(lists), dtype=np.int64) % 63))
    return pa.array(bits, mask=sizes == 0)


def _shared_numbers(columns: Sequence[Any]) -> list[Any]:
    """Numbers for columns that are held against one another: a value has one number in all of them."""
    whole = [_combined(column) for column in columns]
    encoded = pa.concat_arrays(whole).dictionary_encode().indices.cast(pa.int32())
    return [encoded.slice(start * len(whole[0]), len(whole[0])) for start in range(len(whole))]


def _names(records: pa.Table, columns: tuple[str, ...]) -> tuple[Any, pa.Table]:
    """The number of each record's name, in alphabetical order; and of each different name its columns."""
    text = _combined(records[columns[0]])
    if "aliases" in columns:
        aliases = pc.binary_join(pc.fill_null(_combined(records["aliases"]), []), ";")
        text = pc.binary_join_element_wise(text, aliases, "\x1f")
    encoded = text.dictionary_encode()
    order = pc.array_sort_indices(encoded.dictionary)
    rank = np.empty(len(order), dtype=np.int32)
    rank[np.asarray(order)] = np.arange(len(order), dtype=np.int32)
    codes = np.asarray(pc.fill_null(encoded.indices, -1), dtype=np.int64)
    known = codes >= 0
    value = np.where(known, rank[codes] if len(rank) else -1, -1)
    _, first = np.unique(value[known], return_index=True)
    found = records.select(columns).take(pa.array(np.flatnonzero(known)[first], pa.int64()))
    kept = pa.table({name: _written(found[name]) for name in columns})
    names = kept.append_column("value", pa.array(np.arange(len(first)), pa.int32()))
    return pa.array(value, pa.int32(), mask=~known), names


def _written(column: Any) -> Any:
    whole = _combined(column)
    return whole.dictionary.take(whole.indices) if pa.types.is_dictionary(whole.type) else whole


def _combined(column: Any) -> Any:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
