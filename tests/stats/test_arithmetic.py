"""Percentages recomputed: what was computed agrees, what was not does not, and rounding is carried through."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from joinedup.stats.arithmetic import Stated, percentages, recompute


@given(st.integers(1, 10**6), st.data(), st.integers(0, 2))
def test_what_was_computed_agrees_and_its_base_is_among_those_implied(base, data, decimals):
    count = data.draw(st.integers(0, base))
    percent = f"{100 * count / base:.{decimals}f}"
    found = recompute(Stated("s", percent, count, base))
    assert found.holds
    assert found.implied[0] <= base <= found.implied[1]


@given(st.integers(100, 10**6), st.data())
def test_a_percentage_off_by_more_than_its_rounding_does_not_agree(base, data):
    count = data.draw(st.integers(1, base))
    off = data.draw(st.floats(0.51, 30))
    percent = f"{100 * count / base + off:.2f}"
    assert recompute(Stated("s", percent, count, base)).holds is False


@given(st.integers(200, 10**5), st.data())
def test_counts_rounded_before_printing_are_allowed_for(base, data):
    count = data.draw(st.integers(10, base))
    shown = Stated("s", f"{100 * count / base:.0f}", 5 * round(count / 5), 5 * round(base / 5))
    assert recompute(shown, rounded_to=5).holds


def test_a_base_of_nobody_never_agrees():
    assert recompute(Stated("s", "10", 5, 0)).holds is False


def test_forms_in_which_percentages_are_written():
    text = "12 of 48 children (25%) were seen. 10 (20%) were not. Of 1,200 asked, 9 per cent (108) answered."
    assert [(each.percent, each.count, each.base) for each in percentages(text)] == [
        ("25", 12, 48),
        ("20", 10, None),
        ("9", 108, None),
    ]
    assert percentages("no number, 45%, and 3 of 4") == []
