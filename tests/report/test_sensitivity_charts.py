"""Charts of what an estimate turns on: the same bytes each time, areas that are shares, and texts that say the numbers."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.report.sensitivity_charts import (
    Limits,
    Line,
    Moved,
    limits_chart,
    moved_chart,
    replicate_bars,
    replicate_chart,
    tie_chart,
)

MOVED = [Moved("Without police", 410.0, "410"), Moved("Without charity's list", 850.0, "850")]
QUANTILES = [(0.025, 470.0), (0.1, 500.0), (0.5, 590.0), (0.9, 720.0), (0.975, 810.0)]


def texts(drawn):
    return set(re.findall(r">([^<>]+)</text>", drawn))


def charts():
    return [
        moved_chart("moved", MOVED, 590.0, "Children"),
        limits_chart("limits", [Limits("Police", 170.0, 140.0, None, "140 to no upper limit", 225.0)], "Children"),
        tie_chart("ties", [Line("All lists", ((0.5, 400.0), (1.0, 450.0), (2.0, 550.0)))], "Children"),
        replicate_chart("drawn", QUANTILES, [Moved("as it is:", 590.0, "590")], "Children"),
    ]


def test_the_same_values_give_the_same_bytes_and_one_picture_that_asks_for_nothing():
    for drawn, again in zip(charts(), charts(), strict=True):
        assert drawn == again
        assert not re.search(r"\srole=|\saria-|href=|<image|<script", drawn)
        assert set(re.findall(r'(?:https?:)?//[^"<\s]+', drawn)) == {"http://www.w3.org/2000/svg"}


def test_what_is_otherwise_and_what_it_comes_to_stand_beside_the_point():
    moved, limits, ties, drawn = map(texts, charts())
    assert {"Without police", "410", "850", "Without charity\u2019s list"} <= moved
    assert "140 to no upper limit" in limits
    assert {"All lists", "0.50", "2.00", "Assumed odds ratio"} <= ties
    assert "as it is: 590" in drawn


@given(
    st.lists(st.integers(10, 500).map(float), min_size=2, max_size=11).filter(lambda each: len(set(each)) > 1),
    st.booleans(),
)
def test_the_area_of_all_bars_is_the_share_between_the_first_and_the_last(totals, logarithms):
    shares = [(place + 1) / (len(totals) + 1) for place in range(len(totals))]
    bars = replicate_bars(list(zip(shares, sorted(totals), strict=True)), logarithms=logarithms)
    place = math.log if logarithms else float
    area = sum(height * (place(high) - place(low)) for low, high, height in bars)
    assert area == pytest.approx(shares[-1] - shares[0])
    assert all(before[1] == after[0] for before, after in pairwise(bars))
