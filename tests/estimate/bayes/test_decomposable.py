"""Averaging over decomposable graphs, held against graphs and sums worked out another way."""

from __future__ import annotations

from itertools import combinations
from math import lgamma

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.estimate.bayes.decomposable import Options, average, decomposable_graphs

HEPATITIS = [0, 69, 55, 21, 63, 17, 18, 28]

THREE_LISTS = {
    ((0,), (1,), (2,)): (),
    ((0, 1), (2,)): (),
    ((0, 2), (1,)): (),
    ((0,), (1, 2)): (),
    ((0, 1), (0, 2)): ((0,),),
    ((0, 1), (1, 2)): ((1,),),
    ((0, 2), (1, 2)): ((2,),),
    ((0, 1, 2),): (),
}
"""Cliques and separators of the eight graphs on three lists, by hand."""


def chordal(lists: int, edges: int) -> bool:
    """No four or more lists stand in a ring without a chord: the definition, not the way the program finds them."""
    joined = [pair for place, pair in enumerate(combinations(range(lists), 2)) if edges >> place & 1]
    for size in range(4, lists + 1):
        for some in combinations(range(lists), size):
            inside = [pair for pair in joined if pair[0] in some and pair[1] in some]
            degrees = [sum(each in pair for pair in inside) for each in some]
            reached, frontier = {some[0]}, [some[0]]
            while frontier:
                here = frontier.pop()
                beside = {each for pair in inside if here in pair for each in pair} - reached
                reached |= beside
                frontier += sorted(beside)
            if set(degrees) == {2} and len(reached) == size:
                return False
    return True


@pytest.mark.parametrize(("lists", "number"), [(3, 8), (4, 61), (5, 822)])
def test_the_graphs_are_the_chordal_ones(lists, number) -> None:
    """1, 2, 8, 61, 822, 18154: labelled chordal graphs, OEIS A058862."""
    graphs = decomposable_graphs(lists)
    assert len(graphs) == number
    pairs = lists * (lists - 1) // 2
    assert {graph.edges for graph in graphs} == {edges for edges in range(2**pairs) if chordal(lists, edges)}
    for graph in graphs:
        # Every list is in one clique more than in separators: the factors make one distribution over all lists.
        for each in range(lists):
            assert sum(times for mask, times in enumerate(graph.sets) if mask >> each & 1) == 1


def test_cliques_of_three_lists_are_those_found_by_hand() -> None:
    found = {
        tuple(sorted(tuple(bit for bit in range(3) if mask >> bit & 1) for mask in graph.cliques))
        for graph in decomposable_graphs(3)
    }
    assert found == {tuple(sorted(cliques)) for cliques in THREE_LISTS}


def log_margin(counts: np.ndarray, lists: tuple[int, ...]) -> float:
    """The Dirichlet-multinomial evidence of one sequence of people, by the patterns they hold of some lists."""
    if not lists:
        return 0.0
    cells = np.zeros(2 ** len(lists))
    for pattern, people in enumerate(counts):
        cells[sum((pattern >> each & 1) << place for place, each in enumerate(lists))] += people
    prior = 1 / len(cells)
    return sum(lgamma(cell + prior) - lgamma(prior) for cell in cells) - lgamma(cells.sum() + 1)


def by_hand(counts: list[int], people: range, *, complete: bool) -> np.ndarray:
    """The posterior of each number of people under each graph of three lists, prior 1/N; every whole number in turn."""
    observed = sum(counts)
    log = np.zeros((len(THREE_LISTS) - (not complete), len(people)))
    for column, number in enumerate(people):
        full = np.array([number - observed, *counts[1:]], dtype=float)
        for row in range(len(log)):
            cliques = list(THREE_LISTS)[row]
            log[row, column] = (
                sum(log_margin(full, clique) for clique in cliques)
                - sum(log_margin(full, each) for each in THREE_LISTS[cliques])
                + lgamma(number + 1)
                - lgamma(number - observed + 1)
                - np.log(number)
            )
    mass = np.exp(log - log.max())
    return mass / mass.sum()


@pytest.mark.parametrize("complete", [False, True])
def test_hepatitis_a_is_what_summing_every_number_gives(complete) -> None:
    people = range(271, 271 * 12 + 1)
    mass = by_hand(HEPATITIS, people, complete=complete)
    found = average(3, HEPATITIS, Options(cap=12, include_complete=complete))
    reached = np.cumsum(mass.sum(axis=0))
    for share in (0.025, 0.25, 0.5, 0.75, 0.975):
        assert found.quantile(share) == pytest.approx(people[int(np.searchsorted(reached, share))], rel=0.002, abs=1)
    weights = {tuple(sorted(graph.cliques)): graph.weight for graph in found.graphs}
    for cliques, weight in zip(THREE_LISTS, mass.sum(axis=1), strict=False):
        if weight > 1e-5:
            assert weights[tuple(sorted(cliques))] == pytest.approx(weight, rel=0.002)


