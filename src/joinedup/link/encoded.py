"""Mentions that hold linkage tokens, made records to compare; mentions in the clear beside them, encoded under the same key.

The key is read from where inquiry.toml says, is held in memory alone, and nothing made with it is written to a table. Without it
encoded mentions are compared with one another only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.domain.linkage_key import Key
from joinedup.link import names
from joinedup.link.fields import Fields, Limits, Prepared, counted_over
from joinedup.link.named import Named
from joinedup.link.token_levels import WORDS
from joinedup.link.tokens import BLOOM_BITS, EXACT, FUZZY, KEY, LISTS, PREFIX, encode

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

_ALL = (*EXACT, *FUZZY, KEY)
_BATCH = 20_000
_STANDS_IN = {
    "forename_fold": "forename", "surname_fold": "surname", "dob": "born", "sex": "sex", "postcode": "postcode",
    "outcode": "outcode", "address_fold": "address", "nhs_no": "nhs_no", "upn": "upn",
}  # fmt: skip
"""Columns of mentions, and the tokens that say as much."""
NUMBERS = ("nhs_no", "upn")
_WHOLE_DIGITS = BLOOM_BITS // 4


@dataclass(frozen=True, slots=True)
class Encoded:
    """The tokens of mentions, a row for each: by field as they stand in a file, several separated by ';', empty where not held.

    `sent` says which mentions came as tokens. The others are in the clear; their tokens are here where the key is to be had.
    """

    tokens: pa.Table
    sent: Any
    with_clear: bool

    def comparable(self) -> Any:
        """Which mentions can be compared by tokens."""
        return np.ones(len(self.sent), dtype=bool) if self.with_clear else self.sent

    def stand_in(self, mentions: pa.Table) -> pa.Table:
        """The mentions with tokens where those sent as tokens hold nothing, for whatever only asks what is equal or held.

        Dates of birth are text in it. Valid numbers are tokens throughout where the key is to be had, so that two of them can
        be held against each other.
        """
        sent, table = pa.array(self.sent), mentions
        for column, field in _STANDS_IN.items():
            own = mentions[column].cast(pa.string()).combine_chunks()
            given = self.tokens[field].combine_chunks()
            everywhere = self.with_clear and column in NUMBERS
            table = _replaced(table, column, given if everywhere else pc.if_else(sent, given, own))
        whole = pc.if_else(self.tokens["born"].combine_chunks().is_valid(), "day", "year")
        known = pc.if_else(self.tokens["born_year"].combine_chunks().is_valid(), whole, pa.scalar(None, pa.string()))
        own = mentions["dob_precision"].combine_chunks()
        table = _replaced(table, "dob_precision", pc.if_else(sent, known, own))
        year = pc.coalesce(self.tokens["born"], self.tokens["born_month"], self.tokens["born_year"]).combine_chunks()
        return _replaced(table, "dob", pc.if_else(sent, year, table["dob"].combine_chunks()))

    def prepared(self, chosen: Any, stands_for: Any, model: str, limits: Limits) -> Prepared:
        """The records of the mentions chosen; those that stand for repeats carry the telephones and the like of all of them."""
        rows = np.flatnonzero(chosen)
        tokens = self.tokens.take(rows)
        identifiers = pa.concat_tables(
            [_owned(self.tokens["phones"], "phone", stands_for), _owned(self.tokens["things"], "account", stands_for)]
        )
        return counted_over(fields(tokens), identifiers, pa.array(rows), model, limits)

    def other_keys(self) -> int:
        """Mentions sent under another key than most, or than the inquiry's where it holds one: they can be held against nothing."""
        keys: Any = self.tokens[KEY].combine_chunks()
        counted = keys.drop_null().value_counts().to_pylist()
        if not counted:
            return 0
        own = max(counted, key=lambda one: (one["counts"], one["values"]))["values"]
        if self.with_clear and not self.sent.all():
            own = keys.filter(pa.array(~self.sent))[0].as_py()
        return int(pc.sum(pc.and_(pa.array(self.sent), pc.not_equal(keys, own))).as_py() or 0)


