"""A pair's weights as a waterfall: from what is believed before anything is compared, thing by thing, to the pair's odds."""

from __future__ import annotations

import html
from collections.abc import Iterable

import altair
import vl_convert

from joinedup.link.weighing import Weight

_FOR, _AGAINST, _SUM, VEGA_LITE = "#1d5f8a", "#b4541a", "#5c6670", "v6_1"


def page(title: str, text: str, weights: tuple[Weight, ...]) -> str:
    """A page by itself, in need of nothing else: the paragraph, the chart, and the same figures as a table."""
    rows = "".join(
        f"<tr><td>{html.escape(weight.words.rsplit(' ', 1)[0])}</td><td>{weight.bits:+.1f}</td></tr>"
        for weight in weights
    )
    rows += f"<tr><th scope=row>together</th><td><b>{sum(weight.bits for weight in weights):+.1f}</b></td></tr>"
    table = (
        f"<table><thead><tr><th scope=col>thing</th><th scope=col>bits</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    shown = (
        f"<figure aria-hidden=true>{chart(weights)}<figcaption>Blue speaks for one person, brown against; grey is the"
        f" sum.</figcaption></figure>{table}"
        if weights
        else "<p>No model weighed this pair.</p>"
    )
    return (
        f"<!doctype html><html lang=en-GB><head><meta charset=utf-8><title>{html.escape(title)}</title><style>body{{font:1rem/1.5"
        " sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}td,th{text-align:left;padding:.2rem 1rem .2rem 0}"
        f"svg{{max-width:100%}}</style></head><body><main><h1>{html.escape(title)}</h1><p>{html.escape(text)}</p>{shown}</main></body></html>\n"
    )


def steps(weights: Iterable[Weight]) -> list[dict[str, float | str | int]]:
    """Where each bar begins and ends, in bits, and the whole at last.

    >>> [(step["begins"], step["ends"]) for step in steps([Weight("prior", "", -2.0), Weight("sex", "same", 1.0)])]
    [(0.0, -2.0), (-2.0, -1.0), (0.0, -1.0)]
    """
    found: list[dict[str, float | str | int]] = []
    reached = 0.0
    for weight in weights:
        label = weight.words.rsplit(" ", 1)[0]
        found.append(
            {"thing": label, "begins": reached, "ends": reached + weight.bits, "right": max(reached, reached + weight.bits), "shown": f"{weight.bits:+.1f}", "order": len(found),
             "colour": _FOR if weight.bits >= 0 else _AGAINST}
        )  # fmt: skip
        reached += weight.bits
    found.append({"thing": "together", "begins": 0.0, "ends": reached, "right": max(reached, 0.0), "shown": f"{reached:+.1f}", "order": len(found), "colour": _SUM})  # fmt: skip
    return found


def chart(weights: Iterable[Weight]) -> str:
    """The waterfall as SVG."""
    data = altair.InlineData(values=steps(weights))
    base = altair.Chart(data).encode(
        y=altair.Y("thing:N", sort=altair.SortField("order"), title=None, axis=altair.Axis(labelLimit=330)),
    )
    bars = base.mark_bar().encode(
        x=altair.X("begins:Q", title="bits of evidence for one person (one bit doubles the odds)"),
        x2="ends:Q",
        color=altair.Color("colour:N", scale=None),
    )
    shown = base.mark_text(align="left", dx=4).encode(x="right:Q", text="shown:N")
    return vl_convert.vegalite_to_svg(
        (bars + shown)
        .properties(width=360, height=altair.Step(26), padding={"left": 48, "right": 40, "top": 5, "bottom": 5})
        .to_dict(),
        vl_version=VEGA_LITE,
    )
