"""All hierarchical models over a few lists: their terms, their names, and which contains which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MOST_LISTS_ALL = 5
"""Lists to which all hierarchical models are tried; there are 6,893 of them at five."""
MOST_LISTS_PAIRS = 6
"""Lists to which all models of pairs are tried; there are 32,768 of them at six."""

Term = int
Model = tuple[Term, ...]


class Arrays(NamedTuple):
    """A lattice as the compiled search reads it.

    `terms`: one row a model, its terms first; `sizes`: how many of them. `children_from`, `children`: the models one term
    smaller than model m are children[children_from[m]:children_from[m + 1]]. `anchors`: the largest models that lack one or
    two pairs of lists, whose fit bounds that of all others that lack them.
    """

    terms: NDArray[np.int64]
    sizes: NDArray[np.int64]
    children_from: NDArray[np.int64]
    children: NDArray[np.int64]
    anchors: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """Hierarchical models over some lists, each with every list alone as a term, none with all lists as a term.

    `models`: one 64-bit number a model, bit t set when term t is in it; larger models first, ties by number.
    """

    lists: int
    order: int
    models: NDArray[np.uint64]
    arrays: Arrays

    def model(self, place: int) -> Model:
        """The terms of one model, smaller terms first."""
        return terms_of(int(self.models[place]), self.lists)


def by_size(terms: Sequence[Term]) -> Model:
    """The terms with the smaller first, ties by the order of the lists."""
    return tuple(sorted(terms, key=lambda term: (term.bit_count(), term)))


def terms_of(model: int, lists: int) -> Model:
    """The terms of a model written as one number."""
    return by_size([term for term in range(1 << lists) if model >> term & 1])


def main_effects(lists: int) -> Model:
    """The model of independence: the empty term and each list alone."""
    return (0, *(1 << place for place in range(lists)))


def closed(terms: Sequence[Term], lists: int) -> Model:
    """The smallest hierarchical model with these terms and every list alone.

    >>> closed([0b111], 3)
    (0, 1, 2, 4, 3, 5, 6, 7)
    """
    found = set(main_effects(lists))
    for term in terms:
        part = term
        while part:
            found.add(part)
            part = (part - 1) & term
    return by_size(list(found))


def name(model: Sequence[Term], lists: Sequence[str]) -> str:
    """The model by its largest terms, as is usual: each in brackets, its lists joined by a star.

    >>> name((0, 1, 2, 4, 3), ("police", "care", "school"))
    '[police*care] [school]'
    """
    largest = [term for term in model if term and not any(term != other and term & other == term for other in model)]
    names = [[lists[place] for place in range(len(lists)) if term >> place & 1] for term in largest]
    return " ".join(f"[{'*'.join(each)}]" for each in sorted(names, key=lambda each: (-len(each), each)))


@lru_cache(maxsize=8)
def lattice(lists: int, order: int) -> Lattice:
    """All hierarchical models over `lists` lists whose terms hold at most `order` of them.

    Raises ValueError where there are too many to try: more than five lists, or six with terms of more than two.

    >>> [lattice(lists, lists - 1).models.size for lists in (3, 4, 5)], lattice(6, 2).models.size
    ([8, 113, 6893], 32768)
    """
    order = min(order, lists - 1)
    if order < 1 or lists > MOST_LISTS_PAIRS or (lists == MOST_LISTS_PAIRS and order > 2):
        raise ValueError(f"all models over {lists} lists with terms of up to {order} lists are not tried")
    models = np.array(sorted(_all_models(lists, order), key=lambda each: (-each.bit_count(), each)), dtype=np.uint64)
    sizes = np.bitwise_count(models).astype(np.int64)
    terms = np.zeros((models.size, int(sizes[0])), np.int64)
    filled = np.zeros(models.size, np.int64)
    for term in by_size(range(1 << lists)):
        holders = np.flatnonzero(models >> np.uint64(term) & np.uint64(1))
        terms[holders, filled[holders]] = term
        filled[holders] += 1
    starts, children = _children(models, lists, order)
    return Lattice(
        lists, order, models, Arrays(terms, sizes, starts, children, _anchors(models.tolist(), lists, order))
    )


def _anchors(models: list[int], lists: int, order: int) -> NDArray[np.int64]:
    place = {model: at for at, model in enumerate(models)}
    pairs = [1 << one | 1 << other for one, other in combinations(range(lists), 2)]
    allowed = [term for term in range(1 << lists) if term.bit_count() <= order]
    found = []
    for left_out in [*combinations(pairs, 1), *combinations(pairs, 2)]:
        model = sum(1 << term for term in allowed if not any(term & pair == pair for pair in left_out))
        found.append(place[model])
    return np.array(found, dtype=np.int64)


def _all_models(lists: int, order: int) -> list[int]:
    """Every model as a number, grown one size of term at a time: a term may enter when all terms just below it are in."""
    found = [sum(1 << term for term in main_effects(lists))]
    for size in range(2, order + 1):
        terms = [sum(1 << place for place in each) for each in combinations(range(lists), size)]
        below = [sum(1 << (term ^ (1 << place)) for place in range(lists) if term >> place & 1) for term in terms]
        grown = []
        for model in found:
            grown.append(model)
            first = len(grown) - 1
            for term, needs in zip(terms, below, strict=True):
                if model & needs == needs:
                    grown += [each | 1 << term for each in grown[first:]]
        found = grown
    return found


def _children(models: NDArray[np.uint64], lists: int, order: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    ascending = np.argsort(models)
    in_order = models[ascending]
    parents, children = [], []
    for term in (each for each in range(1 << lists) if 2 <= each.bit_count() <= order):
        bit = np.uint64(1 << term)
        holders = np.flatnonzero(models & bit)
        smaller = models[holders] ^ bit
        at = np.minimum(np.searchsorted(in_order, smaller), models.size - 1)
        is_model = in_order[at] == smaller
        parents.append(holders[is_model])
        children.append(ascending[at[is_model]])
    parent = np.concatenate([np.empty(0, np.int64), *parents])
    child = np.concatenate([np.empty(0, np.int64), *children])
    place = np.lexsort((child, parent))
    counts = np.bincount(parent, minlength=models.size)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), child[place].astype(np.int64)
