"""What of a mention is compared, and the keys by which pairs are proposed: columns of Arrow, one row a mention."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.link import names
from joinedup.link.frequencies import Frequencies, frequencies
from joinedup.link.homes import districts, house_numbers, one_district
from joinedup.link.mention_sets import by_bearers, other_names
from joinedup.link.named import Held, Named, held_together
from joinedup.link.namesakes import Together, born_with_name
from joinedup.link.proposals import PROPOSALS
from joinedup.link.respelling import addresses

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Text = Any


SHARED_KINDS = ("phone", "vehicle", "account")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many mentions may share a proposing key, and a home, before it is left out; the weight of the model's own
    frequencies of names beside those seen; and how much oftener than by chance names are borne together, before it is seen."""

    largest_block: int
    largest_home: int
    frequency_weight: float = 500.0
    names_together: float = 1.0


Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fields:
    """One model's mentions before anything is counted: the columns compared and the names, and how the pieces of keys, and the
    keys, are made of them."""

    columns: Columns
    named: dict[str, Named]
    parts: Callable[[Columns], Columns]
    keys: Callable[[Columns, Columns], Columns]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The records to score, how common their names are, and what was left out: keys set aside as too common and the
    mentions that carried them."""

    records: pa.Table
    names: dict[str, Frequencies]
    held: Held
    children: int
    """How many different full names with dates of birth there are: about how many people."""
    born_to_day: int
    same_birth: int
    """Records with a whole date of birth, and pairs of them with one and the same."""
    keys_set_aside: int
    mentions_set_aside: int


def prepare(
    mentions: pa.Table, identifiers: pa.Table, model: str, limits: Limits, known: Held | None = None
) -> Prepared:
    """The records of one model's mentions, with their keys.

    `mentions` has the columns of the table mentions and `number`, rising; `identifiers` has number, kind and value. Names
    that are `known` are taken to be as common, and as often borne together, as it says.
    """
    columns = _compared(mentions)
    named = {
        "forename": Named.of(columns["forename"], names.forenames),
        "surname": Named.of(columns["surname"], names.surnames),
    }
    fields = Fields(columns, named, partial(_parts, mentions), _keys)
    found = counted_over(fields, identifiers, mentions["number"], model, limits, known)
    return replace(found, records=found.records.append_column("mention_id", mentions["mention_id"]))


def counted_over(
    fields: Fields,
    identifiers: pa.Table,
    numbers: Text,
    model: str,
    limits: Limits,
    known: Held | None = None,
) -> Prepared:
    """The records of one model, once what is counted over all of them is: how common names are, namesakes, homes and keys."""
    columns, given, size = dict(fields.columns), fields.named, len(numbers)
    counted = {
        name: frequencies(one.codes, one.folds, one.forms, limits.frequency_weight) for name, one in given.items()
    }
    stepped = {name: one.steps(counted[name], known.steps[name] if known else {}) for name, one in given.items()}
    for name, one in given.items():
        columns |= one.columns(name, stepped[name])
    parts = fields.parts(columns)
    if not model.endswith("_tokens"):
        columns |= addresses(columns["address"], columns["outcode"])
    borne = given["forename"].codes, given["surname"].codes
    columns["namesakes"], children = born_with_name(*borne, *_dates(parts["day"]))
    together = Together.counted(*borne, _codes(parts["year_of_day"]), _codes(parts["month_day"]), limits.names_together)
    together, pairs = held_together(together, given, known)
    columns["borne_together"] = pa.array(together.steps(*borne), pa.int32())
    home, home_size = _homes(columns, parts, identifiers, numbers, model, limits.largest_home)
    columns["home"] = _lists(home, size)
    columns["home_size"] = pa.array(home_size, pa.int32())
    columns["postcode"] = parts["postcode"]
    if model == "suspects":
        columns |= _sets(columns, identifiers, numbers, limits.largest_block)
    else:
        shared = _together([_values(identifiers, numbers, kind) for kind in SHARED_KINDS])
        columns["shared"] = _lists(_small_only(shared, limits.largest_block), size)
    columns.setdefault("town", pa.nulls(size, pa.string()))
    columns |= fields.keys(columns, parts)
    set_aside, mentions_set_aside = 0, np.zeros(size, dtype=bool)
    for key in PROPOSALS[model].plain:
        columns[key], dropped, touched = without_large(columns[key], limits.largest_block)
        set_aside += dropped
        mentions_set_aside |= touched
    columns["number"] = numbers
    born = np.asarray(_combined(parts["day"]).drop_null().value_counts().field("counts"), dtype=np.int64)
    same_birth = int((born * (born - 1) // 2).sum())
    return Prepared(
        pa.table(columns), counted, Held(stepped, pairs, together.usual), children, int(born.sum()), same_birth, set_aside, int(mentions_set_aside.sum()),
    )  # fmt: skip


def _compared(mentions: pa.Table) -> dict[str, Any]:
    dob, nothing = mentions["dob"], pa.scalar(None, pa.string())
    dates = _combined(dob).dictionary_encode()  # each is written once: they are far fewer than records
    written = pc.strftime(dates.dictionary, format="%Y%m%d").take(dates.indices)
    new_year = pc.ends_with(written, "0101")
    # A placeholder other than 1 January is an agency's sign for "not known": not even its year stands.
    says_something = pc.and_(pc.is_valid(dob), pc.or_(pc.not_equal(mentions["dob_precision"], "placeholder"), new_year))
    precision = pc.if_else(pc.fill_null(says_something, False), mentions["dob_precision"], nothing)
    to_day, to_month = (pc.is_in(precision, value_set=pa.array(kinds)) for kinds in (["day"], ["day", "month"]))
    number = pa.scalar(None, pa.int32())
    aliases = pc.utf8_lower(pc.fill_null(mentions["aliases"], ""))
    return {
        "forename": _nothing_as_null(mentions["forename_fold"]),
        "surname": _nothing_as_null(mentions["surname_fold"]),
        "aliases": pc.split_pattern_regex(pc.utf8_trim_whitespace(aliases), r"\s*;\s*"),
        "dob": pc.if_else(pc.is_valid(precision), written, nothing),
        "born_year": pc.if_else(pc.is_valid(precision), pc.year(dob).cast(pa.int32()), number),
        "born_month": pc.if_else(to_month, pc.month(dob).cast(pa.int32()), number),
        "born_day": pc.if_else(to_day, pc.day(dob).cast(pa.int32()), number),
        "sex": _nothing_as_null(mentions["sex"]),
        "outcode": _nothing_as_null(mentions["outcode"]),
        "town": _nothing_as_null(mentions["area"]),
        "address": _nothing_as_null(mentions["address_fold"]),
        "nhs": _nothing_as_null(mentions["nhs_no"]),
        "upn": _nothing_as_null(mentions["upn"]),
    }


def _parts(mentions: pa.Table, columns: dict[str, Any]) -> dict[str, Any]:
    """The pieces that keys are put together from."""
    nothing = pa.scalar(None, pa.string())
    dob = columns["dob"]
    to_day = pc.if_else(pc.is_valid(columns["born_day"]), dob, nothing)
    to_month = pc.if_else(pc.is_valid(columns["born_month"]), dob, nothing)
    forename, surname = columns["forename_key"], columns["surname_key"]
    return {
        "postcode": _nothing_as_null(mentions["postcode"]),
        "forename_1": _start(forename, 1),
        "forename_2": _start(forename, 2),
        "surname_1": _start(surname, 1),
        "surname_2": _start(surname, 2),
        "day": to_day,
        "month": _start(to_month, 6),
        "year_of_day": _start(to_day, 4),
        "month_day": pc.utf8_slice_codeunits(to_day, 4, 8),
        "year": _start(dob, 4),
    }


def _homes(
    columns: dict[str, Any], parts: dict[str, Any], identifiers: pa.Table, numbers: Text, model: str, largest: int
) -> tuple[_Owned, Any]:
    """What says who lives with whom, and how many mentions share each row's smallest home (0 for no shared home).

    Children share a home by a telephone, an address, or a postcode and part of a surname. A suspect's telephone is shared
    with others of a group, not with a home, and a suspect's family is not on file: a postcode is enough.
    """
    outcode = districts(columns["address"], columns["outcode"], columns.get("street"))
    address = _numbered(_joined(columns["address"], pc.fill_null(outcode, "")), "address")
    if model.startswith("suspects"):
        found = [_numbered(parts["postcode"], "postcode"), address]
    else:
        family = _exploded(columns["surname_parts"])
        postcode = _with(family, parts["postcode"])
        numbered = columns["house"] if "house" in columns else house_numbers(columns["address"])
        house = _numbered(_joined(parts["postcode"], numbered), "house")
        kin = _with(family, columns["address"])
        kin = _Owned(kin.row, one_district(kin.value, _combined(outcode).take(pa.array(kin.row))))
        known = np.asarray(kin.value.is_valid())
        kin = _Owned(kin.row[known], kin.value.drop_null())
        found = [postcode, address, house, kin, _values(identifiers, numbers, "phone")]
    home = _small_only(_together(found), largest)
    encoded = home.value.dictionary_encode()
    shared_by = np.bincount(np.asarray(encoded.indices), minlength=len(encoded.dictionary))
    size = np.full(len(columns["forename"]), np.iinfo(np.int32).max, dtype=np.int64)
    many = shared_by[np.asarray(encoded.indices)] > 1
    np.minimum.at(size, home.row[many], shared_by[np.asarray(encoded.indices)][many])
    return home, np.where(size == np.iinfo(np.int32).max, 0, size)


def _sets(columns: dict[str, Any], identifiers: pa.Table, numbers: Text, largest: int) -> dict[str, Any]:
    """What suspects' mentions hold sets of; what more than `largest` of them share is left out."""
    held = {kind: _small_only(_together([_values(identifiers, numbers, kind)]), largest) for kind in SHARED_KINDS}
    forename = _codes(columns["forename_key"])
    found = {"shared": _lists(_together(held.values()), len(forename))}
    for kind, owned in held.items():
        found |= by_bearers(owned.row, _written(owned.value), forename, kind)
    return found | other_names(*(_combined(columns[name]) for name in ("aliases", "forename_key", "surname_key")))


