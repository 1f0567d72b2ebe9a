"""Closed leads looked at again by stated criteria: which are in scope, which are out and why, of which the records cannot tell."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from joinedup.audit.judged import closed_leads
from joinedup.audit.records import Records
from joinedup.registry.closed_criteria import Criteria
from joinedup.stats.review_funnel import Scope, scope_of

Row = Mapping[str, Any]
IN, OUT, UNTOLD = "in_scope", "out", "cannot_tell"
OFFENDER_DIED = "5"


@dataclass(frozen=True, slots=True)
class Looked:
    """One closed lead: its pathway, in_scope, out or cannot_tell, and the criterion that decided it or what is not recorded."""

    pathway_id: str
    agency: str
    state: str
    why: str


@dataclass(frozen=True)
class Review:
    """Every closed lead of the kinds asked for, and the funnel they make."""

    criteria: Criteria
    looked: tuple[Looked, ...]
    steps: tuple[tuple[str, int, int], ...] = field(default=())
    """Each criterion in words, how many it put out, and how many were left."""

    @property
    def scope(self) -> Scope:
        """In, examined (the records could decide) and in scope."""
        states = [one.state for one in self.looked]
        return scope_of(len(states), len(states) - states.count(UNTOLD), states.count(IN))


@dataclass(frozen=True, slots=True)
class Change:
    """A lead that stands otherwise than in an earlier review; empty where it was, or is, not among the leads at all."""

    pathway_id: str
    before: str
    now: str


def review_closed(criteria: Criteria, records: Records, reviewed: frozenset[str] = frozenset()) -> Review:
    """The closed leads held against the criteria, in the order in which they are stated; `reviewed` are pathways a person has
    looked at before.

    A lead is out by the first criterion it fails; where it fails none and the records lack what some criterion needs, they
    cannot tell.
    """
    rows = _rows(criteria, records)
    tests = _tests(criteria, reviewed)
    looked, out = [], dict.fromkeys((words for words, _ in tests), 0)
    for row in rows:
        state, why = IN, ""
        for words, test in tests:
            passed = test(row)
            if passed is False:
                state, why = OUT, words
                out[words] += 1
                break
            if passed is None and state == IN:
                state, why = UNTOLD, f"not recorded: {words}"
        looked.append(Looked(row["pathway_id"], row["agency"], state, why))
    steps, left = [], len(rows)
    for words, number in out.items():
        left -= number
        steps.append((words, number, left))
    return Review(criteria, tuple(looked), tuple(steps))


def changes(before: Mapping[str, str], now: Review) -> tuple[Change, ...]:
    """The leads whose state differs from that of an earlier review (pathway to state), by pathway."""
    states = {one.pathway_id: one.state for one in now.looked}
    every = sorted({*before, *states})
    found = (Change(name, before.get(name, ""), states.get(name, "")) for name in every)
    return tuple(one for one in found if one.before != one.now)


def _rows(criteria: Criteria, records: Records) -> list[Row]:
    """Every closed lead of the kinds: its ending, the number of different suspects, and the victim's date of birth."""
    closed = closed_leads(records, criteria.kinds)
    suspects = closed.select("pathway_id", "event_id").join(records.named, "event_id")
    counted = suspects.group_by("pathway_id").aggregate(suspects=suspects.suspect.nunique())
    joined = closed.left_join(counted, "pathway_id").drop("pathway_id_right")
    joined = joined.left_join(records.births, "person_id").drop("person_id_right")
    kept = joined.select("pathway_id", "agency", "type", "closed_day", "ended_code", "ended", "suspects", "born")
    rows: list[Row] = kept.order_by("pathway_id").to_pyarrow().to_pylist()
    return rows


Test = Callable[[Row], bool | None]


def _tests(criteria: Criteria, reviewed: frozenset[str]) -> Sequence[tuple[str, Test]]:
    """Each stated criterion in words, and what it says of a lead: passed, failed, or (None) not recorded."""
    first, last = criteria.closed_from, criteria.closed_to
    tests: list[tuple[str, Test]] = [
        (f"closed from {first} to {last}", lambda row: None if row["closed_day"] is None else first <= row["closed_day"] <= last)
    ]  # fmt: skip
    if criteria.agencies:
        tests.append((f"held by {', '.join(criteria.agencies)}", lambda row: row["agency"] in criteria.agencies))
    if criteria.outcomes:
        words = f"outcome {' or '.join(criteria.outcomes)}"
        tests.append((words, lambda row: None if row["ended"] is None else row["ended"] in criteria.outcomes))
    if criteria.outcome_types:
        words = f"outcome type {' or '.join(criteria.outcome_types)}"
        tests.append(
            (words, lambda row: None if row["ended_code"] is None else row["ended_code"] in criteria.outcome_types)
        )
    if (least := criteria.least_suspects) is not None:
        tests.append((f"suspects: {least} or more", lambda row: (row["suspects"] or 0) >= least))
    if criteria.suspects_alive:
        tests.append(("suspects believed alive", lambda row: row["ended_code"] != OFFENDER_DIED))
    if (age := criteria.victim_under) is not None:
        tests.append((f"victim under {age} when closed", lambda row: _under(row, age)))
    if criteria.not_reviewed_before:
        tests.append(("not reviewed before", lambda row: row["pathway_id"] not in reviewed))
    return tests


def _under(row: Row, years: int) -> bool | None:
    born: datetime.date | None = row["born"]
    closed: datetime.date | None = row["closed_day"]
    if born is None or closed is None:
        return None
    had = closed.year - born.year - ((closed.month, closed.day) < (born.month, born.day))
    return had < years