def encoded(mentions: pa.Table, identifiers: pa.Table, key: Key | None) -> Encoded | None:
    """The tokens of the mentions, in their order; None where none was sent as tokens and there is no key.

    `identifiers` has mention_id, kind and value: the valid telephones, vehicles and accounts, and the tokens.
    """
    ids = mentions["mention_id"].combine_chunks()
    given = identifiers.filter(pc.starts_with(identifiers["kind"], PREFIX))
    if not given.num_rows and key is None:
        return None
    columns = {field: _sent(given, field, ids) for field in _ALL}
    sent = np.asarray(columns[KEY].is_valid(), dtype=bool)
    if key is not None and not sent.all():
        fuzzy = not sent.any() or any(columns[field].null_count < len(ids) for field in FUZZY)
        held = _held(identifiers, ids)
        made = pa.concat_tables(_of_clear(mentions, held, sent, key, fuzzy=fuzzy))
        columns = {field: pc.if_else(pa.array(sent), columns[field], made[field].combine_chunks()) for field in _ALL}
    return Encoded(pa.table(columns), sent, key is not None)


def _sent(given: pa.Table, field: str, ids: Any) -> Any:
    """One field of every mention as it was sent; several tokens in order, separated by ';'."""
    rows = given.filter(pc.equal(given["kind"], f"{PREFIX}{field}"))
    digits = _WHOLE_DIGITS if field.endswith("_bloom") else None
    if digits:
        rows = rows.filter(pc.equal(pc.utf8_length(rows["value"]), digits))
    texts: list[str | None] = [None] * len(ids)
    places = pc.index_in(rows["mention_id"], value_set=ids).to_pylist()
    for place, value in sorted(
        zip(places, rows["value"].to_pylist(), strict=True), key=lambda pair: (pair[0] or 0, pair[1])
    ):
        if place is not None:
            before = texts[place]
            # A row with two tokens in the place of one was not written by `encode`: the first of them is taken.
            texts[place] = value if before is None else (f"{before};{value}" if field in LISTS else before)
    return pa.array(texts, pa.string())


def _held(identifiers: pa.Table, ids: Any) -> dict[int, list[tuple[str, str]]]:
    plain = identifiers.filter(pc.invert(pc.starts_with(identifiers["kind"], PREFIX)))
    found: dict[int, list[tuple[str, str]]] = {}
    places = pc.index_in(plain["mention_id"], value_set=ids).to_pylist()
    for place, kind, value in zip(places, plain["kind"].to_pylist(), plain["value"].to_pylist(), strict=True):
        if place is not None:
            found.setdefault(place, []).append((str(kind), str(value)))
    return found


def _of_clear(
    mentions: pa.Table, held: dict[int, list[tuple[str, str]]], sent: Any, key: Key, *, fuzzy: bool
) -> Iterator[pa.Table]:
    """The tokens of the mentions in the clear, a batch at a time; those sent as tokens have empty rows."""
    schema = pa.schema([(field, pa.string()) for field in _ALL])
    nothing: dict[str, str] = {}
    wanted = [*_STANDS_IN, "dob_precision", "aliases"]
    for start in range(0, mentions.num_rows, _BATCH):
        rows = mentions.slice(start, _BATCH).select(wanted).to_pylist()
        made = [
            nothing if sent[start + at] else encode(row, held.get(start + at, ()), key, fuzzy=fuzzy)
            for at, row in enumerate(rows)
        ]
        yield pa.table(
            {field: pa.array([one.get(f"{PREFIX}{field}") or None for one in made], pa.string()) for field in _ALL},
            schema,
        )


def _replaced(table: pa.Table, column: str, values: Any) -> pa.Table:
    return table.set_column(table.column_names.index(column), column, values)


def _owned(column: Any, kind: str, stands_for: Any) -> pa.Table:
    """The tokens of a list field as rows of identifiers, by the number of the mention that stands for their owner."""
    lists = _list(column)
    owner = np.asarray(pc.list_parent_indices(lists), dtype=np.int64)
    values = pc.list_flatten(lists)
    return pa.table(
        {
            "number": pa.array(stands_for[owner], pa.int64()),
            "kind": pa.array([kind] * len(owner), pa.string()),
            "value": values,
        }
    )


def _list(column: Any) -> Any:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pc.split_pattern(whole, ";")


