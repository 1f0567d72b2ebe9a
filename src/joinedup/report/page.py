"""The report as one self-contained HTML page: no script, no request, every number with its trace id."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import jinja2
import markupsafe

from joinedup.report.blocks import Chapter, Finding
from joinedup.report.evidence import Frame
from joinedup.report.press import Part, Printed, References, Share
from joinedup.report.traced import Trace


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page shows."""

    frame: Frame
    protection: str
    """The disclosure rule in a few words, for the first page."""
    chapters: Sequence[Chapter]
    headline: Sequence[Finding]
    numbers: Sequence[Printed]
    traces: Mapping[str, Trace]


def page(report: Report) -> str:
    """The report as HTML. The same report gives the same text."""
    template = _environment().get_template("report.html.j2")
    style = files("joinedup.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    return template.render(report=report, style=markupsafe.Markup(style))  # noqa: S704  (the project's own style sheet)


class _Numbers:
    """Writes numbers as HTML: each is a button that opens its trace, which needs no script; the first showing of each
    carries its id, so that the appendix can point at it."""

    def __init__(self) -> None:
        self._shown: set[str] = set()
        self._shares: dict[Share, str] = {}

    def shares(self) -> list[tuple[str, Share]]:
        """Every share written so far, with the id of what it opens."""
        return [(identity, share) for share, identity in self._shares.items()]

    def part(self, part: Part) -> markupsafe.Markup:
        if isinstance(part, str):
            return markupsafe.escape(part)
        if isinstance(part, References):
            links = [markupsafe.Markup('<a href="#{0}">{0}</a>').format(each) for each in part.finding_ids]
            return markupsafe.Markup(", ").join(links)
        value = part.shown if part.released.value is None else f"{part.released.value:g}"
        if not isinstance(part, Printed):
            opens = self._shares.setdefault(part, f"s-{len(self._shares) + 1}")
            return markupsafe.Markup('<data value="{}" data-made-of="{}">{}</data>').format(
                value, " ".join(part.made_of), _button(opens, part.shown)
            )
        anchor = anchor_of(part.number_id)
        first = part.number_id not in self._shown
        self._shown.add(part.number_id)
        identity = markupsafe.Markup(' id="n-{}"').format(anchor) if first else ""
        return markupsafe.Markup('<data{} value="{}" data-number="{}" data-rule="{}">{}</data>').format(
            identity, value, part.number_id, part.released.rule, _button(f"o-{anchor}", part.shown)
        )

    def parts(self, parts: Sequence[Part]) -> markupsafe.Markup:
        return markupsafe.Markup("").join(self.part(part) for part in parts)


def _button(opens: str, shown: str) -> markupsafe.Markup:
    return markupsafe.Markup('<button type="button" class="number" popovertarget="{}">{}</button>').format(opens, shown)


def anchor_of(text: str) -> str:
    """The text as part of an id of the page: different texts keep different anchors.

    >>> anchor_of("count.children.known.all.all")
    'count.children.known.all.all'
    """
    return re.sub(r"[^A-Za-z0-9._-]", lambda sign: f"_{ord(sign.group()):x}", text)


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("joinedup.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    numbers = _Numbers()
    environment.globals["shares"] = numbers.shares
    environment.filters["part"] = numbers.part
    environment.filters["parts"] = numbers.parts
    environment.filters["anchor"] = anchor_of
    environment.filters["drawing"] = markupsafe.Markup
    return environment
