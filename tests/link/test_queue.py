from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from joinedup.link.queue import questions

PERSON = {"a": "p1", "b": "p1", "c": "p2", "d": "p3", "e": "p3", "f": "p4"}
SIZE = {"p1": 2, "p2": 1, "p3": 2, "p4": 1}


def link(left, right, probability):
    return {"mention_l": left, "mention_r": right, "probability": probability}


def asked(links, decided=None):
    return [(found.mention_l, found.mention_r) for found in questions(links, PERSON, SIZE, decided or {})]


def test_the_most_doubtful_first_and_of_equals_the_one_that_moves_more():
    links = [link("a", "c", 0.4), link("a", "d", 0.4), link("c", "f", 0.48), link("d", "f", 0.11)]
    assert asked(links) == [("c", "f"), ("a", "d"), ("a", "c"), ("d", "f")]


def test_two_people_are_one_question_that_counts_its_pairs():
    [found] = questions([link("a", "d", 0.2), link("b", "e", 0.45), link("a", "e", 0.3)], PERSON, SIZE, {})
    assert (found.mention_l, found.mention_r, found.pairs, found.mentions) == ("b", "e", 3, 2)


def test_a_score_that_something_else_outweighs_is_asked_early_and_what_is_joined_already_late():
    links = [link("a", "b", 0.49), link("c", "f", 0.3), link("c", "d", 0.999)]
    assert asked(links) == [("c", "d"), ("c", "f"), ("a", "b")]


def test_decided_pairs_are_not_asked_again_and_those_that_could_not_be_told_come_last():
    links = [link("a", "c", 0.5), link("a", "d", 0.4), link("c", "f", 0.3)]
    decided = {frozenset("ac"): True, frozenset("ad"): False}
    assert asked(links, decided) == [("c", "f"), ("a", "c")]


pairs = st.tuples(st.sampled_from("abc"), st.sampled_from("def"), st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]))


@given(st.lists(pairs, unique_by=lambda pair: pair[:2], max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_links_changes_nothing(rows, shuffler):
    links = [link(*row) for row in rows]
    shuffled = list(links)
    shuffler.shuffle(shuffled)
    assert questions(links, PERSON, SIZE, {}) == questions(shuffled, PERSON, SIZE, {})
