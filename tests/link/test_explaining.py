from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.link.explaining import Candidate, Explanation, Step, chain, paragraph, prior
from joinedup.link.likeness import likenesses
from joinedup.link.weighing import read

ONE = {"forename_fold": "ana", "surname_fold": "brook", "dob": "1997-03-14", "dob_precision": "day", "sex": "F"}


def explanation(other, **also):
    given = {
        "prior": 0.001,
        "probability": 0.93,
        "model": "splink:x",
        "joined": True,
        "likenesses": tuple(likenesses(ONE, other)),
    }
    return Explanation(**given | also)


def test_it_says_prior_score_what_speaks_for_and_against_and_what_is_missing():
    text = paragraph(explanation(ONE | {"forename_fold": "anna", "surname_fold": "smith"}))
    assert text.startswith(
        "They are one person in this run: the model gives the pair a probability of 0.93 (splink:x)."
    )
    assert "one in 1,000 pairs" in text
    assert "For one person: the dates of birth are the same day; the sexes are the same." in text
    assert "Nearly alike: the forenames differ by one letter." in text
    assert "What weighs most against it: the surnames differ." in text
    assert "a valid NHS number on both sides" in text
    assert "No other person came near" in text


def test_it_names_the_chain_the_conflict_and_the_nearest_others():
    steps = (Step("m2", 0.99, "splink:x"), Step("m3", 0.7, "splink:x"))
    text = paragraph(explanation(ONE, probability=0.2, chain=steps))
    assert "joined through 1 other mention, the weakest link at 0.7" in text
    brother = Candidate("m_9", "p_9", "A", 0.31, "the sexes differ")
    text = paragraph(
        explanation(ONE, joined=False, conflict="their records hold different valid NHS numbers", candidates=(brother,))
    )
    assert "They are two people in this run" in text
    assert "kept apart because their records hold different valid NHS numbers" in text
    assert "Another person near A is p_9 (m_9), at a probability of 0.31; against: the sexes differ." in text


def test_a_decision_goes_before_the_score():
    text = paragraph(explanation(ONE, decision="Decision 3, of A. Reviewer, says that they are one person: seen"))
    assert "are one person: seen." in text
    assert "probability of" not in text


def test_it_says_what_each_thing_weighed():
    text = paragraph(explanation(ONE, weights=read("prior/no_shared_home:-14.21;forename/exact:8.26;sex/same:0.91")))
    assert (
        "before anything is compared (no shared home) -14.2; forename (exact) +8.3; sex (same) +0.9; together -5.0"
        in text
    )


def test_a_pair_that_was_never_proposed_says_so():
    assert "no model or rule proposed the pair" in paragraph(explanation(ONE, probability=None, joined=False))


def test_the_prior_is_the_share_of_pairs_counted_by_hand():
    assert prior([3, 2]) == pytest.approx(4 / 10)
    assert prior([1]) == 0.0


edges = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), st.sampled_from([0.5, 0.6, 0.7, 0.9, 1.0])).filter(
        lambda edge: edge[0] < edge[1]
    ),
    unique_by=lambda edge: edge[:2],
)


@given(edges)
def test_no_other_chain_has_a_stronger_weakest_link(rows):
    links = [{"mention_l": one, "mention_r": other, "probability": p, "model": "m"} for one, other, p in rows]
    strength = {frozenset(row[:2]): row[2] for row in rows}
    best = 0.0
    for length in range(4):
        for between in itertools.permutations("bcd", length):
            path = ["a", *between, "e"]
            best = max(best, min(strength.get(frozenset(step), 0.0) for step in itertools.pairwise(path)))
    found = chain(links, "a", "e")
    assert min((step.probability for step in found), default=0.0) == best
    for before, step in itertools.pairwise([Step("a", 1.0, ""), *found]):
        assert strength[frozenset((before.mention, step.mention))] == step.probability
