"""find: concerns by rule, how far each rule could be evaluated, who is looking, and the children nobody is looking at."""

from __future__ import annotations

import ibis
import pyarrow as pa

from joinedup.find.concerns import concerns_of, coverage_of, tried, untold_of
from joinedup.find.looking import open_on, work_of
from joinedup.find.missing_history import cells_of, history_of
from joinedup.find.records import held, records_of
from joinedup.find.unseen import unseen_of
from joinedup.registry.events import work_days, work_types
from joinedup.registry.local_rules import local_packs
from joinedup.registry.rules import Pack, chosen_packs
from joinedup.store.contract import StageRun, empty, from_rows

NAME = "find"
READS = (
    "people", "involvements", "events", "mentions", "identifiers", "hubs", "edges", "group_members",
)  # fmt: skip
WRITES = ("concerns", "rule_coverage", "unseen", "looking", "missing_history", "associations")


def run(stage: StageRun) -> None:
    """Fires the inquiry's rule packs on the joined records; work is held open or closed as at the period's last day."""
    packs = chosen_packs(stage.inquiry.rule_packs, local_packs(stage.inquiry_dir))
    period = stage.inquiry.period
    work = work_types()
    tables = {name: stage.read(name) for name in READS}
    records = records_of(tables, sorted({"missing_episode", *work, *_wanted(packs)}), period.end)
    looking = held(work_of(records.events, work, work_days()))
    stage.write("looking", looking)
    history = held(history_of(records))
    stage.write("missing_history", history)
    stage.write("associations", from_rows("associations", cells_of(history)))
    rules = [(pack, rule) for pack in packs for rule in pack.rules]
    if not rules:
        for name in ("concerns", "rule_coverage", "unseen"):
            stage.write(name, empty(name))
        return
    found = []
    for done, (pack, rule) in enumerate(rules):
        stage.progress(rule.title, done, len(rules))
        found.append(tried(rule, pack, records, period))
    concerns = held(concerns_of(found))
    stage.write("concerns", concerns)
    stage.write("rule_coverage", from_rows("rule_coverage", coverage_of(found, records.children)))
    evidence = ibis.memtable(pa.concat_tables([one.evidence for one in found]).select(["person_id", "agency"]))
    untold = ibis.memtable(untold_of(found))
    stage.write("unseen", unseen_of(concerns, evidence, open_on(looking, period.end), tables["people"], untold))


def _wanted(packs: tuple[Pack, ...]) -> set[str]:
    """The event types that the packs' rules read."""
    return {name for pack in packs for rule in pack.rules for name in rule.test.event_types}
