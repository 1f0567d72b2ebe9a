from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.stats.claims import figures, judge

COUNTS = st.integers(0, 6)
CLAIMS = st.sampled_from(
    [f"{form} {sign} {limit}" for form in ("share a", "ratio a / b", "ratio a to 25%") for sign in (">=", ">", "<=", "<")
     for limit in ("0.25", "0.5", "2")] + ["a > b", "a <= b", "majority a"]
)  # fmt: skip


def true_of(claim: str, a: int, b: int, base: int) -> bool | None:
    """The claim worked out anew, in whole numbers, for known values; None where it has no value."""
    words = claim.split()
    if words[0] == "majority":
        return 2 * a > base
    sign, last = words[-2], words[-1]
    holds = {">=": int.__ge__, ">": int.__gt__, "<=": int.__le__, "<": int.__lt__}[sign]
    if words[0] == "a":
        return holds(a, b)
    hundredths = round(100 * float(last))
    if words[0] == "share":
        return holds(100 * a, hundredths * base)
    if "to" in words:
        return holds(400 * a, hundredths * base)
    return holds(100 * a, hundredths * b) if b else None


@given(CLAIMS, COUNTS, COUNTS, COUNTS, COUNTS)
def test_verdicts_are_those_of_trying_every_way_the_unknown_can_be(claim, a, b, other, unknown):
    base = a + b + other + unknown
    if not base or (claim.startswith("ratio a / b") and not b):
        return
    tried = {
        true_of(claim, a + more_a, b + more_b, base)
        for more_a, more_b in itertools.product(range(unknown + 1), repeat=2)
        if more_a + more_b <= unknown
    }
    expected = "cannot be told" if len(tried) == 2 else "supported" if True in tried else "contradicted"
    assert judge(claim, figures(f"a={a},b={b},other={other},unknown={unknown}")).verdict == expected


@pytest.mark.parametrize(
    "text", ["", "a", "a=1,a=2", "a=1.5", "a=1,b=20%", "a=60%,b=60%", "a=-1", "=3", "a=20%,other=20%"]
)
def test_figures_that_cannot_be_are_refused(text):
    with pytest.raises(ValueError, match=r"."):
        figures(text)


@pytest.mark.parametrize(
    ("claim", "says"),
    [("asian", "no known form"), ("share unknown > 0.2", "no figure"), ("share x > 0.2", "for: a, b"), ("a > a", "itself"), ("ratio a to 0 > 1", "between 0 and 1")],
)  # fmt: skip
def test_a_claim_that_cannot_be_read_says_what_can(claim, says):
    with pytest.raises(ValueError, match=says):
        judge(claim, figures("a=1,b=2,unknown=3"))


def test_nobody_is_no_base():
    with pytest.raises(ValueError, match="nobody"):
        judge("majority a", figures("a=0,unknown=0"))


def test_what_would_settle_it_counts_those_it_turns_on():
    answer = judge("share asian >= 0.5", figures("asian=239,white=460,unknown=241"))
    assert "231 or more of the 241" in answer.settled_by
    assert "Nothing more" in judge("white > asian", figures("asian=1,white=9,unknown=2")).settled_by
