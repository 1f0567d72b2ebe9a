"""From pairs to people: pairs with a probability in, a partition of the mentions out.

What must be joined is joined. Then the two most likely groups become one, again and again, each pair of mentions
speaking for or against by its log-odds: a link to one member of a group is weighed against what speaks against the
others, so that two families are not chained together through one doubtful record. No two groups are joined that hold
two different values of what a person has one of, or two mentions a person has said are different; this is tested for
whole groups, also where the two mentions in conflict were never compared.

Source: Bansal, Blum and Chawla, Correlation Clustering, Machine Learning 56 (2004); the greedy way is in contraction.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from joinedup.domain.judgements import Judgements
from joinedup.link.contraction import contract
from joinedup.stats.distinct import distinct

Numbers = NDArray[np.int64]
CERTAIN = 2.0
"""The strength of a link that must be: above any probability."""
LEAST_DOUBT = 1e-9
"""No score is surer than this: a thousand million to one, so that one pair never silences all others."""


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
        # Pairs already in order, each once, are taken as they are: sorting six million takes seconds.
        rises = (left[1:] > left[:-1]) | ((left[1:] == left[:-1]) & (right[1:] > right[:-1]))
        if rises.all():
            return cls(left, right, strength)
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
    """What one person cannot hold, and what a person has decided.

    `values` gives, for each kind of number, a code per mention (-1 for none): one person holds one value of a kind.
    `apart` are pairs of mentions that a person has said are different: they always stay apart. `together` are pairs a
    person has said are one: they are always joined, unless that would bring a pair of `apart` together.
    """

    values: Mapping[str, Numbers] = field(default_factory=dict)
    apart: tuple[tuple[int, int], ...] = ()
    together: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Clusters:
    """The group of each mention, named by its smallest mention; the conflicts met, by kind; the links left out."""

    component: Numbers
    conflicts: dict[str, int]
    """How many groups would hold a conflict were every likely link to join."""
    left_out: int
    """Likely links whose ends are two people all the same."""
    unresolved: int
    """People who hold two values of a kind, because an agency, or a decision, says they are one all the same."""


def components(edges: Edges, mentions: int) -> Numbers:
    """The connected component of each mention, named by its smallest mention.

    >>> components(Edges.of([1], [3], 0.9), 4).tolist()
    [0, 1, 2, 1]
    """
    if mentions == 0:
        return np.zeros(0, dtype=np.int64)
    graph = coo_array((np.ones(len(edges), dtype=np.int8), (edges.left, edges.right)), shape=(mentions, mentions))
    return _by_smallest(connected_components(graph, directed=False)[1].astype(np.int64))


def log_odds(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """The natural logarithm of the odds; never beyond LEAST_DOUBT.

    >>> log_odds(np.array([0.5, 0.75])).round(3).tolist()
    [0.0, 1.099]
    """
    held = np.clip(probability, LEAST_DOUBT, 1 - LEAST_DOUBT)
    return np.log(held) - np.log1p(-held)


def cluster(edges: Edges, mentions: int, constraints: Constraints, linked_at: float = 0.5) -> Clusters:
    """The people. Edges below `linked_at` speak against, edges at or above it speak for, CERTAIN edges must be.

    >>> doubtful = Edges.of([0, 1, 0], [1, 2, 2], [0.95, 0.7, 0.02])
    >>> cluster(doubtful, 3, Constraints()).component.tolist()
    [0, 0, 2]
    """
    edges = Edges.together([edges])
    must = edges.strength >= CERTAIN
    base = _must_be(edges.where(must), mentions, constraints)
    scored = edges.where(~must)
    likely = scored.where(scored.strength >= linked_at)
    people = _contracted(scored, base, constraints, linked_at)
    whole = components(Edges.together([likely, Edges.of(base, np.arange(mentions), CERTAIN)]), mentions)
    conflicts = {kind: len(_holding_two(whole, values)) for kind, values in constraints.values.items()}
    conflicts["decision"] = len({int(whole[one]) for one, other in constraints.apart if whole[one] == whole[other]})
    unresolved = {int(name) for values in constraints.values.values() for name in _holding_two(people, values)}
    left_out = int((people[likely.left] != people[likely.right]).sum())
    return Clusters(people, conflicts, left_out, len(unresolved))


def _contracted(scored: Edges, base: Numbers, constraints: Constraints, linked_at: float) -> Numbers:
    """The groups after contraction, starting from `base`, the groups that must be."""
    mentions = len(base)
    apart = np.array(constraints.apart, dtype=np.int64).reshape(-1, 2)
    limit = log_odds(np.array([linked_at]))[0]
    ends = base[np.stack([np.append(scored.left, apart[:, 0]), np.append(scored.right, apart[:, 1])])]
    weight = np.append(log_odds(scored.strength) - limit, np.full(len(apart), -np.inf))
    one, other, weight = _added_up(ends, weight, mentions)
    likely = weight >= 0
    part = components(Edges(one[likely], other[likely], weight[likely]), mentions)
    inside = np.flatnonzero(part[one] == part[other])
    inside = inside[np.argsort(part[one[inside]], kind="stable")]
    starts = np.flatnonzero(np.diff(part[one[inside]], prepend=-1, append=-1)) if len(inside) else np.zeros(0, int)
    holds = _holds(base, constraints.values)
    return _by_smallest(contract(np.stack([one, other])[:, inside], weight[inside], starts, mentions, holds)[base])


def _added_up(
    ends: Numbers, weight: NDArray[np.float64], mentions: int
) -> tuple[Numbers, Numbers, NDArray[np.float64]]:
    """Each pair of groups once, in order, with the sum of its weights; pairs within one group are gone."""
    between = ends[0] != ends[1]
    pair = np.minimum(ends[0], ends[1])[between] * mentions + np.maximum(ends[0], ends[1])[between]
    order = np.argsort(pair, kind="stable")
    pair, weight = pair[order], weight[between][order]
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    total = np.add.reduceat(weight, first) if len(first) else weight
    return pair[first] // max(mentions, 1), pair[first] % max(mentions, 1), total


def _holds(base: Numbers, values: Mapping[str, Numbers]) -> tuple[Numbers, Numbers, Numbers]:
    """Group, kind and value of every value held, each once; no two kinds share a number."""
    none = np.zeros(0, dtype=np.int64)
    columns, offset = [(none, none, none)], 0
    for kind, name in enumerate(sorted(values)):
        held = np.flatnonzero(values[name] >= 0)
        width = int(values[name].max(initial=0)) + 1
        pairs = distinct(base[held] * width + values[name][held])
        columns.append((pairs // width, np.full(len(pairs), kind, dtype=np.int64), pairs % width + offset))
        offset += width
    group, kinds, codes = (np.concatenate(part) for part in zip(*columns, strict=True))
    return group, kinds, codes


def _must_be(certain: Edges, mentions: int, constraints: Constraints) -> Numbers:
    """The groups that must be: decisions first, then what agencies say, as far as no two mentions kept apart meet."""
    decided = Edges.of([one for one, _ in constraints.together], [other for _, other in constraints.together], CERTAIN)
    whole = components(Edges.together([decided, certain]), mentions)
    meeting = [whole[one] for one, other in constraints.apart if whole[one] == whole[other]]
    if not meeting:
        return whole
    broken = np.isin(whole, np.array(meeting, dtype=np.int64))
    groups = Judgements[int]()
    groups.keep_apart(constraints.apart)
    for edges in (decided, certain):
        touched = edges.where(broken[edges.left])
        for one, other in zip(touched.left.tolist(), touched.right.tolist(), strict=True):
            groups.join(one, other)
    mended = whole.copy()
    for mention in np.flatnonzero(broken).tolist():
        mended[mention] = groups.group(mention)
    return _by_smallest(mended)


def _by_smallest(names: Numbers) -> Numbers:
    """The same groups, each named by its smallest mention."""
    _, first, inverse = np.unique(names, return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)


def _holding_two(component: Numbers, values: Numbers) -> Numbers:
    """The components that hold two different values."""
    held = values >= 0
    width = int(values.max(initial=0)) + 1
    names = distinct(component[held] * width + values[held]) // width  # each as often as it holds different values
    return distinct(names[1:][names[1:] == names[:-1]])
