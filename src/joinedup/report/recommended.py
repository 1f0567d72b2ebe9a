"""Recommendations: drafts that rules make of findings, for people to edit. Each names the findings it follows from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from joinedup.report.blocks import Finding


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One thing that should be done, by whom, and the ids of the findings it follows from."""

    recommendation_id: str
    action: str
    owner: str
    findings: tuple[str, ...]


RULES: tuple[tuple[str, str, str], ...] = (
    (
        "unseen",
        "Look at every child on the list of the unseen, in its order, and record for each what was decided and why.",
        "Multi-agency safeguarding partners",
    ),
    (
        "no_answer",
        "Obtain the returns that have not come, or a statement in writing that nothing is held and what was searched.",
        "The inquiry, with the agencies that have not answered",
    ),
    (
        "refused_rows",
        "Mend the refused rows at their source, with the list of problems beside them, and send the returns again.",
        "Data leads of the agencies concerned",
    ),
    (
        "breached",
        "Find out for each pathway that was late or left undone what became of the child, and why the step was not taken in time.",
        "The agencies that answer for the pathways",
    ),
    (
        "silent",
        "Record whether and when each step was taken, so that it can be told whether the standard was met.",
        "The agencies that answer for the pathways",
    ),
    (
        "one_list",
        "Exchange lists between agencies, so that no child is known to one agency alone.",
        "Multi-agency safeguarding partners",
    ),
    (
        "review",
        "Decide the pairs of records held for review, so that the counts of children no longer depend on them.",
        "Inquiry analysts",
    ),
    (
        "refused",
        "Obtain what would let the number of unseen children be estimated, and give no such number until then.",
        "The inquiry",
    ),
    (
        "no_status",
        "Ask agencies to say of each child whether they are known, suspected or at risk, and on what basis.",
        "The inquiry",
    ),
    (
        "unknown",
        "Record the attributes that are too often missing, in one published code scheme, telling not asked, refused and not obtained apart.",
        "Data leads of the agencies concerned",
    ),
    (
        "claim",
        "Make no public statement of the claims that cannot be told from these data.",
        "The inquiry",
    ),
)
"""What a finding is about, what should follow, and who should do it; in order of urgency for children."""


def recommendations(findings: Sequence[Finding]) -> list[Recommendation]:
    """The recommendations that the findings give rise to, numbered in the order of the rules.

    >>> [each.findings for each in recommendations([Finding("scale-9", "scale", ("S",), "refused")])]
    [('scale-9',)]
    """
    found: list[Recommendation] = []
    for matters, action, owner in RULES:
        behind = tuple(finding.finding_id for finding in findings if finding.matters == matters)
        if behind:
            found.append(Recommendation(f"recommendation-{len(found) + 1:02d}", action, owner, behind))
    return found
