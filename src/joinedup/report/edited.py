"""Findings as an analyst has them: their sentences bound to the numbers of the run, so that text cannot drift from data.

A sentence names a number as `{{its id}}` and a percentage as `{{part / base}}`, `{{lowest part / base}}` or
`{{highest part + unknown / base}}`. A sentence that names what the run does not hold, or types a number, is not taken:
the draft stands in its place, and publishing is blocked until it is mended.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from joinedup.report.blocks import Chapter, Finding
from joinedup.report.press import Part, Press, Printed, Share
from joinedup.report.written import WrittenFinding

_SHARE = re.compile(r"(?:(?P<how>lowest|highest)\s+)?(?P<parts>[^/]+?)\s*/\s*(?P<base>[^/]+)")


@dataclass(frozen=True, slots=True)
class Edited:
    """The chapters with what the analyst made of their findings; `headline` has ids put on or off the first page, and
    `faults` the entries that were not taken, by id, with why."""

    chapters: tuple[Chapter, ...]
    headline: dict[str, bool]
    faults: dict[str, str]
    taken: frozenset[str]
    left_out: dict[str, str]


class _NotTakenError(Exception):
    """An entry that cannot stand, with the reason."""


def edit(
    chapters: Sequence[Chapter], written: Sequence[WrittenFinding], press: Press, allowed: frozenset[str]
) -> Edited:
    """The chapters with every draft edited, left out or kept, and new findings at the end of their chapters."""
    kept = {chapter.name: list(chapter.findings) for chapter in chapters}
    drafts = {finding.finding_id: finding for chapter in chapters for finding in chapter.findings}
    headline: dict[str, bool] = {}
    faults: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for each in written:
        try:
            made = _made(each, drafts.get(each.id), press, allowed)
        except _NotTakenError as fault:
            faults[each.id] = str(fault)
            continue
        name = drafts[each.id].chapter if each.id in drafts else each.chapter
        place = next((at for at, old in enumerate(kept[name]) if old.finding_id == each.id), len(kept[name]))
        kept[name][place : place + 1] = [made] if made else []
        if made is None:
            left_out[each.id] = each.why
        elif each.headline is not None:
            headline[each.id] = each.headline
    edited = tuple(replace(chapter, findings=tuple(kept[chapter.name])) for chapter in chapters)
    taken = frozenset(each.id for each in written) - faults.keys()
    return Edited(edited, headline, faults, taken, left_out)


def _made(each: WrittenFinding, draft: Finding | None, press: Press, allowed: frozenset[str]) -> Finding | None:
    if each.leave_out:
        if draft is None:
            raise _NotTakenError("it is to be left out, and the run drafts no such finding")
        return None
    if draft is None and not each.chapter:
        raise _NotTakenError("the run drafts no such finding; a new one needs its 'chapter'")
    parts = bound(each.sentence, press)
    typed = {
        number
        for part in parts
        if isinstance(part, str)
        for number in _typed(part)
        if number not in allowed | _said_by(draft) and number not in each.plain_numbers
    }
    if typed:
        raise _NotTakenError(
            f"it types {', '.join(sorted(typed))}: name the number as {{{{its id}}}}, or list it in 'plain_numbers' if it "
            "counts nothing of the run"
        )
    chapter, matters = (draft.chapter, draft.matters) if draft else (each.chapter, "")
    return Finding(each.id, chapter, parts, matters, each.wrong_if)


def _typed(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*", text)


def _said_by(draft: Finding | None) -> frozenset[str]:
    """The numbers that the words of the draft hold: a clock of 72 hours is no count of the run."""
    parts = draft.parts if draft else ()
    return frozenset(number for part in parts if isinstance(part, str) for number in _typed(part))


def bound(sentence: str, press: Press) -> tuple[Part, ...]:
    """The sentence with its numbers and percentages in place. Raises an error that names what the run does not hold."""
    parts: list[Part] = []
    for position, piece in enumerate(re.split(r"\{\{(.+?)\}\}", sentence)):
        if position % 2 == 0:
            if piece:
                parts.append(piece)
        elif shared := _SHARE.fullmatch(piece.strip()):
            parts.append(_share(shared, press))
        else:
            parts.append(_number(piece.strip(), press))
    if any("{{" in part or "}}" in part for part in parts if isinstance(part, str)):
        raise _NotTakenError("a number begins with {{ and ends with }}")
    return tuple(parts)


def _number(wanted: str, press: Press) -> Printed:
    if wanted in press:
        return press[wanted]
    ids = [number.number_id for number in press.numbers()]
    near = difflib.get_close_matches(wanted, ids, n=1, cutoff=0.4)
    raise _NotTakenError(f"the run prints no number {wanted!r}" + (f"; near it: {near[0]}" if near else ""))


def _share(match: re.Match[str], press: Press) -> Share:
    parts = [_number(each.strip(), press) for each in match["parts"].split("+")]
    base = _number(match["base"].strip(), press)
    label = f"{' and '.join(part.label for part in parts)}, of {base.label}"
    if match["how"] == "highest":
        return press.highest(f"Highest share: {label}", parts, base)
    if len(parts) > 1:
        raise _NotTakenError("only a highest share is of several numbers")
    if match["how"] == "lowest":
        return press.lowest(f"Lowest share: {label}", parts[0], base)
    return press.share(f"Share: {label}", parts[0], base)


def template_of(finding: Finding) -> str:
    """The finding's sentence as an analyst would write it, to be copied into findings.toml and edited.

    Numbers stand as {{id}}, percentages as {{part / base}}.
    """
    return "".join(_template(part) for part in finding.parts)


def _template(part: Part) -> str:
    if isinstance(part, Printed):
        return f"{{{{{part.number_id}}}}}"
    if isinstance(part, Share):
        *parts, base = part.made_of
        if part.how not in ("share", "lowest", "highest") or (part.how != "highest" and len(parts) > 1):
            return part.shown
        how = "" if part.how == "share" else f"{part.how} "
        return f"{{{{{how}{' + '.join(parts)} / {base}}}}}"
    return part if isinstance(part, str) else part.shown
