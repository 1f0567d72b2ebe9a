"""The press protects every number, names it, and refuses to let text drift from data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.domain.numbers import Recipe
from joinedup.errors import InternalError
from joinedup.registry.disclosure import disclosure_rules
from joinedup.report.press import Press, as_text, bind, ids_in, without_numbers

RECIPE = Recipe("people", {}, "person_id")
RULES = sorted(disclosure_rules())


def press(rule: str = "nhs_round_5") -> Press:
    return Press(disclosure_rules()[rule])


def test_a_sentence_is_bound_to_published_values():
    made = press()
    made.people("count.a", "A", 1264, RECIPE)
    made.people("count.b", "B", 3, RECIPE)
    parts = bind("{{count.a}} of them, {{count.b}} not.", {}, made)
    assert as_text(parts) == "1,265 of them, 5 not."
    assert ids_in(parts) == ["count.a", "count.b"]


def test_a_number_nobody_made_is_an_error_and_not_an_empty_place():
    with pytest.raises(InternalError, match=r"count\.missing"):
        bind("{{count.missing}} children", {}, press())


def test_a_share_nobody_made_is_an_error():
    with pytest.raises(InternalError, match="one"):
        bind("{{%one}} of them", {}, press())


def test_one_id_is_never_two_numbers():
    made = press()
    made.people("count.a", "A", 10, RECIPE)
    assert made.people("count.a", "A again", 10, RECIPE) is made["count.a"]
    with pytest.raises(InternalError, match=r"count\.a"):
        made.people("count.a", "A", 11, RECIPE)
    with pytest.raises(InternalError, match=r"count\.a"):
        made.people("count.a", "A", 10, Recipe("mentions"))


def test_a_share_names_the_counts_it_is_made_of_and_is_made_of_their_published_values():
    made = press()
    part, base = made.people("part", "P", 3, RECIPE), made.people("base", "B", 12, RECIPE)
    share = made.share("share", part, base)
    assert (share.shown, share.made_of) == ("50%", ("part", "base"))


@given(part=st.integers(0, 500), more=st.integers(0, 500), rest=st.integers(0, 500), rule=st.sampled_from(RULES))
def test_shares_follow_from_what_is_published_and_nothing_else(part, more, rest, rule):
    made = press(rule)
    numbers = [
        made.people(name, name, exact, RECIPE)
        for name, exact in zip("abc", (part, more, part + more + rest), strict=True)
    ]
    again = press(rule)
    # A second set of exact counts that is published the same way gives the same shares.
    twins = [
        again.people(each.number_id, each.label, int(each.released.value), RECIPE)
        if each.released.value is not None
        else again.people(each.number_id, each.label, disclosure_rules()[rule].small_from, RECIPE)
        for each in numbers
    ]
    for one, other in ((made, numbers), (again, twins)):
        assert [each.shown for each in other] == [each.shown for each in numbers]
        either = one.share_of_either("s", *other)
        assert either.shown == made.share_of_either("s", *numbers).shown
        assert one.share("s", other[0], other[2]).shown == made.share("s", numbers[0], numbers[2]).shown
        assert one.share_of_known("s", other[0], other[1], other[2]).shown == made.share_of_known("s", *numbers).shown


@given(exact=st.integers(1, 9))
def test_a_hidden_count_is_not_to_be_had_back_from_its_shares(exact):
    made = press("ons_threshold_10")
    part, base = made.people("part", "P", exact, RECIPE), made.people("base", "B", 400, RECIPE)
    assert part.shown == "c"
    assert made.share("s", part, base).shown == "not available"
    assert made.share_of_either("s", base, part, base).shown == "not available"
    assert made.share_of_known("s", base, part, base).shown == "not available"


def test_counts_of_agencies_stand_as_they_are_under_a_rule_of_their_own():
    made = press()
    number = made.institutions("agencies", "Agencies", 3, Recipe("responses", {}, "agency"))
    assert (number.shown, number.released.rule) == ("3", "institutions_exact")


def test_numbers_are_taken_out_of_sentences_of_earlier_stages():
    text = "It would give fewer children than the 1,263 already there; 95% limits."
    assert without_numbers(text, frozenset({"95"})) == (
        "It would give fewer children than the [not shown] already there; 95% limits."
    )
