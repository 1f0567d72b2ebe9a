from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.audit.sample import compare, draw, finding
from joinedup.registry.audit_form import ANSWERS, FINDING, questions
from joinedup.stats.intervals import wilson


@given(st.sets(st.text("abc", min_size=1), max_size=20), st.integers(1, 30), st.integers(0, 5))
def test_a_sample_is_drawn_once_each_and_by_its_seed_alone(names, size, seed):
    drawn = draw(sorted(names), size, seed)
    assert len(drawn) == len(set(drawn)) == min(size, len(names))
    assert drawn == draw(sorted(names, reverse=True), size, seed)


def test_every_lead_has_the_same_chance():
    names = [f"w{number}" for number in range(10)]
    hits = dict.fromkeys(names, 0)
    for seed in range(400):
        for name in draw(names, 3, seed):
            hits[name] += 1
    assert all(85 <= number <= 155 for number in hits.values())


def test_the_share_is_over_what_both_decided_and_the_bounds_take_the_rest_either_way():
    answers = ["yes"] * 6 + ["no"] * 2 + ["cannot tell", "yes"]
    other = ["yes"] * 6 + ["no"] * 2 + ["cannot tell", "no"]
    first, second = (
        {f"w{number:02d}": {FINDING: answer} for number, answer in enumerate(given)} for given in (answers, other)
    )
    led = finding(compare(first, second))
    assert (led.share.yes, led.share.decided, led.share.cases, led.share.bounds) == (6, 8, 10, (0.6, 0.8))
    assert led.share.limits == wilson(6, 8)
    assert led.differ == ("w09",)
    # By hand: nine of ten agree; by chance (7*6 + 2*3 + 1*1)/100 = 0.49; kappa 0.41/0.51.
    assert led.agreement.kappa == pytest.approx(0.41 / 0.51)


def test_a_lead_only_one_reader_answered_counts_for_nothing():
    assert compare({"w1": {FINDING: "yes"}}, {"w2": {FINDING: "yes"}}) == []
    assert compare({"w1": {FINDING: "yes"}}, {"w1": {FINDING: ""}}) == []


def test_the_form_asks_the_finding_last_and_gives_every_question_a_source():
    assert list(questions())[-1] == FINDING
    assert all(one.source for one in questions().values())
    assert len(ANSWERS) == 3
