from __future__ import annotations

import pytest

from joinedup.errors import InternalError
from joinedup.registry import events
from joinedup.registry.events import event_types, outcomes, work_days, work_types
from joinedup.registry.forms import forms


def test_every_entry_has_a_source():
    assert all(entry.source.strip() for entry in (*event_types().values(), *outcomes().values()))


def test_every_event_type_is_made_by_some_form():
    made = {event.type for form in forms().values() for sheet in form.sheets for event in sheet.events}
    assert made == set(event_types())


def test_work_is_only_what_the_forms_can_end():
    """An event of work without an end would hide a child for ever: each form that makes one gives its end."""
    open_ended = {
        (form.id, event.id)
        for form in forms().values()
        for sheet in form.sheets
        for event in sheet.events
        if event.type in work_types() and event.type not in work_days() and event.end is None
    }
    # The crime without an outcome yet: it ends when a later return gives it one.
    assert open_ended == {("police_crime", "investigation_open")}


def test_a_referral_or_a_place_on_a_roll_is_not_somebody_looking():
    for quiet in ("referral", "contact", "school_roll", "missing_episode", "intelligence", "exclusion"):
        assert not event_types()[quiet].work
    for work in ("assessment", "child_in_need", "child_protection_plan", "care_episode", "charity_case"):
        assert event_types()[work].work


def test_what_no_source_ends_counts_as_work_for_fifteen_working_days():
    assert work_days() == {"strategy_discussion": 21, "section_47": 21}


def test_silence_is_not_no_further_action():
    assert outcomes()["no_reply"].further is False
    assert outcomes()["no_further_action"].further is False
    assert outcomes()["not_yet_assigned"].further is None


def test_an_id_that_stands_twice_is_a_fault_of_ours(tmp_path, monkeypatch):
    twice = "- {id: a, title: A, work: false, source: s}\n" * 2
    (tmp_path / "event_types.yaml").write_text(twice, encoding="utf-8")
    monkeypatch.setattr(events, "_path", lambda name: tmp_path / name)
    event_types.cache_clear()
    try:
        with pytest.raises(InternalError, match="stand twice"):
            event_types()
    finally:
        event_types.cache_clear()
