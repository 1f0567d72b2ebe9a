"""A run held against the truth: reads both, gives every measure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pyarrow_compute

from joinedup.evaluate import measures
from joinedup.evaluate.concerns import Found, concerns
from joinedup.evaluate.fairness import by_group
from joinedup.evaluate.matching import Matched, match
from joinedup.evaluate.truth import Truth, read_truth, texts
from joinedup.stats.record_groups import ASKED, TOKEN_KINDS, groups, with_tokens
from joinedup.store.contract import Store
from joinedup.store.runs import Runs

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every measure of one run, by stage; the keys are those of `joinedup evaluate --json`."""

    linkage: dict[str, Any]
    estimate: dict[str, Any]
    concerns: dict[str, Any]
    groups: dict[str, Any]
    audit: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """The measures as plain data."""
        return asdict(self)


def evaluate(store: Store, truth_dir: Path) -> Evaluation:
    """The run in `store` held against the truth in `truth_dir`.

    Raises UnreadableError when a file of the truth is missing or lacks a column.
    """
    truth = read_truth(truth_dir)
    mentions = store.read("mentions").select("mention_id", "agency", "form", "role", "source_ref")
    people = store.read("people").select("mention_id", "person_id")
    matched = match(mentions.to_pyarrow(), people.to_pyarrow(), truth.mentions, truth.people)
    forms = sorted(set(texts(truth.pathway_failures, "form")))
    events = store.read("events")
    wanted = events.filter(events.form.isin(forms)) if forms else events.limit(0)
    by_id = {
        row["event_id"]: row
        for row in wanted.select("event_id", "agency", "form", "source_ref", "start").to_pyarrow().to_pylist()
    }

    def rows(name: str, *columns: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = store.read(name).select(*columns).to_pyarrow().to_pylist()
        return found

    return Evaluation(
        measures.linkage(matched) | {"fairness": _fairness(store, matched, truth)},
        measures.estimate(store.read("estimates").to_pyarrow().to_pylist(), truth),
        concerns(
            Found(
                rows("concerns", "person_id", "rule"),
                rows("unseen", "person_id"),
                frozenset(row["rule"] for row in rows("rule_coverage", "rule")),
            ),
            matched,
            truth,
        ),
        measures.groups(rows("group_members", "group_id", "person_id", "part"), matched, truth),
        measures.audit(
            rows("breaches", "pathway_id", "rule", "outcome"), rows("pathways", "pathway_id", "events"), by_id, truth
        ),
    )


def _fairness(store: Store, matched: Matched, truth: Truth) -> list[dict[str, Any]]:
    """Errors of linking children by name structure, completeness, source and outcome; names are divided here alone."""
    children = matched.rows.filter(pc.equal(matched.rows["role"], "child"))
    ids = children["mention_id"].combine_chunks()
    mentions, events, parts = (store.read(name) for name in ("mentions", "events", "involvements"))
    table = mentions.select(*ASKED).to_pyarrow()
    sent = store.read("identifiers")
    table = with_tokens(table, sent.filter(sent.kind.isin(TOKEN_KINDS)).select("mention_id", "kind").to_pyarrow())
    table = table.take(pc.index_in(ids, value_set=table["mention_id"].combine_chunks()))
    referrals = events.filter(events.type == "referral").select("event_id", "outcome")
    outcomes = parts.filter(parts.role == "child").select("mention_id", "event_id").inner_join(referrals, "event_id")
    divided = groups(table, outcomes.select("mention_id", "outcome").distinct().to_pyarrow())
    labels: dict[str, Any] = {}
    if "name_origin" in truth.people.column_names:
        place = pc.index_in(children["true"], value_set=truth.people["person_id"].combine_chunks())
        labels["name structure"] = np.array(truth.people["name_origin"].take(place).to_pylist(), dtype=object)
    for scope, chosen in divided.items():
        by, _, group = scope.partition(": ")
        labels.setdefault(by, np.full(len(ids), "", dtype=object))[chosen] = group
    found, true = (np.array(children[name].to_pylist(), dtype=str) for name in ("found", "true"))
    return by_group(found, true, labels)


def evaluate_run(inquiry_dir: Path, truth_dir: Path, run: str | None = None) -> Evaluation:
    """A finished run of an inquiry (the latest when None) held against the truth."""
    store = Runs(inquiry_dir).open(run)
    try:
        return evaluate(store, truth_dir)
    finally:
        store.close()


def true_children(inquiry_dir: Path, truth_dir: Path, run: str | None = None) -> dict[str, str]:
    """The true person of every mention of a run that the truth knows: what a reader who errs in nothing would go by."""
    truth, store = read_truth(truth_dir), Runs(inquiry_dir).open(run)
    try:
        mentions = store.read("mentions").select("mention_id", "agency", "form", "role", "source_ref").to_pyarrow()
        people = store.read("people").select("mention_id", "person_id").to_pyarrow()
    finally:
        store.close()
    rows = match(mentions, people, truth.mentions, truth.people).rows
    return {str(row["mention_id"]): str(row["true"]) for row in rows.select(["mention_id", "true"]).to_pylist()}
