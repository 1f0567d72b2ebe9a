"""Every standard and breach rule of the registry on its own examples: one that fires, one that just misses, one that lacks."""

from __future__ import annotations

import pytest
import yaml

from joinedup.audit import stage
from joinedup.audit.examples import try_rule, try_standard
from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.standards import Standard, standards
from joinedup.settings import Inquiry
from joinedup.store.contract import StageRun, from_rows
from joinedup.store.duck import DuckStore


@pytest.mark.parametrize("rule", list(breach_rules().values()), ids=lambda rule: rule.id)
def test_every_breach_rule_makes_of_its_examples_what_it_says(rule):
    tried = try_rule(rule)
    assert {one.expect for one in tried} == {"fires", "just_misses", "lacks"}
    assert [one for one in tried if not one.right] == []


@pytest.mark.parametrize("standard", list(standards().values()), ids=lambda standard: standard.id)
def test_every_standard_makes_of_its_examples_what_it_says(standard):
    tried = try_standard(standard)
    assert {one.expect for one in tried} == {"fires", "just_misses", "lacks"}
    assert [one for one in tried if not one.right] == []


def review_within_90_days():
    """A standard whose step no registered standard or rule reads."""
    given = {"agency": "council", "form": "cin_census", "case": "r1"}
    referral = {"type": "referral", "start": "2010-01-04", "outcome": "accepted", **given}
    enquiry = {"type": "section_47", "start": "2010-01-05", **given}

    def held(day):
        return [referral, enquiry, {"type": "child_protection_review", "start": day, **given}]

    return Standard.model_validate({
        "id": "review_90_days", "title": "First review within 90 days", "nation": "england", "binds": ["social_care"], "version": "1",
        "since": "2009-04-01", "source": "Local.", "caveat": "Local.", "pathway": "referral", "forms": ["cin_census"],
        "clock": {"event": "section_47", "starts_at": "start", "unit": "calendar_days", "length": 90},
        "step": {"event": "child_protection_review", "at": "start"},
        "late": "Held on {done}.", "not_done": "Not held.",
        "examples": [
            {"expect": "fires", "about": "Late.", "reason": "Held on 6 April 2010.", "events": held("2010-04-06")},
            {"expect": "just_misses", "about": "In time.", "events": held("2010-04-05")},
            {"expect": "lacks", "about": "No reviews.", "events": [referral, enquiry]},
        ],
    })  # fmt: skip


def test_a_local_standard_may_read_events_that_no_registered_one_reads(tmp_path, monkeypatch):
    own = review_within_90_days()
    assert own.step.event not in {one.step.event for one in standards().values()}
    assert [one for one in try_standard(own) if not one.right] == []
    (tmp_path / "standards").mkdir()
    (tmp_path / "standards" / "own.yaml").write_text(yaml.safe_dump([own.model_dump(mode="json")]))
    read = []
    monkeypatch.setattr(stage, "gather", lambda *given: read.extend(given[-1]))
    inquiry = Inquiry.model_validate(
        {"name": "N", "question": "Q", "period": {"from": "2008-01-01", "to": "2011-06-29"}}
    )
    store = DuckStore(tmp_path / "evidence.duckdb")
    for name in stage.READS:
        store.write(name, from_rows(name, []))
    with pytest.raises(AttributeError):  # nothing was gathered
        stage.run(StageRun(stage.NAME, stage.READS, stage.WRITES, store, inquiry, tmp_path, tmp_path, 1))
    assert [one.id for one in read] == [*standards(), own.id]
