"""Contraction held against the same rule written plainly, and against what can be worked out by hand."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from joinedup.link.contraction import contract

SIZE = 8
PAIRS = list(itertools.combinations(range(SIZE), 2))
# Eighths add up exactly, so that the plain rule below and the compiled one see the same ties.
weights = st.lists(
    st.one_of(st.none(), st.integers(-24, 24).map(lambda number: number / 8), st.just(-np.inf)),
    min_size=len(PAIRS),
    max_size=len(PAIRS),
)
holdings = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, 1), st.integers(0, 2)), max_size=8)


def plainly(edges, held):
    """The rule, one step at a time: the heaviest edge, the first of equals; then edges that meet are added up."""
    groups = {node: {node} for node in range(SIZE)}
    values = {node: {(kind, value) for owner, kind, value in held if owner == node} for node in range(SIZE)}
    between = {frozenset(pair): (weight, place) for place, (pair, weight) in enumerate(edges)}
    while True:
        open_ones = [(-weight, place, pair) for pair, (weight, place) in between.items() if weight >= 0]
        if not open_ones:
            return sorted(sorted(group) for group in groups.values())
        _, place, pair = min(open_ones, key=lambda found: found[:2])
        one, other = sorted(pair)
        if any(differs(values[one], values[other], kind) for kind in (0, 1)):
            between[pair] = (-np.inf, place)
            continue
        del between[pair]
        groups[one] |= groups.pop(other)
        values[one] |= values.pop(other)
        for third in groups:
            if third != one and (moved := between.pop(frozenset((other, third)), None)):
                met = between.get(frozenset((one, third)))
                meets = moved if met is None else (moved[0] + met[0], min(moved[1], met[1]))
                between[frozenset((one, third))] = meets


def differs(ours, theirs, kind):
    mine, other = ({value for which, value in side if which == kind} for side in (ours, theirs))
    return bool(mine - other) and bool(other - mine)


def compiled(edges, held):
    ends = np.array([pair for pair, _ in edges], dtype=np.int64).reshape(-1, 2).T
    given_weights = np.array([weight for _, weight in edges], dtype=np.float64)
    columns = [np.array(column, dtype=np.int64) for column in zip(*held, strict=True)] or [
        np.zeros(0, dtype=np.int64)
    ] * 3
    node, kind, value = columns
    above = contract(ends, given_weights, np.array([0, len(edges)]), SIZE, (node, kind, value + 3 * kind))
    groups = {}
    for place, top in enumerate(above.tolist()):
        groups.setdefault(top, []).append(place)
    return sorted(groups.values())


@given(weights, holdings)
def test_it_is_the_rule_written_plainly(given_weights, held):
    edges = [(pair, weight) for pair, weight in zip(PAIRS, given_weights, strict=True) if weight is not None]
    assert compiled(edges, held) == plainly(edges, held)


def test_what_speaks_against_one_member_speaks_against_the_group():
    edges = [((0, 1), 3.0), ((0, 2), -2.5), ((1, 2), 2.0)]
    assert compiled(edges, [])[:2] == [[0, 1], [2]]
    assert compiled([*edges[:1], ((0, 2), -1.5), edges[2]], [])[0] == [0, 1, 2]


def test_a_weight_of_nothing_joins_and_less_does_not():
    assert compiled([((0, 1), 0.0), ((2, 3), -0.001)], [])[:3] == [[0, 1], [2], [3]]


def test_values_that_are_part_of_one_another_do_not_conflict():
    both = [(0, 0, 0), (0, 0, 1), (1, 0, 1)]
    assert compiled([((0, 1), 1.0)], both)[0] == [0, 1]
    assert compiled([((0, 1), 1.0)], [*both, (1, 0, 2)])[:2] == [[0], [1]]


def test_a_long_chain_and_a_star_fill_the_table_of_edges_over_and_over():
    nodes = 3_000
    draw = np.random.default_rng(5)
    star = np.stack([np.zeros(nodes - 1, dtype=np.int64), np.arange(1, nodes)])
    ring = np.stack([np.arange(1, nodes - 1), np.arange(2, nodes)])
    far = np.stack([draw.integers(1, nodes // 2, 9_000), draw.integers(nodes // 2, nodes, 9_000)])
    ends = np.unique(np.concatenate([star, ring, far], axis=1), axis=1)
    nothing = np.zeros(0, dtype=np.int64)
    above = contract(ends, draw.random(ends.shape[1]), np.array([0, ends.shape[1]]), nodes, (nothing, nothing, nothing))
    assert len(np.unique(above)) == 1


def test_many_parts_are_contracted_each_for_itself():
    parts = 500
    ends = np.stack([np.arange(parts) * 2, np.arange(parts) * 2 + 1])
    weight = np.where(np.arange(parts) % 3 == 0, -1.0, 1.0)
    nothing = np.zeros(0, dtype=np.int64)
    above = contract(ends, weight, np.arange(parts + 1), 2 * parts, (nothing, nothing, nothing))
    assert (above[::2] == above[1::2]).tolist() == (weight > 0).tolist()
