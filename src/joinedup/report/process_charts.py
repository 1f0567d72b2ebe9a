"""Charts of the processes chapter: a funnel of agencies, a curve of steps taken, and quarters with what chance explains.

Drawn from published values alone, so that no chart gives away what its table withholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair
import numpy as np

from joinedup.report.charts import INK, KNOWN_COLOUR, PLOT_WIDTH, TEXT_SIZE, as_svg
from joinedup.stats.funnel import INNER, OUTER, funnel, funnel_limits
from joinedup.stats.series import control_chart

LIMIT_COLOUR = "#8a949c"
OUTSIDE_COLOUR = "#b5451b"
HEIGHT = 240
WIDTH = PLOT_WIDTH + 40
NEAR = 16
"""Pixels between two points within which their numbers would lie over one another."""


@dataclass(frozen=True, slots=True)
class Body:
    """One agency in a funnel: its name, how many cases the record can tell of, and how many of them were met, as published."""

    name: str
    base: int
    met: int


@dataclass(frozen=True)
class FunnelDrawn:
    """A funnel, and what it shows: the common share, the dispersion, and the agencies outside the outer limits."""

    svg: str
    common: float
    dispersion: float
    outside: tuple[str, ...]


def funnel_chart(name: str, bodies: Sequence[Body], axis: str) -> FunnelDrawn:
    """Agencies as points by size, numbered as given, with exact binomial limits about the share of all together, widened where all differ more.

    Outside means beyond the outer limit and at a false discovery rate of 5% over the agencies drawn.
    """
    found = funnel(np.array([body.met for body in bodies]), np.array([body.base for body in bodies]))
    beyond = (found.share < found.outer_lower) | (found.share > found.outer_upper)
    outside = beyond & (found.adjusted <= 0.05)
    most = max(body.base for body in bodies)
    written = _numbers(
        [(body.base / most * WIDTH, float(share) * HEIGHT) for body, share in zip(bodies, found.share, strict=True)]
    )
    points = [
        {"number": number, "base": body.base, "share": float(share), "outside": bool(out)}
        for body, number, share, out in zip(bodies, written, found.share, outside, strict=True)
    ]
    sizes = np.unique(
        np.round(np.geomspace(max(2, min(body.base for body in bodies) // 2), 1.15 * most, 60)).astype(int)
    )
    lines = []
    for level, side in ((INNER, "95%"), (OUTER, "99.8%")):
        for size in sizes.tolist():
            low, high = funnel_limits(size, found.common, level, found.dispersion)
            lines += [
                {"base": size, "limit": low, "line": f"{side} low"},
                {"base": size, "limit": high, "line": f"{side} high"},
            ]
    across = altair.X(
        "base:Q",
        title="Cases the record can tell of",
        scale=altair.Scale(zero=True, nice=True),
        axis=altair.Axis(tickCount=4, format=",d", grid=False),
    )
    up = altair.Scale(domain=[0, 1])
    limits = altair.Chart(altair.InlineData(values=lines)).mark_line(color=LIMIT_COLOUR, strokeWidth=1.2).encode(
        x=across, y=altair.Y("limit:Q", title=axis, scale=up, axis=altair.Axis(format=".0%", tickCount=5)), detail="line:N",
        strokeDash=altair.condition("indexof(datum.line, '99.8') >= 0", altair.value([5, 3]), altair.value([1, 0])),
    )  # fmt: skip
    middle = (
        altair.Chart(altair.InlineData(values=[{"common": found.common}]))
        .mark_rule(color=INK, strokeWidth=1)
        .encode(y=altair.Y("common:Q", scale=up))
    )
    base = altair.Chart(altair.InlineData(values=points)).encode(x=across, y=altair.Y("share:Q", scale=up))
    marks = base.mark_point(filled=True, size=70, opacity=1).encode(
        color=altair.condition("datum.outside", altair.value(OUTSIDE_COLOUR), altair.value(KNOWN_COLOUR)),
        shape=altair.condition("datum.outside", altair.value("diamond"), altair.value("circle")),
    )
    names = base.mark_text(align="center", dy=-13, color=INK, fontSize=TEXT_SIZE).encode(text="number:N")
    drawn: Any = altair.layer(limits, middle, marks, names).properties(width=WIDTH, height=HEIGHT)
    return FunnelDrawn(
        as_svg(name, drawn), found.common, found.dispersion, tuple(body.name for body, out in zip(bodies, outside, strict=True) if out)
    )  # fmt: skip


def _numbers(places: Sequence[tuple[float, float]]) -> list[str]:
    """What stands over each point: its number, and where points lie on one another the numbers of all at the first of them.

    >>> _numbers([(10.0, 50.0), (200.0, 50.0), (12.0, 51.0)])
    ['1, 3', '2', '']
    """
    firsts: list[int] = []
    together: dict[int, list[str]] = {}
    for place, (across, up) in enumerate(places):
        near = [each for each in firsts if abs(places[each][0] - across) < NEAR and abs(places[each][1] - up) < NEAR]
        first = near[0] if near else place
        if not near:
            firsts.append(place)
        together.setdefault(first, []).append(str(place + 1))
    return [", ".join(together.get(place, [])) for place in range(len(places))]


def taken_chart(name: str, points: Sequence[tuple[float, float]], clock: float, unit: str) -> str:
    """The share of steps taken over time as a stepped line, with the clock as an upright line; `points` are time and percent."""
    rows = [{"after": after, "taken": percent / 100} for after, percent in points]
    across = altair.X(
        "after:Q", title=f"{unit} since the clock began", axis=altair.Axis(tickCount=5, format=",d", grid=False)
    )
    up = altair.Y(
        "taken:Q", title="Steps taken", scale=altair.Scale(domain=[0, 1]), axis=altair.Axis(format=".0%", tickCount=5)
    )
    base = altair.Chart(altair.InlineData(values=rows)).encode(x=across, y=up)
    line = base.mark_line(color=KNOWN_COLOUR, strokeWidth=2.5, interpolate="linear")
    dots = base.mark_point(filled=True, color=KNOWN_COLOUR, size=45, opacity=1)
    mark = (
        altair.Chart(altair.InlineData(values=[{"clock": clock}]))
        .mark_rule(color=OUTSIDE_COLOUR, strokeDash=[5, 3])
        .encode(x=altair.X("clock:Q"))
    )
    return as_svg(name, altair.layer(mark, line, dots).properties(width=WIDTH, height=HEIGHT - 40))


@dataclass(frozen=True)
class QuartersDrawn:
    """An XmR chart, and the quarters in it that chance does not explain, each with its signal."""

    svg: str
    signals: tuple[tuple[str, str], ...]


def quarters_chart(name: str, quarters: Sequence[tuple[str, float]], axis: str) -> QuartersDrawn:
    """Shares by quarter in order of time, with the mean and the limits of what chance explains (mean moving range)."""
    values = np.array([share for _, share in quarters])
    chart = control_chart(values)
    rows = [
        {"quarter": quarter, "share": share, "signal": bool(signal)}
        for (quarter, share), signal in zip(quarters, chart.signals, strict=True)
    ]
    order = [quarter for quarter, _ in quarters]
    across = altair.X("quarter:N", sort=order, title=None, axis=altair.Axis(labelAngle=-60, labelFontSize=12))
    up = altair.Scale(domain=[0, 1])
    base = altair.Chart(altair.InlineData(values=rows)).encode(
        x=across, y=altair.Y("share:Q", title=axis, scale=up, axis=altair.Axis(format=".0%", tickCount=5))
    )
    line = base.mark_line(color=KNOWN_COLOUR, strokeWidth=2)
    dots = base.mark_point(filled=True, size=60, opacity=1).encode(
        color=altair.condition("datum.signal", altair.value(OUTSIDE_COLOUR), altair.value(KNOWN_COLOUR)),
        shape=altair.condition("datum.signal", altair.value("diamond"), altair.value("circle")),
    )
    levels = [(chart.mean, [1, 0]), (max(0.0, chart.lower), [5, 3]), (min(1.0, chart.upper), [5, 3])]
    rules = [
        altair.Chart(altair.InlineData(values=[{"level": level}]))
        .mark_rule(color=LIMIT_COLOUR, strokeDash=dash)
        .encode(y=altair.Y("level:Q", scale=up))
        for level, dash in levels
    ]
    drawn: Any = altair.layer(*rules, line, dots).properties(width=WIDTH, height=HEIGHT - 40)
    found = tuple((quarter, signal) for quarter, signal in zip(order, chart.signals, strict=True) if signal)
    return QuartersDrawn(as_svg(name, drawn), found)
