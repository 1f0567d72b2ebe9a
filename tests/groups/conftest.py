"""People and what they are recorded with, written row by row."""

from __future__ import annotations

import pytest

from joinedup.groups import stage
from joinedup.groups.page import group_page
from joinedup.groups.reading import layout_of, records_of
from joinedup.store.contract import from_rows


class Region:
    """Each record is one mention in one event, with what it holds of the person."""

    def __init__(self):
        self.people, self.mentions, self.involvements, self.events = [], [], [], []
        self.identifiers, self.decisions, self.links = [], [], []

    def record(
        self, person, *, role="child", kind="intelligence", status=None, agency="police", day="2010-05-01", **holds
    ):
        import datetime

        number = len(self.mentions)
        mention, event = f"m{number:05d}", holds.pop("event", f"e{number:05d}")
        self.people.append({"mention_id": mention, "person_id": f"p_{person}", "agency": agency, "kind": "child"})
        self.mentions.append(
            {
                "mention_id": mention, "agency": agency, "role": role, "address_fold": holds.pop("home", None),
                "outcode": holds.pop("outcode", None), "postcode": holds.pop("postcode", None),
            }
        )  # fmt: skip
        self.involvements.append({"mention_id": mention, "event_id": event, "role": role, "status": status})
        place = holds.pop("place", None)
        if event not in {row["event_id"] for row in self.events}:
            start = datetime.datetime.fromisoformat(day)
            self.events.append({"event_id": event, "type": kind, "start": start, "place": place})
        for name, value in holds.items():
            self.identifiers.append(
                {
                    "mention_id": mention,
                    "kind": name,
                    "value": value,
                    "raw": value,
                    "valid": not value.startswith("bad"),
                }
            )
        return mention

    def link(self, one, other, probability, zone="linked"):
        left, right = sorted((one, other))
        self.links.append({"mention_l": left, "mention_r": right, "probability": probability, "zone": zone})

    def tables(self):
        return {name: getattr(self, name) for name in stage.READS}


@pytest.fixture
def region():
    return Region()


@pytest.fixture
def regions():
    return Region


@pytest.fixture
def group(run_stage):
    return lambda region: run_stage(stage, region.tables())


@pytest.fixture
def groups_of():
    def read(store):
        found = {}
        for row in store.read("group_members").to_pyarrow().to_pylist():
            found.setdefault(row["group_id"], {})[row["person_id"].removeprefix("p_")] = row["part"]
        return [found[name] for name in sorted(found)]

    return read


@pytest.fixture
def told(region, run_stage):
    """a and b share two things; c is attached; b is recorded as both."""
    for person in ("a", "b"):
        region.record(person, phone="1", vehicle="X & <Y>")
    region.record("b", role="suspect")
    region.record("c", role="suspect", phone="1")
    store = run_stage(stage, region.tables())
    store.write("responses", from_rows("responses", []))
    return group_page(records_of(store.read, "g_a")), layout_of(store.read, "g_a")
