"""The arithmetic of printed figures: every percentage recomputed from its own count and base, rounding carried through.

A published report once said that 9% (22,786) of incidents were flagged and of those 69% (12,392) were of girls: 12,392 is
54% of 22,786. Such a sentence mixes two bases, and nothing but recomputing it shows that.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_COUNT = r"\d{1,3}(?:,\d{3})+|\d+"
_PERCENT = r"(?P<percent>\d+(?:\.\d+)?)\s?(?:%|per cent)"
_FORMS = (
    re.compile(rf"(?P<count>{_COUNT})\s+of\s+(?:the\s+)?(?P<base>{_COUNT})\b[^.;()%]*?\({_PERCENT}\)"),
    re.compile(rf"{_PERCENT}\s+\((?P<count>{_COUNT})\)"),
    re.compile(rf"(?P<count>{_COUNT})\s+\({_PERCENT}\)"),
)
_THOSE = re.compile(r"\bof\s+(?:those|these|them|which|whom)\b", re.IGNORECASE)
_END = re.compile(r"[.](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Stated:
    """A percentage as printed with the count it is of; `base` is empty where the words give none."""

    said: str
    percent: str
    count: int
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a printed percentage comes to: `holds` is empty where no base is given.

    `implied` is the smallest and the largest base on which percentage and count agree.
    """

    stated: Stated
    holds: bool | None
    percent: float | None
    implied: tuple[int, float]

    @property
    def message(self) -> str:
        """The outcome as a sentence."""
        said, base = self.stated.said, self.stated.base
        fits = f"from {self.implied[0]:,}" + (
            f" to {self.implied[1]:,.0f}" if math.isfinite(self.implied[1]) else " on"
        )
        if base is None:
            return f"\u201c{said}\u201d gives no base; the two agree on a base {fits}"
        if self.holds:
            return f"\u201c{said}\u201d agrees with its base of {base:,}"
        came = "nothing" if self.percent is None else f"{self.percent:.1f}%"
        return f"\u201c{said}\u201d does not agree with its base: {self.stated.count:,} of {base:,} is {came}; a base {fits} would fit"


def recompute(stated: Stated, *, rounded_to: int = 1) -> Recomputed:
    """The percentage recomputed; `rounded_to` is the step to which counts and base were rounded before printing.

    >>> recompute(Stated("69% (12,392)", "69", 12392, 22786)).holds
    False
    >>> recompute(Stated("69% (12,392)", "69", 12392, 17960)).holds
    True
    """
    half = 0.5 * 10.0 ** -len(stated.percent.partition(".")[2])
    lowest, highest = max(float(stated.percent) - half, 0.0), float(stated.percent) + half
    slack = 0.0 if rounded_to == 1 else rounded_to / 2
    fewest, most = max(stated.count - slack, 0.0), stated.count + slack
    largest = 100 * most / lowest if lowest else math.inf
    implied = (math.ceil(100 * fewest / highest - 1e-9), math.floor(largest + 1e-9) if lowest else math.inf)
    if stated.base is None:
        return Recomputed(stated, None, None, implied)
    percent = 100 * stated.count / stated.base if stated.base else None
    holds = implied[0] <= stated.base + slack and stated.base - slack <= implied[1]
    return Recomputed(stated, holds and percent is not None, percent, implied)


def percentages(text: str) -> list[Stated]:
    """Every percentage of the text that stands beside its count, in order; after "of those" the count before is the base.

    >>> [(each.count, each.base) for each in percentages("9% (22,786) were flagged; of those 69% (12,392) girls.")]
    [(22786, None), (12392, 22786)]
    """
    found: list[tuple[int, int, Stated]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                parts = match.groupdict()
                base = _whole(parts["base"]) if parts.get("base") else None
                stated = Stated(match.group(), parts["percent"], _whole(parts["count"]), base)
                found.append((match.start(), match.end(), stated))
    found.sort(key=lambda each: each[0])
    return [_with_base(text, start, stated) for start, _, stated in found]


def _with_base(text: str, start: int, stated: Stated) -> Stated:
    """The percentage with the base that "of those" before it names, in the same sentence."""
    if stated.base is not None:
        return stated
    begins = max((each.end() for each in _END.finditer(text, 0, start)), default=0)
    those = [each.start() for each in _THOSE.finditer(text, begins, start)]
    before = list(re.finditer(rf"(?<![\d.,])({_COUNT})(?![\d%]|\.\d|,\d)", text[: those[-1]])) if those else []
    return Stated(stated.said, stated.percent, stated.count, _whole(before[-1].group()) if before else None)


def _whole(digits: str) -> int:
    return int(digits.replace(",", ""))
