"""Drafts for people to complete: every rule of every pack is told, and nothing is filled in that only people can know."""

from __future__ import annotations

import pytest

from joinedup.registry.rules import packs
from joinedup.report.evidence import Evidence, Frame
from joinedup.report.transparency import TO_COMPLETE, Facts, drafts, impact_assessment, transparency_record
from joinedup.settings import Inquiry

FRAME = Frame("Northmoor 2011", "Northmoor", "How many?", "2008 to 2011", {"police": "Northmoor Police"}, version="1")
EVIDENCE = Evidence(
    responses=[{"agency": "police", "form": "police_missing", "state": "data", "asked": True}],
    profiles=[{"attribute": "ethnicity (ethnicity_16_1)"}, {"attribute": "sex"}],
)
FACTS = Facts(FRAME, EVIDENCE, "8,120", "counts of 1 to 7 shown as 5", ["Northmoor Police"])


@pytest.mark.parametrize("pack", packs().values(), ids=packs().keys())
def test_a_record_tells_every_rule_with_its_source_and_what_it_cannot_mean(pack):
    text = transparency_record(FACTS, pack)
    for rule in pack.rules:
        assert f"`{rule.id}`" in text
        for told in (rule.source, rule.caveat, rule.clears):
            assert " ".join(told.split()) in text
    assert "**Draft.**" in text
    for owner in ("Senior responsible owner", "Contact", "Appeals and review"):
        assert f"**{owner}:** {TO_COMPLETE}" in text


def test_the_assessment_has_the_steps_and_the_inquirys_own_facts():
    text = impact_assessment(FACTS)
    assert [f"Step {step}" in text for step in (1, 2, 3, 4, 5, 7)] == [True] * 6
    assert "Northmoor Police: " in text
    assert "8,120" in text
    assert "Special category data:** Ethnicity." in text
    assert f"**Lawful basis, and condition for special category and criminal offence data:** {TO_COMPLETE}" in text


def test_a_draft_for_every_pack_in_the_report_folder(reported):
    written = {path.name: path.read_text(encoding="utf-8") for path in (reported / "drafts").iterdir()}
    records = {f"transparency-record-{pack}.md" for pack in Inquiry.model_fields["rule_packs"].default}
    assert set(written) == records | {"impact-assessment.md"}
    assert set(drafts(FACTS, [packs()["missing"]])) == {"transparency-record-missing.md", "impact-assessment.md"}
