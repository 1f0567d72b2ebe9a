"""Several rows that speak of one thing, made one row: for each column the first value in a fixed order."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from joinedup.collect.emit.arrow import Array, pc


def merge(table: pa.Table, by: str, order: Sequence[str]) -> pa.Table:
    """One row for each value of `by`: in every column its first non-empty value in the order of the columns `order`.

    >>> rows = pa.table({"id": ["a", "a"], "at": [2, 1], "name": ["late", None]})
    >>> merge(rows, "id", ["at"]).to_pylist()
    [{'id': 'a', 'at': 1, 'name': 'late'}]
    """
    ordered = table.take(pc.sort_indices(table, sort_keys=[(name, "ascending") for name in (by, *order)]))
    others = [name for name in table.column_names if name != by]
    grouped = ordered.group_by(by, use_threads=False).aggregate([(name, "first") for name in others])
    return grouped.rename_columns([name.removesuffix("_first") for name in grouped.column_names]).select(
        table.column_names
    )


def distinct(table: pa.Table, by: Sequence[str], order: Sequence[str] = ()) -> pa.Table:
    """One row for each different set of values of `by`: the whole first row in the order of the columns `order`.

    >>> rows = pa.table({"id": ["a", "a"], "at": [2, 1]})
    >>> distinct(rows, ["id"], ["at"]).to_pylist()
    [{'id': 'a', 'at': 1}]
    """
    if table.num_rows < 2:
        return table
    names = [*by, *(name for name in order if name not in by)]
    places = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in names])
    ordered = table.select(list(by)).take(places).append_column("_place", places.cast(pa.int64()))
    firsts = ordered.group_by(list(by), use_threads=False).aggregate([("_place", "first")])
    return table.take(firsts.column("_place_first").combine_chunks())


def earliest(pairs: pa.Table, of: Array, by: str, value: str) -> Array:
    """For each id in `of`, the least `value` among the pairs with that id in the column `by`; empty where none has one.

    >>> pairs = pa.table({"id": ["a", "a", "b"], "day": [3, 2, None]})
    >>> earliest(pairs, pa.array(["b", "a", "c"]), "id", "day").to_pylist()
    [None, 2, None]
    """
    least = pairs.group_by(by, use_threads=False).aggregate([(value, "min")])
    places = pc.index_in(of, value_set=least.column(by).combine_chunks())
    return least.column(f"{value}_min").combine_chunks().take(places)
