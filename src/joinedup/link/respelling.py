"""Streets that one house alone is said to lie in, and that differ by one letter from what others say of that house.

A slip in the name of a street keeps two records of one house from sharing a home. A slip is not made twice the same way: a
spelling that stands at one house of its district alone, one letter away from another of the same number, is read as that other.
Streets that truly are called alike stand at several houses each, and stay apart.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from numpy.typing import NDArray

from joinedup.link.homes import districts, house_numbers, streets
from joinedup.link.slips import MOST_LETTERS, best_near

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Text = Any
Numbers = NDArray[np.int64]
_WORDS = {"st": "street", "rd": "road", "ave": "avenue", "cl": "close", "cres": "crescent", "ct": "court", "dr": "drive", "ln": "lane", "pl": "place", "sq": "square", "terr": "terrace"}  # fmt: skip
"""The words that an address's fold shortens, at the end of a street."""
LEAST_LETTERS = 6


def addresses(address: Text, outcode: Text) -> dict[str, Any]:
    """The columns address, street and house of records: the address with slips in its street mended, and its two parts."""
    mended = respelt(address, districts(address, outcode))
    return {"address": mended, "street": streets(mended), "house": house_numbers(mended)}


def respelt(address: Text, outcode: Text) -> Text:
    """The addresses, those whose street is spelt as at no other house of the district spelt as others spell that house's.

    >>> respelt(pa.array(["4 benny pl", "9 benny pl", "4 bennny pl", "4 denny pl", "5 denny pl"]), pa.array(["ZX1"] * 5)).to_pylist()
    ['4 benny pl', '9 benny pl', '4 benny pl', '4 denny pl', '5 denny pl']
    """
    texts = _whole(address).dictionary_encode()
    of, district = (np.asarray(pc.fill_null(one, -1), dtype=np.int64) for one in (texts.indices, _whole(outcode).dictionary_encode().indices))  # fmt: skip
    known = np.flatnonzero((of >= 0) & (district >= 0))
    width = int(district.max(initial=0)) + 1
    places, inverse, said = np.unique(of[known] * width + district[known], return_inverse=True, return_counts=True)
    written = texts.dictionary.take(pa.array(places // width))
    as_written = pc.fill_null(streets(written), "")
    street = _in_full(as_written)
    house = _codes(pc.fill_null(house_numbers(written), ""))
    letters = np.asarray(pc.binary_length(street), dtype=np.int64)
    spelling = _crossed(_codes(as_written), places % width)
    houses = np.bincount(np.unique(_crossed(spelling, house)) // (int(house.max(initial=0)) + 1), minlength=int(spelling.max(initial=0)) + 1)[spelling]  # fmt: skip
    rank = np.empty(len(places), dtype=np.int64)
    rank[np.lexsort((-_codes(written), said, houses))] = np.arange(len(places))
    long = np.flatnonzero((letters >= LEAST_LETTERS) & (letters <= MOST_LETTERS))
    better = best_near(street.take(pa.array(long)), _crossed(house, places % width)[long], rank[long])
    reads_as = np.arange(len(places))
    lone = (houses[long] == 1) & (better > rank[long])
    by_rank = np.argsort(rank)
    reads_as[long[lone]] = by_rank[better[lone]]
    while not np.array_equal(reads_as, reads_as[reads_as]):
        reads_as = reads_as[reads_as]
    found = of.copy()
    found[known] = (places // width)[reads_as[inverse]]
    return texts.dictionary.take(pa.array(found, pa.int64(), mask=found < 0))


def _in_full(street: Text) -> Text:
    """Streets with their usual words in full, and without spaces: a slip within such a word keeps it from being shortened."""
    for short, long in _WORDS.items():
        street = pc.replace_substring_regex(street, rf"\b{short}$", long)
    return pc.replace_substring(street, " ", "")


def _crossed(one: Numbers, other: Numbers) -> Numbers:
    return one * (int(other.max(initial=0)) + 1) + other


def _codes(values: Text) -> Numbers:
    """The place of each value among the different ones, in order."""
    texts = _whole(values).dictionary_encode()
    rank = np.empty(len(texts.dictionary), dtype=np.int64)
    rank[np.asarray(pc.array_sort_indices(texts.dictionary))] = np.arange(len(rank))
    found: Numbers = rank[np.asarray(texts.indices, dtype=np.int64)]
    return found


def _whole(column: Text) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
