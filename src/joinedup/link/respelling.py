"""Streets that one house alone is said to lie in, and that differ by one letter from what others say of that house.

A slip in the name of a street keeps two records of one house from sharing a home. A slip is not made twice the same way: a
spelling that stands at one house of its district alone, one letter away from another of the same number, is read as that other.
Streets that truly are called alike stand at several houses each, and stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from numpy.typing import NDArray

from joinedup.link.homes import districts, house_numbers, streets
from joinedup.link.slips import MOST_LETTERS, best_near
from joinedup.stats.distinct import distinct

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Text = Any
Numbers = NDArray[np.int64]
_WORDS = {"st": "street", "rd": "road", "ave": "avenue", "cl": "close", "cres": "crescent", "ct": "court", "dr": "drive", "ln": "lane", "pl": "place", "sq": "square", "terr": "terrace"}  # fmt: skip
"""The words that an address's fold shortens, at the end of a street."""
LEAST_LETTERS = 6


def addresses(address: Text, outcode: Text) -> dict[str, Any]:
    """The columns address, street and house of records: the address with its street in full, without spaces and with slips
    mended, and its two parts.

    >>> addresses(pa.array(["2 mill crescent", "2 millcres", "2 mill cres"]), pa.array(["ZX1"] * 3))["street"].to_pylist()
    ['millcrescent', 'millcres', 'millcrescent']
    """
    given = _whole(address).dictionary_encode()
    said = house_numbers(given.dictionary), _in_full(streets(given.dictionary))
    written = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*(pc.fill_null(part, "") for part in said), " "))
    texts = (
        pc.if_else(pc.equal(written, ""), pa.scalar(None, pa.string()), written).take(given.indices).dictionary_encode()
    )
    parts = streets(texts.dictionary), house_numbers(texts.dictionary)
    district = districts(address, outcode, parts[0].take(texts.indices))
    found = _respelt(texts, parts, district)
    return {
        name: of.take(found)
        for name, of in zip(("address", "street", "house"), (texts.dictionary, *parts), strict=True)
    }


def respelt(address: Text, outcode: Text) -> Text:
    """The addresses, those whose street is spelt as at no other house of the district spelt as others spell that house's.

    >>> respelt(pa.array(["4 benny pl", "9 benny pl", "4 bennny pl", "4 denny pl", "5 denny pl"]), pa.array(["ZX1"] * 5)).to_pylist()
    ['4 benny pl', '9 benny pl', '4 benny pl', '4 denny pl', '5 denny pl']
    """
    texts = _whole(address).dictionary_encode()
    return texts.dictionary.take(_respelt(texts, (streets(texts.dictionary), house_numbers(texts.dictionary)), outcode))


def _respelt(texts: Any, parts: tuple[Text, Text], outcode: Text) -> Any:
    """The place among the different addresses that each is read as; `parts` are their streets and houses."""
    of, district = (np.asarray(pc.fill_null(one, -1), dtype=np.int64) for one in (texts.indices, _whole(outcode).dictionary_encode().indices))  # fmt: skip
    known = np.flatnonzero((of >= 0) & (district >= 0))
    width = int(district.max(initial=0)) + 1
    places, inverse, said = np.unique(of[known] * width + district[known], return_inverse=True, return_counts=True)
    # By place, the number of what its address says of street and house; the words themselves are far fewer.
    written, as_written, house = (_numbered(part, places // width) for part in (texts.dictionary, *parts))
    street = _in_full(as_written.words)
    letters = np.asarray(pc.binary_length(street), dtype=np.int64)[as_written.of]
    spelling = _crossed(as_written.of, places % width)
    houses = np.bincount(distinct(_crossed(spelling, house.of)) // (int(house.of.max(initial=0)) + 1), minlength=int(spelling.max(initial=0)) + 1)[spelling]  # fmt: skip
    rank = np.empty(len(places), dtype=np.int64)
    rank[np.lexsort((-written.of, said, houses))] = np.arange(len(places))
    at_house = _crossed(house.of, places % width)
    long = np.flatnonzero((letters >= LEAST_LETTERS) & (letters <= MOST_LETTERS))
    long = long[_some_lone(at_house[long], houses[long] == 1)]
    better = best_near(street.take(pa.array(as_written.of[long])), at_house[long], rank[long])
    reads_as = np.arange(len(places))
    lone = (houses[long] == 1) & (better > rank[long])
    by_rank = np.argsort(rank)
    reads_as[long[lone]] = by_rank[better[lone]]
    while not np.array_equal(reads_as, reads_as[reads_as]):
        reads_as = reads_as[reads_as]
    found = of.copy()
    found[known] = (places // width)[reads_as[inverse]]
    return pa.array(found, pa.int64(), mask=found < 0)


@dataclass(frozen=True, slots=True)
class _Numbered:
    """The different words, in order, and by row the number of its own."""

    words: Text
    of: Numbers


def _numbered(values: Text, rows: Numbers) -> _Numbered:
    """The rows' words; one that is not there is the empty word."""
    texts = pc.fill_null(_whole(values), "").dictionary_encode()
    order = np.asarray(pc.array_sort_indices(texts.dictionary), dtype=np.int64)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return _Numbered(texts.dictionary.take(pa.array(order)), rank[np.asarray(texts.indices, dtype=np.int64)[rows]])


def _in_full(street: Text) -> Text:
    """Streets with their usual words in full, and without spaces: a slip within such a word keeps it from being shortened."""
    for short, long in _WORDS.items():
        street = pc.replace_substring_regex(street, rf"\b{short}$", long)
    return pc.replace_substring(street, " ", "")


def _some_lone(group: Numbers, lone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows are of a group of several of which one at least is lone: of no other is any row read as another."""
    _, of, several = np.unique(group, return_inverse=True, return_counts=True)
    found: NDArray[np.bool_] = ((several > 1) & (np.bincount(of, weights=lone, minlength=len(several)) > 0))[of]
    return found


def _crossed(one: Numbers, other: Numbers) -> Numbers:
    return one * (int(other.max(initial=0)) + 1) + other


def _whole(column: Text) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
