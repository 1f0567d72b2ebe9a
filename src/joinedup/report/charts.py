"""Charts drawn on the server from published values: bars of counts, and intervals. The same values give the same bytes."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair
import vl_convert

KNOWN_COLOUR = "#1d5f8a"
UNKNOWN_COLOUR = "#d9dde0"
INK = "#1b1f23"
VEGA_LITE = "v6_1"
LONGEST_LINE = 18
"""Letters of a label on one line; a longer one goes on over the next."""
TEXT_SIZE = 15
LINE_HEIGHT = 17
LETTER = 8.5
"""Pixels of a letter at TEXT_SIZE, in the widest usual sans-serif font."""
WIDER_LETTER = 1.5
"""How many pixels a letter of a label is wider in that font than in Arial."""
PLOT_WIDTH = 220
"""In pixels: with labels and numbers about as wide as a small screen, so that it is shrunk little or not at all."""
SMALLEST = 0.65
"""To how much of its size a chart may shrink before it scrolls sideways: text smaller than that cannot be read."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its panel and category, the published value (empty where a sign stands for it), and the text at its end."""

    panel: str
    category: str
    value: float | None
    shown: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """One interval: its category, published ends, an optional mark between, and the text at its end."""

    category: str
    lower: float
    upper: float
    shown: str
    mark: float | None = None


def bar_chart(name: str, bars: Sequence[Bar], axis: str) -> str:
    """Horizontal bars in panels, one below the other; what is not known stands grey and dashed, as its own bar.

    Categories stand in the order in which they are first given.
    """
    written = _written([bar.category for bar in bars])
    categories = list(dict.fromkeys(written.values()))
    panels = list(dict.fromkeys(bar.panel for bar in bars))
    rows = [
        {
            "panel": bar.panel,
            "category": written[bar.category],
            "value": bar.value or 0.0,
            "shown": bar.shown,
            "known": bar.known,
        }
        for bar in bars
    ]
    base = altair.Chart(altair.InlineData(values=rows)).encode(
        y=altair.Y("category:N", sort=categories, title=None, axis=_labelled(categories)),
        x=altair.X(
            "value:Q",
            title=axis,
            axis=altair.Axis(tickCount=4, format=",d", labelFlush=False),
            scale=altair.Scale(nice=True),
        ),
    )
    drawn = base.mark_bar(height={"band": 0.72}, strokeWidth=1).encode(
        color=_known_or_not(KNOWN_COLOUR, UNKNOWN_COLOUR),
        stroke=_known_or_not(KNOWN_COLOUR, INK),
        strokeDash=altair.condition("datum.known", altair.value([1, 0]), altair.value([3, 2])),
    )
    labels = base.mark_text(align="left", dx=5, color=INK, fontSize=TEXT_SIZE).encode(text="shown:N")
    height = sum(_height(each, 9) for each in categories)
    layered = (drawn + labels).properties(width=PLOT_WIDTH, height=height)
    chart: Any = layered
    if len(panels) > 1 or panels[0]:
        header = altair.Header(title=None, labelOrient="top", labelAnchor="start", labelFontWeight="bold")
        chart = layered.facet(row=altair.Row("panel:N", sort=panels, header=header), spacing=14)
    return as_svg(name, chart, room_after=5 + LETTER * max(len(bar.shown) for bar in bars))


def span_chart(name: str, spans: Sequence[Span], axis: str, *, percent: bool = False) -> str:
    """Horizontal intervals on one scale, with a point where a value between the ends is published."""
    written = _written([span.category for span in spans])
    categories = [written[span.category] for span in spans]
    rows = [
        {
            "category": written[span.category],
            "lower": span.lower,
            "upper": span.upper,
            "mark": span.mark,
            "shown": span.shown,
        }
        for span in spans
    ]
    domain = altair.Scale(domain=[0, 1]) if percent else altair.Scale(zero=True, nice=True)
    axis_form = altair.Axis(tickCount=3, labelFlush=False, format=".0%" if percent else ",d")
    base = altair.Chart(altair.InlineData(values=rows)).encode(
        y=altair.Y("category:N", sort=categories, title=None, axis=_labelled(categories))
    )
    line = base.mark_bar(height=10, color=KNOWN_COLOUR, opacity=0.55).encode(
        x=altair.X("lower:Q", title=axis, axis=axis_form, scale=domain), x2="upper:Q"
    )
    ends = [
        base.mark_tick(color=KNOWN_COLOUR, thickness=3, size=20).encode(x=altair.X(f"{end}:Q", scale=domain))
        for end in ("lower", "upper")
    ]
    layers: list[Any] = [line, *ends]
    if any(span.mark is not None for span in spans):
        layers.append(
            base.mark_point(color=INK, filled=True, size=80, opacity=1)
            .transform_filter("isValid(datum.mark)")
            .encode(x=altair.X("mark:Q", scale=domain))
        )
    # Below the bar and not at its end, so that no room is needed right of the plot.
    labels = base.mark_text(align="left", dy=17, color=INK, fontSize=TEXT_SIZE).encode(
        x=altair.value(6), text="shown:N"
    )
    layers.append(labels)
    height = sum(max(54, _height(each, 12)) for each in categories)
    return as_svg(name, altair.layer(*layers).properties(width=PLOT_WIDTH, height=height))


