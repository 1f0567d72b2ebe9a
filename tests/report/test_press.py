"""The press protects every number, names it, and refuses to let text drift from data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.domain.numbers import Recipe
from joinedup.errors import InternalError
from joinedup.registry.disclosure import disclosure_rules
from joinedup.report.press import Press, as_text, bind, ids_in, in_brackets, without_numbers

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
    part, base = made.people("part", "P", 238, RECIPE), made.people("base", "B", 993, RECIPE)
    share = made.share("share", part, base)
    # 240 of 995, as published; 238 of 993 would give the same per cent only by chance.
    assert (share.shown, share.made_of) == ("24%", ("part", "base"))
    assert share.released.value == pytest.approx(240 / 995)
    assert made.share("share", part, base, less=part).released.value == pytest.approx(240 / 755)


COUNTS = st.integers(0, 500)


@given(part=COUNTS, more=COUNTS, rest=COUNTS, rule=st.sampled_from(RULES))
def test_lowest_and_highest_shares_hold_for_the_exact_counts(part, more, rest, rule):
    made = press(rule)
    base = made.people("c", "C", part + more + rest, RECIPE)
    one, other = made.people("a", "A", part, RECIPE), made.people("b", "B", more, RECIPE)
    lowest, highest = made.lowest("l", one, base), made.highest("h", (one, other), base)
    if part + more + rest <= made.rule.small_to:
        assert (lowest.shown, highest.shown) == ("not available", "not available")
    else:
        assert lowest.released.value <= part / (part + more + rest) + 1e-12
        assert highest.released.value >= (part + more) / (part + more + rest) - 1e-12


@given(exact=st.integers(0, 3000), rule=st.sampled_from(RULES))
def test_the_ends_of_a_published_count_are_exactly_the_counts_published_alike(exact, rule):
    made = press(rule)
    shown = made.people("a", "A", exact, RECIPE)
    low, high = made.ends(shown)
    alike = [
        n for n in range(max(0, exact - 12), exact + 13) if press(rule).people("n", "N", n, RECIPE).shown == shown.shown
    ]
    assert (low, high) == (min(alike), max(alike))


@given(part=COUNTS, more=COUNTS, rest=COUNTS, rule=st.sampled_from(RULES))
def test_shares_give_nothing_away_beyond_the_published_counts(part, more, rest, rule):
    """Other exact counts that are published the same way have the same shares."""

    def shares(exacts):
        made = press(rule)
        a, b, c = (made.people(name, name, exact, RECIPE) for name, exact in zip("abc", exacts, strict=True))
        found = [
            made.share("s", a, c),
            made.share("s", a, c, less=b),
            made.lowest("s", a, c),
            made.highest("s", (a, b), c),
        ]
        return (a.shown, b.shown, c.shown), [each.shown for each in found], [made.ends(each) for each in (a, b, c)]

    exacts = (part, more, part + more + rest)
    shown, found, ends = shares(exacts)
    for end in (0, 1):
        assert shares([each[end] for each in ends])[:2] == (shown, found)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("small", [1, 4, 7])
def test_a_small_count_has_no_share_and_is_no_base(rule, small):
    made = press(rule)
    part, base = made.people("part", "P", small, RECIPE), made.people("base", "B", 400, RECIPE)
    for share in (
        made.share("s", part, base),
        made.share("s", base, part),
        made.lowest("s", part, part),
        made.highest("s", (part,), part),
    ):
        assert share.shown == "not available"
    made_of_range = made.lowest("s", part, base), made.highest("s", (part,), base)
    assert [each.released.value for each in made_of_range] == pytest.approx(
        [made.rule.small_from / 402, made.rule.small_to / 398]
    )


def test_a_share_that_is_not_available_leaves_no_empty_brackets():
    made = press()
    part, base = made.people("part", "P", 3, RECIPE), made.people("base", "B", 400, RECIPE)
    assert in_brackets("x", made.share("s", part, base)) == ""
    assert in_brackets("x", made.share("s", base, base)) == " ({{%x}})"


def test_counts_of_agencies_stand_as_they_are_under_a_rule_of_their_own():
    made = press()
    number = made.institutions("agencies", "Agencies", 3, Recipe("responses", {}, "agency"))
    assert (number.shown, number.released.rule) == ("3", "institutions_exact")


def test_numbers_are_taken_out_of_sentences_of_earlier_stages():
    text = "It would give fewer children than the 1,263 already there; 95% limits."
    assert without_numbers(text, frozenset({"95"})) == (
        "It would give fewer children than the [not shown] already there; 95% limits."
    )
