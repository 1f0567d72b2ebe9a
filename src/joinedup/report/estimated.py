"""Section: how many more there are that no list holds, or why that is not said."""

from __future__ import annotations

import re
from collections import Counter
from itertools import permutations

from joinedup.report import estimate_pictures as pictures
from joinedup.report.blocks import Block, Bullets, Figure, Finding, Section, Sentence, Table, text_only
from joinedup.report.charts import Span, span_chart
from joinedup.report.evidence import Evidence, Frame, Row, Rows
from joinedup.report.press import Part, Press, Printed, bind, cell, without_numbers
from joinedup.report.words import plain, status_words

MODELLED = "log-linear: "
NO_UPPER = "no upper limit"
RESTS_ON_FEW = "It rests on so few children on several lists that publishing it would tell how many they are."
MORE_ON_SEVERAL = "More children on several lists; in the run's table estimates it stands."
TITLE = "How many more, that no agency has seen"


def section(evidence: Evidence, frame: Frame, press: Press, name: str) -> tuple[Section, list[Finding]]:
    """The estimate the report leads with, its assumptions, and the others; or the refusal and what would lift it."""
    rows = publishable(evidence, press)
    lead = next((row for row in rows if row["chosen"]), None)
    if lead is None:
        finding = Finding("", name, ("No estimate was made of children no agency has seen.",), "refused")
        return Section(TITLE, text_only("The run holds no estimate: there were no lists to compare.")), [finding]
    unreviewed = lead.get("unreviewed") and not lead["refused"]
    blocks = (
        _refusal(lead, frame)
        if lead["refused"]
        else _unreviewed(lead, rows, press)
        if unreviewed
        else _lead(lead, press)
    )
    if lead["assumptions"]:
        blocks += _stands_on(str(lead["assumptions"]), frame)
    blocks += _pictures(evidence, lead, rows, press)
    blocks += [*_made(rows, press), *_refused(rows, frame)]
    return Section(TITLE, tuple(blocks)), [_finding(lead, rows, frame, press, name)]


def publishable(evidence: Evidence, press: Press) -> list[Row]:
    """The estimates, the lead first; one that rests on so few children on several lists that it would tell how many is refused.

    Whoever knows how many are on each list works the formula backwards. Of models those on two lists or more are looked at, of two lists
    those on both.
    """
    few = {
        key
        for key, several in _on_several(evidence.overlaps).items()
        if press.rule.small_from <= several <= press.rule.small_to
    }
    rows = []
    for row in sorted(evidence.estimates, key=lambda row: (not row["chosen"], row["scope"], row["method"])):
        method = MODELLED if row["method"].startswith(MODELLED) else row["method"]
        withheld = (row["scope"], method) in few and not row["refused"]
        rows.append({**row, "refused": RESTS_ON_FEW, "lifted_by": MORE_ON_SEVERAL} if withheld else row)
    return rows


def _on_several(overlaps: Rows) -> dict[tuple[str, str], int]:
    """By scope and method how many children the estimate rests on."""
    found: Counter[tuple[str, str]] = Counter()
    for row in overlaps:
        held = [name for name, on in zip(row["lists"].split("|"), row["pattern"], strict=True) if on == "1"]
        if len(held) > 1:
            found[row["scope"], MODELLED] += row["count"]
            found.update({(row["scope"], f"chapman: {one} and all other lists"): row["count"] for one in held})
            both = {(row["scope"], f"chapman: {one} and {other}"): row["count"] for one, other in permutations(held, 2)}
            found.update(both)
    return dict(found)


def _pictures(evidence: Evidence, lead: Row, rows: list[Row], press: Press) -> list[Block]:
    """The methods of all lists beside one another, and the overlaps of the lists, of the children the lead is about."""
    scope = lead["scope"]
    models = [row for row in rows if row["scope"] == scope and row["method"].startswith(MODELLED)]
    held = [row for row in evidence.overlaps if row["scope"] == scope]
    return [
        *pictures.methods(models, _observed(lead, press), press, _limit),
        *pictures.overlaps(held, scope_words(scope), press),
    ]


