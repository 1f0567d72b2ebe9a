from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from joinedup.domain.judgements import Judgements

names = st.integers(0, 6)
pairs = st.tuples(names, names).filter(lambda pair: pair[0] != pair[1])


@given(st.lists(st.tuples(pairs, st.booleans()), max_size=25))
def test_what_is_taken_in_holds_and_what_is_left_out_would_not(said):
    judgements = Judgements[int]()
    for (one, other), same in said:
        taken = judgements.add(one, other, same=same)
        if not taken:
            together = judgements.group(one) == judgements.group(other)
            apart = any(
                {judgements.group(a), judgements.group(b)} == {judgements.group(one), judgements.group(other)}
                for a, b in judgements.apart
            )
            assert apart if same else together
        assert all(judgements.group(a) == judgements.group(b) for a, b in judgements.same)
        assert all(judgements.group(a) != judgements.group(b) for a, b in judgements.apart)


def test_different_holds_through_a_chain_that_comes_later():
    judgements = Judgements[str]()
    assert judgements.add("a", "c", same=False)
    assert judgements.add("a", "b", same=True)
    assert not judgements.add("b", "c", same=True)
    assert judgements.same == [("a", "b")]
