"""Pathways written row by row, and the stage run on them."""

from __future__ import annotations

import datetime
import json

import ibis
import pytest

from joinedup.audit import stage
from joinedup.audit.held import hold
from joinedup.audit.pathways import pathways_table
from joinedup.audit.records import Told, gather
from joinedup.audit.told import breaches_of, reviews_of
from joinedup.registry.standards import standards
from joinedup.store.contract import from_rows


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
        return {"people": self.people, "involvements": self.involvements, "events": self.events, "mentions": []}

    def records(self, **nations):
        told = Told(*(ibis.memtable(from_rows(name, self.tables()[name])) for name in stage.READS))
        return gather(told, datetime.date(2011, 6, 29), nations=nations)


@pytest.fixture(scope="session")
def new_region():
    return Region


@pytest.fixture
def region(new_region):
    return new_region()


@pytest.fixture
def rows():
    def read(store, name, **where):
        found = store.read(name).to_pyarrow().to_pylist()
        return [row for row in found if all(row[column] == value for column, value in where.items())]

    return read


@pytest.fixture
def review():
    """(due, met, breached, not_recorded) of a standard over all agencies, the standard alone held against the records."""

    def counted(region, rule, **nations):
        row = reviews_of(rule, "", hold(standards()[rule], region.records(**nations)))[0]
        return row["due"], row["met"], row["breached"], row["not_recorded"]

    return counted


@pytest.fixture
def breaches():
    """The breaches of a standard, in order."""

    def found(region, rule):
        standard = standards()[rule]
        return breaches_of(standard, hold(standard, region.records())).order_by("pathway_id").to_pyarrow().to_pylist()

    return found


@pytest.fixture
def pathways():
    """The rows of the table pathways."""

    def found(region):
        records = region.records()
        return pathways_table(records.first, records.cases, records.endings).to_pyarrow().to_pylist()

    return found
