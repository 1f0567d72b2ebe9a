"""audit: pathways, the steps of them that were late or not done, and each standard's bounds by agency."""

from __future__ import annotations

import ibis

from joinedup.audit.held import hold
from joinedup.audit.pathways import case_events, first_events, pathways_table
from joinedup.audit.told import breaches_of, reviews_of
from joinedup.registry.standards import standards
from joinedup.store.contract import StageRun, from_rows

NAME = "audit"
READS = ("people", "involvements", "events")
WRITES = ("pathways", "breaches", "reviews")


def run(stage: StageRun) -> None:
    """Follows every missing episode and referral of a child and holds the registered standards against them.

    A step counts as due when its clock ran out within the inquiry's period.
    """
    people, involvements, events = (stage.read(name) for name in READS)
    first = _held(first_events(people, involvements, events))
    cases = _held(case_events(first, events))
    stage.write("pathways", pathways_table(first, cases))
    breaches, reviews = [], []
    registered = list(standards().values())
    for done, standard in enumerate(registered):
        stage.progress(standard.title, done, len(registered))
        steps = _steps_by_child(standard.step.event, people, involvements, events)
        held = _held(hold(standard, first, cases, steps, stage.inquiry.period.end))
        breaches.append(breaches_of(standard, held))
        reviews.extend(reviews_of(standard, held))
    stage.write("breaches", ibis.union(*breaches))
    stage.write("reviews", from_rows("reviews", reviews))


def _steps_by_child(step: str, people: ibis.Table, involvements: ibis.Table, events: ibis.Table) -> ibis.Table:
    """Every step of a kind with the child it concerns, whichever agency holds it."""
    parts = involvements.filter(involvements.role == "child").select("mention_id", "event_id")
    pairs = (
        parts.join(people.select("mention_id", "person_id"), "mention_id").select("person_id", "event_id").distinct()
    )
    return pairs.join(events.filter(events.type == step), "event_id")


def _held(table: ibis.Table) -> ibis.Table:
    """The table worked out once and held, where several standards read it again."""
    return ibis.memtable(table.to_pyarrow())
