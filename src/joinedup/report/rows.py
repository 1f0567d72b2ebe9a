"""The rows of the tables findings and recommendations, from what the report says and what people wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence

from joinedup.report.blocks import Finding
from joinedup.report.edited import Edited, template_of
from joinedup.report.press import as_text, ids_in
from joinedup.report.recommended import Recommendation
from joinedup.report.written import WrittenRecommendation


def finding_rows(findings: Sequence[Finding], headline: Sequence[Finding], edited: Edited) -> list[dict[str, object]]:
    """The rows of the table findings, in the order printed."""
    first = {finding.finding_id for finding in headline}
    return [
        {
            "place": place,
            "headline": finding.finding_id in first,
            "finding_id": finding.finding_id,
            "chapter": finding.chapter,
            "sentence": as_text(finding.parts),
            "numbers": json.dumps(ids_in(finding.parts)),
            "wrong_if": finding.wrong_if,
            "draft": finding.finding_id not in edited.taken,
            "template": template_of(finding),
        }
        for place, finding in enumerate(findings, start=1)
    ]


def recommended_rows(
    drafts: Sequence[Recommendation], written: Sequence[WrittenRecommendation]
) -> list[dict[str, object]]:
    """The rows of the table recommendations: one for each draft, and one for each action of a written one."""
    rows: list[dict[str, object]] = [
        {
            "recommendation_id": each.recommendation_id,
            "action": each.action,
            "owner": each.owner,
            "findings": "|".join(each.findings),
            "action_id": "",
            "status": "draft",
        }
        for each in drafts
    ]
    rows += [
        {
            "recommendation_id": each.id,
            "action": action.text,
            "owner": action.owner,
            "findings": "|".join(each.findings),
            "action_id": action.id,
            "recommendation": each.text,
            "due": action.due,
            "status": action.status,
            "evidence": json.dumps([seen.model_dump(mode="json") for seen in action.evidence], ensure_ascii=False),
        }
        for each in written
        for action in each.action
    ]
    return rows
