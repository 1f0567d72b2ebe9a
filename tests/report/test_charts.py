"""Charts: the same bytes each time, ids of their own, unknowns drawn apart."""

from __future__ import annotations

import re

from joinedup.report.charts import UNKNOWN_COLOUR, Bar, Span, bar_chart, span_chart

BARS = [Bar("Known", "10-12", 45.0, "45"), Bar("Known", "Not known", None, "c", known=False)]


def test_the_same_values_give_the_same_bytes():
    assert bar_chart("one", BARS, "Children") == bar_chart("one", BARS, "Children")


def test_unknowns_are_grey_and_dashed_and_known_values_are_not():
    drawn = bar_chart("one", BARS, "Children")
    known_only = bar_chart("one", BARS[:1], "Children")
    assert UNKNOWN_COLOUR in drawn
    assert 'stroke-dasharray="3,2"' in drawn
    assert UNKNOWN_COLOUR not in known_only


def test_every_bar_says_its_value():
    texts = re.findall(r">([^<>]+)</text>", bar_chart("one", BARS, "Children"))
    assert {"45", "c", "10-12", "Not known", "Children"} <= set(texts)


def test_a_chart_is_one_picture_and_asks_for_nothing():
    for drawn in (
        bar_chart("one", BARS, "Children"),
        span_chart("two", [Span("All", 0.2, 0.6, "20% to 60%")], "Share", percent=True),
    ):
        opening = drawn[: drawn.index(">")]
        assert opening.count("class=") == 1
        assert not re.search(r"\srole=|\saria-|href=|<image|<script", drawn)
        assert set(re.findall(r'(?:https?:)?//[^"<\s]+', drawn)) == {"http://www.w3.org/2000/svg"}


def test_an_interval_shows_its_ends_and_its_middle():
    drawn = span_chart("two", [Span("Seen", 100, 100, "100"), Span("In all", 150, 300, "150 to 300", 200)], "Children")
    assert "150 to 300" in drawn
    without = span_chart("two", [Span("Seen", 100, 100, "100"), Span("In all", 150, 300, "150 to 300")], "Children")
    assert drawn != without


def test_a_label_left_of_the_axis_has_room_in_a_wider_font():
    """Labels are measured in Arial; in DejaVu Sans, which many machines draw instead, a letter is up to a pixel wider."""
    short, long = (bar_chart("one", [Bar("", name, 5.0, "5")], "Children") for name in ("a", "a label of some length"))
    starts = [float(re.search(r'viewBox="(-[\d.]+) ', drawn).group(1)) for drawn in (short, long)]
    assert starts[1] <= -len("a label of some length") < starts[0] < 0


def test_a_long_label_stands_whole_on_several_lines():
    drawn = span_chart("two", [Span("Saltby and Thornwick Constabulary", 0.2, 0.6, "20% to 60%")], "Share")
    assert "\u2026" not in drawn
    assert [word for word in ("Saltby", "Thornwick", "Constabulary") if word not in drawn] == []
    assert re.findall(r"<tspan[^>]*>([^<]+)</tspan>", drawn)[:2] == ["Saltby and", "Thornwick"]


def test_a_chart_says_how_far_it_may_shrink():
    style = re.search(r"max-width:([\d.]+)px;min-width:([\d.]+)px", bar_chart("one", BARS, "Children"))
    widest, least = float(style.group(1)), float(style.group(2))
    assert 0.6 * widest < least < 296, "a chart of short labels fits a small screen"
