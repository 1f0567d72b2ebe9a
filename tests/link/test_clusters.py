from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from joinedup.link.clusters import CERTAIN, Constraints, Edges, cluster, components

SIZE = 9
ends = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda pair: pair[0] != pair[1])
some_edges = st.lists(st.tuples(ends, st.sampled_from([0.5, 0.6, 0.7, 0.9])), max_size=14)
some_values = st.lists(st.sampled_from([-1, -1, 0, 1]), min_size=SIZE, max_size=SIZE)


def edges_of(rows):
    return Edges.together(
        [Edges.of([pair[0] for pair, _ in rows], [pair[1] for pair, _ in rows], [p for _, p in rows])]
    )


def test_the_weakest_link_between_two_numbers_goes():
    edges = Edges.of([0, 1, 2], [1, 2, 3], [0.9, 0.6, 0.8])
    found = cluster(edges, 4, Constraints({"nhs_no": np.array([0, -1, -1, 1])}))
    assert found.component.tolist() == [0, 0, 2, 2]
    assert (found.conflicts, found.left_out, found.unresolved) == ({"nhs_no": 1, "decision": 0}, 1, 0)


def test_what_must_be_joined_is_joined_and_the_conflict_is_counted():
    found = cluster(Edges.of([0], [1], CERTAIN), 2, Constraints({"upn": np.array([0, 1])}))
    assert found.component.tolist() == [0, 0]
    assert found.unresolved == 1


def test_a_pair_said_to_be_different_is_kept_apart_through_any_chain():
    edges = Edges.of([0, 1, 2], [1, 2, 3], [0.9, 0.9, 0.7])
    found = cluster(edges, 4, Constraints({}, ((0, 3),)))
    assert found.component.tolist() == [0, 0, 0, 3]


@given(some_edges, some_values, st.lists(ends, max_size=3))
def test_no_conflict_is_left_and_nothing_is_joined_without_a_link(rows, values, apart):
    edges = edges_of(rows)
    constraints = Constraints({"nhs_no": np.array(values)}, tuple(apart))
    found = cluster(edges, SIZE, constraints)
    whole = components(edges, SIZE)
    assert found.unresolved == 0
    for name in set(found.component.tolist()):
        inside = [number for number in range(SIZE) if found.component[number] == name]
        assert len({values[number] for number in inside} - {-1}) <= 1
        assert len({int(whole[number]) for number in inside}) == 1
    assert all(found.component[one] != found.component[other] for one, other in apart)


@given(some_edges, some_values, st.permutations(range(14)))
def test_the_order_of_links_changes_nothing(rows, values, order):
    constraints = Constraints({"nhs_no": np.array(values)})
    shuffled = [rows[place] for place in order if place < len(rows)]
    one, other = cluster(edges_of(rows), SIZE, constraints), cluster(edges_of(shuffled), SIZE, constraints)
    assert one.component.tolist() == other.component.tolist()


@given(some_edges)
def test_without_constraints_the_people_are_the_connected_components(rows):
    edges = edges_of(rows)
    assert cluster(edges, SIZE, Constraints()).component.tolist() == components(edges, SIZE).tolist()