def fields(tokens: pa.Table) -> Fields:
    """The columns that the levels compare, under the names they have in the clear."""
    given = {field: tokens[field].combine_chunks() for field in _ALL}
    columns = {name: given[name] for name in ("forename", "surname", "sex", "postcode", "outcode", "address", "upn")}
    columns |= {
        name: _numbers(given[name])[0] for name in ("born_month", "born_year", "born_month_day", "born_year_day")
    }
    columns["born_day"], columns["born_turned"] = _numbers(given["born"], given["born_turned"])
    columns |= {
        "nhs": given["nhs_no"],
        "aliases": pc.fill_null(_list(given["aliases"]), []),
        # Whole dates alone are held against each other; of the others it counts that there is one.
        "dob": pc.coalesce(
            columns["born_day"], pc.if_else(given["born_year"].is_valid(), pa.scalar(-1, pa.int32()), None)
        ),
        "starts": _list(given["starts"]),
    }
    for name in ("forename", "surname"):
        columns |= _bits(name, given[f"{name}_bloom"])
    return Fields(
        columns, {name: _named(name, given) for name in ("forename", "surname")}, partial(_parts, given), _keys
    )


def _named(name: str, given: dict[str, Any]) -> Named:
    """The tokens of a name, each with its forms as they were sent with it."""
    rows = zip(*(given[f"{name}{part}"].to_pylist() for part in ("", "_key", "_forms", "_parts")), strict=True)
    forms: dict[str, names.Forms] = {}
    for token, key, kindred, parts in rows:
        if token is not None and token not in forms:
            forms[token] = names.Forms(key or token, _tuple(kindred), _tuple(parts))
    return Named.of(given[name], lambda tokens: [forms[token] for token in tokens])


def _tuple(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").split(";")) if text else ()


def _bits(name: str, filters: Any) -> dict[str, Any]:
    """The Bloom filters as eight whole numbers each, and how many bits are set."""
    present = np.asarray(filters.is_valid(), dtype=bool)
    whole = bytes.fromhex("".join(filters.drop_null().to_pylist()))
    words = np.zeros((len(present), WORDS), dtype=np.int64)
    words[present] = np.frombuffer(whole, dtype=">i8").reshape(-1, WORDS)
    ones = np.zeros(len(present), dtype=np.int32)
    ones[present] = np.unpackbits(np.frombuffer(whole, dtype=np.uint8).reshape(-1, BLOOM_BITS // 8), axis=1).sum(axis=1)
    missing = ~present
    columns = {f"{name}_bits{word}": pa.array(words[:, word], mask=missing) for word in range(WORDS)}
    return columns | {f"{name}_ones": pa.array(ones, mask=missing | (ones == 0))}


def _numbers(*columns: Any) -> list[Any]:
    """A number for each different token, the same in all of the columns; empty where there is none."""
    codes = pa.concat_arrays(columns).dictionary_encode().indices.cast(pa.int32())
    return [codes.slice(place * len(columns[0]), len(columns[0])) for place in range(len(columns))]


def _parts(given: dict[str, Any], columns: dict[str, Any]) -> dict[str, Any]:
    whole = given["born"].is_valid()
    return {
        "postcode": columns["postcode"],
        "day": given["born"],
        "month": given["born_month"],
        "year_of_day": pc.if_else(whole, given["born_year"], pa.scalar(None, pa.string())),
        # Where the day of the year was not sent, the whole date tells at least who was born on one.
        "month_day": pc.coalesce(given["born_month_day"], given["born"]),
        "birthday": given["born_month_day"],
    }


def _keys(columns: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """The keys that propose pairs, as in the clear; where those take the start of a name, the whole of how it sounds."""
    forename, surname, outcode = columns["forename_key"], columns["surname_key"], columns["outcode"]
    in_order = pc.less_equal(forename, surname)
    return {
        "key_nhs": columns["nhs"],
        "key_upn": columns["upn"],
        "key_postcode": parts["postcode"],
        "key_full_name": pc.if_else(in_order, _joined(forename, surname), _joined(surname, forename)),
        "key_dob_forename": _joined(parts["day"], forename),
        "key_dob_surname": _joined(parts["day"], surname),
        "key_dob_outcode": _joined(parts["day"], outcode),
        "key_surname_month": _joined(surname, parts["month"]),
        "key_forename_month": _joined(forename, parts["month"]),
        "key_surname_day": _joined(surname, parts["birthday"]),
        "key_forename_day": _joined(forename, parts["birthday"]),
        "key_forename_outcode": _joined(forename, outcode),
        "key_surname_outcode": _joined(surname, outcode),
    }


def _joined(*columns: Any) -> Any:
    return pc.binary_join_element_wise(*columns, "|")
