"""Words that are one slip apart: the same once one letter is left out of either or of both.

That holds of words of which one has a letter too many, another letter, two letters changed over, or a letter elsewhere. All
such words are found by sorting, without holding every word against every other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute
from numpy.typing import NDArray

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Text = Any
Numbers = NDArray[np.int64]
Hashes = NDArray[np.uint64]
MOST_LETTERS = 48
_STEP = np.uint64(0x9E3779B97F4A7C15)
"""An odd number, whose powers tell the places of letters apart in a sum of 64 bits."""
_GROUPS = np.uint64(0xD6E8FEB86659FD93)


def best_near(words: Text, group: Numbers, rank: Numbers) -> Numbers:
    """For each word its own rank, or the highest of those of its group that are one slip away.

    >>> best_near(pa.array(["benny", "bennny", "penny"]), np.array([1, 1, 2]), np.array([7, 3, 9])).tolist()
    [7, 7, 9]
    """
    if not len(rank):
        return rank
    hashes, owner = _keys(words, group)
    start = _starts(hashes)
    best = np.maximum.reduceat(rank[owner], start)
    found = rank.copy()
    np.maximum.at(found, owner, np.repeat(best, np.diff([*start, len(hashes)])))
    return found


def near_pairs(one: Text, other: Text) -> tuple[Numbers, Numbers]:
    """The places of a word of the one and a word of the other that are one slip apart or the same, each pair once.

    >>> near_pairs(pa.array(["amina", "omar"]), pa.array(["khan", "aminah", "omra"]))
    (array([0, 1]), array([1, 2]))
    """
    if not len(one) or not len(other):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    words = pa.concat_arrays([one, other])
    hashes, owner = _keys(words, np.zeros(len(words), dtype=np.int64))
    first = owner < len(one)
    mine, theirs = hashes[first], hashes[~first]
    low, high = np.searchsorted(theirs, mine, "left"), np.searchsorted(theirs, mine, "right")
    many = high - low
    step = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    left, right = np.repeat(owner[first], many), owner[~first][np.repeat(low, many) + step] - len(one)
    width = max(len(other), 1)
    pairs = np.unique(left * width + right)
    return pairs // width, pairs % width


def _keys(words: Text, group: Numbers) -> tuple[Hashes, Numbers]:
    """The hashes of each word whole and with one letter left out, in order, and whose each is."""
    texts = words.dictionary_encode()  # what stands several times is taken apart once
    longest = max(pc.max(pc.binary_length(texts.dictionary)).as_py() or 0, 2)
    letters = np.array(texts.dictionary.to_pylist(), dtype=f"S{longest}")
    hashes, held = _without_a_letter(letters.view(np.uint8).reshape(len(letters), -1))
    of = np.asarray(texts.indices, dtype=np.int64)
    hashes, held = hashes[of] ^ (group.astype(np.uint64) * _GROUPS)[:, None], held[of]
    owner = np.repeat(np.arange(len(words)), held.sum(axis=1))
    flat = hashes[held]
    order = np.argsort(flat, kind="stable")
    return flat[order], owner[order]


def _without_a_letter(letters: NDArray[np.uint8]) -> tuple[Hashes, NDArray[np.bool_]]:
    """The hash of each word whole, then without its first letter, its second ...; and which of these it has."""
    powers = np.cumprod(np.full(letters.shape[1], _STEP, dtype=np.uint64))
    worth = letters.astype(np.uint64)
    whole = np.cumsum(worth * powers, axis=1)
    moved_up = np.cumsum(worth[:, 1:] * powers[:-1], axis=1)
    none = np.zeros((len(letters), 1), dtype=np.uint64)
    before = np.concatenate([none, whole[:, :-1]], axis=1)
    after = moved_up[:, -1:] - np.concatenate([none, moved_up], axis=1)
    held = np.concatenate([np.ones((len(letters), 1), dtype=bool), letters > 0], axis=1)
    return np.concatenate([whole[:, -1:], before + after], axis=1), held


def _starts(values: Hashes) -> Numbers:
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
