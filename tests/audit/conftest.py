"""Pathways written row by row, and the stage run on them."""

from __future__ import annotations

import datetime
import json

import pytest

from joinedup.audit import stage


class Region:
    """Events of children; every event is its own record."""

    def __init__(self):
        self.people, self.involvements, self.events = [], [], []

    def event(self, kind, start, end=None, *, person="p", **more):
        number = len(self.events)
        self.people.append({"mention_id": f"m{number}", "person_id": person, "agency": "x", "kind": "child"})
        self.involvements.append({"mention_id": f"m{number}", "event_id": f"e{number}", "role": "child"})
        row = {"agency": "police", "form": "police_missing", **more, "event_id": f"e{number}", "type": kind}
        for name, moment in (("start", start), ("end", end)):
            if moment is not None:
                row[name] = datetime.datetime.fromisoformat(moment)
                row[f"{name}_precision"] = row.get("precision") or ("minute" if len(moment) > 10 else "day")
        row.pop("precision", None)
        self.events.append(row)
        return row["event_id"]

    def missing(self, returned, interview=None, *, offered="yes", case="1", **more):
        """An episode that ended at `returned`, with its return interview where one was held."""
        details = json.dumps({"rhi_offered": offered}) if offered else json.dumps({"risk": "low"})
        first = self.event("missing_episode", "2010-01-01 00:00", returned, case_ref=case, details=details, **more)
        if interview is None:
            return [first]
        return [first, self.event("return_interview", interview, case_ref=case, **more)]

    def referral(self, start, authorised=None, *, assessed=True, case="1", **more):
        """A referral in the census, its assessment authorised or still open."""
        given = {"agency": "council", "form": "cin_census", "case_ref": case}
        first = self.event("referral", start, **{**given, **more})
        return [first, self.event("assessment", start, authorised, **given)] if assessed else [first]

    def tables(self):
        return {name: getattr(self, name) for name in stage.READS}


@pytest.fixture
def region():
    return Region()


@pytest.fixture
def audit(run_stage):
    return lambda region, **settings: run_stage(stage, region.tables(), **settings)


@pytest.fixture
def rows():
    def read(store, name, **where):
        found = store.read(name).to_pyarrow().to_pylist()
        return [row for row in found if all(row[column] == value for column, value in where.items())]

    return read


@pytest.fixture
def review(audit, rows):
    """(due, met, breached, not_recorded) of a standard over all agencies."""

    def counted(region, rule, agency="all", **settings):
        (row,) = rows(audit(region, **settings), "reviews", rule=rule, agency=agency)
        return row["due"], row["met"], row["breached"], row["not_recorded"]

    return counted
