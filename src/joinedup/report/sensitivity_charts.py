"""Charts of what an estimate turns on, drawn from published values: totals moved, totals against a tie, and replicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import altair

from joinedup.report.charts import INK, KNOWN_COLOUR, PLOT_WIDTH, as_svg

_QUIET = "#8a949b"
_LINES = ("#1d5f8a", "#b3541e", "#4d7c3a", "#7a4b8c", "#8c2f45", "#55605a")
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [12, 4], [4, 4])
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
MOST_TIES = len(_LINES)
_WIDE = 8.0
"""How many times the lowest total the highest must be for an axis of logarithms."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One total with one thing otherwise: what is otherwise, the published value, and the text beside its point."""

    category: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Line:
    """The total against an assumed odds ratio: what is tied, and the published totals by odds ratio."""

    category: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """A published total with its limits, none for no upper one, the text beside it, and the truth where it is known."""

    category: str
    estimate: float
    lower: float
    upper: float | None
    shown: str
    truth: float | None = None


def moved_chart(name: str, moved: Sequence[Moved], base: float, axis: str) -> str:
    """Points, each joined to the total with nothing otherwise, which is the line from top to bottom."""
    rows = [
        {"place": str(place), "category": each.category, "value": each.value, "shown": each.shown, "base": base}
        for place, each in enumerate(moved)
    ]
    scale = _scale([base, *(each.value for each in moved)])
    labels = altair.Axis(labelLimit=0, labelExpr=_labels([each.category for each in moved]))
    drawn = altair.Chart(altair.InlineData(values=rows)).encode(
        y=altair.Y("place:N", sort=_places(rows), title=None, axis=labels)
    )
    across = altair.X("value:Q", title=axis, scale=scale, axis=_people(scale))
    joined = drawn.mark_rule(color=_QUIET, strokeWidth=3).encode(x=altair.X("base:Q", scale=scale), x2="value:Q")
    points = drawn.mark_point(color=KNOWN_COLOUR, filled=True, size=80, opacity=1).encode(x=across)
    texts = drawn.mark_text(align="left", color=INK, fontSize=13).encode(x=altair.value(PLOT_WIDTH + 8), text="shown:N")
    line = altair.Chart(altair.InlineData(values=[{"base": base}])).mark_rule(color=INK)
    layers = altair.layer(joined, points, texts, line.encode(x=altair.X("base:Q", scale=scale)))
    return as_svg(name, layers.properties(width=PLOT_WIDTH, height=24 * len(rows)))


def limits_chart(name: str, rows: Sequence[Limits], axis: str) -> str:
    """Totals as points between their limits, and the truth as an upright stroke; limits without an upper end run to the edge."""
    ends = [each.lower for each in rows] + [each.upper for each in rows if each.upper is not None]
    ends += [each.estimate for each in rows] + [each.truth for each in rows if each.truth is not None]
    scale = _scale(ends)
    far = scale.domain[1]
    held = [
        {
            "place": str(place),
            "estimate": each.estimate,
            "lower": each.lower,
            "upper": far if each.upper is None else each.upper,
            "truth": each.truth,
            "shown": each.shown,
        }
        for place, each in enumerate(rows)
    ]
    labels = altair.Axis(labelLimit=0, labelExpr=_labels([each.category for each in rows]))
    drawn = altair.Chart(altair.InlineData(values=held)).encode(
        y=altair.Y("place:N", sort=_places(held), title=None, axis=labels)
    )
    across = altair.X("lower:Q", title=axis, scale=scale, axis=_people(scale))
    span = drawn.mark_bar(height=10, color=KNOWN_COLOUR, opacity=0.45).encode(x=across, x2="upper:Q")
    point = drawn.mark_point(color=KNOWN_COLOUR, filled=True, size=80, opacity=1).encode(
        x=altair.X("estimate:Q", scale=scale)
    )
    texts = drawn.mark_text(align="left", color=INK, fontSize=13).encode(x=altair.value(PLOT_WIDTH + 8), text="shown:N")
    layers = [span, point, texts]
    if any(each.truth is not None for each in rows):
        known = drawn.transform_filter("isValid(datum.truth)").mark_tick(color=INK, thickness=3, size=22)
        layers.append(known.encode(x=altair.X("truth:Q", scale=scale)))
    return as_svg(name, altair.layer(*layers).properties(width=PLOT_WIDTH, height=34 * len(rows)))


