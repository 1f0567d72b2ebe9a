"""Greedy additive edge contraction, compiled: the two most likely groups become one, until no two groups are likely.

Each edge carries a weight, positive where it speaks for one person. The heaviest edge is contracted; edges that then run
between the same two groups are added up; and so on until no weight is left at or above nothing. Two groups that hold
different values of a kind of which a person has one are never joined, whether or not the mentions that hold them were
ever compared. Ties go to the edge that comes first.

Source: Keuper and others, Efficient Decomposition of Image and Mesh Graphs by Lifted Multicuts, ICCV 2015, algorithm 1.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
_SPREAD = -7046029254386353131  # the golden ratio in 64 bits: it scatters neighbouring keys over the table


class Graph(NamedTuple):
    """The edges and, for each node, a chain of its halves: edge e has the halves 2e and 2e + 1, one at each end."""

    ends: Numbers  # (2, edges)
    weight: NDArray[np.float64]
    alive: NDArray[np.bool_]
    following: Numbers  # the next half in its node's chain, -1 at the end
    first: Numbers  # the first half of each node
    degree: Numbers


class Held(NamedTuple):
    """The values each node holds, as chains of items; a value belongs to one kind."""

    value: Numbers
    kind: Numbers
    following: Numbers
    first: Numbers  # by node, -1 for none
    last: Numbers
    stamps: Numbers  # (4, kinds or values): who was last seen with it; the fourth row's first place is the clock


class Table(NamedTuple):
    """Which edge runs between two nodes: open addressing, as large as the part of the graph in hand needs."""

    key: Numbers
    edge: Numbers


def _jit(function: Callable[..., Any]) -> Any:
    """The function compiled, and kept on disk where that can be."""
    try:
        return numba.njit(cache=True)(function)
    except RuntimeError:  # no folder to keep it in: it is compiled anew in each process
        return numba.njit(function)


def _differ(held: Held, one: int, other: int) -> bool:
    """Whether each holds a value of one kind that the other does not hold."""
    stamps = held.stamps
    stamps[3, 0] += 1
    now = stamps[3, 0]
    item = held.first[one]
    while item != -1:
        stamps[0, held.kind[item]] = now
        stamps[1, held.value[item]] = now
        item = held.following[item]
    differs = False
    item = held.first[other]
    while item != -1:
        kind = held.kind[item]
        if stamps[0, kind] == now and stamps[1, held.value[item]] != now:
            stamps[0, kind] = -now
            differs = True
        stamps[2, held.value[item]] = now
        item = held.following[item]
    if not differs:
        return False
    item = held.first[one]
    while item != -1:
        if stamps[0, held.kind[item]] == -now and stamps[2, held.value[item]] != now:
            return True
        item = held.following[item]
    return False


def _pour(held: Held, keep: int, gone: int) -> None:
    """The kept node holds what the other held, too."""
    if held.first[gone] == -1:
        return
    if held.first[keep] == -1:
        held.first[keep] = held.first[gone]
    else:
        held.following[held.last[keep]] = held.first[gone]
    held.last[keep] = held.last[gone]


def _slot(table: Table, mask: int, key: int) -> int:
    """Where the key stands in the table, or the free place where it would."""
    scattered = key * _SPREAD
    place = (scattered ^ (scattered >> 32)) & mask
    while table.key[place] != -1 and table.key[place] != key:
        place = (place + 1) & mask
    return place


def _key(nodes: int, one: int, other: int) -> int:
    return one * nodes + other if one < other else other * nodes + one


def _fill(graph: Graph, table: Table, begin: int, end: int, mask: int) -> int:
    """Writes the table anew from the edges that are left; how many that are."""
    table.key[: mask + 1] = -1
    used = 0
    for edge in range(begin, end):
        if graph.alive[edge]:
            place = slot(table, mask, key_of(len(graph.first), graph.ends[0, edge], graph.ends[1, edge]))
            table.key[place] = key_of(len(graph.first), graph.ends[0, edge], graph.ends[1, edge])
            table.edge[place] = edge
            used += 1
    return used


def _move(graph: Graph, table: Table, heap: Any, nodes: tuple[int, int], mask: int) -> int:
    """Hands the edges of the node that goes to the one that stays, adding up those that meet; how many keys are new."""
    keep, gone = nodes
    added = 0
    half = graph.first[gone]
    while half != -1:
        after, edge, side = graph.following[half], half >> 1, half & 1
        if graph.alive[edge]:
            other = graph.ends[1 - side, edge]
            key = key_of(len(graph.first), keep, other)
            place = slot(table, mask, key)
            stays = edge
            if table.key[place] == key:
                met = table.edge[place]
                stays, goes = min(edge, met), max(edge, met)
                graph.weight[stays] = graph.weight[edge] + graph.weight[met]
                graph.alive[goes] = False
                graph.degree[other] -= 1
                if graph.weight[stays] >= 0:
                    heappush(heap, (-graph.weight[stays], stays))
                if stays == edge:
                    graph.degree[keep] -= 1
            else:
                table.key[place] = key
                added += 1
            table.edge[place] = stays
            if stays == edge:
                graph.ends[side, edge] = keep
                graph.following[half] = graph.first[keep]
                graph.first[keep] = half
                graph.degree[keep] += 1
        half = after
    return added


def _chain(graph: Graph, begin: int, end: int) -> None:
    for half in range(2 * begin, 2 * end):
        node = graph.ends[half & 1, half >> 1]
        graph.following[half] = graph.first[node]
        graph.first[node] = half
        graph.degree[node] += 1


def _contract(graph: Graph, held: Held, table: Table, spans: Numbers, above: Numbers) -> None:
    """Contracts each span of edges (one connected part of the graph), writing into `above` what each node went into."""
    for part in range(len(spans) - 1):
        begin, end = spans[part], spans[part + 1]
        mask = 3
        while mask + 1 < 2 * (end - begin):
            mask = 2 * mask + 1
        chain(graph, begin, end)
        used = fill(graph, table, begin, end, mask)
        heap = [(-graph.weight[edge], edge) for edge in range(begin, end) if graph.weight[edge] >= 0]
        heapify(heap)
        while len(heap) > 0:
            negative, edge = heappop(heap)
            if not graph.alive[edge] or graph.weight[edge] != -negative:
                continue
            keep, gone = graph.ends[0, edge], graph.ends[1, edge]
            if differ(held, keep, gone):
                graph.weight[edge] = -np.inf
                continue
            if (graph.degree[keep], -keep) < (graph.degree[gone], -gone):
                keep, gone = gone, keep
            graph.alive[edge] = False
            graph.degree[keep] -= 1
            above[gone] = keep
            pour(held, keep, gone)
            if 4 * (used + graph.degree[gone]) > 3 * (mask + 1):
                used = fill(graph, table, begin, end, mask)
            used += move(graph, table, heap, (keep, gone), mask)


def _settle(above: Numbers) -> None:
    """Points every node at the one it ended in."""
    for node in range(len(above)):
        top = node
        while above[top] != top:
            top = above[top]
        step = node
        while above[step] != top:
            above[step], step = top, above[step]


key_of, slot, differ, pour, chain = _jit(_key), _jit(_slot), _jit(_differ), _jit(_pour), _jit(_chain)
fill, move = _jit(_fill), _jit(_move)
_contract_compiled, _settle_compiled = _jit(_contract), _jit(_settle)


def contract(
    ends: Numbers, weight: NDArray[np.float64], spans: Numbers, nodes: int, holds: tuple[Numbers, Numbers, Numbers]
) -> Numbers:
    """The node that each of `nodes` nodes ends in.

    `ends` (2, edges) and `weight` are the edges, each pair once, in the order that settles ties; `spans` says where each
    connected part begins and ends. A weight of minus infinity keeps its ends apart whatever else speaks for them.
    `holds` are node, kind and value of every value held; values of different kinds have different numbers.

    >>> pairs, weights = np.array([[0, 0, 1], [1, 2, 2]]), np.array([3.0, -2.5, 2.0])
    >>> nothing = np.zeros(0, dtype=np.int64)
    >>> contract(pairs, weights, np.array([0, 3]), 3, (nothing, nothing, nothing)).tolist()
    [0, 0, 2]
    """
    edges = len(weight)
    above = np.arange(nodes, dtype=np.int64)
    if not edges:
        return above
    graph = Graph(
        ends.astype(np.int64), weight.astype(np.float64), np.ones(edges, dtype=np.bool_),
        np.full(2 * edges, -1, dtype=np.int64), np.full(nodes, -1, dtype=np.int64), np.zeros(nodes, dtype=np.int64),
    )  # fmt: skip
    places = max(4, 2 ** int(np.ceil(np.log2(2 * int(np.diff(spans).max())))))
    table = Table(np.full(places, -1, dtype=np.int64), np.zeros(places, dtype=np.int64))
    _contract_compiled(graph, _held(holds, nodes), table, np.asarray(spans, dtype=np.int64), above)
    _settle_compiled(above)
    return above


def _held(holds: tuple[Numbers, Numbers, Numbers], nodes: int) -> Held:
    """The values as chains by node."""
    order = np.lexsort((holds[2], holds[0]))
    node, kind, value = (np.asarray(column, dtype=np.int64)[order] for column in holds)
    first, last = np.full(nodes, -1, dtype=np.int64), np.full(nodes, -1, dtype=np.int64)
    following = np.arange(1, len(node) + 1, dtype=np.int64)
    ends_here = np.ones(len(node), dtype=bool)
    ends_here[:-1] = node[1:] != node[:-1]
    following[ends_here] = -1
    begins_here = np.roll(ends_here, 1)
    places = np.arange(len(node), dtype=np.int64)
    first[node[begins_here]] = places[begins_here]
    last[node[ends_here]] = places[ends_here]
    width = 1 + max(int(kind.max(initial=0)), int(value.max(initial=0)))
    return Held(value, kind, following, first, last, np.zeros((4, width), dtype=np.int64))
