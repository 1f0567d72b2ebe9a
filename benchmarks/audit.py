"""The audit on simulated regions, with linking done by the system; and what a million events cost.

    python -m benchmarks.audit --seeds 20 --children 2000      recall and precision by rule, pooled over seeds
    python -m benchmarks.audit --bulk 20 --children 4000       the two rules on months, which need larger regions and no linking
    python -m benchmarks.audit --events 1000000                seconds of CPU and peak memory of the stage

Only collect, link and audit are run. Figures go into docs/benchmarks.md between the marks `audit`, `audit-bulk` and
`audit-million`.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.measure import write_table
from joinedup.audit import stage as audit
from joinedup.audit.breaches import judge
from joinedup.audit.records import Told, gather, held
from joinedup.audit.told import breaches_of_rule
from joinedup.collect import stage as collect
from joinedup.evaluate import measures
from joinedup.evaluate.truth import Truth, read_truth, texts
from joinedup.link import stage as link
from joinedup.registry.breach_rules import InBulk, breach_rules
from joinedup.settings import load_inquiry
from joinedup.simulate import simulate
from joinedup.store.contract import StageRun, empty
from joinedup.store.duck import DuckStore

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs" / "benchmarks.md"
BULK = tuple(rule.id for rule in breach_rules().values() if isinstance(rule.test, InBulk))


def run(stage: Any, store: DuckStore, folder: Path) -> None:
    """One stage of an inquiry folder; what earlier runs would have left is there and empty."""
    inquiry = load_inquiry(folder)
    for name in stage.READS:
        if name not in store.tables():
            store.write(name, empty(name))
    stage.run(StageRun(stage.NAME, stage.READS, stage.WRITES, store, inquiry, folder, folder, inquiry.seed))


def region(folder: Path, children: int, seed: int) -> DuckStore:
    """A simulated region collected and linked."""
    simulate(folder, children=children, seed=seed)
    store = DuckStore(folder / "evidence.duckdb")
    for stage in (collect, link):
        run(stage, store, folder)
    return store


def measured(folder: Path, children: int, seed: int) -> dict[str, dict[str, float | None]]:
    """The audit's measures by rule on one region."""
    store = region(folder, children, seed)
    run(audit, store, folder)
    truth = read_truth(folder / "truth")
    by_id = _events(store, truth)
    breaches = store.read("breaches").select("pathway_id", "rule", "outcome").to_pyarrow().to_pylist()
    pathways = store.read("pathways").select("pathway_id", "events").to_pyarrow().to_pylist()
    store.close()
    found: dict[str, dict[str, float | None]] = measures.audit(breaches, pathways, by_id, truth)["by_rule"]
    return found


def _events(store: DuckStore, truth: Truth) -> dict[str, dict[str, Any]]:
    """The events of the forms that truth speaks of, by id."""
    forms = sorted(set(texts(truth.pathway_failures, "form")))
    events = store.read("events").filter(ibis._.form.isin(forms))
    rows = events.select("event_id", "agency", "form", "source_ref", "start").to_pyarrow().to_pylist()
    return {row["event_id"]: row for row in rows}


def pooled(results: list[dict[str, dict[str, Any]]]) -> list[str]:
    """A table of every rule over all seeds: planted and visible, found, claimed, true."""
    sums: dict[str, Counter[str]] = {}
    for result in results:
        for rule, row in result.items():
            mine = sums.setdefault(rule, Counter())
            mine["planted"] += row["planted"]
            mine["found"] += round((row["recall"] or 0) * row["planted"])
            mine["claimed"] += row["claimed"]
            mine["true"] += round((row["precision"] or 0) * row["claimed"])
            mine["not_visible"] += row["not_visible"]
    lines = [
        "| standard or rule | visible failures | recall | claimed | precision | not visible |",
        "|---|---|---|---|---|---|",
    ]
    for rule, row in sorted(sums.items()):
        recall = f"{row['found'] / row['planted']:.3f}" if row["planted"] else "-"
        precision = f"{row['true'] / row['claimed']:.3f}" if row["claimed"] else "-"
        lines.append(
            f"| {rule} | {row['planted']} | {recall} | {row['claimed']} | {precision} | {row['not_visible']} |"
        )
    return lines


