"""UpSet plots of published values: a bar for each pattern of lists, and dots under it that say which lists those are.

Source: A. Lex and others, IEEE Transactions on Visualization and Computer Graphics 20 (2014), 1983-1992.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair

from joinedup.report.charts import INK, KNOWN_COLOUR, as_svg

_STEP = 34
_OFF = "#dfe3e6"


@dataclass(frozen=True, slots=True)
class Overlap:
    """One pattern: its lists, the published count (nought where a sign stands for it), and the text over its bar."""

    lists: tuple[str, ...]
    value: float
    shown: str


def upset_chart(name: str, lists: Sequence[str], overlaps: Sequence[Overlap], axis: str) -> str:
    """Bars in the order given over dots, lists from top to bottom; the dots of a pattern are joined by a line."""
    order = [str(place) for place in range(len(overlaps))]
    bars = [
        {"pattern": key, "value": each.value, "shown": each.shown} for key, each in zip(order, overlaps, strict=True)
    ]
    dots = [
        {"pattern": key, "list": one, "on": one in each.lists}
        for key, each in zip(order, overlaps, strict=True)
        for one in lists
    ]
    ends = [
        {"pattern": key, "first": held[0], "last": held[-1]}
        for key, each in zip(order, overlaps, strict=True)
        if (held := [one for one in lists if one in each.lists])
    ]
    across = altair.X("pattern:N", sort=order, axis=None)
    up = altair.Y("value:Q", title=axis, axis=altair.Axis(tickCount=3, format=",d"), scale=altair.Scale(nice=True))
    down = altair.Axis(labelLimit=200, grid=False, domain=False, ticks=False)
    over = altair.Chart(altair.InlineData(values=bars)).encode(x=across, y=up)
    top = over.mark_bar(color=KNOWN_COLOUR) + over.mark_text(dy=-8, fontSize=12, color=INK).encode(text="shown:N")
    marks = (
        altair.Chart(altair.InlineData(values=dots))
        .mark_circle(size=120, opacity=1)
        .encode(
            x=across,
            y=altair.Y("list:N", sort=list(lists), title=None, axis=down),
            color=altair.condition("datum.on", altair.value(INK), altair.value(_OFF)),
        )
    )
    joins = (
        altair.Chart(altair.InlineData(values=ends))
        .mark_rule(color=INK, strokeWidth=2)
        .encode(x=across, y=altair.Y("first:N", sort=list(lists), axis=down, title=None), y2="last:N")
    )
    width = _STEP * max(len(overlaps), 4)
    upper = top.properties(width=width, height=150)
    lower = (marks + joins).properties(width=width, height=26 * len(lists))
    return as_svg(name, altair.vconcat(upper, lower, spacing=4))