def _known_or_not(known: str, unknown: str) -> Any:
    return altair.condition("datum.known", altair.value(known), altair.value(unknown))


def _labelled(categories: Sequence[str]) -> altair.Axis:
    """An axis of categories, each whole: a long one stands on several lines, about the middle of its place."""
    lines = 1 + max(each.count("\n") for each in categories)
    return altair.Axis(
        labelLimit=0,
        labelExpr="split(datum.label, '\\n')",
        labelLineHeight=LINE_HEIGHT,
        labelOffset=-LINE_HEIGHT * (lines - 1) / 2,
    )


def _written(categories: Sequence[str]) -> dict[str, str]:
    """Each category as it is written beside the axis: on as many lines as the longest takes, in the middle of them."""
    wrapped = {each: textwrap.wrap(each, LONGEST_LINE, break_long_words=False) or [each] for each in categories}
    most = max(len(lines) for lines in wrapped.values())
    spare = {each: most - len(lines) for each, lines in wrapped.items()}
    return {
        each: "\n".join([" "] * (spare[each] // 2) + lines + [" "] * (spare[each] - spare[each] // 2))
        for each, lines in wrapped.items()
    }


def _height(category: str, around: int) -> int:
    """Pixels of one category: its lines, and what is left free around them."""
    return LINE_HEIGHT * (1 + category.count("\n")) + around


def as_svg(name: str, chart: Any, *, room_after: float = 16) -> str:
    """The chart as an SVG that stands in a page with others: ids of its own, sized by the page, one picture to a reader.

    `room_after` is how many pixels texts need that stand right of the plot.
    """
    specification = chart.configure(
        font="Arial, Helvetica, sans-serif",
        background="#ffffff",
        padding={"left": 4, "right": math.ceil(room_after), "top": 4, "bottom": 4},
        axis=altair.AxisConfig(
            labelFontSize=TEXT_SIZE,
            titleFontSize=TEXT_SIZE,
            labelColor=INK,
            titleColor=INK,
            titleFontWeight="normal",
            gridColor="#e3e6e8",
            domainColor=INK,
        ),
        header=altair.HeaderConfig(labelFontSize=TEXT_SIZE, labelColor=INK),
        view=altair.ViewConfig(stroke=None),
    ).to_dict()
    drawn = vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE)
    drawn = re.sub(r'\s(?:role|aria-[a-z]+)="[^"]*"', "", drawn)
    drawn = re.sub(r'(?<=\sid=")([^"]+)', rf"{name}-\1", drawn)
    drawn = re.sub(r"(?<=url\(#)([^)]+)", rf"{name}-\1", drawn)
    view = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn)
    width, height = (float(each) for each in view.groups()) if view else (500.0, 300.0)
    before = _room_before(drawn)
    wide = width + before
    opening = f'<svg class="chart" focusable="false" style="max-width:{wide:g}px;min-width:{SMALLEST * wide:.0f}px"'
    box = f'viewBox="{-before:g} 0 {wide:g} {height:g}"'
    return re.sub(r"<svg [^>]*>", f'{opening} xmlns="http://www.w3.org/2000/svg" {box}>', drawn, count=1)


def _room_before(drawn: str) -> float:
    """Pixels to add left of a chart for labels that end at its axis, drawn in a wider font than they were measured in.

    Labels are measured in Arial's widths; where a reader's machine has none, the font it takes can be a pixel wider a letter.
    """
    labels = re.findall(r'<text text-anchor="end"[^>]*>(.*?)</text>', drawn, flags=re.DOTALL)
    lines = [line for label in labels for line in re.split(r"<[^>]*>", label)]
    return math.ceil(WIDER_LETTER * max(map(len, lines), default=0))
