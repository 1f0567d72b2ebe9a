"""Addresses as far as they are written: the district of one that lacks its postcode, and the numbers of a house.

An address is often given without a postcode. Left alone it would share no home with the same address in full; taken for
every street of that name it would join strangers of different towns. So the district is taken over where the inquiry's own
records know one and no other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from numpy.typing import NDArray

from joinedup.stats.distinct import distinct

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Text = Any


def districts(address: Text, outcode: Text, street: Text = None) -> Text:
    """The outcode of each address: its own, or where it has none that of its street, if the street is known in one alone.
    `street` is what streets() finds of the addresses, where that is known.

    >>> districts(pa.array(["2 mill rd", "9 mill rd", "1 high st", "4 high st", "4 high st"]), pa.array(["ZX1", None, "ZX1", "ZX2", None])).to_pylist()
    ['ZX1', 'ZX1', 'ZX1', 'ZX2', None]
    """
    return _taken_over(streets(address) if street is None else street, outcode)


def streets(address: Text) -> Text:
    """What an address says beside its numbers; empty where that is nothing.

    >>> streets(pa.array(["flat 2 14a mill st", "9", None])).to_pylist()
    ['flat mill st', None, None]
    """
    encoded = _whole(address).dictionary_encode()
    street = pc.utf8_trim_whitespace(pc.replace_substring_regex(encoded.dictionary, r"\b\d+[a-z]?\b\s*", ""))
    return pc.if_else(pc.equal(street, ""), pa.scalar(None, pa.string()), street).take(encoded.indices)


def one_district(places: Text, outcode: Text) -> Text:
    """The places whose records lie in one district or do not say; the others made empty.

    >>> one_district(pa.array(["a", "a", "b", "b"]), pa.array(["ZX1", None, "ZX1", "ZX2"])).to_pylist()
    ['a', 'a', None, None]
    """
    of, found = _codes(places), _codes(outcode)
    return pc.if_else(pa.array(_spread(of, found)[of] <= 1), places, pa.scalar(None, pa.string()))


def house_numbers(address: Text) -> Text:
    """The numbers in an address, which a slip in the name of its street does not touch; empty where it has none.

    >>> house_numbers(pa.array(["flat 2 14a mill st", "mill house", None])).to_pylist()
    ['2 14a', None, None]
    """
    encoded = _whole(address).dictionary_encode()
    kept = pc.replace_substring_regex(encoded.dictionary, r"\b[a-z][a-z0-9]*\b", "")
    kept = pc.utf8_trim_whitespace(pc.replace_substring_regex(kept, r"[^0-9a-z]+", " "))
    return pc.if_else(pc.match_substring_regex(kept, r"\d"), kept, pa.scalar(None, pa.string())).take(encoded.indices)


def _taken_over(of: Text, outcode: Text) -> Text:
    """The outcode, and where there is none the only one that others of the same street have."""
    street, found = _codes(of), _codes(outcode)
    wanted = (_spread(street, found) == 1) & (np.arange(int(street.max(initial=-1)) + 2) <= int(street.max(initial=-1)))
    known = (street >= 0) & (found >= 0)
    only = np.full(len(wanted), -1, dtype=np.int64)
    only[street[known]] = np.flatnonzero(known)
    place = np.where((found < 0) & wanted[street], only[street], np.arange(len(found)))
    return _whole(outcode).take(pa.array(place))


def _spread(places: NDArray[np.int64], found: NDArray[np.int64]) -> NDArray[np.int64]:
    """In how many districts each place is known; the last entry, for a place that is none, is 0."""
    size = int(places.max(initial=-1)) + 2
    known = (places >= 0) & (found >= 0)
    width = int(found.max(initial=0)) + 1
    return np.bincount(distinct(places[known] * width + found[known]) // width, minlength=size)


def _codes(values: Text) -> NDArray[np.int64]:
    return np.asarray(pc.fill_null(_whole(values).dictionary_encode().indices, -1), dtype=np.int64)


def _whole(column: Text) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
