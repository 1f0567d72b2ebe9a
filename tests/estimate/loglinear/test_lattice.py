"""The lattice against models enumerated the plain way, over every set of terms."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest

from joinedup.estimate.loglinear.lattice import closed, lattice, main_effects, name


def plainly(lists: int, order: int) -> set[frozenset[int]]:
    """Every set of terms of two lists to `order` that holds all parts of its terms, found by trying all sets."""
    terms = [term for term in range(1 << lists) if 2 <= term.bit_count() <= order]
    found = set()
    for chosen in chain.from_iterable(combinations(terms, size) for size in range(len(terms) + 1)):
        model = set(chosen) | set(main_effects(lists))
        if all(term & ~(1 << place) in model for term in chosen for place in range(lists)):
            found.add(frozenset(model))
    return found


@pytest.mark.parametrize(("lists", "order"), [(2, 1), (3, 1), (3, 2), (4, 1), (4, 2), (4, 3)])
def test_every_hierarchical_model_is_there_once(lists, order):
    found = lattice(lists, order)
    models = [frozenset(found.model(place)) for place in range(found.models.size)]
    assert len(set(models)) == len(models)
    assert set(models) == plainly(lists, order)


def test_the_models_of_five_lists_grow_with_the_order():
    """6,894 sets of terms are closed downwards and hold every list alone (Dedekind's numbers); one has all five lists."""
    assert [lattice(5, order).models.size for order in (1, 2, 4)] == [1, 1024, 6893]
    assert 1024 < lattice(5, 3).models.size < 6893


@pytest.mark.parametrize(("lists", "order"), [(4, 3), (5, 2), (6, 2)])
def test_children_lack_one_term_and_come_later(lists, order):
    found = lattice(lists, order)
    arrays = found.arrays
    for place in range(0, found.models.size, 97):
        model = set(found.model(place))
        children = arrays.children[arrays.children_from[place] : arrays.children_from[place + 1]]
        lacking = {next(iter(model - set(found.model(child)))) for child in children.tolist()}
        largest = {
            term for term in model if term.bit_count() > 1 and not any(t != term and t & term == term for t in model)
        }
        assert lacking == largest
        assert all(child > place for child in children.tolist())
        assert tuple(arrays.terms[place, : arrays.sizes[place]].tolist()) == found.model(place)


@pytest.mark.parametrize(("lists", "order"), [(7, 2), (6, 3), (3, 0)])
def test_what_is_too_large_to_try_is_said(lists, order):
    with pytest.raises(ValueError, match="not tried"):
        lattice(lists, order)


def test_a_name_is_made_of_the_largest_terms():
    assert name(closed([0b0111, 0b1001], 4), "abcd") == "[a*b*c] [a*d]"
    assert np.array_equal(closed([0b11], 2), (0, 1, 2, 3))