def scope_words(scope: str) -> str:
    """Whom an estimate is about, in words.

    >>> scope_words("children:not_stated")
    'children, status not stated'
    """
    who, _, status = scope.partition(":")
    return f"{who}, {status_words(status)}" if status else plain(who)


def _stands_on(assumptions: str, frame: Frame) -> list[Block]:
    """The assumptions and cautions, one a line; those that quote counts which are not published stay in the run's table."""
    lines = re.split(r"(?<=\.) (?=[A-Z])", assumptions)
    said = [plain(line) for line in lines if without_numbers(line, frame.allowed_numbers) == line]
    blocks: list[Block] = [Sentence(("What it stands on:",)), Bullets(tuple((line,) for line in said))]
    if len(said) < len(lines):
        left = "What else is to be said of it quotes counts that are not published: it stands in the run's table estimates."
        blocks.append(Sentence((left,)))
    return blocks


def method_words(method: str) -> str:
    """A method and its lists in words.

    >>> method_words("chapman: police and social_care")
    'Chapman: police and social care'
    """
    return plain(method).replace("chapman", "Chapman")


def _observed(row: Row, press: Press) -> Printed:
    """Those on any list of the scope: what the recipe of an estimate counts."""
    label = f"Different people on a list: {scope_words(row['scope'])}"
    number = f"{row['number_id']}.observed"
    return press.people(number, label, row["observed"] or 0, cell("estimates", row["number_id"], "observed"))


def modelled(row: Row, column: str, press: Press) -> Printed:
    """A number of an estimate that is given, as published."""
    number = str(row["number_id"])
    words = {"estimate": "Estimated total", "lower": "Lower limit", "upper": "Upper limit"}[column]
    label = f"{words}: {scope_words(row['scope'])}, {plain(row['method'])}"
    identity = number if column == "estimate" else f"{number}.{column}"
    return press.estimate(identity, label, row[column], cell("estimates", number, column))


def _limit(row: Row, column: str, press: Press) -> Part:
    """A limit of an estimate that is given, as a cell of a table."""
    return NO_UPPER if column == "upper" and row["upper"] is None else modelled(row, column, press)


def _finding(row: Row, rows: list[Row], frame: Frame, press: Press, name: str) -> Finding:
    if row["refused"]:
        reason = without_numbers(row["refused"], frame.allowed_numbers)
        return Finding("", name, (f"No estimate of unseen children is given. {reason}",), "refused")
    observed, estimate = _observed(row, press), modelled(row, "estimate", press)
    if row.get("unreviewed"):
        least, most = _range(row, rows, press)
        sentence = (
            f"{{{{{observed.number_id}}}}} different children are on a list ({scope_words(row['scope'])}). How many more there are is not "
            f"said: the links between records have not been reviewed. Unreviewed, the methods reach from {{{{{least.number_id}}}}} to "
            f"{{{{{most.number_id}}}}} in all."
        )
        return Finding("", name, bind(sentence, {}, press), "unreviewed")
    lower = modelled(row, "lower", press)
    limits = f"a lower limit of {{{{{lower.number_id}}}}} and no upper one"
    if row["upper"] is not None:
        upper = modelled(row, "upper", press)
        limits = f"limits from {{{{{lower.number_id}}}}} to {{{{{upper.number_id}}}}}"
    sentence = (
        f"{{{{{observed.number_id}}}}} different children are on a list ({scope_words(row['scope'])}). Were the assumptions to hold, there "
        f"would be about {{{{{estimate.number_id}}}}} in all, with {limits}."
    )
    return Finding("", name, bind(sentence, {}, press), "estimate")


