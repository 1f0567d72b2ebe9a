"""Where each person and thing of a group is drawn: computed once, in the run, and stored with the group."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa

from joinedup.groups.incidence import Chances, Integers, Things, Truths
from joinedup.groups.rule import Grouping
from joinedup.groups.told import group_ids

DRAWN_AT_MOST = 300
"""More nodes than this make a picture nobody can read; the list beside it has everything."""

_ROUNDS = 80


def layout_table(things: Things, small: Truths, grouping: Grouping) -> pa.Table:
    """group_id, kind (person or a kind of thing), value, x, y of every node drawn; x and y from 0 to 1.

    Of each group its members, then the small things that two of them or more share, those of most members first.
    """
    group = grouping.group
    ids = group_ids(group, grouping.core, things.people)
    inside = np.flatnonzero(group >= 0)
    said = things.matrix[inside].tocoo()
    allowed = small[said.col]
    person, thing = inside[said.row[allowed]], said.col[allowed].astype(np.int64)
    keys, which, users = np.unique(group[person] * len(things.values) + thing, return_inverse=True, return_counts=True)
    shared: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place in np.flatnonzero(users > 1).tolist():
        shared[int(keys[place]) // len(things.values)].append((-int(users[place]), place))
    users_of: dict[int, list[int]] = defaultdict(list)
    for one, place in zip(person.tolist(), which.tolist(), strict=True):
        users_of[place].append(one)
    members: dict[int, list[int]] = defaultdict(list)
    for one in inside.tolist():
        members[int(group[one])].append(one)
    names, graphs = [], []
    for number in sorted(members):
        people = members[number][:DRAWN_AT_MOST]
        drawn = [place for _, place in sorted(shared[number])][: DRAWN_AT_MOST - len(people)]
        at = {one: place for place, one in enumerate(people)}
        lines = [(at[one], len(people) + k) for k, place in enumerate(drawn) for one in users_of[place] if one in at]
        names += [(ids[one], "person", things.people[one]) for one in people]
        columns = [int(keys[place]) % len(things.values) for place in drawn]
        names += [(ids[people[0]], str(things.kinds[column]), things.values[column]) for column in columns]
        graphs.append((len(people) + len(drawn), lines))
    places = positions(graphs)
    text = [pa.array(list(column), pa.string()) for column in zip(*names, strict=True)] or [
        pa.array([], pa.string())
    ] * 3
    return pa.table(
        {
            "group_id": text[0],
            "kind": text[1],
            "value": text[2],
            "x": pa.array(places[:, 0]),
            "y": pa.array(places[:, 1]),
        }
    )


def positions(graphs: list[tuple[int, list[tuple[int, int]]]]) -> Chances:
    """Where the nodes of each graph go, x and y (given its number of nodes, and its lines), one graph after another, 0 to 1.

    Nodes are put as far apart on the page as they are on the graph, as nearly as can be: stress majorisation from a fixed
    start, nothing drawn by chance. Graphs of one size are placed together. Source: Gansner, Koren and North (2005), Graph
    drawing by stress majorization, LNCS 3383, 239-250.
    """
    begins = np.cumsum([0, *(size for size, _ in graphs)])
    found = np.zeros((int(begins[-1]), 2))
    by_size: dict[int, list[int]] = defaultdict(list)
    for place, (size, _) in enumerate(graphs):
        by_size[size].append(place)
    for size, chosen in by_size.items():
        at_once = max(2_000_000 // (size * size), 1)
        for begun in range(0, len(chosen), at_once):
            now = chosen[begun : begun + at_once]
            placed = _placed(size, [graphs[place][1] for place in now])
            for place, where in zip(now, placed, strict=True):
                found[begins[place] : begins[place + 1]] = where
    return found


def _placed(size: int, graphs: list[list[tuple[int, int]]]) -> Chances:
    far = _distances(size, graphs)
    angle = 2 * np.pi * np.arange(size) / max(size, 1)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    # Away from the circle by how far each node is from the first and from the one farthest from it.
    end = far[:, 0].argmax(axis=1)
    other = np.take_along_axis(far, end[:, None, None], axis=1)[:, 0]
    where = circle[None] + np.stack([far[:, 0] - other, np.abs(far[:, 0] + other - far[:, 0].max())], axis=2)
    for _ in range(_ROUNDS):
        apart = np.sqrt(((where[:, :, None] - where[:, None]) ** 2).sum(axis=3))
        pull = np.divide(far, apart, out=np.zeros_like(far), where=apart > 1e-9)
        where = (where * pull.sum(axis=2, keepdims=True) - pull @ where) / max(size, 1)
    low, high = where.min(axis=1, keepdims=True), where.max(axis=1, keepdims=True)
    wide = (high - low).max(axis=2, keepdims=True)
    middle = (low + high) / 2
    scaled: Chances = np.round((where - middle) / np.where(wide > 0, wide, 1.0) + 0.5, 4)
    return scaled


def _distances(size: int, graphs: list[list[tuple[int, int]]]) -> Chances:
    """Steps between every two nodes of each graph; pieces apart from one another stand two steps more than the widest."""
    far = np.full((len(graphs), size, size), np.inf)
    for place, lines in enumerate(graphs):
        ends = np.array(lines, np.int64).reshape(-1, 2)
        far[place, ends[:, 0], ends[:, 1]] = far[place, ends[:, 1], ends[:, 0]] = 1.0
    both: Integers = np.arange(size)
    far[:, both, both] = 0.0
    for through in range(size):
        np.minimum(far, far[:, :, through, None] + far[:, None, through, :], out=far)
    widest = np.where(np.isfinite(far), far, 0.0).max(axis=(1, 2), keepdims=True)
    return np.where(np.isfinite(far), far, widest + 2.0)
