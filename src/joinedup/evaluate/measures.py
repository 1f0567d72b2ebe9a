"""The measures: linking, estimate, concerns, groups and audit, each as the keys of `joinedup evaluate --json`."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pyarrow_compute

from joinedup.evaluate.matching import Matched
from joinedup.evaluate.partitions import adjusted_mutual_information, bcubed, pairs_together, pairwise
from joinedup.evaluate.truth import Truth, texts
from joinedup.registry.breach_rules import breach_rules

pc: Any = pyarrow_compute  # its stubs refuse what it takes: chunked beside plain arrays

Row = Mapping[str, Any]
Measures = dict[str, Any]

LEAST_FALSE_GROUP = 6
"""A found group smaller than this may be a family; it is not counted as a false group."""


def linkage(matched: Matched) -> Measures:
    """Pairwise and B-cubed over children's mentions, and how far the count of children is off; suspects beside them."""
    children = matched.rows.filter(pc.equal(matched.rows["role"], "child"))
    suspects = matched.rows.filter(pc.equal(matched.rows["role"], "suspect"))
    measured = _linkage_of(children)
    found, true, home = (_array(children, name) for name in ("found", "true", "household"))
    together, right = pairs_together(found, found), pairs_together(found, true)
    in_one_home = pairs_together(found, home) - right
    return measured | {
        "child_count_bias": _count_bias(children),
        "mentions": children.num_rows,
        "false_pairs": together - right,
        "false_pairs_in_one_household": in_one_home,
        "mentions_not_in_truth": matched.not_in_truth,
        "true_mentions_not_in_run": matched.not_in_run,
        "suspects": _linkage_of(suspects) | {"count_bias": _count_bias(suspects), "mentions": suspects.num_rows},
    }


def _linkage_of(rows: pa.Table) -> Measures:
    found, true = _array(rows, "found"), _array(rows, "true")
    return {"pairwise": pairwise(found, true).as_dict(), "bcubed": bcubed(found, true).as_dict()}


def _count_bias(rows: pa.Table) -> float:
    """How far the number of people found among these mentions is off, as a share of the true number."""
    truly = len(pc.unique(rows["true"]))
    return (len(pc.unique(rows["found"])) - truly) / truly if truly else 0.0


def estimate(rows: Iterable[Row], truth: Truth) -> Measures:
    """The estimate the report leads with, beside the true number of exploited children; `covered` is empty when refused.

    Limits without an upper one hold every number from the lower upwards.
    """
    true = int(truth.population["exploited_children"])
    chosen = sorted((row for row in rows if row["chosen"]), key=lambda row: (row["scope"], row["method"]))
    leads = next((row for row in chosen if row["estimate"] is not None), chosen[0] if chosen else None)
    value, lower, upper = (leads[name] if leads else None for name in ("estimate", "lower", "upper"))
    return {
        "truth": true,
        "estimate": value,
        "lower": lower,
        "upper": upper,
        "covered": bool(lower <= true and (upper is None or true <= upper)) if lower is not None else None,
        "scope": leads["scope"] if leads else None,
        "method": leads["method"] if leads else None,
        "observed": leads["observed"] if leads else None,
        "refused": (leads["refused"] or None) if leads else "the run has no chosen estimate",
        "headline_refused": (leads.get("unreviewed") or None) if leads else None,
    }


def interval_coverage(estimates: Sequence[Row]) -> Measures:
    """Over repeated regions, how often the interval covered the truth, how often an estimate was refused, and its mean relative bias.

    `estimates` are what `estimate` gives for each.

    >>> one = {"truth": 10, "estimate": 11.0, "covered": True}
    >>> interval_coverage([one, one | {"covered": False}, {"truth": 10, "estimate": None, "covered": None}])
    {'regions': 3, 'refused': 1, 'coverage': 0.5, 'relative_bias': 0.1}
    """
    given = [row for row in estimates if row["covered"] is not None]
    biases = [(row["estimate"] - row["truth"]) / row["truth"] for row in given if row["truth"]]
    return {
        "regions": len(estimates),
        "refused": len(estimates) - len(given),
        "coverage": sum(row["covered"] for row in given) / len(given) if given else None,
        "relative_bias": round(sum(biases) / len(biases), 12) if biases else None,
    }


