"""What is shown of a lead: its own case, and what else was recorded meanwhile."""

from __future__ import annotations

import datetime
import json

from joinedup.audit.following import followed


def event(name, kind, day, **more):
    moment = datetime.datetime.fromisoformat(day) if day else None
    row = {"agency": "police", "end": None, "outcome": None, "code": None, **more}
    return {**row, "event_id": name, "type": kind, "start": moment}


def lead(kind, day, *events, ended=None):
    moments = {"started": day, "ended": ended}
    moments = {name: datetime.datetime.fromisoformat(value) if value else None for name, value in moments.items()}
    return {"kind": kind, "events": json.dumps(events), **moments}


def test_an_interview_after_the_next_episode_is_no_step_of_one_before_it_that_had_none():
    events = [
        event("first", "missing_episode", "2009-11-30 20:00"),
        event("second", "missing_episode", "2010-01-09 15:57"),
        event("interview", "return_interview", "2010-01-20"),
    ]
    steps = followed(lead("missing_episode", "2009-12-01 19:36", "first"), events)
    assert steps["contact with the child"] == []
    steps = followed(lead("missing_episode", "2010-01-09 22:50", "second"), events)
    assert [step["event_id"] for step in steps["contact with the child"]] == ["interview"]


def test_another_agency_s_step_counts_until_the_lead_is_closed_and_while_it_is_open():
    events = [event("r", "referral", "2010-03-01"), event("met", "child_contact", "2010-03-10", agency="charity")]
    for ended, expected in (("2010-03-10", ["met"]), ("2010-03-09", []), (None, ["met"])):
        steps = followed(lead("referral", "2010-03-01", "r", ended=ended), events)
        assert [step["event_id"] for step in steps["contact with the child"]] == expected
