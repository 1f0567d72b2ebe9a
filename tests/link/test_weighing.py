from __future__ import annotations

import numpy as np
import pytest

from joinedup.link.fitting import Size, reference
from joinedup.link.frequencies import STEPS, Frequencies
from joinedup.link.levels import Coding
from joinedup.link.waterfall import page
from joinedup.link.weighing import read, tell
from joinedup.registry.link_model import link_models

CHILDREN = link_models().model("children")
EVEN = np.full(STEPS, 1 / STEPS)
NAMES = Frequencies(np.zeros(0, int), np.zeros(0, int), EVEN, EVEN * 0.005, EVEN, EVEN * 0.005)


def test_what_is_told_adds_up_to_the_pair_s_odds():
    fitted = reference(CHILDREN, {"forename": NAMES, "surname": NAMES}, Size(1000, 400))
    coding = Coding.of(CHILDREN)
    digits = {digit.name: digit.radix for digit in (coding.home, coding.namesakes, *coding.digits)}
    codes = np.array(
        [
            digits["forename"] * 4 + digits["surname"] * 5 + digits["namesakes"] * 3 + digits["sex"] + digits["place"],
            digits["home"] * 2 + digits["forename"] * 27 + digits["date_of_birth"],
        ]
    )
    for line, probability in zip(tell(CHILDREN, fitted, codes), fitted.probability(codes).tolist(), strict=True):
        odds = 2 ** sum(weight.bits for weight in read(line))
        assert odds / (1 + odds) == pytest.approx(probability, rel=0.05)
    first, second = (read(line) for line in tell(CHILDREN, fitted, codes))
    assert [weight.thing for weight in first] == ["prior", "place", "forename", "surname", "sex", "going together"]
    assert (second[0].level, second[1].level) == ("one_home", "different")


def test_a_pair_no_model_scored_has_no_weights():
    assert read("") == read(None) == ()
    assert "No model weighed" in page("t", "x", ())


def test_the_page_stands_alone_and_gives_the_chart_s_figures_as_a_table():
    text = page("Why <A> and B", "They are one person.", read("prior/one_home:-0.2;forename/exact:6.3"))
    assert "<svg" in text
    assert "Why &lt;A&gt; and B" in text
    assert "<td>forename (exact)</td><td>+6.3</td>" in text
    assert "http" not in text.replace("http://www.w3.org", "")
