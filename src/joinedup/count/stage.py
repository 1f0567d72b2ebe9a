"""Stage count: writes who is on whose list with which status, and the numbers of distinct people that follow."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa

from joinedup.count.corrected import (
    NO_SAMPLE,
    NOT_SUSPECTS,
    UNTOUCHED,
    Breakdown,
    corrected_breakdowns,
    corrected_by_status,
)
from joinedup.count.envelope import Linkage
from joinedup.count.left_open import Open
from joinedup.count.memberships import KINDS, STATUSES, Evidence, concerns, memberships
from joinedup.count.numbers import EVERYBODY, counts
from joinedup.count.threats import spoken_of, threats
from joinedup.registry.bands import age_bands
from joinedup.registry.threat_types import ThreatTypes, threat_types
from joinedup.stats.intervals import Interval
from joinedup.stats.reviewed_records import reviewed
from joinedup.store.contract import StageRun, from_rows

NAME = "count"
READS = (
    "people", "mentions", "identifiers", "involvements", "events", "links", "descriptions", "sample_frame", "sample_answers",
)  # fmt: skip
WRITES = ("memberships", "threats", "counts", "listed")

_BY_TOKENS = "token_"
_RECOGNISED_BY = ("mention_id", "forename_fold", "surname_fold", "dob", "dob_precision", "nhs_no", "upn")


def run(stage: StageRun) -> None:
    """Reads the linked people and their involvements; writes memberships, threats, counts and listed."""
    evidence = Evidence(stage.read("people"), stage.read("mentions"), stage.read("involvements"), stage.read("events"))
    listed = memberships(evidence, age_bands()).to_pyarrow()
    stage.write("memberships", listed)
    said = threats(evidence, stage.read("descriptions"), ibis.memtable(listed), threat_types()).to_pyarrow()
    stage.write("threats", said)
    on_lists = _on_lists(evidence)
    stage.write("listed", on_lists)
    rows = counts(listed, said, _sent(evidence), *_open(stage, evidence, threat_types()).bounds(age_bands()))
    stage.write("counts", from_rows("counts", _with_corrected(stage, rows, on_lists, evidence)))


def _on_lists(evidence: Evidence) -> pa.Table:
    found = concerns(evidence)
    children = found.filter(found.kind == "child").select("mention_id", "list", "list_kind", "status").distinct()
    named = children.mutate(known_or_suspected=children.status.isin(["known", "suspected"]))
    table: pa.Table = named.order_by("mention_id", "status").to_pyarrow()
    return table


def _sent(evidence: Evidence) -> pa.Table:
    """The returns that give each person a status, by role."""
    found = concerns(evidence).select("mention_id", "person_id", "kind")
    named = found.inner_join(evidence.mentions.select("mention_id", "return_id"), "mention_id")
    table: pa.Table = named.select("person_id", "kind", "return_id").distinct().to_pyarrow()
    return table


def _with_corrected(
    stage: StageRun, rows: list[dict[str, object]], on_lists: pa.Table, evidence: Evidence
) -> list[dict[str, object]]:
    """The rows of counts, those of children with the count as the review sample corrects it; of others, why there is none."""
    tables = (stage.read(name).to_pyarrow() for name in ("people", "sample_frame", "sample_answers"))
    sample = reviewed(*tables)

    def counted(people: pa.Table) -> tuple[pa.Table, pa.Table]:
        others = Evidence(ibis.memtable(people), evidence.mentions, evidence.involvements, evidence.events)
        listed = memberships(others, age_bands()).to_pyarrow()
        return listed, threats(others, stage.read("descriptions"), ibis.memtable(listed), threat_types()).to_pyarrow()

    by_status = corrected_by_status(sample, on_lists, STATUSES["child"], stage.seed)
    by_breakdown = corrected_breakdowns(sample, counted, stage.seed)
    return [row | _corrected(row, by_status, by_breakdown) for row in rows]


def _corrected(
    row: dict[str, object],
    by_status: dict[str, tuple[float, Interval]],
    by_breakdown: dict[Breakdown, tuple[float, Interval | None]],
) -> dict[str, object]:
    """The corrected count of one row with its limits, or why there is none."""
    status, dimension, count = str(row["status"]), str(row["dimension"]), float(str(row["count"]))
    if row["population"] != KINDS["child"]:
        return {"corrected_note": NOT_SUSPECTS}
    if not by_status:
        return {"corrected_note": NO_SAMPLE}
    if dimension == EVERYBODY:
        value, limits = by_status[status]
        return {"corrected": value, "corrected_lower": limits.lower, "corrected_upper": limits.upper}
    added, spread = by_breakdown.get((status, dimension, str(row["value"])), (0.0, None))
    found: dict[str, object] = {"corrected": max(count + added, 0.0)}
    if spread is None:
        return found | {"corrected_note": UNTOUCHED}
    # Children of whom every record came after the sample was drawn stay as linked.
    ends = (max(count + end, 0.0) for end in (spread.lower, spread.upper))
    return found | dict(zip(("corrected_lower", "corrected_upper"), ends, strict=True))


def _open(stage: StageRun, evidence: Evidence, kinds: ThreatTypes) -> Open:
    """The links that can leave a count open, and who could be recognised elsewhere."""
    links = stage.read("links")
    act_at = stage.inquiry.link.act_at
    wanted = links.filter((links.zone == "review") | (links.probability >= act_at))
    linkage = Linkage.of(
        evidence.people.select("mention_id", "person_id").to_pyarrow(),
        wanted.select("mention_l", "mention_r", "probability", "zone").to_pyarrow(),
    )
    recognisable = linkage.recognisable(evidence.mentions.select(*_RECOGNISED_BY).to_pyarrow())
    recognisable[linkage.numbers(_recognised_by_tokens(stage, len(recognisable)))] = True
    spoken = spoken_of(evidence, stage.read("descriptions"), kinds).select("mention_id", "role", "threat").distinct()
    return Open(evidence, spoken.to_pyarrow(), linkage, recognisable, act_at)


def _recognised_by_tokens(stage: StageRun, mentions: int) -> pa.ChunkedArray[Any]:
    """The mentions whose linkage tokens are enough to be recognised by: as in the clear, where linking could compare them.

    Without the key, tokens meet only tokens: whoever holds them may be anybody in the clear, so they count as too thin, unless
    nobody is in the clear.
    """
    held = stage.read("identifiers")
    rows = held.filter(held.kind.startswith(_BY_TOKENS)).select("mention_id", "kind").distinct().to_pyarrow()
    has: dict[str, set[str]] = {}
    for mention, kind in zip(rows["mention_id"].to_pylist(), rows["kind"].to_pylist(), strict=True):
        has.setdefault(str(kind).removeprefix(_BY_TOKENS), set()).add(str(mention))

    def with_token(name: str) -> set[str]:
        return has.get(name, set())

    compared = stage.inquiry.link.token_key_file is not None or len(with_token("key")) == mentions
    named = with_token("forename") & (with_token("surname") | with_token("born"))
    enough = sorted(named | with_token("nhs_no") | with_token("upn")) if compared else []
    return pa.chunked_array([pa.array(enough, pa.string())])
