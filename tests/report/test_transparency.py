"""Records for people to complete: every rule is told, and nothing is filled in that only people can know."""

from __future__ import annotations

import pytest

from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.link_model import link_models
from joinedup.registry.rules import packs
from joinedup.registry.standards import standards
from joinedup.report.drafting import TO_COMPLETE
from joinedup.report.transparency import audit, finding, linking, record, records
from joinedup.report.words import plain
from joinedup.settings import Inquiry


@pytest.mark.parametrize("pack", packs().values(), ids=packs().keys())
def test_a_record_tells_every_rule_with_its_source_and_what_it_cannot_mean(facts, pack):
    text = record(facts, finding(pack))
    for rule in pack.rules:
        assert f"`{rule.id}`" in text
        for told in (rule.source, rule.caveat, rule.clears):
            assert " ".join(told.split()) in text
    assert "**Draft.**" in text
    for owner in ("Senior responsible owner", "Contact", "Appeals and review"):
        assert f"**{owner}:** {TO_COMPLETE}" in text


def test_the_audits_record_tells_every_standard_and_rule(facts):
    text = record(facts, audit(list(breach_rules().values()), standards()))
    for told in (*standards().values(), *breach_rules().values()):
        assert f"`{told.id}`" in text
        assert " ".join(told.caveat.split()) in text
        assert " ".join(told.source.split()) in text


def test_linkings_record_tells_what_is_compared_and_how_its_parameters_were_made(facts):
    text = record(facts, linking(link_models()))
    assert link_models().version in text
    assert " ".join(link_models().made.split()) in text
    for model in link_models().models:
        for compared in model.compared:
            assert plain(compared.id) in text


def test_a_draft_for_linking_the_audit_and_every_pack_in_the_report_folder(reported, facts):
    written = {path.name for path in (reported / "drafts").iterdir()}
    tools = {"linking", "audit", *Inquiry.model_fields["rule_packs"].default}
    assert written == {f"transparency-record-{tool}.md" for tool in tools} | {"impact-assessment.md"}
    assert set(records(facts, [packs()["missing"]], [], link_models())) == {
        f"transparency-record-{tool}.md" for tool in ("linking", "missing", "audit")
    }