def test_a_posterior_far_narrower_than_the_grid_is_still_summed_rightly() -> None:
    """Four hundred times the people: a spread of a few in a thousand, which the first grid hardly resolves."""
    counts = [0] + [people * 400 for people in HEPATITIS[1:]]
    found = average(3, counts)
    around = range(int(found.quantile(0.001)) - 3000, int(found.quantile(0.999)) + 3000, 10)
    reached = np.cumsum(by_hand(counts, around, complete=False).sum(axis=0))
    for share in (0.025, 0.5, 0.975):
        assert found.quantile(share) == pytest.approx(around[int(np.searchsorted(reached, share))], abs=40)


@settings(max_examples=10)
@given(st.permutations(range(4)), st.lists(st.integers(0, 30), min_size=15, max_size=15), st.integers(0, 4))
def test_the_order_of_lists_and_an_empty_list_change_nothing(order, people, place) -> None:
    counts = np.array([0, *people])
    moved = np.zeros_like(counts)
    widened = np.zeros(32, dtype=int)
    for pattern in range(16):
        moved[sum((pattern >> old & 1) << new for new, old in enumerate(order))] = counts[pattern]
        low = pattern & (2**place - 1)
        widened[low | (pattern - low) << 1] = counts[pattern]
    plain, same, with_empty = average(4, counts), average(4, moved), average(5, widened)
    assert (plain.estimate, plain.lower, plain.upper) == (same.estimate, same.lower, same.upper)
    assert (plain.estimate, plain.lower, plain.upper) == (with_empty.estimate, with_empty.lower, with_empty.upper)


def test_the_probabilities_are_one_and_the_graphs_name_the_lists_of_the_table() -> None:
    counts = np.zeros(16, dtype=int)
    for pattern, people in enumerate(HEPATITIS):
        counts[(pattern & 1) | (pattern & 6) << 1] = people  # the second of four lists is empty
    found = average(4, counts)
    assert found.probability.sum() == pytest.approx(1)
    assert found.population[0] == 271
    assert {each for graph in found.graphs for clique in graph.cliques for each in clique} == {0, 2, 3}
    assert sum(graph.weight for graph in found.graphs) == pytest.approx(1, abs=1e-4)


def test_independent_lists_are_found_so_and_their_population_with_them() -> None:
    chances = np.array([0.3, 0.25, 0.35, 0.2])
    index = np.arange(16)
    held = (index[:, None] >> np.arange(4) & 1) == 1
    counts = np.rint(8000 * np.where(held, chances, 1 - chances).prod(axis=1)).astype(int)
    counts[0] = 0
    found = average(4, counts)
    assert found.graphs[0].cliques == ((0,), (1,), (2,), (3,))
    assert found.graphs[0].weight > 0.8
    assert found.estimate == pytest.approx(8000, rel=0.01)
    assert found.lower < 8000 < found.upper


def test_where_the_cap_decides_there_is_no_estimate_but_its_reason() -> None:
    """Six people on two lists of three, and no one on two other pairs: Chan, Silverman & Vincent (2021), table 2."""
    found = average(3, [0, 40, 30, 6, 20, 0, 0, 0])
    assert found.estimate is None
    assert found.lower is None
    assert found.mass_at_cap > 0.025
    assert "cap of 30 times" in found.refused.reason
    assert average(3, HEPATITIS).mass_at_cap < 1e-3


def test_a_flat_prior_gives_more_and_a_tighter_cap_no_more() -> None:
    korea = [0, 5, 5, 54, 41, 6, 0, 12]
    plain = average(3, korea)
    assert average(3, korea, Options(prior="uniform")).quantile(0.5) > plain.quantile(0.5)
    assert average(3, korea, Options(cap=3)).quantile(0.975) < plain.quantile(0.975)


def test_thin_tables_too_many_lists_and_senseless_options_are_refused() -> None:
    assert average(3, [0, 50, 50, 1, 50, 1, 1, 1]).refused.reason.startswith("4 people")
    seven = average(7, np.array([0] + [1] * 127))
    assert seven.refused.reason.startswith("7 lists")
    assert seven.observed == 127
    for wrong in ({"cap": 1}, {"level": 1.0}, {"prior": "rissanen"}):
        with pytest.raises(ValueError, match="cap must be over 1"):
            Options(**wrong)