def over_seeds(seeds: int, children: int, keep: Path) -> None:
    """Every seed's measures, each written to `keep` as it ends, so that a run cut short is not lost."""
    results = [json.loads(line) for line in keep.read_text().splitlines()] if keep.exists() else []
    for seed in range(len(results) + 1, seeds + 1):
        with tempfile.TemporaryDirectory() as folder:
            results.append(measured(Path(folder) / "region", children, seed))
        with keep.open("a") as stream:
            stream.write(json.dumps(results[-1]) + "\n")
    words = f"{len(results)} regions of {children:,} children, seeds 1 to {len(results)}; linking done by the system."
    write_table(DOCS, "audit", [words, "", *pooled(results)])


def bulk(folder: Path, children: int, seed: int) -> dict[str, dict[str, float | None]]:
    """The measures of the rules on months, every mention taken for a person of its own: months are counted, whoever they are of."""
    simulate(folder, children=children, seed=seed)
    store = DuckStore(folder / "evidence.duckdb")
    run(collect, store, folder)
    mentions = store.read("mentions")
    people = mentions.select(
        "mention_id", "agency", person_id="mention_id", kind=ibis.ifelse(mentions.role == "child", "child", "adult")
    )
    told = Told(people, store.read("involvements"), store.read("events"), mentions)
    records = gather(told, load_inquiry(folder).period.end)
    breaches: list[dict[str, Any]] = []
    pathways: list[dict[str, Any]] = []
    for rule in BULK:
        judged, own = judge(breach_rules()[rule], records)
        breaches += breaches_of_rule(breach_rules()[rule], held(judged)).to_pyarrow().to_pylist()
        pathways += own.to_pyarrow().to_pylist() if own is not None else []
    truth = read_truth(folder / "truth")
    by_rule = measures.audit(breaches, pathways, _events(store, truth), truth)["by_rule"]
    store.close()
    return {rule: by_rule[rule] for rule in BULK if rule in by_rule}


def bulk_over_seeds(seeds: int, children: int) -> None:
    """The rules on months over the seeds."""
    results = []
    for seed in range(1, seeds + 1):
        with tempfile.TemporaryDirectory() as folder:
            results.append(bulk(Path(folder) / "region", children, seed))
        print(seed, results[-1], flush=True)
    words = f"{seeds} regions of {children:,} children, seeds 1 to {seeds}. Not visible: fewer than fifteen in the month that was planted."
    write_table(DOCS, "audit-bulk", [words, "", *pooled(results)])


def million(events: int, children: int) -> None:
    """The stage on copies of one region, so many that they hold that number of events."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "region"
        small = region(folder, children, 1)
        rows = small.read("events").count().to_pyarrow().as_py()
        copies = -(-events // rows)
        large = DuckStore(folder / "many.duckdb")
        for table in audit.READS:
            large.write(table, _copied(small.read(table).to_pyarrow(), copies))
        small.close()
        total = large.read("events").count().to_pyarrow().as_py()
        began, cpu = time.perf_counter(), time.process_time()
        run(audit, large, folder)
        spent, used = time.perf_counter() - began, time.process_time() - cpu
        broken = large.read("breaches").count().to_pyarrow().as_py()
        large.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    words = f"{total:,} events ({copies} copies of one region), {broken:,} breaches: {used:.0f} CPU seconds ({spent:.0f} s by the clock), peak {peak:,.0f} MB with all that was made before."
    write_table(DOCS, "audit-million", [words])


_IDS = ("mention_id", "event_id", "person_id", "case_ref", "source_ref")


def _copied(table: pa.Table, copies: int) -> pa.Table:
    """The table so many times, its ids told apart by the copy."""
    parts = []
    for number in range(copies):
        part = table
        for name in _IDS:
            if name in table.column_names:
                values = pc.binary_join_element_wise(table[name], f"c{number}", "/")
                part = part.set_column(part.column_names.index(name), name, values)
        parts.append(part)
    return pa.concat_tables(parts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=0)
    parser.add_argument("--bulk", type=int, default=0)
    parser.add_argument("--children", type=int, default=2000)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "joinedup-audit.jsonl")
    parser.add_argument("--events", type=int, default=0)
    asked = parser.parse_args()
    if asked.seeds:
        over_seeds(asked.seeds, asked.children, asked.keep)
    if asked.bulk:
        bulk_over_seeds(asked.bulk, asked.children)
    if asked.events:
        million(asked.events, asked.children)
