"""Whole columns at once: each distinct value is parsed once, whatever the number of rows."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import pyarrow as pa

from joinedup.collect.sheets import fold_heading
from joinedup.collect.values.codes import CodeReader, read_list
from joinedup.collect.values.dates import DateOptions, parse_date, parse_moment
from joinedup.collect.values.identifiers import (
    Identifier,
    Listed,
    parse_accounts,
    parse_nhs_number,
    parse_phones,
    parse_pupil_number,
    parse_tokens,
    parse_vehicles,
)
from joinedup.collect.values.parsed import ITEMS, Item, ParsedColumn
from joinedup.collect.values.postcodes import parse_postcode
from joinedup.collect.values.text import fold_address, is_absent, parse_name, split_list
from joinedup.errors import InternalError
from joinedup.registry.code_sets import CodeSet
from joinedup.registry.forms import ColumnType

PARTS: dict[str, tuple[str, ...]] = {
    "text": ("value",),
    "name": ("value", "fold"),
    "names": ("value", "fold", "items"),
    "date": ("value", "precision"),
    "moment": ("value", "precision"),
    "code": ("value", "scheme", "version", "state", "means"),
    "codes": ("value", "items"),
    "yes_no": ("value",),
    "number": ("value",),
    "sex": ("value",),
    "postcode": ("value", "outcode", "valid"),
    "address": ("value", "fold"),
    "place": ("value", "fold"),
    "phones": ("value", "items"),
    "vehicles": ("value", "items"),
    "accounts": ("value", "items"),
    "nhs_no": ("value", "valid"),
    "upn": ("value", "valid"),
    "role": ("value",),
    "status": ("value",),
    "tokens": ("value", "items"),
}
"""The parts of a parsed column of each registered type.

