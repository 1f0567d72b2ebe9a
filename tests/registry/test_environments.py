from __future__ import annotations

import pytest

from joinedup.registry.code_sets import code_sets
from joinedup.registry.environments import EnvironmentEvidence, environments
from joinedup.registry.forms import forms


def test_every_environment_is_said_by_codes_and_events_that_a_form_has():
    events = {event.type for form in forms().values() for sheet in form.sheets for event in sheet.events}
    for each in environments():
        assert each.title
        assert each.source
        for evidence in each.evidence:
            assert set(evidence.events) <= events
            assert set(evidence.codes) <= set(code_sets()[evidence.scheme].codes if evidence.scheme else ())
            assert evidence.scheme or evidence.place or evidence.events == ("online_report",)


def test_codes_without_a_scheme_are_refused():
    with pytest.raises(ValueError, match="scheme"):
        EnvironmentEvidence(events=("referral",), codes=("online_contact",))
