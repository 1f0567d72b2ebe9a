"""How one person is tied to another, and who stands around a person, by the ties of a run."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable

from joinedup.groups.reading import Row

_Ties = dict[str, list[tuple[str, Row]]]


def _by_person(edges: Iterable[Row]) -> _Ties:
    ties: _Ties = defaultdict(list)
    for row in sorted(edges, key=lambda row: (row["person_l"], row["person_r"])):
        ties[row["person_l"]].append((row["person_r"], row))
        ties[row["person_r"]].append((row["person_l"], row))
    return ties


def shortest_path(edges: Iterable[Row], start: str, end: str) -> list[Row] | None:
    """The ties of the shortest path from `start` to `end`; None where there is none, and nothing when they are one.

    Of paths of the same number of ties the surest (greatest product of probabilities), then the first by the people on it.
    Hubs make no ties, so no path leads through one.

    >>> rows = [{"person_l": a, "person_r": b, "probability": p} for a, b, p in
    ...         [("a", "b", 1.0), ("b", "d", 0.6), ("a", "c", 0.9), ("c", "d", 0.9)]]
    >>> [(row["person_l"], row["person_r"]) for row in shortest_path(rows, "a", "d")]
    [('a', 'c'), ('c', 'd')]
    """
    ties = _by_person(edges)
    waiting: list[tuple[int, float, tuple[str, ...], list[Row]]] = [(0, -1.0, (start,), [])]
    done: set[str] = set()
    while waiting:
        steps, chance, people, path = heapq.heappop(waiting)
        here = people[-1]
        if here == end:
            return path
        if here in done:
            continue
        done.add(here)
        for other, row in ties.get(here, ()):
            if other not in done:
                # Rounded, so that the order of multiplying cannot choose between equal paths.
                surer = round(chance * row["probability"], 12)
                heapq.heappush(waiting, (steps + 1, surer, (*people, other), [*path, row]))
    return None


def around(edges: Iterable[Row], person: str, hops: int) -> tuple[dict[str, int], list[Row]]:
    """Everybody within so many ties of the person with their distance, and the ties among them.

    >>> rows = [{"person_l": a, "person_r": b, "probability": 1.0} for a, b in ("ab", "bc", "cd")]
    >>> around(rows, "a", 2)[0]
    {'a': 0, 'b': 1, 'c': 2}
    """
    ties = _by_person(edges)
    distance = {person: 0}
    edge_of_it = [person]
    for step in range(1, hops + 1):
        met = sorted({other for one in edge_of_it for other, _ in ties.get(one, ())} - set(distance))
        distance |= dict.fromkeys(met, step)
        edge_of_it = met
    among = {
        (row["person_l"], row["person_r"]): row
        for one in distance
        for other, row in ties.get(one, ())
        if other in distance
    }
    return distance, [among[key] for key in sorted(among)]
