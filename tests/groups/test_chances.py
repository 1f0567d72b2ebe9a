from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from joinedup.groups.chances import one_or_more, two_or_more

rows_of_chances = st.lists(
    st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4).map(
        lambda row: [value if value > 0.3 else 0.0 for value in row]
    ),
    min_size=1,
    max_size=5,
)


def by_enumeration(chances, least):
    """Every way the entries can hold or not, added up."""
    total = 0.0
    for held in itertools.product((True, False), repeat=len(chances)):
        if sum(held) >= least:
            total += math.prod(chance if holds else 1 - chance for chance, holds in zip(chances, held, strict=True))
    return total


@given(rows_of_chances)
def test_the_chances_are_those_of_adding_up_every_way(rows):
    items = sparse.csr_matrix(np.array(rows))
    assert two_or_more(items).tolist() == pytest.approx([by_enumeration(row, 2) for row in rows], abs=1e-9)
    assert one_or_more(items).tolist() == pytest.approx([by_enumeration(row, 1) for row in rows], abs=1e-9)


def test_no_rows_give_no_chances():
    assert two_or_more(sparse.csr_matrix((0, 3))).tolist() == one_or_more(sparse.csr_matrix((0, 3))).tolist() == []
