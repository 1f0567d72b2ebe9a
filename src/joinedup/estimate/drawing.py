"""Charts of one estimate: its methods, the overlaps of its lists, and its replicates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import altair
import numpy as np

COLOUR = "#1d5f8a"
QUIET = "#8a949b"
INK = "#1b1f23"
MOST_PATTERNS = 25
WIDTH = 460
_BINS = 40


class _Row(Protocol):
    """What is drawn of one method."""

    @property
    def method(self) -> str: ...
    @property
    def estimate(self) -> float | None: ...
    @property
    def lower(self) -> float | None: ...
    @property
    def upper(self) -> float | None: ...
    @property
    def chosen(self) -> bool: ...


class Drawable(Protocol):
    """What is drawn of an estimate (a `results.PopulationEstimate`, which imports this room and so is not imported by it)."""

    @property
    def observed(self) -> int: ...  # noqa: D102
    @property
    def on_several(self) -> int: ...  # noqa: D102
    @property
    def lists(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def estimate(self) -> float | None: ...  # noqa: D102
    @property
    def lower(self) -> float | None: ...  # noqa: D102
    @property
    def upper(self) -> float | None: ...  # noqa: D102
    @property
    def level(self) -> float: ...  # noqa: D102
    @property
    def range(self) -> Sequence[_Row]: ...  # noqa: D102
    @property
    def table(self) -> str: ...  # noqa: D102
    @property
    def seed(self) -> int: ...  # noqa: D102
    @property
    def overlaps(self) -> Sequence[tuple[str, int]]: ...  # noqa: D102
    @property
    def totals(self) -> Sequence[float]: ...  # noqa: D102
    @property
    def words(self) -> str: ...  # noqa: D102


def of_result(found: Drawable, kind: str) -> Any:
    """One chart of an estimate: `methods`, `overlaps` or `bootstrap`. Raises ValueError where there is nothing to draw."""
    drawing = {"methods": methods, "overlaps": overlaps, "bootstrap": bootstrap}
    if kind not in drawing:
        raise ValueError(f"there is no chart {kind}; one of {', '.join(drawing)}")
    chart = drawing[kind](found)
    if chart is None:
        raise ValueError(f"this estimate has nothing to draw as {kind}")
    return chart


def methods(found: Drawable) -> Any:
    """Forest plot: each method's total with its limits; the one that leads in colour; the known count as a dashed line."""
    made = [row for row in found.range if row.estimate is not None]
    if not made:
        return None
    ends = [float(found.observed)]
    for row in made:
        ends += [each for each in (row.estimate, row.lower, row.upper) if each is not None]
    scale = scale_of(ends)
    far = max(ends)
    rows = [
        {
            "method": ("lower bound (chao)" if row.method == "chao" else row.method) + (" *" if row.chosen else ""),
            "estimate": row.estimate,
            "lower": row.estimate if row.lower is None else row.lower,
            "upper": (row.estimate if row.lower is None else far) if row.upper is None else row.upper,
            "chosen": row.chosen and found.estimate is not None,
            "shown": f"{row.estimate:,.0f}"
            + (", no upper limit" if row.lower is not None and row.upper is None else ""),
        }
        for row in made
    ]
    order = [str(row["method"]) for row in rows]
    colour = altair.condition("datum.chosen", altair.value(COLOUR), altair.value(QUIET))
    base = altair.Chart(rows_of(rows)).encode(
        y=altair.Y("method:N", sort=order, title=None, axis=altair.Axis(labelLimit=220)), color=colour
    )
    axis = "People in all, known and unseen"
    limits = base.mark_rule(strokeWidth=5, opacity=0.55).encode(x=people_axis("lower:Q", axis, scale), x2="upper:Q")
    points = base.mark_point(filled=True, size=90, opacity=1).encode(x=people_axis("estimate:Q", axis, scale))
    text = base.mark_text(dy=-12, fontSize=12).encode(
        x=people_axis("estimate:Q", axis, scale), text="shown:N", color=altair.value(INK)
    )
    said = f"dashed: {found.observed:,} people known; * leads; limits {nominal(found)}"
    title = altair.TitleParams("What each method says", subtitle=said)
    return altair.layer(limits, points, text, known_line(found, scale)).properties(
        width=WIDTH, height=38 * len(rows), title=title, description=f"What each method says: {found.words}"
    )


def overlaps(found: Drawable) -> Any:
    """UpSet plot: the people of each pattern of lists as bars, the lists of the pattern as dots under it."""
    if not found.overlaps:
        return None
    shown = found.overlaps[:MOST_PATTERNS]
    order = [name for name, _ in shown]
    bars = [{"pattern": name, "people": count} for name, count in shown]
    dots = [
        {"pattern": name, "list": each, "on": each in name.split(" & "), "place": place}
        for name, _ in shown
        for place, each in enumerate(found.lists)
    ]
    spans = [
        {"pattern": name, "first": members[0], "last": members[-1]}
        for name, _ in shown
        if (members := [each for each in found.lists if each in name.split(" & ")])
    ]
    width = max(200, 24 * len(order))
    across = altair.X("pattern:N", sort=order, title=None, axis=None)
    top = altair.Chart(rows_of(bars)).encode(x=across)
    count = altair.Y("people:Q", title="People", axis=altair.Axis(format=",d", tickCount=4))
    bar = top.mark_bar(color=COLOUR).encode(y=count)
    text = top.mark_text(dy=-7, fontSize=11, color=INK).encode(y=count, text=altair.Text("people:Q", format=",d"))
    down = altair.Y("list:N", sort=list(found.lists), title=None, axis=altair.Axis(labelLimit=200, grid=False))
    matrix = (
        altair.Chart(rows_of(dots))
        .mark_circle(size=110, opacity=1)
        .encode(x=across, y=down, color=altair.condition("datum.on", altair.value(INK), altair.value("#dfe3e6")))
    )
    joins = (
        altair.Chart(rows_of(spans))
        .mark_rule(color=INK, strokeWidth=2)
        .encode(x=across, y=altair.Y("first:N", sort=list(found.lists)), y2="last:N")
    )
    left = len(found.overlaps) - len(shown)
    more = f"; {left} patterns with fewer people are not drawn" if left else ""
    said = f"{found.observed:,} people, {found.on_several:,} of them on two lists or more{more}"
    title = altair.TitleParams("How many people hold which lists", subtitle=said)
    upper = (bar + text).properties(width=width, height=190)
    lower = (matrix + joins).properties(width=width, height=24 * len(found.lists))
    return altair.vconcat(upper, lower, spacing=6).properties(
        title=title, description=f"How many people hold which lists: {said}"
    )


