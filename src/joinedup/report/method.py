"""Chapter: method, limits and versions."""

from __future__ import annotations

from joinedup.registry.disclosure import DisclosureRule
from joinedup.report.blocks import Bullets, Chapter, Section, Sentence, Table, text_only
from joinedup.report.evidence import Frame
from joinedup.report.press import INSTITUTIONS

NAME = "method"


def chapter(frame: Frame, rule: DisclosureRule) -> Chapter:
    """How the numbers were made, what they cannot say, how they were protected, and what made this report."""
    limits = Bullets(
        tuple(
            (limit,)
            for limit in (
                "The data are what agencies recorded and sent. Children nobody recorded are not in them.",
                "Records are linked by likeness. A missed link counts one child twice; a false one hides a child.",
                "Known, suspected and at risk are what records say. They are shown apart and never added together.",
                "What is not recorded is shown as not recorded. It is never taken to be like what is recorded.",
                "An estimate holds only as far as its assumptions do, and its limits carry chance alone.",
                "A concern is a reason for a person to look, and no score and no probability stands behind it.",
                "Ethnicity, nationality and religion play no part in linking, in concerns or in groups.",
            )
        )
    )
    facts = Table("What made this report", ("Fact", "Value"), tuple(frame.facts))
    sections = (
        Section("What the numbers cannot say", (limits,)),
        Section("How numbers were protected", _disclosure(rule)),
        Section("What made this report", (facts,)),
    )
    return Chapter(NAME, "Method, limits and versions", sections)


def _disclosure(rule: DisclosureRule) -> tuple[Sentence, ...]:
    paragraphs = [
        f"Rule \u201c{rule.id}\u201d: {rule.title}. Source: {rule.source}",
        (
            "A number that would, with others, give a small count away is withheld, and c stands in its place. Nought is never "
            "withheld."
        ),
        "Totals are protected on their own and never added up from their parts, so a table need not add up.",
        (
            "Every percentage is computed from the published counts beside it, not from exact ones, and is left out where the "
            "base is a small count. A lowest or highest share holds whatever exact counts stand behind the published ones; "
            "any other percentage can differ by some points from the exact one."
        ),
        "Charts are drawn from published values. Rows, pathways and groups are protected like people, since one row can be one child.",
        (
            f"Numbers of agencies and of files are printed as they are (rule \u201c{INSTITUTIONS}\u201d): they count no people, and "
            "the agencies are named beside them."
        ),
        f"Estimates are rounded to the nearest {rule.estimates_round_to}. Numbers in reasons given by earlier steps are taken out.",
    ]
    if rule.unconfirmed:
        paragraphs.insert(1, f"Not confirmed by that source: {rule.unconfirmed}")
    return text_only(*paragraphs)
