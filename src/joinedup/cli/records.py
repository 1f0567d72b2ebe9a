"""The audit's records of a finished run, for the verbs that look at leads again."""

from __future__ import annotations

import datetime
from pathlib import Path

from joinedup.audit.records import Records, Told, gather
from joinedup.store.contract import Store
from joinedup.store.runs import Runs


def records_of(directory: Path, run: str | None, store: Store) -> Records:
    """What the audit stage read, as it read it."""
    settings = Runs(directory).manifest(run)["settings"]
    told = Told(*(store.read(name) for name in ("people", "involvements", "events", "mentions")))
    last = datetime.date.fromisoformat(settings["period"]["to"])
    return gather(told, last, {agency["id"]: agency["name"] for agency in settings["agency"]})
