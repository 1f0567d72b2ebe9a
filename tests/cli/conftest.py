"""A finished run of hand-written records, for the verbs that read one."""

from __future__ import annotations

import datetime
import json

import pytest

from joinedup.audit import stage as audit
from joinedup.domain.tables import SHAPES
from joinedup.find import stage as find
from joinedup.settings import Inquiry, parse_inquiry
from joinedup.store.contract import StageRun, from_rows
from joinedup.store.runs import Runs

TOML = 'name="N"\nquestion="Q"\nperiod={from=2008-01-01,to=2011-06-29}\n'


class Records:
    """Children's records, each a mention of its own, with the tables of a run they make."""

    def __init__(self):
        self.tables = {name: [] for name in SHAPES}

    def event(self, person, kind, start, end=None, *, agency="police", role="child", **more):
        number = len(self.tables["events"])
        mention, event = f"m{number}", f"e{number}"
        facts = {name: more.pop(name) for name in ("forename", "sex") if name in more}
        details, precision = more.pop("details", None), more.pop("precision", "day")
        kind_of_person = "adult" if role == "suspect" else "child"
        self.tables["mentions"].append({"mention_id": mention, "agency": agency, "role": role, **facts})
        self.tables["people"].append(
            {"mention_id": mention, "person_id": person, "agency": agency, "kind": kind_of_person}
        )
        part = {"mention_id": mention, "event_id": event, "role": role, "status": more.pop("status", None)}
        self.tables["involvements"].append(part)
        row = {"event_id": event, "type": kind, "agency": agency, "form": f"{agency}_form", **more}
        row["details"] = json.dumps(details) if details else None
        for name, moment in (("start", start), ("end", end)):
            if moment:
                row |= {name: datetime.datetime.fromisoformat(moment), f"{name}_precision": precision}
        self.tables["events"].append(row)
        return event

    def missing(self, person, day, **more):
        return self.event(person, "missing_episode", day, day, details={"rhi_offered": "no"}, **more)

    def write(self, folder, stages=(find, audit)):
        """Makes `folder` an inquiry with one finished run; the stages have run on the records."""
        (folder / "inquiry.toml").write_text(TOML)
        runs, inquiry = Runs(folder), parse_inquiry(TOML)
        with runs.making() as making:
            for name, rows in self.tables.items():
                making.store.write(name, from_rows(name, rows))
            for stage in stages:
                stage.run(
                    StageRun(stage.NAME, stage.READS, stage.WRITES, making.store, inquiry, folder, making.directory, 1)
                )
            runs.finish(making, "0" * 64, {"settings": inquiry.model_dump(mode="json", by_alias=True)})
        return folder


@pytest.fixture(scope="session")
def new_records():
    """Makes records anew, for a run that the tests of a module only read."""
    return Records


@pytest.fixture
def records(new_records):
    return new_records()


@pytest.fixture
def tied_inquiry(tmp_path):
    """A finished run in which a, b and c are tied in a chain and d is tied to nobody."""
    from joinedup.groups import stage

    things = [
        ("a", {"phone": "1", "vehicle": "X"}), ("b", {"phone": "1", "vehicle": "X", "account": "q", "nickname": "z"}),
        ("c", {"account": "q"}), ("d", {}),
    ]  # fmt: skip
    tables = {name: [] for name in stage.READS}
    for number, (person, holds) in enumerate(things):
        mention, event = f"m{number}", f"e{number}"
        tables["people"].append({"mention_id": mention, "person_id": person, "agency": "police", "kind": "child"})
        tables["mentions"].append({"mention_id": mention, "agency": "police", "role": "child"})
        tables["involvements"].append({"mention_id": mention, "event_id": event, "role": "child"})
        tables["events"].append(
            {
                "event_id": event,
                "type": "intelligence",
                "agency": "police",
                "place": "mill lane" if person != "d" else None,
            }
        )
        tables["identifiers"] += [
            {"mention_id": mention, "kind": kind, "value": value, "valid": True} for kind, value in holds.items()
        ]
    runs = Runs(tmp_path)
    with runs.making() as making:
        for name, rows in tables.items():
            making.store.write(name, from_rows(name, rows))
        making.store.write("responses", from_rows("responses", []))
        settings = {"name": "N", "question": "Q", "period": {"from": "2008-01-01", "to": "2011-06-29"}}
        given = (making.store, Inquiry.model_validate(settings), tmp_path, making.directory, 1)
        stage.run(StageRun(stage.NAME, stage.READS, stage.WRITES, *given))
        runs.finish(making, "0" * 64, {})
    return tmp_path
