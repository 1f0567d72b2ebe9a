"""Which counts to withhold beside the small ones so that none can be worked out exactly, by Gaussian elimination.

Every published count is a sum over the smallest cells there can be. A small count can be worked out from those that are
shown exactly when its sum is a combination of theirs. So the others are shown one after another, largest first, each
eliminated from what is left of the small ones; one that would leave nothing of a small count is withheld instead
(O. Langsrud, Secondary cell suppression by Gaussian elimination, in Privacy in Statistical Databases, LNCS 14915,
Springer 2024: the idea; written from it). Reckoned with whole numbers modulo a prime, so that nothing is rounded.

It guards against exact values alone. What ranges are left is for the audit to say, and for linear programs to mend.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from joinedup.stats.disclosure.tables import Cell, above

Places = npt.NDArray[np.int64]

_PRIME = 2_147_483_647
_LARGEST = 60_000_000
"""Entries of the matrix that is eliminated; larger ones are left to the linear programs alone."""


def sums_of(
    cells: Sequence[Cell], counts: npt.NDArray[np.float64], parts: Mapping[str, Mapping[str, str]]
) -> sparse.csr_array | None:
    """Each cell as the sum of the smallest combinations of all dimensions in it, those in a cell of nobody left out.

    None where there are too many of them.
    """
    categories: dict[str, set[str]] = {}
    for cell in cells:
        for name, label in cell:
            categories.setdefault(name, set()).add(label)
    names = sorted(categories)
    smallest = {}
    for name in names:
        inside = parts.get(name, {})
        larger = {whole for each in categories[name] for whole in above(each, inside)}
        smallest[name] = sorted(categories[name] - larger)
    shape = tuple(len(smallest[name]) for name in names)
    if np.prod(shape, dtype=float) * len(cells) > 20 * _LARGEST:
        return None
    within: dict[tuple[str, str], list[int]] = {}
    for name in names:
        for at, label in enumerate(smallest[name]):
            for each in (label, *above(label, parts.get(name, {}))):
                within.setdefault((name, each), []).append(at)
    number = np.arange(int(np.prod(shape))).reshape(shape)
    inside_of = []
    for cell in cells:
        chosen = dict(cell)
        index = [
            within[name, chosen[name]] if name in chosen else range(size)
            for name, size in zip(names, shape, strict=True)
        ]
        inside_of.append(number[np.ix_(*index)].ravel())
    nobody = np.zeros(number.size, dtype=bool)
    for place in np.flatnonzero(counts == 0):
        nobody[inside_of[place]] = True
    rows = np.repeat(np.arange(len(cells)), [len(each) for each in inside_of])
    columns = np.fromiter(itertools.chain.from_iterable(inside_of), dtype=np.int64, count=len(rows))
    whole = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(cells), number.size))
    return sparse.csr_array(whole[:, np.flatnonzero(~nobody)])


def withheld_beside(sums: sparse.csr_array, small: Places, others: Places) -> Places:
    """Those of `others`, in the order in which they are to be shown, that have to be withheld for the `small` ones' sake.

    Nothing where the matrix is too large to eliminate.

    >>> from scipy import sparse
    >>> row = sparse.csr_array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
    >>> withheld_beside(row, np.array([0]), np.array([3, 2, 1])).tolist()
    [1]
    """
    if (len(small) + len(others)) * sums.shape[1] > _LARGEST or not len(small):
        return np.zeros(0, dtype=np.int64)
    left = sums[np.concatenate([small, others])].toarray().astype(np.int64)
    many = len(small)
    filled = np.count_nonzero(left[:many], axis=1)
    withheld = []
    for at, cell in enumerate(others, start=many):
        along = np.flatnonzero(left[at])
        if not along.size:
            continue
        pivot = along[0]
        row = left[at, along] * pow(int(left[at, pivot]), -1, _PRIME) % _PRIME
        able = np.flatnonzero((left[:many, pivot] != 0) & (filled == along.size))
        scaled = left[able, pivot][:, None] * row % _PRIME
        if able.size and np.any(np.all(left[np.ix_(able, along)] == scaled, axis=1)):
            withheld.append(int(cell))
            continue
        touched = np.flatnonzero(left[:, pivot])
        touched = touched[(touched < many) | (touched > at)]
        for block in np.array_split(touched, max(1, touched.size * along.size // 4_000_000)):
            where = np.ix_(block, along)
            left[where] = (left[where] - left[block, pivot][:, None] * row) % _PRIME
        mended = touched[touched < many]
        filled[mended] = np.count_nonzero(left[mended], axis=1)
    return np.array(withheld, dtype=np.int64)