`value` is the value in its normal form as text (date32 for date, timestamp[us] for moment, double for number, 'yes' or
'no' for yes_no, 'F' or 'M' for sex, the code in its own scheme for code, the codes or items joined by ';' for lists);
None where absent or lost. `fold` is for comparison. `items` is a list of (value, raw, valid) structs (see
`parsed.ITEMS`). `valid` says whether an identifier passed its format and check digit (`value` is then its normal
form, else the folded value as given). `state` of a code is recorded, refused, not_yet_obtained, not_stated,
not_asked, ambiguous or not_in_scheme, None where the cell is empty; `means` is the harmonised value it stands for.
"""


@dataclass(frozen=True)
class ColumnOptions:
    """How to read one column: its dates, and the code set of a code, codes, sex, role, status or yes_no column."""

    dates: DateOptions = field(default_factory=DateOptions)
    code_set: CodeSet | None = None


class _Parsed(NamedTuple):
    """One distinct value parsed: its parts in the order PARTS names them, its fault, and what was mended."""

    parts: tuple[object, ...]
    fault: str | None = None
    changed: str | None = None


Parser = Callable[[str], _Parsed]


def parse_column(
    kind: ColumnType, column: pa.Array[Any] | pa.ChunkedArray[Any], options: ColumnOptions | None = None
) -> ParsedColumn:
    """The column's values as parsed, row for row; the parts of each kind are named in PARTS.

    Raises InternalError where a code column comes without its code set.

    >>> parsed = parse_column("postcode", pa.array(["ab1 2cd", None, "?", "somewhere"]))
    >>> parsed["value"].to_pylist(), parsed.fault.null_count
    (['AB1 2CD', None, None, None], 3)
    """
    raw = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if kind == "text":
        return ParsedColumn({"value": raw}, _nothing(len(raw)), _nothing(len(raw)))
    coded = raw.dictionary_encode()
    parser = _parser(kind, options or ColumnOptions())
    parsed = [parser(str(value)) for value in coded.dictionary.to_pylist()]
    parts = {
        name: pa.array([one.parts[place] for one in parsed], _arrow_type(kind, name)).take(coded.indices)
        for place, name in enumerate(PARTS[kind])
    }
    fault = pa.array([one.fault for one in parsed], pa.string()).take(coded.indices)
    changed = pa.array([one.changed for one in parsed], pa.string()).take(coded.indices)
    return ParsedColumn(parts, fault, changed)


def _nothing(length: int) -> pa.Array[Any]:
    return pa.nulls(length, pa.string())


def _arrow_type(kind: str, part: str) -> pa.DataType:
    if part == "items":
        return ITEMS
    if part == "valid":
        return pa.bool_()
    if part == "value":
        typed: dict[str, pa.DataType] = {"date": pa.date32(), "moment": pa.timestamp("us"), "number": pa.float64()}
        return typed.get(kind, pa.string())
    return pa.string()


def _parser(kind: ColumnType, options: ColumnOptions) -> Parser:
    simple: dict[str, Parser] = {
        "name": _name, "names": _names, "postcode": _postcode, "address": _address, "place": _address,
        "phones": _phones, "vehicles": _vehicles, "accounts": _accounts, "nhs_no": _nhs, "upn": _upn,
        "number": _number, "tokens": _tokens,
    }  # fmt: skip
    if kind in simple:
        return simple[kind]
    if kind == "date":
        return partial(_date, options.dates)
    if kind == "moment":
        return partial(_moment, options.dates)
    if options.code_set is None:
        if kind in _WORDS:
            return partial(_word, kind)
        raise InternalError(f"a {kind} column was parsed without a code set; the form's column must name one")
    reader = CodeReader(options.code_set)
    if kind == "code":
        return partial(_code, reader)
    return partial(_codes, reader) if kind == "codes" else partial(_meaning, reader, kind)


def _name(raw: str) -> _Parsed:
    found = parse_name(raw)
    return _Parsed((found.value, found.fold), None, found.changed)


def _names(raw: str) -> _Parsed:
    names = [found for part in split_list(raw) if (found := parse_name(part)).value and found.fold]
    items = [Item(name.fold or "", name.value or "", valid=True) for name in names]
    return _Parsed((_joined(item.raw for item in items), _joined(item.value for item in items), items))


def _date(options: DateOptions, raw: str) -> _Parsed:
    found = parse_date(raw, options)
    return _Parsed((found.value.date() if found.value else None, found.precision), found.fault)


def _moment(options: DateOptions, raw: str) -> _Parsed:
    found = parse_moment(raw, options)
    return _Parsed((found.value, found.precision), found.fault)


def _postcode(raw: str) -> _Parsed:
    found = parse_postcode(raw)
    return _Parsed((found.value, found.outcode, found.value is not None), found.fault, found.changed)


def _address(raw: str) -> _Parsed:
    fold = fold_address(raw)
    return _Parsed((" ".join(raw.split()) if fold else None, fold))


def _phones(raw: str) -> _Parsed:
    return _listed(parse_phones(raw))


def _vehicles(raw: str) -> _Parsed:
    return _listed(parse_vehicles(raw))


def _accounts(raw: str) -> _Parsed:
    return _listed(parse_accounts(raw))


def _tokens(raw: str) -> _Parsed:
    return _listed(parse_tokens(raw))


def _listed(found: Listed) -> _Parsed:
    return _Parsed((_joined(item.value for item in found.items), list(found.items)), found.fault, found.changed)


def _joined(values: Iterable[str]) -> str | None:
    return ";".join(values) or None


def _nhs(raw: str) -> _Parsed:
    return _Parsed((None, None)) if is_absent(raw) else _single(parse_nhs_number(raw))


def _upn(raw: str) -> _Parsed:
    return _Parsed((None, None)) if is_absent(raw) else _single(parse_pupil_number(raw))


def _single(found: Identifier) -> _Parsed:
    return _Parsed((found.item.value, found.item.valid), found.fault)


def _number(raw: str) -> _Parsed:
    if is_absent(raw):
        return _Parsed((None,))
    text = raw.strip().replace(",", "").removesuffix("%").strip()
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", text):
        return _Parsed((None,), "a number in digits")
    value = float(text)
    return _Parsed((value,)) if math.isfinite(value) else _Parsed((None,), "a number in digits")


def _code(reader: CodeReader, raw: str) -> _Parsed:
    found = reader.read(raw)
    scheme = reader.code_set
    return _Parsed((found.code, scheme.id, scheme.version, found.state, found.means), found.fault)


def _codes(reader: CodeReader, raw: str) -> _Parsed:
    found = read_list(reader, raw)
    items = [Item(reading.code or part, part, reading.code is not None) for part, reading in found]
    fault = next((reading.fault for _, reading in found if reading.fault), None)
    return _Parsed((_joined(item.value for item in items if item.valid), items), fault)


def _meaning(reader: CodeReader, kind: str, raw: str) -> _Parsed:
    """A value of a small harmonised vocabulary: what the code means, else the code; what is not known is None."""
    found = reader.read(raw)
    # "Not stated" is itself a status, kept apart from an empty cell; of a sex or an answer it says that none is known.
    value = (found.means or found.code) if found.state == "recorded" or kind == "status" else None
    if kind == "sex" and value not in ("F", "M"):
        value = None
    return _Parsed((value,), found.fault)


_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "yes_no": {"yes": ("yes", "y", "true", "t", "1", "yes."), "no": ("no", "n", "false", "f", "0")},
    "sex": {"F": ("f", "female", "2", "girl", "woman"), "M": ("m", "male", "1", "boy", "man")},
    "role": {
        "child": ("child", "victim", "young person", "yp", "child victim", "subject child"),
        "suspect": ("suspect", "offender", "perpetrator", "accused", "defendant", "person of concern", "poc"),
        "witness": ("witness",),
        "other": ("other", "associate", "relative", "parent", "carer"),
    },
    "status": {
        "known": ("known", "confirmed", "victim"),
        "suspected": ("suspected", "probable", "believed"),
        "at_risk": ("at risk", "at_risk", "risk", "potential"),
        "not_stated": ("not stated", "not_stated"),
    },
}
_EXPECTED = {
    "yes_no": "yes or no",
    "sex": "F or M",
    "role": "child, suspect, witness or other",
    "status": "known, suspected, at_risk or not_stated",
}


def _word(kind: str, raw: str) -> _Parsed:
    """A value of a small vocabulary where the form names no code set for it."""
    folded = fold_heading(raw)
    for value, words in _WORDS[kind].items():
        if folded in {fold_heading(word) for word in words}:
            return _Parsed((value,))
    # A sex that is recorded as unknown, indeterminate or other is an answer, though it cannot be used to compare.
    if is_absent(raw) or (kind == "sex" and folded in ("u", "i", "x", "0", "9", "indeterminate", "other")):
        return _Parsed((None,))
    return _Parsed((None,), _EXPECTED[kind])