def tie_chart(name: str, lines: Sequence[Line], axis: str) -> str:
    """Totals against assumed odds ratios, a line for each tie, told apart by colour, dashes and the shape of points."""
    rows = [
        {"tie": line.category, "odds": odds, "total": total}
        for line in lines[:MOST_TIES]
        for odds, total in line.points
    ]
    order = [line.category for line in lines[:MOST_TIES]]
    ticks = sorted({float(str(row["odds"])) for row in rows})
    legend = altair.Legend(
        title=None, orient="bottom", direction="vertical", labelLimit=300, labelFontSize=13, symbolSize=80
    )
    # One legend is made of three only where their domains are the same and given.
    colours = altair.Scale(domain=order, range=list(_LINES[: len(order)]))
    dashes = altair.Scale(domain=order, range=list(_DASHES[: len(order)]))
    shapes = altair.Scale(domain=order, range=list(_SHAPES[: len(order)]))
    drawn = altair.Chart(altair.InlineData(values=rows)).encode(
        x=altair.X(
            "odds:Q",
            title="Assumed odds ratio",
            scale=altair.Scale(type="log", domain=[ticks[0] / 1.08, ticks[-1] * 1.08], nice=False),
            axis=altair.Axis(values=ticks, format=".2f", grid=False),
        ),
        y=altair.Y(
            "total:Q", title=axis, scale=altair.Scale(zero=False, nice=True), axis=altair.Axis(format=",d", tickCount=5)
        ),
        color=altair.Color("tie:N", scale=colours, legend=legend),
        strokeDash=altair.StrokeDash("tie:N", scale=dashes, legend=legend),
        shape=altair.Shape("tie:N", scale=shapes, legend=legend),
    )
    layers = drawn.mark_line(strokeWidth=2) + drawn.mark_point(filled=True, size=60, opacity=1)
    return as_svg(name, layers.properties(width=PLOT_WIDTH, height=220))


def replicate_chart(name: str, quantiles: Sequence[tuple[float, float]], marks: Sequence[Moved], axis: str) -> str:
    """How replicates lie, from the totals that given shares of them come to at most: bars whose area is the share between two.

    `quantiles`: shares and totals, both rising, two totals at least. `marks` are lines.
    """
    scale = _scale([*(total for _, total in quantiles), *(mark.value for mark in marks)])
    bars = [
        {"from": low, "to": high, "height": height}
        for low, high, height in replicate_bars(quantiles, logarithms=scale.type == "log")
    ]
    across = altair.X("from:Q", title=axis, scale=scale, axis=_people(scale))
    drawn = (
        altair.Chart(altair.InlineData(values=bars))
        .mark_bar(color=KNOWN_COLOUR, opacity=0.55, stroke="#ffffff", strokeWidth=0.5)
        .encode(x=across, x2="to:Q", y=altair.Y("height:Q", title=None, axis=None), y2=altair.datum(0))
    )
    lines = [{"at": mark.value, "said": f"{mark.category} {mark.shown}"} for mark in marks]
    base = altair.Chart(altair.InlineData(values=lines)).encode(x=altair.X("at:Q", scale=scale))
    rules = base.mark_rule(color=INK, strokeWidth=2)
    texts = base.mark_text(dy=-8, color=INK, fontSize=13).encode(y=altair.value(0), text="said:N")
    return as_svg(name, altair.layer(drawn, rules, texts).properties(width=PLOT_WIDTH, height=150))


def replicate_bars(
    quantiles: Sequence[tuple[float, float]], *, logarithms: bool = False
) -> list[tuple[float, float, float]]:
    """Bars from one total to the next, and how high: over what they span, on a scale of logarithms if so, their area is their share.

    Shares that come to the same total end in the bar before it, the first ones in the bar after.

    >>> replicate_bars([(0.1, 500.0), (0.5, 510.0), (0.9, 530.0)])
    [(500.0, 510.0, 0.04), (510.0, 530.0, 0.02)]
    """
    place = log if logarithms else float
    kept = [quantiles[0]]
    for share, total in quantiles[1:]:
        if total > kept[-1][1]:
            kept.append((share, total))
        elif len(kept) > 1:
            kept[-1] = (share, total)
    return [(low, high, (until - since) / (place(high) - place(low))) for (since, low), (until, high) in pairwise(kept)]


def _scale(values: Sequence[float]) -> altair.Scale:
    """From the lowest to the highest with room at both ends; of logarithms where they are far apart."""
    low, high = min(values), max(values)
    if low > 0 and high > _WIDE * low:
        return altair.Scale(type="log", domain=[low / 1.1, high * 1.1], nice=False)
    room = 0.06 * (high - low) or 1.0
    return altair.Scale(type="linear", domain=[max(0.0, low - room), high + room], nice=False)


def _people(scale: altair.Scale) -> altair.Axis:
    if scale.type != "log":
        return altair.Axis(tickCount=4, format=",d", labelFlush=False, labelOverlap=True)
    low, high = scale.domain
    values = [one * 10**power for power in range(12) for one in (1, 3) if low <= one * 10**power <= high]
    return altair.Axis(values=values, format=",d", labelFlush=False, labelOverlap=True)


def _places(rows: Sequence[object]) -> list[str]:
    return [str(place) for place in range(len(rows))]


def _labels(categories: Sequence[str]) -> str:
    """An expression that puts the category in the place of its number: two may read alike."""
    quoted = ", ".join("'" + each.replace("\\", "").replace("'", "\u2019") + "'" for each in categories)
    return f"[{quoted}][datum.value]"
