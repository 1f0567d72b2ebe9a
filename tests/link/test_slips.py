from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from joinedup.link.slips import near_pairs

WORDS = st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=6)


def without_one(word):
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


@given(WORDS, WORDS)
def test_two_words_are_one_slip_apart_if_they_are_the_same_with_a_letter_left_out(one, other):
    found = zip(*(side.tolist() for side in near_pairs(pa.array(one), pa.array(other))), strict=True)
    expected = {
        (left, right)
        for left, word in enumerate(one)
        for right, against in enumerate(other)
        if without_one(word) & without_one(against)
    }
    assert set(found) == expected


def test_where_there_is_no_word_nothing_is_near():
    left, right = near_pairs(pa.array([], pa.string()), pa.array(["amina"]))
    assert np.array_equal(left, right)
    assert not len(left)
