"""Stage count: writes who is on whose list with which status, and the numbers of distinct people that follow."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.count.envelope import Envelope, Linkage, envelopes
from joinedup.count.memberships import STATUSES, Evidence, concerns, memberships
from joinedup.count.numbers import counts
from joinedup.count.threats import threats
from joinedup.registry.bands import age_bands
from joinedup.registry.threat_types import threat_types
from joinedup.store.contract import StageRun, from_rows

NAME = "count"
READS = ("people", "mentions", "involvements", "events", "links", "descriptions")
WRITES = ("memberships", "threats", "counts")

_RECOGNISED_BY = ("mention_id", "forename_fold", "surname_fold", "dob", "dob_precision", "nhs_no", "upn")


def run(stage: StageRun) -> None:
    """Reads the linked people and their involvements; writes memberships, threats and counts."""
    evidence = Evidence(stage.read("people"), stage.read("mentions"), stage.read("involvements"), stage.read("events"))
    listed = memberships(evidence, age_bands()).to_pyarrow()
    stage.write("memberships", listed)
    said = threats(evidence, stage.read("descriptions"), ibis.memtable(listed), threat_types()).to_pyarrow()
    stage.write("threats", said)
    stage.write("counts", from_rows("counts", counts(listed, said, _envelopes(stage, evidence))))


def _envelopes(stage: StageRun, evidence: Evidence) -> dict[tuple[str, str], Envelope]:
    links = stage.read("links")
    act_at = stage.inquiry.link.act_at
    wanted = links.filter((links.zone == "review") | (links.probability >= act_at))
    linkage = Linkage.of(
        evidence.people.select("mention_id", "person_id").to_pyarrow(),
        wanted.select("mention_l", "mention_r", "probability", "zone").to_pyarrow(),
    )
    recognisable = linkage.recognisable(evidence.mentions.select(*_RECOGNISED_BY).to_pyarrow())
    found: pa.Table = concerns(evidence).select("mention_id", "kind", "rank").distinct().to_pyarrow()
    result = {}
    for kind, statuses in STATUSES.items():
        of_kind = found.filter(pc.field("kind") == kind)
        for status, envelope in zip(
            statuses, envelopes(linkage, of_kind, recognisable, act_at, len(statuses)), strict=True
        ):
            result[kind, status] = envelope
    return result
