"""Charts of an estimate: the methods, the overlaps of the lists, the replicates, and what the estimate turns on.

They show the counts as they are: small counts of an overlap table can give people away, and such a chart is for those who may see
the table. What a run publishes is drawn by its report, after disclosure control.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import altair
import vl_convert

from joinedup.errors import UsageError
from joinedup.estimate.drawing import (
    COLOUR,
    INK,
    QUIET,
    WIDTH,
    bootstrap,
    known_line,
    methods,
    overlaps,
    people_axis,
    rows_of,
    scale_of,
)
from joinedup.estimate.omitted import LOG_ODDS
from joinedup.estimate.results import PopulationEstimate
from joinedup.estimate.sensitivity import Sensitivity

VEGA_LITE = "v6_1"
FORMATS = ("svg", "png", "html")
_LINES = ("#1d5f8a", "#b3541e", "#4d7c3a", "#7a4b8c", "#8a949b", "#a8862a", "#2d8f8a", "#8c2f45", "#5b5fa8", "#55605a")


def every(found: PopulationEstimate, turned: Sensitivity | None) -> dict[str, Any]:
    """Every chart there is something for, by its name."""
    charts = {"methods": methods(found), "overlaps": overlaps(found), "bootstrap": bootstrap(found)}
    if turned is not None:
        charts |= {"changes": _changes(found, turned), "ties": _ties(found, turned)}
        charts |= {"models": _models(found, turned), "self-test": _self_test(turned)}
    return {name: chart for name, chart in charts.items() if chart is not None}


def write(charts: Mapping[str, Any], folder: Path, formats: Sequence[str] = FORMATS) -> list[Path]:
    """Writes each chart as NAME.svg, NAME.png and NAME.html (which needs no network); the files in order.

    Raises UsageError for another format, or a folder that cannot be made.
    """
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise UsageError(
            f"Charts are not drawn as {', '.join(unknown)}.", remedy=f"One or more of: {', '.join(FORMATS)}."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"The folder {folder.name} cannot be made.", remedy="Name a folder that can be.") from error
    written = []
    for name, chart in charts.items():
        specification = _framed(chart).to_dict()
        for each in formats:
            path = folder / f"{name}.{each}"
            path.write_bytes(_drawn(specification, each))
            written.append(path)
    return written


def _drawn(specification: dict[str, Any], form: str) -> bytes:
    if form == "png":
        return bytes(vl_convert.vegalite_to_png(specification, vl_version=VEGA_LITE, scale=2))
    if form == "html":
        return vl_convert.vegalite_to_html(specification, vl_version=VEGA_LITE, bundle=True).encode()
    return vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE).encode()


def _framed(chart: Any) -> Any:
    axis = altair.AxisConfig(
        labelFontSize=13,
        titleFontSize=13,
        labelColor=INK,
        titleColor=INK,
        titleFontWeight="normal",
        gridColor="#e3e6e8",
    )
    title = altair.TitleConfig(anchor="start", fontSize=15, color=INK, subtitleFontSize=12, subtitleColor="#4a5258")
    return chart.configure(
        font="Arial, Helvetica, sans-serif",
        background="#ffffff",
        padding=12,
        axis=axis,
        title=title,
        view=altair.ViewConfig(stroke=None),
        legend=altair.LegendConfig(labelFontSize=12, titleFontSize=12, labelLimit=260),
    )


def _changes(found: PopulationEstimate, turned: Sensitivity) -> Any:
    """The total with each list left out, each two merged, and links missed or false."""
    made = [(f"{each.kind}: {each.change}", each.estimate) for each in turned.changes if each.estimate is not None]
    return _moved(found, made, "What the total turns on")


def _models(found: PopulationEstimate, turned: Sensitivity) -> Any:
    """The total by each model that fits about as well."""
    made = [(each.model, each.estimate) for each in turned.models]
    return _moved(found, made, f"{turned.close:,} models that fit about as well") if turned.close > 1 else None


def _moved(found: PopulationEstimate, made: Sequence[tuple[str, float]], title: str) -> Any:
    """Totals as points, each joined to the total on the table as it is."""
    if not made or found.estimate is None:
        return None
    rows = [{"change": named, "estimate": estimate, "as": found.estimate} for named, estimate in made]
    scale = scale_of([found.estimate, float(found.observed), *(estimate for _, estimate in made)])
    axis = "People in all by the same method"
    base = altair.Chart(rows_of(rows)).encode(
        y=altair.Y("change:N", sort=[str(row["change"]) for row in rows], title=None, axis=altair.Axis(labelLimit=300))
    )
    moved = base.mark_rule(color=QUIET, strokeWidth=3).encode(x=people_axis("as:Q", axis, scale), x2="estimate:Q")
    points = base.mark_point(filled=True, size=70, opacity=1, color=COLOUR).encode(
        x=people_axis("estimate:Q", axis, scale)
    )
    at = altair.Chart(rows_of([{"at": found.estimate}])).mark_rule(color=INK).encode(x=altair.X("at:Q", scale=scale))
    said = f"solid: {found.estimate:,.0f} on the table as it is; dashed: {found.observed:,} people known"
    return altair.layer(moved, points, at, known_line(found, scale)).properties(
        width=WIDTH,
        height=22 * len(rows),
        title=altair.TitleParams(title, subtitle=said),
        description=f"{title}: {said}",
    )


def _ties(found: PopulationEstimate, turned: Sensitivity) -> Any:
    """The total against an assumed tie between lists that the model leaves out."""
    by_tie: dict[str, list[float]] = {}
    for each in turned.assumed:
        if each.estimate is not None:
            by_tie.setdefault(each.term, []).append(each.estimate)
    if not by_tie:
        return None
    most = sorted(by_tie, key=lambda tie: min(by_tie[tie]) - max(by_tie[tie]))[: len(_LINES)]
    shown = [each for each in turned.assumed if each.term in most and each.estimate is not None]
    rows = [{"tie": each.term, "odds": math.exp(each.log_odds), "estimate": each.estimate} for each in shown]
    values = [float(each.estimate) for each in shown if each.estimate is not None]
    order = list(dict.fromkeys(str(row["tie"]) for row in rows))
    lines = (
        altair.Chart(rows_of(rows))
        .mark_line(point=True)
        .encode(
            x=altair.X(
                "odds:Q",
                title="Assumed odds ratio",
                scale=altair.Scale(type="log", domain=[0.34, 2.95], nice=False),
                axis=altair.Axis(values=[math.exp(each) for each in LOG_ODDS], format=".2f"),
            ),
            y=altair.Y(
                "estimate:Q", title="People in all", scale=scale_of(values), axis=altair.Axis(format=",d", tickCount=6)
            ),
            color=altair.Color("tie:N", sort=order, title="Lists tied", scale=altair.Scale(range=list(_LINES))),
        )
    )
    left = len(by_tie) - len(most)
    said = "the chosen model takes every one of these odds ratios to be 1, which no list can show"
    said += f"; {left} that move it less are not drawn" if left else ""
    title = altair.TitleParams("Ties the model leaves out", subtitle=said)
    return lines.properties(
        width=WIDTH, height=260, title=title, description=f"Ties the model leaves out: {said}; {found.words}"
    )


def _self_test(turned: Sensitivity) -> Any:
    """Each list as known truth: the estimate from the other lists beside how many are on it."""
    drawn = [(each.truth, each.estimate, each.lower, each.upper) for each in turned.self_test.cases if each.estimate]
    if not drawn:
        return None
    scale = scale_of([float(value) for case in drawn for value in case if value is not None])
    far = scale.domain[1]
    rows = [
        {
            "list": case.name,
            "truth": case.truth,
            "estimate": case.estimate,
            "lower": case.estimate if case.lower is None else case.lower,
            "upper": (case.estimate if case.lower is None else far) if case.upper is None else case.upper,
            "open": "no upper limit" if case.lower is not None and case.upper is None else "",
            "held": bool(case.covered),
        }
        for case in turned.self_test.cases
        if case.estimate is not None
    ]
    axis = "People on the list"
    base = altair.Chart(rows_of(rows)).encode(y=altair.Y("list:N", sort=[str(row["list"]) for row in rows], title=None))
    colour = altair.condition("datum.held", altair.value(COLOUR), altair.value("#b3541e"))
    limits = base.mark_rule(strokeWidth=5, opacity=0.55).encode(
        x=people_axis("lower:Q", axis, scale), x2="upper:Q", color=colour
    )
    points = base.mark_point(filled=True, size=80, opacity=1).encode(
        x=people_axis("estimate:Q", axis, scale), color=colour
    )
    open_ended = base.mark_text(dy=-10, fontSize=11, align="right", color=INK).encode(
        x=altair.value(WIDTH), text="open:N"
    )
    truth = base.mark_tick(thickness=3, size=22, color=INK).encode(x=people_axis("truth:Q", axis, scale))
    held = sum(bool(row["held"]) for row in rows)
    said = f"tick: people on the list; limits hold it in {held} of {len(rows)} cases, orange where they do not"
    title = altair.TitleParams("Each list as known truth, from the others", subtitle=said)
    return altair.layer(limits, points, truth, open_ended).properties(
        width=WIDTH, height=34 * len(rows), title=title, description=f"Each list as known truth: {said}"
    )
