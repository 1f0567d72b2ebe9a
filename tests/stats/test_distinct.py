"""Each value once, in order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from joinedup.stats.distinct import distinct


@given(st.lists(st.integers(-(2**62), 2**62) | st.integers(-2, 2)))
def test_it_is_what_numpy_finds(values):
    given_values = np.array(values, dtype=np.int64)
    kept = given_values.copy()
    assert distinct(given_values).tolist() == sorted(set(values))
    assert (given_values == kept).all()
