"""The impact assessment for people to complete."""

from __future__ import annotations

from joinedup.report.drafting import TO_COMPLETE
from joinedup.report.impact import impact_assessment


def test_the_assessment_has_the_steps_and_the_inquirys_own_facts(facts):
    text = impact_assessment(facts)
    assert [f"Step {step}" in text for step in (1, 2, 3, 4, 5, 7)] == [True] * 6
    assert "Northmoor Police: " in text
    assert "8,120" in text
    assert "Special category data:** Ethnicity." in text
    assert f"**Lawful basis, and condition for special category and criminal offence data:** {TO_COMPLETE}" in text