def _refusal(row: Row, frame: Frame) -> list[Block]:
    reason = without_numbers(row["refused"], frame.allowed_numbers)
    lift = without_numbers(row["lifted_by"] or "Not recorded.", frame.allowed_numbers)
    return [
        Sentence((f"No number is given. {reason}",), "warning"),
        Sentence((f"What would lift this: {lift}",)),
    ]


def _range(lead: Row, rows: list[Row], press: Press) -> tuple[Printed, Printed]:
    """The lowest and highest estimate of the methods tried on the lead's scope; the lead's limits where it is the only one."""
    made = [row for row in rows if row["scope"] == lead["scope"] and not row["refused"]]
    ordered = sorted(made, key=lambda row: (row["estimate"], row["method"]))
    if len(ordered) == 1 and lead["upper"] is not None:
        return modelled(lead, "lower", press), modelled(lead, "upper", press)
    return modelled(ordered[0], "estimate", press), modelled(ordered[-1], "estimate", press)


def _unreviewed(lead: Row, rows: list[Row], press: Press) -> list[Block]:
    """The range over methods, marked as unreviewed; no estimate leads."""
    least, most = _range(lead, rows, press)
    table = Table(
        "What the methods reach, links unreviewed",
        ("Children", "Number", "To"),
        (("On a list", _observed(lead, press), ""), ("On a list or not, unreviewed", least, most)),
        note="A range over methods, not an estimate: links that were missed or wrongly made are not in it.",
    )
    lift = "What would lift this: a review of a random sample of records (joinedup sample)."
    return [Sentence((f"No headline number is given. {lead['unreviewed']}",), "warning"), Sentence((lift,)), table]


def _lead(row: Row, press: Press) -> list[Block]:
    observed, estimate = _observed(row, press), modelled(row, "estimate", press)
    lower, upper = modelled(row, "lower", press), _limit(row, "upper", press)
    table = Table(
        "The estimate the report leads with",
        ("Children", "Number", "Lower limit", "Upper limit"),
        (("On a list", observed, "", ""), ("On a list or not, estimated", estimate, lower, upper)),
        note="An estimate is worth no more than its assumptions, which the data cannot prove.",
    )
    seen, middle = observed.released.value, estimate.released.value
    if not isinstance(upper, Printed):
        return [table]
    ends = lower.released.value, upper.released.value
    if seen is None or middle is None or ends[0] is None or ends[1] is None:
        return [table]
    spans = [
        Span("On a list", seen, seen, observed.shown),
        Span("Estimated in all", ends[0], ends[1], f"{lower.shown} to {upper.shown}", middle),
    ]
    said = f"On a list: {observed.shown}. Estimated in all: {estimate.shown}, limits {lower.shown} to {upper.shown}."
    drawn = span_chart("chart-estimate", spans, "Children, as published")
    return [Figure("chart-estimate", "Children seen and estimated", f"Interval chart. {said}", drawn, table)]


def _made(rows: list[Row], press: Press) -> list[Block]:
    """Every estimate that was given."""
    made: list[tuple[Part, ...]] = [
        (
            scope_words(row["scope"]) + (" (the lead)" if row["chosen"] else ""),
            method_words(row["method"]),
            _observed(row, press),
            *(_limit(row, column, press) for column in ("estimate", "lower", "upper")),
        )
        for row in rows
        if not row["refused"]
    ]
    headings = ("Children", "Method and lists", "On a list", "Estimated", "Lower limit", "Upper limit")
    return [Table("Every estimate given", headings, tuple(made))] if made else []


def _refused(rows: list[Row], frame: Frame) -> list[Block]:
    """Every refusal: those of one population with one reason stand together."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row["refused"]:
            reason = plain(without_numbers(row["refused"], frame.allowed_numbers))
            reasons.setdefault((scope_words(row["scope"]), reason), []).append(method_words(row["method"]))
    refused: list[tuple[Part, ...]] = [(who, reason, "; ".join(methods)) for (who, reason), methods in reasons.items()]
    return [Table("Estimates refused, and why", ("Children", "Reason", "Methods"), tuple(refused))] if refused else []
