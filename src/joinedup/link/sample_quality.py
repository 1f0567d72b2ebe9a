"""How good the links are, by the review sample: precision and recall by kinds of agency, and the corrected count of children."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from joinedup.stats.agreement import cohen_kappa
from joinedup.stats.record_sample import PairQuality, Rate, Reviewed, corrected_children, pair_quality
from joinedup.stats.reviewed_records import REPLICATES

EVERYTHING = "all"
LEVEL = 0.95
Fact = tuple[str, str, float, str]


def by_kinds(sample: Reviewed, kinds: Any) -> dict[str, PairQuality]:
    """Precision and recall of the pairs of two kinds of agency, and of all; `kinds` is an array with the kind of each record."""
    encoded = kinds.dictionary_encode()
    known = [str(name) for name in encoded.dictionary.to_pylist()]
    found = pair_quality(sample, np.asarray(encoded.indices, dtype=np.int64), LEVEL)
    named = {
        EVERYTHING if left < 0 else " x ".join(sorted((known[left], known[right]))): quality
        for (left, right), quality in found.items()
    }
    return dict(sorted(named.items(), key=lambda item: (item[0] != EVERYTHING, item[0])))


def facts(sample: Reviewed, kinds: Any, records: int) -> list[Fact]:
    """The rows of link_quality: measure, scope, value, in words. `records` are all records of children in the run."""
    outside = records - len(sample.linked)
    found: list[Fact] = [
        ("records_reviewed", EVERYTHING, float(len(sample.drawn)), f"{len(sample.drawn):,} records drawn at random were reviewed by two people."),
        ("records_outside_the_sample", EVERYTHING, float(outside), f"{outside:,} records came after the review sample was drawn, or hold tokens that nobody can read."),
        ("sample_records_in_all", EVERYTHING, float(records), f"{records:,} records are of children."),
    ]  # fmt: skip
    for pair, quality in by_kinds(sample, kinds).items():
        joined = _share(quality.precision), "of the pairs of records joined, the share that is one child"
        found += _facts("sample_precision", pair, *joined)
        found += _facts(
            "sample_recall", pair, _share(quality.recall), "of the pairs that are one child, the share joined"
        )
    children = corrected_children(sample, REPLICATES, 1)
    [limits] = children.limits(LEVEL)
    linked, corrected = float(children.linked[0]), float(children.counts[0])
    means = f"{linked:,.0f} different children as linked are {corrected:,.0f} by the review sample, {limits.lower:,.0f} to {limits.upper:,.0f}."
    values = {"": corrected, "_lower": limits.lower, "_upper": limits.upper}
    return found + [(f"children_corrected{end}", EVERYTHING, value, means) for end, value in values.items()]


def agreement(rows: Sequence[Mapping[str, Any]]) -> list[Fact]:
    """How far the first two readers agree, as rows of link_quality, from the rows of sample_agreement.

    Without kappa where both gave one answer throughout: there is then nothing that chance leaves open.
    """
    one, other = ([row[side] for row in rows for _ in range(row["pairs"])] for side in ("one", "other"))
    if not one:
        return []
    found = cohen_kappa(one, other, LEVEL)
    read = f"Two people read {found.cases:,} pairs of records, and gave the same answer to {found.agreed:,}."
    facts: list[Fact] = [
        ("sample_pairs_read_twice", EVERYTHING, float(found.cases), read),
        ("sample_pairs_agreed", EVERYTHING, float(found.agreed), read),
    ]
    if found.kappa is None or found.limits is None:
        return facts
    values = (found.kappa, found.limits.lower, found.limits.upper)
    means = (
        f"Beyond chance they agree by {values[0]:.2f} (Cohen's kappa), with limits {values[1]:.2f} to {values[2]:.2f}."
    )
    ends = zip(("", "_lower", "_upper"), values, strict=True)
    return facts + [(f"sample_kappa{end}", EVERYTHING, value, means) for end, value in ends]


def _share(rate: Rate) -> tuple[float, float, float] | None:
    if rate.share is None or rate.limits is None:
        return None
    return rate.share, rate.limits.lower, rate.limits.upper


def _facts(measure: str, pair: str, values: tuple[float, float, float] | None, what: str) -> list[Fact]:
    if values is None:
        return []
    share, lower, upper = values
    means = f"By the review sample, {what} ({pair}): {share:.1%}, with limits {lower:.1%} to {upper:.1%}."
    ends = zip(("", "_lower", "_upper"), values, strict=True)
    return [(f"{measure}{end}", pair, value, means) for end, value in ends]
