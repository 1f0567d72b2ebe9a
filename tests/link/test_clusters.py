from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from joinedup.domain.judgements import Judgements
from joinedup.link.clusters import CERTAIN, Constraints, Edges, cluster, components

SIZE = 9
ends = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda pair: pair[0] != pair[1])
some_edges = st.lists(st.tuples(ends, st.sampled_from([0.5, 0.6, 0.7, 0.9])), max_size=14)
doubtful_edges = st.lists(st.tuples(ends, st.sampled_from([0.01, 0.1, 0.3, 0.5, 0.6, 0.9, 0.99])), max_size=14)
judged = st.lists(st.tuples(ends, st.booleans()), max_size=5)
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


def agreeing(said):
    judgements = Judgements[int]()
    for (one, other), same in said:
        judgements.add(one, other, same=same)
    return {"apart": tuple(judgements.apart), "together": tuple(judgements.same)}


def holding_two(component, values):
    return any(len({values[n] for n in range(SIZE) if component[n] == name} - {-1}) > 1 for name in set(component))


@given(doubtful_edges, some_values, judged)
def test_constraints_always_hold_and_nothing_is_joined_without_a_link(rows, values, said):
    edges, decided = edges_of(rows), agreeing(said)
    found = cluster(edges, SIZE, Constraints({"nhs_no": np.array(values)}, **decided))
    group = found.component.tolist()
    assert all(group[one] != group[other] for one, other in decided["apart"])
    assert all(group[one] == group[other] for one, other in decided["together"])
    together = Edges.of(*(np.array(decided["together"], dtype=int).reshape(-1, 2).T), CERTAIN)
    forced = components(together, SIZE).tolist()
    assert (found.unresolved > 0) == holding_two(group, values)
    if not holding_two(forced, values):
        assert found.unresolved == 0
    whole = components(Edges.together([edges.where(edges.strength >= 0.5), together]), SIZE).tolist()
    for name in set(group):
        assert len({whole[number] for number in range(SIZE) if group[number] == name}) == 1


@given(doubtful_edges, some_values, judged, st.permutations(range(14)))
def test_the_order_of_links_and_of_their_ends_changes_nothing(rows, values, said, order):
    constraints = Constraints({"nhs_no": np.array(values)}, **agreeing(said))
    kept = [rows[place] for place in order if place < len(rows)]
    shuffled = [((pair[1], pair[0]) if place % 2 else pair, p) for place, (pair, p) in enumerate(kept)]
    loose = Edges.of(*(np.array([pair for pair, _ in shuffled], dtype=int).reshape(-1, 2).T), [p for _, p in shuffled])
    one, other = cluster(edges_of(rows), SIZE, constraints), cluster(loose, SIZE, constraints)
    assert one.component.tolist() == other.component.tolist()
    assert (one.conflicts, one.left_out, one.unresolved) == (other.conflicts, other.left_out, other.unresolved)


def test_two_numbers_never_meet_where_their_mentions_were_never_compared():
    # Scored pairs form a chain whose two ends hold different numbers; the pair of ends itself was never proposed.
    chain = Edges.of([0, 1, 2, 3], [1, 2, 3, 4], [0.99, 0.98, 0.6, 0.97])
    found = cluster(chain, 5, Constraints({"nhs_no": np.array([4, -1, -1, -1, 9])}))
    assert found.component.tolist() == [0, 0, 0, 3, 3]
    assert found.conflicts["nhs_no"] == 1


def test_a_doubtful_record_between_two_families_does_not_chain_them():
    # 2 looks a little like either family; every other pair across was compared and is plainly different.
    across = [(one, other, 0.001) for one in (0, 1) for other in (3, 4)]
    pairs = [(0, 1, 0.999), (3, 4, 0.999), (1, 2, 0.8), (2, 3, 0.7), (0, 2, 0.6), (2, 4, 0.02), *across]
    left, right, probability = zip(*pairs, strict=True)
    found = cluster(Edges.of(left, right, probability), 5, Constraints())
    assert found.component.tolist() == [0, 0, 0, 3, 3]
    assert len(set(components(Edges.of(left[:4], right[:4], 1.0), 5).tolist())) == 1


def test_the_threshold_of_the_inquiry_is_where_a_lone_pair_joins():
    pair = Edges.of([0], [1], 0.9)
    joined = {limit: len(set(cluster(pair, 2, Constraints(), limit).component.tolist())) for limit in (0.5, 0.9, 0.91)}
    assert joined == {0.5: 1, 0.9: 1, 0.91: 2}


def test_a_person_s_word_goes_before_an_agency_s_id():
    agency = Edges.of([0, 0, 0], [1, 2, 3], CERTAIN)
    found = cluster(agency, 4, Constraints({}, apart=((1, 3),), together=((2, 3),)))
    assert found.component.tolist() == [0, 0, 2, 2]


def test_an_id_that_stands_for_thousands_is_taken_in_linear_time():
    size = 100_000
    agency = Edges.of(np.zeros(size - 1, dtype=int), np.arange(1, size), CERTAIN)
    scored = Edges.of([5, 6], [size, size + 1], 0.9)
    numbers = np.append(np.arange(size), [7, size])
    found = cluster(Edges.together([agency, scored]), size + 2, Constraints({"nhs_no": numbers}))
    assert (found.component[size], found.component[size + 1]) == (0, size + 1)
    assert found.unresolved == 1


@given(some_edges)
def test_without_constraints_the_people_are_the_connected_components(rows):
    edges = edges_of(rows)
    assert cluster(edges, SIZE, Constraints()).component.tolist() == components(edges, SIZE).tolist()
