from __future__ import annotations

from typing import get_args

from joinedup.collect.values.text import fold_place
from joinedup.registry.events import event_types
from joinedup.registry.hubs import EntityKind, hubs


def test_every_kind_of_thing_has_a_cap_and_a_reason():
    assert set(hubs().caps) == set(get_args(EntityKind))
    assert all(len(cap.reason.split()) > 4 for cap in hubs().caps.values())
    assert {cap.cap for cap in hubs().caps.values()} == {25}


def test_places_by_nature_are_written_as_places_are_compared():
    for place in hubs().places_by_nature:
        assert fold_place(f"Northmoor {place.words}") == f"northmoor {place.words}"
        assert place.reason


def test_events_are_registered_ones():
    assert {*hubs().takes_part, *hubs().places_of, *hubs().records_of} <= set(event_types())
    assert not {"school_roll", "care_episode"} & {*hubs().takes_part, *hubs().places_of}