def _with(family: _Owned, place: Text) -> _Owned:
    """A place and part of a surname together, for each part, where the place is known."""
    value = _joined(_combined(place).take(pa.array(family.row)), family.value)
    valid = np.asarray(value.is_valid())
    return _Owned(family.row[valid], value.drop_null())


def _keys(columns: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    forename, surname = columns["forename_key"], columns["surname_key"]
    first, last = (partial(least, skip_nulls=False) for least in (pc.min_element_wise, pc.max_element_wise))
    initials = first(parts["forename_1"], parts["surname_1"]), last(parts["forename_1"], parts["surname_1"])
    return {
        "key_nhs": columns["nhs"],
        "key_upn": columns["upn"],
        "key_postcode": parts["postcode"],
        "key_address": _joined(columns["address"], *initials),
        "key_street": _joined(columns["street"], columns["outcode"], *initials),
        "key_house": _joined(columns["house"], columns["outcode"], *initials),
        # Both orders give one key, so that a forename and surname that changed places still meet.
        "key_full_name": _joined(first(forename, surname), last(forename, surname)),
        "key_dob_forename": _joined(parts["day"], parts["forename_1"]),
        "key_dob_surname": _joined(parts["day"], parts["surname_1"]),
        "key_dob_outcode": _joined(parts["day"], columns["outcode"]),
        "key_surname_month": _joined(surname, parts["month"]),
        "key_forename_month": _joined(forename, parts["month"]),
        "key_surname_day": _joined(surname, parts["month_day"]),
        "key_forename_day": _joined(forename, parts["month_day"]),
        "key_starts_year": _joined(parts["forename_2"], parts["surname_2"], parts["year"]),
        "key_forename_outcode": _joined(forename, columns["outcode"], parts["surname_1"]),
        "key_surname_outcode": _joined(surname, columns["outcode"], parts["forename_1"]),
    }


def without_large(keys: Text, largest: int) -> tuple[Any, int, Any]:
    """The keys with those shared by more than `largest` rows made empty, how many keys that were, and which rows.

    >>> without_large(pa.array(["a", "a", "a", "b", None]), 2)[0].to_pylist()
    [None, None, None, 'b', None]
    """
    encoded = _combined(keys).dictionary_encode()
    codes = np.asarray(pc.fill_null(encoded.indices, -1), dtype=np.int64)
    sizes = np.bincount(codes[codes >= 0], minlength=len(encoded.dictionary))
    large = np.append(sizes > largest, False)
    touched = large[codes]
    if not large.any():
        return _combined(keys), 0, touched
    return pc.if_else(pa.array(touched), pa.scalar(None, pa.string()), _combined(keys)), int(large.sum()), touched


@dataclass(frozen=True, slots=True)
class _Owned:
    """Values and the row each belongs to. Those that _together has put together are numbered, each different one held once."""

    row: Any
    value: Any


def _dates(values: Text) -> tuple[Any, bool]:
    """Whole dates as numbers, -1 where there is none, and whether they can be read: a token only says which are the same."""
    whole = _combined(values)
    if pc.all(pc.match_substring_regex(whole, r"^\d{8}$")).as_py() is False:
        return _codes(whole), False
    return np.asarray(pc.fill_null(whole.cast(pa.int64()), -1), dtype=np.int64), True


def _codes(values: Text) -> Any:
    """A number for each different value, -1 where there is none."""
    return np.asarray(pc.fill_null(_combined(values).dictionary_encode().indices, -1), dtype=np.int64)


def _exploded(lists: Text) -> _Owned:
    whole = _written(lists)
    return _Owned(np.asarray(pc.list_parent_indices(whole), dtype=np.int64), pc.list_flatten(whole))


def _numbered(values: Text, kind: str) -> _Owned:
    flat = _combined(values)
    rows = np.flatnonzero(np.asarray(flat.is_valid()))
    return _Owned(rows, _joined(pa.array([kind] * len(rows), pa.string()), flat.take(pa.array(rows))))


def _values(identifiers: pa.Table, numbers: Text, kind: str) -> _Owned:
    """The valid identifiers of a kind that belong to the mentions with these numbers, by row."""
    found = identifiers.filter(pc.equal(identifiers["kind"], kind))
    places = pc.index_in(found["number"], value_set=_combined(numbers))
    found = found.append_column("place", places).filter(pc.is_valid(places))
    return _Owned(
        np.asarray(found["place"], dtype=np.int64),
        _joined(pa.array([kind] * found.num_rows, pa.string()), _combined(found["value"])),
    )


def _together(owned: Iterable[_Owned]) -> _Owned:
    parts = list(owned)
    row = np.concatenate([part.row for part in parts])
    value = pa.concat_arrays([_written(part.value) for part in parts]).dictionary_encode()
    order = np.asarray(pc.array_sort_indices(value.dictionary), dtype=np.int64)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    width = max(len(order), 1)
    # Sorted, since numpy's unique would hash them, which takes four times as long.
    owned_by = np.sort(row * width + rank[np.asarray(value.indices, dtype=np.int64)])
    distinct = owned_by[np.diff(owned_by, prepend=-1) > 0]
    codes, values = pa.array(distinct % width, pa.int32()), value.dictionary.take(pa.array(order))
    return _Owned(distinct // width, pa.DictionaryArray.from_arrays(codes, values))


def _small_only(owned: _Owned, largest: int) -> _Owned:
    codes = np.asarray(owned.value.indices, dtype=np.int64)
    small = np.bincount(codes, minlength=1)[codes] <= largest
    return _Owned(owned.row[small], owned.value.filter(pa.array(small)))


def _lists(owned: _Owned, rows: int) -> Any:
    """A list for each row of its values; empty (null) where it has none. `owned` is in the order of rows."""
    counts = np.bincount(owned.row, minlength=rows)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    list_array: Any = pa.ListArray
    return list_array.from_arrays(pa.array(offsets), _written(owned.value), mask=pa.array(counts == 0))


def _written(values: Text) -> Any:
    """Values as text, where they are numbered."""
    whole = _combined(values)
    return whole.dictionary.take(whole.indices) if pa.types.is_dictionary(whole.type) else whole


def _joined(*columns: Text) -> Any:
    return pc.binary_join_element_wise(*(_combined(column) for column in columns), "|")


def _combined(column: Text) -> Any:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole


def _nothing_as_null(column: Text) -> Any:
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _start(column: Text, length: int) -> Any:
    return pc.utf8_slice_codeunits(column, 0, length)
