"""The columns of a prepared sheet: each registered column's raw text under its id, its parsed parts as `id:part`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

import pyarrow as pa

from joinedup.collect.emit.arrow import Array, pc
from joinedup.collect.values.columns import PARTS
from joinedup.collect.values.parsed import ITEMS
from joinedup.collect.values.text import is_absent
from joinedup.registry.forms import Sheet

SEPARATOR = "\x1f"
"""Stands between the parts of a key; no file's text holds it."""

_LISTS = frozenset({"names", "codes", "phones", "vehicles", "accounts", "tokens"})


def flat(column: Array) -> Array:
    """The column as one array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def nothing(length: int, kind: pa.DataType | None = None) -> Array:
    """An empty column."""
    return pa.nulls(length, kind or pa.string())  # type: ignore[call-overload]  # pyarrow lists types one by one


def constant(value: str | None, length: int) -> Array:
    """The same text in every row."""
    return pa.repeat(pa.scalar(value, pa.string()), length)


def raw(table: pa.Table, column: str) -> Array:
    """The column's cells as given; all empty where the file does not have it."""
    return flat(table.column(column)) if column in table.column_names else nothing(table.num_rows)


def part(table: pa.Table, column: str, name: str, kind: pa.DataType | None = None) -> Array:
    """One parsed part of the column; all empty where the file does not have the column or its type the part."""
    full = f"{column}:{name}"
    return flat(table.column(full)) if full in table.column_names else nothing(table.num_rows, kind)


def over_distinct(function: Callable[[str], object], column: Array, kind: pa.DataType) -> Array:
    """The function's results row for row, each distinct value worked out once; empty cells stay empty."""
    coded = column.dictionary_encode()
    return pa.array([function(value) for value in coded.dictionary.to_pylist()], kind).take(coded.indices)


def holds(table: pa.Table, sheet: Sheet, column: str) -> Array:
    """Whether the row's cell says something: not empty, and not a word for "not known".

    A value that could not be read still says something.
    """
    cells = raw(table, column)
    if sheet.column(column).type in ("text", "code", "number"):
        return pc.fill_null(over_distinct(lambda cell: not is_absent(cell), cells, pa.bool_()), fill_value=False)
    if sheet.column(column).type in ("date", "moment"):
        value = part(table, column, "value", pa.null())
    else:
        value = part(table, column, "items", ITEMS) if _is_list(sheet, column) else part(table, column, "value")
    said = pc.list_value_length(value) if _is_list(sheet, column) else value
    present = pc.fill_null(pc.greater(said, 0), fill_value=False) if _is_list(sheet, column) else pc.is_valid(said)
    return pc.and_(pc.is_valid(cells), pc.or_(present, pc.is_valid(part(table, column, "fault"))))


def _is_list(sheet: Sheet, column: str) -> bool:
    return sheet.column(column).type in _LISTS and "items" in PARTS[sheet.column(column).type]


def any_holds(table: pa.Table, sheet: Sheet, columns: Sequence[str]) -> Array:
    """Whether any of the columns says something in the row; always, where none is named."""
    found = pa.repeat(pa.scalar(value=not columns), table.num_rows)
    for column in columns:
        found = pc.or_(found, holds(table, sheet, column))
    return found


def among(table: pa.Table, sheet: Sheet, column: str, codes: Iterable[str]) -> Array:
    """Whether the row's cell holds one of the codes, as read or as given; a list, where any of its entries does."""
    wanted = pa.array(sorted(codes), pa.string())
    found = pc.is_in(raw(table, column), value_set=wanted)
    if _is_list(sheet, column):
        items = part(table, column, "items", ITEMS)
        entries = pc.list_flatten(items)
        hits = pc.filter(pc.list_parent_indices(items), pc.is_in(pc.struct_field(entries, "value"), value_set=wanted))
        return pc.or_(found, pc.is_in(pa.array(range(table.num_rows), pa.int64()), value_set=hits.cast(pa.int64())))
    value = text(table, sheet, column)
    return pc.or_(found, pc.is_in(value, value_set=wanted))


def text(table: pa.Table, sheet: Sheet, column: str) -> Array:
    """The column's value as read, as text: dates in ISO form to the precision known, codes in their scheme."""
    kind = sheet.column(column).type
    if kind == "text":
        return raw(table, column)
    if f"{column}:value" not in table.column_names:
        return nothing(table.num_rows)
    value = part(table, column, "value")
    if kind in ("date", "moment"):
        return _iso(value, part(table, column, "precision"), kind)
    return value.cast(pa.string()) if kind == "number" else value


def _iso(value: Array, precision: Array, kind: str) -> Array:
    day = pc.strftime(value, format="%Y-%m-%d")
    whole = day
    if kind == "moment":
        minute = pc.strftime(value, format="%Y-%m-%dT%H:%M")
        whole = pc.if_else(pc.fill_null(pc.equal(precision, "minute"), fill_value=False), minute, day)
    for name, length in (("month", 7), ("year", 4)):
        known = pc.fill_null(pc.equal(precision, name), fill_value=False)
        whole = pc.if_else(known, pc.utf8_slice_codeunits(day, 0, length), whole)
    return whole


def key(table: pa.Table, sheet: Sheet, columns: Sequence[str]) -> Array:
    """The columns' values joined, values that could not be read as given; empty where all of them are."""
    parts = [pc.coalesce(text(table, sheet, column), raw(table, column)) for column in columns]
    joined = joined_text(parts, SEPARATOR)
    some = pc.is_valid(parts[0])
    for each in parts[1:]:
        some = pc.or_(some, pc.is_valid(each))
    return pc.if_else(some, joined, pa.scalar(None, pa.string()))


def joined_text(parts: Sequence[Array], separator: str) -> Array:
    """The parts of each row with the separator between them; an empty part counts as no text."""
    return pc.binary_join_element_wise(*parts, separator, null_handling="replace", null_replacement="")


def details(table: pa.Table, sheet: Sheet, columns: Sequence[str]) -> Array:
    """A JSON object per row of the columns' values, keys sorted, empty ones left out; empty where nothing is left."""
    fragments = []
    for column in sorted(set(columns)):
        name = json.dumps(column)
        number = sheet.column(column).type == "number"

        def fragment(value: str, name: str = name, *, number: bool = number) -> str:
            return f", {name}: {_number(value) if number else json.dumps(value, ensure_ascii=False)}"

        fragments.append(over_distinct(fragment, text(table, sheet, column), pa.string()))
    if not fragments:
        return nothing(table.num_rows)
    # Each fragment brings its own comma, since Arrow's way of skipping empty parts drops rows that have none.
    body = pc.utf8_slice_codeunits(joined_text(fragments, ""), 2)
    whole = pc.binary_join_element_wise(pa.scalar("{"), body, pa.scalar("}"), "")
    return pc.if_else(pc.equal(body, ""), pa.scalar(None, pa.string()), whole)


def _number(value: str) -> str:
    number = float(value)
    return json.dumps(int(number) if number.is_integer() else number)