def groups(members: Iterable[Row], matched: Matched, truth: Truth) -> Measures:
    """The found groups against the planted ones, over planted people with at least one mention.

    A planted person in no found group stands alone. A planted group is found when some found group has at least half
    of their union in common with it (Jaccard); a found group of six or more without one planted person is false.
    """
    planted_in: dict[str, str] = {}
    planted: dict[str, set[str]] = defaultdict(set)
    memberships = zip(texts(truth.groups, "group_id"), texts(truth.groups, "person_id"), strict=True)
    for group, person in sorted(memberships):
        if person in matched.found_as:
            planted_in.setdefault(person, group)
            planted[group].add(person)
    found: dict[str, set[str]] = defaultdict(set)
    group_of: dict[str, str] = {}
    for row in sorted(members, key=lambda row: (row["part"] != "core", row["group_id"], row["person_id"])):
        found[row["group_id"]].add(matched.holder.get(row["person_id"], f"not in truth: {row['person_id']}"))
        group_of.setdefault(row["person_id"], row["group_id"])
    people = sorted(planted_in)
    truly = [planted_in[person] for person in people]
    as_found = [group_of.get(matched.found_as[person], f"alone: {person}") for person in people]
    hits = sum(
        any(2 * len(ours & theirs) >= len(ours | theirs) for ours in found.values()) for theirs in planted.values()
    )
    false = sum(len(ours) >= LEAST_FALSE_GROUP and not ours & planted_in.keys() for ours in found.values())
    score = bcubed(as_found, truly)
    return {
        "bcubed_f1": score.f1,
        "ami": adjusted_mutual_information(as_found, truly) if people else 1.0,
        "planted": len(set(texts(truth.groups, "group_id"))),
        "found": hits,
        "false": false,
        "planted_with_a_mention": len(planted),
        "groups_in_run": len(found),
        "bcubed_precision": score.precision,
        "bcubed_recall": score.recall,
    }


def audit(breaches: Sequence[Row], pathways: Iterable[Row], events: Mapping[str, Row], truth: Truth) -> Measures:
    """The breaches against the failures planted: of the visible ones, the share found; of those claimed, the share true.

    A breach is true when one of its pathway's events is of the failure's agency, form and reference and, where the truth
    gives a day (one reference can stand for several referrals), starts on that day. A breach that says the record cannot
    tell claims nothing. Standards of which no failure is planted are other nations' and left aside; a breach rule that
    claims something where nothing is planted claims falsely. `not_visible` counts the failures
    that the returned records do not show: they are neither found nor missed, and a breach that is one is true.
    """
    failures = [
        (row["rule"], row["agency"], row["form"], row["source_ref"], row.get("detail") or "", row["visible"] == "1")
        for row in truth.pathway_failures.to_pylist()
    ]
    by_key: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for place, (rule, agency, form, reference, _, _) in enumerate(failures):
        by_key[rule, agency, form, reference].append(place)
    events_of = {row["pathway_id"]: json.loads(row["events"]) for row in pathways}
    rules = {failure[0] for failure in failures}
    rules |= {breach["rule"] for breach in breaches if failures and breach["rule"] in breach_rules()}
    claimed: Counter[str] = Counter()
    true: Counter[str] = Counter()
    hit: set[int] = set()
    for breach in breaches:
        rule = breach["rule"]
        if rule not in rules or breach["outcome"] == "not_recorded":
            continue
        claimed[rule] += 1
        hits = _hits(
            rule, [events[key] for key in events_of.get(breach["pathway_id"], ()) if key in events], by_key, failures
        )
        true[rule] += bool(hits)
        hit |= hits
    visible = {place for place, failure in enumerate(failures) if failure[-1]}
    by_rule = {
        rule: {
            "recall": share(len(ours & hit), len(ours)),
            "precision": share(true[rule], claimed[rule]),
            "planted": len(ours),
            "claimed": claimed[rule],
            "not_visible": sum(failure[0] == rule for failure in failures) - len(ours),
        }
        for rule in sorted(rules)
        for ours in [{place for place in visible if failures[place][0] == rule}]
    }
    return {
        "recall": share(len(visible & hit), len(visible)),
        "precision": share(true.total(), claimed.total()),
        "by_rule": by_rule,
    }


def _hits(
    rule: str,
    events: Sequence[Row],
    by_key: Mapping[tuple[str, str, str, str], Sequence[int]],
    failures: Sequence[tuple[str, str, str, str, str, bool]],
) -> set[int]:
    """The failures that a breach of this rule with these events is."""
    hits = set()
    for event in events:
        for place in by_key.get((rule, event["agency"], event["form"], event["source_ref"]), ()):
            day = failures[place][4]
            if not day or any(str(other["start"] or "")[:10] == day for other in events):
                hits.add(place)
    return hits


def share(part: int, whole: int) -> float | None:
    """A share, or empty where there is nothing to have a share of."""
    return part / whole if whole else None


def _array(rows: pa.Table, name: str) -> Any:
    return np.asarray(rows[name].to_numpy(zero_copy_only=False)).astype(str)
