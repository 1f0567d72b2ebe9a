"""The test `added_up`: what the records show of a published form, in its own weights and bands.

No such form has a published sensitivity or specificity, and most of its lines are nothing any record holds. So what is
added up is a least sum, said as such, beside the lines that no record can show; and only for children of whom a record
already says known, suspected or at risk.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

import ibis
import pyarrow as pa

from joinedup.find.fired import CONCERNS, EVIDENCE, Fired
from joinedup.find.records import Records, matching
from joinedup.registry.rule_tests import AddedUp, Section
from joinedup.settings import Period


def weight(section: Section, *, recent: bool, older: bool) -> int:
    """What one item of a section counts."""
    if recent and older:
        return section.both
    return section.recent if recent else section.older if older else 0


def total(test: AddedUp, ticks: Iterable[tuple[str, bool, bool]]) -> int:
    """The sum of a filled form: `ticks` are item, whether recent, whether older; raises KeyError for an item it lacks."""
    sections = {section.id: section for section in test.sections}
    place = {item.id: sections[item.section] for item in test.items}
    return sum(weight(place[item], recent=recent, older=older) for item, recent, older in ticks)


def when(section: Section, day: datetime.date | None, last: datetime.date) -> tuple[bool, bool]:
    """Whether what a record of that day shows is recent, and whether it is older, on the last day."""
    if section.recent_days is None:
        return True, False
    if day is None:
        return False, False
    ago = (last - day).days
    recent = ago <= section.recent_days
    return recent, not recent and section.older_days is not None and ago <= section.older_days


def added_up(records: Records, test: AddedUp, period: Period) -> Fired:
    """Children with a status on record whose records show enough of the form, as at the period's last day."""
    standing = records.standing
    concerned = standing.filter(standing.day.isnull() | (standing.day <= period.end)).select("person_id").distinct()
    shown = _shown(records, test, concerned, period)
    by_child: dict[str, list[Mapping[str, object]]] = {}
    for row in shown:
        by_child.setdefault(str(row["person_id"]), []).append(row)
    concerns: list[dict[str, object]] = []
    evidence: list[dict[str, object]] = []
    for child, rows in sorted(by_child.items()):
        marks = _marks(test, rows, period.end)
        ticks = [(item.id, *marks[item.id]) for item in test.items if any(marks.get(item.id, ()))]
        reached = total(test, ticks)
        if reached >= test.fires_from:
            used = {item for item, _, _ in ticks}
            mine = [row for row in rows if row["item"] in used]
            days = [row["day"] for row in mine if isinstance(row["day"], datetime.date)]
            texts = {item.id: item.text for item in test.items}
            concerns.append({
                "person_id": child, "count": reached, "first": min(days, default=None), "last": max(days, default=None),
                "gaps": len(test.items) - len(used), "band": test.band(reached),
                "items": "; ".join(texts[item] for item, _, _ in ticks),
            })  # fmt: skip
            evidence += [{name: row[name] for name in ("person_id", "event_id", "agency")} for row in mine]
    fired = {str(row["person_id"]) for row in concerns}
    quiet = set(concerned.to_pyarrow()["person_id"].to_pylist()) - fired
    # Most lines stand in no record: a child with a concern below the sum may be above it. One without is not asked about.
    return Fired(
        ibis.memtable(pa.Table.from_pylist(concerns, CONCERNS)),
        ibis.memtable(pa.Table.from_pylist(evidence, EVIDENCE)).distinct(),
        ibis.memtable(pa.table({"person_id": pa.array(sorted(quiet), pa.string())})),
    )


def _shown(records: Records, test: AddedUp, concerned: ibis.Table, period: Period) -> list[dict[str, object]]:
    """item, person_id, event_id, agency and day of every record that shows an item of a child with a concern."""
    events = records.events.semi_join(concerned, "person_id")
    events = events.filter(events.start.isnull() | (events.start.date() <= period.end))
    found: list[ibis.Table] = []
    for item in test.items:
        for each in item.shown_by:
            may_be, told = matching(events, each)
            shown = events.filter((may_be & told).fill_null(False))
            found.append(shown.select("person_id", "event_id", "agency", "day", item=ibis.literal(item.id)))
    rows: list[dict[str, object]] = ibis.union(*found).to_pyarrow().to_pylist() if found else []
    return rows


def _marks(test: AddedUp, rows: Iterable[Mapping[str, object]], last: datetime.date) -> dict[str, tuple[bool, bool]]:
    """Of each item that a record shows, whether it is recent and whether it is older."""
    sections = {section.id: section for section in test.sections}
    place = {item.id: sections[item.section] for item in test.items}
    marks: dict[str, tuple[bool, bool]] = {}
    for row in rows:
        item = str(row["item"])
        day = row["day"]
        recent, older = when(place[item], day if isinstance(day, datetime.date) else None, last)
        before = marks.get(item, (False, False))
        marks[item] = (before[0] or recent, before[1] or older)
    return marks