def bootstrap(found: Drawable) -> Any:
    """How often the replicates come to which total, with the estimate and its limits as lines."""
    totals = np.array([each for each in found.totals if math.isfinite(each)])
    if totals.size < 2 or found.estimate is None:
        return None
    low, high = float(totals.min()), float(np.quantile(totals, 0.995))
    if high <= low:
        return None
    scale = scale_of([low, high, *(each for each in (found.lower, found.upper) if each is not None)])
    edges = np.geomspace(low, high, _BINS + 1) if scale.type == "log" else np.linspace(low, high, _BINS + 1)
    heights, _ = np.histogram(totals, edges)
    bars = [
        {"from": float(edges[at]), "to": float(edges[at + 1]), "replicates": int(heights[at])} for at in range(_BINS)
    ]
    axis = "People in all, known and unseen"
    drawn = (
        altair.Chart(rows_of(bars))
        .mark_bar(color=COLOUR, opacity=0.7, strokeWidth=0)
        .encode(
            x=people_axis("from:Q", axis, scale),
            x2="to:Q",
            y=altair.Y("replicates:Q", title="Replicates"),
            y2=altair.datum(0),
        )
    )
    marks = [("estimate", found.estimate), ("lower limit", found.lower), ("upper limit", found.upper)]
    lines = [{"what": f"{name} {each:,.0f}", "at": each} for name, each in marks if each is not None]
    base = altair.Chart(rows_of(lines)).encode(x=altair.X("at:Q", scale=scale))
    rules = base.mark_rule(color=INK, strokeWidth=1.5)
    written: dict[str, Any] = {"angle": 270, "align": "right", "dx": -4, "dy": -7, "fontSize": 12}
    halo = base.mark_text(**written, color="#ffffff", stroke="#ffffff", strokeWidth=4, opacity=0.85)
    texts = [each.encode(y=altair.value(0), text="what:N") for each in (halo, base.mark_text(**written, color=INK))]
    beyond = len(found.totals) - int((totals <= high).sum())
    said = f"{len(found.totals):,} replicates, {beyond} of them beyond the picture; limits {nominal(found)}"
    title = altair.TitleParams("What replicates of the table come to", subtitle=said)
    return altair.layer(drawn, rules, *texts).properties(
        width=WIDTH, height=220, title=title, description=f"What replicates of the table come to: {said}"
    )


def rows_of(rows: Sequence[Mapping[str, object]]) -> Any:
    """The data of a chart, written into it."""
    return altair.InlineData(values=[dict(row) for row in rows])


def scale_of(values: Sequence[float]) -> Any:
    """From the smallest to the largest, in logarithms where they are far apart."""
    low, high = min(values), max(values)
    wide = low > 0 and high > 8 * low
    room = (1.06, 1.06) if wide else (1.0, 1.0)
    ends = (
        [low / room[0], high * room[1]] if wide else [max(0.0, low - 0.06 * (high - low)), high + 0.06 * (high - low)]
    )
    return altair.Scale(type="log" if wide else "linear", domain=ends, nice=False)


def people_axis(field: str, title: str, scale: Any) -> Any:
    """The horizontal axis of numbers of people."""
    ticks: dict[str, Any] = {"values": _ticks(*scale.domain)} if scale.type == "log" else {"tickCount": 6}
    axis = altair.Axis(format=",d", labelFlush=False, labelOverlap=False, **ticks)
    return altair.X(field, title=title, scale=scale, axis=axis)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers along a logarithmic axis, far enough apart for their labels not to meet.

    >>> _ticks(2500, 55000)
    [3000, 5000, 10000, 20000, 30000, 50000]
    """
    room = 0.115 * math.log(high / low)
    found: list[float] = []
    for figures in ((1,), (1, 2, 5), (1, 2, 3, 5), (1, 2, 3, 4, 5, 6, 7, 8, 9)):
        every = [
            one * 10**power
            for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
            for one in figures
        ]
        for each in every:
            if low <= each <= high and all(abs(math.log(each / other)) >= room for other in found):
                found.append(each)
    return sorted(found)


def known_line(found: Drawable, scale: Any) -> Any:
    """The people on the lists, as a line from top to bottom."""
    data = rows_of([{"people": found.observed}])
    return altair.Chart(data).mark_rule(color=INK, strokeDash=[4, 3]).encode(x=altair.X("people:Q", scale=scale))


def nominal(found: Drawable) -> str:
    """What limits are, and of which table and seed."""
    return f"model-based, nominal {found.level:.0%}; table {found.table[:12]}, seed {found.seed}"
