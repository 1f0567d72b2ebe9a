"""A run's tables written row by row, and the stage run on them."""

from __future__ import annotations

import datetime
import json

import pytest

from joinedup.find import stage


class Region:
    """Children and what was recorded of them; every record is its own mention."""

    def __init__(self):
        self.people, self.involvements, self.events = [], [], []

    def person(self, person, agency="police", kind="child"):
        mention = f"m{len(self.people):04d}"
        self.people.append({"mention_id": mention, "person_id": person, "agency": agency, "kind": kind})
        return mention

    def event(self, person, kind, start, end=None, *, role="child", **more):
        row = {"agency": "police", "form": "police_missing", "precision": "minute", "details": None, **more}
        mention = self.person(person, row["agency"])
        event, precision, details = f"e{len(self.events):04d}", row.pop("precision"), row.pop("details")
        row |= {"event_id": event, "type": kind, "details": json.dumps(details) if details is not None else None}
        row["case_ref"] = row.pop("case", None)
        for name, moment in (("start", start), ("end", end)):
            if moment:
                row |= {name: datetime.datetime.fromisoformat(moment), f"{name}_precision": precision}
        self.events.append(row)
        self.involvements.append({"mention_id": mention, "event_id": event, "role": role})
        return event

    def missing(self, person, start, end=None, **more):
        return self.event(person, "missing_episode", start, end, **more)

    def closed_referral(self, person, start, **more):
        given = {"agency": "council", "form": "cin_census", "outcome": "no_further_action", "precision": "day", **more}
        return self.event(person, "referral", start, **given)

    def tables(self):
        return {"people": self.people, "involvements": self.involvements, "events": self.events}


@pytest.fixture
def region():
    return Region()


@pytest.fixture
def regions():
    """Makes empty regions, for tests that need one after another."""
    return Region


@pytest.fixture
def find(run_stage):
    def run(region, **settings):
        settings.setdefault("rule_packs", ["missing", "history"])
        return run_stage(stage, region.tables(), **settings)

    return run


@pytest.fixture
def rows():
    def read(store, name, **where):
        found = store.read(name).to_pyarrow().to_pylist()
        return [row for row in found if all(row[column] == value for column, value in where.items())]

    return read
