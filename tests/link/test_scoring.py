from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from joinedup.link.scoring import Keep, draw, draw_alike


def test_few_records_give_every_pair_and_many_give_each_pair_once():
    assert [list(pair) for pair in zip(draw(4, 100).left, draw(4, 100).right, strict=True)] == [list(pair) for pair in itertools.combinations(range(4), 2)]  # fmt: skip
    pairs = draw(1000, 5000)
    assert len(set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))) == len(pairs) > 4900
    assert (pairs.left < pairs.right).all()
    assert len(draw(1, 10)) == 0


@given(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=12))
def test_pairs_drawn_alike_share_their_key(keys):
    pairs = draw_alike(pa.array(keys, pa.string()), 50)
    for left, right in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True):
        assert keys[left] == keys[right] is not None
        assert left < right


def test_every_pair_that_shares_a_key_is_as_likely_as_another():
    pairs = draw_alike(pa.array(["a"] * 3 + ["b"] * 2, pa.string()), 2000)
    assert np.array_equal(pairs.left, [0, 0, 1, 3])


def test_a_pair_too_unlikely_to_tell_of_is_kept_where_likely_pairs_lead_between_its_ends():
    joined = np.array([0, 1, 2, 2, 4, 5])
    left, right = np.array([0, 1, 0, 0, 4]), np.array([1, 2, 3, 4, 5])
    probability = np.array([0.9, 0.8, 0.001, 0.002, 0.02])
    assert Keep(0.01, 0.5, joined).of(left, right, probability).tolist() == [True, True, True, False, True]
