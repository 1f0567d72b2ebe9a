from __future__ import annotations

import re

from joinedup.report.process_charts import Body, funnel_chart, quarters_chart, taken_chart

MET = (75, 78, 74, 76, 77, 73, 75, 76, 74, 75, 77)
BODIES = [*(Body(f"Force {place}", 100, met) for place, met in enumerate(MET)), Body("West", 90, 20)]


def test_a_funnel_names_who_lies_beyond_its_limits_and_numbers_its_points():
    drawn = funnel_chart("funnel-x", BODIES, "Share")
    assert drawn.outside == ("West",)
    written = [number for text in re.findall(r">([\d, ]+)<", drawn.svg) for number in text.split(", ")]
    assert {str(number) for number in range(1, 13)} <= set(written)
    assert "West" not in drawn.svg
    assert drawn.svg == funnel_chart("funnel-x", BODIES, "Share").svg


def test_agencies_that_differ_by_chance_alone_lie_within():
    alike = [Body(name, 100, met) for name, met in (("a", 70), ("b", 74), ("c", 69), ("d", 72))]
    drawn = funnel_chart("funnel-y", alike, "Share")
    assert (drawn.outside, drawn.dispersion) == ((), 1.0)


def test_a_line_of_steps_taken_and_its_clock_are_drawn():
    svg = taken_chart("taken-x", [(0, 0), (36, 40), (72, 60), (144, 70)], 72, "Hours")
    assert svg.startswith("<svg")
    assert "Hours since the clock began" in svg


def test_a_quarter_beyond_chance_is_told():
    quarters = [
        (f"2009 Q{number}", share)
        for number, share in enumerate([0.70, 0.72, 0.71, 0.69, 0.7, 0.71, 0.72, 0.3], start=1)
    ]
    drawn = quarters_chart("quarters-x", quarters, "Share")
    assert ("2009 Q8", "outside") in drawn.signals
    assert quarters_chart("quarters-y", quarters[:7], "Share").signals == ()


def test_agencies_at_one_place_share_one_label():
    same = [Body("a", 15, 5), Body("b", 15, 5), Body("c", 60, 20)]
    drawn = funnel_chart("funnel-z", same, "Share")
    assert ">1, 2<" in drawn.svg
    assert ">2<" not in drawn.svg
