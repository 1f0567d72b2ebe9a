"""The chance that two people share enough, when it is not certain that each record is of the person it is linked to."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from joinedup.groups.incidence import Chances


def two_or_more(items: sparse.csr_matrix) -> Chances:
    """Of each row the chance that two or more of its entries hold, each entry being a chance (Poisson-binomial).

    Entries are taken as independent of one another. Exact: the distribution is built up entry by entry.
    Source: Y. H. Wang (1993), On the number of successes in independent trials, Statistica Sinica 3, 295-312.

    >>> two_or_more(sparse.csr_matrix([[0.5, 0.5, 0.0], [1.0, 0.8, 0.0], [0.9, 0.0, 0.0]])).tolist()
    [0.25, 0.8, 0.0]
    """
    none, one = np.ones(items.shape[0]), np.zeros(items.shape[0])
    number = np.diff(items.indptr)
    rows = np.arange(items.shape[0])
    for place in range(int(number.max(initial=0))):
        rows = rows[number[rows] > place]
        chance = items.data[items.indptr[rows] + place]
        one[rows] = one[rows] * (1 - chance) + none[rows] * chance
        none[rows] *= 1 - chance
    found: Chances = np.round(np.clip(1 - none - one, 0.0, 1.0), 12).astype(np.float64)
    return found


def one_or_more(items: sparse.csr_matrix) -> Chances:
    """Of each row the chance that one or more of its entries hold, taken as independent.

    >>> one_or_more(sparse.csr_matrix([[0.5, 0.5], [1.0, 0.3], [0.0, 0.0]])).tolist()
    [0.75, 1.0, 0.0]
    """
    none = np.ones(items.shape[0])
    number = np.diff(items.indptr)
    rows = np.arange(items.shape[0])
    for place in range(int(number.max(initial=0))):
        rows = rows[number[rows] > place]
        none[rows] *= 1 - items.data[items.indptr[rows] + place]
    found: Chances = np.round(1 - none, 12)
    return found
