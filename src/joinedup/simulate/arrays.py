"""Columns of text as NumPy object arrays (None where there is nothing), and the few operations everything uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

Texts: TypeAlias = np.ndarray[Any, np.dtype[np.object_]]
"""One text or None a row."""


def nothing(length: int) -> Texts:
    """A column with no value in any row."""
    return np.full(length, None, dtype=object)


def same(value: str, length: int) -> Texts:
    """A column with one value in every row."""
    return np.full(length, value, dtype=object)


def pick(values: Sequence[str | None], index: np.ndarray) -> Texts:
    """The value each index points at.

    >>> pick(["a", None], np.array([1, 0])).tolist()
    [None, 'a']
    """
    table = np.empty(len(values), dtype=object)
    table[:] = list(values)
    return np.asarray(table[index], dtype=object)


def apply(function: Callable[[str], str | None], values: Texts, mask: np.ndarray) -> Texts:
    """The column with the function applied to the non-empty values the mask marks."""
    changed = values.copy()
    for position in np.flatnonzero(mask):
        if values[position] is not None:
            changed[position] = function(values[position])
    return changed


def blank(values: Texts, mask: np.ndarray) -> Texts:
    """The column with nothing where the mask is true."""
    return either(mask, None, values)


def choose(rng: np.random.Generator, values: Sequence[str | None], shares: Sequence[float], length: int) -> Texts:
    """A column drawn from values with the given shares (which need not add to one)."""
    chances = np.cumsum(np.array(shares, dtype=float))
    return pick(values, np.searchsorted(chances / chances[-1], rng.random(length), side="right"))


def labels(prefix: str, numbers: np.ndarray, width: int = 6) -> Texts:
    """References such as MP-000123.

    >>> labels("MP-", np.array([123])).tolist()
    ['MP-000123']
    """
    return np.array([f"{prefix}{number:0{width}d}" for number in numbers.tolist()], dtype=object)


def local_ids(prefix: str, agency: np.ndarray, person: np.ndarray) -> Texts:
    """An agency's own ids of people: one person, one id within an agency, and nothing in common between two.

    >>> len(set(local_ids("N", np.array([0, 1]), np.array([5, 5])).tolist()))
    2
    """
    numbers = (person.astype(np.int64) * 48_271 + agency.astype(np.int64) * 1_047_129 + 77_003) % 9_999_991
    return labels(prefix, numbers, 7)


def held(values: Texts) -> np.ndarray:
    """Which rows hold a value.

    >>> held(np.array(["a", None], dtype=object)).tolist()
    [True, False]
    """
    return np.array([value is not None for value in values.tolist()], dtype=bool)


def either(mask: np.ndarray, one: Texts | str | None, other: Texts | str | None) -> Texts:
    """A column with `one` where the mask is true and `other` elsewhere.

    >>> either(np.array([True, False]), "a", None).tolist()
    ['a', None]
    """
    column = nothing(len(mask))
    inverse = ~mask
    column[mask] = one[mask] if isinstance(one, np.ndarray) else one
    column[inverse] = other[inverse] if isinstance(other, np.ndarray) else other
    return column


def words(text: str) -> list[str]:
    """The words of a list written as one text.

    >>> words("Ash Oak")
    ['Ash', 'Oak']
    """
    return text.split()
