"""From pairs to people: what must be joined is joined, connected components are found, and conflicts are taken apart.

A component that holds two different valid NHS or pupil numbers, or two mentions a person has said are different, is put
together again from its strongest link down, leaving out every link that would bring a conflict in: the weakest links go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Numbers = NDArray[np.int64]
CERTAIN = 2.0
"""The strength of a link that must be: above any probability."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Links between mentions, by number (left < right), and how strong each is: a probability, or CERTAIN."""

    left: Numbers
    right: Numbers
    strength: NDArray[np.float64]

    @classmethod
    def of(cls, left: Any, right: Any, strength: Any) -> Edges:
        """From any columns of numbers; each pair is put in rising order."""
        one, other = np.asarray(left, dtype=np.int64), np.asarray(right, dtype=np.int64)
        given = np.broadcast_to(np.asarray(strength, dtype=np.float64), one.shape)
        return cls(np.minimum(one, other), np.maximum(one, other), given)

    @classmethod
    def together(cls, parts: Iterable[Edges]) -> Edges:
        """All of them; where a pair stands several times, its strongest."""
        given = list(parts)
        left = np.concatenate([part.left for part in given])
        right = np.concatenate([part.right for part in given])
        strength = np.concatenate([part.strength for part in given])
        order = np.lexsort((-strength, right, left))
        left, right, strength = left[order], right[order], strength[order]
        first = np.ones(len(left), dtype=bool)
        first[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
        return cls(left[first], right[first], strength[first])

    def where(self, chosen: NDArray[np.bool_]) -> Edges:
        """Only the chosen ones."""
        return Edges(self.left[chosen], self.right[chosen], self.strength[chosen])

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True, slots=True)
class Constraints:
    """What one person cannot hold.

    `values` gives, for each kind of number, a code per mention (-1 for none): one person holds one value of a kind.
    `apart` are pairs of mentions that a person has said are different.
    """

    values: Mapping[str, Numbers] = field(default_factory=dict)
    apart: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Clusters:
    """The component of each mention; the components that held a conflict, by kind; the links left out to mend them."""

    component: Numbers
    conflicts: dict[str, int]
    left_out: int
    unresolved: int
    """Components whose conflict stands: an agency, or a decision, says it is one person all the same."""


def components(edges: Edges, mentions: int) -> Numbers:
    """The connected component of each mention, named by its smallest mention.

    >>> components(Edges.of([1], [3], 0.9), 4).tolist()
    [0, 1, 2, 1]
    """
    if mentions == 0:
        return np.zeros(0, dtype=np.int64)
    graph = coo_array((np.ones(len(edges), dtype=np.int8), (edges.left, edges.right)), shape=(mentions, mentions))
    labels = connected_components(graph, directed=False)[1]
    smallest = np.full(int(labels.max()) + 1, mentions, dtype=np.int64)
    np.minimum.at(smallest, labels, np.arange(mentions, dtype=np.int64))
    return smallest[labels]


def cluster(edges: Edges, mentions: int, constraints: Constraints) -> Clusters:
    """The components of the edges, with every conflict that is not certain taken apart."""
    whole = components(edges, mentions)
    by_kind = {kind: _holding_two(whole, values) for kind, values in constraints.values.items()}
    apart = {int(whole[one]) for one, other in constraints.apart if whole[one] == whole[other]}
    conflicts = {kind: len(found) for kind, found in by_kind.items()} | {"decision": len(apart)}
    broken = np.array(sorted({*apart, *(int(name) for found in by_kind.values() for name in found)}), dtype=np.int64)
    if not len(broken):
        return Clusters(whole, conflicts, 0, 0)
    inside = np.isin(whole[edges.left], broken)
    kept = _without_conflict(edges.where(inside), constraints)
    mended = components(Edges.together([edges.where(~inside), edges.where(inside).where(kept)]), mentions)
    unresolved = {int(name) for values in constraints.values.values() for name in _holding_two(mended, values)}
    unresolved |= {int(mended[one]) for one, other in constraints.apart if mended[one] == mended[other]}
    return Clusters(mended, conflicts, int((~kept).sum()), len(unresolved))


def _holding_two(component: Numbers, values: Numbers) -> Numbers:
    """The components that hold two different values."""
    held = values >= 0
    pairs = np.unique(np.stack([component[held], values[held]], axis=1), axis=0)
    names, counts = np.unique(pairs[:, 0], return_counts=True)
    return names[counts > 1]


def _without_conflict(edges: Edges, constraints: Constraints) -> NDArray[np.bool_]:
    """Which edges to keep, taken from the strongest down; ties go to the smaller mention numbers."""
    forest = _Forest(constraints)
    kept = np.zeros(len(edges), dtype=bool)
    for place in np.lexsort((edges.right, edges.left, -edges.strength)):
        certain = edges.strength[place] >= CERTAIN
        kept[place] = forest.join(int(edges.left[place]), int(edges.right[place]), certain=bool(certain))
    return kept


class _Forest:
    """Sets of mentions that grow by joining; no join brings a conflict into a set unless it is certain."""

    def __init__(self, constraints: Constraints) -> None:
        self._above: dict[int, int] = {}
        self._values = constraints.values
        self._held: dict[int, set[tuple[str, int]]] = {}
        self._apart: dict[int, list[tuple[int, int]]] = {}
        for pair in constraints.apart:
            for mention in pair:
                self._apart.setdefault(mention, []).append(pair)

    def root(self, mention: int) -> int:
        while (above := self._above.get(mention, mention)) != mention:
            self._above[mention] = self._above.get(above, above)
            mention = above
        return mention

    def join(self, one: int, other: int, *, certain: bool) -> bool:
        left, right = self.root(one), self.root(other)
        if left == right:
            return True
        if not certain and self._conflict(left, right):
            return False
        self._above[right] = left
        self._held[left] = self._of(left) | self._of(right)
        self._apart[left] = self._apart.get(left, []) + self._apart.pop(right, [])
        return True

    def _of(self, root: int) -> set[tuple[str, int]]:
        if root not in self._held:
            held = ((kind, int(values[root])) for kind, values in self._values.items())
            self._held[root] = {(kind, value) for kind, value in held if value >= 0}
        return self._held[root]

    def _conflict(self, left: int, right: int) -> bool:
        ours, theirs = self._of(left), self._of(right)
        for kind in {kind for kind, _ in ours} & {kind for kind, _ in theirs}:
            mine, other = ({value for which, value in held if which == kind} for held in (ours, theirs))
            if len(mine | other) > max(len(mine), len(other)):
                return True
        pairs = self._apart.get(left, []) + self._apart.get(right, [])
        return any({self.root(one), self.root(other)} == {left, right} for one, other in pairs)
