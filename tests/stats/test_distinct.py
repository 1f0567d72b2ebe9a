"""Each value once, in order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from joinedup.stats.distinct import among, distinct


@given(st.lists(st.integers(-(2**62), 2**62) | st.integers(-2, 2)))
def test_it_is_what_numpy_finds(values):
    given_values = np.array(values, dtype=np.int64)
    kept = given_values.copy()
    assert distinct(given_values).tolist() == sorted(set(values))
    assert (given_values == kept).all()


@given(st.lists(st.integers(-3, 3) | st.integers(-(2**62), 2**62)), st.lists(st.integers(-3, 3)))
def test_which_are_among_others_is_what_numpy_finds(values, others):
    found = among(np.array(values, dtype=np.int64), distinct(np.array(others, dtype=np.int64)))
    assert found.tolist() == [value in others for value in values]
