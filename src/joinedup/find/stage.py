"""find: concerns by rule, how far each rule could be evaluated, and the children nobody is looking at."""

from __future__ import annotations

import ibis

from joinedup.find.concerns import concerns_of, coverage_of, fire
from joinedup.find.looking import looked_at
from joinedup.find.records import Records, child_events, children
from joinedup.find.unseen import unseen_of
from joinedup.registry.events import work_types
from joinedup.registry.local_rules import local_packs
from joinedup.registry.rules import Pack, chosen_packs
from joinedup.store.contract import StageRun, empty

NAME = "find"
READS = ("people", "involvements", "events")
WRITES = ("concerns", "rule_coverage", "unseen")


def run(stage: StageRun) -> None:
    """Fires the inquiry's rule packs on the joined records; work is held open or closed as at the period's last day."""
    packs = chosen_packs(stage.inquiry.rule_packs, local_packs(stage.inquiry_dir))
    period = stage.inquiry.period
    work = work_types()
    rules = [(pack, rule) for pack in packs for rule in pack.rules]
    if not rules:
        for name in WRITES:
            stage.write(name, empty(name))
        return
    people = stage.read("people")
    records = _records(stage, people, sorted({*work, *_wanted(packs)}))
    concerns, coverage, evidence = [], [], []
    for done, (pack, rule) in enumerate(rules):
        stage.progress(rule.title, done, len(rules))
        fired = fire(rule, records, period)
        concerns.append(_held(concerns_of(rule, pack, fired)))
        coverage.append(_held(coverage_of(rule, pack, fired, records.children)))
        evidence.append(_held(fired.evidence.select("person_id", "agency")))
    stage.write("concerns", ibis.union(*concerns))
    stage.write("rule_coverage", ibis.union(*coverage))
    open_work = looked_at(records.events, work, period.end)
    stage.write("unseen", unseen_of(ibis.union(*concerns), ibis.union(*evidence), open_work, people))


def _wanted(packs: tuple[Pack, ...]) -> set[str]:
    """The event types that the packs' rules read."""
    return {name for pack in packs for rule in pack.rules for name in rule.test.event_types}


def _records(stage: StageRun, people: ibis.Table, types: list[str]) -> Records:
    events = stage.read("events")
    wanted = child_events(people, stage.read("involvements"), events.filter(events.type.isin(types)))
    return Records(_held(children(people)), _held(wanted))


def _held(table: ibis.Table) -> ibis.Table:
    """The table worked out once and held, where every rule reads it again."""
    return ibis.memtable(table.to_pyarrow())
